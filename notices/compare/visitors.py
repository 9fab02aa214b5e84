"""Sort all visitors into classes that no compared rule tells apart, by what each rule answers for them."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, islice, product
from typing import TYPE_CHECKING, NamedTuple

from notices.index import told_apart, unites
from notices.location import Location
from notices.region import WORLD, ancestors, parents

from .values import Visitors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from notices.location import Where

#: How many combinations of candidates are asked at most, of two candidates first.
_MOST_COMBINATIONS = 2000
#: Countries that are named first for all those that no rule speaks of.
_FAMILIAR = {code: place for place, code in enumerate(("DE", "FR", "US", "GB", "PL", "BR", "IN", "JP"))}
#: As for the decision whether others differ: a visitor's sources hardly name more regions.
_MOST_CANDIDATES = 3


class VisitorClass(NamedTuple):
    """Visitors who are all answered alike: ``location`` is one of them, ``visitors`` says who they are."""

    location: Location
    visitors: Visitors


class Asking(NamedTuple):
    """The region expressions of one ruleset, and its table of contested places."""

    wheres: tuple[Where, ...]
    contested: Mapping[str, frozenset[str]]


def visitor_classes(askings: Sequence[Asking], instants: Sequence[datetime]) -> list[VisitorClass]:
    """The classes of all visitors: unknown, anonymous, in each region, and with candidates of several classes."""
    known = _by_answers(askings, instants)
    singles = [VisitorClass(Location((codes[0],)), Visitors(regions)) for codes, regions in known]
    return [
        VisitorClass(Location(), Visitors(unknown=True)),
        VisitorClass(Location(network="tor"), Visitors(anonymous=True)),
        *singles,
        *(VisitorClass(Location(codes), Visitors(disagreeing=(codes,))) for codes in _united([c for c, _ in known])),
    ]


def _by_answers(askings: Sequence[Asking], instants: Sequence[datetime]) -> list[tuple[list[str], tuple[str, ...]]]:
    """For each class of regions some of different places in the tree, and all in it."""
    named = frozenset({WORLD}).union(*(told_apart(asking.wheres, asking.contested) for asking in askings))
    found: dict[tuple[object, ...], tuple[list[str], list[str]]] = {}
    for members in _alike(named):
        answers = tuple(_answers(asking, members[0], instants) for asking in askings)
        codes, regions = found.setdefault(answers, ([], []))
        codes.append(min(members, key=strangeness))
        regions += members
    return [(codes, tuple(sorted(regions))) for codes, regions in found.values()]


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


def _united(classes: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Candidates of two or three different classes; candidates of one class are as one of them is."""
    choices = (several for count in range(2, _MOST_CANDIDATES + 1) for several in combinations(classes, count))
    for several in islice(choices, _MOST_COMBINATIONS):
        candidates = next((codes for codes in product(*several) if unites(codes)), None)
        if candidates is not None:
            yield candidates


def joined(several: Iterable[Visitors]) -> Visitors:
    """All of *several* together."""
    listed = list(several)
    return Visitors(
        tuple(sorted(region for one in listed for region in one.regions)),
        any(one.unknown for one in listed),
        any(one.anonymous for one in listed),
        tuple(codes for one in listed for codes in one.disagreeing),
    )
