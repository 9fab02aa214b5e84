"""Say who sees a change, whole countries as such and parts of countries by number and code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.region import WORLD, children, country_of, region_names

from .visitors import strangeness

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .values import Visitors

#: Longer lists of codes are cut; the whole list is in the values.
_MOST_CODES = 40
_MOST_EXCEPTED = 12
_MOST_PAIRS = 3


def visitors_in_words(visitors: Visitors) -> str:
    """``readers in RU and 6 regions of Ukraine (UA-09, ...)``, ``readers of unknown place``; ``everybody``."""
    places = _places(visitors.regions)
    kinds = [f"in {place}" for place in [_listed(places)] if place]
    kinds += [f"of whom only {region_names()[code]} is known" for code in _countries_alone(visitors.regions)]
    if visitors.unknown:
        kinds.append("of unknown place")
    if visitors.anonymous:
        kinds.append("behind Tor or a VPN")
    if visitors.disagreeing:
        kinds.append(f"whose sources disagree ({_pairs(visitors.disagreeing)})")
    if visitors.unknown and visitors.anonymous and places == ["every country"]:
        return "everybody"
    return f"readers {_listed(kinds, 'or')}"


def _places(regions: Sequence[str]) -> list[str]:
    """Whole countries, then countries without the country's own code."""
    by_country: dict[str, set[str]] = {}
    for region in regions:
        by_country.setdefault(country_of(region), set()).add(region)
    whole = [country for country, inside in by_country.items() if inside >= _all_of(country)]
    every = children()[WORLD]
    rest = [country for country in by_country if country not in whole]
    if len(whole) == len(every):
        return ["every country"]
    if len(every) - len(whole) <= _MOST_EXCEPTED:
        others = [country for country in every if country not in whole]
        return [f"every country but {_listed(others)}", *_parts(by_country, rest)]
    return [*_cut(whole), *_parts(by_country, rest)]


def _parts(by_country: dict[str, set[str]], countries: Sequence[str]) -> Iterator[str]:
    for country in countries:
        inside = sorted(by_country[country] - {country})
        name = region_names()[country]
        if not inside:
            continue
        if len(inside) == len(_all_of(country)) - 1:
            yield f"every region of {name}"
        elif len(inside) == 1:
            yield f"{inside[0]} ({region_names()[inside[0]]})"
        else:
            yield f"{len(inside)} regions of {name} ({', '.join(_cut(inside))})"


def _countries_alone(regions: Sequence[str]) -> list[str]:
    """Countries that are meant as such, while not all of their regions are."""
    listed = frozenset(regions)
    return [code for code in regions if code == country_of(code) and not listed >= _all_of(code)]


def _all_of(region: str) -> frozenset[str]:
    inside = (_all_of(child) for child in children().get(region, ()))
    return frozenset({region}).union(*inside)


def _pairs(disagreeing: Sequence[Sequence[str]]) -> str:
    shown = "; ".join(_listed(sorted(codes, key=_telling)) for codes in disagreeing[:_MOST_PAIRS])
    more = len(disagreeing) - _MOST_PAIRS
    return f"such as {shown}; and {more} more kinds" if more > 0 else f"such as {shown}"


def _telling(code: str) -> tuple[int, str]:
    """The codes that a rule speaks of before one that stands for all others."""
    rank, name = strangeness(code)
    return -rank, name


def _cut(codes: Sequence[str]) -> list[str]:
    more = len(codes) - _MOST_CODES
    return [*codes[:_MOST_CODES], f"{more} more"] if more > 1 else list(codes)


def _listed(parts: Sequence[str], word: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *firsts, last = parts or [""]
    return f"{', '.join(firsts)} {word} {last}" if firsts else last
