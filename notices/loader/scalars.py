"""Single values: texts, names, choices, numbers, language tags, links."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from notices.language import LEFT_TO_RIGHT, RIGHT_TO_LEFT, is_language_tag
from notices.markdown_grammar import link_fault

from .desk import nearest
from .lookalikes import SMART_QUOTES, is_smart_quoted, latinised, name_lookalikes
from .shape import Leaf, Pairs, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notices.document import Scalar

    from .desk import Desk, RejectedError
    from .shape import Shape

W = TypeVar("W", bound=str)
T = TypeVar("T")

#: The types of a word, which a JSON or YAML reader may take for something else: a group can be called ``true``.
WORD_TYPES = ["string", "number", "boolean"]
#: What a text may be where a JSON or YAML reader types it: 2024 is a tag as good as any.
TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_DECIMAL = re.compile(r"0\.[5-9][0-9]{0,3}|[1-9](?:\.[0-9]{1,4})?|10(?:\.0{1,4})?")
_FEATURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]*")
_URL = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#]\S*)?")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)


def reject_text(desk: Desk, node: Scalar, code: str, message: str, fix: str) -> RejectedError:
    """Reject a scalar; where typographic quotes or look-alike letters are at fault, say so instead of *message*."""
    if is_smart_quoted(node.text):
        plain = node.text.strip(SMART_QUOTES)
        message = f"typographic quotes around {plain!r} are part of the value for YAML"
        return desk.reject(node.mark, "smart-quotes", message, f'write "{plain}" with straight quotes or none')
    alike = name_lookalikes(node.text)
    if alike and latinised(node.text).isascii():
        fix = f"write {latinised(node.text)!r} in Latin letters"
        return desk.reject(node.mark, "look-alike", f"in {node.text!r}, {alike}", fix)
    return desk.reject(node.mark, code, message, fix)


def _words(desk: Desk, node: Scalar) -> str:
    if not node.quoted and is_smart_quoted(node.text):
        message = f"the typographic quotes in {shorten(node.text)} are part of the text and will be shown"
        desk.report(node.mark, "warning", "smart-quotes", message, "write straight quotes around the text, or none")
    return node.text


def words(expected: str) -> Leaf[str]:
    """Any text."""
    return Leaf(_words, expected, TEXT_SCHEMA, prose=True)


def choice(choices: Iterable[W], expected: str) -> Leaf[W]:
    """One of some fixed words."""
    known = tuple(choices)

    def convert(desk: Desk, node: Scalar) -> W:
        for word in known:
            if word == node.text:
                return word
        near = nearest(latinised(node.text), known)
        fix = f"did you mean {near!r}?" if near else f"write one of {', '.join(known)}"
        raise reject_text(desk, node, "unknown-value", f"{node.text!r} is no {expected}", fix)

    return Leaf(convert, f"one of {', '.join(known)}", {"enum": list(known)})


def _boolean(desk: Desk, node: Scalar) -> bool:
    if node.text in ("true", "false"):
        return node.text == "true"
    raise reject_text(desk, node, "wrong-type", f"{node.text!r} is neither true nor false", "write true or false")


def _whole(desk: Desk, node: Scalar) -> int:
    if _WHOLE.fullmatch(node.text):
        return int(node.text)
    raise reject_text(desk, node, "wrong-type", f"{node.text!r} is no whole number", "write digits, such as 800")


def _decimal(desk: Desk, node: Scalar) -> float:
    if _DECIMAL.fullmatch(node.text):
        return float(node.text)
    message = f"{node.text!r} is no size from 0.5 to 10 times the page's text"
    raise reject_text(desk, node, "wrong-type", message, "write a number such as 2.0")


def _kebab(desk: Desk, node: Scalar) -> str:
    if _KEBAB.fullmatch(node.text):
        return node.text
    plain = re.sub(r"[^a-z0-9]+", "-", latinised(node.text).lower()).strip("-")
    fix = f"write {plain!r}" if plain else "write lower-case letters and digits with '-' between words"
    raise reject_text(desk, node, "bad-name", f"{node.text!r} is not in kebab-case", fix)


def _tag(desk: Desk, node: Scalar) -> str:
    primary = node.text.partition("-")[0]
    if not is_language_tag(node.text) or len(primary) > 3:
        known = _language_called(node.text)
        fix = f"write {known!r}" if known else "write a BCP 47 tag such as en, pt-BR or zh-Hant"
        raise reject_text(desk, node, "bad-language", f"{node.text!r} is no language tag", fix)
    if not _is_registered(node.text):
        message = f"no language is registered under the tag {node.text!r}"
        fix = "Ukrainian is uk" if primary.lower() == "ua" else "look it up in the IANA language subtag registry"
        desk.report(node.mark, "warning", "unregistered-language", message, fix)
    return node.text


@cache
def _is_registered(tag: str) -> bool:
    if tag in LEFT_TO_RIGHT or tag in RIGHT_TO_LEFT:
        return True
    import langcodes  # slow to import, and a site that serves seldom needs it

    return langcodes.tag_is_valid(tag)


def _language_called(name: str) -> str | None:
    """The tag of the language that *name* calls in some language, such as ``english``."""
    if not name.isprintable():  # langcodes ends its own keys with U+0000, and stumbles over one
        return None
    import langcodes

    try:
        return langcodes.find(name).to_tag()
    except LookupError:
        return None


def _range(desk: Desk, node: Scalar) -> str:
    return node.text if node.text == "*" else _tag(desk, node)


def _feature(desk: Desk, node: Scalar) -> str:
    if _FEATURE.fullmatch(node.text):
        return node.text
    fix = "write it as in data-notices-feature, without blanks: share"
    raise reject_text(desk, node, "bad-name", f"{node.text!r} is no name of a feature", fix)


def _sha256(desk: Desk, node: Scalar) -> str:
    if _SHA256.fullmatch(node.text):
        return node.text.lower()
    message = f"{shorten(node.text)} is no SHA-256 sum"
    raise reject_text(desk, node, "bad-sum", message, "write its 64 hexadecimal digits")


def _href(desk: Desk, node: Scalar) -> str:
    text = node.text
    if any(char.isspace() or char in '<>"{}' or not char.isprintable() for char in text):
        message = f"a blank, quote, bracket or brace stands in the link {shorten(text)}"
        raise reject_text(desk, node, "bad-link", message, "write the address as the browser shows it")
    fault = link_fault(text)
    if fault is not None:
        _, message, fix = fault
        raise reject_text(desk, node, "bad-link", message, fix)
    return text


def _url(desk: Desk, node: Scalar) -> str:
    if _URL.fullmatch(node.text):
        return node.text
    fix = "write the whole address, such as https://example.org/law"
    raise reject_text(desk, node, "bad-link", f"{shorten(node.text)} is no web address", fix)


#: A day with its month as an English word, before or behind it.
_WORDED = re.compile(
    r"(?:(?P<before>[A-Za-z]+)\.? )?(?P<day>[0-9]{1,2})\.?(?: (?P<after>[A-Za-z]+)\.?)?,? (?P<year>[0-9]{4})"
)
_LOOSE = re.compile(r"([0-9]{1,4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,4})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def _day(desk: Desk, node: Scalar) -> date:
    try:
        return date.fromisoformat(node.text if _DAY.fullmatch(node.text) else "")
    except ValueError:
        match = _DAY.fullmatch(node.text)
        if match:
            fix = last_day_of(int(match[1]), int(match[2]))
            raise desk.reject(node.mark, "bad-date", f"the day {node.text!r} does not exist", fix) from None
        fix = date_meant(node.text) or "write it as 2026-02-28"
        raise reject_text(desk, node, "bad-date", f"{node.text!r} is no date", fix) from None


def date_meant(text: str) -> str | None:
    """What to write for a date such as ``20.2.2024``; None for what is no date either, or not on the calendar."""
    match = _LOOSE.fullmatch(_month_as_number(text))
    if match is None:
        return None
    first, month, last = match.groups()
    year, day = (first, last) if len(first) == 4 else (last, first)
    found = [_date_or_none(year, month, day)]
    if "/" in text and year == last and day != month:
        found.append(_date_or_none(year, day, month))
    meant = [one for one in found if one is not None]
    return f"write {' or '.join(meant)}" if meant else None


def _month_as_number(text: str) -> str:
    """``1 December 2026`` and ``Dec 1, 2026`` as ``1.12.2026``; what is neither as it is."""
    match = _WORDED.fullmatch(text)
    if match is None:
        return text
    months = [name for name in month_name if name]
    word = (match["before"] or match["after"] or "").lower()
    found = [number for number, name in enumerate(months, 1) if len(word) > 2 and name.lower().startswith(word)]
    return f"{match['day']}.{found[0]}.{match['year']}" if found else text


def _date_or_none(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat() if len(year) == 4 else None
    except ValueError:
        return None


def last_day_of(year: int, month: int) -> str:
    """Advice for a day that does not exist: the last one of its month."""
    if not 1 <= month <= 12 or year < 1:
        return "months go from 01 to 12"
    return f"the last day of that month is {year:04}-{month:02}-{monthrange(year, month)[1]}"


BOOLEAN = Leaf(_boolean, "true or false", {"enum": [True, False, "true", "false"]})
WHOLE = Leaf(
    _whole,
    "a whole number",
    {"type": ["integer", "string"], "pattern": r"^[+-]?[0-9]{1,9}$", "maximum": 999_999_999, "minimum": -999_999_999},
)
DECIMAL = Leaf(
    _decimal,
    "a number",
    {"type": ["number", "string"], "pattern": f"^(?:{_DECIMAL.pattern})$", "minimum": 0.5, "maximum": 10},
)
NAME = Leaf(_kebab, "a name in kebab-case", {"type": WORD_TYPES, "pattern": f"^{_KEBAB.pattern}$"})
LANGUAGE = Leaf(_tag, "a language tag", {"type": "string", "pattern": "^[A-Za-z]{1,3}(-[A-Za-z0-9]{1,8})*$"})


def by_language(value: Shape[T], what: str, example: str = "{en: ...}") -> Pairs[str, T]:
    """A mapping of language tags, which are equal in any case."""
    return Pairs(LANGUAGE, value, f"{what} by language tag", example=example, lone="en", same=str.lower)


RANGE = Leaf(
    _range, "a language tag or '*'", {"type": "string", "pattern": r"^(\*|[A-Za-z]{1,3}(-[A-Za-z0-9]{1,8})*)$"}
)
FEATURE = Leaf(_feature, "a feature's name", {"type": "string", "pattern": f"^{_FEATURE.pattern}$"})
SHA256 = Leaf(_sha256, "a SHA-256 sum", {"type": "string", "pattern": f"^{_SHA256.pattern}$"})
HREF = Leaf(_href, "an https:// address", {"type": "string", "pattern": "^(https?://|mailto:)"})
URL = Leaf(_url, "a web address", {"type": "string", "pattern": f"^{_URL.pattern}$"})
DAY = Leaf(_day, "a date such as 2026-02-28", {"type": "string", "pattern": f"^{_DAY.pattern}$"})
