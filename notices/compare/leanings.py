"""What rules answer for a place, as masks, and what they answer where sources name several places.

Joining two masks is quick, so that every combination of places can be tried, and only those be asked about of which
the rules answer something new.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from notices.index.bits import mask_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from notices.location import Cause, Where
    from notices.ruleset import Rule


class Footing(NamedTuple):
    """What decides where a rule acts: its region expression, and the causes of a maybe on which it acts."""

    where: Where
    coarse: bool
    contested: bool
    withholds: bool
    #: Whether a rule with this footing differs between the two rulesets, so that something can change where it acts.
    differs: bool
    #: Rules of two parts displace one another only where one of them holds for sure.
    part: str


def footing_of(rule: Rule, differs: bool, part: str) -> Footing:
    """The footing of *rule*."""
    causes: tuple[Cause, Cause] = ("coarse", "contested")
    coarse, contested = (rule.acts_unsure((cause,)) for cause in causes)
    return Footing(rule.where, coarse, contested, rule.action == "withhold", differs, part)


class Standpoint(NamedTuple):
    """What the rules of one ruleset rest on, and its table of contested places."""

    footings: tuple[Footing, ...]
    contested: Mapping[str, frozenset[str]]


class Leaning(NamedTuple):
    """For a place, or for several: which footings say yes, no or maybe, and the causes of the maybes; as masks."""

    yes: int
    no: int
    maybe: int
    coarse: int
    contested: int


def join(one: Leaning, other: Leaning) -> Leaning:
    """What is answered where sources name the places of both (spec: rules, section 4)."""
    yes, no, maybe = one.yes & other.yes, one.no & other.no, one.maybe & other.maybe
    mixed = (one.yes | one.no | one.maybe) & ~(yes | no | maybe)
    return Leaning(yes, no, maybe | mixed, one.coarse | other.coarse, one.contested | other.contested | mixed)


class Poll:
    """The footings of several rulesets at several instants; each has a bit of its own for each of its answers."""

    def __init__(self, standpoints: Sequence[Standpoint], instants: Sequence[datetime]) -> None:
        self._asked: dict[tuple[int, Where, datetime], list[int]] = {}
        self._contested = [one.contested for one in standpoints]
        footings: list[Footing] = []
        for side, one in enumerate(standpoints):
            for footing in one.footings:
                for at in _eras(footing.where, instants):
                    self._asked.setdefault((side, footing.where, at), []).append(len(footings))
                    footings.append(footing)
        self._coarse = mask_of(n for n, one in enumerate(footings) if one.coarse)
        self._contests = mask_of(n for n, one in enumerate(footings) if one.contested)
        self._withholds = mask_of(n for n, one in enumerate(footings) if one.withholds)
        self._differs = mask_of(n for n, one in enumerate(footings) if one.differs)
        numbers: dict[str, list[int]] = {}
        for number, footing in enumerate(footings):
            numbers.setdefault(footing.part, []).append(number)
        #: The footings of each part.
        self.parts = [mask_of(several) for several in numbers.values()]

    def leaning(self, region: str) -> Leaning:
        """What is answered for *region*; a maybe on which nothing acts is a no, and its causes are told apart only
        where that matters.
        """
        found: dict[object, list[int]] = {True: [], False: [], None: [], "coarse": [], "contested": []}
        for (side, where, at), numbers in self._asked.items():
            answer = where.ask(region, False, at, self._contested[side])
            for kind in (answer.truth, *answer.causes):
                found[kind] += numbers
        yes, no, unsure, *by_cause = map(mask_of, found.values())
        hidden = unsure & ~(self._coarse | self._contests)
        always = self._coarse & self._contests
        maybe, coarse, contested = (mask & ~hidden for mask in (unsure, *by_cause))
        return Leaning(yes, no | hidden, maybe, coarse & ~always, contested | maybe & always)

    def outcome(self, one: Leaning, part: int) -> tuple[int, int]:
        """The footings that say yes, and those of the *part* on which rules act on a maybe: any show wins for a
        notice, any hide for withholding.
        """
        shows = one.coarse & self._coarse | one.contested & self._contests
        hides = one.coarse & ~self._coarse | one.contested & ~self._contests
        return one.yes, one.maybe & part & (shows & ~self._withholds | ~hides & self._withholds)

    def matters(self, one: Leaning, part: int) -> bool:
        """Whether a rule that differs may act there, on a maybe one of the *part*; else nothing changes in it."""
        return bool((one.yes | one.maybe & part) & self._differs)


def projected(one: Leaning, part: int, shared: int) -> Leaning:
    """What counts of an answer for the footings in *part*: of the others only a yes, of those in *shared*."""
    return Leaning(one.yes & (part | shared), *(mask & part for mask in one[1:]))


def _eras(where: Where, instants: Sequence[datetime]) -> Iterator[datetime]:
    """One of *instants* for each stretch of time in which the expression does not change."""
    turns = sorted(where.boundaries)
    yield from {bisect_right(turns, at): at for at in instants}.values()
