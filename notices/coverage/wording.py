"""Put a coverage into words: places, causes, reasons, texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.compare.page_words import pages_in_words
from notices.compare.visitor_words import visitors_in_words
from notices.language import choose_texts, matches_language
from notices.location import Entry
from notices.moments import end_in_words, start_in_words
from notices.region import country_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notices.compare import Period, Visitors
    from notices.index import Shown
    from notices.location import Cause, Where
    from notices.ruleset import Rule

    from .values import Outcome, PageKind

#: What each cause of a maybe means, for people.
CAUSE_WORDS: Mapping[Cause, str] = {
    "anonymous": "behind Tor or a VPN",
    "unknown": "place not known",
    "contested": "contested, or only a part belongs",
    "coarse": "only a larger area is known",
}


def where_in_words(where: Where) -> str:
    """The regions that a rule names: ``RU, russia-controlled-ukraine``."""
    included = ", ".join(map(_operand, where.include))
    return included + (f" except {', '.join(map(_operand, where.exclude))}" if where.exclude else "")


def _operand(operand: Entry | Where) -> str:
    if isinstance(operand, Entry):
        return f"part of {operand.region}" if operand.part else operand.region
    return operand.name or f"({where_in_words(operand)})"


def readers_in_words(visitors: Visitors) -> str:
    """Who, as a title."""
    words = visitors_in_words(visitors)
    return words[0].upper() + words[1:]


def size_in_words(countries: int, parts: int, others: Iterable[str | None] = ()) -> str:
    """How many places: ``1 country, 85 parts``; then *others*, each once."""
    counted = [
        f"{number} {one if number == 1 else many}"
        for number, one, many in ((countries, "country", "countries"), (parts, "part", "parts"))
        if number
    ]
    return ", ".join([*counted, *dict.fromkeys(other for other in others if other)])


def size_of(visitors: Visitors) -> tuple[int, int, str | None]:
    """The numbers of countries and of parts of countries, and who else: readers without one place."""
    countries = sum(code == country_of(code) for code in visitors.regions)
    other = "unknown places" if visitors.unknown else "Tor and VPNs" if visitors.anonymous else None
    return countries, len(visitors.regions) - countries, "disagreeing sources" if visitors.disagreeing else other


def kind_in_words(kind: PageKind) -> str:
    """Which pages, as a choice."""
    if kind.met is None:
        return "All pages together"
    words = "; or ".join(part.removeprefix("on ") for part in pages_in_words(kind.pages).split("; or ")) or "all pages"
    return words[0].upper() + words[1:] + ("" if kind.met else " (no rule is for these)")


def period_in_words(period: Period, end_zone: str | None) -> str:
    """When, each end in the zone in which it was written: ``20 Feb 2024 to 30 Nov 2026``."""
    start = start_in_words(period.start, period.zone) if period.start else ""
    end = end_in_words(period.end, end_zone) if period.end else ""
    if start and end:
        return f"{start} to {end}"
    return f"From {start} on" if start else f"Until {end}" if end else "Always"


def answer_in_words(outcome: Outcome) -> tuple[str, str]:
    """Whether the readers are in the rule's regions, and the causes of a maybe."""
    if not outcome.causes:
        return "yes", ""
    return "maybe", "; ".join(f"{cause}: {CAUSE_WORDS[cause]}" for cause in outcome.causes)


def result_in_words(outcome: Outcome, rule: Rule) -> str:
    """What becomes of the notice."""
    if not outcome.shown:
        return "not withheld" if rule.action == "withhold" else "hidden"
    return "page withheld" if rule.action == "withhold" else "shown"


def reason_in_words(outcome: Outcome, rule: Rule, by: Rule | None) -> str:
    """Why."""
    where = where_in_words(rule.where)
    if outcome.reason == "SUPERSEDED" and by is not None:
        return f"superseded by {by.id}"
    if outcome.reason == "GROUP" and by is not None:
        return f"{by.id} stands higher in group {rule.group}"
    if outcome.reason == "MATCH":
        return f"in {where}"
    verdict = "acts" if outcome.shown else "does not act"
    return f"may be in {where}, and the rule {verdict} on this maybe"


def text_in_words(shown: Shown, language: str | None, default: str | None) -> str:
    """The languages of the texts for a page and a reader in *language*, and whether it is another than that."""
    wanted = (language,) if language else ()
    chosen = choose_texts(shown.tags, shown.policy, language, wanted, default)
    if not language or any(matches_language(language.split("-")[0], tag) for tag in chosen):
        return ", ".join(chosen)
    follows = {"page", "visitor"} & set(shown.policy)
    return ", ".join(chosen) + (f" (no text in {language})" if follows else "")
