"""All edits of one page in one pass: bytes in, the same bytes out with the edits, as they come.

Nothing is parsed into a tree and written again: all but the inserted bytes are the page's own.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from .charset import AsciiCoding, coding_for
from .edits import Edits, Missed, Placed, Report
from .ledger import FEATURE
from .opening import read_opening
from .outlines import Outline, Step
from .placing import search_for
from .planner import Planner
from .scanner import Scanner
from .selector import READING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from .charset import Coding
    from .opening import Opening
    from .outlines import Outlines


class Injector:
    """Puts edits into a page; one for each page.

    ``charset`` is the label from the ``Content-Type`` header, None if it has none.  What `feed` and `finish` give,
    joined, is the page with its edits, however the page was cut.  Where a fragment's factory raises, so does `feed`;
    `release` then gives all bytes that are still held, so that the page stays whole.  `edit` does it for a page that is
    whole in hand, and need not read one that is among *outlines*.
    """

    __slots__ = (
        "_charset",
        "_coding",
        "_edits",
        "_held",
        "_held_size",
        "_on_top",
        "_outlines",
        "_passes",
        "_planner",
        "_report",
        "_scanner",
        "_search",
        "_sent",
        "_start",
        "_whole",
    )

    def __init__(self, edits: Edits, *, charset: str | None = None, outlines: Outlines | None = None) -> None:
        self._edits = edits
        self._charset = charset
        self._outlines = outlines
        self._whole = False
        self._search = search_for(edits.places, features=bool(edits.features))
        self._passes = not edits.insertions and not edits.features
        self._planner: Planner | None = None
        self._scanner: Scanner | None = None
        self._report: Report | None = None
        self._coding: Coding | None = None
        self._on_top: list[Step] = []
        self._held: list[bytes] = []
        self._held_size = 0
        self._sent = 0
        self._start = 0

    @property
    def report(self) -> Report:
        """What became of the edits; final after `finish`."""
        if self._report is not None:
            return self._report
        return Report() if self._planner is None else self._planner.ledger.report

    @property
    def held(self) -> int:
        """How many bytes are held back at present."""
        return self._held_size

    def edit(self, page: bytes) -> bytes:
        """The whole *page* with its edits; where a fragment's factory raises, so does this."""
        outlines, task = self._outlines, self._task
        if outlines is None or task is None:
            return self._edit(page)
        outline = outlines.find(page, task)
        if outline is not None:
            inserts, self._report = outline.follow(self._edits)
            return _spliced(memoryview(page), inserts, 0) if inserts else page
        edited = self._edit(page)
        outline = self._outline(len(page))
        if outline is not None:
            outlines.keep(page, task, outline)
        return edited

    def _edit(self, page: bytes) -> bytes:
        # What a page does not hold need not be looked for.
        self._whole = True
        edited, tail = self.feed(page), self.finish()
        return edited + tail if tail else edited

    @property
    def _task(self) -> Hashable | None:
        """All that settles the edits of a page beside its bytes, but for the fragments; None if it is read anew."""
        edits = self._edits
        if self._passes:
            return None
        items = edits.features.items()
        features = frozenset([(name, feature.action, feature.fragment is None) for name, feature in items])
        return self._search, self._charset, features, edits.marker_names

    def _outline(self, size: int) -> Outline | None:
        """The outline of a page of *size* bytes that was read; None where its edits do not follow from one."""
        report, planner = self.report, self._planner
        if report.missed is not None or not isinstance(self._coding, AsciiCoding):
            return None
        steps, reached = self._on_top, self._on_top[0].offset if self._on_top else None
        if planner is not None:
            steps, reached = planner.ledger.steps, planner.reached
            if not planner.ledger.repeats:
                return None
        depth = size if reached is None or self._search.features else self._start + reached
        moved = tuple(step._replace(offset=self._start + step.offset) for step in steps)
        return Outline(moved, report.language, report.document, depth, ends=depth == size)

    def feed(self, chunk: bytes) -> bytes:
        """Take the next bytes of the page, give what can be sent now: the same object when nothing is to change."""
        if not chunk or (self._passes and not self._held_size):
            return chunk
        self._held.append(chunk)
        self._held_size += len(chunk)
        if self._coding is None:
            return self._begin(final=False)
        return self._advance(chunk)

    def finish(self) -> bytes:
        """The page has ended; give what is left to send."""
        if self._passes:
            return b""
        begun = self._begin(final=True) if self._coding is None else b""
        planner, scanner = self._planner, self._scanner
        if planner is not None and scanner is not None and not planner.done:
            scanner.finish()
            planner.finish(scanner.end, scanner.state)
        self._passes = True
        return begun + self._send(self._sent + self._held_size)

    def release(self) -> bytes:
        """Give up: all bytes that are held, without the edits that were due in them; later bytes pass."""
        rest = b"".join(self._held)
        self._held.clear()
        self._held_size = 0
        if self._planner is not None:
            self._planner.ledger.inserts.clear()
        self._passes = True
        return rest

    def _begin(self, *, final: bool) -> bytes:
        """Settle the charset, unless the page's first bytes do not tell it, and read what there is of the page."""
        start = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        chosen = coding_for(start, self._charset) or (coding_for(start + b"  ", self._charset) if final else None)
        if chosen is None:
            return b""
        coding, self._start = chosen
        self._coding = coding or AsciiCoding()
        if coding is None:
            self._report = Report(missed=Missed.CHARSET)
            self._passes = True
            return self._send(self._held_size)
        data = coding.mask(start[self._start :])
        last_feature = self._last_feature(data)
        search = self._search
        if coding.reading != READING or (search.features and not self._edits.features):
            search = search_for(self._edits.places, features=bool(self._edits.features), reading=coding.reading)
        opening = read_opening(data, search.types, search.needles, fold=search.fold)
        if opening is not None and search.only_top:
            return self._put_on_top(opening, start)
        self._planner = planner = Planner(self._edits, search, last_feature)
        self._scanner = scanner = Scanner(planner)
        if opening is not None:
            planner.open(opening)
        scanner.feed(data, 0 if opening is None else opening.end)
        return self._settled(planner, scanner)

    def _last_feature(self, data: bytes) -> int | None:
        """Where a page that is whole in *data* can mark its last feature, None where that is not known.

        A page without any has no features to look for.
        """
        if not self._whole or not self._edits.features:
            return None
        last = data.lower().rfind(FEATURE)
        if last < 0:
            self._edits = Edits(self._edits.insertions)
        return last

    def _put_on_top(self, opening: Opening, data: bytes) -> bytes:
        """The usual case at once: the body's start tag has come, and nothing is wanted anywhere else."""
        assert self._coding is not None
        seen = opening.seen
        pieces, placed = [], []
        for index, insertion in enumerate(self._edits.insertions):
            fragment = insertion.fragment(seen)
            if fragment:
                pieces.append(self._coding.encode(fragment, opening.end))
                placed.append(Placed(index, "top"))
                self._on_top.append(Step(opening.end, seen, placed[-1]))
        missed = None if len(placed) == len(self._edits.insertions) else Missed.DECLINED
        self._report = Report(tuple(placed), missed, seen.language, seen.document)
        self._passes = True
        self._held.clear()
        self._held_size = 0
        if not pieces:
            return data
        view, at = memoryview(data), self._start + self._coding.unit * opening.end
        return b"".join((view[:at], *pieces, view[at:]))

    def _advance(self, chunk: bytes) -> bytes:
        planner, scanner = self._planner, self._scanner
        assert planner is not None
        assert scanner is not None
        assert self._coding is not None
        if not scanner.feed(self._coding.mask(chunk)) and planner.hold is None:
            return b""
        return self._settled(planner, scanner)

    def _settled(self, planner: Planner, scanner: Scanner) -> bytes:
        """Decide what the bytes read so far decide, and send what need not wait."""
        planner.expire(scanner.total)
        planner.settle()
        everything = self._sent + self._held_size
        if planner.done:
            self._passes = True
            return self._send(everything)
        assert self._coding is not None
        safe = scanner.safe if planner.hold is None else min(scanner.safe, planner.hold)
        return self._send(min(everything, self._start + self._coding.unit * safe))

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
        return _spliced(memoryview(data)[:size], inserts, start)

    def _due(self, limit: int) -> list[tuple[int, bytes]]:
        """The edits up to *limit*: offsets in the page and bytes in its charset; those that may be withdrawn wait."""
        planner = self._planner
        if planner is None or not planner.ledger.inserts:
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


def _spliced(data: memoryview, inserts: list[tuple[int, bytes]], start: int) -> bytes:
    """The *data*, which begin at *start* in their page, with *inserts* at their offsets in the page."""
    pieces: list[bytes | memoryview] = []
    at = 0
    for offset, edit in inserts:
        pieces += (data[at : offset - start], edit)
        at = offset - start
    return b"".join((*pieces, data[at:]))
