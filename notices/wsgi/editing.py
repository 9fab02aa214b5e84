"""The body of one page on its way through the scanner: whatever fails there, every byte of the app's goes out."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from notices.coding import Recoder
from notices.http.outcome import Outcome, Step
from notices.inject import Missed

if TYPE_CHECKING:
    from notices.coding import Editor
    from notices.inject import Injector

    from .failures import Failures
    from .writing import PageWriter


class PageEditor:
    """An injector that never raises: where it fails, what it held and all that follows is passed on as it came."""

    def __init__(self, injector: Injector, writer: PageWriter, failures: Failures) -> None:
        self._injector = injector
        self._writer = writer
        self._failures = failures
        self._broken = False
        self._recent: deque[bytes] = deque()
        self._kept = 0

    @property
    def failed(self) -> bool:
        """Whether a part of what should be shown could not be written."""
        return self._broken or self._writer.failed

    def edit(self, page: bytes) -> bytes:
        """What goes out for a *page* that is whole in hand."""
        try:
            return self._injector.edit(page)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self._failures.caught(Step.SCANNER, error)
            self._broken = True
            return page

    def feed(self, chunk: bytes) -> bytes:
        """What can be sent now."""
        if self._broken:
            return chunk
        self._recent.append(chunk)
        self._kept += len(chunk)
        try:
            piece = self._injector.feed(chunk)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            return self._give_up(error)
        self._forget(self._injector.held)
        return piece

    def finish(self) -> bytes:
        """What is left at the end."""
        if self._broken:
            return b""
        try:
            return self._injector.finish()
        except Exception as error:  # noqa: BLE001  a page must not suffer
            return self._give_up(error)

    def _forget(self, held: int) -> None:
        """Keep only what the injector has not given back yet."""
        while self._recent and self._kept - len(self._recent[0]) >= held:
            self._kept -= len(self._recent.popleft())
        if self._kept > held:
            self._recent[0] = self._recent[0][self._kept - held :]
            self._kept = held

    def _give_up(self, error: Exception) -> bytes:
        self._failures.caught(Step.SCANNER, error)
        self._broken = True
        return b"".join(self._recent)

    def outcome(self) -> tuple[Outcome, tuple[str, ...]]:
        """What became of the page, and the rules whose notices stand in it."""
        report = self._injector.report
        rules = tuple(dict.fromkeys(self._writer.rules[placed.insertion] for placed in report.placed))
        if self.failed:
            return Outcome.FAILED, rules
        if rules or any(report.features.values()):
            return Outcome.SHOWN, rules
        declined = report.missed in (None, Missed.DECLINED) and not report.document
        return (Outcome.FRAGMENT if declined else Outcome.NO_PLACE), ()


class Editing:
    """The edits of one response body, packed in *coding* or plain; it never raises."""

    def __init__(self, page: PageEditor, coding: str, failures: Failures) -> None:
        self._page = page
        self._recoder = Recoder(coding, page) if coding else None
        self._editor: Editor = self._recoder or page
        self._failures = failures
        self._broken = False

    @property
    def failed(self) -> bool:
        """Whether the body is not what its head says: a part that should be shown is missing."""
        return self._broken or self._page.failed or self._misnamed

    @property
    def _misnamed(self) -> bool:
        return self._recoder is not None and self._recoder.broken

    def feed(self, item: bytes) -> bytes:
        """What goes out for *item*; ``b""`` where it is held."""
        if self._broken:
            return item
        try:
            return self._editor.feed(item)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            return self._give_up(error, item)

    def finish(self) -> bytes:
        """What goes out after the last item."""
        if self._broken:
            return b""
        try:
            return self._editor.finish()
        except Exception as error:  # noqa: BLE001  a page must not suffer
            return self._give_up(error, b"")

    def whole(self, body: bytes) -> bytes:
        """What goes out for a *body* that is in hand from its first byte to its last."""
        if self._recoder is None:
            return self._page.edit(body)
        piece, tail = self.feed(body), self.finish()
        return piece + tail if tail else piece

    def _give_up(self, error: Exception, item: bytes) -> bytes:
        self._failures.caught(Step.CODING, error)
        self._broken = True
        return item

    def outcome(self) -> tuple[Outcome, tuple[str, ...]]:
        """What became of the page, and the rules whose notices stand in it."""
        if self._misnamed:
            self._failures.note(Step.CODING, "a page is not packed as its head says")
        try:
            outcome, rules = self._page.outcome()
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self._failures.caught(Step.COUNT, error)
            return Outcome.FAILED, ()
        return (Outcome.FAILED if self.failed else outcome), rules
