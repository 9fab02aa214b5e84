"""The gazetteer: which region a source of locations means by the country, codes and names that it states.

Sources disagree about codes (``43``, ``UA43``, ``CR``), spellings and countries; here each claim of one source becomes
the canonical regions that it may mean (spec: rules, section 3).
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .memo import Memo
from .region import ALIASES, WORLD, ancestors, children, contains, country_of, parents, region_names
from .spellings import UKRAINIAN_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .ruleset import Label

#: ISO 3166-1 reserves these codes exceptionally or transitionally; sources use them for places with a code today.
RESERVED_CODES = {
    "UK": "GB", "FX": "FR", "EA": "ES", "IC": "ES-CN", "AC": "SH-AC", "TA": "SH-TA", "DG": "IO", "CP": "FR-CP",
    "BU": "MM", "DD": "DE", "TP": "TL", "ZR": "CD",
}  # fmt: skip

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʹ`´ʻ′"))
_WORDS = re.compile(r"[^\W_]+")


def normal_name(name: str) -> str:
    """*name* without case, accents, apostrophes and punctuation: ``Zaporiz’ka Oblast’`` -> ``zaporizka oblast``."""
    bare = name.translate(_APOSTROPHES)
    if not bare.isascii():
        letters = unicodedata.normalize("NFKD", bare)
        bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(_WORDS.findall(bare.casefold()))


#: Words for a kind of unit, which sources add, leave out and translate.
_KINDS = frozenset(
    normal_name(word)
    for word in (
        "oblast", "oblasti", "region", "city", "republic", "respublika", "respublica", "autonomous", "avtonomna",
        "avtonomnaya", "autonomna", "province", "state", "krai", "kray", "territory", "district", "municipality",
        "county", "governorate", "prefecture", "department", "misto", "gorod", "of", "the", "and", "область",
        "республика", "республіка", "автономна", "автономная", "край", "город", "місто", "обл",
    )
)  # fmt: skip


def core_name(name: str) -> str:
    """The normal form of *name* without words for the kind of unit; the whole of it where nothing else is left."""
    words = normal_name(name).split()
    return " ".join(word for word in words if word not in _KINDS) or " ".join(words)


class Names:
    """Names of regions, found by normal form first and without words such as "Oblast" where that is unambiguous."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a name and its region."""
        self._exact: dict[str, set[str]] = {}
        self._core: dict[str, set[str]] = {}
        for name, region in names:
            self._exact.setdefault(normal_name(name), set()).add(region)
            self._core.setdefault(core_name(name), set()).add(region)

    def find_exact(self, name: str) -> str | None:
        """The one region that *name* is the whole name of, or None."""
        return _only(self._exact.get(normal_name(name), set()))

    def find(self, name: str) -> str | None:
        """The one region that *name* means, or None where it means none or several."""
        return _only(self._exact.get(normal_name(name)) or self._core.get(core_name(name), set()))


def _only(found: set[str]) -> str | None:
    return next(iter(found)) if len(found) == 1 else None


@cache
def _ukrainian() -> Names:
    return Names((name, region) for region, names in UKRAINIAN_UNITS.items() for name in names)


@cache
def _cldr_names() -> Mapping[str, str]:
    """English names of subdivisions where they are others than the ISO data's (Unicode CLDR)."""
    file = Path(__file__).parent / "data" / "subdivisions-en.json"
    names: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))["names"]
    return names


def _names_of(codes: Iterable[str]) -> Names:
    named = ((names[code], code) for code in codes for names in (region_names(), _cldr_names()) if code in names)
    return Names(named)


@cache
def _right_under(region: str) -> Names:
    return _names_of(children().get(region, ()))


@cache
def _further_down(region: str) -> Names:
    """The names of units that lie in a unit of *region*."""
    land = country_of(region)
    finer = (code for code in parents() if code.startswith(f"{land}-") and region in ancestors(code)[1:])
    return _names_of(finer)


def region_named(region: str, name: str) -> str | None:
    """The subdivision of *region* that is called *name*, or None; a city's name is never to be passed.

    Of units of two levels with one name the coarser is meant: a county, not the town in it that it is named after.
    """
    found = _ukrainian().find(name) if region == "UA" else None
    return found or _right_under(region).find(name) or _further_down(region).find_exact(name)


def _canonical(code: str) -> str | None:
    code = ALIASES.get(code, RESERVED_CODES.get(code, code))
    return code if code in parents() else None


