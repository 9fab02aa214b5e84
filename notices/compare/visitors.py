"""Sort all visitors into classes that no compared rule tells apart, by what each rule answers for them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from notices.index import told_apart
from notices.location import Location
from notices.region import WORLD, ancestors, parents

from .values import Visitors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from notices.location import Where

#: Countries that are named first for all those that no rule speaks of.
_FAMILIAR = {code: place for place, code in enumerate(("DE", "FR", "US", "GB", "PL", "BR", "IN", "JP"))}


class VisitorClass(NamedTuple):
    """Visitors who are all answered alike: ``location`` is one of them, ``visitors`` says who they are."""

    location: Location
    visitors: Visitors


class Asking(NamedTuple):
    """The region expressions of one ruleset, and its table of contested places."""

    wheres: tuple[Where, ...]
    contested: Mapping[str, frozenset[str]]


class Places(NamedTuple):
    """Regions that are answered alike: all of them, and of different places in the tree one each."""

    codes: tuple[str, ...]
    regions: tuple[str, ...]


def visitor_classes(places: Sequence[Places]) -> list[VisitorClass]:
    """The classes of visitors of unknown place, of anonymous ones, and of those in each of *places*."""
    return [
        VisitorClass(Location(), Visitors(unknown=True)),
        VisitorClass(Location(network="tor"), Visitors(anonymous=True)),
        *(VisitorClass(Location((one.codes[0],)), Visitors(one.regions)) for one in places),
    ]


def places_of(askings: Sequence[Asking], instants: Sequence[datetime]) -> list[Places]:
    """Every region, those together for which all of *askings* have the same answers at all *instants*."""
    named = frozenset({WORLD}).union(*(told_apart(asking.wheres, asking.contested) for asking in askings))
    found: dict[tuple[object, ...], tuple[list[str], list[str]]] = {}
    for members in _alike(named):
        answers = tuple(_answers(asking, members[0], instants) for asking in askings)
        codes, regions = found.setdefault(answers, ([], []))
        codes.append(min(members, key=strangeness))
        regions += members
    return [Places(tuple(codes), tuple(sorted(regions))) for codes, regions in found.values()]


def strangeness(region: str) -> tuple[int, str]:
    """Of regions that are answered alike the one that people know best comes first, to stand for them in words."""
    return _FAMILIAR.get(region, len(_FAMILIAR)), region


@lru_cache(maxsize=16)
def _alike(named: frozenset[str]) -> list[list[str]]:
    """Every region that is *named* alone, and the others by the nearest named region that they lie in."""
    found: dict[tuple[str, bool], list[str]] = {}
    for region in parents():
        nearest = region if region in named else next(above for above in ancestors(region) if above in named)
        found.setdefault((nearest, region == nearest), []).append(region)
    return list(found.values())


def _answers(asking: Asking, region: str, instants: Sequence[datetime]) -> tuple[object, ...]:
    return tuple(where.ask(region, False, at, asking.contested) for where in asking.wheres for at in instants)


def joined(several: Iterable[Visitors]) -> Visitors:
    """All of *several* together."""
    listed = list(several)
    return Visitors(
        tuple(sorted(region for one in listed for region in one.regions)),
        any(one.unknown for one in listed),
        any(one.anonymous for one in listed),
        tuple(codes for one in listed for codes in one.disagreeing),
    )
