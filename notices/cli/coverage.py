"""``notices coverage``: who is shown what everywhere, as one page with maps and a table."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from notices.api.asked import read_instant
from notices.coverage import cover, render_page
from notices.index import build_index

from .opening import open_rules, utc_now
from .options import as_of_option, rules_argument


@click.command(short_help="Write a page with maps and a table of who is shown what.")
@rules_argument
@as_of_option
@click.option("--at", help="The instant, such as 2026-11-22T12:00:00Z, or a date. Default: --as-of, else now.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The file to write. Default: standard output.",
)
def coverage(*, rules: Path, as_of: datetime | None, at: str | None, out: Path | None) -> None:
    """Write one HTML page on the active rules in the folder RULES (default: $NOTICES_RULES, else ./rules).

    It has a world map and one of Ukraine, coloured by the notices shown, and a table of readers, rules and causes with
    reasons; choose pages, period and language in it. It loads nothing, and can be mailed and printed.
    Confidential rules are named in it.
    """
    now = (as_of or utc_now()) if at is None else read_instant("at", at, UTC)
    index = build_index(open_rules(rules, as_of))
    page = render_page(cover(index, now), index)
    if out is None:
        click.echo(page, nl=False)
        return
    try:
        out.write_text(page, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    active = len(index.ruleset.active)
    click.echo(f"{out}: {active} active rule{'s' * (active != 1)}", err=True)
