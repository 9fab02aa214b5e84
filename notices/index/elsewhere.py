"""Say what else could be answered on a page: to visitors from elsewhere, or with other request headers.

Exact by enumeration: only regions that the page's rules can tell apart are asked, one of each class, and candidates
of several sources as combinations of those.
"""

from __future__ import annotations

from itertools import combinations, islice
from typing import TYPE_CHECKING

from notices.location import Location

from .bits import bits_of
from .calendar import is_open
from .territory import unites

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from notices.conditions import PageClass

    from .index import Index

#: How many combinations of candidates are asked; where there are more, visitors are taken to differ, which is safe.
_MOST_COMBINATIONS = 2000
#: A visitor's sources name hardly more regions than these: two each, by a label, of a header and a database.
_MOST_CANDIDATES = 3


def headers_read(index: Index, page: PageClass) -> frozenset[str]:
    """The request headers that decide what such a page shows, whoever asks and whenever.

    ``Sec-GPC`` where the signal would change which rules are for the page; ``Accept-Language`` where one of these
    shows the visitor's own language. A withheld page is never stored, so that its language does not count.
    """
    found = index.reads.get(page)
    return index.reads.put(page, _read(index, page)) if found is None else found


def _read(index: Index, page: PageClass) -> frozenset[str]:
    masks = {
        index.page_mask(page._replace(gpc=signal))
        for signal in ((None, True, False) if page.gpc is None else (True, False))
    }
    headers = {"Sec-GPC"} if len(masks) > 1 else set()
    rules = (index.rules[number] for mask in masks for number in bits_of(mask))
    if any("visitor" in rule.display.languages and rule.action == "notice" for rule in rules):
        headers.add("Accept-Language")
    return frozenset(headers)


def regions_differ(index: Index, page: PageClass, at: datetime) -> bool:
    """Whether two visitors from different regions are shown different rules on such a page, at *at* or later.

    Later counts because a page may be kept: what a reader in one country stores now must not be another's when a rule
    begins there.
    """
    key = (index.calendar.interval_at(at).number, page)
    found = index.variances.get(key) or index.variances.put(key, (_differ(index, page, at),))
    return found[0]


def _differ(index: Index, page: PageClass, at: datetime) -> bool:
    met = index.page_mask(page)
    interval = index.calendar.interval_at(at)
    concerned = bits_of(met & (interval.open | interval.later))
    if not concerned:
        return False
    instants = [at, *index.calendar.changes_after(concerned, at)]
    return any(_differ_at(index, concerned, instant) for instant in instants)


def _differ_at(index: Index, concerned: list[int], at: datetime) -> bool:
    opened = [number for number in concerned if is_open(index.rules[number], at)]
    if not opened:
        return False
    seen: set[tuple[int, ...]] = set()
    for location in _visitors(index, opened):
        if location is None:
            return True
        view = index.territory.view(location, at)
        standing, _ = index.stacking.stand([number for number in opened if view.acting >> number & 1], view.sure)
        seen.add(tuple(standing))
        if len(seen) > 1:
            return True
    return False


def _visitors(index: Index, opened: list[int]) -> Iterator[Location | None]:
    """The locations that the rules *opened* can tell apart; None in the place of those that are too many to ask."""
    single = list(index.territory.classes(opened))
    yield from single
    regions = [location.candidates[0] for location in single[2:]]
    united = (
        several
        for count in range(2, _MOST_CANDIDATES + 1)
        for several in combinations(regions, count)
        if unites(several)
    )
    yield from (Location(several) for several in islice(united, _MOST_COMBINATIONS))
    if next(united, None) is not None:
        yield None
