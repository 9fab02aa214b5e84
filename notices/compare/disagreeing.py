"""Find visitors whose sources name several places, one for each way in which rules can then act on them.

Exact without asking every combination of places: a rule shown on a maybe displaces only rules of the same regions, so
that rules are tried part by part, with those beside them that hold for sure; and few places answer otherwise for that.
"""

from __future__ import annotations

from functools import reduce
from itertools import chain, combinations, product
from typing import TYPE_CHECKING, NamedTuple

from notices.index import unites

from .leanings import join, projected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .leanings import Leaning, Poll
    from .visitors import Places

#: How many combinations of places are tried at most, and how many of them are asked about.
_MOST_COMBINATIONS = 400_000
_MOST_ASKED = 3000
#: As for the decision whether others differ: a visitor's sources hardly name more regions.
_MOST_CANDIDATES = 3

Candidates = tuple[str, ...]
#: Places that answer alike as far as a part of the rules goes.
Alike = list["Places"]


class Disagreements(NamedTuple):
    """Candidates of visitors on whom a rule that differs may act; not ``exact`` where more were left out."""

    candidates: tuple[Candidates, ...]
    exact: bool


def disagreements(places: Sequence[Places], poll: Poll, *, most: int = _MOST_ASKED) -> Disagreements:
    """Two or three candidates of different *places* for each outcome, two where they do; *most* of them."""
    leanings = [(poll.leaning(one.codes[0]), one) for one in places]
    shared = _shared(leanings)
    found: dict[Candidates, None] = {}
    left = _MOST_COMBINATIONS
    for part in poll.parts:
        seen: set[object] = set()
        for leaning, several in _combinations(_projected(leanings, part, shared), poll, part):
            left -= 1
            if left < 0 or len(found) > most:
                return Disagreements(tuple(found)[:most], exact=False)
            outcome = poll.outcome(leaning, part)
            if outcome not in seen and poll.matters(leaning, part) and (candidates := _candidates(several)):
                seen.add(outcome)
                found[candidates] = None
    return Disagreements(tuple(sorted(found, key=len)), exact=True)


def _shared(leanings: Sequence[tuple[Leaning, Places]]) -> int:
    """The footings that hold for sure in several places; of two places one at least is out of any other."""
    once = twice = 0
    for leaning, _ in leanings:
        twice |= once & leaning.yes
        once |= leaning.yes
    return twice


def _projected(leanings: Sequence[tuple[Leaning, Places]], part: int, shared: int) -> dict[Leaning, Alike]:
    found: dict[Leaning, Alike] = {}
    for leaning, place in leanings:
        found.setdefault(projected(leaning, part, shared), []).append(place)
    return found


def _combinations(alike: dict[Leaning, Alike], poll: Poll, part: int) -> Iterator[tuple[Leaning, list[Alike]]]:
    """Two, then three places, with what they answer together; one of them at least is of those that matter."""
    first = [one for one in alike.items() if poll.matters(one[0], part)]
    ordered = [*first, *(one for one in alike.items() if not poll.matters(one[0], part))]
    for leaning, several in first:
        if len(several) > 1:
            yield leaning, [several]
    for count in range(1, _MOST_CANDIDATES):
        for number, (leaning, several) in enumerate(first, 1):
            for others in combinations(ordered[number:], count):
                yield reduce(join, (other for other, _ in others), leaning), [several, *(one for _, one in others)]


def _candidates(several: Sequence[Alike]) -> Candidates | None:
    """Regions that can be the candidates of one visitor, one of each; two different ones where all are alike."""
    choices: Iterator[Candidates]
    if len(several) == 1:
        pairs = combinations(several[0], 2)
        choices = chain.from_iterable(product(one.codes, other.codes) for one, other in pairs)
    else:
        choices = product(*([code for place in alike for code in place.codes] for alike in several))
    return next(filter(unites, choices), None)
