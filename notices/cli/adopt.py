"""``notices adopt``: a rule of the pack for one's own pages, in a file of a few lines; or what the pack offers."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from notices.adopting import DISCLAIMER, Adoption, NewPublisher, status_lines, why_draft, write_adoption
from notices.errors import RulesetError
from notices.folder import load_files, read_folder
from notices.loader.catalogue import offer, offers
from notices.loader.desk import suggest
from notices.loader.shelf import Shelf
from notices.phases import NOBODY, phases

from .asking import Asking
from .new import refused, save, tagged
from .opening import utc_now
from .options import review_by_option, review_day, written_rules_option
from .words import columns

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from notices.loader.catalogue import Offer
    from notices.ruleset import Ruleset


@click.command(short_help="Adopt a rule of the pack for your publisher.")
@click.argument("id_", metavar="ID", required=False)
@click.option("--list", "listing", is_flag=True, help="List the rules of the pack instead, with their confidence.")
@click.option("--json", "as_json", is_flag=True, help="With --list: as JSON.")
@click.option("--publisher", "publishers", multiple=True, help="For whose pages: the publisher's id; repeat.")
@click.option("--name", "names", multiple=True, metavar="LANGUAGE=NAME", help="Of a publisher that is new; repeat.")
@click.option("--host", "hosts", multiple=True, help="A host of a publisher that is new; repeat.")
@click.option(
    "--status-date", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the official list named the publisher."
)
@click.option("--timezone", help="The IANA zone of that day. Default: the folder's.")
@click.option("--status", type=click.Choice(["active", "draft"]), help="Default: active, where the pack allows it.")
@click.option("--stance", help="One of the rule's stances; see --list.")
@click.option("--owner", help="Who answers for the rule.")
@review_by_option
@written_rules_option
def adopt(*, id_: str | None, listing: bool, as_json: bool, rules: Path, **said: Any) -> None:
    """Adopt the pack's rule ID: write the few lines that name the publisher, who answers, and the day of review.

    The file is ID.yaml in the folder of rules; nothing that is there is ever overwritten, and a new version of the
    package brings its rule up to date without touching it. Exit code: 0, 2 when called wrongly.
    """
    if listing:
        _list(as_json=as_json)
        return
    if id_ is None:
        raise click.UsageError("name a rule of the pack; --list shows them")
    shelf = Shelf()
    found = offer(id_, shelf)
    if found is None:
        raise click.UsageError(f"the pack has no rule {id_!r}: {suggest(id_, shelf.rules)}")
    files = read_folder(rules) if rules.exists() and any(rules.iterdir()) else {}
    _adopt(found, files, rules, said)
    click.echo(DISCLAIMER, err=True)


def _adopt(found: Offer, files: dict[str, bytes], rules: Path, said: dict[str, Any]) -> None:
    known = load_files(files).ruleset if files else None
    if known is not None and found.id in known.adopted:
        raise click.UsageError(f"the folder has adopted {found.id!r} already")
    adoption = _asked(found, known, said)
    written = {adoption.path: write_adoption(adoption)}
    try:
        ruleset = load_files({**files, **written}).ruleset
    except RulesetError as error:
        raise refused(error.problems) from error
    save(rules, written)
    _tell(adoption, ruleset, said)


def _asked(found: Offer, known: Ruleset | None, said: dict[str, Any]) -> Adoption:
    """What the options say; questions for the rest."""
    publishers = said["publishers"] or (Asking().ask("Publisher (id)", key="--publisher"),)
    declared = _new_publisher(publishers[0], known, said)
    status = said["status"] or ("draft" if why_draft(found) else None)
    return Adoption(
        offer=found,
        publishers=publishers,
        owner=said["owner"] or Asking().ask("Owner", key="--owner"),
        review_by=review_day(said["review_by"], utc_now()),
        status=status,
        stance=said["stance"],
        declared=declared,
    )


def _new_publisher(id_: str, known: Ruleset | None, said: dict[str, Any]) -> NewPublisher | None:
    """What to declare of the publisher, where neither the folder nor the pack knows it."""
    if (known is not None and id_ in known.publishers) or id_ in Shelf().publisher_ids():
        if said["names"] or said["hosts"]:
            raise click.UsageError(f"the publisher {id_!r} is declared already; its file is not touched")
        return None
    names = dict(map(tagged("--name"), said["names"])) or {
        "en": Asking().ask(f"Name of {id_} in English", key="--name en=...")
    }
    if said["status_date"] and not said["timezone"] and (known is None or known.defaults.timezone is None):
        raise click.UsageError("--status-date is a day in no time zone; say it by --timezone, such as Europe/Moscow")
    return NewPublisher(names=names, hosts=said["hosts"], listed=_day(said["status_date"]), timezone=said["timezone"])


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _tell(adoption: Adoption, ruleset: Ruleset, said: dict[str, Any]) -> None:
    """What came of it, and what is left to do."""
    rule, offered = ruleset.rules[adoption.offer.id], adoption.offer
    reason = why_draft(offered) if rule.status == "draft" else None
    click.echo(f"{offered.id} is {rule.status}{f': {reason}' if reason else ''}", err=True)
    if phases(rule)[0].pages == NOBODY:
        names = ", ".join(adoption.publishers)
        wanted = " or ".join(offered.statuses)
        click.echo(f"It is never shown yet: {names} has no status {wanted}. Add it, with its day:", err=True)
        listed = _day(said["status_date"]) or utc_now().date()
        zone = said["timezone"] or (None if ruleset.defaults.timezone else "...")
        for line in ("    statuses:", *status_lines(offered.statuses, listed, zone)):
            click.echo(line, err=True)


def _list(*, as_json: bool) -> None:
    found = offers()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    rows = [(one.id, one.confidence or "not stated", one.kind, ", ".join(one.stances), one.title) for one in found]
    for line in columns([("rule", "confidence", "kind", "stances", "title"), *rows]):
        click.echo(line)
    click.echo(DISCLAIMER, err=True)
