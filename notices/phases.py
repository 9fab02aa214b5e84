"""Cut a rule where statuses of publishers begin or end: each phase is a rule whose pages never change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .ruleset import PageCondition, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .ruleset import Rule

_MOMENT = timedelta(microseconds=1)
#: When a condition is asked that never changes.
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_ALWAYS = Window()
#: Asks for a page of no publisher, which there is not.
NOBODY = PageCondition(publishers=frozenset())


def phases(rule: Rule) -> tuple[Rule, ...]:
    """*rule* itself where it asks for no status; else rules with its id, of which at most one holds at any instant.

    Together they hold when and on the pages that *rule* does. Where nobody ever has the status while it is time, one
    phase is left that no page is for.
    """
    if not rule.pages.dated:
        return (rule,)
    found = []
    for condition, stretches in _stretches(rule.pages).items():
        windows = [both for own in rule.windows or (_ALWAYS,) for one in stretches if (both := _common(own, one))]
        if windows and _is_possible(condition):
            found.append(replace(rule, pages=condition, windows=() if windows == [_ALWAYS] else tuple(windows)))
    return tuple(found) or (replace(rule, pages=NOBODY),)


def _stretches(condition: PageCondition) -> dict[PageCondition, list[Window]]:
    """What *condition* asks, settled, with the stretches of time in which it asks that."""
    zones = condition.boundaries
    bounds: Sequence[datetime | None] = [None, *sorted(zones), None]
    found: dict[PageCondition, list[Window]] = {}
    for start, end in pairwise(bounds):
        asked = condition.settled(start or (end - _MOMENT if end else _ANY_TIME))
        several = found.setdefault(asked, [])
        if several and several[-1].end == start and start is not None:
            start = several.pop().start
        zone = zones[end] if end is not None else None if start is None else zones[start]
        several.append(Window(start, end, zone))
    return found


def _common(one: Window, other: Window) -> Window | None:
    """The instants in both windows, None where there are none; in the zone of the window that gives a bound."""
    starts = [window.start for window in (one, other) if window.start is not None]
    ends = [window.end for window in (one, other) if window.end is not None]
    start, end = max(starts, default=None), min(ends, default=None)
    if start is not None and end is not None and start >= end:
        return None
    return Window(start, end, one.zone if (start, end) == (one.start, one.end) else other.zone or one.zone)


def _is_possible(condition: PageCondition) -> bool:
    return condition.publishers != frozenset() and condition.mentions != frozenset()
