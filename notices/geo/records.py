"""What the records of location databases hold: MaxMind's nested shape, the flat one, and flags of the network.

Nested (MaxMind GeoIP2 and GeoLite2, DB-IP's own files): ``country.iso_code``, ``subdivisions[i].iso_code``
or names only. Flat (ip-location-db): ``country_code``, ``state1``, ``state2``. Flags (Anonymous-IP, Anonymous-Plus)
stand at the top. Cities are never read: a city's name says nothing sure about its region.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .claim import Claim, Network, make_claim

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    Path = tuple[str | int, ...]
    GetPath = Callable[[Path], Any]

#: MaxMind's flags, the one that hides most first; bare ``is_anonymous`` does not say how.
_FLAGS: tuple[tuple[str, Network], ...] = (
    ("is_tor_exit_node", "tor"),
    ("is_anonymous_vpn", "vpn"),
    ("is_public_proxy", "proxy"),
    ("is_residential_proxy", "proxy"),
    ("is_anonymous_proxy", "proxy"),
    ("is_hosting_provider", "hosting"),
    ("is_anonymous", "proxy"),
)
#: Apple's relay hands out addresses by the user's own region; its name as Anonymous-Plus gives it, without case.
_RELAY = "private relay"
_FLAT_COUNTRIES = ("country_code", "country")
_FLAT_CODES = ("region_code", "subdivision_code")
_FLAT_NAMES = (("state1", "state2"), ("region",), ("subdivision",))


class Shape(Struct, frozen=True):
    """Which fields the records of one database hold."""

    nested: bool = False
    subdivisions: bool = False
    flat_country: str | None = None
    flat_codes: tuple[str, ...] = ()
    flat_names: tuple[str, ...] = ()
    flags: tuple[tuple[Path, Network], ...] = ()
    provider: bool = False

    @property
    def country(self) -> bool:
        """Whether records say a country."""
        return self.nested or self.flat_country is not None

    @property
    def finer(self) -> bool:
        """Whether records say a subdivision."""
        return self.subdivisions or bool(self.flat_codes or self.flat_names)

    @property
    def network(self) -> bool:
        """Whether records say what kind of network an address is in."""
        return bool(self.flags)


def shape_of(fields: AbstractSet[str], holds: Callable[[str], bool]) -> Shape:
    """The shape of records with these *fields* (top level; ``country.`` where the country is a mapping).

    *holds* says whether a name occurs anywhere in the data, for fields that only few records have.
    """
    nested = "country." in fields
    flat = next((name for name in _FLAT_COUNTRIES if name in fields), None) if not nested else None
    names = next((names for names in _FLAT_NAMES if names[0] in fields), ()) if flat else ()
    return Shape(
        nested=nested,
        subdivisions=nested and holds("subdivisions"),
        flat_country=flat,
        flat_codes=tuple(name for name in _FLAT_CODES if name in fields)[:1] if flat else (),
        flat_names=tuple(name for name in names if name in fields),
        flags=tuple((("traits", name) if nested else (name,), network) for name, network in _FLAGS if holds(name)),
        provider=not nested and holds("provider_name"),
    )


def fields_of(record: Any) -> set[str]:
    """The top-level fields of one record, ``country.`` for a country that is a mapping."""
    if not isinstance(record, Mapping):
        return set()
    return {f"{key}." if key == "country" and isinstance(value, Mapping) else str(key) for key, value in record.items()}


def read_claim(shape: Shape, get: GetPath) -> Claim | None:
    """The claim of one record, read field by field: *get* gives the value at a path, None where there is none."""
    network = _network(shape, get) if shape.network or shape.provider else None
    if shape.nested:
        country = get(("country", "iso_code"))
        codes, names = _nested_subdivisions(get) if country and shape.subdivisions else ((), ())
        return make_claim(_text(country), codes, names, network)
    if shape.flat_country is None:
        return None if network is None else Claim(network=network)
    codes = tuple(_text(get((name,))) for name in shape.flat_codes)
    names = tuple(_text(get((name,))) for name in shape.flat_names)
    return make_claim(_text(get((shape.flat_country,))), codes, names, network)


def _nested_subdivisions(get: GetPath) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes, coarsest first, or names where the database gives no codes."""
    first = _text(get(("subdivisions", 0, "iso_code")))
    if first:
        return (first, _text(get(("subdivisions", 1, "iso_code")))), ()
    name = _text(get(("subdivisions", 0, "names", "en")))
    return (), (name, _text(get(("subdivisions", 1, "names", "en")))) if name else ()


def _network(shape: Shape, get: GetPath) -> Network | None:
    if shape.provider and _RELAY in _text(get(("provider_name",))).casefold():
        return "relay"
    return next((network for path, network in shape.flags if get(path) is True), None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
