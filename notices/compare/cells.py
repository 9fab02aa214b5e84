"""Ask both rulesets about one group of rules: every class of visitors, in every period, on every kind of page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from notices.index import bits_of
from notices.index.calendar import boundaries_of

from .everybody import Side, everybody, turns_of
from .pages import PageKinds
from .values import Change, Period

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from notices.index import Index, Scene, Shown
    from notices.location import Location

    from .everybody import Everybody
    from .looks import Looks
    from .pages import View

#: An instant for rules that never change.
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class Cell(NamedTuple):
    """One stretch of time and one kind of page, by number."""

    stretch: int
    kind: int


class Stretch(NamedTuple):
    """A period in which nothing of the group changes, and an instant in it to ask about."""

    period: Period
    at: datetime


class Group:
    """The rules *ids*, in the old ruleset and in the new one; those in *differing* are not the same in both."""

    def __init__(
        self, old: Index, new: Index, ids: Sequence[str], at: datetime | None, differing: Collection[str]
    ) -> None:
        self.ids = ids
        self.differing = differing
        self._indexes = (old, new)
        self._numbers = [[n for n, rule in enumerate(index.rules) if rule.id in ids] for index in self._indexes]
        self.pages = PageKinds(old, new, *self._numbers)
        self.stretches = self._stretches() if at is None else [Stretch(Period(at, None), at)]

    def _stretches(self) -> list[Stretch]:
        zones: dict[datetime, str | None] = {}
        for index, numbers in zip(self._indexes, self._numbers, strict=True):
            for number in numbers:
                rule = index.rules[number]
                zones |= dict.fromkeys(boundaries_of(rule) - zones.keys(), index.ruleset.defaults.timezone)
                zones |= {bound: w.zone for w in rule.windows for bound in (w.start, w.end) if bound and w.zone}
        bounds = sorted(zones)
        starts, ends = [None, *bounds], [*bounds, None]
        before = bounds[0] - timedelta(seconds=1) if bounds else _ANY_TIME
        return [
            Stretch(Period(start, end, zones.get(start or end or before)), start or before)
            for start, end in zip(starts, ends, strict=True)
        ]

    def visitors(self) -> Everybody:
        """Every class of visitors that the group's rules tell apart."""
        sides = [
            Side(tuple(index.rules[number] for number in numbers), index.ruleset.contested)
            for index, numbers in zip(self._indexes, self._numbers, strict=True)
        ]
        first, *later = self.stretches
        turns = turns_of(sides)
        instants = [first.at, *(s.at for s in later if s.period.start in turns)]
        return everybody(sides, self.differing, instants)

    def changes(self, location: Location, looks: Looks, known: dict[object, Changes]) -> Mapping[Change, set[Cell]]:
        """What changes for visitors at *location*, and in which cells; *known* remembers equal questions."""
        found: dict[Change, set[Cell]] = {}
        for number, stretch in enumerate(self.stretches):
            applying = [self._applying(side, location, stretch.at) for side in (0, 1)]
            key = (number, *applying)
            if key not in known:
                known[key] = self._by_kind(applying, stretch.at, looks)
            for change, kinds in known[key].items():
                found.setdefault(change, set()).update(Cell(number, kind) for kind in kinds)
        return found

    def _applying(self, side: int, location: Location, at: datetime) -> tuple[int, int]:
        """The group's rules that are open and act for the visitor, and those of them that do so for sure."""
        index = self._indexes[side]
        view = index.territory.view(location, at)
        opened = sum(1 << number for number in self._numbers[side]) & index.calendar.interval_at(at).open
        return view.acting & opened, view.sure & opened

    def _by_kind(self, applying: Sequence[tuple[int, int]], at: datetime, looks: Looks) -> Changes:
        changes: dict[Change, set[int]] = {}
        if any(acting for acting, _ in applying):
            for kind in self.pages.kinds:
                old, new = (self._standing(side, kind, applying[side], at) for side in (0, 1))
                for change in _changes(old, new, looks):
                    changes.setdefault(change, set()).add(kind)
        return changes

    def _standing(self, side: int, kind: int, applying: tuple[int, int], at: datetime) -> Standing:
        """What stands on a kind of page, in order, by id."""
        index, page = self._indexes[side], self.pages.view(kind, side)
        acting, sure = applying
        numbers, _ = index.stacking.stand(bits_of(acting & page.met), sure)
        return {index.rules[number].id: self._shown(index, number, page, at) for number in numbers}

    @staticmethod
    def _shown(index: Index, number: int, page: View, at: datetime) -> tuple[Shown, Scene]:
        return index.shown(number, at), page.scene


class Asked:
    """A group, with what it was asked: equal questions are remembered."""

    def __init__(self, group: Group, looks: Looks) -> None:
        self.group = group
        self._looks = looks
        self._known: dict[object, Changes] = {}

    def changes(self, location: Location) -> Mapping[Change, set[Cell]]:
        """What changes for visitors at *location*, and in which cells."""
        return self.group.changes(location, self._looks, self._known)

    def sees(self, location: Location, now: datetime) -> bool:
        """Whether something changes for visitors at *location* that is not over at *now*."""
        ends = (
            self.group.stretches[cell.stretch].period.end for cells in self.changes(location).values() for cell in cells
        )
        return any(end is None or end > now for end in ends)


#: Change -> the kinds of pages on which it happens.
Changes = dict[Change, set[int]]
#: Rule id -> what is shown of it and in what scene, highest first.
Standing = dict[str, "tuple[Shown, Scene]"]


def _changes(old: Standing, new: Standing, looks: Looks) -> Iterator[Change]:
    for id_ in old.keys() | new.keys():
        if id_ not in old:
            yield Change("gained", (id_,), new[id_][0].rule.action)
        elif id_ not in new:
            yield Change("lost", (id_,), old[id_][0].rule.action)
        else:
            differences = looks.differences(old[id_], new[id_])
            if differences:
                yield Change("changed", (id_,), new[id_][0].rule.action, differences)
    before, after = ([id_ for id_ in one if id_ in other] for one, other in ((old, new), (new, old)))
    if before != after:
        yield Change("moved", tuple(after), "notice")
