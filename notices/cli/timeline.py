"""``notices timeline``: what took effect, what is in force, what is to come, and which reviews are due."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from notices.api.asked import read_instant
from notices.decision import write_instant
from notices.moments import last_moment, moment_in_words
from notices.timeline import timeline as lay_out

from .opening import open_rules, utc_now
from .options import as_of_option, rules_argument
from .words import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from notices.timeline import Event, Review, Span, Timeline


@click.command(short_help="Show what changes when, and which reviews are due.")
@rules_argument
@as_of_option
@click.option("--at", help="The instant, such as 2026-11-22T12:00:00Z, or a date. Default: --as-of, else now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def timeline(ctx: click.Context, *, rules: Path, as_of: datetime | None, at: str | None, as_json: bool) -> None:
    """Show what the active rules in the folder RULES (default: $NOTICES_RULES, else ./rules) change when.

    Reviews are those of active rules, and so are the texts that no native editor has read yet.

    Exit code: 0, or 1 where a review is overdue.
    """
    now = (as_of or utc_now()) if at is None else read_instant("at", at, UTC)
    found = lay_out(open_rules(rules, as_of), now)
    if as_json:
        click.echo(json.dumps(_as_dict(found), indent=2, ensure_ascii=False, default=_plain))
    else:
        _print(found)
    ctx.exit(1 if any(review.overdue for review in found.reviews) else 0)


def _plain(value: datetime | date) -> str:
    return write_instant(value) if isinstance(value, datetime) else value.isoformat()


def _as_dict(found: Timeline) -> dict[str, Any]:
    """The timeline as JSON values; where something ends, ``last_shown`` spells the last moment out."""
    return {
        "at": found.at,
        "past": [_event_as_dict(event) for event in found.past],
        "in_force": [
            asdict(span) | {"last_shown": None if span.end is None else _last(span.end, span.zone)}
            for span in found.in_force
        ],
        "coming": [_event_as_dict(event) for event in found.coming],
        "reviews": [asdict(review) | {"overdue": review.overdue} for review in found.reviews],
        "inactive": [{"rule": rule, "status": status} for rule, status in found.inactive],
        "unread": [{"rule": rule, "languages": languages} for rule, languages in found.unread],
    }


def _event_as_dict(event: Event) -> dict[str, Any]:
    return asdict(event) | {"last_shown": _last(event.at, event.zone) if event.what == "ends" else None}


def _last(end: datetime, zone: str | None) -> str:
    return moment_in_words(last_moment(end), zone)


def _print(found: Timeline) -> None:
    click.echo(f"Seen from {moment_in_words(found.at, found.zone)}")
    _print_table("Took effect", [_event_in_words(event) for event in found.past])
    _print_table("In force", [_span_in_words(span) for span in found.in_force])
    _print_table("To come", [_event_in_words(event) for event in found.coming])
    rows = [_review_in_words(review) for review in found.reviews]
    _print_table("Reviews", rows, {number for number, review in enumerate(found.reviews) if review.overdue})
    if found.unread:
        waiting = [f"{rule} ({', '.join(languages)})" for rule, languages in found.unread]
        click.echo(f"\n{_texts(found)} that no native editor has read: {', '.join(waiting)}")
    if found.inactive:
        click.echo("\nNot active, and left out: " + ", ".join(f"{rule} ({status})" for rule, status in found.inactive))


def _texts(found: Timeline) -> str:
    count = sum(len(languages) for _, languages in found.unread)
    return f"{count} text{'s' * (count != 1)}"


def _print_table(title: str, rows: Sequence[tuple[str, ...]], alarming: Iterable[int] = ()) -> None:
    click.echo("\n" + click.style(title, bold=True) + ("" if rows else "  none"))
    for number, line in enumerate(columns(rows)):
        click.echo("  " + (click.style(line, fg="red") if number in alarming else line))


def _event_in_words(event: Event) -> tuple[str, str, str]:
    rules, regions = ", ".join(event.rules), ", ".join(event.regions)
    if event.what == "ends":
        return moment_in_words(event.at, event.zone), rules, f"ends: last shown {_last(event.at, event.zone)}"
    if event.what == "begins":
        return moment_in_words(event.at, event.zone), rules, "begins"
    if event.what == "text":
        return moment_in_words(event.at, event.zone), rules, f"another text ({', '.join(event.languages)})"
    moves = {"joins": ("joins", "join"), "leaves": ("leaves", "leave")}[event.what][len(event.regions) > 1]
    where = f"the set {event.set}" if event.set else "the rule's regions"
    return moment_in_words(event.at, event.zone), rules, f"{regions} {moves} {where}"


def _span_in_words(span: Span) -> tuple[str, str]:
    start = "always" if span.start is None else f"since {moment_in_words(span.start, span.zone)}"
    return span.rule, start + (", no end" if span.end is None else f", last shown {_last(span.end, span.zone)}")


def _review_in_words(review: Review) -> tuple[str, str, str, str]:
    left = abs(review.days)
    number = f"{left} day{'s' * (left != 1)}"
    due = f"overdue by {number}" if review.overdue else "due today" if not left else f"due in {number}"
    return review.by.isoformat(), review.rule, due, review.owner or "nobody"
