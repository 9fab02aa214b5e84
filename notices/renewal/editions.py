"""Which databases can be fetched, from where, and what says that they came whole.

DB-IP (https://db-ip.com/db/lite.php): one file a month, named after it, without an account; its page lists the SHA-1
of what is in the archive. MaxMind (https://dev.maxmind.com/geoip/updating-databases): an account, a redirect to its
store, and a list with the SHA-256 of the archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from notices.errors import SettingsError

if TYPE_CHECKING:
    from datetime import datetime

DEFAULT = "dbip-city-lite"
_DB_IP = {"dbip-city-lite": "city", "dbip-country-lite": "country"}
_MAXMIND = re.compile(r"Geo(?:IP2|Lite2|IP)(?:-[A-Za-z0-9]+)+")
_USUAL = (*_DB_IP, "GeoLite2-City", "GeoLite2-Country", "GeoIP2-City", "GeoIP2-Country", "GeoIP2-Enterprise",
          "GeoIP2-Anonymous-IP", "GeoIP-Anonymous-Plus")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One file to fetch: ``url``, and the URL of a list of SHA-256 or of a page with SHA-1 sums, where there is one."""

    url: str
    sha256: str | None = None
    sha1_page: str | None = None

    @property
    def name(self) -> str:
        """The last part of the path, without a query."""
        return self.url.partition("?")[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Edition:
    """A database as its publisher names it; ``account`` says whether one is needed."""

    name: str
    account: bool

    @property
    def file(self) -> str:
        """The usual name of its file."""
        return f"{self.name}.mmdb"

    @property
    def type(self) -> str:
        """What its metadata calls it, in lower case."""
        return self.name.casefold()

    def sources(self, now: datetime, base: str | None = None) -> tuple[Source, ...]:
        """Where it may be found at *now*, the newest first; *base* stands in for the publisher's ``https://host``."""
        if self.account:
            path = f"{base or 'https://download.maxmind.com'}/geoip/databases/{self.name}/download?suffix=tar.gz"
            return (Source(path, sha256=f"{path}.sha256"),)
        # On the first of a month its file may not be there yet.
        this = now.replace(day=1)
        months = (this, this - timedelta(days=1))
        page = f"{base or 'https://db-ip.com'}/db/download/ip-to-{_DB_IP[self.name]}-lite"
        root = f"{base or 'https://download.db-ip.com'}/free"
        return tuple(Source(f"{root}/{self.name}-{month:%Y-%m}.mmdb.gz", sha1_page=page) for month in months)


def edition_named(name: str) -> Edition:
    """The edition that is called *name*.

    :raises SettingsError: with the nearest name, where nobody publishes such a one.
    """
    if name in _DB_IP:
        return Edition(name, account=False)
    if _MAXMIND.fullmatch(name):
        return Edition(name, account=True)
    near = get_close_matches(name, _USUAL, n=1, cutoff=0)
    raise SettingsError(f"{name!r} is no database that can be fetched; did you mean {near[0]}?")
