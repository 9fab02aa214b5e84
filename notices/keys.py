"""Group visitors by what they are shown, so that a cache can key pages on the group (spec: service, section 3).

A key tells two visitors apart if and only if some page shows them different rules now. Rules that can displace one
another form a knot; within a knot every combination of rules that some page is for is tried, and what then stands is
what the key is taken over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .index import bits_of, digest_of
from .location import Location
from .region import parents

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .index import Index

#: The key of visitors who are shown nothing on any page.
NO_KEY = "00000000"


class Key(NamedTuple):
    """Eight hex digits, equal for all who are shown the same on every page; until ``until`` it stays the visitor's."""

    value: str
    until: datetime | None


class KeyRegions(NamedTuple):
    """Who shares a key: region codes in order, and whether unknown and anonymous visitors do."""

    regions: tuple[str, ...]
    unknown: bool
    anonymous: bool


def visitor_key(index: Index, location: Location, at: datetime) -> Key:
    """The cache key of visitors at *location* at the instant *at*.

    :raises QuestionError: when *at* has no time zone.
    """
    remembered = (index.calendar.interval_at(at).number, location.candidates, location.anonymous)
    found = index.keys.get(remembered)
    return Key(*(found or index.keys.put(remembered, _make_key(index, location, at))))


def _make_key(index: Index, location: Location, at: datetime) -> Key:
    value = _value(index, location, at)
    interval = index.calendar.interval_at(at)
    moving = (index.territory.view(location, at).acting | index.dated) & interval.later
    changes = index.calendar.changes_after(bits_of(moving), at)
    return Key(value, next((change for change in changes if _value(index, location, change) != value), None))


def _value(index: Index, location: Location, at: datetime) -> str:
    """Taken over what the rules put into pages, so that a changed text changes the key, and an unrelated rule none."""
    view = index.territory.view(location, at)
    tables = index.knots.tables(view.acting & index.calendar.interval_at(at).open, view.sure)
    if not tables:
        return NO_KEY
    return digest_of([[[index.content(number, at) for number in row] for row in table] for table in tables])[:8]


def key_map(index: Index, at: datetime) -> Mapping[str, KeyRegions]:
    """Every key in use at *at* -> who shares it, over all countries, subdivisions, unknown and anonymous visitors."""
    by_key: dict[str, list[str]] = {}
    for region in sorted(parents()):
        by_key.setdefault(visitor_key(index, Location((region,)), at).value, []).append(region)
    unknown = visitor_key(index, Location(), at).value
    anonymous = visitor_key(index, Location(network="tor"), at).value
    return {
        value: KeyRegions(tuple(by_key.get(value, ())), value == unknown, value == anonymous)
        for value in dict.fromkeys((unknown, anonymous, *by_key))
    }
