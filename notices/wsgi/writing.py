"""From a decision to the edits of one page: fragments made at the moment of insertion, in the page's own language."""

from __future__ import annotations

import re
from collections import deque
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from notices.fragment import Unstyled, render_fragment, render_warning
from notices.http.outcome import Outcome, Step
from notices.inject import Edits, Feature, Injector, Insertion, Missed
from notices.language import is_language_tag

if TYPE_CHECKING:
    from notices.decision import Decision
    from notices.fragment import Style
    from notices.inject import Seen
    from notices.notice import Notice

    from .failures import Failures

#: Where the ``<html>`` tag of an AMP page must stand: nothing but a doctype and comments may come before it.
_START = 4096
_AMP = re.compile(
    rb"""<html(?=[\s/])(?:[^>"']|"[^"]*"|'[^']*')*?[\s/](?:amp|\xe2\x9a\xa1)(?:4email|4ads)?[\s/>=]""", re.IGNORECASE
)


class PageWriter:
    """Writes the fragments of one page; only the first carries the style, and none where the page is ``amp``.

    *fixed* says that the page's language was stated, so that ``<html lang>`` does not choose the texts.
    """

    def __init__(self, decision: Decision, style: Style, failures: Failures, *, fixed: bool) -> None:
        self._decision = decision
        self._style = style
        self._failures = failures
        self._fixed = fixed
        self._written = 0
        self._styled = False
        self.amp = False
        self.failed = False
        leading = {rule: next(group) for rule, group in groupby(decision.notices, lambda notice: notice.rule)}
        self._leading = sorted(leading.values(), key=lambda notice: not notice.first)
        self.rules = tuple(notice.rule for notice in self._leading)

    def edits(self) -> Edits:
        """All edits of the page."""
        insertions = tuple(
            Insertion(
                notice.at,
                partial(self._write, notice.rule),
                frozenset(place.name or place.position for place in notice.at),
            )
            for notice in self._leading
        )
        return Edits(insertions, {name: self._feature(name, act) for name, act in self._decision.features.items()})

    def _feature(self, name: str, action: str) -> Feature:
        return Feature("hide") if action == "hide" else Feature("warn", partial(self._warn, name))

    def _write(self, rule: str, seen: Seen) -> bytes:
        """All texts of *rule*, one after the other; ``b""`` on a page that is a piece of one."""
        if not seen.document:
            return b""
        written = (self._written, self._styled)
        for decision in self._attempts(seen):
            try:
                return b"".join(self._text(notice) for notice in decision.notices if notice.rule == rule)
            except Exception as error:  # noqa: BLE001  a page must not suffer
                self._failures.caught(Step.FRAGMENT, error)
                self._written, self._styled = written
        self.failed = True
        return b""

    def _attempts(self, seen: Seen) -> list[Decision]:
        """The decision in the language that the page shows of itself, then as it was made."""
        tag = seen.language
        if self._fixed or tag is None or not is_language_tag(tag):
            return [self._decision]
        try:
            return [self._decision.in_page_language(tag), self._decision]
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self._failures.caught(Step.FRAGMENT, error)
            return [self._decision]

    def _text(self, notice: Notice) -> bytes:
        self._written += 1
        style = Unstyled() if self._styled or self.amp else self._style
        self._styled = True
        return render_fragment(notice, variant=self._decision.variant, style=style, ordinal=self._written)

    def _warn(self, feature: str, seen: Seen) -> bytes:
        """The short text of the rule that warns of *feature*, in the page's language."""
        for decision in self._attempts(seen) if seen.document else ():
            try:
                return b"".join(render_warning(notice) for notice in decision.warning(feature))
            except Exception as error:  # noqa: BLE001  a page must not suffer
                self._failures.caught(Step.FRAGMENT, error)
        return b""


class PageEditor:
    """An injector that never raises: where it fails, what it held and all that follows is passed on as it came."""

    def __init__(self, injector: Injector, writer: PageWriter, failures: Failures) -> None:
        self._injector = injector
        self._writer = writer
        self._failures = failures
        self._broken = False
        self._start = b""
        self._recent: deque[bytes] = deque()
        self._kept = 0

    @property
    def failed(self) -> bool:
        """Whether a part of what should be shown could not be written."""
        return self._broken or self._writer.failed

    def feed(self, chunk: bytes) -> bytes:
        """What can be sent now."""
        if self._broken:
            return chunk
        self._look_for_amp(chunk)
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

    def _look_for_amp(self, chunk: bytes) -> None:
        """AMP pages may hold no style but their own one: they say so in their ``<html>`` tag, near their start."""
        if len(self._start) < _START:
            self._start += chunk[:_START]
            self._writer.amp = _AMP.search(self._start) is not None

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
