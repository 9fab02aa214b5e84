"""The unfinished token at the end of what came so far, and what could end it; no byte of it is read twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tags import OpenTag

#: The most bytes that are held back for one unfinished token.
LIMIT = 65536

_REFERENCE_GOES_ON = re.compile(rb"[0-9A-Za-z]*+\Z")


class Tail:
    """The bytes that are held; ``tag`` is a tag that has not ended, ``reference`` and ``until`` other such tokens."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0
        self.tag: OpenTag | None = None
        self.reference = False
        self.until: bytes | None = None

    def waits(self, chunk: bytes) -> bool:
        """Whether the token stays unfinished also with *chunk*."""
        if not self.size:
            return False
        if self.tag is not None:
            return self.tag.end(chunk) < 0
        if self.until is not None:
            return self.until not in chunk
        return self.reference and _REFERENCE_GOES_ON.match(chunk) is not None

    def keep(self, data: bytes) -> bool:
        """Hold *data* too; False if that is more than may be held."""
        self._parts.append(data)
        self.size += len(data)
        return self.size <= LIMIT

    def content(self) -> bytes:
        """All that is held."""
        self._parts = [b"".join(self._parts)]
        return self._parts[0]

    def take(self, chunk: bytes) -> bytes:
        """What is held and *chunk*, to be read anew; nothing is held any more."""
        data = self.content() + chunk if self.size else chunk
        self.drop()
        self.tag = None
        return data

    def drop(self) -> None:
        """Hold nothing; a tag that has not ended may go on."""
        self._parts.clear()
        self.size = 0
        self.reference = False
        self.until = None
