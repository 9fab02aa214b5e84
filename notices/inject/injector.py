"""All edits of one page in one pass: bytes in, the same bytes out with the edits, as they come.

Nothing is parsed into a tree and written again: all but the inserted bytes are the page's own.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from notices.ruleset import BOTTOM, TOP, Place

from .charset import AsciiCoding, coding_for
from .edits import Edits, Insertion, Missed, Report
from .planner import Planner
from .scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from notices.ruleset import Position

    from .charset import Coding


_BARE = {"top": TOP, "bottom": BOTTOM}
_SELECTING: tuple[Position, ...] = ("before", "after", "first-in", "last-in")


class Injector:
    """Puts edits into a page; one for each page.

    ``charset`` is the label from the ``Content-Type`` header, None if it has none.  What `feed` and `finish` give,
    joined, is the page with its edits, however the page was cut.  Where a fragment's factory raises, so does `feed`;
    `release` then gives all bytes that are still held, so that the page stays whole.
    """

    def __init__(self, edits: Edits, *, charset: str | None = None) -> None:
        self._planner = Planner(edits)
        self._scanner = Scanner(self._planner)
        self._charset = charset
        self._coding: Coding | None = None
        self._refused = False
        self._held: list[bytes] = []
        self._held_size = 0
        self._sent = 0
        self._start = 0

    @property
    def report(self) -> Report:
        """What became of the edits; final after `finish`."""
        return self._planner.ledger.report

    @property
    def held(self) -> int:
        """How many bytes are held back at present."""
        return self._held_size

    def feed(self, chunk: bytes) -> bytes:
        """Take the next bytes of the page, give what can be sent now: the same object when nothing is to change."""
        if self._planner.done and not self._held_size:
            return chunk
        if not chunk:
            return chunk
        self._held.append(chunk)
        self._held_size += len(chunk)
        if self._coding is None:
            return self._begin()
        return self._advance(chunk)

    def finish(self) -> bytes:
        """The page has ended; give what is left to send."""
        planner = self._planner
        if self._coding is None and not self._refused:
            self._choose(final=True)
        if not planner.done:
            scanner = self._scanner
            scanner.finish()
            planner.finish(scanner.end, scanner.state)
        return self._send(self._sent + self._held_size)

    def release(self) -> bytes:
        """Give up: all bytes that are held, without the edits that were due in them; later bytes pass."""
        rest = b"".join(self._held)
        self._held.clear()
        self._held_size = 0
        self._planner.ledger.inserts.clear()
        self._planner.done = True
        return rest

    def _begin(self) -> bytes:
        if not self._choose(final=False):
            return b""
        return self._advance(b"".join(self._held)[self._start :])

    def _choose(self, *, final: bool) -> bool:
        """Settle the charset; False while the page's first bytes do not tell it."""
        start = b"".join(self._held)
        chosen = coding_for(start, self._charset) or (coding_for(start + b"  ", self._charset) if final else None)
        if chosen is None:
            return False
        coding, self._start = chosen
        if coding is None:
            self._refused = True
            self._planner.give_up(Missed.CHARSET)
        self._coding = coding or AsciiCoding()
        if final:
            self._scanner.feed(self._coding.mask(start[self._start :]))
        return True

    def _advance(self, chunk: bytes) -> bytes:
        assert self._coding is not None
        planner, scanner = self._planner, self._scanner
        if not planner.done:
            scanner.feed(self._coding.mask(chunk))
            planner.expire(scanner.total)
            planner.settle()
        return self._send(self._limit())

    def _limit(self) -> int:
        """The offset in the page up to which bytes may be sent."""
        everything = self._sent + self._held_size
        if self._planner.done:
            return everything
        safe, hold = self._scanner.safe, self._planner.hold
        assert self._coding is not None
        return min(everything, self._start + self._coding.unit * (safe if hold is None else min(safe, hold)))

    def _send(self, limit: int) -> bytes:
        """Take what stands before *limit*, an offset in the page, with the edits that are due in it."""
        inserts = self._due(limit)
        size = limit - self._sent
        if not size and not inserts:
            return b""
        data = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        start, self._sent = self._sent, limit
        self._held = [data[size:]] if size < len(data) else []
        self._held_size = len(data) - size
        if not inserts:
            return data if size == len(data) else data[:size]
        view = memoryview(data)
        pieces: list[bytes | memoryview] = []
        at = 0
        for offset, edit in inserts:
            pieces += (view[at : offset - start], edit)
            at = offset - start
        return b"".join((*pieces, view[at:size]))

    def _due(self, limit: int) -> list[tuple[int, bytes]]:
        """The edits up to *limit*: offsets in the page and bytes in its charset; those that may be withdrawn wait."""
        planner = self._planner
        if not planner.ledger.inserts:
            return []
        assert self._coding is not None
        coding, waits = self._coding, planner.hold is not None
        planner.ledger.inserts.sort(key=itemgetter(0))
        due, later = [], []
        for offset, edit in planner.ledger.inserts:
            place = self._start + coding.unit * offset
            if place < limit or (place == limit and not waits):
                due.append((place, coding.encode(edit, offset)))
            else:
                later.append((offset, edit))
        planner.ledger.inserts[:] = later
        return due


def insert(
    chunks: Iterable[bytes], fragment: bytes, at: str | Mapping[str, str] = "top", *, charset: str | None = None
) -> Iterator[bytes]:
    """Give the page in *chunks* with *fragment* inserted once at *at*, one item for each chunk and one for the end.

    ``at``: ``"top"``, ``"bottom"``, or a mapping of one of ``before``, ``after``, ``first-in``, ``last-in`` to a
    selector; a place that the page lacks becomes the bottom.  ``fragment``: ASCII, begins with a start tag that implies
    the body.  Where no offset can be right (a frameset, a page that ends inside a comment) the page passes unchanged;
    `Injector.report` tells why.  Raises ValueError at once for a place or a fragment that cannot be used.
    """
    if not fragment.isascii():
        raise ValueError("the fragment must be ASCII; write other characters as numeric references")
    injector = Injector(Edits((Insertion((_place(at),), lambda _: fragment),)), charset=charset)
    return _run(injector, chunks)


def _run(injector: Injector, chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        yield injector.feed(chunk)
    rest = injector.finish()
    if rest:
        yield rest


def _place(at: str | Mapping[str, str]) -> Place:
    if isinstance(at, str):
        if at in _BARE:
            return _BARE[at]
        raise ValueError(f"{at!r} is no place; use 'top', 'bottom' or a mapping such as {{'before': 'article'}}")
    if len(at) != 1:
        raise ValueError(f"a place has one position, not {len(at)}: {dict(at)!r}")
    [(position, selector)] = at.items()
    for known in _SELECTING:
        if position == known:
            return Place(known, selector)
    raise ValueError(f"{position!r} is no position; use before, after, first-in or last-in")
