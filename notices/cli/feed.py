"""``notices feed``: a feed with the notices that its readers get, written to standard output."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, BinaryIO

import click

from notices.api.asked import read_instant
from notices.engine import decide
from notices.feeds import Reason, annotate
from notices.feeds.annotate import MOST_BYTES
from notices.gazetteer import Gazetteer
from notices.geo.locate import location_for
from notices.index import build_index

from .opening import open_rules, utc_now
from .options import as_of_option, region_option, rules_option

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from notices.feeds import Annotated, FeedItem
    from notices.page import Page


@click.command(short_help="Put notices into a feed.")
@click.argument("feed", metavar="FILE", type=click.File("rb"))
@rules_option
@region_option
@click.option("--tag", multiple=True, help="A tag of every item, besides its own; repeat.")
@click.option("--at", help="The instant, such as 2026-11-22T12:00:00Z, or a date. Default: --as-of, else now.")
@as_of_option
@click.pass_context
def feed(
    ctx: click.Context,
    /,
    *,
    feed: BinaryIO,
    rules: Path,
    region: tuple[str, ...],
    tag: tuple[str, ...],
    at: str | None,
    as_of: datetime | None,
) -> None:
    """Write FILE (RSS, Atom or JSON Feed; - is standard input) with the notices of each item, without those withheld.

    By default for a reader of whom nothing is known, as feeds' readers are. A feed that cannot be read is written as
    it is, and the exit code is 1.
    """
    index = build_index(open_rules(rules, as_of))
    location = location_for(region, Gazetteer(index.ruleset.labels, index.ruleset.contested))
    instant = (as_of or utc_now()) if at is None else read_instant("at", at, UTC)

    def page_of(item: FeedItem) -> Page:
        return replace(item.page, tags=frozenset(tag) | (item.tags or frozenset())) if tag else item.page

    annotated = annotate(feed.read(), lambda item: decide(index, location, page_of(item), (), instant))
    sys.stdout.buffer.write(annotated.feed)
    sys.stdout.buffer.flush()
    click.echo(_in_words(annotated), err=True)
    if annotated.reason is not None:
        ctx.exit(1)


_WHY = {
    Reason.NOT_A_FEED: "it is neither RSS, Atom nor JSON Feed",
    Reason.MALFORMED: "it is no well-formed XML or JSON, so that no place in it can be trusted",
    Reason.DOCTYPE: "it declares entities of its own; take its <!DOCTYPE ...> out",
    Reason.ENCODING: "its bytes are not what its charset says, or that charset is not known; write it in UTF-8",
    Reason.TOO_LARGE: f"it has more than {MOST_BYTES} bytes",
    Reason.FAILED: "something failed on our side",
}


def _in_words(annotated: Annotated) -> str:
    if annotated.reason is not None:
        return f"The feed is written as it is: {annotated.reason.value}: {_WHY[annotated.reason]}"
    items, noticed, omitted = len(annotated.items), len(annotated.noticed), len(annotated.omitted)
    return f"{items} item{'s' * (items != 1)}: {noticed} with notices, {omitted} left out"
