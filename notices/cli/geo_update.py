"""``notices geo update``: fetch a location database, check it, and put it where the running service finds it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from notices.errors import SettingsError, UpdateError
from notices.renewal import DEFAULT, Limits, Source, Wanted, account_from, edition_named, read_url, renew

from .opening import read_settings, utc_now
from .options import DEFAULT_RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.renewal import Edition, Renewed

_MIB = 1 << 20


@click.command(short_help="Fetch a location database.")
@click.argument("edition", metavar="[EDITION]", required=False)
@click.option("--to", "target", type=click.Path(path_type=Path), help="File or folder. Default: see above.")
@click.option("--base", metavar="URL", help="Ask this mirror, https://host, instead of the publisher's hosts.")
@click.option("--url", metavar="URL", help="Fetch this file, without any account; URL.sha256 is used where it is.")
@click.option(
    "--force", is_flag=True, help="Take an older database, or one that answers otherwise; never a damaged one."
)
@click.option("--no-previous", is_flag=True, help="Do not keep the one that was in use as FILE.previous.")
@click.option("--seconds", type=click.FloatRange(1), default=Limits().seconds, show_default=True, help="Give up then.")
@click.pass_context
def update(
    ctx: click.Context, /, *, edition: str | None, target: Path | None, base: str | None, url: str | None,
    force: bool, no_previous: bool, seconds: float,
) -> None:  # fmt: skip
    """Fetch EDITION and put it in place in one step, once it is whole, newer and answers as it should.

    EDITION is dbip-city-lite (the default), dbip-country-lite, or one of MaxMind's such as GeoLite2-City, for which
    the environment states the account: MAXMIND_ACCOUNT_ID and MAXMIND_LICENSE_KEY, or the paths of files with them,
    MAXMIND_ACCOUNT_ID_FILE and MAXMIND_LICENSE_KEY_FILE.

    It is written over the file of NOTICES_GEOIP that is called EDITION.mmdb, else to notices/ in the user's data
    folder. What was there stays beside it as FILE.previous.

    Exit code: 0 when it was updated or is current, 1 when that failed and nothing was changed, 2 for a wrong call.
    """
    try:
        wanted = _wanted(edition, base, url, force=force, keep_previous=not no_previous)
        served = read_settings(DEFAULT_RULES, ()).geoip
        place = _place(edition, target, url, served)
    except (SettingsError, UpdateError) as error:
        raise click.UsageError(str(error), ctx) from None
    with _Progress() as progress:
        done = renew(wanted, place, utc_now(), limits=Limits(seconds=seconds), progress=progress)
    for note in done.notes:
        click.echo(f"{place.name}: {note}", err=True)
    _print(done, place, served)


def _wanted(edition: str | None, base: str | None, url: str | None, *, force: bool, keep_previous: bool) -> Wanted:
    if url is not None:
        read_url(url)
        bare, _, query = url.partition("?")
        beside = f"{bare}.sha256" + (f"?{query}" if query else "")
        kind = None if edition is None else edition_named(edition).type
        return Wanted(sources=(Source(url, sha256=beside),), type=kind, force=force, keep_previous=keep_previous)
    if base is not None:
        read_url(base)
    named = edition_named(edition or DEFAULT)
    return Wanted(
        sources=named.sources(utc_now(), base and base.rstrip("/")),
        type=named.type,
        account=account_from(os.environ) if named.account else None,
        force=force,
        keep_previous=keep_previous,
    )


def _place(edition: str | None, target: Path | None, url: str | None, served: Sequence[Path]) -> Path:
    """Where the database is to lie.

    :raises SettingsError: where that is not said, or is no plain file.
    """
    if edition is None and url is not None and (target is None or target.is_dir()):
        raise SettingsError("--url needs --to FILE, or the EDITION that it is")
    named = edition_named(edition or DEFAULT)
    place = _usual_place(named, served) if target is None else target / named.file if target.is_dir() else target
    if place.is_symlink():
        raise SettingsError(f"{place} is a link; name the file that it leads to with --to")
    if place.exists() and not place.is_file():
        raise SettingsError(f"{place} is no regular file")
    return place


def _usual_place(edition: Edition, served: Sequence[Path]) -> Path:
    for path in served:
        if path.name.casefold() == edition.file.casefold():
            return path
    try:
        data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    except RuntimeError:
        raise SettingsError("this user has no home folder; say with --to where the database is to lie") from None
    return data / "notices" / edition.file


def _print(done: Renewed, place: Path, served: Sequence[Path]) -> None:
    info = done.database.info
    what = f"{info.type} of {info.built:%Y-%m-%d}"
    state = "is in place" if done.outcome == "updated" else "is the newest"
    click.echo(f"{place}: {what} {state}, SHA-256 {done.sha256}")
    if place.absolute() not in {path.absolute() for path in served}:
        click.echo(f"Name it to the service: NOTICES_GEOIP={place}", err=True)


class _Progress:
    """One line on a terminal, drawn anew a few times a second and ended before anything else is said."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._drawn = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            click.echo(err=True)

    def __call__(self, size: int, whole: int | None) -> None:
        now = time.monotonic()
        if self._shown and (now - self._drawn >= 0.2 or size == whole):
            self._drawn = now
            of = "" if whole is None else f" of {whole / _MIB:.1f}"
            click.echo(f"\r{size / _MIB:.1f}{of} MiB", err=True, nl=False)
