"""Texts in the wrong script for their language, such as English words under ``ru`` (spec: rules, section 10).

Only words count. Latin names, which begin with a capital letter, stand in texts of every script and are no fault;
what decides is that hardly any word is in a script of the language's own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import langcodes
from langcodes.data_dicts import DEFAULT_SCRIPTS, LIKELY_SUBTAGS

from .finding import Finding
from .texts import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notices.ruleset import Ruleset

#: ISO 15924 -> the first words of the Unicode names of its letters. Texts in other scripts are not judged.
_LETTERS = {
    "Arab": "ARABIC", "Armn": "ARMENIAN", "Beng": "BENGALI", "Cyrl": "CYRILLIC", "Deva": "DEVANAGARI",
    "Ethi": "ETHIOPIC", "Geor": "GEORGIAN", "Grek": "GREEK", "Gujr": "GUJARATI", "Guru": "GURMUKHI",
    "Hans": "CJK", "Hant": "CJK", "Hani": "CJK", "Hebr": "HEBREW", "Jpan": "CJK HIRAGANA KATAKANA",
    "Khmr": "KHMER", "Knda": "KANNADA", "Kore": "HANGUL CJK", "Laoo": "LAO", "Latn": "LATIN", "Mlym": "MALAYALAM",
    "Mong": "MONGOLIAN", "Mymr": "MYANMAR", "Orya": "ORIYA", "Sinh": "SINHALA", "Taml": "TAMIL", "Telu": "TELUGU",
    "Thaa": "THAANA", "Thai": "THAI", "Tibt": "TIBETAN",
}  # fmt: skip
_KNOWN = frozenset(word for words in _LETTERS.values() for word in words.split())
#: Languages that are written in both; CLDR names one of the two only.
_LATIN_AND_CYRILLIC = frozenset(
    ("az", "bs", "cnr", "crh", "gag", "kaa", "kk", "ku", "ky", "mn", "ro", "sh", "sr", "tg", "tk", "tt", "ug", "uz")
)
_UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN"})
#: Slots, link targets, addresses and hosts are no words of the text.
_NO_WORDS = re.compile(
    r"\{\w+\}|\]\((?>(?:[^)\s\]]|\](?!\())*)\)|<[^<>\s]*>|\b[a-z][a-z+.-]{0,40}:\S+|\S{1,254}@\S+|\b[\w-]{1,254}(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
#: A text is judged wrong where its foreign words are more than this many times its own.
_OUTWEIGHED = 3


def find_wrong_scripts(ruleset: Ruleset) -> Iterator[Finding]:
    """Every text, title and link label that is written in another script than its language; of no retired rule."""
    for text in texts_of(ruleset):
        place = foreign_word(text.content, text.language)
        if place is not None:
            own = " or ".join(sorted(word.title() for word in scripts_of(text.language)))
            other = _script(text.content[place]).title()
            message = f"the text in {text.language!r} is written in {other} letters, not in {own}"
            fix = f"write it in the language {text.language!r}, or correct the tag"
            yield Finding(text.spot_at(place), "error", "wrong-script", message, fix)


def foreign_word(text: str, language: str) -> int | None:
    """Where the first word in a foreign script begins, if *text* is in the wrong script for *language*; else None."""
    own = scripts_of(language)
    if not own or ("LATIN" in own and text.isascii()):
        return None
    masked = _NO_WORDS.sub(lambda match: " " * len(match.group()), text)
    native = foreign = 0
    first: int | None = None
    for match in _WORD.finditer(masked):
        word = match.group()
        script = _script(word[0])
        weight = len(word) if script in _UNSPACED else 1
        if script in own:
            native += weight
        elif script in _KNOWN and not (script == "LATIN" and word[0].isupper()):
            foreign += weight
            first = match.start() if first is None else first
    return first if foreign > _OUTWEIGHED * native else None


@cache
def scripts_of(language: str) -> frozenset[str]:
    """The scripts, as Unicode names them, in which a text of this tag may be; empty where that is not known."""
    tag = langcodes.Language.get(language, normalize=False)
    primary = tag.language or ""
    if tag.script is not None:
        codes: set[str | None] = {tag.script}
    elif primary in DEFAULT_SCRIPTS:
        codes = {DEFAULT_SCRIPTS[primary], tag.maximize().script}
    else:
        codes = {full.split("-")[1] for full in LIKELY_SUBTAGS.values() if full.startswith(f"{primary}-")}
    if tag.script is None and primary in _LATIN_AND_CYRILLIC:
        codes |= {"Latn", "Cyrl"}
    return frozenset(word for code in codes for word in _LETTERS.get(str(code), "").split())


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").removeprefix("FULLWIDTH ").partition(" ")[0]
