"""What an editor meant who wrote a region that is none."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from notices.region import ALIASES, WORLD, nearest_region, parents, region_names

from .desk import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable


#: What no code or name is near: sets in people's words, and what some tools make of Norway's code.
_MEANT = {
    "europe": "eu", "european union": "eu", "eu-27": "eu", "false": "NO", "usa": "US",
    **dict.fromkeys(("all", "any", "anywhere", "everywhere", "global", "worldwide", "*"), WORLD),
}  # fmt: skip


def is_code(text: str) -> bool:
    """Whether *text* is a region's code, ``world`` or an alias."""
    return text == WORLD or text in parents() or text in ALIASES


def suggest_region(text: str, names: Iterable[str] = ()) -> str | None:
    """What an editor who wrote *text* most likely means: a set, a region called so in English, or the nearest code.

    ISO 3166-2:GB also has a code for England and Wales together, which is no subdivision but a set here.
    """
    known = tuple(names)
    meant = _MEANT.get(text.casefold())
    if meant in known or (meant is not None and is_code(meant)):
        return meant
    plain = re.sub("[ _]+", "-", text.casefold())
    if plain in known:
        return plain
    if text.upper() == "GB-EAW":
        return "england-and-wales"
    if re.fullmatch(r"[A-Za-z]{2}(?:[-_][A-Za-z0-9]{1,3})?", text):
        return nearest_region(text)
    found = region_called(text) or nearest(text, known)
    if found is None and re.fullmatch(r"[A-Za-z]{3}(?:[-_][A-Za-z0-9]{1,3})?", text):
        return nearest_region(text)
    return found or _misspelt(text)


def called(text: str) -> str | None:
    """The region whose name *text* is; None for a code, another word of a question, or what is no place's name."""
    return None if len(text) < 4 or not text[:1].isupper() or is_code(text) else region_called(text)


def region_called(text: str) -> str | None:
    """The region of that name, or the one country whose English name begins with it: ``Russia``, ``Iran``."""
    wanted = text.casefold()
    whole = [code for code, name in region_names().items() if name.casefold() == wanted]
    whole += [_other_names()[wanted]] if wanted in _other_names() else []
    begun = [code for code, name in _countries().items() if name.casefold().startswith(wanted)]
    return whole[0] if whole else begun[0] if len(begun) == 1 and len(text) > 3 else None


@cache
def _other_names() -> dict[str, str]:
    """What else countries are called, in lower case: officially, in short, and in the languages of many editors."""
    import langcodes  # both are slow to import, and only a mistake needs them
    import pycountry

    found = {"great britain": "GB", "britain": "GB", "turkey": "TR", "holland": "NL", "swaziland": "SZ", "burma": "MM"}
    for country in pycountry.countries:
        for name in (getattr(country, "official_name", None), getattr(country, "common_name", None)):
            found.setdefault((name or country.name).casefold(), country.alpha_2)
    for language in ("en", "ru", "uk", "de", "fr", "es"):
        for code in _countries():
            found.setdefault(langcodes.Language.make(territory=code).territory_name(language).casefold(), code)
    return found


def _misspelt(text: str) -> str | None:
    countries = {name: code for code, name in _countries().items()}
    called = nearest(text, countries, cutoff=0.85)
    return countries[called] if called else None


def _countries() -> dict[str, str]:
    return {code: name for code, name in region_names().items() if len(code) == 2}
