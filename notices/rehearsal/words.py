"""What became of a rehearsed page, in an editor's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.http.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .stage import Rendition

_LEFT_ALONE: Mapping[str, str] = {
    Outcome.NOT_HTML: "it is not HTML",
    Outcome.STATUS: "its status has no page",
    Outcome.ATTACHMENT: "it is an attachment",
    Outcome.FRAGMENT: "it is a piece of a page: no doctype, html, head or body",
    Outcome.SIGNED: "it is signed",
    Outcome.CODING: "it is compressed in a way that cannot be unpacked",
    Outcome.SKIPPED: "the site asks to leave it alone",
    Outcome.NO_PLACE: "it has no place for a notice: a frameset, an unfinished comment, or an unknown charset",
    Outcome.FAILED: "something failed",
}


def outcome_in_words(rendition: Rendition) -> str:
    """Which rules act on the page, or why none does."""
    decision = rendition.decision
    rules = ", ".join(shown.id for shown in decision.shown) if decision is not None else ""
    if rendition.outcome == Outcome.WITHHELD:
        return f"withheld by {rules}"
    if rendition.outcome == Outcome.SHOWN:
        return f"shown: {rules}"
    reason = _LEFT_ALONE.get(rendition.outcome or "")
    if reason is None:
        return "no notice for this visitor"
    return f"left as it is, since {reason}" + (f"; it would show {rules}" if rules else "")


def visitor_in_words(regions: tuple[str, ...], languages: tuple[str, ...]) -> str:
    """For whom: ``RU, reads ru``."""
    return " or ".join(regions) + (f", reads {', '.join(languages)}" if languages else "")
