"""What cases and examples leave untouched: rules never shown or hidden, regions and causes that none asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notices.engine import decide
from notices.index import build_index
from notices.index.territory import regions_in
from notices.lint.situations import Situations
from notices.loader import read_cases
from notices.location import CAUSES, Location
from notices.region import contains

from .examples import usual_instant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from notices.location import Cause
    from notices.ruleset import Rule

    from .loaded import Loaded


@dataclass(frozen=True, slots=True)
class Question:
    """One case or example: who asks and when, and the ids of the active rules that it is shown and that it is not."""

    location: Location
    at: datetime
    shown: frozenset[str]
    hidden: frozenset[str]


@dataclass(frozen=True, slots=True)
class Untouched:
    """What nothing asks of one active rule; ``shown`` and ``hidden`` say whether something sees it so at all.

    ``regions`` are those that ``where`` names, sets resolved, in which no visitor is; ``causes`` those of a maybe
    that the rule can be asked for and is not. ``unread`` are the languages whose text no native editor has read.
    """

    rule: str
    shown: bool
    hidden: bool
    regions: tuple[str, ...]
    causes: tuple[Cause, ...]
    unread: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether cases touch all of the rule."""
        return self.shown and self.hidden and not self.regions and not self.causes


@dataclass(frozen=True, slots=True)
class Touched:
    """How many ``cases`` and ``examples`` there are, and for each active rule, in order of display, what they leave."""

    cases: int
    examples: int
    rules: tuple[Untouched, ...]


def find_untouched(loaded: Loaded) -> Touched:
    """Compare the cases and the rules' examples with all that can be asked of the active rules."""
    ruleset = loaded.ruleset
    cases, _ = read_cases(loaded.files, ruleset)
    index = build_index(ruleset)
    active = frozenset(rule.id for rule in ruleset.active)
    questions = []
    for case, at in cases:
        decision = decide(index, case.location, case.page, case.languages, at)
        shown = frozenset(one.id for one in decision.shown)
        questions.append(Question(case.location, at, shown, active - shown))
    situations = Situations(ruleset, index)
    rules = tuple(_untouched(situations, rule, questions) for rule in ruleset.active)
    return Touched(len(cases), sum(len(rule.examples) for rule in ruleset.active), rules)


def _untouched(situations: Situations, rule: Rule, questions: Sequence[Question]) -> Untouched:
    numbers = situations.phases[rule.id]
    asked = [*questions, *_examples(rule)]
    candidates = {candidate for question in asked for candidate in question.location.candidates}
    named = regions_in(rule.where)
    seen = {region for region in named if any(one == region or contains(region, one) for one in candidates)}
    causes = {cause for question in asked for cause in _causes(situations, rule, question.location, question.at)}
    possible = {
        cause
        for at in situations.instants(numbers)
        for visitor in situations.visitors(numbers)
        for cause in _causes(situations, rule, visitor, at)
    }
    return Untouched(
        rule.id,
        shown=any(rule.id in question.shown for question in asked),
        hidden=any(rule.id in question.hidden for question in asked),
        regions=tuple(sorted(named - seen)),
        causes=tuple(cause for cause in CAUSES if cause in possible - causes),
        unread=rule.unread,
    )


def _examples(rule: Rule) -> list[Question]:
    """A rule's own examples; what they expect holds, or the rules would not load."""
    itself, nothing = frozenset({rule.id}), frozenset[str]()
    return [
        Question(
            Location(example.candidates, example.network),
            example.now or usual_instant(rule),
            itself if example.expect_shown else nothing,
            nothing if example.expect_shown else itself,
        )
        for example in rule.examples
    ]


def _causes(situations: Situations, rule: Rule, location: Location, at: datetime) -> frozenset[Cause]:
    return rule.where.locate(location, at, situations.ruleset.contested).causes
