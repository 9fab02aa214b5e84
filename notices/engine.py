"""Decide what a visitor sees, and explain it.  Pure: no clock, no input or output, no framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .decision import Decision
from .errors import QuestionError
from .index import Readers
from .location import Location
from .page import Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .decision import Explanation
    from .index import Index
    from .ruleset import Rule


def decide(
    index: Index, location: Location, page: Page, languages: Sequence[str] = (), at: datetime | None = None
) -> Decision:
    """Decide what the visitor at *location*, who reads *languages*, is shown on *page* at the instant *at*.

    There is no clock here, so *at* must be given.

    :raises QuestionError: when *at* is missing or has no time zone.
    """
    if at is None:
        raise QuestionError("at", "the instant of the decision is missing")
    return Decision(at, location, index.verdict(location, page, languages, at), index)


def explain(
    index: Index,
    location: Location,
    page: Page,
    languages: Sequence[str] = (),
    at: datetime | None = None,
    *,
    every: bool = False,
) -> tuple[Decision, tuple[Explanation, ...]]:
    """Decide, and say for each active public rule why it is or is not shown, in the order of display.

    *every* is for those who keep the rules: rules of every status, confidential ones by their ids.

    :raises QuestionError: when *at* is missing or has no time zone.
    """
    decision = decide(index, location, page, languages, at)
    met = index.page_mask(index.classes.reduce(page))
    _, gone, _ = index.applying(location, met, decision.at)
    displaced = {index.rules[number].id: by for number, by in gone.items()}
    from .reasons import Question, explain_rule  # few who decide ask why

    question = Question(index, location, page, decision.at, displaced, public=not every)
    return decision, tuple(explain_rule(rule, question) for rule in _explained(index, every=every))


def _explained(index: Index, *, every: bool) -> Sequence[Rule]:
    if not every:
        return [rule for rule in index.ruleset.active if not rule.confidential]
    return sorted(index.ruleset.rules.values(), key=lambda rule: (-rule.priority, rule.id))


def safe_default(index: Index, at: datetime) -> Decision:
    """All notices that an unknown visitor gets on a page of which nothing is stated; it never withholds.

    For when a decision fails (spec: service, section 3): rules that withhold are left out as if they were not there.
    """
    location, page = Location(), index.classes.reduce(Page())
    standing = index.standing(location, page, at, without=index.withholding)
    return Decision(at, location, index.word(standing, page, Readers(None, ())), index)
