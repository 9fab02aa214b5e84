"""``notices key``: the keys by which a cache may store pages, and maps that give them to nginx and Varnish."""

from __future__ import annotations

import json
import textwrap
from datetime import UTC
from typing import TYPE_CHECKING

import click

from notices.api.asked import read_instant
from notices.decision import write_instant

from .keymap import map_keys
from .opening import open_snapshot, utc_now
from .options import as_of_option, rules_option

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from .keymap import KeyMap


@click.command(short_help="Print the cache keys and which regions share them.")
@rules_option
@click.option("--map", "form", type=click.Choice(["nginx", "varnish", "json"]), help="Print a map for a cache.")
@click.option("--at", help="The instant, such as 2026-11-22T12:00:00Z, or a date. Default: --as-of, else now.")
@as_of_option
def key(*, rules: Path, form: str | None, at: str | None, as_of: datetime | None) -> None:
    """Print the keys that a shared cache may store pages by, and which regions share them.

    All visitors of one key are shown the same on every page now. A map holds until the instant that it names.
    """
    now = (as_of or utc_now()) if at is None else read_instant("at", at, UTC)
    keys = map_keys(open_snapshot(rules, (), now, as_of), now)
    lines = {None: _as_text, "nginx": _as_nginx, "varnish": _as_varnish, "json": _as_json}[form](keys)
    click.echo("\n".join(lines))


def _validity(keys: KeyMap) -> str:
    return f"until {write_instant(keys.until)}" if keys.until else "until the rules change"


def _as_text(keys: KeyMap) -> Iterator[str]:
    groups = keys.groups()
    yield f"{len(groups)} keys at {write_instant(keys.at)}, {_validity(keys)}"
    for key_, members in groups.items():
        yield ""
        yield f"{click.style(key_, bold=True)}  {len(members)} place{'s' * (len(members) > 1)}"
        yield from textwrap.wrap(
            " ".join(members), 96, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )


def _as_json(keys: KeyMap) -> Iterator[str]:
    until = None if keys.until is None else write_instant(keys.until)
    yield "{"
    for name, value in (("at", write_instant(keys.at)), ("until", until), ("default", keys.unknown)):
        yield f"  {json.dumps(name)}: {json.dumps(value)},"
    rows = [f"    {json.dumps(value)}: {json.dumps(members)}" for value, members in keys.groups().items()]
    yield '  "keys": {\n' + ",\n".join(rows) + "\n  }"
    yield "}"


def _patterns(keys: KeyMap) -> Iterator[tuple[str, str]]:
    """Pattern -> key, to be tried in this order; what none matches has the key of the unknown."""
    finer: dict[str, list[str]] = {}
    for name, key_ in sorted(keys.finer.items()):
        finer.setdefault(key_, []).append(name)
    for key_, names in finer.items():
        yield f"^({'|'.join(names)})$", key_
    countries: dict[str, list[str]] = {}
    for name, key_ in (*sorted(keys.countries.items()), ("T1", keys.anonymous)):
        countries.setdefault(key_, []).append(name)
    for key_, names in countries.items():
        if key_ != keys.unknown:
            yield f"^({'|'.join(names)})(-|$)", key_


def _as_nginx(keys: KeyMap) -> Iterator[str]:
    yield f"# Notices' cache keys at {write_instant(keys.at)}, right {_validity(keys)}."
    yield "# Name your own variables for the country and the subdivision, which may be empty (UA-43, UA-)."
    yield 'map "$geo_country-$geo_subdivision" $notices_key {'
    yield f"    default {keys.unknown};"
    yield from (f'    "~{pattern}" {key_};' for pattern, key_ in _patterns(keys))
    yield "}"


def _as_varnish(keys: KeyMap) -> Iterator[str]:
    yield f"# Notices' cache keys at {write_instant(keys.at)}, right {_validity(keys)}."
    yield "# Call it in vcl_recv, with the country and the subdivision, which may be empty, in Geo-Place (UA-43, UA-)."
    yield "sub notices_key {"
    yield f'    set req.http.Notices-Key = "{keys.unknown}";'
    word = "if"
    for pattern, key_ in _patterns(keys):
        yield f'    {word} (req.http.Geo-Place ~ "{pattern}") {{'
        yield f'        set req.http.Notices-Key = "{key_}";'
        yield "    }"
        word = "elseif"
    yield "}"
