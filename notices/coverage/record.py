"""List the rules themselves: what each says of regions, pages and time, and who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.compare import Period
from notices.compare.page_words import condition_in_words
from notices.ruleset import PageCondition

from .markup import element, text
from .wording import period_in_words, where_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.index import Index
    from notices.location import Cause
    from notices.ruleset import Rule

_HEADS = ("Rule", "Regions", "On a maybe", "Pages", "Time", "Law, owner, review")


def rules_table(index: Index) -> str:
    """The active rules, highest first, one row each whatever its pages are at what time; below, all others' ids."""
    zone = index.ruleset.defaults.timezone
    rows = "".join(
        _row(number, [index.rules[one] for one in phases], zone) for number, phases in _phases_by_first(index).items()
    )
    head = element("tr", "".join(element("th", name, scope="col") for name in _HEADS))
    caption = element("caption", "Active rules, highest priority first")
    others = [f"{rule.id} ({rule.status})" for rule in index.ruleset.rules.values() if rule.status != "active"]
    left_out = element("p", text(f"Not active, and left out: {', '.join(others)}.")) if others else ""
    return element("table", caption + element("thead", head) + element("tbody", rows), id="rules") + left_out


def _phases_by_first(index: Index) -> dict[int, list[int]]:
    """The numbers of each rule's phases, several where its pages change with statuses, by the first of them."""
    found: dict[str, list[int]] = {}
    for number, rule in enumerate(index.rules):
        found.setdefault(rule.id, []).append(number)
    return {several[0]: several for several in found.values()}


def _row(number: int, phases: Sequence[Rule], zone: str | None) -> str:
    rule = phases[0]
    secret = element("p", "Confidential: not for the public.", class_="secret") if rule.confidential else ""
    name = element("strong", text(rule.id)) + element("p", text(rule.title)) + secret
    reviewed = f"review by {rule.review_by.isoformat()}" if rule.review_by else None
    facts = "; ".join(filter(None, (*rule.law, rule.owner, reviewed)))
    asked = [(text(_pages(one)), text(_time(one, zone))) for one in phases]
    pages, times = zip(*asked, strict=True)
    cells = (text(where_in_words(rule.where)), text(_unsure(rule)), _stack(pages), _stack(times), text(facts or "–"))
    labelled = "".join(element("td", cell, data_label=head) for head, cell in zip(_HEADS[1:], cells, strict=True))
    return element("tr", element("th", name, scope="row") + labelled, id=f"rule-{number}")


def _pages(rule: Rule) -> str:
    return "all pages" if rule.pages == PageCondition() else condition_in_words(rule.pages)


def _time(rule: Rule, zone: str | None) -> str:
    windows = [period_in_words(Period(one.start, one.end, one.zone or zone), one.zone or zone) for one in rule.windows]
    return "; ".join(windows) or "Always"


def _stack(parts: Sequence[str]) -> str:
    """One part as it is; of several each with its number, which stands in both columns."""
    if len(parts) == 1:
        return parts[0]
    return element("ol", "".join(element("li", part) for part in parts))


def _unsure(rule: Rule) -> str:
    by_verdict: dict[str, list[Cause]] = {}
    for cause, verdict in rule.unsure.items():
        by_verdict.setdefault(verdict, []).append(cause)
    if len(by_verdict) == 1:
        return f"{next(iter(by_verdict))} always"
    return "; ".join(f"{verdict}: {', '.join(causes)}" for verdict, causes in sorted(by_verdict.items()))
