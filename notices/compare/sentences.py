"""Put an effect into one sentence: ``Readers in RU and 6 regions of Ukraine, on articles, from 1 Dec 2026: ...``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.moments import end_in_words, start_in_words

from .page_words import pages_in_words
from .visitor_words import visitors_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .values import Change, Effect, Period


def sentence(effect: Effect, *, timeless: bool = False) -> str:
    """Who, on which pages, when: what. *timeless* leaves the time out, where only one instant was compared."""
    who = visitors_in_words(effect.visitors)
    parts = [who[0].upper() + who[1:], pages_in_words(effect.pages)]
    if not timeless:
        parts.append(periods_in_words(effect.periods))
    return f"{', '.join(filter(None, parts))}: {change_in_words(effect.change)}"


def change_in_words(change: Change) -> str:
    """What happens to the notice."""
    (*_, name), withheld = change.rules, change.action == "withhold"
    if change.kind == "gained":
        return f"page newly withheld by {name}" if withheld else f"new notice {name}"
    if change.kind == "lost":
        return f"page no longer withheld by {name}" if withheld else f"no more notice {name}"
    if change.kind == "changed":
        what = ", ".join(difference.what for difference in change.differences)
        return f"{'withheld page of' if withheld else 'notice'} {name} changed ({what})"
    return f"another order of notices: {', '.join(change.rules)}"


def periods_in_words(periods: Sequence[Period]) -> str:
    """When; nothing for always."""
    return " and ".join(filter(None, map(_period, periods)))


def _period(period: Period) -> str:
    parts = []
    if period.start is not None:
        parts.append(f"from {start_in_words(period.start, period.zone)}")
    if period.end is not None:
        parts.append(f"to {end_in_words(period.end, period.zone)}")
    return " ".join(parts)
