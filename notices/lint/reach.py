"""Rules that nobody is ever shown: unreachable ones, and those that others displace everywhere.

Both are proven by enumeration (spec: rules, section 10), and where that grows beyond bounds nothing is said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from notices.conditions import is_plain
from notices.index import bits_of, is_open
from notices.index.bits import mask_of

from .finding import Finding, of_rule
from .regions import holds_nothing
from .situations import Situations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from notices.index import Displaced
    from notices.location import Location
    from notices.ruleset import Rule

    from .finding import Spot

#: How many sets of rules that meet are tried in one knot.
_MOST_SITUATIONS = 500
#: How many questions are asked of all knots together, and how many rules that meet are compared two by two.
_MOST_QUESTIONS = 40_000
_MOST_COMPARED = 40
_FIX_SHADOWED = "narrow what stands in its place, raise its priority, take it out of the group, or retire it"


def find_unreachable(situations: Situations) -> Iterator[Finding]:
    """Every active rule that no visitor is shown on any page at any time, taken for itself; with what is at fault."""
    for number, rule in enumerate(situations.index.rules):
        yield from _unreachable(situations, number, rule)


def _unreachable(situations: Situations, number: int, rule: Rule) -> Iterator[Finding]:
    instants = [at for at in reversed(situations.instants([number])) if is_open(rule, at)]
    if not instants:
        message = f"{rule.id!r} is never shown: no text is in force in any of its periods"
        yield _never(of_rule(rule.id, "when"), message, "correct the periods, or the dates of the texts")
    elif not is_plain(rule.pages) and situations.worlds([number]) in ([], [()]):
        message = f"{rule.id!r} is never shown: what 'except' leaves out is every page that it is for"
        yield _never(of_rule(rule.id, "pages"), message, "correct 'except', or delete it")
    elif not _anybody(situations, number, instants):
        yield _nobody(rule, instants)
    elif holds_nothing(rule.where, instants):
        message = f"{rule.id!r} holds in no region: 'except' leaves out all that is in 'any'"
        yield Finding(of_rule(rule.id, "where"), "warning", "empty-set", message, "correct 'any' or 'except'")


def _anybody(situations: Situations, number: int, instants: Sequence[datetime]) -> bool:
    """Whether some visitor is one for whom the rule acts; those whose sources disagree are asked last."""
    for at in instants:
        if _acts(situations, number, situations.visitors([number]), at):
            return True
    for at in instants:
        several = situations.disagreements([number], at)
        if several is None or _acts(situations, number, several, at):
            return True
    return False


def _acts(situations: Situations, number: int, visitors: Iterable[Location], at: datetime) -> bool:
    return any(situations.applying(1 << number, visitor, at)[0] for visitor in visitors)


def _nobody(rule: Rule, instants: Sequence[datetime]) -> Finding:
    if holds_nothing(rule.where, instants):
        message = f"{rule.id!r} is never shown: 'where' holds no region while the rule is in force"
        return _never(of_rule(rule.id, "where"), message, "correct 'where', or the periods")
    message = f"{rule.id!r} is never shown: every answer of 'where' is a maybe, on which the rule hides"
    return _never(of_rule(rule.id, "where"), message, "write 'unsure: {contested: show}', or name whole regions")


def _never(spot: Spot, message: str, fix: str) -> Finding:
    return Finding(spot, "warning", "unreachable", message, fix)


def find_shadowed(situations: Situations) -> Iterator[Finding]:
    """Every active rule that acts on some visitor, and that other rules displace wherever it does."""
    rules, left = situations.index.rules, _MOST_QUESTIONS
    for knot in situations.index.stacking.knots(range(len(rules))):
        if len(knot) > 1:
            alone = {rules[number].id: rules[number] for number in knot}
            shadows = Shadows(Situations(replace(situations.ruleset, rules=alone)), left)
            yield from _shadowed(shadows)
            left -= shadows.asked


def _shadowed(shadows: Shadows) -> Iterator[Finding]:
    """The same for rules of one knot, with which no other rule has to do."""
    rules = shadows.rules
    for number, displaced in shadows.found():
        rule, others = rules[number], sorted({rules[one.by].id for one in displaced})
        group = any(one.reason == "GROUP" for one in displaced)
        why = f"stands higher in the group {rule.group!r}" if group else "supersedes it"
        message = f"{rule.id!r} is never shown: wherever it applies, {' or '.join(others)} {why}"
        spot = of_rule(rule.id, *(["group"] if group else []))
        yield Finding(spot, "warning", "shadowed", message, _FIX_SHADOWED)


class Shadows:
    """The rules of one knot: which of them stand somewhere, and what displaces the others."""

    def __init__(self, situations: Situations, most: int = _MOST_QUESTIONS) -> None:
        self._situations = situations
        self._most = most
        #: How many questions were asked, of at most *most*.
        self.asked = 0
        self._knot = range(len(situations.index.rules))
        self._applied = 0
        self._standing = 0
        self._displaced: dict[int, set[Displaced]] = {number: set() for number in self._knot}
        self._tried: set[tuple[int, int]] = set()

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules of the knot, by their numbers in it."""
        return self._situations.index.rules

    def found(self) -> list[tuple[int, set[Displaced]]]:
        """The rules that apply somewhere and stand nowhere, each with all that displaces it."""
        instants = self._situations.instants(self._knot)[::-1]
        visitors = list(self._situations.visitors(self._knot))
        for at in instants:
            if self._waiting:
                self._try(visitors, at)
        for at in instants:
            if self._applied & self._waiting:
                self._try(self._situations.disagreements(self._knot, at), at)
        return [(number, self._displaced[number]) for number in bits_of(self._applied & self._waiting)]

    @property
    def _waiting(self) -> int:
        """The rules of the knot that were not yet seen to stand."""
        return mask_of(self._knot) & ~self._standing

    def _try(self, visitors: Sequence[Location] | None, at: datetime) -> None:
        """Ask all of *visitors*; where they, or what they can meet, are too many, every rule is taken to stand."""
        opened = self._situations.open_at(self._knot, at)
        for visitor in visitors or ():
            situation = self._situations.applying(opened, visitor, at)
            self.asked += 1
            if situation[0] & self._waiting and situation not in self._tried:
                self._tried.add(situation)
                self._stand(*situation)
            if not self._waiting or len(self._tried) > _MOST_SITUATIONS or self.asked > self._most:
                break
        if visitors is None or len(self._tried) > _MOST_SITUATIONS or self.asked > self._most:
            self._standing = ~0

    def _stand(self, applying: int, sure: int) -> None:
        numbers = bits_of(applying)
        pages = self._situations.worlds(numbers)
        if pages is None and len(numbers) > _MOST_COMPARED:
            self._standing = ~0
        elif pages is None:
            self._applied |= applying
            self._stand_pairwise(numbers, sure)
        for page in pages or ():
            self._applied |= mask_of(page)
            standing, gone = self._situations.index.stacking.stand(page, sure)
            self._standing |= mask_of(standing)
            for number, by in gone.items():
                self._displaced[number].add(by)

    def _stand_pairwise(self, applying: Sequence[int], sure: int) -> None:
        """Too many kinds of pages to try: a rule falls only where one that nothing displaces is on all its pages."""
        stand = self._situations.index.stacking.stand
        for number in applying:
            by = next((one for one in applying if one != number and self._covers(one, number, applying, sure)), None)
            if by is None:
                self._standing |= 1 << number
            else:
                self._displaced[number].add(stand(sorted((by, number)), sure)[1][number])

    def _covers(self, one: int, other: int, applying: Sequence[int], sure: int) -> bool:
        stand = self._situations.index.stacking.stand
        if other not in stand(sorted((one, other)), sure)[1]:
            return False
        if any(one in stand(sorted((third, one)), sure)[1] for third in applying if third != one):
            return False
        pages = self._situations.worlds(sorted((one, other)))
        return pages is not None and all(one in page for page in pages if other in page)
