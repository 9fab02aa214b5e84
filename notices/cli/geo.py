"""``notices geo``: what the location databases say about an address and what is made of it; ``update`` fetches one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from notices.folder import load_folder
from notices.gazetteer import Gazetteer
from notices.geo.address import read_address
from notices.geo.database import open_databases
from notices.geo.locate import Locator
from notices.loader.built_in import built_in
from notices.region import WORLD

from .geo_update import update
from .opening import read_settings
from .options import DEFAULT_RULES, geoip_option, optional_rules_option
from .sources import ask_databases, claim_in_words
from .words import place, places

if TYPE_CHECKING:
    from pathlib import Path

    from notices.location import Location


@click.group(short_help="Ask the location databases, or fetch new ones.")
def geo() -> None:
    """Ask the location databases, or fetch new ones."""


geo.add_command(update)


@geo.command(short_help="Show what the databases say about an address.")
@click.argument("ip", metavar="IP")
@optional_rules_option
@geoip_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def show(ctx: click.Context, ip: str, *, rules: Path | None, geoip: tuple[Path, ...], as_json: bool) -> None:
    """Show what each database says about the address IP, the regions that this means, and the whole record.

    The labels and contested places of the rules count, where there are rules; those built in always do.

    Exit code: 0 where a database knows the address, else 1.
    """
    if read_address(ip.strip()) is None:
        what = "IP: it is no IP address in a standard written form, such as 192.0.2.1 or 2001:db8::1"
        raise click.UsageError(what, ctx)
    tables = built_in() if rules is None else load_folder(rules).ruleset
    settings = read_settings(rules or DEFAULT_RULES, geoip)
    locator = Locator(settings, open_databases(settings.geoip), Gazetteer(tables.labels, tables.contested))
    location, found = locator.locate_address(ip), ask_databases(locator, ip)
    if as_json:
        stated = {"candidates": list(location.candidates), "network": location.network}
        click.echo(json.dumps({"location": stated, "databases": found}, indent=2, ensure_ascii=False, default=str))
    else:
        _print(location, found)
    ctx.exit(0 if location.network is not None or location.candidates != (WORLD,) else 1)


def _print(location: Location, found: list[dict[str, Any]]) -> None:
    click.echo(f"{click.style('Location', bold=True)}  {place(location)}")
    for row in found:
        click.echo(f"\n{click.style(row['database'], bold=True)} ({row['type']}, built {row['built']})")
        click.echo(f"  Says      {claim_in_words(row['claim'])}")
        click.echo(f"  Means     {places(row['candidates'])}")
        click.echo(f"  Believed  {'yes' if row['believed'] else 'no'}: {row['reason']}")
        if row["record"] is not None:
            record = json.dumps(row["record"], indent=2, ensure_ascii=False, default=str)
            click.echo("  Record    " + record.replace("\n", "\n  "))
