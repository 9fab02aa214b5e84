"""The search for rules that others displace wherever they apply, among rules that can displace one another.

Every instant, every class of visitors and every kind of page is tried; of what is too much, it is known that it is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.index import bits_of
from notices.index.bits import mask_of

from .witnesses import pages_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from notices.index import Displaced
    from notices.location import Location
    from notices.ruleset import Rule

    from .situations import Situations

#: How many sets of rules that meet are tried in one knot.
_MOST_SITUATIONS = 3000
#: How many questions are asked of all knots together, and how many rules that meet are compared two by two.
MOST_QUESTIONS = 40_000
_MOST_COMPARED = 40


class Shadows:
    """The rules of one knot: which of them stand somewhere, and what displaces the others."""

    def __init__(self, situations: Situations, most: int = MOST_QUESTIONS) -> None:
        self._situations = situations
        self._most = most
        #: How many questions were asked, of at most *most*.
        self.asked = 0
        #: The rules of which nothing is known because too much would have to be tried.
        self.unproven: list[int] = []
        self._knot = range(len(situations.index.rules))
        #: For each number all those of its rule, which stands where any of its phases does.
        self._phases = {one: mask_of(several) for several in situations.phases.values() for one in several}
        self._applied = 0
        #: The rules of the knot that were not yet seen to stand.
        self._waiting = mask_of(self._knot)
        #: The rules that may stand on some page that was too much to look for.
        self._doubtful = 0
        self._made: dict[int, tuple[int, ...]] = {}
        self._displaced: dict[int, set[Displaced]] = {number: set() for number in self._knot}
        self._tried: set[tuple[int, int]] = set()
        #: Pages that were tried, as the rules that are for them and those of these that hold for sure.
        self._stood: set[tuple[int, int]] = set()

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules of the knot, by their numbers in it."""
        return self._situations.index.rules

    def found(self) -> list[tuple[int, set[Displaced]]]:
        """The rules that apply somewhere and stand nowhere, each with all that displaces it."""
        opened = self._situations.opened(self._knot)[::-1]
        visitors = list(self._situations.visitors(self._knot))
        self._ask(opened, lambda _: visitors)
        if self._applied & self._waiting:
            self._ask(opened, lambda at: self._situations.disagreements(self._knot, at))
        doubtful = bits_of(self._applied & self._waiting & self._doubtful)
        self.unproven += sorted({bits_of(self._phases[one])[0] for one in doubtful})
        found: dict[int, set[Displaced]] = {}
        for one in bits_of(self._applied & self._waiting & ~self._doubtful):
            found.setdefault(self._phases[one], set()).update(self._displaced[one])
        return [(bits_of(several)[0], displaced) for several, displaced in found.items()]

    def _ask(
        self, opened: Iterable[tuple[datetime, int]], visitors_at: Callable[[datetime], Sequence[Location] | None]
    ) -> None:
        """Ask all visitors at all instants, as long as there is a rule that was not seen to stand."""
        eras: dict[int, list[tuple[int, int]] | None] = {}
        for at, mask in opened:
            era = self._situations.era(at)
            if not self._waiting:
                return
            if era not in eras:
                visitors = visitors_at(at)
                eras[era] = None if visitors is None else self._situations.answers(visitors, at)
            self._try(eras[era], mask)

    def _try(self, answers: Iterable[tuple[int, int]] | None, opened: int) -> None:
        """Let all meet that apply together, as far as that is not too much."""
        if answers is None:
            self._give_up()
        for applying, sure in answers or ():
            situation = applying & opened, sure & opened
            self.asked += 1
            if situation[0] & self._waiting and situation not in self._tried:
                self._tried.add(situation)
                self._meet(*situation)
            if len(self._tried) > _MOST_SITUATIONS or self.asked > self._most:
                self._give_up()
            if not self._waiting:
                return

    def _give_up(self) -> None:
        self.unproven = bits_of(self._applied & self._waiting) or bits_of(self._waiting)
        self._waiting = 0

    def _meet(self, applying: int, sure: int) -> None:
        """Let rules meet on every kind of page; where kinds are many, first on pages that are made for one rule."""
        if applying & ~self._situations.everywhere:
            made = {page & applying for one in bits_of(applying & self._waiting) for page in self._pages_of(one)}
            for page in made:
                if (page, sure & page) not in self._stood:
                    self._stood.add((page, sure & page))
                    self._stand(bits_of(page), sure)
        if not applying & self._waiting:
            return
        numbers = bits_of(applying)
        pages = self._situations.worlds(numbers)
        for kind in pages or ():
            self._stand(kind, sure)
        if pages is None:
            self._applied |= applying
            self._compare(numbers, sure)

    def _pages_of(self, number: int) -> Sequence[int]:
        """What is met by the pages that are made for a rule, as masks."""
        if number not in self._made:
            classes = self._situations.index.classes
            pages = pages_for(self.rules[number].pages)
            self._made[number] = tuple({classes.met(classes.reduce(page)) for page in pages})
        return self._made[number]

    def _stand(self, page: Sequence[int], sure: int) -> None:
        self._applied |= mask_of(page)
        standing, gone = self._situations.index.stacking.stand(page, sure)
        for number in standing:
            self._waiting &= ~self._phases[number]
        for number, by in gone.items():
            self._displaced[number].add(by)

    def _compare(self, applying: Sequence[int], sure: int) -> None:
        """Too many kinds of pages to try: a rule falls for sure where one that nothing displaces is on all its pages;
        of the others nothing is known.
        """
        stand = self._situations.index.stacking.stand
        for number in bits_of(mask_of(applying) & self._waiting):
            others = applying if len(applying) <= _MOST_COMPARED else ()
            by = next((one for one in others if one != number and self._covers(one, number, applying, sure)), None)
            if by is None:
                self._doubtful |= 1 << number
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
