"""Single values: texts, names, choices, numbers, language tags, links."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from notices.language import is_language_tag

from .desk import nearest
from .lookalikes import SMART_QUOTES, is_smart_quoted, latinised, name_lookalikes
from .shape import Leaf, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notices.document import Scalar

    from .desk import Desk, RejectedError

W = TypeVar("W", bound=str)

#: What a text may be where a JSON or YAML reader types it: 2024 is a tag as good as any.
TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_DECIMAL = re.compile(r"0\.[5-9][0-9]{0,3}|[1-9](?:\.[0-9]{1,4})?|10(?:\.0{1,4})?")
_FEATURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]*")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)


def reject_text(desk: Desk, node: Scalar, code: str, message: str, fix: str) -> RejectedError:
    """Reject a scalar; where typographic quotes or look-alike letters are at fault, say so instead of *message*."""
    if is_smart_quoted(node.text):
        plain = node.text.strip(SMART_QUOTES)
        message = f"typographic quotes around {plain!r} are part of the value for YAML"
        return desk.reject(node.mark, "smart-quotes", message, f'write "{plain}" with straight quotes or none')
    alike = name_lookalikes(node.text)
    if alike:
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
    return Leaf(_words, expected, TEXT_SCHEMA)


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
    if is_language_tag(node.text):
        return node.text
    fix = "write a BCP 47 tag such as en, pt-BR or zh-Hant"
    raise reject_text(desk, node, "bad-language", f"{node.text!r} is no language tag", fix)


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


def href_fault(href: str) -> str | None:
    """Why *href* cannot be a link of a notice; None where it can: https, mailto, and http to a .onion alone."""
    if any(char.isspace() or char in '<>"' or not char.isprintable() for char in href):
        return "a blank, quote or angle bracket stands in it"
    try:
        parts = urlsplit(href)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme == "mailto":
        return None if re.fullmatch(r"[^@/]+@[^@/?]+", parts.path) else "it names no mail address"
    if parts.scheme not in ("https", "http"):
        return "it does not begin with https://"
    if parts.username is not None:
        return "it holds a user name"
    if not _HOST.fullmatch(host):
        return "its host is not in A-labels" if host else "it names no host"
    return "http is not safe for readers" if parts.scheme == "http" and not host.endswith(".onion") else None


def _href(desk: Desk, node: Scalar) -> str:
    fault = href_fault(node.text)
    if fault is None:
        return node.text
    fix = "write an https:// address (or mailto:, or http:// to a .onion)"
    raise reject_text(desk, node, "bad-link", f"{shorten(node.text)} cannot be linked: {fault}", fix)


def _url(desk: Desk, node: Scalar) -> str:
    parts = urlsplit(node.text) if "[" not in node.text else None
    if parts and parts.scheme in ("http", "https") and parts.netloc and not re.search(r"\s", node.text):
        return node.text
    fix = "write the whole address, such as https://example.org/law"
    raise reject_text(desk, node, "bad-link", f"{shorten(node.text)} is no web address", fix)


_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def _day(desk: Desk, node: Scalar) -> date:
    try:
        return date.fromisoformat(node.text if _DAY.fullmatch(node.text) else "")
    except ValueError:
        raise reject_text(desk, node, "bad-date", f"{node.text!r} is no date", "write it as 2026-02-28") from None


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
NAME = Leaf(_kebab, "a name in kebab-case", {"type": ["string", "integer"], "pattern": f"^{_KEBAB.pattern}$"})
LANGUAGE = Leaf(_tag, "a language tag", {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"})
RANGE = Leaf(
    _range, "a language tag or '*'", {"type": "string", "pattern": r"^(\*|[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)$"}
)
FEATURE = Leaf(_feature, "a feature's name", {"type": "string", "pattern": f"^{_FEATURE.pattern}$"})
SHA256 = Leaf(_sha256, "a SHA-256 sum", {"type": "string", "pattern": f"^{_SHA256.pattern}$"})
HREF = Leaf(_href, "an https:// address", {"type": "string", "pattern": "^(https?://|mailto:)"})
URL = Leaf(_url, "a web address", {"type": "string", "pattern": "^https?://"})
DAY = Leaf(_day, "a date such as 2026-02-28", {"type": "string", "pattern": f"^{_DAY.pattern}$"})
