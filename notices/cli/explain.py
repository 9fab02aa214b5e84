"""``notices explain``: one decision, and why each rule did or did not have a part in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from notices.api.answers import ruleset
from notices.api.asked import Caller, understand
from notices.decision import write_instant
from notices.engine import explain as explain_decision
from notices.location import Location

from .opening import open_snapshot, utc_now
from .options import as_of_option, geoip_option, page_fact_options, question_of, region_option, rules_option
from .sources import ask_databases, claim_in_words
from .words import clip, columns, place, places, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from notices.decision import Decision, Explanation
    from notices.notice import Notice


@click.command(short_help="Explain one decision: who is shown what, and why.")
@rules_option
@geoip_option
@click.option("--ip", help="The visitor's address, looked up in the databases; it is not repeated anywhere.")
@region_option
@click.option("--language", multiple=True, help="The visitor's language, a BCP 47 tag; repeat, the dearest first.")
@click.option("--page-language", help="The page's language. Default: the first --language.")
@click.option("--url", help="The page's address, or its path alone.")
@page_fact_options
@click.option("--at", help="The instant, such as 2026-11-22T12:00:00Z, or a date. Default: --as-of, else now.")
@as_of_option
@click.option("--json", "as_json", is_flag=True, help="Print the look-up's JSON, with reasons and sources.")
def explain(*, rules: Path, geoip: tuple[Path, ...], as_of: datetime | None, as_json: bool, **asked: Any) -> None:
    """Explain one decision: what a visitor is shown on a page, and every rule's reason, drafts included.

    A look-up states only the facts that it names. Confidential rules are visible here, unlike in public answers.
    """
    now = as_of or utc_now()
    snapshot = open_snapshot(rules, geoip, now, as_of)
    question = question_of(asked)
    operands = understand(question, snapshot, Caller(Location), now)
    decision, reasons = explain_decision(
        snapshot.index, operands.location, operands.page, operands.languages, operands.at, every=True
    )
    sources = ask_databases(snapshot.locator, question.ip) if question.ip else []
    if as_json:
        found = decision.as_dict() | {"ruleset": ruleset(snapshot)}
        for notice in found["notices"]:
            notice["rule"] = _id_of(notice["rule"], decision)
        found["explain"] = [_reason_as_dict(reason) for reason in reasons]
        found["sources"] = sources
        click.echo(json.dumps(found, indent=2, ensure_ascii=False, default=write_instant))
    else:
        _print(decision, reasons, sources)


def _id_of(name: str, decision: Decision) -> str:
    """The id of the rule with a public *name*, which for a confidential one is an opaque token."""
    return {shown.name: shown.id for shown in decision.shown}.get(name, name)


def _reason_as_dict(reason: Explanation) -> dict[str, str]:
    return {"rule": reason.rule, "outcome": reason.outcome, "reason": reason.reason, "detail": reason.detail}


def _print(decision: Decision, reasons: Sequence[Explanation], sources: Sequence[Mapping[str, Any]]) -> None:
    until = f"until {write_instant(decision.until)}" if decision.until else "no change to come"
    facts = [
        ("Location", place(decision.location)),
        ("Certainty", decision.certainty),
        ("At", f"{write_instant(decision.at)}, {until}"),
        ("Action", decision.action),
        ("Variant", decision.variant),
    ]
    if decision.features:
        facts.append(("Page parts", ", ".join(f"{name}: {what}" for name, what in decision.features.items())))
    for line in columns(facts):
        click.echo(line)
    _print_heading("Notices", empty=not decision.notices)
    for notice in decision.notices:
        _print_notice(notice, _id_of(notice.rule, decision))
    _print_heading("Rules", empty=not reasons)
    for reason, line in zip(reasons, columns([(r.outcome, r.rule, r.reason, r.detail) for r in reasons]), strict=True):
        click.echo("  " + (click.style(line, fg="green") if reason.outcome == "shown" else line))
    if sources:
        _print_heading("Sources", empty=False)
        _print_table([(source["database"], _said(source)) for source in sources])


def _said(source: Mapping[str, Any]) -> str:
    believed = "believed" if source["believed"] else "not believed"
    said, meant = claim_in_words(source["claim"]), places(source["candidates"])
    return f"says {said}; means {meant}; {believed}: {source['reason']}"


def _print_notice(notice: Notice, rule: str) -> None:
    where = ", ".join(_place(spot.as_json()) for spot in notice.at)
    doubt = "" if notice.sure else ", not sure"
    click.echo(f"  {click.style(rule, bold=True)} ({notice.level}, {notice.language}, {where}{doubt})")
    link = f"{notice.label}: {notice.href}" if notice.href else ""
    for text in (notice.title, notice.text, link):
        for line in wrapped(text or ""):
            click.echo(f"    {line}")


def _place(spot: str | Mapping[str, str]) -> str:
    return (
        spot if isinstance(spot, str) else " ".join(f"{position} {clip(target)}" for position, target in spot.items())
    )


def _print_heading(text: str, *, empty: bool) -> None:
    click.echo("\n" + click.style(text, bold=True) + ("  none" if empty else ""))


def _print_table(rows: Sequence[tuple[str, str]]) -> None:
    for line in columns(rows):
        click.echo(f"  {line}")
