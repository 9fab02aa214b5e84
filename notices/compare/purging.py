"""Say what caches hold of the old rules that the new ones would never have made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.keys import visitor_key
from notices.location import Location

from .everybody import Side, disagreeing
from .values import Purge
from .visitors import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from notices.index import Index

    from .cells import Asked
    from .values import Effect, PageGroup, Visitors


#: How many visitors with disagreeing sources are looked for, and how many keys of theirs are listed.
_MOST_ASKED = 600
_MOST_KEYS = 24


def purge(old: Index, new: Index, effects: Sequence[Effect], now: datetime, asked: Sequence[Asked]) -> Purge:
    """The keys under which pages of those concerned are stored at *now*, and the pages; what is over is in no cache.

    A change to come counts: a page that the old rules did not expect to change may be stored until long after.
    """
    lasting = [effect for effect in effects if any(p.end is None or p.end > now for p in effect.periods)]
    pages = tuple(dict.fromkeys(page for effect in lasting for page in effect.pages))
    if any(not page.meeting and not page.other for page in pages):
        pages = tuple(page for page in pages if not page.meeting and not page.other)
    who = joined(effect.visitors for effect in lasting)
    keys = {visitor_key(old, location, now).value for location in _locations(who)}
    further = _further(old, new, now, asked) if who.disagreeing else frozenset()
    more = further is None or len(further - keys) > _MOST_KEYS
    keys |= frozenset() if more else further or frozenset()
    return Purge(tuple(sorted(keys)), pages, _patterns(pages, "hosts"), _patterns(pages, "paths"), more)


def _further(old: Index, new: Index, now: datetime, asked: Sequence[Asked]) -> frozenset[str] | None:
    """The keys of all visitors with disagreeing sources who see a change: what rules of other groups show them counts
    here too. None where such visitors are too many.
    """
    differing = frozenset(id_ for one in asked for id_ in one.group.differing)
    changed = tuple(rule for rule in new.rules if rule.id in differing)
    sides = (Side(tuple(old.rules), old.ruleset.contested), Side(changed, new.ruleset.contested))
    found = disagreeing(sides, differing, now, most=_MOST_ASKED)
    if not found.exact:
        return None
    locations = map(Location, found.candidates)
    concerned = (location for location in locations if any(one.sees(location, now) for one in asked))
    return frozenset(visitor_key(old, location, now).value for location in concerned)


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
