"""Choose languages: which text a reader gets, what a header asks for, which way a script runs.

Tags are BCP 47 (RFC 5646), matching is RFC 4647, nearness is the CLDR's language distance, which ``langcodes`` holds;
it is imported at the first question that needs it, since most need only equality.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from notices.memo import Memo

from .expressions import late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .notice import Direction

#: Beyond this CLDR distance readers do not understand each other: 54 is simplified for traditional Chinese, 70 Chinese
#: for Uyghur, 84 two languages that have nothing to do with each other.
FARTHEST = 60
#: What a wish that stands one place lower costs: the distance of two varieties of one language (ICU's own figure).
_DEMOTION = 5
_LONGEST_HEADER = 1000
_MOST_WISHES = 12
_LONGEST_TAG = 64
#: Tags of languages that sites write in, all of them registered, by the direction of their likely scripts (CLDR).
LEFT_TO_RIGHT = frozenset((
    "af", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fi",
    "fr", "ga", "gl", "gu", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "km", "kn", "ko",
    "ky", "lb", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "nn", "no",
    "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "tg", "th", "tk", "tr", "uk",
    "uz", "vi", "zh", "zh-Hans", "zh-Hant",
))  # fmt: skip
RIGHT_TO_LEFT = frozenset(("ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"))
_RTL_SCRIPTS = frozenset(
    {"Adlm", "Arab", "Armi", "Avst", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Sogd", "Syrc", "Thaa", "Yezi"}
)

# RFC 5646, section 2.1; grandfathered tags are those of the registry that do not fit the pattern.
_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?"
    r"|x(?:-[a-z\d]{1,8})+",
    re.IGNORECASE | re.ASCII,
)
_GRANDFATHERED = late(
    r"en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:be-fr|be-nl|ch-de)",
    re.IGNORECASE,
)
#: RFC 5646, section 2.2.1: four letters are reserved, and of longer ones none is registered.
_LONGEST_CODE = 3
_WISH = re.compile(r"\s*([A-Za-z0-9-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?", re.ASCII)


def is_language_tag(text: str) -> bool:
    """Whether *text* is a well-formed BCP 47 tag (RFC 5646, section 2.2.9); the registry is not asked."""
    return (_TAG.fullmatch(text) or _GRANDFATHERED.fullmatch(text)) is not None


def is_coded_language(text: str) -> bool:
    """Whether *text* is such a tag and begins with a code: ``Russian`` is well-formed, but no such is registered."""
    return is_language_tag(text) and len(text.partition("-")[0]) <= _LONGEST_CODE


def matches_language(range_: str, tag: str) -> bool:
    """Whether the language range covers *tag* by basic filtering (RFC 4647, section 3.3.1): ``ru`` covers ``ru-RU``."""
    wanted, given = range_.lower(), tag.lower()
    return wanted == "*" or given == wanted or given.startswith(f"{wanted}-")


def parse_accept_language(header: str) -> tuple[str, ...]:
    """Read an ``Accept-Language`` value (RFC 9110, section 12.5.4) as tags, most wanted first.

    What is no tag, is refused (``q=0``) or names any language (``*``) is left out. Of a hostile header only the first
    thousand characters and dozen tags are read.
    """
    if len(header) > _LONGEST_HEADER:
        header = header[:_LONGEST_HEADER].rpartition(",")[0]
    known = _WISHES.get(header)
    return _parse_wishes(header) if known is None else known


#: Headers that hold nothing but wishes, as browsers send them: what else somebody puts there may be an address.
_WISHES: Memo[str, tuple[str, ...]] = Memo(512)


def _parse_wishes(header: str) -> tuple[str, ...]:
    items = header.split(",")
    wishes = [wish for wish in map(_parse_wish, items) if wish is not None]
    plain = len(wishes) == len(items)
    wishes.sort(key=lambda wish: -wish[1])
    tags = tuple(_without_repeats(tag for tag, _ in wishes))[:_MOST_WISHES]
    return _WISHES.put(header, tags) if plain else tags


def _parse_wish(item: str) -> tuple[str, float] | None:
    match = _WISH.fullmatch(item)
    if match is None or len(match[1]) > _LONGEST_TAG or not is_language_tag(match[1]):
        return None
    weight = float(match[2] or 1)
    return (match[1], weight) if weight > 0 else None


def _without_repeats(tags: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for tag in tags:
        if tag.lower() not in seen:
            seen.add(tag.lower())
            yield tag


def direction(tag: str) -> Direction:
    """Say which way the script of *tag* runs, by its own subtag or the likely one (CLDR); left to right if unknown."""
    if tag in LEFT_TO_RIGHT or tag in RIGHT_TO_LEFT:
        return "rtl" if tag in RIGHT_TO_LEFT else "ltr"
    return "rtl" if _script(_clean(tag[:_LONGEST_TAG])) in _RTL_SCRIPTS else "ltr"


@lru_cache(maxsize=1024)
def _script(tag: str) -> str | None:
    from langcodes import Language  # slow to import, and not always needed
    from langcodes.tag_parser import LanguageTagError

    try:
        return Language.get(tag).maximize().script
    except LanguageTagError:
        return None


def choose_language(available: Sequence[str], wanted: Sequence[str], last_resort: str | None) -> str:
    """Choose of the *available* tags the one nearest to those *wanted*, most wanted first: never none.

    A text in a language that the reader will not understand is not near. Then *last_resort* is asked for, and where
    that has no text either, the first text is taken.

    :raises ValueError: if nothing is available.
    """
    if not available:
        raise ValueError("there is no text in any language")
    if len(available) == 1:
        return available[0]
    wishes = tuple(tag for tag in wanted if len(tag) <= _LONGEST_TAG)[:_MOST_WISHES]
    texts = tuple(available)
    nearest = _nearest(texts, wishes)
    if nearest is None and last_resort is not None:
        nearest = _nearest(texts, (last_resort,))
    return nearest if nearest is not None else texts[0]


def choose_texts(
    available: Sequence[str],
    policy: Sequence[str],
    page_language: str | None,
    visitor_languages: Sequence[str],
    default_language: str | None,
) -> tuple[str, ...]:
    """Choose the languages in which a notice is shown, one for each word of *policy*, without repeats.

    The words are ``page``, ``visitor`` or tags (spec: rules, section 6). A page whose language nobody stated counts as
    one in *default_language*.
    """
    wishes = {"page": (page_language,) if page_language else (), "visitor": tuple(visitor_languages)}
    chosen = (choose_language(available, wishes.get(word, (word,)), default_language) for word in policy)
    return tuple(dict.fromkeys(chosen))


@lru_cache(maxsize=4096)
def _nearest(available: tuple[str, ...], wanted: tuple[str, ...]) -> str | None:
    """Find the least far of *available*; of two equally far the one wanted more, then the one written first."""
    if wanted:
        first = _clean(wanted[0]).lower()
        for tag in available:
            if _clean(tag).lower() == first:
                return tag
    costs = [
        (distance + _DEMOTION * place, place, order)
        for place, wish in enumerate(wanted)
        for order, tag in enumerate(available)
        if (distance := _distance(_clean(wish), _clean(tag))) <= FARTHEST
    ]
    return available[min(costs)[2]] if costs else None


@lru_cache(maxsize=4096)
def _distance(wanted: str, available: str) -> int:
    from langcodes import tag_distance  # slow to import, and not always needed
    from langcodes.tag_parser import LanguageTagError

    try:
        return tag_distance(wanted, available)
    except LanguageTagError:
        return FARTHEST + 1


def _clean(tag: str) -> str:
    """Read ``en_US``, which pages write in ``lang`` again and again, as what it means."""
    return tag.strip().replace("_", "-")
