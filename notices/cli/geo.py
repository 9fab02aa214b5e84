"""``notices geo show``: what the location databases say about an address, and what is made of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from notices.decision import write_instant
from notices.folder import load_folder
from notices.gazetteer import Gazetteer
from notices.geo.address import read_address, unwrap
from notices.geo.database import open_databases
from notices.geo.locate import Locator
from notices.loader.built_in import built_in
from notices.region import WORLD

from .opening import read_settings
from .options import DEFAULT_RULES, geoip_option, optional_rules_option
from .words import place, places

if TYPE_CHECKING:
    from pathlib import Path

    from notices.geo.database import Database
    from notices.geo.evidence import SourceReport
    from notices.location import Location


@click.group(short_help="Ask the location databases.")
def geo() -> None:
    """Ask the location databases."""


@geo.command(short_help="Show what the databases say about an address.")
@click.argument("ip", metavar="IP")
@optional_rules_option
@geoip_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def show(ctx: click.Context, ip: str, *, rules: Path | None, geoip: tuple[Path, ...], as_json: bool) -> None:
    """Show what each database says about the address IP, the regions that this means, and the whole record.

    The labels and contested places of the rules count, where there are rules; those built in always do. Exit code: 0 where a database knows the address, else 1.
    """
    tables = built_in() if rules is None else load_folder(rules).ruleset
    settings = read_settings(rules or DEFAULT_RULES, geoip)
    locator = Locator(settings, open_databases(settings.geoip), Gazetteer(tables.labels, tables.contested))
    location, reports = locator.locate_address(ip), locator.trace_address(ip)
    found = [
        _found(database, report, _record(database, ip))
        for database, report in zip(locator.databases, reports, strict=True)
    ]
    if as_json:
        candidates = {"candidates": list(location.candidates), "network": location.network}
        click.echo(json.dumps({"location": candidates, "databases": found}, indent=2, ensure_ascii=False, default=str))
    else:
        _print(location, found)
    ctx.exit(0 if location.network is not None or location.candidates != (WORLD,) else 1)


def _record(database: Database, ip: str) -> Any:
    stated = read_address(ip.strip())
    address = None if stated is None else unwrap(stated)
    return None if address is None else database.record(address)


def _found(database: Database, report: SourceReport, record: Any) -> dict[str, Any]:
    claim = report.claim
    said = None
    if claim is not None:
        said = {
            "country": claim.country,
            "codes": list(claim.codes),
            "names": list(claim.names),
            "network": claim.network,
        }
    return {
        "database": database.info.file,
        "type": database.info.type,
        "built": write_instant(database.info.built),
        "claim": said,
        "candidates": list(report.candidates),
        "believed": report.believed,
        "reason": report.reason,
        "record": record,
    }


def _print(location: Location, found: list[dict[str, Any]]) -> None:
    click.echo(f"{click.style('Location', bold=True)}  {place(location)}")
    for row in found:
        click.echo(f"\n{click.style(row['database'], bold=True)} ({row['type']}, built {row['built']})")
        click.echo(f"  Says      {_claim(row['claim'])}")
        click.echo(f"  Means     {places(row['candidates'])}")
        click.echo(f"  Believed  {'yes' if row['believed'] else 'no'}: {row['reason']}")
        if row["record"] is not None:
            record = json.dumps(row["record"], indent=2, ensure_ascii=False, default=str)
            click.echo("  Record    " + record.replace("\n", "\n  "))


def _claim(claim: dict[str, Any] | None) -> str:
    if claim is None:
        return "nothing"
    parts = [f"country {claim['country']}"] if claim["country"] else []
    parts += [f"subdivision {' / '.join(claim[what])}" for what in ("codes", "names") if claim[what]]
    return ", ".join(parts + ([f"network {claim['network']}"] if claim["network"] else []))
