"""Whether a new database may replace the one in use: its kind, its date, and what it answers."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import TYPE_CHECKING

from notices.errors import UpdateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from notices.geo.claim import Claim
    from notices.geo.database import Database

#: So many addresses are looked up, at even steps over IPv4.
PROBED = 4096
#: What a new database must still answer of what the old one answered, and where it must say the same country.
KEPT, AGREED = 0.8, 0.8
_CLOCKS_DIFFER = timedelta(days=2)


def check_kind(database: Database, wanted: str | None, old: Database | None) -> None:
    """Hold the type to *wanted* (lower case), else to that of *old*, and the date to the present one's and now.

    :raises UpdateError: where it is another.
    """
    found = database.info.type[:60]
    expected = wanted or (None if old is None else old.info.type.casefold())
    if expected is not None and found.casefold() != expected:
        raise UpdateError(f"what came is a database of type {found!r}, not {expected!r}")


def check_date(database: Database, old: Database | None, now: datetime) -> None:
    """Refuse what is older than *old*, and what was built after *now*: it would keep all later ones out.

    :raises UpdateError: with both dates.
    """
    built = database.info.built
    if built > now + _CLOCKS_DIFFER:
        raise UpdateError(f"what came says that it was built on {built:%Y-%m-%d}, which is yet to come")
    if old is not None and built < old.info.built:
        raise UpdateError(f"what came was built on {built:%Y-%m-%d}, before the one in use ({old.info.built:%Y-%m-%d})")


def check_answers(database: Database, old: Database | None) -> None:
    """Look up the same addresses in both: a database of a whole world that has lost its answers is none.

    :raises UpdateError: where too much is missing or different.
    """
    new = list(_answers(database))
    known = sum(claim is not None for claim in new)
    if database.info.countries and not known:
        raise UpdateError(f"what came knows none of {PROBED:,} addresses all over the internet")
    if old is not None:
        _compare(list(_answers(old)), new)


def _compare(old: Sequence[Claim | None], new: Sequence[Claim | None]) -> None:
    kept = [(before, after) for before, after in zip(old, new, strict=True) if before is not None]
    still = [(before, after) for before, after in kept if after is not None]
    if len(still) < KEPT * len(kept):
        raise UpdateError(f"what came knows only {len(still):,} of the {len(kept):,} probed addresses known so far")
    same = sum(before.country == after.country for before, after in still)
    if same < AGREED * len(still):
        raise UpdateError(f"what came puts {len(still) - same:,} of {len(still):,} probed addresses elsewhere")


def _answers(database: Database) -> Iterator[Claim | None]:
    for number in range(PROBED):
        # Not the first address of each step, where networks of a documentation or of nobody lie.
        yield database.look_up(ipaddress.IPv4Address(number * (2**32 // PROBED) + 2**18 + 77))
