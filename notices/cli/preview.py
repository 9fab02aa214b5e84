"""``notices preview``: a page of this machine as a visitor would get it, written to a file or served with a switch."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from notices.api.asked import Caller, understand
from notices.errors import PageError
from notices.location import Location
from notices.rehearsal import Address, Stage, Visitor, open_origin, serve
from notices.rehearsal.words import outcome_in_words, visitor_in_words

from .opening import read_settings, standing, utc_now
from .options import as_of_option, geoip_option, page_fact_options, question_of, region_option, rules_option

if TYPE_CHECKING:
    from datetime import datetime

    from notices.api.question import Question
    from notices.rehearsal import Origin


@click.command(short_help="Show a page of this machine as a visitor would get it.")
@click.argument("page", metavar="PAGE")
@rules_option
@geoip_option
@click.option("--ip", help="The visitor's address, looked up in the databases; it is not repeated anywhere.")
@region_option
@click.option("--language", multiple=True, help="The visitor's language, a BCP 47 tag; repeat, the dearest first.")
@click.option("--at", help="The instant, such as 2026-11-22T12:00:00Z, or a date. Default: --as-of, else now.")
@as_of_option
@click.option("--url", help="The address, or its path alone, under which readers will find the page.")
@click.option("--page-language", help="The page's language. Default: what the page says itself.")
@page_fact_options
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the page here. Default: stdout.")
@click.option("--serve", "serving", is_flag=True, help="Serve it on 127.0.0.1, with a bar to change the visitor.")
@click.option("--port", type=click.IntRange(0, 65535), default=8020, show_default=True, help="For --serve; 0: any.")
@click.pass_context
def preview(
    ctx: click.Context,
    /,
    *,
    page: str,
    rules: Path,
    geoip: tuple[Path, ...],
    as_of: datetime | None,
    out: Path | None,
    serving: bool,
    port: int,
    **asked: Any,
) -> None:
    """Show PAGE, an HTML file or an http address on this machine, as a visitor would get it.

    The page goes the way that it goes on the server: same rules, same decision, same places. With --serve the page's
    pictures and links work too, and an edit of the rules shows with the next reload.
    """
    if serving and out is not None:
        raise click.UsageError("--serve writes no file; leave out --out or --serve", ctx)
    origin = _open(ctx, page)
    with standing(rules, as_of) as folder:
        stage = Stage(origin, replace(read_settings(folder, geoip), reload=0.5 if serving else None))
        try:
            visitor = _set(stage, question_of(asked), as_of)
            if serving:
                _serve(stage, visitor, port)
            else:
                _write(ctx, stage, visitor, page, out)
        finally:
            stage.close()


def _open(ctx: click.Context, page: str) -> Origin:
    try:
        return open_origin(page)
    except PageError as error:
        raise click.UsageError(str(error), ctx) from error


def _set(stage: Stage, question: Question, as_of: datetime | None) -> Visitor:
    """Give *stage* the page's facts and address; for whom it is to be played."""
    asked = understand(question, stage.snapshot, Caller(Location), as_of or utc_now())
    page = asked.page
    stage.address = Address(page.host, page.path)
    stated = {
        "tags": page.tags,
        "section": page.sections,
        "mentions": page.mentions,
        "publisher": page.publisher,
        "surface": page.surface,
        "language": question.page_language,
        "published": page.published,
    }
    stage.facts = {name: value for name, value in stated.items() if value is not None}
    return Visitor(
        regions=_regions(question, asked.location),
        languages=asked.languages,
        at=None if question.at is None and as_of is None else asked.at,
        gpc=bool(page.gpc),
    )


def _regions(question: Question, location: Location) -> tuple[str, ...]:
    """The words of a look-up for where the visitor is: as asked, or what the databases say of an address."""
    if question.ip is None:
        return tuple(question.region or ()) or ("unknown",)
    if location.anonymous:
        return (str(location.network),)
    return ("unknown",) if location.candidates == Location().candidates else location.candidates


def _write(ctx: click.Context, stage: Stage, visitor: Visitor, page: str, out: Path | None) -> None:
    if out is not None and out.exists() and Path(page).exists() and out.samefile(page):
        raise click.UsageError("--out names the page itself, which would be lost; name another file", ctx)
    rendition = stage.follow(visitor)
    if out is None:
        sys.stdout.buffer.write(rendition.body)
    else:
        _save(out, rendition.body)
    click.echo(f"{visitor_in_words(visitor.regions, visitor.languages)}: {outcome_in_words(rendition)}", err=True)
    for step in rendition.failures:
        click.echo(f"Something failed on the way: {step}", err=True)


def _save(out: Path, body: bytes) -> None:
    try:
        out.write_bytes(body)
    except OSError as error:
        raise click.ClickException(f"{str(out)!r} cannot be written: {error.strerror}") from error


def _serve(stage: Stage, visitor: Visitor, port: int) -> None:
    with serve(stage, visitor, port) as server:
        click.echo(f"{server.address} shows the page; Ctrl+C ends this")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("", err=True)
