"""Ask a ruleset everything: each class of readers, on each kind of page, in each stretch of time."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from notices.compare import PageGroup, PageTest, Period, Visitors
from notices.compare.pages import PageKinds
from notices.compare.visitors import Asking, joined, places_of, visitor_classes
from notices.index import bits_of
from notices.location import CAUSES, Location

from .values import Coverage, Outcome, Outcomes, PageKind, Readers, Stretch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from notices.index import Displaced, Index, View
    from notices.location import Answer
    from notices.ruleset import PageCondition

#: More kinds of pages nobody chooses from; then the conditions are taken one by one.
_MOST_KINDS = 60
#: How many cells a page holds at most, by the dozen rules; stretches far from the one asked for are left out first.
_MOST_CELLS = 400_000
#: What ended longer ago is left out: a set's members joined it over decades, and that is nobody's question here.
_PAST = timedelta(days=5 * 365)


def cover(index: Index, at: datetime) -> Coverage:
    """What the active rules do everywhere, at every instant; *at* is the instant that is looked at first.

    :raises QuestionError: when *at* has no time zone.
    """
    index.calendar.interval_at(at)
    every, now = _stretches(index, at)
    past = next(number for number, one in enumerate(every) if number == now or _is_recent(one.period, at))
    stretches, now = every[past:], now - past
    kinds, together = _kinds(index)
    readers = _readers(index, stretches)
    first, last = _window(len(stretches), now, len(kinds) * len(readers) * (1 + len(index.rules) // 12))
    kept = stretches[first:last]
    cells = tuple(_cells(index, stretch.at, kinds, readers) for stretch in kept)
    readers_of = {region: number for number, one in enumerate(readers) for region in one.visitors.regions}
    return Coverage(
        tuple(kept), now - first, tuple(kinds), together, tuple(readers), readers_of, cells, len(kept) < len(every)
    )


def _is_recent(period: Period, at: datetime) -> bool:
    return period.end is None or period.end > at - _PAST


def _window(count: int, now: int, each: int) -> tuple[int, int]:
    """The numbers of the stretches that are kept: from the first until before the second, *now* among them."""
    most = max(1, _MOST_CELLS // max(1, each))
    first = max(0, min(now - most // 2, count - most))
    return first, min(count, first + most)


def _stretches(index: Index, at: datetime) -> tuple[list[Stretch], int]:
    """Time, cut at every change, and the number of the stretch that holds *at*, in which *at* itself is asked."""
    bounds = index.calendar.changes
    periods = [Period(start, end, _zone(index, start or end)) for start, end in pairwise([None, *bounds, None])]
    now = index.calendar.interval_at(at).number
    instants = [period.start or (period.end - timedelta(seconds=1) if period.end else at) for period in periods]
    instants[now] = at
    return [Stretch(one, at, _zone(index, one.end)) for one, at in zip(periods, instants, strict=True)], now


def _zone(index: Index, bound: datetime | None) -> str | None:
    """The zone in which an editor wrote the instant: that of a window that it bounds, else the folder's."""
    windows = (window for rule in index.rules for window in rule.windows)
    named = (window.zone for window in windows if window.zone and bound in (window.start, window.end))
    return next(named, index.ruleset.defaults.timezone)


def _kinds(index: Index) -> tuple[list[PageKind], bool]:
    every = PageKinds(index, index, range(len(index.rules)), ())
    found: dict[int, set[int]] = {}
    for kind in every.kinds:
        found.setdefault(every.view(kind, 0).met, set()).add(kind)
    if every.exact and len(found) <= _MOST_KINDS:
        order = sorted(found, key=lambda met: (-met.bit_count(), met))
        return [PageKind(None), *(PageKind(met, every.describe(found[met])) for met in order)], True
    return [PageKind(None), *_alone(index)], False


def _alone(index: Index) -> Iterator[PageKind]:
    """The pages of each condition, as if the other conditions were not."""
    masks: dict[PageCondition, int] = {}
    for number, rule in enumerate(index.rules):
        masks[rule.pages] = masks.get(rule.pages, 0) | 1 << number
    for condition, met in masks.items():
        yield PageKind(met, (PageGroup((PageTest(condition),)),))


