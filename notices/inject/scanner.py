"""From bytes to tokens, as they come: states, offsets and what must wait for the next bytes.

Source: the HTML standard, 13.2.5.  Works on any encoding in which ASCII bytes are always ASCII characters; the others
are brought to that form by :mod:`notices.inject.charset`.  Nothing is kept but an unfinished token.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from notices.expressions import late

from .declarations import Declarations
from .runs import OPEN_SECTIONS
from .script import ScriptText
from .tags import TAG, OpenTag

if TYPE_CHECKING:
    from collections.abc import Callable

    from .listener import Listener

_SPACE = late(
    rb"(?>(?:[\t\n\f\r ]++|&(?:#0*+(?:9|10|12|13|32)(?:;|(?=[^0-9;]))|#[xX]0*+(?:9|[aAcCdD]|20)(?:;|(?=[^0-9A-Fa-f;]))"
    rb"|Tab;|NewLine;))*)"
)
_OPEN_REFERENCE = late(rb"&(?:#(?:[0-9]*+|[xX][0-9A-Fa-f]*+)|[A-Za-z]{0,7})\Z")
_OPENING = late(rb"<(/?)([A-Za-z][^\t\n\f\r />]*+)(.*)", re.DOTALL)
_RAW_ENDS: dict[bytes, re.Pattern[bytes]] = {}


class Scanner(Declarations):
    """Reads a page; `feed` takes bytes as they come, ``safe`` is the offset up to which nothing is unfinished."""

    def __init__(self, listener: Listener) -> None:
        super().__init__(listener)
        self.total = 0
        self._late = b""
        self._raw = b""
        self._script = ScriptText()
        self._places: dict[bytes, int] = {}
        self._folded = b""

    @property
    def safe(self) -> int:
        """The offset up to which every token is finished."""
        return self.total - self._tail.size

    @property
    def state(self) -> str:
        """The tokenizer's state: ``data``, or the kind of what is unfinished."""
        if self._raw and self._state == "data":
            return "raw"
        if self._late:
            return "late tag"
        return "lone" if self._state == "data" and self._tail.content() == b"</" else self._state

    @property
    def end(self) -> int:
        """The last offset at which a tag can come: before an unfinished one, which browsers drop, or a lone ``</``."""
        return self.safe if self._tail.tag is not None or self.state == "lone" else self.total

    def feed(self, chunk: bytes, start: int = 0) -> bool:
        """Read more of the page, from *start* on where its first bytes are known already; False if all of it waits."""
        self.total += len(chunk)
        if self._late:
            chunk = self._end_late(chunk)
        if self._late:
            return True
        if self._tail.waits(chunk):
            return self._keep(chunk)
        data = self._tail.take(chunk)
        self._base = self.total - len(data)
        self._places.clear()
        self._folded = b""
        at = self._read(data, start)
        if at < len(data):
            self._keep(data[at:])
        return True

    def finish(self) -> None:
        """The page has ended: what was held is no token; a lone ``<`` or ``</`` is text."""
        tail = self._tail.content()
        if self._state != "data" or self._tail.tag is not None or not tail:
            return
        if tail.startswith(b"<!"):
            self._state = "bogus"
        elif self._listener.listening and not _is_space(tail):
            self._listener.text(1, self.safe)

    def _keep(self, data: bytes) -> bool:
        """Hold *data*; whether that was too much, so that all that is held goes on."""
        if not data or self._tail.keep(data):
            return False
        self._pass_on()
        return True

    def _pass_on(self) -> None:
        """What is held is too much: go on without its beginning."""
        held, offset, tail = self._tail.content(), self.safe, self._tail
        if tail.tag is not None:
            self._late = held
            if held[1:2] != b"/" and not self._raw:
                self._listener.too_long(_OPENING.match(held)[2].lower(), offset)  # type: ignore[index]  # it is a tag
        elif tail.reference:
            self._listener.too_long(None, offset)
        else:
            self._listener.doctype(held)
            self._state = "bogus"
        tail.drop()

    def _end_late(self, chunk: bytes) -> bytes:
        """Go on in a tag that was too long; gives what follows it, nothing while it has not ended."""
        assert self._tail.tag is not None
        after = self._tail.tag.end(chunk)
        if after < 0:
            return b""
        slash, name, raw = _OPENING.match(self._late).groups()  # type: ignore[union-attr]  # it was held as a tag
        self._late = b""
        self._tail.tag = None
        end = self.total - len(chunk) + after
        self._tag(slash, name, raw, end, end, late=True)
        return chunk[after:]

    def _read(self, data: bytes, at: int) -> int:
        size = len(data)
        while at < size and not self._listener.done:
            after = self._STEPS[self._state](self, data, at)
            if after < 0:
                return ~after
            at = after
        return size

    def _data(self, data: bytes, at: int) -> int:
        """Read tags and text; gives the offset at which another state begins, or ``~offset`` of what is unfinished."""
        listener, size = self._listener, len(data)
        while at < size and not listener.done:
            run = listener.run
            if run is not None:
                bound = self._bound(data, at) if listener.needles else size
                # Whatever ended it is read as a token; where that was only its length, the next one goes on.
                found = run.match(data, at, bound)
                at = at if found is None else found.end()
                if found is not None and found.lastgroup == "open1":
                    self._enter(data, found)
                    continue
            if listener.listening:
                at = self._text(data, at)
                if at < 0:
                    return at
            else:
                at = data.find(b"<", at)
            if at < 0 or at >= size:
                return size
            tag = TAG.match(data, at)
            if tag is None:
                return self._markup(data, at)
            at = tag.end()
            slash, name, raw, closed = tag.groups()
            self._tag(slash, name, raw, self._base + tag.start(), self._base + at, closed=bool(closed))
            if self._state != "data":
                return at
        return at

    def _enter(self, data: bytes, found: re.Match[bytes]) -> None:
        """Tell the start tags of the sections that a run has left open."""
        for tag, left in OPEN_SECTIONS:
            if found.start(left) >= 0:
                start = TAG.match(data, found.start(tag) - 1)
                assert start is not None
                self._listener.enter(start[2], start[3])

    def _bound(self, data: bytes, at: int) -> int:
        """Where the next of the bytes stands that no run may skip."""
        nearest = len(data)
        if self._listener.fold:
            self._folded = data = self._folded or data.lower()
        for needle in self._listener.needles:
            place = self._places.get(needle, -1)
            if place < at:
                place = data.find(needle, at)
                self._places[needle] = place = len(data) if place < 0 else place
            nearest = min(nearest, place)
        return nearest

    def _text(self, data: bytes, at: int) -> int:
        listener = self._listener
        space = _SPACE.match(data, at).end()  # type: ignore[union-attr]  # it matches the empty string
        if space > at:
            listener.text(0, self._base + at)
            at = space
        if data[at : at + 1] in (b"<", b""):
            return at
        if data[at] == 0:
            listener.text(2, self._base + at)
            return self._text(data, at + 1)
        if _OPEN_REFERENCE.match(data, at):
            self._tail.reference = True
            return ~at
        listener.text(1, self._base + at)
        after = data.find(b"<", at)
        return len(data) if after < 0 else after

    def _tag(
        self, slash: bytes, name: bytes, raw: bytes, start: int, end: int, *, closed: bool = False, late: bool = False
    ) -> None:
        name = name.lower()
        if self._raw:
            self._raw = b""
        elif slash:
            self._listener.end(name, start, end)
        else:
            self._listener.start(name, raw, start, end, closed=closed, late=late)
            if self._listener.raw is not None:
                self._enter_raw(self._listener.raw)

    def _enter_raw(self, name: bytes) -> None:
        if name == b"plaintext":
            self._state = "plaintext"
            return
        self._state = "raw"
        self._raw = name
        self._script.reset()

    def _markup(self, data: bytes, at: int) -> int:
        """What begins with ``<`` at *at* and is no whole tag."""
        second = data[at + 1 : at + 2]
        if second.isalpha() or (second == b"/" and data[at + 2 : at + 3].isalpha()):
            self._tail.tag = OpenTag()
            self._tail.tag.end(data, at + 1 + (second == b"/"))
            return ~at
        if second == b"!":
            return self._declaration(data, at)
        if second == b"/":
            return self._odd_end(data, at)
        if second == b"?":
            self._state = "bogus"
            return at + 2
        if not second:
            return ~at
        self._listener.text(1, self._base + at)
        return at + 1

    def _plaintext(self, data: bytes, _at: int) -> int:
        return len(data)

    def _raw_text(self, data: bytes, at: int) -> int:
        if self._raw == b"script":
            end = self._script.end(data, at)
        else:
            end = _raw_end(self._raw, data, at)
        if end >= 0:
            self._state = "data"
        return end

    _STEPS: ClassVar[dict[str, Callable[[Scanner, bytes, int], int]]] = {
        "data": _data,
        "raw": _raw_text,
        "comment start": Declarations.comment_start,
        "comment": Declarations.comment,
        "bogus": Declarations.bogus,
        "doctype": Declarations.doctype,
        "cdata": Declarations.cdata,
        "plaintext": _plaintext,
    }


def _is_space(text: bytes) -> bool:
    """Whether *text*, which ends the page, is nothing but space."""
    found = _SPACE.match(text + b"<")
    return found is not None and found.end() == len(text)


def _raw_end(name: bytes, data: bytes, at: int) -> int:
    """Where ``</name`` stands, or ``~offset`` of what may be its beginning."""
    pattern = _RAW_ENDS.get(name)
    if pattern is None:
        pattern = _RAW_ENDS[name] = re.compile(rb"</" + name + rb"(?=[\t\n\f\r />])", re.IGNORECASE)
    found = pattern.search(data, at)
    if found is not None:
        return found.start()
    return ~max(at, len(data) - len(name) - 2)
