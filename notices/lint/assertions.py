"""Texts that tell readers where they are: nobody knows that for sure, so every text must be a condition.

"If you are in Russia" is right and "you are in Russia" is not (spec: rules, sections 3 and 10). A sentence is blamed
only if it says so of a place that is known by name, and nothing before in it makes it a condition.
"""

from __future__ import annotations

import re
from functools import cache
from textwrap import shorten
from typing import TYPE_CHECKING

import langcodes

from notices.region import WORLD, parents, region_names

from .finding import Finding
from .phrases import PHRASES
from .texts import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notices.ruleset import Ruleset

    from .phrases import Phrases

#: Signs of Markdown that stand between words, and targets of links.
_SIGNS = re.compile(r"[*_\[]|\]\((?>(?:[^)\s\]]|\](?!\())*)\)|\]")
_SENTENCE_END = re.compile(r"(?<![.!?…؟])[.!?…؟]+[\"'”’»)]*\s+(?![a-zа-яёіїєґў])|[。！？]+|\n[ \t]*\n")
_QUESTION = re.compile(r"[^.!…。！?؟？\n]*[?؟？]")
_CLAUSE_END = re.compile(r"\s*+(?:[.,;:!)…。，；！—–]|\Z)|[^\S\n]*+\n[^\S\n]*+\n")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")
_UNSPACED = frozenset({"zh"})


def find_assertions(ruleset: Ruleset) -> Iterator[Finding]:
    """Every text that asserts where its reader is, but those that a law prescribes word by word."""
    for text in texts_of(ruleset):
        phrases = PHRASES.get(text.language.partition("-")[0].lower())
        if phrases is None or text.rule.verbatim is not None:
            continue
        place = assertion_in(text.content, text.language, _local_names(ruleset))
        if place is not None:
            words = shorten(" ".join(text.content[place:].split()), 44, placeholder=" ...")
            message = f"the text tells the reader where the reader is ({words!r}), and nobody knows that for sure"
            fix = f"make it a condition: {phrases.condition}"
            yield Finding(text.spot_at(place), "error", "asserts-place", message, fix)


def assertion_in(text: str, language: str, names: Iterable[str] = ()) -> int | None:
    """Where *text* begins to assert that its reader is in some country, or place of *names*; None where it does not.

    Languages without a list of phrases are not judged.
    """
    primary = language.partition("-")[0].lower()
    phrases = PHRASES.get(primary)
    if phrases is None:
        return None
    plain, places = _plain(text)
    for strength, pattern in zip(("strong", "weak"), _patterns(primary), strict=True):
        for match in pattern.finditer(plain):
            if _is_conditional(plain, match, primary):
                continue  # asked first: the names of all places are seldom needed, and many
            end = _place_end(match, plain, primary, names)
            if end is not None and (strength == "strong" or _CLAUSE_END.match(plain, end)):
                return places[match.start()]
    return None


def _plain(text: str) -> tuple[str, list[int]]:
    """*text* without the signs of Markdown, and for each character left where it stood."""
    kept: list[int] = []
    done = 0
    for sign in _SIGNS.finditer(text):
        before = text[text.rfind("\n", 0, sign.start()) + 1 : sign.start()]
        if before.strip() or not _ITEM.match(text, sign.start()):
            kept += range(done, sign.start())
            done = sign.end()
    kept += range(done, len(text))
    return "".join(map(text.__getitem__, kept)), kept


@cache
def _patterns(primary: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    phrases = PHRASES[primary]
    strong, weak = (re.compile(_spaced(words), re.IGNORECASE) for words in (phrases.strong, phrases.weak))
    return strong, weak


def _spaced(pattern: str) -> str:
    return pattern.replace(" ", r"\s+")


@cache
def _hedges(primary: str) -> re.Pattern[str]:
    words = _spaced(PHRASES[primary].hedges)
    return re.compile(words if primary in _UNSPACED else rf"\b(?:{words})\b", re.IGNORECASE)


def _is_conditional(plain: str, match: re.Match[str], primary: str) -> bool:
    """Whether what stands before in the sentence, or before the list, makes the phrase no assertion; or a question."""
    start = match.start()
    begin = _sentence_start(plain, start)
    if _hedges(primary).search(plain, begin, start) or _QUESTION.match(plain, match.end()):
        return True
    # At the beginning of a later sentence the formal pronoun may speak of others.
    formal = re.match(PHRASES[primary].formal, plain[start:])
    return bool(formal and begin > 0 and not plain[begin:start].strip())


def _sentence_start(plain: str, place: int) -> int:
    """Where the sentence begins; of an item of a list, where the sentence begins that leads to the list."""
    line = plain.rfind("\n", 0, place) + 1
    if _ITEM.match(plain, line):
        while line and (_ITEM.match(plain, line) or plain[line].isspace()):
            line = plain.rfind("\n", 0, line - 1) + 1
        place = line + len(plain[line:].partition("\n")[0].rstrip())
    ends = (match.end() for match in _SENTENCE_END.finditer(plain))
    return max((end for end in ends if end <= place), default=0)


def _place_end(match: re.Match[str], plain: str, primary: str, names: Iterable[str]) -> int | None:
    """Where the name of a place ends that the phrase speaks of; None where it speaks of no place."""
    pattern = _names_pattern(primary, frozenset(names))
    if "place" in match.re.groupindex:
        return match.end() if pattern.fullmatch(f" {match['place']}") else None
    found = pattern.match(plain, match.end())
    return found.end() if found else None


@cache
def _names_pattern(primary: str, names: frozenset[str]) -> re.Pattern[str]:
    """What a place looks like behind a phrase, whatever its case ending; the longest name first."""
    phrases = PHRASES[primary]
    every = {*phrases.places, *names, *_cldr_names(primary), *(region_names().values() if primary == "en" else ())}
    gap = r"\s*" if primary in _UNSPACED else r"\s+"
    after = "" if primary in _UNSPACED else r"(?!\w)"
    stems = sorted({_stem(name, phrases) for name in every if len(name) > 1}, key=lambda stem: (-len(stem), stem))
    return re.compile(rf"{gap}(?:{_spaced(phrases.articles)})?(?:{'|'.join(stems)}){after}")


def _stem(name: str, phrases: Phrases) -> str:
    words = [re.escape(word) if not phrases.ending else _inflected(word, phrases) for word in name.split()]
    return r"\s+".join(words)


def _inflected(word: str, phrases: Phrases) -> str:
    stem = word[: -phrases.cut] if len(word) >= phrases.cut + 3 else word
    return rf"{re.escape(stem)}\w{{0,{phrases.ending}}}"


@cache
def _cldr_names(primary: str) -> frozenset[str]:
    countries = (code for code, parent in parents().items() if parent == WORLD)
    names = (langcodes.Language.make(territory=code).territory_name(primary) for code in (*countries, "EU"))
    return frozenset(name for name in names if name and not name.startswith("Unknown"))


def _local_names(ruleset: Ruleset) -> frozenset[str]:
    """The folder's own places: what labels call them, and the titles of sets."""
    labelled = {name for label in ruleset.labels for name in label.names}
    return frozenset(labelled | {facts.title for facts in ruleset.set_facts.values() if facts.title})
