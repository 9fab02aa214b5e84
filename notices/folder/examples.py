"""Run the ``examples`` of rules: each asks its rule alone, as if active (spec: rules, section 9)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from notices.engine import explain
from notices.errors import Problem
from notices.index import build_index
from notices.location import Location
from notices.moments import moment_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notices.index import Index
    from notices.ruleset import Example, Rule, Ruleset

#: When a draft without a start and without a review is asked.
_NO_DATE = date(2026, 1, 1)

_FIX = "correct the rule or the example"
_FIX_FACTS = "say in the example what the page states, such as page: {tags: [politics]}; or correct the rule"


def failing_examples(ruleset: Ruleset) -> Iterator[Problem]:
    """Every example of every rule that does not come out as it says; the same on any day."""
    for rule in (*ruleset.rules.values(), *ruleset.patterns.values()):
        if rule.examples:
            alone = replace(rule, status="active", supersedes=(), group=None)
            index = build_index(replace(ruleset, rules={rule.id: alone}))
            for example in rule.examples:
                yield from _failures(index, rule, example)


def usual_instant(rule: Rule) -> datetime:
    """When an example without ``now`` asks: at the start of the last window, else at midnight UTC of the review."""
    starts = [window.start for window in rule.windows if window.start is not None]
    return max(starts) if starts else datetime.combine(rule.review_by or _NO_DATE, time(), UTC)


def _failures(index: Index, rule: Rule, example: Example) -> Iterator[Problem]:
    at = example.now or usual_instant(rule)
    location = Location(example.candidates, example.network, "query")
    # What it would say is not asked: to write texts and find the nearest languages takes longer than all else here.
    standing = index.standing(location, index.classes.reduce(example.page), at)
    outcome = "shown" if standing.shown else "hidden"
    expected = "shown" if example.expect_shown else "hidden"
    if outcome != expected:
        _, reasons = explain(index, location, example.page, example.visitor_languages, at, every=True)
        detail = ", ".join(f"{reason.reason}: {reason.detail}" for reason in reasons)
        when = moment_in_words(at, _zone_of(rule) or index.ruleset.defaults.timezone)
        missing = any(reason.reason == "FACT_MISSING" for reason in reasons)
        fix = _FIX_FACTS if missing and not standing.shown else _FIX
        yield _failed(example, f"{rule.id!r} is {outcome} on {when}, not {expected} ({detail})", fix)
    elif example.sure is not None and standing.shown and example.sure != all(shown.sure for shown in standing.shown):
        answer = "a plain yes" if example.sure is False else f"a maybe ({standing.cause})"
        yield _failed(example, f"{rule.id!r} is shown on {answer}, not as 'sure: {str(example.sure).lower()}' says")


def _zone_of(rule: Rule) -> str | None:
    """The zone in which the rule's periods are written."""
    return next((window.zone for window in reversed(rule.windows) if window.zone is not None), None)


def _failed(example: Example, message: str, fix: str = _FIX) -> Problem:
    mark = example.mark
    return Problem(mark.path, mark.line, mark.column, "error", "example-failed", message, fix)
