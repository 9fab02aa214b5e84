"""Pages that were read before: where their edits stand, found again by a digest of what had to be read of them.

Of a page nothing is kept but offsets, its language and a keyed digest: no text, and no address that stands in it.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from blake3 import blake3

from notices.memo import Memo

from .edits import Missed, Placed, Report, Seen

if TYPE_CHECKING:
    from collections.abc import Hashable

    from .edits import Edits

#: The form of a language tag, which no address has.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
#: What hides a page part, in its start tag after its name: of two same attributes the first counts.
HIDDEN = b" hidden inert"
#: A page's beginning, which tells how much of it was read: most name themselves there, in a title or a link.
_BEGINNING = 4096
#: How many pages are remembered, each in some 600 bytes; twice that at most.
_PAGES = 2048


class Step(NamedTuple):
    """One edit of a page, *seen* of which was so much when it was met: an insertion's, or that of a page part.

    ``feature`` is the name by which the page part is marked.
    """

    offset: int
    seen: Seen
    placed: Placed | None = None
    feature: str = ""


class Outline(NamedTuple):
    """The edits of a page without their bytes, in the order in which these are asked for.

    ``language`` and ``document`` are those of a :class:`Report`.  All that follows from the first ``depth`` bytes, and
    where ``ends`` from there being no more of them.
    """

    steps: tuple[Step, ...]
    language: str | None
    document: bool
    depth: int
    ends: bool

    def follow(self, edits: Edits) -> tuple[list[tuple[int, bytes]], Report]:
        """The *edits* of a page of this outline: offsets and bytes, in the order of the page; and the report."""
        inserts: list[tuple[int, bytes]] = []
        placed: list[Placed] = []
        counts: dict[str, int] = {}
        missed = None
        for offset, seen, stands, name in self.steps:
            if stands is None:
                feature = edits.features[name]
                fragment = HIDDEN if feature.fragment is None else feature.fragment(seen)
                counts[name] = counts.get(name, 0) + 1
            else:
                fragment = edits.insertions[stands.insertion].fragment(seen)
                if fragment:
                    placed.append(stands)
                else:
                    missed = Missed.DECLINED
            inserts.append((offset, fragment))
        inserts.sort(key=itemgetter(0))
        return inserts, Report(tuple(placed), missed, self.language, self.document, counts)


class Outlines:
    """The outlines of pages that came whole; *secret* are 32 bytes that nobody can know who writes into a page.

    A page is found again by what was read of it to settle its edits, by a keyed BLAKE3 of 256 bits, under the same
    *task*: all that settles them beside its bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._depths: Memo[Hashable, tuple[int, bool]] = Memo(_PAGES)
        self._outlines: Memo[Hashable, Outline] = Memo(_PAGES)

    def find(self, page: bytes, task: Hashable) -> Outline | None:
        """The outline of *page*, if it was kept under *task*."""
        reach = self._depths.get((task, self._digest(page[:_BEGINNING])))
        if reach is None:
            return None
        depth, ends = reach
        if ends and len(page) > depth:
            return None
        return self._outlines.get((task, reach, self._digest(memoryview(page)[:depth])))

    def keep(self, page: bytes, task: Hashable, outline: Outline) -> None:
        """Keep the outline of *page*, which was read under *task*, unless its language can be something else."""
        if outline.language is not None and not _LANGUAGE.fullmatch(outline.language):
            return
        reach = (outline.depth, outline.ends)
        self._depths.put((task, self._digest(page[:_BEGINNING])), reach)
        self._outlines.put((task, reach, self._digest(memoryview(page)[: outline.depth])), outline)

    def _digest(self, data: bytes | memoryview) -> bytes:
        return blake3(data, key=self._secret).digest()
