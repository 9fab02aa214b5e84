"""Enumerate the kinds of pages that rules of two rulesets tell apart, and describe any set of kinds by conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from notices.conditions import Side, joint_worlds
from notices.conditions.classes import INDEX_SURFACES
from notices.index import Scene
from notices.ruleset import PageCondition

from .values import PageGroup, PageTest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notices.index import Index
    from notices.ruleset import Rule

#: How many kinds of pages are told apart before the rules are compared one by one instead.
_MOST_WORLDS = 4096
_SIDES: tuple[Literal["old", "new"], ...] = ("old", "new")
_ANYTHING = PageCondition()
_LISTS_ARTICLES = PageCondition(surfaces=INDEX_SURFACES)


class View(NamedTuple):
    """A page to one ruleset: the mask of its rules that are for it, and what of it enters the notices."""

    met: int
    scene: Scene


class PageKinds:
    """The kinds of pages that *old* rules and *new* ones, given by number, tell apart; a kind is a mask."""

    def __init__(self, old: Index, new: Index, old_rules: Sequence[int], new_rules: Sequence[int]) -> None:
        sides = [(old, old_rules), (new, new_rules)]
        self._alike = _same_publishers(old, new)
        self._conditions: list[tuple[int, PageCondition]] = []
        self._rules = [
            [(rule, self._bit(side, index.rules[rule].pages)) for rule in rules]
            for side, (index, rules) in enumerate(sides)
        ]
        every = [index.rules[rule] for index, rules in sides for rule in rules]
        self._index_bit = self._bit(0, _LISTS_ARTICLES) if any(map(_stands_by_article, every)) else None
        speaking = any(map(_speaks_of_publisher, every))
        self._publishers = [
            [(name, self._bit(side, PageCondition(publishers=frozenset({name})))) for name in index.ruleset.publishers]
            if speaking
            else []
            for side, (index, _) in enumerate(sides)
        ]
        found = self._enumerate(old, new)
        #: Whether ``kinds`` are exactly those that there are; else some of them may be of no page.
        self.exact = found is not None
        self.kinds = self._all() if found is None else found

    def _bit(self, side: int, condition: PageCondition) -> int:
        """The number of the condition; where both rulesets read pages for it alike, equal conditions are one."""
        entry = (side if self._depends(condition) else 0, condition)
        if entry not in self._conditions:
            self._conditions.append(entry)
        return self._conditions.index(entry)

    def _depends(self, condition: PageCondition) -> bool:
        """Whether pages meet the condition by whose publishers count."""
        return not self._alike and (condition.publishers is not None or any(map(self._depends, condition.exclude)))

    def _enumerate(self, *indexes: Index) -> frozenset[int] | None:
        """The kinds that there are; None where there are too many. Bits are put in the order of the conditions."""
        order = [number for side in (0, 1) for number, entry in enumerate(self._conditions) if entry[0] == side]
        sides = [
            Side(
                [condition for side, condition in self._conditions if side == number],
                index.ruleset.publishers,
                index.ruleset.defaults.publisher,
            )
            for number, index in enumerate(indexes)
        ]
        found = joint_worlds(sides[:1] if self._alike else sides, most=_MOST_WORLDS)
        return None if found is None else frozenset(_reordered(mask, order) for mask in found)

    def _all(self) -> frozenset[int]:
        """Every combination of the rules' own conditions, each with at most one publisher."""
        named = {bit for publishers in self._publishers for _, bit in publishers}
        found = {0, *(1 << bit for bit in named)}
        for bit in {bit for rules in self._rules for _, bit in rules} - named | {self._index_bit or 0}:
            found |= {kind | 1 << bit for kind in found}
            if len(found) > _MOST_WORLDS:
                break
        return frozenset(found)

    def view(self, kind: int, side: int) -> View:
        """What pages of *kind* are to the old ruleset (0) or the new one (1)."""
        met = 0
        for rule, bit in self._rules[side]:
            met |= (kind >> bit & 1) << rule
        publisher = next((name for name, bit in self._publishers[side] if kind >> bit & 1), None)
        return View(met, Scene(publisher, is_index=self._index_bit is not None and bool(kind >> self._index_bit & 1)))

    def describe(self, kinds: Iterable[int]) -> tuple[PageGroup, ...]:
        """Groups of pages, as few as are found by striking what need not be said, that together are *kinds*."""
        wanted = frozenset(kinds)
        left, groups = set(wanted), []
        while left:
            care, values = self._widest(min(left, key=lambda kind: (-kind.bit_count(), kind)), wanted)
            left -= {kind for kind in left if kind & care == values}
            groups.append(PageGroup(self._tests(values), self._tests(care & ~values)))
        return tuple(groups)

    def _widest(self, kind: int, wanted: frozenset[int]) -> tuple[int, int]:
        """As few conditions as single out pages of *wanted* alone, *kind* among them: those asked, and those met.

        What a page is not is struck first, so that people read what it is.
        """
        others = self.kinds - wanted
        bits = range(len(self._conditions))
        care = (1 << len(bits)) - 1
        for bit in sorted(bits, key=lambda bit: (kind >> bit & 1, -bit)):
            narrower = care & ~(1 << bit)
            if all(other & narrower != kind & narrower for other in others):
                care = narrower
        return care, kind & care

    def _tests(self, mask: int) -> tuple[PageTest, ...]:
        asked = (entry for bit, entry in enumerate(self._conditions) if mask >> bit & 1)
        return tuple(
            PageTest(condition, _SIDES[side] if self._depends(condition) else None)
            for side, condition in asked
            if condition != _ANYTHING
        )


def _same_publishers(old: Index, new: Index) -> bool:
    """Whether both rulesets take every page to be of the same publisher."""
    owners = [
        (rules.defaults.publisher, {one.id: frozenset(one.hosts) for one in rules.publishers.values()})
        for rules in (old.ruleset, new.ruleset)
    ]
    return owners[0] == owners[1]


def _stands_by_article(rule: Rule) -> bool:
    return any(place.bottom_on_index for place in rule.display.at)


def _speaks_of_publisher(rule: Rule) -> bool:
    texts = (text for version in rule.texts for text in version.texts.values())
    return any("{publisher}" in part for text in texts for part in (text.body, text.title, text.short) if part)


def _reordered(mask: int, order: Sequence[int]) -> int:
    return sum((mask >> place & 1) << number for place, number in enumerate(order))
