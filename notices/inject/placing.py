"""The places that are still sought: which start tag is one, and where its element ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .selector import Selector, parse_selector
from .tags import attributes
from .targets import can_stand, is_plain_block, is_unreal, is_void, unfit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notices.ruleset import Place

    from .edits import Insertion
    from .elements import Element
    from .tree import Tree

State = Literal["open", "tracked", "placed", "lost"]


@dataclass(slots=True)
class Slot:
    """One place of one insertion; ``element`` is its target while the target is open, at ``depth`` on the stack."""

    insertion: int
    place: Place
    selector: Selector | None = None
    state: State = "open"
    element: Element | None = None
    depth: int = 0
    ready: bool = False

    @property
    def position(self) -> str:
        """The place's position."""
        return self.place.position

    def wants(self, name: str) -> bool:
        """Whether a marker of *name* means this place."""
        return name in (self.place.name, self.place.position)

    def begins(self, tree: Tree, kind: bytes, *, late: bool) -> bool | None:
        """Whether, just before the start tag of its target *kind*, all is well; None where the target does not count.

        *late*: the tag is so long that its beginning is gone.
        """
        if is_unreal(tree):
            return None
        if unfit(kind, self.position):
            return False
        if self.position != "before" or not tree.has_body:
            return not late or self.position != "before"
        block = is_plain_block(kind)
        return not late and (block or tree.is_clean()) and can_stand(tree, closes_p=block)

    def closing(self, tree: Tree) -> None:
        """Note, just before an end tag, whether a block could stand last in the target."""
        stack = tree.stack
        above = stack[self._find(tree) + 1 :]
        self.ready = not above or (len(above) == 1 and above[0].name == b"p")

    def closed(self, tree: Tree) -> bool | None:
        """After a tag: None while the target is open, True if this tag closed it and no more, False otherwise."""
        if self._find(tree) > 0:
            return None
        return len(tree.stack) == self.depth

    def _find(self, tree: Tree) -> int:
        stack = tree.stack
        if self.depth < len(stack) and stack[self.depth] is self.element:
            return self.depth
        for at in range(len(stack) - 1, 0, -1):
            if stack[at] is self.element:
                self.depth = at
                return at
        return -1


@dataclass(slots=True)
class Slots:
    """All places of a page's insertions, in their order."""

    items: list[Slot]
    types: frozenset[bytes] = frozenset()
    needles: tuple[bytes, ...] = ()
    fold: bool = False
    tracked: list[Slot] = field(default_factory=list)

    @classmethod
    def of(cls, insertions: Iterable[Insertion]) -> Slots:
        """The places of *insertions*; a selector in a place must be a good one (ValueError)."""
        items = []
        for index, insertion in enumerate(insertions):
            for place in insertion.at:
                selector = parse_selector(place.selector, place.position) if place.selector is not None else None
                items.append(Slot(index, place, selector))
        return cls(items)

    def refresh(self) -> None:
        """Work out again which start tags have to be looked at."""
        compounds = [
            c for slot in self.items if slot.state == "open" and slot.selector for c in slot.selector.compounds
        ]
        self.types = frozenset(c.type for c in compounds if c.type is not None)
        self.needles = tuple(sorted({c.hint for c in compounds if c.type is None}))
        self.fold = any(c.type is None and c.by_name for c in compounds)
        self.tracked = [slot for slot in self.items if slot.state == "tracked"]

    def matching(self, kind: bytes, raw: bytes) -> list[Slot]:
        """The open slots whose selector means a start tag of *kind* with the attributes *raw*."""
        if kind not in self.types and not (self.needles and raw and self._hinted(raw)):
            return []
        found = attributes(raw)
        return [s for s in self.items if s.state == "open" and s.selector and s.selector.matches(kind, found)]

    def _hinted(self, raw: bytes) -> bool:
        if self.fold:
            raw = raw.lower()
        return any((needle.lower() if self.fold else needle) in raw for needle in self.needles)


def follows_start(slot: Slot, kind: bytes) -> bool:
    """Whether the place of *slot* is known right after the start tag of its target."""
    return slot.position == "first-in" or (slot.position == "after" and is_void(kind))


def claimed_by(slots: list[Slot], name: str | None, names: frozenset[str]) -> list[Slot]:
    """Which of one insertion's places a marker takes: all of an insertion that stands nowhere, or those of its name."""
    unplaced = [slot for slot in slots if slot.state != "placed"]
    if name is None:
        return unplaced if len(unplaced) == len(slots) else []
    named = [slot for slot in slots if slot.wants(name)]
    if named:
        return [slot for slot in named if slot.state != "placed"]
    return unplaced if name in names and len(unplaced) == len(slots) else []
