"""Let rules displace one another: ``supersedes`` first, along its order, then groups (spec: rules, section 2).

Only a plain yes displaces; a rule that acts on a maybe displaces only rules of the same ``where``.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notices.ruleset import Rule


class Displaced(NamedTuple):
    """Why a rule that applies is not shown, and the number of the rule that stands instead."""

    reason: Literal["SUPERSEDED", "GROUP"]
    by: int


class Stacking:
    """The order among *rules*, which are numbered as they stand: highest priority first, ties by id."""

    def __init__(self, rules: Sequence[Rule], same_where: Callable[[int, int], bool]) -> None:
        numbers: dict[str, list[int]] = {}
        for number, rule in enumerate(rules):
            numbers.setdefault(rule.id, []).append(number)
        self._same_where = same_where
        self._groups = [rule.group for rule in rules]
        self._targets = {
            number: tuple(one for target in rule.supersedes for one in numbers.get(target, ()))
            for number, rule in enumerate(rules)
            if rule.supersedes
        }
        sorter = TopologicalSorter(self._targets)  # gives what is superseded first
        self._rank = {number: -place for place, number in enumerate(sorter.static_order())}

    def stand(self, applying: Sequence[int], sure: int) -> tuple[list[int], dict[int, Displaced]]:
        """Of the rules *applying*, in their order, those that stand, and why each of the others does not.

        *sure* masks the rules that apply by a plain yes.
        """
        gone: dict[int, Displaced] = {}
        self._supersede(applying, sure, gone)
        self._choose_in_groups(applying, sure, gone)
        return ([number for number in applying if number not in gone] if gone else list(applying)), gone

    def _displaces(self, one: int, other: int, sure: int) -> bool:
        return bool(sure >> one & 1) or self._same_where(one, other)

    def _supersede(self, applying: Sequence[int], sure: int, gone: dict[int, Displaced]) -> None:
        superseding = sorted((one for one in applying if one in self._targets), key=lambda one: self._rank[one])
        present = set(applying) if superseding else ()
        for one in superseding:
            if one in gone:
                continue
            for other in self._targets[one]:
                if other in present and other not in gone and self._displaces(one, other, sure):
                    gone[other] = Displaced("SUPERSEDED", one)

    def _choose_in_groups(self, applying: Sequence[int], sure: int, gone: dict[int, Displaced]) -> None:
        heads: dict[str, list[int]] = {}
        for one in applying:
            group = self._groups[one]
            if group is None or one in gone:
                continue
            standing = heads.setdefault(group, [])
            by = next((head for head in standing if self._displaces(head, one, sure)), None)
            if by is None:
                standing.append(one)
            else:
                gone[one] = Displaced("GROUP", by)

    def knots(self, numbers: Sequence[int]) -> list[list[int]]:
        """Split *numbers* into knots: rules of two knots never displace one another."""
        parent = {number: number for number in numbers}

        def root(number: int) -> int:
            while parent[number] != number:
                parent[number] = number = parent[parent[number]]
            return number

        firsts: dict[str, int] = {}
        for number in numbers:
            group = self._groups[number]
            tied = [other for other in self._targets.get(number, ()) if other in parent]
            tied += [firsts.setdefault(group, number)] if group is not None else []
            for other in tied:
                parent[root(number)] = root(other)
        knots: dict[int, list[int]] = {}
        for number in numbers:
            knots.setdefault(root(number), []).append(number)
        return list(knots.values())