def _readers(index: Index, stretches: Sequence[Stretch]) -> list[Readers]:
    """Every class of readers; of those whose sources disagree, the ones that places contested make usual."""
    wheres = tuple(dict.fromkeys(rule.where for rule in index.rules))
    asking = Asking(wheres, index.ruleset.contested)
    turns = {turn for where in wheres for turn in where.boundaries}
    first, *later = stretches
    instants = [first.at, *(one.at for one in later if one.period.start in turns)]
    plain = [Readers(*one) for one in visitor_classes(places_of([asking], instants))]
    return [*plain, *_contested(asking, instants)]


def _contested(asking: Asking, instants: Sequence[datetime]) -> Iterator[Readers]:
    """Readers in contested places of whom sources name both sides, those together who are answered alike."""
    found: dict[tuple[Answer, ...], list[Visitors]] = {}
    sides = sorted((region, other) for region, others in asking.contested.items() for other in others)
    for pair in sides:
        location = Location.uniting(pair)
        if len(location.candidates) < 2:
            continue
        answers = tuple(where.locate(location, at, asking.contested) for where in asking.wheres for at in instants)
        if any(answer.truth is not False for answer in answers):
            found.setdefault(answers, []).append(Visitors(disagreeing=(location.candidates,)))
    for several in found.values():
        yield Readers(Location(several[0].disagreeing[0]), joined(several))


def _cells(
    index: Index, at: datetime, kinds: Sequence[PageKind], readers: Sequence[Readers]
) -> tuple[tuple[Outcomes, ...], ...]:
    rule_of = _rule_of(index)
    by_readers = [_by_kind(index, one.location, kinds, at, rule_of) for one in readers]
    return tuple(tuple(several[number] for several in by_readers) for number in range(len(kinds)))


def _rule_of(index: Index) -> list[int]:
    """For each number the first of its rule, by which people know it whatever its pages are at what time."""
    first: dict[str, int] = {}
    return [first.setdefault(rule.id, number) for number, rule in enumerate(index.rules)]


def _by_kind(
    index: Index, location: Location, kinds: Sequence[PageKind], at: datetime, rule_of: Sequence[int]
) -> list[Outcomes]:
    """The outcomes for readers at *location* on each kind of page, all pages together first."""
    view, opened = index.territory.view(location, at), index.calendar.interval_at(at).open
    answers = {number: _answer(index, number, location, at) for number in bits_of(opened)}
    doubtful = {number: answer for number, answer in answers.items() if answer.truth is not False}
    found = [_outcomes(index, view, doubtful, kind.met & opened, rule_of) for kind in kinds if kind.met is not None]
    return [_united(found), *found]


def _answer(index: Index, number: int, location: Location, at: datetime) -> Answer:
    return index.rules[number].where.locate(location, at, index.ruleset.contested)


def _outcomes(index: Index, view: View, answers: dict[int, Answer], met: int, rule_of: Sequence[int]) -> Outcomes:
    _, gone = index.stacking.stand(bits_of(met & view.acting), view.sure)
    return tuple(
        _outcome(number, answer, view, gone.get(number), rule_of)
        for number, answer in answers.items()
        if met >> number & 1
    )


def _outcome(number: int, answer: Answer, view: View, displaced: Displaced | None, rule_of: Sequence[int]) -> Outcome:
    rule = rule_of[number]
    causes = tuple(cause for cause in CAUSES if cause in answer.causes)
    if displaced is not None:
        return Outcome(rule, displaced.reason, causes, rule_of[displaced.by])
    if answer.truth:
        return Outcome(rule, "MATCH")
    return Outcome(rule, "UNSURE_SHOWN" if view.acting >> number & 1 else "UNSURE_HIDDEN", causes)


def _united(kinds: Iterable[Outcomes]) -> Outcomes:
    """Of each rule the best that happens to it on any kind of page: shown rather than displaced."""
    best: dict[int, Outcome] = {}
    for outcomes in kinds:
        for one in outcomes:
            known = best.get(one.rule)
            if known is None or (one.shown and not known.shown):
                best[one.rule] = one
    return tuple(best[number] for number in sorted(best))
