"""Comments, doctypes, CDATA sections and what is read as a comment: HTML standard, 13.2.5.41 to .71.

Steps of the scanner: each takes the bytes at hand and an offset in them, and gives the offset after what it has read,
or ``~offset`` of what is unfinished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.expressions import late

from .tail import Tail

if TYPE_CHECKING:
    from .listener import Listener

_COMMENT_END = late(rb"--!?>")
_MARKER = late(rb"<!--notices(?::([0-9A-Za-z_-]{1,64}))?-->")
_OPEN_MARKER = late(rb"<!(?:-(?:-(?:n(?:o(?:t(?:i(?:c(?:e(?:s(?::[0-9A-Za-z_-]{0,66}|--?)?)?)?)?)?)?)?)?)?)?\Z")


class Declarations:
    """The part of a scanner that reads what begins with ``<!``, ``<?`` or ``</`` and is no tag."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._state = "data"
        self._base = 0
        self._tail = Tail()

    def _odd_end(self, data: bytes, at: int) -> int:
        third = data[at + 2 : at + 3]
        if not third:
            return ~at
        if third == b">":
            return at + 3
        self._state = "bogus"
        return at + 2

    def _declaration(self, data: bytes, at: int) -> int:
        opening = data[at : at + 9].lower()
        if self._listener.wants_markers:
            marker = _MARKER.match(data, at)
            if marker and b"--" not in (marker[1] or b""):
                self._listener.marker(marker[1].decode() if marker[1] else None, self._base + marker.end())
                return marker.end()
            if _OPEN_MARKER.match(data, at):
                return ~at
        if opening.startswith(b"<!--"):
            self._state = "comment start"
            return at + 4
        if len(opening) < 9 and (b"<!doctype".startswith(opening) or b"<![cdata[".startswith(opening)):
            return ~at
        if len(opening) < 4 and b"<!--".startswith(opening):
            return ~at
        if opening == b"<!doctype":
            self._state = "doctype"
            return at
        if data[at : at + 9] == b"<![CDATA[" and self._listener.in_foreign:
            self._state = "cdata"
            return at + 9
        self._state = "bogus"
        return at + 2

    def comment_start(self, data: bytes, at: int) -> int:
        """After ``<!--``: ``>`` and ``->`` end the comment at once."""
        opening = data[at : at + 2]
        if opening[:1] == b">" or opening == b"->":
            self._state = "data"
            return at + (1 if opening[:1] == b">" else 2)
        if opening == b"-":
            return ~at
        self._state = "comment"
        return at

    def comment(self, data: bytes, at: int) -> int:
        """A comment's text and end."""
        found = _COMMENT_END.search(data, at)
        if found is None:
            return ~max(at, len(data) - 3)
        self._state = "data"
        return found.end()

    def bogus(self, data: bytes, at: int) -> int:
        """What is read as a comment up to its first ``>``."""
        end = data.find(b">", at)
        if end < 0:
            return len(data)
        self._state = "data"
        return end + 1

    def doctype(self, data: bytes, at: int) -> int:
        """A doctype, which is told whole."""
        end = data.find(b">", at)
        if end < 0:
            self._tail.until = b">"
            return ~at
        self._state = "data"
        self._listener.doctype(data[at : end + 1])
        return end + 1

    def cdata(self, data: bytes, at: int) -> int:
        """A CDATA section."""
        end = data.find(b"]]>", at)
        inside = data[at : end if end >= 0 else len(data)]
        if inside.strip(b"\t\n\f\r \0"):
            self._listener.text(1, self._base + at)
        if end < 0:
            return ~max(at, len(data) - 2)
        self._state = "data"
        return end + 3
