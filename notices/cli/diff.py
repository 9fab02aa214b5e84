"""``notices diff``: who gains, loses or sees changed which notice between two states of the rules."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct, structs

from notices.api.asked import read_instant
from notices.compare import compare, sentence
from notices.compare.page_words import pages_in_words
from notices.decision import write_instant
from notices.errors import RevisionError, RulesetError
from notices.folder import load_files
from notices.index import build_index
from notices.moments import moment_in_words
from notices.revisions import read_rules

from .opening import utc_now
from .options import DEFAULT_RULES
from .report import print_problems
from .words import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notices.compare import Comparison, Difference, Effect, PageGroup, PageTest
    from notices.index import Index


@click.command(short_help="Show who gains, loses or sees changed which notice.")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    envvar="NOTICES_RULES",
    default=DEFAULT_RULES,
    help="The folder that a revision without a path means, and that NEW is by default. Default: $NOTICES_RULES, "
    "else ./rules.",
)
@click.option(
    "--at", help="Compare this instant alone, such as 2026-11-22T12:00:00Z, or a date. Default: all instants."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def diff(ctx: click.Context, *, old: str, new: str | None, rules: Path, at: str | None, as_json: bool) -> None:
    """Show who gains, loses or sees changed which notice from OLD to NEW.

    OLD and NEW are folders, or git revisions: HEAD~1 is the folder of rules as it was then, HEAD~1:laws another one.
    Compared is what readers are shown: in every region and case of doubt, on every kind of page, at every instant.

    Exit code: 0 where all is the same, 1 where something changes, 2 when called wrongly.
    """
    instant = None if at is None else read_instant("at", at, UTC)
    before, after = (_open(ctx, spec, rules) for spec in (old, new or str(rules)))
    found = compare(before, after, utc_now(), at=instant)
    zone = after.ruleset.defaults.timezone
    if as_json:
        click.echo(json.dumps(_as_dict(found), indent=2, ensure_ascii=False, default=_plain))
    else:
        for line in _lines(found, zone):
            click.echo(line)
    ctx.exit(0 if found.same else 1)


def _open(ctx: click.Context, spec: str, rules: Path) -> Index:
    try:
        return build_index(load_files(read_rules(spec, rules)).ruleset)
    except RevisionError as error:
        raise click.UsageError(str(error), ctx) from error
    except RulesetError as error:
        print_problems(error.problems, None, err=True)
        raise click.UsageError(f"the rules of {spec!r} cannot be used", ctx) from error


def _plain(value: Any) -> Any:
    if isinstance(value, Struct):
        return structs.asdict(value)
    return write_instant(value) if isinstance(value, datetime) else sorted(value)


def _as_dict(found: Comparison) -> dict[str, Any]:
    return {
        "at": found.at,
        "effects": [_effect_as_dict(effect, timeless=found.at is not None) for effect in found.effects],
        "purge": asdict(found.purge) | {"pages": [_page_as_dict(page) for page in found.purge.pages]},
        "labels": [one._asdict() for one in found.labels],
        "alone": found.alone,
        "untried": found.untried,
    }


def _effect_as_dict(effect: Effect, *, timeless: bool) -> dict[str, Any]:
    return {
        "sentence": sentence(effect, timeless=timeless),
        "change": effect.change.kind,
        "rules": effect.change.rules,
        "action": effect.change.action,
        "differences": [one._asdict() for one in effect.change.differences],
        "visitors": asdict(effect.visitors),
        "periods": [] if timeless else [period._asdict() for period in effect.periods],
        "pages": [_page_as_dict(page) for page in effect.pages],
    }


def _page_as_dict(page: PageGroup) -> dict[str, Any]:
    return {part: [_test_as_dict(test) for test in tests] for part, tests in page._asdict().items()}


def _test_as_dict(test: PageTest) -> dict[str, Any]:
    asked = {name: value for name, value in structs.asdict(test.condition).items() if value not in (None, ())}
    return asked | ({"by": test.by} if test.by else {})


def _lines(found: Comparison, zone: str | None) -> Iterator[str]:
    if found.at is not None:
        yield f"At {moment_in_words(found.at, zone)}:"
    if found.same:
        yield "No reader is shown anything else."
        yield from _left_out(found)
        return
    for label in found.labels:
        meanings = [" or ".join(one) for one in (label.new, label.old)]
        yield f"Sources that say {label.country}, {label.said} now mean {meanings[0]}, before {meanings[1]}"
    for effect in found.effects:
        yield click.style(sentence(effect, timeless=found.at is not None), bold=True)
        for difference in effect.change.differences:
            yield from _difference(difference)
    yield ""
    yield from _purge(found)
    yield from _left_out(found)


def _left_out(found: Comparison) -> Iterator[str]:
    """What was too much to compare, and what that means for the reader of the comparison."""
    if found.alone:
        yield (
            f"Compared without displacement, for their pages are too many: {', '.join(found.alone)}; "
            "more may be listed than happens"
        )
    if found.untried:
        yield (
            "Not every combination of disagreeing sources was asked, for they are too many: "
            f"{', '.join(found.untried)}; of readers with such sources something may be missing"
        )


def _difference(difference: Difference) -> Iterator[str]:
    """A short value on one line, a text as the lines that go and that come."""
    what, old, new = difference
    if not what.startswith(("text", "title", "short")):
        yield f"  {what}: {old or 'none'} -> {new or 'none'}"
        return
    yield f"  {what}:"
    for sign, text, colour in (("-", old, "red"), ("+", new, "green")):
        for line in wrapped(text or ""):
            yield click.style(f"  {sign} {line}", fg=colour)


def _purge(found: Comparison) -> Iterator[str]:
    purge = found.purge
    if not purge.keys:
        yield "Purge from caches: nothing"
        return
    yield f"Purge from caches: {pages_in_words(purge.pages).removeprefix('on ') or 'all pages'}"
    yield f"  stored under {'keys' if len(purge.keys) > 1 else 'key'} {', '.join(purge.keys)}"
    if purge.more:
        yield "  and, for readers whose sources disagree, under many more: purge these pages under every key"
    for name, patterns in (("hosts", purge.hosts), ("paths", purge.paths)):
        if patterns:
            yield f"  {name}: {', '.join(patterns)}"