def _bare_forms(country: str, code: str) -> Iterable[str]:
    """What may stand after ``UA-`` for *code*: as written, without the country, with zeros added or cut."""
    text = code.strip().upper().replace("_", "-").removeprefix(f"{country}-")
    for form in dict.fromkeys((text, text.removeprefix(country))):
        yield form
        if form.isascii() and form.isdigit():
            yield from (form.lstrip("0").zfill(2), form.lstrip("0").zfill(3), form.lstrip("0"))


def region_coded(country: str, code: str) -> str | None:
    """The subdivision of *country* (or the place with a country code of its own) that *code* stands for, or None."""
    found = (_canonical(f"{country}-{form}") for form in _bare_forms(country, code) if form)
    return next((region for region in found if region), None)


class _LabelMatcher:
    """One label in the form in which claims are compared with it."""

    def __init__(self, label: Label) -> None:
        self.countries = label.countries
        self.region = label.region
        self._codes = {
            form for code in label.codes for country in label.countries for form in _bare_forms(country, code)
        }
        self._names = {core_name(name) for name in label.names}
        self._units = {unit for name in label.names if (unit := _ukrainian().find(name))}

    def matches(self, country: str, codes: Sequence[str], names: Sequence[str]) -> bool:
        """Whether the first-level subdivision of a claim is this place; finer ones can be namesakes."""
        if country not in self.countries:
            return False
        if codes and any(form in self._codes for form in _bare_forms(country, codes[0])):
            return True
        return bool(names) and (core_name(names[0]) in self._names or _ukrainian().find(names[0]) in self._units)


class Gazetteer:
    """Resolves claims by the ISO tree, its aliases, and the labels and contested places of the rules."""

    def __init__(self, labels: Iterable[Label] = (), contested: Mapping[str, frozenset[str]] | None = None) -> None:
        self._labels = tuple(map(_LabelMatcher, labels))
        self._contested = dict(contested or {})
        # Claims are country, codes and names, never an address; a database makes a few thousand different ones.
        self._resolved: Memo[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = Memo(4096)

    def resolve(self, country: str | None, codes: Sequence[str] = (), names: Sequence[str] = ()) -> tuple[str, ...]:
        """The candidate regions of one source's claim; ``("world",)`` where it says nothing that can be used.

        *codes* and *names* are those of the subdivisions, coarsest first. A code that is not known falls back to the
        country. A label gives its region, and the named country with it where the contested table lists that.
        """
        if not country:
            return (WORLD,)
        claim = country, tuple(codes), tuple(names)
        return self._resolved.get(claim) or self._resolved.put(claim, self._resolve(*claim))

    def _resolve(self, country: str, codes: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
        base = _canonical(country.strip().upper().replace("_", "-"))
        if base is None:
            return (WORLD,)
        land = country_of(base)
        region = self._labelled(land, codes, names) or self._foreign(land, codes)
        if region is not None:
            return (region, land) if land in self._contested.get(region, ()) else (region,)
        return (_finest(base, codes, names),)

    def _labelled(self, country: str, codes: tuple[str, ...], names: tuple[str, ...]) -> str | None:
        return next((label.region for label in self._labels if label.matches(country, codes, names)), None)

    def _foreign(self, country: str, codes: tuple[str, ...]) -> str | None:
        """The region of a full code elsewhere (``UA-43`` under ``RU``), where *country* may be said for it."""
        full = _canonical(codes[0].strip().upper()) if codes else None
        return full if full is not None and country in self._contested.get(full, ()) else None


def _finest(base: str, codes: tuple[str, ...], names: tuple[str, ...]) -> str:
    """The finest region that the codes, or without any known code the names, lead to from *base*, coarsest first."""
    found = _by_codes(base, codes)
    return found if found != base else _by_names(base, names)


def _by_codes(base: str, codes: tuple[str, ...]) -> str:
    """Follow *codes*; one that is not known ends the way, one that lies elsewhere is no step.

    The first step may leave *base*: ``FR`` with ``971`` is ``GP``, which lies directly under ``world``.
    """
    found = base
    for code in codes:
        region = region_coded(country_of(base), code)
        if region is None:
            break
        if found == base or contains(found, region):
            found = region
    return found


def _by_names(base: str, names: tuple[str, ...]) -> str:
    """Follow *names* downwards; one that is not known ends the way."""
    found = base
    for name in names:
        region = region_named(found, name)
        if region is None:
            break
        found = region
    return found
