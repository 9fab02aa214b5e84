"""Periods that differ from region to region, laid into the dates of ``where`` (spec: rules, section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from notices.document import scalar_in
from notices.location import Entry, Where
from notices.region import ancestors, contains
from notices.ruleset import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notices.document import Node

    from .desk import Desk
    from .periods import Bound, Instant, Period


#: How many regions a message names.
_MOST_NAMED = 10


def spread(desk: Desk, node: Node, where: Where, periods: Sequence[Period]) -> tuple[tuple[Window, ...], Where]:
    """The windows of a rule, and its *where*, written at *node*: dated where a period differs from region to region.

    Then each window spans all regions, and each entry of ``where`` has the dates of its own.
    """
    if not any(period.regional for period in periods):
        return tuple(period.window for period in periods), where
    spreading = _Spreading(desk, node, periods)
    dated = spreading.where(where)
    spreading.report()
    return tuple(spreading.window(number) for number in range(len(periods))), dated


class _Spreading:
    def __init__(self, desk: Desk, node: Node, periods: Sequence[Period]) -> None:
        self._desk = desk
        self._node = node
        self._periods = periods
        self._found: list[list[Window]] = [[] for _ in periods]
        self._untold: list[dict[str, None]] = [{} for _ in periods]

    def window(self, number: int) -> Window:
        """The span of one period over all regions."""
        period, found = self._periods[number], self._found[number]
        starts = [one.start for one in found if one.start is not None]
        ends = [(one.end, one.zone) for one in found if one.end is not None]
        start = min(starts, default=None) if len(starts) == len(found) else None
        end, zone = max(ends, key=lambda pair: pair[0]) if len(ends) == len(found) and ends else (None, period.zone)
        return Window(start, end, zone, period.event)

    def where(self, where: Where) -> Where:
        """*where* with the entries that it includes dated; what it leaves out stays as it is."""
        include: list[Entry | Where] = []
        for operand in where.include:
            include += [self.where(operand)] if isinstance(operand, Where) else self._entries(operand)
        return Where(tuple(include), where.exclude, where.name)

    def _entries(self, entry: Entry) -> Iterator[Entry | Where]:
        for number, period in enumerate(self._periods):
            if not _is_told(period, entry.region):
                self._untold[number][entry.region] = None
            yield from _dated(entry, period, self._found[number])

    def report(self) -> None:
        """Tell of each period, once, in which regions it has no moment, at the first of them that is written."""
        for period, untold in zip(self._periods, self._untold, strict=True):
            if untold:
                written = next(filter(None, (scalar_in(self._node, region) for region in untold)), self._node)
                self._desk.error(written.mark, "no-moment", *_untold(period, list(untold)))


def _untold(period: Period, regions: Sequence[str]) -> tuple[str, str]:
    """What is wrong where *period* has no moment in *regions*, and the fix."""
    first = regions[0]
    if len(regions) == 1:
        message = f"the event {period.event!r} has no such moment for {first}, nor for what holds it or lies in it"
        return message, f"write one for {first} under the event's 'moments'"
    more = len(regions) - _MOST_NAMED
    named = f"{', '.join(regions[:_MOST_NAMED])}{f' and {more} more' if more > 0 else ''}"
    message = f"the event {period.event!r} has no such moment for {named}, nor for what holds them or lies in them"
    return message, "write one for each under the event's 'moments', or narrow 'where'"


def _is_told(period: Period, region: str) -> bool:
    """Whether the period has an instant for both ends in *region*, or in some region within it."""
    return any(_window(period, one) is not None for one in (region, *_below(period, region)))


def _dated(entry: Entry, period: Period, found: list[Window]) -> Iterator[Entry | Where]:
    """The entry with the dates of its region, and regions in it with moments of their own with theirs."""
    own, inner = _window(period, entry.region), _inner(period, entry.region)
    if own is not None:
        found.append(own)
        below = (_window(period, region) for region in _below(period, entry.region))
        # While it is time in all of the region, nobody there needs to be told apart.
        yield from _common(entry, [own, *(one for one in below if one is not None)])
    if own is not None and inner:
        apart = tuple(Entry(region) for region in inner)
        yield from (Where((rest,), apart) for rest in _common(entry, [own]))
    for region in inner:
        yield from _dated(replace(entry, region=region), period, found)


def _common(entry: Entry, windows: Iterable[Window]) -> Iterator[Entry]:
    """*entry* while all of *windows* are open, where there is such a time."""
    several = [Window(entry.start, entry.end), *windows]
    start = max((one.start for one in several if one.start is not None), default=None)
    end = min((one.end for one in several if one.end is not None), default=None)
    if start is None or end is None or start < end:
        yield Entry(entry.region, entry.part, start, end)


def _below(period: Period, region: str) -> list[str]:
    """The regions strictly within *region* that have moments of their own."""
    bounds = (period.start, period.end)
    named = {name for bound in bounds if isinstance(bound, dict) for name in bound}
    return sorted(name for name in named if contains(region, name))


def _inner(period: Period, region: str) -> list[str]:
    """Of those, the ones that lie in no other of them."""
    below = _below(period, region)
    return [name for name in below if not any(contains(other, name) for other in below)]


def _window(period: Period, region: str) -> Window | None:
    """When the period is in *region*, by the nearest region that holds it; None where an end has no moment for it."""
    start, end = (_nearest(bound, region) for bound in (period.start, period.end))
    if not start or not end:
        return None
    zone = next((one.zone for one in (*end, *start) if one is not None and one.zone), period.zone)
    first, last = (one[0].at if one[0] is not None else None for one in (start, end))
    return Window(first, last, zone, period.event)


def _nearest(bound: Bound, region: str) -> tuple[Instant | None, ...]:
    """The instant of *bound* in *region*, or in the nearest region that holds it; nothing where it has none."""
    if not isinstance(bound, dict):
        return (bound,)
    return next(((bound[name],) for name in (region, *ancestors(region)) if name in bound), ())
