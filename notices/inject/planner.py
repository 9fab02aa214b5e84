"""Where the edits go: follows the tokens of a page and notes bytes to insert at offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .doctype import is_quirky
from .ending import fall_back, why_not
from .ledger import Ledger
from .names import HEAD_ONLY, RAW_TEXT
from .placing import Slots, claimed_by, follows_start
from .runs import BARS, CALM, HEAD_RUN, SECTIONS, flow_run
from .targets import can_stand, can_warn_before, is_bottom, is_visible
from .tree import Tree

if TYPE_CHECKING:
    import re

    from .edits import Edits
    from .elements import Element
    from .opening import Opening
    from .placing import Search, Slot

#: How far after an implied body a frameset is still waited for, and how much may follow ``</body>``.
FRAMESET_AHEAD = 1024
BODY_END_AHEAD = 4096

#: How deep elements may nest; browsers flatten what is deeper.
DEPTH = 512

_DOCUMENT_TAGS = frozenset((b"html", b"head", b"body"))
_NOT_BODY = HEAD_ONLY | _DOCUMENT_TAGS | {b"frameset"}


class Planner:
    """Listens to a scanner and decides where edits go; ``hold`` is the offset from which bytes wait, or None.

    *last_feature*: the offset behind which no tag marks a feature, or None; ``reached``: the end of what settled all.
    """

    def __init__(self, edits: Edits, search: Search, last_feature: int | None = None) -> None:
        self.tree = Tree()
        self.ledger = Ledger(edits, self.tree)
        self.done = False
        self.reached: int | None = None
        self.listening = True
        self.in_foreign = False
        self.raw: bytes | None = None
        self.run: re.Pattern[bytes] | None = None
        self.wants_markers = bool(edits.insertions)
        self._edits = edits
        self._seeks_features = bool(edits.features)
        self._last_feature = last_feature
        self._slots = Slots(search)
        self._flow_run: re.Pattern[bytes] | None = None
        self._body_end: int | None = None
        self._body_end_after = 0
        self._barred: frozenset[bytes] = frozenset()
        self._blind = False
        self._look()
        self.settle()

    @property
    def hold(self) -> int | None:
        """The offset from which nothing may be sent yet."""
        return self._body_end if self.ledger.implied_at is None else self.ledger.implied_at

    # What the scanner tells.

    def open(self, opening: Opening) -> None:
        """The page's head and the start tag of its body."""
        self.ledger.see_document(b"html" if opening.has_html else b"", opening.html)
        self.tree.open(opening)
        self._begin_body(opening.end)
        self.settle(opening.end)

    def start(self, name: bytes, raw: bytes, offset: int, end: int, *, closed: bool, late: bool = False) -> None:
        """A start tag."""
        if self._blind:
            self.raw = name if name in RAW_TEXT or name == b"plaintext" else None
            return
        tree = self.tree
        self.expire(end)
        if name in _DOCUMENT_TAGS:
            self.ledger.see_document(name, raw)
        self._body_end = None
        matching = [(slot, slot.begins(tree, name, late=late)) for slot in self._slots.matching(name, raw)]
        feature = None if late else self.ledger.feature(raw)
        can_warn = feature is not None and can_warn_before(tree, name)
        had_body = tree.has_body
        element = tree.start(name, raw, closed=closed)
        if name in BARS and (element is None or not element.foreign):
            self._barred |= BARS[name]
            self._flow_run = None
        self.raw = tree.raw
        if tree.has_body and not had_body:
            self._begin_body(end if name == b"body" else offset)
        for slot, good in matching:
            if element is not None and element.name == name and good is not None:
                self._reach(slot, element, offset, end, good=good and tree.has_body)
        if feature is not None:
            self.ledger.change(feature, name, offset, end, can_warn=can_warn and tree.has_body)
        self._after_tag(offset, end, is_end=False)

    def enter(self, name: bytes, raw: bytes) -> None:
        """The start tag of a section into which a run has read: it is open now, and nothing else is new."""
        if not self._blind:
            self.tree.push(name, raw)
            if len(self.tree.stack) > DEPTH:
                self._go_blind()

    def end(self, name: bytes, offset: int, end: int) -> None:
        """An end tag."""
        if self._blind:
            return
        tree = self.tree
        if self.run is not None and name in SECTIONS and self._only_closes(name):
            tree.stack.pop()
            return
        self.expire(end)
        had_body = tree.has_body
        for slot in self._slots.tracked:
            slot.closing(tree)
        tree.end(name)
        if tree.has_body and not had_body:
            self._begin_body(offset)
        if name == b"body" and tree.mode == "after body":
            self._meet_body_end(offset, end)
        elif name not in (b"body", b"html"):
            self._body_end = None
        self._after_tag(offset, end, is_end=True)

    def text(self, kind: int, offset: int) -> None:
        """Characters."""
        tree = self.tree
        had_body = tree.has_body
        if kind != 0:
            self._body_end = None
        tree.text(kind)
        if tree.has_body and not had_body:
            self._begin_body(offset)
        self.settle()

    def doctype(self, text: bytes) -> None:
        """A doctype."""
        self.ledger.see_document()
        self.tree.doctype(quirks=is_quirky(text))

    def marker(self, name: str | None, end: int) -> None:
        """A marker comment that ends at *end*."""
        if not self.tree.has_body or not can_stand(self.tree):
            return
        for index, insertion in enumerate(self._edits.insertions):
            slots = [s for s in self._slots.items if s.insertion == index]
            claimed = claimed_by(slots, name, insertion.marker_names)
            if claimed and self.ledger.insert(index, "marker", end):
                for slot in claimed:
                    slot.state = "placed"
        self._refresh()
        self.settle(end)

    def too_long(self, name: bytes | None, offset: int) -> None:
        """A token that cannot be held: what must stand before it is decided now."""
        if not self.tree.has_body and (name is None or name not in _NOT_BODY) and not self.tree.has_template:
            self.text(1, offset)

    # The end of the page.

    def finish(self, offset: int, state: str) -> None:
        """The page has ended at *offset* in the scanner's *state*; what is not placed goes to the bottom."""
        if self.done:
            return
        tree = self.tree
        self.expire(offset)
        missed = why_not(tree, state)
        if missed is None:
            had_body = tree.has_body
            tree.end_of_file()
            if not had_body:
                self._begin_body(offset)
            fall_back(self._slots.items, self.ledger, offset if self._body_end is None else self._body_end)
        elif any(slot.state != "placed" for slot in self._slots.items):
            self.ledger.missed = missed
        self.ledger.implied_at = self._body_end = None
        self.done = True

    # Places.

    def _begin_body(self, offset: int) -> None:
        found = [slot for slot in self._slots.items if slot.state == "open" and slot.position == "top"]
        for slot in found:
            if self.ledger.insert(slot.insertion, "top", offset, force=True):
                slot.state = "placed"
        if found:
            self._refresh()

    def _reach(self, slot: Slot, element: Element, offset: int, end: int, *, good: bool) -> None:
        """The target of *slot* has begun."""
        if not good:
            slot.state = "lost"
        elif slot.position == "before":
            self._place(slot, offset)
        elif follows_start(slot, element.name):
            self._place(slot, end, good=can_stand(self.tree))
        elif self.tree.stack[-1] is element:
            slot.state, slot.element, slot.depth = "tracked", element, len(self.tree.stack) - 1
        else:  # a form in a table, which is closed as soon as it is open
            slot.state = "lost"
        self._refresh()

    def _only_closes(self, name: bytes) -> bool:
        """Whether the end tag of a section, met where a run may begin, does no more than close the current element."""
        current, around = self.tree.stack[-1], self.tree.stack[-2]
        last_feature = self._last_feature if self._seeks_features else None
        tracked = any(slot.element is current for slot in self._slots.tracked)
        return current.name == name and around.name in CALM and last_feature is None and not tracked

    def _after_tag(self, offset: int, end: int, *, is_end: bool) -> None:
        tree = self.tree
        if self._slots.tracked:
            ended = [(slot, closed) for slot in self._slots.tracked if (closed := slot.closed(tree)) is not None]
            for slot, closed in ended:
                if slot.position == "last-in":
                    self._place(slot, offset, good=is_end and closed and slot.ready and is_visible(tree))
                else:
                    self._place(slot, end, good=is_end and closed and can_stand(tree))
            if ended:
                self._refresh()
        if self._last_feature is not None and end > self._last_feature:
            self._seeks_features = False
        self.in_foreign = tree.in_foreign
        if len(tree.stack) > DEPTH:
            self._go_blind()
        if tree.is_frameset:
            self._meet_frameset()
        self.settle(end)

    def _go_blind(self) -> None:
        """The page nests too deep to be followed: what is pending goes to the end of the file."""
        self._blind = True
        self.listening = self.wants_markers = self.in_foreign = False
        self.run = self.ledger.implied_at = self._body_end = None

    def _meet_frameset(self) -> None:
        self.ledger.undo()
        for slot in self._slots.items:
            slot.state = "placed"
        self._refresh()

    def _meet_body_end(self, offset: int, end: int) -> None:
        """``</body>``: the bottom, if little follows and the block would leave the tree as it is."""
        if self._body_end is None and is_bottom(self.tree):
            self._body_end, self._body_end_after = offset, end

    def expire(self, offset: int) -> None:
        """The page has been read up to *offset*: stop waiting for what did not come in time."""
        if self._body_end is not None and offset - self._body_end_after > BODY_END_AHEAD:
            self._body_end = None
        if self.ledger.implied_at is not None and offset - self.ledger.implied_at > FRAMESET_AHEAD:
            self.ledger.implied_at = None
            self.tree.frameset_ok &= not self.ledger.placed

    def settle(self, end: int | None = None) -> None:
        """Work out what is still to be done and what has to be told, after a token that ends at *end*."""
        tree = self.tree
        if self._blind or self.done:
            return
        if not tree.frameset_ok:
            self.ledger.implied_at = None
        if not self._pending and self.hold is None and (not self._seeks_features or tree.is_frameset):
            self.done, self.reached = True, end
            return
        calm = tree.mode in _CALM_MODES and not tree.frameset_ok and self._body_end is None
        unclean = bool(tree.formatting) and tree.formatting[-1] is not None
        self.listening = not calm or unclean
        if not self.listening and tree.stack[-1].name in CALM:
            self.run = self._flow_run = self._flow_run or flow_run(self._slots.types | self._barred)
        else:
            self.run = HEAD_RUN if tree.mode == "in head" else None

    def _refresh(self) -> None:
        """Work out again what is sought, after a place was found or lost."""
        self._slots.refresh()
        self._look()

    def _look(self) -> None:
        slots = self._slots
        self._pending = self.wants_markers = any(slot.state != "placed" for slot in slots.items)
        self.needles, self.fold = slots.needles, slots.fold
        self._flow_run = None

    def _place(self, slot: Slot, offset: int, *, good: bool = True) -> None:
        slot.state = "placed" if good and self.ledger.insert(slot.insertion, slot.position, offset) else "lost"


_CALM_MODES = frozenset(("in body", "in cell", "in caption"))
