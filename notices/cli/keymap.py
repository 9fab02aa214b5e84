"""The cache keys of all places: which places share one, and what a cache's map has to list to find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notices.keys import key_map, visitor_key
from notices.location import Location
from notices.region import ALIASES, WORLD, parents

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
    groups = key_map(snapshot.index, at)
    keys = {region: key for key, shared in groups.items() for region in shared.regions}
    countries = {code: keys[code] for code, parent in parents().items() if parent == WORLD}
    finer = {code: key for code, key in keys.items() if code not in countries}
    finer |= {name: visitor_key(snapshot.index, where, at).value for name, where in _spellings(snapshot)}
    everybody = [Location(), Location(network="tor"), *(Location((code,)) for code in keys)]
    ends = (visitor_key(snapshot.index, where, at).until for where in everybody)
    return KeyMap(
        at=at,
        until=min((end for end in ends if end is not None), default=None),
        unknown=next(key for key, shared in groups.items() if shared.unknown),
        anonymous=next(key for key, shared in groups.items() if shared.anonymous),
        countries=countries,
        finer={name: key for name, key in finer.items() if key != countries[name[:2]]},
    )


def _spellings(snapshot: Snapshot) -> Iterator[tuple[str, Location]]:
    """What sources may write beside ISO's own codes: their aliases, and the codes of the labels."""
    labels = snapshot.ruleset.labels
    pairs = [(country, code) for label in labels for country in label.countries for code in label.codes]
    pairs += [(alias[:2], alias[3:]) for alias in ALIASES]
    for country, code in sorted(pairs):
        yield f"{country}-{code}", Location.uniting(snapshot.gazetteer.resolve(country, (code,)))
