"""What a site states of its page, in the environ or in the ``Notices-Page`` header, as facts (spec: service, 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from notices.language import is_coded_language
from notices.page import SURFACES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo


class Stated(Struct, frozen=True):
    """The facts that could be read, and the names of those that could not (``header``: the whole header).

    ``facts`` has the names that :class:`notices.page.Page` uses, beside ``skip``.
    """

    facts: Mapping[str, Any] = {}
    faults: tuple[str, ...] = ()


def read_header(values: list[str]) -> Stated:
    """Read all ``Notices-Page`` values of a response as one RFC 9651 dictionary; a malformed one is dropped whole."""
    if not values:
        return Stated()
    import http_sf  # only sites that state facts in a header need it

    try:
        members = http_sf.parse(", ".join(values).encode("latin-1"), tltype="dictionary")
    except (http_sf.StructuredFieldError, UnicodeEncodeError):
        return Stated(faults=("header",))
    assert isinstance(members, dict)
    return Stated({name: _bare(member) for name, member in members.items()})


def _bare(member: Any) -> Any:
    """The value of an item or inner list without its parameters, tokens as text."""
    from http_sf import DisplayString, Token

    value = member[0]
    if isinstance(value, list):
        return [_bare(item) for item in value]
    return str(value) if isinstance(value, (Token, DisplayString)) else value


def read_facts(stated: Mapping[str, Any], zone: tzinfo = UTC) -> Stated:
    """Check what a site states; *zone* is that of dates without one. None is a fact that is not stated."""
    facts: dict[str, Any] = {}
    faults: list[str] = []
    for name, value in stated.items():
        reader = _READERS.get(name)
        try:
            if reader is None:
                raise ValueError(name)
            if value is not None:
                facts[_FIELDS.get(name, name)] = reader(value, zone)
        except Exception:  # noqa: BLE001  a list that is fetched while it is read fails in ways of its own
            faults.append(name if name in _READERS else "unknown")
    return Stated(facts, tuple(faults))


def _words(value: Any, _zone: tzinfo) -> frozenset[str]:
    words = [value] if isinstance(value, str) else list(value) if isinstance(value, Iterable) else None
    if words is None or isinstance(value, (bytes, Mapping)) or not all(isinstance(word, str) for word in words):
        raise ValueError("neither a text nor a list of texts")
    return frozenset(words)


def _word(value: Any, _zone: tzinfo) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no text")
    return value


def _surface(value: Any, zone: tzinfo) -> str:
    if value not in SURFACES:
        raise ValueError("no surface")
    return _word(value, zone)


def _language(value: Any, zone: tzinfo) -> str:
    if not is_coded_language(_word(value, zone)):
        raise ValueError("no language tag")
    return str(value)


def _published(value: Any, zone: tzinfo) -> datetime:
    """An instant; a day begins in *zone*, as do times without an offset."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=zone)
    if not isinstance(value, datetime):
        raise TypeError("no instant")
    return value if value.tzinfo is not None else value.replace(tzinfo=zone)


def _skip(value: Any, _zone: tzinfo) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


_READERS: Mapping[str, Callable[[Any, tzinfo], Any]] = {
    "tags": _words,
    "section": _words,
    "mentions": _words,
    "publisher": _word,
    "surface": _surface,
    "language": _language,
    "published": _published,
    "skip": _skip,
}
_FIELDS = {"section": "sections"}
#: The names by which a site states facts.
FACT_NAMES = tuple(_READERS)
#: What each of them takes.
TAKES: Mapping[str, str] = {
    "tags": "a text or a list of texts",
    "section": "a text or a list of texts",
    "mentions": "a text or a list of texts",
    "publisher": "the id of a publisher that the rules declare",
    "surface": f"one of {', '.join(SURFACES)}",
    "language": "a BCP 47 tag such as ru or pt-BR",
    "published": "a date or an instant such as 2026-11-22T12:00:00Z",
    "skip": "true or false",
}


def fault_in_words(fault: str) -> str:
    """What to write where a fault of :class:`Stated` is; never what was written, which is the site's business."""
    if fault in TAKES:
        return f"{fault}: it takes {TAKES[fault]}"
    return _OTHER_FAULTS.get(fault, fault)


_OTHER_FAULTS = {
    "unknown": f"one of a name that is none; they are {', '.join(FACT_NAMES)}",
    "header": "all of Notices-Page, which is no RFC 9651 dictionary such as 'surface=article, tags=(war)'",
    "environ": "all of environ['notices.page'], which is no mapping",
}
