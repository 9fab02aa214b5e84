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

    from .index import Index


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


def safe_default(index: Index, at: datetime) -> Decision:
    """All notices that an unknown visitor gets on a page of which nothing is stated; it never withholds.

    For when a decision fails (spec: service, section 3): rules that withhold are left out as if they were not there.
    """
    location, page = Location(), index.classes.reduce(Page())
    standing = index.standing(location, page, at, without=index.withholding)
    return Decision(at, location, index.word(standing, page, Readers(None, ())), index)
