"""Examine whether a page's publisher, or one whom the page mentions, has a status; the near miss in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.moments import first_day

from .finding import Finding, either_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from notices.page import Page
    from notices.publisher import StatusAsked
    from notices.ruleset import PageCondition


def status_findings(condition: PageCondition, page: Page, publisher: str | None, at: datetime) -> Iterator[Finding]:
    """What a page by *publisher* is to the statuses that *condition* itself asks for, not those in its exceptions."""
    if condition.statuses is not None:
        yield _of_publisher(condition.statuses, publisher, at)
    if condition.mentioned is not None:
        yield _of_mentions(condition.mentioned, page.mentions, at)


def _of_publisher(asked: StatusAsked, publisher: str | None, at: datetime) -> Finding:
    if publisher is None:
        return Finding(missing=("publisher not stated",))
    return Finding() if publisher in asked.at(at) else Finding(wrong=(_miss(asked, publisher, at),))


def _of_mentions(asked: StatusAsked, mentions: frozenset[str] | None, at: datetime) -> Finding:
    if mentions is None:
        return Finding(missing=("mention not stated",))
    if mentions & asked.at(at):
        return Finding()
    once = sorted(name for name in mentions if asked.windows_of(name))
    wrong = [_miss(asked, name, at) for name in once] or [f"none mentioned has the status {either_of(asked.names)}"]
    return Finding(wrong=tuple(wrong))


def _miss(asked: StatusAsked, publisher: str, at: datetime) -> str:
    """Why *publisher* has no such status at *at*: not yet, no more, or never."""
    windows = asked.windows_of(publisher)
    coming = [(one.start, one.zone) for one in windows if one.start is not None and one.start > at]
    over = [(one.end, one.zone) for one in windows if one.end is not None and one.end <= at]
    when = ""
    if coming:
        when = f" before {first_day(*min(coming, key=_instant))}"
    elif over:
        when = f" since {first_day(*max(over, key=_instant))}"
    return f"{publisher} has no status {either_of(asked.names)}{when}"


def _instant(pair: tuple[datetime, str | None]) -> datetime:
    return pair[0]


def statuses_in_words(condition: PageCondition) -> Iterator[str]:
    """The statuses that *condition* itself asks for."""
    if condition.statuses is not None:
        yield f"publisher status {either_of(condition.statuses.names)}"
    if condition.mentioned is not None:
        yield f"mentioned status {either_of(condition.mentioned.names)}"
