"""The places that are still sought: which start tag is one, and where its element ends."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from .ledger import FEATURE
from .selector import READING, Selector, parse_selector
from .tags import attributes
from .targets import can_stand, is_plain_block, is_unreal, is_void, unfit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.ruleset import Place

    from .elements import Element
    from .tree import Tree

State = Literal["open", "tracked", "placed", "lost"]


class Slot(Struct):
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


class Search(Struct, frozen=True):
    """What a scanner has to look at, of all the start tags of a page.

    ``places``: each place with the number of its insertion and its selector; ``types``: of start tags; ``needles``:
    bytes in the start tags of what no type tells, in lower case if ``fold``; ``only_top``: whether all insertions stand
    at the top and nowhere else; ``reading``: the codec of the page's attributes.
    """

    places: tuple[tuple[int, Place, Selector | None], ...]
    features: bool
    reading: str
    types: frozenset[bytes]
    needles: tuple[bytes, ...]
    fold: bool
    only_top: bool


@lru_cache(maxsize=256)
def search_for(at: tuple[tuple[Place, ...], ...], *, features: bool, reading: str = READING) -> Search:
    """The search for the places *at* which insertions stand; a selector in a place must be a good one (ValueError)."""
    places = tuple((index, place, _selector(place)) for index, group in enumerate(at) for place in group)
    looks = look_for([selector for _, _, selector in places if selector], reading, features=features)
    only_top = not features and all(len(group) == 1 and group[0].position == "top" for group in at)
    return Search(places, features, reading, *looks, only_top=only_top)


def _selector(place: Place) -> Selector | None:
    return None if place.selector is None else parse_selector(place.selector, place.position)


def look_for(
    selectors: Sequence[Selector], reading: str, *, features: bool
) -> tuple[frozenset[bytes], tuple[bytes, ...], bool]:
    """The types, needles and folding that find what any of *selectors* means, and where *features* are wanted those."""
    if not selectors:
        return frozenset(), (FEATURE,) if features else (), features
    compounds = [compound for selector in selectors for compound in selector.compounds]
    types = frozenset(c.type for c in compounds if c.type is not None)
    untyped = [c for c in compounds if c.type is None]
    needles = {c.hint(reading) for c in untyped} | ({FEATURE} if features else set())
    fold = features or any(c.by_name for c in untyped)
    return types, tuple(sorted(needle.lower() if fold else needle for needle in needles)), fold


class Slots:
    """All places of a page's insertions, in their order, and what has to be looked at for those that are open."""

    __slots__ = ("_search", "_sought", "fold", "items", "needles", "tracked", "types")

    def __init__(self, search: Search) -> None:
        self.items = [Slot(index, place, selector) for index, place, selector in search.places]
        self.tracked: list[Slot] = []
        self.types, self.needles, self.fold = search.types, search.needles, search.fold
        self._search = search
        self._sought = sum(slot.selector is not None for slot in self.items)

    def refresh(self) -> None:
        """Work out again which start tags have to be looked at."""
        sought = [slot.selector for slot in self.items if slot.state == "open" and slot.selector]
        if len(sought) < self._sought:  # places are only found or lost, never sought again
            self._sought = len(sought)
            self.types, self.needles, self.fold = look_for(sought, self._search.reading, features=self._search.features)
        self.tracked = [slot for slot in self.items if slot.state == "tracked"]

    def matching(self, kind: bytes, raw: bytes) -> list[Slot]:
        """The open slots whose selector means a start tag of *kind* with the attributes *raw*."""
        if kind not in self.types and not (self.needles and raw and self._hinted(raw)):
            return []
        found = attributes(raw, self._search.reading)
        return [s for s in self.items if s.state == "open" and s.selector and s.selector.matches(kind, found)]

    def _hinted(self, raw: bytes) -> bool:
        if self.fold:
            raw = raw.lower()
        return any(needle in raw for needle in self.needles)


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
