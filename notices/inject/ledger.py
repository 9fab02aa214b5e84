"""What is inserted into one page: asks for fragments when their place is reached, and keeps account."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .edits import Missed, Placed, Report, Seen
from .outlines import HIDDEN, Step
from .tags import attributes
from .targets import can_warn_inside

if TYPE_CHECKING:
    from .edits import Edits, Feature
    from .tree import Tree

#: The attribute that marks a page part as a feature.
FEATURE = b"data-notices-feature"

_FEATURE_HINT = re.compile(FEATURE, re.IGNORECASE)
_LINK = re.compile(rb"<a[\t\n\f\r />]", re.IGNORECASE)


class Ledger:
    """The account of one page's edits; ``inserts`` are (offset, bytes) that were not sent yet.

    ``implied_at`` is the offset of the first insert that a frameset could still undo, None if there is none.  ``steps``
    are all edits as they were met, and ``repeats`` says that their fragments' bytes settled none of their places.
    """

    def __init__(self, edits: Edits, tree: Tree) -> None:
        self._edits = edits
        self._tree = tree
        self._fragments: dict[int, bytes] = {}
        self._declined: set[int] = set()
        self._features: dict[str, int] = {}
        self._seen = Seen()
        self.inserts: list[tuple[int, bytes]] = []
        self.placed: list[Placed] = []
        self.missed: Missed | None = None
        self.implied_at: int | None = None
        self.steps: list[Step] = []
        self.repeats = True

    @property
    def report(self) -> Report:
        """What became of the edits so far."""
        return Report(tuple(self.placed), self.missed, self._seen.language, self._seen.document, dict(self._features))

    def see_document(self, name: bytes = b"", raw: bytes = b"") -> None:
        """Note a doctype (no *name*) or a tag that only documents have, and what ``<html>`` says of the page."""
        self._seen = self._seen.with_html(raw) if name == b"html" else replace(self._seen, document=True)

    def insert(self, index: int, position: str, offset: int, *, fallback: bool = False, force: bool = False) -> bool:
        """Put the fragment of an insertion at *offset*; False if it holds a link and the place is inside one.

        *force*: the place is the last resort.  A fragment that could not be used is kept for the next place.
        """
        if index in self._declined:
            return True
        if index not in self._fragments:
            self._fragments[index] = self._edits.insertions[index].fragment(self._seen)
        fragment = self._fragments[index]
        if not force and self._tree.active(b"a"):
            self.repeats = False
            if _LINK.search(fragment):
                return False
        del self._fragments[index]
        if not fragment:
            self._declined.add(index)
            self.missed = Missed.DECLINED
            return True
        self._put(offset, fragment)
        self.placed.append(Placed(index, position, fallback))
        self.steps.append(Step(offset, self._seen, self.placed[-1]))
        return True

    def undo(self) -> None:
        """A frameset took the body's place."""
        self.inserts.clear()
        self.placed.clear()
        self.implied_at = None
        self.missed = Missed.FRAMESET

    def feature(self, raw: bytes) -> tuple[str, Feature] | None:
        """The feature that a start tag's attributes *raw* mark; of several the one that hides."""
        if not self._edits.features or not _FEATURE_HINT.search(raw):
            return None
        names = attributes(raw).get(FEATURE, "").split()
        found = [(name, self._edits.features[name]) for name in names if name in self._edits.features]
        return min(found, key=lambda item: item[1].action, default=None)

    def change(self, marked: tuple[str, Feature], name: bytes, offset: int, end: int, *, can_warn: bool) -> None:
        """Hide the page part that has just begun, or warn before it, or first in it where before it nothing may be."""
        label, feature = marked
        if feature.action == "hide":
            place, edit = offset + 1 + len(name), HIDDEN  # in its start tag after its name
        elif feature.fragment is not None and (can_warn or can_warn_inside(self._tree, name)):
            place, edit = offset if can_warn else end, feature.fragment(self._seen)
        else:
            return
        self._put(place, edit)
        self._count(label, place)

    def _count(self, label: str, offset: int) -> None:
        self.steps.append(Step(offset, self._seen, feature=label))
        self._features[label] = self._features.get(label, 0) + 1

    def _put(self, offset: int, data: bytes) -> None:
        self.inserts.append((offset, data))
        if self._tree.frameset_ok and self.implied_at is None:
            self.implied_at = offset
