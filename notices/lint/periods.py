"""Periods of rules: gaps between them, periods that are over, and reviews that are overdue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from notices.moments import last_moment, moment_in_words

from .finding import Finding, of_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notices.ruleset import Rule, Ruleset, Window

    from .finding import Spot

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


def find_gaps(ruleset: Ruleset) -> Iterator[Finding]:
    """Every stretch of time between two periods of one rule in which it does not hold; of no retired rule."""
    for rule in ruleset.rules.values():
        if rule.status != "retired":
            yield from _gaps(rule)


def _gaps(rule: Rule) -> Iterator[Finding]:
    order = sorted(range(len(rule.windows)), key=lambda number: rule.windows[number].start or _EARLIEST)
    reached = rule.windows[order[0]] if order else None
    for number in order[1:]:
        window = rule.windows[number]
        if reached is None or reached.end is None:
            return
        # Between the rounds of an election nothing is missing.
        told = window.event is not None and reached.event is not None
        if window.start is not None and window.start > reached.end and not told:
            since, until = moment_in_words(reached.end, reached.zone), moment_in_words(window.start, window.zone)
            message = f"{rule.id!r} does not hold from {since} until {until}, {_length(window.start - reached.end)}"
            fix = "'until' is the first moment after a period: let it be the next one's 'from'; or make two rules"
            yield Finding(_spot(rule, number), "warning", "window-gap", message, fix)
        reached = max(reached, window, key=lambda one: one.end or _LATEST)


def _spot(rule: Rule, number: int, *keys: str) -> Spot:
    """Where a window is written; one that an event tells is where the event is named."""
    event = rule.windows[number].event
    return of_rule(rule.id, "when", number, *keys) if event is None else of_rule(rule.id, "when", text=event)


def find_past_windows(ruleset: Ruleset, now: datetime) -> Iterator[Finding]:
    """Every active rule whose last period is over at *now*; that earlier ones are over is history."""
    for rule in ruleset.active:
        ends = [window.end for window in rule.windows]
        over = [end for end in ends if end is not None and end <= now]
        if ends and len(over) == len(ends):
            number = ends.index(max(over))
            message = f"{rule.id!r} is over: it was last shown {_last(max(over), rule.windows[number])}"
            spot = _spot(rule, number)
            yield Finding(spot, "warning", "past-window", message, "write 'status: retired', or a period to come")


def find_ends(ruleset: Ruleset, now: datetime) -> Iterator[Finding]:
    """Hints: of every end to come, but of retired rules, the last moment shown (spec: rules, section 5)."""
    for rule in ruleset.rules.values():
        for number, window in enumerate(rule.windows):
            if rule.status != "retired" and window.end is not None and window.end > now:
                message = f"{rule.id!r} is last shown {_last(window.end, window)}"
                spot = _spot(rule, number, "until")
                yield Finding(spot, "hint", "last-shown", message, "write a later 'until' if more is meant")


def _last(end: datetime, window: Window) -> str:
    """The last moment that an end leaves: ``30 Dec 2026, 23:59:59 Europe/Moscow``."""
    return moment_in_words(last_moment(end), window.zone)


def find_overdue_reviews(ruleset: Ruleset, now: datetime) -> Iterator[Finding]:
    """Every rule, but retired ones, whose day of review is over at *now*, in UTC."""
    today = now.astimezone(UTC).date()
    for rule in ruleset.rules.values():
        if rule.status != "retired" and rule.review_by is not None and rule.review_by < today:
            days = (today - rule.review_by).days
            who = f" by {rule.owner}" if rule.owner else ""
            message = f"the review of {rule.id!r}{who} is overdue by {_days(days)}"
            fix = "review its facts, and write the day of the next review"
            yield Finding(of_rule(rule.id, "review-by"), "warning", "review-overdue", message, fix)


def _length(gap: timedelta) -> str:
    if gap >= timedelta(days=1):
        return _days(gap.days)
    return f"{gap.seconds // 3600} h {gap.seconds % 3600 // 60} min"


def _days(days: int) -> str:
    return f"{days} day{'s' * (days != 1)}"
