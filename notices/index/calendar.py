"""Cut time at every instant at which some rule changes; between two of them every answer stays as it is."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct

from notices.errors import QuestionError
from notices.memo import Memo

from .bits import mask_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from notices.ruleset import Rule, TextVersion


class Interval(Struct, frozen=True):
    """The instants from ``start`` until before ``end``: which rules are ``open``, and which change ``later``."""

    number: int
    start: datetime | None
    end: datetime | None
    open: int
    later: int

    def holds(self, at: datetime) -> bool:
        """Whether *at* lies in the interval."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


def version_of(rule: Rule, at: datetime) -> TextVersion | None:
    """The texts of *rule* in force at *at*: of the versions begun, the one that began last."""
    if len(rule.texts) == 1 and rule.texts[0].start is None:
        return rule.texts[0]
    begun = [version for version in rule.texts if version.start is None or version.start <= at]
    return max(begun, key=_start_key, default=None)


def _start_key(version: TextVersion) -> tuple[bool, float]:
    return (False, 0.0) if version.start is None else (True, version.start.timestamp())


def is_open(rule: Rule, at: datetime) -> bool:
    """Whether *at* lies in a window of *rule* and a text of it is in force; without windows it is always time."""
    if rule.windows and not any(window.holds(at) for window in rule.windows):
        return False
    return not rule.texts or version_of(rule, at) is not None


def boundaries_of(rule: Rule) -> frozenset[datetime]:
    """Every instant at which *rule* may change: its windows, its texts, and the sets that it names."""
    bounds = {bound for window in rule.windows for bound in (window.start, window.end)}
    bounds |= {version.start for version in rule.texts}
    return frozenset(bound for bound in bounds if bound is not None) | rule.where.boundaries


class Calendar:
    """The windows, texts and dated sets of *rules*, numbered as they are."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        shared: dict[frozenset[datetime], frozenset[datetime]] = {}
        self._boundaries = [shared.setdefault(found, found) for found in map(boundaries_of, rules)]
        self.changes = sorted(set().union(*self._boundaries))
        self._intervals: Memo[int, Interval] = Memo(32)
        self._latest: Interval | None = None

    def interval_at(self, at: datetime) -> Interval:
        """The interval that holds *at*.

        :raises QuestionError: when *at* has no time zone, and so is no instant.
        """
        if at.tzinfo is None:
            raise QuestionError("at", "the instant has no time zone; write for example 2026-11-22T12:00:00Z")
        latest = self._latest
        if latest is not None and latest.holds(at):
            return latest
        number = bisect_right(self.changes, at)
        found = self._intervals.get(number) or self._intervals.put(number, self._cut(number, at))
        self._latest = found
        return found

    def _cut(self, number: int, at: datetime) -> Interval:
        start = self.changes[number - 1] if number else None
        end = self.changes[number] if number < len(self.changes) else None
        opened = mask_of(place for place, rule in enumerate(self._rules) if is_open(rule, at))
        later = mask_of(place for place, bounds in enumerate(self._boundaries) if any(bound > at for bound in bounds))
        return Interval(number, start, end, opened, later)

    def changes_after(self, numbers: Iterable[int], at: datetime) -> list[datetime]:
        """The instants after *at* at which one of the rules *numbers* may change, in order."""
        return sorted({bound for number in numbers for bound in self._boundaries[number] if bound > at})
