"""Tags as bytes: where one ends, what its attributes are, and how to go on with one that is cut by a chunk's end.

Follows the tokenizer of the HTML standard (13.2.5.32 to 13.2.5.40).  A quote opens a value only after ``=``; a slash
belongs to an unquoted value; VT is no space.
"""

from __future__ import annotations

import re
from html import unescape

from msgspec import Struct

from notices.expressions import late

_VALUE = rb"""(?:"[^"]*+"|'[^']*+'|(?=>)|[^\t\n\f\r >"'][^\t\n\f\r >]*+)"""
_EQUALS = rb"[\t\n\f\r ]*+="
_ATTRIBUTE = rb"[^\t\n\f\r />][^\t\n\f\r />=]*+(?:" + _EQUALS + rb"[\t\n\f\r ]*+" + _VALUE + rb"|(?!" + _EQUALS + rb"))"

#: A whole tag: group 1 is ``/`` of an end tag, 2 the name as written, 3 everything up to ``>``, 4 ``/`` of ``/>``.
TAG = re.compile(
    rb"<(/?)([A-Za-z][^\t\n\f\r />]*+)((?>(?:[\t\n\f\r ]++|/(?!>)|" + _ATTRIBUTE + rb")*))(/?)>",
)

_PARTS = re.compile(
    rb"([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    rb"""(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"([^"]*+)"?|'([^']*+)'?|([^\t\n\f\r >]*+)))?"""
)


def attributes(text: bytes, reading: str = "utf-8") -> dict[bytes, str]:
    """The attributes in what stands between a tag's name and its end; names in lower case, the first of two counts.

    *reading*: the codec of their values.
    """
    found: dict[bytes, str] = {}
    for name, double, single, bare in _PARTS.findall(text):
        value = (double or single or bare).decode(reading, "replace")
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


_SKIP = {
    "tag name": late(rb"[^\t\n\f\r />]*+"),
    "before": late(rb"[\t\n\f\r /]*+"),
    "name": late(rb"[^\t\n\f\r />=]*+"),
    "after": late(rb"[\t\n\f\r ]*+"),
    "value": late(rb"[\t\n\f\r ]*+"),
    "bare": late(rb"[^\t\n\f\r >]*+"),
    '"': late(rb'[^"]*+'),
    "'": late(rb"[^']*+"),
}
_BARE_SPACE = dict.fromkeys((b"\t", b"\n", b"\f", b"\r", b" "), "before")
#: (state, byte) -> state, the byte consumed; a state's other bytes lead to ``_OTHER`` and are consumed as well.
_NEXT: dict[str, dict[bytes, str]] = {
    "tag name": {**_BARE_SPACE, b"/": "before"},
    "before": {},
    "name": {**dict.fromkeys(_BARE_SPACE, "after"), b"/": "before", b"=": "value"},
    "after": {b"=": "value", b"/": "before"},
    "value": {b'"': '"', b"'": "'"},
    "bare": _BARE_SPACE,
    '"': {b'"': "before"},
    "'": {b"'": "before"},
}
_OTHER = {"before": "name", "after": "name", "value": "bare"}
_QUOTED = ('"', "'")


class OpenTag(Struct):
    """A tag whose end has not come; remembers what can end the present state, so that no byte is read twice."""

    state: str = "tag name"

    def end(self, data: bytes, start: int = 0) -> int:
        """The offset after the tag's ``>`` in *data*, read from *start* on, or -1 if it is not there."""
        at, size, state = start, len(data), self.state
        while True:
            at = _SKIP[state].match(data, at).end()  # type: ignore[union-attr]  # each of them matches the empty string
            if at >= size:
                self.state = state
                return -1
            byte = data[at : at + 1]
            at += 1
            if byte == b">" and state not in _QUOTED:
                return at
            state = _NEXT[state].get(byte) or _OTHER[state]
