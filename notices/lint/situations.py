"""The questions in which rules can differ: every instant of change, every class of visitors, every class of pages.

The index says what rules are to a visitor and which of them stand; here is only what it is asked about.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

from notices.conditions import worlds
from notices.index import bits_of, boundaries_of, build_index, is_open
from notices.index.bits import mask_of
from notices.location import Location
from notices.ruleset import PageCondition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notices.index import Index
    from notices.ruleset import Ruleset

#: When rules are asked that never change.
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
#: How many combinations of pages are tried; beyond, a lint that needs them all says that it does not know.
_MOST_WORLDS = 4096
#: How many rules may be too many already; what holds of so many holds of all that are more.
_CROWDS = (12, 16, 24, 48)
#: How many groups of disagreeing sources are tried, and how many regions they name at most.
_MOST_DISAGREEMENTS = 2000
_CANDIDATES = (2, 3)


class Situations:
    """What the active rules of one ruleset can be asked; rules are numbered as in its index."""

    def __init__(self, ruleset: Ruleset, index: Index | None = None) -> None:
        self.ruleset = ruleset
        self.index = index or build_index(ruleset)
        #: Masks of rules whose kinds of pages are too many; those of all that are more are, too.
        self._crowds: list[int] = []

    @cached_property
    def phases(self) -> dict[str, list[int]]:
        """The numbers of each rule by its id: several where its pages change with statuses of publishers."""
        found: dict[str, list[int]] = {}
        for number, rule in enumerate(self.index.rules):
            found.setdefault(rule.id, []).append(number)
        return found

    def instants(self, numbers: Iterable[int]) -> list[datetime]:
        """One instant for each stretch of time in which none of these rules changes, from before the first change."""
        changes = self.index.calendar.changes_after(numbers, datetime.min.replace(tzinfo=UTC))
        return [changes[0] - timedelta(days=1), *changes] if changes else [_ANY_TIME]

    def visitors(self, numbers: Iterable[int]) -> Iterator[Location]:
        """One visitor of each class that these rules can tell apart, of those whom one source can describe.

        A source names a region, nothing, or a network; or by a label a contested region and the country that it is
        contested by.
        """
        yield from self.index.territory.classes(numbers)
        yield from self._contested

    @cached_property
    def _contested(self) -> list[Location]:
        pairs = [(region, other) for region, others in self.ruleset.contested.items() for other in sorted(others)]
        united = (Location.uniting(pair) for pair in pairs)
        return [location for location in united if len(location.candidates) > 1]

    def disagreements(self, numbers: Sequence[int], at: datetime) -> list[Location] | None:
        """Visitors whose sources name several regions, one for each way in which these rules can answer at *at*.

        One region stands for all to which the rules answer alike. None where there are too many.
        """
        wheres = {self.index.territory.where_of[number]: self.index.rules[number].where for number in numbers}
        alike: dict[object, str] = {}
        for location in self.index.territory.classes(numbers):
            if location.candidates != Location().candidates:
                answers = tuple(where.locate(location, at, self.ruleset.contested) for where in wheres.values())
                alike.setdefault(answers, location.candidates[0])
        regions = sorted(alike.values())
        if sum(comb(len(regions), count) for count in _CANDIDATES) > _MOST_DISAGREEMENTS:
            return None
        return [Location(several) for count in _CANDIDATES for several in combinations(regions, count)]

    def open_at(self, numbers: Iterable[int], at: datetime) -> int:
        """The mask of those of these rules that are in force at *at*."""
        return mask_of(number for number in numbers if is_open(self.index.rules[number], at))

    def opened(self, numbers: Sequence[int]) -> list[tuple[datetime, int]]:
        """The instants of :meth:`instants`, each with the mask of the rules in force at it."""
        changing: dict[datetime, list[int]] = {}
        for number in numbers:
            for bound in boundaries_of(self.index.rules[number]):
                changing.setdefault(bound, []).append(number)
        found = []
        mask = 0
        for at in self.instants(numbers):
            touched = changing.get(at) or numbers
            mask = mask & ~mask_of(touched) | self.open_at(touched, at)
            found.append((at, mask))
        return found

    def answers(self, visitors: Iterable[Location], at: datetime) -> list[tuple[int, int]]:
        """What :meth:`applying` can say of *visitors* were all rules in force, each once."""
        return list(dict.fromkeys(self.applying(-1, visitor, at) for visitor in visitors))

    def era(self, at: datetime) -> int:
        """The number of the stretch of time around *at* in which no set joins or loses a region."""
        return bisect_right(self.index.territory.changes, at)

    def applying(self, opened: int, location: Location, at: datetime) -> tuple[int, int]:
        """Of the rules in the mask *opened*, those that act on the visitor, and those of them that hold for sure."""
        view = self.index.territory.view(location, at)
        found = view.acting & opened
        return found, found & view.sure

    def worlds(
        self, numbers: Sequence[int], conditions: Sequence[PageCondition | None] = ()
    ) -> list[tuple[int, ...]] | None:
        """Every combination of these rules that some page is for, as numbers; None where there are too many.

        *conditions* take the place of the rules' own, None for a rule that no page is for. Of the rules' own, paths
        with ``*`` inside are taken as independent of one another, so that a combination may be none in truth.
        """
        asked_for = mask_of(numbers)
        if not conditions and not asked_for & ~self.everywhere:
            return [tuple(numbers)]
        if not conditions and any(crowd & asked_for == crowd for crowd in self._crowds):
            return None
        asked = conditions or [self.index.rules[number].pages for number in numbers]
        met = [(number, condition) for number, condition in zip(numbers, asked, strict=True) if condition is not None]
        publishers, default = self.ruleset.publishers, self.ruleset.defaults.publisher
        masks = worlds([condition for _, condition in met], publishers, default, most=_MOST_WORLDS)
        if masks is None:
            if not conditions:
                self._remember_crowd(numbers)
            return None
        return [tuple(met[place][0] for place in bits_of(mask)) for mask in sorted(masks)]

    def _remember_crowd(self, numbers: Sequence[int]) -> None:
        """Find a few of these rules that are too many for themselves, so that it is clear at a glance next time.

        Those that are in force from early on are tried first: they are among most that are asked about together.
        """
        publishers, default = self.ruleset.publishers, self.ruleset.defaults.publisher
        telling = [number for number in numbers if not self.everywhere >> number & 1]
        telling.sort(key=self._since)
        for count in _CROWDS:
            few = [self.index.rules[number].pages for number in telling[:count]]
            if worlds(few, publishers, default, most=_MOST_WORLDS) is None:
                self._crowds.append(mask_of(telling[:count]))
                return

    def _since(self, number: int) -> datetime:
        starts = [window.start or _EARLIEST for window in self.index.rules[number].windows]
        return min(starts, default=_EARLIEST)

    @cached_property
    def everywhere(self) -> int:
        """The mask of the rules that are for all pages: pages do not tell them apart."""
        return mask_of(number for number, rule in enumerate(self.index.rules) if rule.pages == PageCondition())

    def knot_of(self, number: int) -> int:
        """The mask of the rules that, over others or not, can displace the rule or be displaced by it; itself too."""
        return self._knots[number]

    @cached_property
    def _knots(self) -> dict[int, int]:
        knots = self.index.stacking.knots(range(len(self.index.rules)))
        return {number: mask_of(knot) for knot in knots for number in knot}
