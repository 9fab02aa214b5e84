"""ISO 3166 regions: codes as text, and the tree that they form under ``world``.

A region is an ISO 3166-1 alpha-2 code (plus the user-assigned ``XK``) or an ISO 3166-2 code; the data is pycountry's.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from .errors import RegionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

WORLD = "world"
KOSOVO = "XK"

_OVERSEAS_FRANCE = {
    "GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977", "MF": "978",
    "TF": "984", "WF": "986", "PF": "987", "NC": "988",
}  # fmt: skip

#: Second codes of one place -> the code used here: ISO 3166-1 gives these places a code of their own.
ALIASES: Mapping[str, str] = MappingProxyType(
    {f"FR-{code}": code for code in _OVERSEAS_FRANCE}
    | {f"FR-{number}": code for code, number in _OVERSEAS_FRANCE.items()}
    | {f"CN-{code}": code for code in ("HK", "MO", "TW")}
    | {"CN-91": "HK", "CN-92": "MO", "CN-71": "TW"}
    | {f"US-{code}": code for code in ("AS", "GU", "MP", "PR", "UM", "VI")}
    | {f"NL-{code}": code for code in ("AW", "CW", "SX")}
    | {"NL-BQ1": "BQ-BO", "NL-BQ2": "BQ-SA", "NL-BQ3": "BQ-SE"}
    | {"FI-01": "AX", "NO-21": "SJ", "NO-22": "SJ"}
)

#: Codes that are none in ISO 3166 -> the code that their writer means; only error messages use them.
_MEANT = {"UK": "GB", "EL": "GR", "RU-CR": "UA-43", "RU-KRM": "UA-43", "RU-SEV": "UA-40"}


class _Row(msgspec.Struct, gc=False):
    """What the tree is made of, of a row in either of pycountry's tables."""

    alpha_2: str = ""
    code: str = ""
    parent: str | None = None


def _iso_table(standard: str) -> bytes:
    """One of pycountry's tables, without importing the package, which would cost every server's start more."""
    spec = find_spec("pycountry")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pycountry, the source of the ISO 3166 codes, is not installed")
    return (Path(spec.origin).parent / "databases" / f"iso{standard}.json").read_bytes()


def _tree_rows(standard: str) -> list[_Row]:
    return msgspec.json.decode(_iso_table(standard), type=dict[str, list[_Row]])[standard]


def _whole_rows(standard: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = msgspec.json.decode(_iso_table(standard))[standard]
    return rows


@cache
def parents() -> Mapping[str, str]:
    """Every region -> the region right above it; countries lie under ``world``, which is no key itself."""
    countries = {row.alpha_2: row.alpha_2 for row in _tree_rows("3166-1")}
    tree = dict.fromkeys((*countries, KOSOVO), WORLD)
    for row in _tree_rows("3166-2"):
        if row.code not in ALIASES:
            tree[row.code] = row.parent or countries[row.code[:2]]  # one text for a country, not one for each part
    return MappingProxyType(tree)


@cache
def children() -> Mapping[str, tuple[str, ...]]:
    """Every region that has any -> the regions right under it, in code order."""
    below: dict[str, list[str]] = {}
    for code, parent in parents().items():
        below.setdefault(parent, []).append(code)
    return MappingProxyType({parent: tuple(sorted(codes)) for parent, codes in below.items()})


def parse_region(text: str) -> str:
    """Return the canonical code for *text*, an upper-case code, an alias or ``world``.

    :raises RegionError: when it is none; ``nearest`` holds the closest code.
    """
    if text == WORLD or text in parents():
        return text
    if text in ALIASES:
        return ALIASES[text]
    raise RegionError(text, nearest_region(text))


def nearest_region(text: str) -> str | None:
    """The code that *text* most resembles, for error messages: of a country for a country, within it for its parts."""
    upper = text.strip().upper().replace("_", "-")
    if upper in parents() or upper in ALIASES:
        return ALIASES.get(upper, upper)
    country, _, rest = upper.partition("-")
    meant = _MEANT.get(upper) or _alpha_3().get(upper)
    return meant or (_nearest_part(country, rest) if rest else _most_like(upper, _countries()))


def _nearest_part(country: str, rest: str) -> str | None:
    """The subdivision that ``country-rest`` resembles, the country where none does or the part is of none."""
    land = country if country in parents() else _MEANT.get(country) or _alpha_3().get(country)
    if land is None:
        return _most_like(f"{country}-{rest}", parents())
    code = f"{land}-{rest}"
    within = [known for known in parents() if known.startswith(f"{land}-")]
    return code if code in parents() else _most_like(code, within) or land


def _most_like(text: str, codes: Iterable[str]) -> str | None:
    near = difflib.get_close_matches(text, codes, n=40, cutoff=0.5)
    return next((code for code in near if code[0] == text[0]), near[0] if near else None)


def _countries() -> Iterator[str]:
    return (code for code in parents() if len(code) == 2)


@cache
def _alpha_3() -> Mapping[str, str]:
    """The three-letter codes of ISO 3166-1, which are not used here, -> those of two letters."""
    return {row["alpha_3"]: row["alpha_2"] for row in _whole_rows("3166-1")}


@cache
def ancestors(code: str) -> tuple[str, ...]:
    """The regions that strictly contain *code*, nearest first, ``world`` last; empty for ``world``."""
    chain = []
    tree = parents()
    while code != WORLD:
        code = tree[code]
        chain.append(code)
    return tuple(chain)


def contains(outer: str, inner: str) -> bool:
    """Whether *outer* strictly contains *inner*."""
    return outer != inner and (outer == WORLD or outer in ancestors(inner))


def country_of(code: str) -> str:
    """The country that *code* lies in: itself for a country, ``world`` for ``world``."""
    return code if code == WORLD else code.partition("-")[0]


@cache
def region_names() -> Mapping[str, str]:
    """Every region -> its English name in the ISO data, for editors' tools."""
    names = {row["alpha_2"]: row.get("common_name", row["name"]) for row in _whole_rows("3166-1")}
    names |= {row["code"]: row["name"] for row in _whole_rows("3166-2") if row["code"] not in ALIASES}
    return MappingProxyType(names | {KOSOVO: "Kosovo", WORLD: "the whole world"})
