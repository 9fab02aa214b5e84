"""The cache keys of all places: which places share one, and what a cache's map has to list to find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notices.keys import visitor_key
from notices.location import Location
from notices.region import ALIASES, WORLD, country_of, parents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from notices.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMap:
    """Keys at the instant ``at``, right until ``until`` (None: no change to come).

    ``countries`` has every country's own key, as where nothing finer is known. ``finer`` has the places, written as
    sources write them (``UA-43``, ``RU-CR``), whose key is another than their country's. ``unknown`` is the key of
    visitors whose place nobody knows, ``anonymous`` that of those who come through Tor and the like.
    """

    at: datetime
    until: datetime | None
    unknown: str
    anonymous: str
    countries: Mapping[str, str]
    finer: Mapping[str, str]

    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Every key -> the places that share it, countries first; the key shared by most comes first."""
        found: dict[str, list[str]] = {self.unknown: ["unknown"]}
        for name, key in (("tor", self.anonymous), *sorted(self.countries.items()), *sorted(self.finer.items())):
            found.setdefault(key, []).append(name)
        order = sorted(found, key=lambda key: (-len(found[key]), key))
        return {key: tuple(found[key]) for key in order}


def map_keys(snapshot: Snapshot, at: datetime) -> KeyMap:
    """The keys of all places by the rules of *snapshot* at *at*."""
    ends: set[datetime] = set()

    def key_of(location: Location) -> str:
        key = visitor_key(snapshot.index, location, at)
        if key.until is not None:
            ends.add(key.until)
        return key.value

    countries = {code: key_of(Location((code,))) for code, parent in parents().items() if parent == WORLD}
    finer = {name: key_of(location) for name, location in _finer_places(snapshot)}
    return KeyMap(
        at=at,
        unknown=key_of(Location()),
        anonymous=key_of(Location((WORLD,), "tor")),
        countries=countries,
        finer={name: key for name, key in finer.items() if key != countries[country_of(name)]},
        until=min(ends, default=None),
    )


def _finer_places(snapshot: Snapshot) -> Iterator[tuple[str, Location]]:
    """Everything that a source may say beside a country: the ISO codes, their aliases, and the labels' codes."""
    yield from ((code, Location((code,))) for code, parent in parents().items() if parent != WORLD)
    labels = (
        (country, code) for label in snapshot.ruleset.labels for country in label.countries for code in label.codes
    )
    for country, code in (*(alias.split("-", 1) for alias in ALIASES), *labels):
        yield f"{country}-{code}", Location.uniting(snapshot.gazetteer.resolve(country, (code,)))
