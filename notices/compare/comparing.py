"""Compare two rulesets: run through their groups of rules, and join what changes alike into effects."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from .cells import Asked, Cell, Group
from .groups import groups
from .labels import relabellings
from .looks import Looks
from .purging import purge
from .values import Comparison, Effect, Period
from .visitors import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notices.index import Index

    from .values import Change, Visitors
    from .visitors import VisitorClass

#: Before everything: no rule can name an instant so early.
_BEFORE = datetime(1800, 1, 1, tzinfo=UTC)


def compare(old: Index, new: Index, now: datetime, *, at: datetime | None = None) -> Comparison:
    """Exactly who is shown what else by *new* than by *old*, at every instant, or only at *at*.

    Exact by enumeration over every region, unknown and anonymous visitors, up to three candidates whose sources
    disagree, every instant at which something changes, and every kind of page that the rules tell apart; what was too
    much to enumerate is named (``alone``, ``untried``). What a reader cannot see, such as titles, owners, or that an
    answer is sure, is no change. *now* is for what caches hold.

    :raises QuestionError: when an instant has no time zone.
    """
    looks = Looks(old, new)
    alone: list[str] = []
    untried: set[str] = set()
    asked: list[Asked] = []
    effects: list[Effect] = []
    for ids, differing in groups(old, new):
        group = Group(old, new, ids, at, differing)
        several = [group]
        if not group.pages.exact:
            alone += ids
            several = [Group(old, new, (id_,), at, differing) for id_ in ids if id_ in differing]
        for one in several:
            everybody = one.visitors()
            asked.append(Asked(one, looks))
            effects += _effects(asked[-1], everybody.classes)
            untried |= set() if everybody.exact else set(one.ids)
    effects.sort(key=lambda effect: (effect.change.rules, effect.change.kind, _start(effect), effect.visitors.regions))
    instants = [at] if at else [now, *new.calendar.changes, _BEFORE]
    labels = tuple(relabellings(old, new, instants))
    return Comparison(
        tuple(effects),
        purge(old, new, effects, at or now, asked),
        at,
        tuple(sorted(alone)),
        labels,
        tuple(sorted(untried)),
    )


def _start(effect: Effect) -> float:
    start = effect.periods[0].start
    return float("-inf") if start is None else start.timestamp()


def _effects(asked: Asked, classes: Iterable[VisitorClass]) -> Iterator[Effect]:
    """Visitors who see a change in the same cells together, and stretches of time with the same pages together."""
    group = asked.group
    found: dict[tuple[Change, frozenset[Cell]], list[Visitors]] = {}
    for one in classes:
        for change, cells in asked.changes(one.location).items():
            found.setdefault((change, frozenset(cells)), []).append(one.visitors)
    for (change, common), visitors in found.items():
        for kinds, stretches in _by_kinds(common).items():
            yield Effect(change, joined(visitors), _periods(group, stretches), group.pages.describe(kinds))


def _by_kinds(cells: Iterable[Cell]) -> dict[frozenset[int], list[int]]:
    """The stretches in which the change is on the same kinds of pages, by those kinds."""
    found: dict[frozenset[int], list[int]] = {}
    for stretch, several in groupby(sorted(cells), key=lambda cell: cell.stretch):
        found.setdefault(frozenset(cell.kind for cell in several), []).append(stretch)
    return found


def _periods(group: Group, stretches: Sequence[int]) -> tuple[Period, ...]:
    """Neighbouring stretches as one period."""
    found: list[Period] = []
    for number in stretches:
        period = group.stretches[number].period
        if found and found[-1].end is not None and found[-1].end == period.start:
            found[-1] = Period(found[-1].start, period.end, found[-1].zone or period.zone)
        else:
            found.append(period)
    return tuple(found)
