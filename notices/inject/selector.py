"""Selectors of places: comma lists of compound selectors of type, ``#id``, ``.class``, ``[attr]``, ``[attr=value]``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from notices.expressions import late

from .targets import unfit

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The codec by which selectors are sought where a page's head names none.
READING = "utf-8"

_NAME = r"-?(?:[A-Za-z_]|[^\x00-\x7f]|\\[^\n])(?:[A-Za-z0-9_-]|[^\x00-\x7f]|\\[^\n])*"
_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_PART = re.compile(
    rf"""\#(?P<id>(?:[A-Za-z0-9_-]|[^\x00-\x7f]|\\[^\n])+)
       | \.(?P<class>{_NAME})
       | \[\s*(?P<attr>[A-Za-z_][A-Za-z0-9_.:-]*)\s*
           (?:=\s*(?:"(?P<dq>[^"\\\n]*)"|'(?P<sq>[^'\\\n]*)'|(?P<bare>{_NAME}))\s*)?\]""",
    re.VERBOSE,
)
_UNQUOTED = late(r"""\[\s*([A-Za-z_][A-Za-z0-9_.:-]*)\s*=\s*([^\s"'\]]+)\s*\]""")
_COMBINES = "combines elements, which cannot be searched for while a page streams; name the target itself"
_SPACE = " \t\n\r\f"
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_WORD = re.compile(r"[^\t\n\f\r ]+")


class SelectorError(ValueError):
    """A text is no selector of a place; ``offset`` is the position in it, from 0, at which it goes wrong."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(f"{message} (at position {offset + 1})")
        self.offset = offset


class Compound(Struct, frozen=True):
    """One compound selector; ``type`` in lower case or None; attributes map to the value asked for or None for any."""

    type: bytes | None = None
    id: str | None = None
    classes: frozenset[str] = frozenset()
    attributes: tuple[tuple[bytes, str | None], ...] = ()

    def hint(self, reading: str = READING) -> bytes:
        """Bytes in *reading* that stand in every start tag that is meant.

        What an editor or a template may write as a character reference (``&amp;``, ``&eacute;``) is left out; letters,
        digits, hyphens and underscores are taken as written as such.
        """
        values = (self.id, *sorted(self.classes), *(value for _, value in self.attributes))
        found = next((value for value in values if value), None)
        if found is None:
            return self.attributes[0][0]
        plain = max(_PLAIN.findall(found), key=len, default="")
        return plain.encode() or found.encode(reading, "replace")

    @property
    def by_name(self) -> bool:
        """Whether the hint is an attribute's name, which may be written in any case."""
        return self.id is None and not self.classes and not any(value for _, value in self.attributes)

    def matches(self, found: Mapping[bytes, str]) -> bool:
        """Whether an element of this type with the attributes *found* is meant."""
        if self.id is not None and found.get(b"id") != self.id:
            return False
        if self.classes and not self.classes.issubset(_WORD.findall(found.get(b"class", ""))):
            return False
        return all(name in found and value in (None, found[name]) for name, value in self.attributes)


class Selector(Struct, frozen=True):
    """A parsed selector: any of its compounds."""

    text: str
    compounds: tuple[Compound, ...]

    def matches(self, name: bytes, found: Mapping[bytes, str]) -> bool:
        """Whether a start tag of *name* (lower case) with these attributes is meant."""
        return any(c.type in (None, name) and c.matches(found) for c in self.compounds)


@lru_cache(maxsize=256)
def parse_selector(text: str, position: str | None = None) -> Selector:
    """Read *text*; *position* (``before``, ``after``, ``first-in``, ``last-in``) also refuses targets unfit for it.

    Raises SelectorError, a ValueError that says what is wrong, where, and what to write instead.
    """
    compounds: list[Compound] = []
    at = 0
    while True:
        at = _skip(text, at)
        compound, end = _compound(text, at)
        if position is not None and compound.type is not None:
            _check_target(compound.type, position, at)
        compounds.append(compound)
        at = _skip(text, end)
        if at == len(text):
            return Selector(text, tuple(compounds))
        if text[at] != ",":
            raise SelectorError(_complaint(text, end), at)
        at += 1


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _compound(text: str, start: int) -> tuple[Compound, int]:
    head = _TYPE.match(text, start)
    at = head.end() if head else start
    ids: list[str] = []
    classes: list[str] = []
    attributes: list[tuple[bytes, str | None]] = []
    while part := _PART.match(text, at):
        if part["id"] is not None:
            ids.append(_unescape(part["id"]))
        elif part["class"] is not None:
            classes.append(_unescape(part["class"]))
        else:
            attributes.append((part["attr"].lower().encode(), _value(part)))
        at = part.end()
    if at == start:
        raise SelectorError(_complaint(text, start), start)
    if len(set(ids)) > 1:
        raise SelectorError("an element has one id; two different ones match nothing", start)
    kind = head[0].lower().encode() if head else None
    return Compound(kind, ids[0] if ids else None, frozenset(classes), tuple(attributes)), at


def _value(part: re.Match[str]) -> str | None:
    if part["bare"] is not None:
        return _unescape(part["bare"])
    return part["dq"] if part["dq"] is not None else part["sq"]


def _unescape(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name)


def _complaint(text: str, at: int) -> str:
    """Why the selector cannot go on at *at*, the end of its last good part."""
    rest = text[_skip(text, at) :]
    if not rest or rest[0] == ",":
        return "a selector is missing here; write a type, #id, .class or [attr]"
    if rest[0] in ">+~":
        return f"{rest[0]!r} {_COMBINES}"
    if rest[0] == ":":
        return "pseudo-classes and pseudo-elements need the whole page; give the target a type, #id, .class or [attr]"
    if rest[0] == "*":
        return "'*' would match everything; name the target"
    unquoted = _UNQUOTED.match(rest)
    if unquoted is not None:
        return f'quote the value, which is no plain name: [{unquoted[1]}="{unquoted[2]}"]'
    if rest[0] == "[":
        return "only [attr] and [attr=value] are understood here, the value quoted where it is no plain name"
    if _skip(text, at) > at:
        return f"a space {_COMBINES}"
    return f"{rest[0]!r} cannot stand here; write a type, #id, .class or [attr]"


def _check_target(kind: bytes, position: str, at: int) -> None:
    reason = unfit(kind, position)
    if reason:
        raise SelectorError(f"{position}: {kind.decode()} cannot be a place: {reason}", at)
