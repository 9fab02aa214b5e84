"""Answer for all rules at once whether a visitor is where they hold (spec: rules, section 4).

Equal expressions are asked once, and only those that speak of the visitor's region, what holds it, what lies in it, or
what is contested with it; all others answer no.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from msgspec import Struct

from notices.location import CAUSES, Entry, Location, Where
from notices.memo import Memo
from notices.region import WORLD, ancestors, children, contains

from .bits import mask_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from notices.location import Cause
    from notices.ruleset import Rule


class View(Struct, frozen=True):
    """What rules are to one visitor: masks of those that hold for ``sure``, and of those that act on a ``maybe``;
    ``cause`` is the gravest cause of any maybe, also of one that is hidden.
    """

    sure: int
    maybe: int
    cause: Cause | None

    @property
    def acting(self) -> int:
        """The rules that act as far as the region goes."""
        return self.sure | self.maybe


class Ground(Struct, frozen=True, eq=False):
    """What visitors share whom no rule tells apart, at an instant or later: ``view`` is what rules are to them then.

    One object for all of them; ``reach`` masks the rules of which it depends on the page what they are shown.
    """

    view: View
    reach: int


class Territory:
    """The region expressions of *rules*, numbered as they are."""

    def __init__(self, rules: Sequence[Rule], contested: Mapping[str, frozenset[str]], *, memory: int = 1024) -> None:
        self._rules = rules
        self._contested = contested
        self.where_of = _numbered([rule.where for rule in rules])
        self._wheres: list[Where] = [rule.where for rule in _firsts(rules, self.where_of)]
        self._footings = _footings(rules, self.where_of)
        self._at: dict[str, set[int]] = {}
        self._near: dict[str, set[int]] = {}
        for number, where in enumerate(self._wheres):
            for region in regions_in(where):
                self._register(region, number)
        self.changes = sorted({instant for where in self._wheres for instant in where.boundaries})
        self._views: Memo[tuple[int, tuple[str, ...], bool], View] = Memo(memory)
        self._grounds: Memo[tuple[int, tuple[str, ...], bool], Ground] = Memo(memory)
        self._shared: Memo[tuple[int, int, Cause | None], Ground] = Memo(memory)

    def _register(self, region: str, number: int) -> None:
        self._at.setdefault(region, set()).add(number)
        for near in (*ancestors(region), *self._contested.get(region, ())):
            self._near.setdefault(near, set()).add(number)

    def view(self, location: Location, at: datetime) -> View:
        """What the rules are to a visitor at *location* at the instant *at*."""
        key = (bisect_right(self.changes, at), location.candidates, location.anonymous)
        return self._views.get(key) or self._views.put(key, self._look(location, at))

    def ground(self, location: Location, at: datetime) -> Ground:
        """The ground that *location* shares with others from *at* on; after the last change of a set its view tells.

        Before that, what is to come may part any two, and each location has its own.
        """
        key = (bisect_right(self.changes, at), location.candidates, location.network is not None)
        return self._grounds.get(key) or self._grounds.put(key, self._share(key[0], self.view(location, at)))

    def _share(self, number: int, view: View) -> Ground:
        if number < len(self.changes):
            return Ground(view, -1)
        key = (view.sure, view.maybe, view.cause)
        return self._shared.get(key) or self._shared.put(key, Ground(view, view.acting))

    def _look(self, location: Location, at: datetime) -> View:
        sure: list[int] = []
        maybe: list[int] = []
        causes: set[Cause] = set()
        for number in self._speaking_of(location.candidates):
            answer = self._wheres[number].locate(location, at, self._contested)
            causes |= answer.causes
            for footing in self._footings[number]:
                if answer.truth:
                    sure += footing
                elif answer.truth is None and self._rules[footing[0]].acts_unsure(answer.causes):
                    maybe += footing
        return View(mask_of(sure), mask_of(maybe), next((cause for cause in CAUSES if cause in causes), None))

    def _speaking_of(self, candidates: tuple[str, ...]) -> set[int]:
        """The expressions that may answer other than no for one of the *candidates*."""
        found: set[int] = set()
        for candidate in candidates:
            found |= self._near.get(candidate, set())
            for region in (candidate, *ancestors(candidate)):
                found |= self._at.get(region, set())
        return found

    def changes_after(self, at: datetime) -> Sequence[datetime]:
        """The instants after *at* at which some set joins or loses a region."""
        return self.changes[bisect_right(self.changes, at) :]

    def same_where(self, one: int, other: int) -> bool:
        """Whether two rules list the same entries, in any order."""
        return self.where_of[one] == self.where_of[other]

    def classes(self, numbers: Iterable[int]) -> Iterator[Location]:
        """One location for each class that the rules *numbers* can tell apart, of those with one candidate or none."""
        yield Location()
        yield Location(network="tor")
        parents = told_apart({self._wheres[self.where_of[number]] for number in numbers}, self._contested)
        for region in sorted(parents - {WORLD}):
            yield Location((region,))
        for parent in sorted(parents):
            unnamed = next((code for code in children().get(parent, ()) if code not in parents), None)
            if unnamed is not None:
                yield Location((unnamed,))


def told_apart(wheres: Iterable[Where], contested: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The regions, the world among them, that *wheres* can answer for otherwise than for their neighbours.

    All other regions answer as any other one does that lies in the same nearest region of these.
    """
    spoken = {region for where in wheres for region in regions_in(where)}
    named = spoken | {region for spoke in spoken for region in contested.get(spoke, ())}
    return frozenset({WORLD, *named, *(above for region in named for above in ancestors(region))})


def unites(regions: Iterable[str]) -> bool:
    """Whether *regions* can be the candidates of one visitor: none is the world, none contains another."""
    listed = tuple(regions)
    return WORLD not in listed and not any(contains(one, other) for one in listed for other in listed)


def regions_in(where: Where) -> frozenset[str]:
    """Every region that the expression or a set in it names, excepted ones too."""
    found: set[str] = set()
    for operand in (*where.include, *where.exclude):
        found |= {operand.region} if isinstance(operand, Entry) else regions_in(operand)
    return frozenset(found)


def _numbered(wheres: Sequence[Where]) -> list[int]:
    """A number for each expression, equal where the same entries are listed; rules share most of them."""
    by_object: dict[int, int] = {}
    by_entries: dict[object, int] = {}
    for where in wheres:
        if id(where) not in by_object:
            by_object[id(where)] = by_entries.setdefault(where.identity, len(by_entries))
    return [by_object[id(where)] for where in wheres]


def _firsts(rules: Sequence[Rule], where_of: Sequence[int]) -> list[Rule]:
    """The first rule with each expression, in the order of the expressions' numbers."""
    firsts: dict[int, Rule] = {}
    for rule, number in zip(rules, where_of, strict=True):
        firsts.setdefault(number, rule)
    return list(firsts.values())


def _footings(rules: Sequence[Rule], where_of: Sequence[int]) -> list[list[list[int]]]:
    """For each expression its rules, those together that take every maybe alike."""
    groups: dict[int, dict[tuple[object, ...], list[int]]] = {}
    for number, rule in enumerate(rules):
        key = (rule.action, *(rule.unsure[cause] for cause in CAUSES))
        groups.setdefault(where_of[number], {}).setdefault(key, []).append(number)
    return [list(groups[where].values()) for where in sorted(groups)]
