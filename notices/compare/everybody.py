"""List every class of visitors whom two states of some rules can tell apart, those with disagreeing sources too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from notices.location import Location

from .disagreeing import disagreements
from .groups import roots
from .leanings import Poll, Standpoint, footing_of
from .values import Visitors
from .visitors import Asking, VisitorClass, places_of, visitor_classes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from notices.ruleset import Rule

    from .disagreeing import Disagreements
    from .visitors import Places


class Side(NamedTuple):
    """The rules of one ruleset, in their order, and its table of contested places."""

    rules: tuple[Rule, ...]
    contested: Mapping[str, frozenset[str]]


class Everybody(NamedTuple):
    """All classes of visitors; not ``exact`` where visitors with disagreeing sources are too many to be asked."""

    classes: Sequence[VisitorClass]
    exact: bool


def everybody(sides: Sequence[Side], differing: Collection[str], instants: Sequence[datetime]) -> Everybody:
    """The classes of all visitors, of those with disagreeing sources the ones for whom rules *differing* may act."""
    places, poll = _asked(sides, differing, instants, _parts(sides))
    found = disagreements(places, poll)
    several = (VisitorClass(Location(one), Visitors(disagreeing=(one,))) for one in found.candidates)
    return Everybody((*visitor_classes(places), *several), found.exact)


def disagreeing(sides: Sequence[Side], differing: Collection[str], now: datetime, *, most: int) -> Disagreements:
    """At *most* so many visitors whose sources disagree, for whom rules *differing* may act at *now* or later; one for
    each way in which the other rules, too, can act on them.
    """
    instants = [now, *sorted(turn for turn in turns_of(sides) if turn > now)]
    places, poll = _asked(sides, differing, instants, {})
    return disagreements(places, poll, most=most)


def turns_of(sides: Sequence[Side]) -> frozenset[datetime]:
    """The instants at which a set joins or loses a region."""
    return frozenset(turn for side in sides for rule in side.rules for turn in rule.where.boundaries)


def _asked(
    sides: Sequence[Side], differing: Collection[str], instants: Sequence[datetime], parts: Mapping[str, str]
) -> tuple[list[Places], Poll]:
    wheres = [tuple(dict.fromkeys(rule.where for rule in side.rules)) for side in sides]
    places = places_of([Asking(one, side.contested) for one, side in zip(wheres, sides, strict=True)], instants)
    standpoints = [
        Standpoint(
            tuple(dict.fromkeys(footing_of(one, one.id in differing, parts.get(one.id, "")) for one in side.rules)),
            side.contested,
        )
        for side in sides
    ]
    return places, Poll(standpoints, instants)


def _parts(sides: Sequence[Side]) -> dict[str, str]:
    """For each rule a name of those that it displaces on a maybe, or that displace it, in either ruleset.

    Where rules change places all are of one part, for their order is told of all that stand together.
    """
    if _reordered(*([rule.id for rule in side.rules] for side in sides)):
        return {}
    ties: list[list[str]] = []
    for side in sides:
        same: dict[object, list[str]] = {}
        for rule in side.rules:
            same.setdefault(rule.where.identity, []).append(rule.id)
        ties += same.values()
    return roots(ties)


def _reordered(old: Sequence[str], new: Sequence[str]) -> bool:
    before, after = (
        [id_ for id_ in dict.fromkeys(one) if id_ in set(other)] for one, other in ((old, new), (new, old))
    )
    return before != after
