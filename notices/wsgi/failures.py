"""Failures of our own that a page must not suffer from: each counted, each cause logged once, without any value."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from notices.http.outcome import Step

if TYPE_CHECKING:
    from notices.http.outcome import Outcome

_log = logging.getLogger("notices")
#: Causes that are remembered; beyond them failures are only counted.
_MOST_CAUSES = 200


class Counts(Protocol):
    """The part of :class:`notices.metrics.Metrics` that pages use."""

    def count_page(self, outcome: str) -> None:
        """Count one page."""

    def count_notice(self, rule: str) -> None:
        """Count one notice shown."""

    def count_failure(self, step: str) -> None:
        """Count one failure."""

    def observe_latency(self, seconds: float) -> None:
        """Note what was added to one page."""


class Failures:
    """The failures of one middleware; counting and logging never raise."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._logged: set[str] = set()

    def caught(self, step: Step, error: BaseException) -> None:
        """Note that *step* failed; the log names the kind and place of *error*, never its text."""
        self.note(step, f"{type(error).__name__} at {_place(error)}")

    def note(self, step: Step, cause: str) -> None:
        """Count a failure at *step*; *cause* says why in words of ours, and is logged the first time."""
        with suppress(Exception):
            self._counts.count_failure(step)
        if cause in self._logged or len(self._logged) >= _MOST_CAUSES:
            return
        self._logged.add(cause)
        with suppress(Exception):
            _log.error("notices: %s failed, the page was served: %s", step.value, cause)

    def count(self, outcome: Outcome, rules: tuple[str, ...] = ()) -> None:
        """Count one page and the notices that it shows."""
        try:
            self._counts.count_page(outcome)
            for rule in rules:
                self._counts.count_notice(rule)
        except Exception as error:  # noqa: BLE001  counting must not cost a page
            self.caught(Step.COUNT, error)

    def observe(self, seconds: float) -> None:
        """Note what was added to one page."""
        try:
            self._counts.observe_latency(seconds)
        except Exception as error:  # noqa: BLE001  counting must not cost a page
            self.caught(Step.COUNT, error)


def _place(error: BaseException) -> str:
    """Where *error* came up: module and line of the innermost frame."""
    place, trace = "?", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
