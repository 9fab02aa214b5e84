"""The decision that an app can ask for while it makes its page, by what it has stated so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notices.http.outcome import Step

from .statement import FACTS, page_of, read_statement

if TYPE_CHECKING:
    from notices.decision import Decision

    from .deciding import Decider
    from .failures import Failures

#: The environ key of the callable that gives the request's decision.
CURRENT = "notices.current"
#: The environ key under which the final decision stands once the response has started.
DECISION = "notices.decision"


class Current:
    """Gives the decision of one request when called; the one that the response is made by, once there is one.

    It stands in the environ and reads it. So it lets go of it when the response is over: a circle would keep the
    reader's address, and the rules and databases of the request, until the garbage collector comes by.
    """

    __slots__ = ("_decided", "_decider", "_environ", "_failures", "_stated")

    def __init__(self, environ: dict[str, Any], decider: Decider, failures: Failures) -> None:
        self._environ: dict[str, Any] | None = environ
        self._decider = decider
        self._failures = failures
        self._stated: Any = None
        self._decided: Decision | None = None

    def __call__(self) -> Decision:
        """The decision by what is stated so far; never raises."""
        environ = self._environ
        decided = self._decided if environ is None else environ.get(DECISION)
        if decided is not None:
            return decided
        try:
            stated = self._stated if environ is None else environ.get(FACTS)
            facts = read_statement(stated, [], self._decider.snapshot.ruleset, self._failures)
            return self._decider.for_method(page_of(self._decider.visit, facts, None))
        except Exception as error:  # noqa: BLE001  the app's view must not suffer
            self._failures.caught(Step.FACTS, error)
            return self._decider.snapshot.safe_default

    def let_go(self) -> None:
        """Keep what is stated and decided by now, and the environ no longer."""
        if self._environ is not None:
            self._stated, self._decided = self._environ.get(FACTS), self._environ.get(DECISION)
            self._environ = None
