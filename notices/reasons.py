"""Find for one rule the reason why it is or is not shown, and put it into words (spec: service, section 5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from .conditions import examine, publisher_of
from .decision import Explanation
from .index import version_of
from .location import Entry, Where
from .region import WORLD, contains

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .conditions import Finding
    from .decision import Reason
    from .index import Displaced, Index
    from .location import Answer, Location
    from .page import Page
    from .ruleset import Rule

    Operands = tuple[Entry | Where, ...]


class Question(Struct, frozen=True):
    """What was asked, and what came of it: ``displaced`` by the id of the rule that does not stand."""

    index: Index
    location: Location
    page: Page
    at: datetime
    displaced: Mapping[str, Displaced]
    public: bool


def explain_rule(rule: Rule, question: Question) -> Explanation:
    """Why *rule* is or is not shown: the first reason that applies, in the order of the specification."""
    found = next(_obstacles(rule, question), None)
    if found is not None:
        return Explanation(rule.id, "hidden", *found)
    answer = _answer(rule, question)
    if answer.truth:
        return Explanation(rule.id, "shown", "MATCH", _is_in(rule.where, question))
    return Explanation(rule.id, "shown", "UNSURE_SHOWN", _may_be_in(rule.where, question, answer))


def _obstacles(rule: Rule, question: Question) -> Iterator[tuple[Reason, str]]:
    if rule.status != "active":
        yield "STATUS", f"status is {rule.status}"
    yield from _untimely(rule, question.at, _zone(question.index.ruleset.defaults.timezone))
    yield from _wrong_page(_finding(rule, question))
    yield from _wrong_region(rule, question)
    yield from _displaced(rule, question)


def _untimely(rule: Rule, at: datetime, zone: tzinfo) -> Iterator[tuple[Reason, str]]:
    if rule.windows and not any(window.holds(at) for window in rule.windows):
        coming = [(window.start, window) for window in rule.windows if window.start is not None and window.start > at]
        if coming:
            start, window = min(coming, key=lambda pair: pair[0])
            yield "NOT_YET", f"effective from {_day(start, _zone(window.zone, zone))}"
        ended = [(window.end, window) for window in rule.windows if window.end is not None]
        end, window = max(ended, key=lambda pair: pair[0])
        yield "OVER", f"over since {_day(end, _zone(window.zone, zone))}"
    if rule.texts and version_of(rule, at) is None:
        begins = min(version.start for version in rule.texts if version.start is not None)
        yield "NOT_YET", f"first text is from {_day(begins, zone)}"


def _wrong_page(finding: Finding) -> Iterator[tuple[Reason, str]]:
    if finding.wrong:
        yield "PAGE", "; ".join(finding.wrong)
    if finding.missing:
        yield "FACT_MISSING", "; ".join(finding.missing)


def _finding(rule: Rule, question: Question) -> Finding:
    ruleset = question.index.ruleset
    publisher = publisher_of(question.page, ruleset.publishers, ruleset.defaults.publisher)
    return examine(rule.pages, question.page, publisher, question.at)


def _answer(rule: Rule, question: Question) -> Answer:
    return rule.where.locate(question.location, question.at, question.index.ruleset.contested)


def _wrong_region(rule: Rule, question: Question) -> Iterator[tuple[Reason, str]]:
    answer = _answer(rule, question)
    if answer.truth is False:
        yield "REGION", _is_not_in(rule, question)
    elif answer.truth is None and not rule.acts_unsure(answer.causes):
        maybe = _may_be_in(rule.where, question, answer)
        yield "UNSURE_HIDDEN", f"{maybe}, and the rule hides on a maybe"


def _at_another_time(rule: Rule, question: Question) -> str:
    """When the place joins what the rule lists, or that it has left it; nothing where it never belongs there."""
    candidates = question.location.candidates
    dated = [
        entry
        for entry in _entries(rule.where)
        if any(entry.region == one or contains(entry.region, one) for one in candidates)
    ]
    coming = [entry.start for entry in dated if entry.start is not None and entry.start > question.at]
    over = [entry.end for entry in dated if entry.end is not None and entry.end <= question.at]
    zone = _zone(next((window.zone for window in rule.windows if window.event is not None), None))
    if coming:
        return f" before {_day(min(coming), zone)}"
    return f" since {_day(max(over), zone)}" if over else ""


def _entries(where: Where) -> Iterator[Entry]:
    for operand in where.include:
        if isinstance(operand, Entry):
            yield operand
        else:
            yield from _entries(operand)


def _displaced(rule: Rule, question: Question) -> Iterator[tuple[Reason, str]]:
    displaced = question.displaced.get(rule.id)
    if displaced is None:
        return
    by = question.index.rules[displaced.by]
    name = question.index.name(by) if question.public else by.id
    if displaced.reason == "SUPERSEDED":
        yield "SUPERSEDED", f"superseded by {name}"
    else:
        yield "GROUP", f"{name} stands higher in group {rule.group}"


def _place(location: Location) -> str:
    if location.candidates == (WORLD,):
        return "an anonymous visitor" if location.anonymous else "an unknown place"
    return " and ".join(location.candidates)


def _is_in(where: Where, question: Question) -> str:
    return f"{_place(question.location)} is in {_named(_touching(where.include, question, sure=True))}"


def _may_be_in(where: Where, question: Question, answer: Answer) -> str:
    """With the entries alone that may hold the visitor, and the exceptions that may."""
    inside, outside = _touching(where.include, question), _touching(where.exclude, question)
    excepted = f" except {_named(outside)}" if outside else ""
    return f"{_place(question.location)} may be in {_named(inside)}{excepted} ({', '.join(sorted(answer.causes))})"


def _is_not_in(rule: Rule, question: Question) -> str:
    """With all entries, since none holds the visitor; or with the one that does, and the exception from it."""
    where = rule.where
    inside, outside = _touching(where.include, question), _touching(where.exclude, question)
    if inside and outside:
        return f"{_place(question.location)} is in {_named(inside)}, but excepted by {_named(outside)}"
    return f"{_place(question.location)} is not in {_listed(where)}{_at_another_time(rule, question)}"


def _touching(operands: Operands, question: Question, *, sure: bool = False) -> Operands:
    """Of the entries and sets those that hold one of the candidates, and unless it is to be *sure*, that may."""
    location, contested = question.location, question.index.ruleset.contested
    wanted = (True,) if sure else (True, None)

    def touches(one: Entry | Where) -> bool:
        answers = (one.ask(code, location.anonymous, question.at, contested) for code in location.candidates)
        return any(answer.truth in wanted for answer in answers)

    return tuple(filter(touches, operands))


def _named(operands: Operands) -> str:
    return ", ".join(dict.fromkeys(map(_operand, operands)))


def _listed(where: Where) -> str:
    return f"{_named(where.include)} except {_named(where.exclude)}" if where.exclude else _named(where.include)


def _operand(operand: Entry | Where) -> str:
    if isinstance(operand, Entry):
        return operand.region
    return operand.name or f"({_listed(operand)})"


def _zone(name: str | None, otherwise: tzinfo = UTC) -> tzinfo:
    return otherwise if name is None else ZoneInfo(name)


def _day(at: datetime, zone: tzinfo) -> str:
    """The day that begins at *at* in the editor's zone; an instant within a day with its time and zone."""
    local = at.astimezone(zone)
    begins_day = (at - timedelta(microseconds=1)).astimezone(zone).date() < local.date()
    return f"{local:%Y-%m-%d}" if begins_day else f"{local:%Y-%m-%d %H:%M} {zone}"
