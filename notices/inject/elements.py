"""The stack of open elements and the list of active formatting elements: what a parser remembers, without its tree.

Source: the HTML standard, 13.2.4.2 and 13.2.4.3.
"""

from __future__ import annotations

from .names import BUTTON_SCOPE, IMPLIED_END, SCOPE, SPECIAL


class Element:
    """An open element: ``name`` in lower case, after ``svg `` or ``math `` where foreign; ``raw``: its attributes."""

    __slots__ = ("foreign", "html_inside", "name", "raw")

    def __init__(self, name: bytes, raw: bytes = b"", *, html_inside: bool = False) -> None:
        self.name = name
        self.raw = raw
        self.html_inside = html_inside
        self.foreign = b" " in name


class OpenElements:
    """The two lists, and the standard's steps on them."""

    def __init__(self) -> None:
        self.stack: list[Element] = []
        self.formatting: list[Element | None] = []

    @property
    def names(self) -> list[bytes]:
        """The names on the stack, the root first."""
        return [element.name for element in self.stack]

    def in_scope(self, name: bytes, scope: frozenset[bytes] = SCOPE) -> bool:
        """Whether an element of *name* is open and nothing of *scope* stands before it."""
        for element in reversed(self.stack):
            if element.name == name:
                return True
            if element.name in scope:
                return False
        return False

    def any_in_scope(self, names: frozenset[bytes], scope: frozenset[bytes] = SCOPE) -> bool:
        """Like `in_scope` for any of *names*."""
        for element in reversed(self.stack):
            if element.name in names:
                return True
            if element.name in scope:
                return False
        return False

    def pop_until(self, name: bytes) -> None:
        """Close elements until one of *name* is closed; it must be open."""
        stack = self.stack
        while stack.pop().name != name:
            pass

    def pop_until_any(self, names: frozenset[bytes]) -> None:
        """Close elements until one of *names* is closed; one must be open."""
        stack = self.stack
        while stack.pop().name not in names:
            pass

    def clear_to(self, names: frozenset[bytes]) -> None:
        """Close elements until the current one is one of *names* or the root."""
        stack = self.stack
        while stack[-1].name not in names and len(stack) > 1:
            stack.pop()

    def imply_ends(self, but: bytes = b"", names: frozenset[bytes] = IMPLIED_END) -> None:
        """Generate implied end tags."""
        stack = self.stack
        while stack[-1].name in names and stack[-1].name != but:
            stack.pop()

    def close_p(self) -> None:
        """Close an open paragraph, if one is in button scope."""
        if self.in_scope(b"p", BUTTON_SCOPE):
            self.pop_until(b"p")

    def is_clean(self) -> bool:
        """Whether there is nothing to reconstruct."""
        last = self.formatting[-1] if self.formatting else None
        return last is None or any(last is element for element in reversed(self.stack))

    def reconstruct(self) -> None:
        """Reconstruct the active formatting elements."""
        if self.is_clean():
            return
        entries = self.formatting
        at = len(entries) - 1
        while at > 0:
            entry = entries[at - 1]
            if entry is None or entry in self.stack:
                break
            at -= 1
        for index in range(at, len(entries)):
            old = entries[index]
            assert old is not None
            entries[index] = fresh = Element(old.name, old.raw)
            self.stack.append(fresh)

    def push_formatting(self, element: Element) -> None:
        """Remember *element*, at most three alike (the standard's "Noah's Ark clause")."""
        alike = []
        for entry in reversed(self.formatting):
            if entry is None:
                break
            if entry.name == element.name and entry.raw == element.raw:
                alike.append(entry)
        if len(alike) >= 3:
            self.formatting.remove(alike[-1])
        self.formatting.append(element)

    def clear_to_marker(self) -> None:
        """Forget the formatting elements up to the last marker."""
        while self.formatting and self.formatting.pop() is not None:
            pass

    def active(self, name: bytes) -> Element | None:
        """The last active formatting element of *name* after the last marker."""
        for entry in reversed(self.formatting):
            if entry is None:
                return None
            if entry.name == name:
                return entry
        return None

    def end_ordinary(self, name: bytes) -> None:
        """Any other end tag of the body."""
        for at in range(len(self.stack) - 1, 0, -1):
            element = self.stack[at]
            if element.name == name:
                self.imply_ends(but=name)
                del self.stack[at:]
                return
            if element.name in SPECIAL:
                return

    def adopt(self, name: bytes) -> None:
        """The adoption agency algorithm for an end tag of a formatting element."""
        current = self.stack[-1]
        if current.name == name and current not in self.formatting:
            self.stack.pop()
            return
        for _ in range(8):
            entry = self.active(name)
            if entry is None:
                self.end_ordinary(name)
                return
            if entry not in self.stack:
                self.formatting.remove(entry)
                return
            if not self.element_in_scope(entry):
                return
            at = self.stack.index(entry)
            furthest = next((i for i in range(at + 1, len(self.stack)) if self.stack[i].name in SPECIAL), None)
            if furthest is None:
                del self.stack[at:]
                self.formatting.remove(entry)
                return
            self._split(entry, at, self.stack[furthest])

    def element_in_scope(self, wanted: Element) -> bool:
        """Whether this very element is in scope."""
        for element in reversed(self.stack):
            if element is wanted:
                return True
            if element.name in SCOPE:
                return False
        return False

    def _split(self, entry: Element, at: int, furthest: Element) -> None:
        """One turn of the algorithm's outer loop, where a block stands inside the formatting element."""
        stack, formatting = self.stack, self.formatting
        place = stack.index(furthest)
        bookmark: Element = entry
        turn = 0
        last = furthest
        while (place := place - 1) > at:
            node = stack[place]
            turn += 1
            if turn > 3 and node in formatting:
                formatting.remove(node)
            if node not in formatting:
                del stack[place]
                continue
            fresh = Element(node.name, node.raw)
            formatting[formatting.index(node)] = stack[place] = fresh
            if last is furthest:
                bookmark = fresh
            last = fresh
        fresh = Element(entry.name, entry.raw)
        if bookmark is entry:
            formatting[formatting.index(entry)] = fresh
        else:
            formatting.remove(entry)
            formatting.insert(formatting.index(bookmark) + 1, fresh)
        stack.remove(entry)
        stack.insert(stack.index(furthest) + 1, fresh)
