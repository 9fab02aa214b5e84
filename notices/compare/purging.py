"""Say what caches hold of the old rules that the new ones would never have made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.keys import visitor_key
from notices.location import Location

from .values import Purge
from .visitors import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from notices.index import Index

    from .values import Effect, PageGroup, Visitors


def purge(old: Index, effects: Sequence[Effect], now: datetime) -> Purge:
    """The keys under which pages of those concerned are stored at *now*, and the pages; what is over is in no cache.

    A change to come counts: a page that the old rules did not expect to change may be stored until long after.
    """
    lasting = [effect for effect in effects if any(p.end is None or p.end > now for p in effect.periods)]
    pages = tuple(dict.fromkeys(page for effect in lasting for page in effect.pages))
    if any(not page.meeting and not page.other for page in pages):
        pages = tuple(page for page in pages if not page.meeting and not page.other)
    who = joined(effect.visitors for effect in lasting)
    keys = {visitor_key(old, location, now).value for location in _locations(who)}
    return Purge(tuple(sorted(keys)), pages, _patterns(pages, "hosts"), _patterns(pages, "paths"))


def _locations(who: Visitors) -> Iterator[Location]:
    if who.unknown:
        yield Location()
    if who.anonymous:
        yield Location(network="tor")
    yield from (Location((region,)) for region in dict.fromkeys(who.regions))
    yield from (Location(candidates) for candidates in dict.fromkeys(who.disagreeing))


def _patterns(pages: Sequence[PageGroup], fact: str) -> tuple[str, ...]:
    """The hosts or paths that all *pages* are among; none where some pages are of any."""
    found: set[str] = set()
    for page in pages:
        patterns = (getattr(test.condition, fact) for test in page.meeting)
        asked = next((listed for listed in patterns if listed is not None), None)
        if asked is None:
            return ()
        found |= set(asked)
    return tuple(sorted(found))
