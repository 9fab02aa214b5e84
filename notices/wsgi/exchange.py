"""One request and its response between server and app: the head planned first, the body passed through (PEP 3333)."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from notices.http.heads import Headers, first, replaced
from notices.http.outcome import Outcome, Step

from .body import Body, Substitute, close_source
from .current import DECISION
from .statement import FACTS, LateFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from .current import Current
    from .failures import Failures
    from .planning import Plan, Planner

    ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
    Write = Callable[[bytes], object]
    StartResponse = Callable[..., Write]
    Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

#: The environ key by which a middleware within the app knows that the response is being seen to.
DONE = "notices.done"
#: No body is so long that its length takes more.
_MOST_DIGITS = 20


class Exchange:
    """The response to one request; ``feed``, ``end`` and ``settle`` are what its body asks for."""

    def __init__(
        self,
        environ: dict[str, Any],
        start_response: StartResponse,
        planner: Planner,
        current: Current,
        failures: Failures,
    ) -> None:
        self._environ = environ
        self._start_response = start_response
        self._planner = planner
        self._current = current
        self._failures = failures
        self._pending: tuple[str, Headers] | None = None
        self._length: int | None = None
        self._plan: Plan | None = None
        self._write: Write | None = None
        self._late: LateFacts | None = None
        self._sent = False
        self._ended = False
        self._settled = False

    def run(self, app: Application) -> Iterable[bytes]:
        """Ask *app*, and give the server what is to become of its answer."""
        if self._planner.sees_to_pages:
            self._environ[DONE] = True
        result: Iterable[bytes] = ()
        try:
            result = app(self._environ, self._take_head)
            return self._respond(result)
        except BaseException:
            # Whoever tries again, with this very environ, is to find us willing.
            self._environ.pop(DONE, None)
            self._current.let_go()
            close_source(result)
            raise

    def _take_head(self, status: str, headers: Headers, exc_info: ExcInfo | None = None) -> Write:
        """The app's ``start_response``: the head waits until the body begins, or the app has returned."""
        if exc_info is None and (self._pending is not None or self._sent):
            raise AssertionError("start_response was called a second time without exc_info")
        self._pending = (status, list(headers))
        self._plan = None
        if self._sent:
            # The server raises what exc_info holds where the first head has left already (PEP 3333).
            self._send_head(self._made_plan(), exc_info=exc_info)
        return self._take_write

    def _take_write(self, data: bytes) -> None:
        """The app's ``write``: the bytes go the way of all items."""
        piece = self.feed(data)
        if self._write is not None and not self.replaced:
            self._write(piece)

    def _respond(self, result: Iterable[bytes]) -> Iterable[bytes]:
        """The body for the server: the app's own object wherever nothing in it changes."""
        if self._pending is None and not self.replaced:
            return Body(self, result)
        plan = self._made_plan()
        if plan.body is not None:
            self._opened(plan)
            return Substitute(plan.body, result)
        if plan.editing is None:
            self._opened(plan)
            return result
        if isinstance(result, (list, tuple)) and len(result) == 1 and not hasattr(result, "close"):
            piece = self._edit_whole(plan, result[0])
            self.settle()
            return [piece]
        body = Body(self, result)
        if self._length is None:
            self._send_head(plan)
        else:
            body.fetch()
        return body

    def _opened(self, plan: Plan) -> None:
        """The head is all that we have to do with the response."""
        if self._pending is not None:
            self._send_head(plan)
        self._ended = True
        self.settle()

    @property
    def replaced(self) -> bool:
        """Whether the app's body is not wanted any more."""
        return self._plan is not None and self._plan.body is not None

    def feed(self, item: bytes) -> bytes:
        """What goes out for *item*; with the first one the head goes, if it has not gone."""
        if self._pending is not None:
            plan = self._made_plan()
            if plan.editing is not None and len(item) == self._length:
                return self._edit_whole(plan, item)
            self._send_head(plan)
            if plan.body is not None:
                self._ended = True
                self.settle()
                return plan.body
        editing = self._plan.editing if self._plan is not None else None
        return item if editing is None else editing.feed(item)

    def end(self) -> bytes:
        """What goes out after the last item."""
        tail = b""
        if self._pending is not None:
            plan = self._made_plan()
            self._send_head(plan)
            tail = plan.body or b""
        if self._plan is not None and self._plan.editing is not None:
            tail = self._plan.editing.finish()
        self._ended = True
        self.settle()
        return tail

    def settle(self) -> None:
        """The response is over, whole or not: count it, once."""
        self._current.let_go()
        plan = self._plan
        if plan is None or self._settled:
            return
        self._settled = True
        self._environ.pop(DONE, None)
        try:
            self._count(plan)
        except Exception as error:  # noqa: BLE001  what is left of the page, and the app's close, must not suffer
            self._failures.caught(Step.COUNT, error)

    def _count(self, plan: Plan) -> None:
        if self._late is not None and not isinstance(self._environ.get(FACTS), LateFacts):
            self._late.note()
        outcome, rules = plan.outcome, plan.rules
        if plan.editing is not None:
            found, standing = plan.editing.outcome()
            outcome, rules = (found, standing) if outcome is None else (outcome, ())
        if outcome is not None and (self._ended or rules):
            self._failures.count(outcome, rules)

    def _made_plan(self) -> Plan:
        """The plan for the pending head; from here on facts come too late."""
        if self._plan is None and self._pending is not None:
            begun = perf_counter()
            status, headers = self._pending
            self._plan = self._planner.plan(status, headers, self._environ.get(FACTS))
            self._length = None if self._plan.editing is None else _stated_length(headers)
            self._late = self._environ[FACTS] = LateFacts(self._environ.get(FACTS), self._failures)
            self._environ[DECISION] = self._planner.decided
            self._failures.observe(perf_counter() - begun)
        assert self._plan is not None
        return self._plan

    def _send_head(self, plan: Plan, headers: Headers | None = None, *, exc_info: ExcInfo | None = None) -> None:
        self._pending = None
        self._sent = True
        head = plan.headers if headers is None else headers
        self._write = self._start_response(plan.status, head, *(() if exc_info is None else (exc_info,)))

    def _edit_whole(self, plan: Plan, item: bytes) -> bytes:
        """Change the body that is whole in hand, so that the head can tell its length, or that it failed."""
        assert plan.editing is not None
        assert plan.unchanged is not None
        piece = plan.editing.whole(item)
        self._ended = True
        if plan.editing.failed:
            plan.outcome = Outcome.FAILED
            self._send_head(plan, plan.unchanged())
            piece = item
        else:
            self._send_head(plan, replaced(plan.headers, "Content-Length", str(len(piece))))
        self.settle()
        plan.editing = None
        return piece


def _stated_length(headers: Headers) -> int | None:
    # Some servers take a number where PEP 3333 has a text.
    text = str(first(headers, "Content-Length") or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS else None
