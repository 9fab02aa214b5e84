"""The body that the server gets: one item for each of the app's, and the app's iterable closed exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Passage(Protocol):
    """What happens to the items on their way: :class:`notices.wsgi.exchange.Exchange` does it."""

    @property
    def replaced(self) -> bool:
        """Whether the app's body is not wanted any more."""

    def feed(self, item: bytes) -> bytes:
        """What goes out for *item*; ``b""`` where it is held."""

    def end(self) -> bytes:
        """What goes out after the last item."""

    def settle(self) -> None:
        """The response is over, whole or not."""


class Body(Iterator[bytes]):
    """Iterates over *items* of the app's, through *passage*; an object, so that the server can close it unstarted."""

    def __init__(self, passage: Passage, items: Iterable[bytes]) -> None:
        self._passage = passage
        self._source = items
        self._close: Callable[[], None] | None = getattr(items, "close", None)
        self._items: Iterator[bytes] | None = None
        self._ready: list[bytes] = []
        self._over = False

    def __next__(self) -> bytes:
        if self._ready:
            return self._ready.pop()
        if self._over:
            raise StopIteration
        if self._items is None:
            self._items = iter(self._source)
        try:
            item = next(self._items)
        except StopIteration:
            return self._last()
        piece = self._passage.feed(item)
        self._over = self._passage.replaced
        return piece

    def _last(self) -> bytes:
        self._over = True
        tail = self._passage.end()
        if not tail:
            raise StopIteration
        return tail

    def fetch(self) -> None:
        """Ask the app for its first item now, since the head can say more once it is in hand."""
        first = next(self, None)
        if first is not None:
            self._ready.append(first)

    def close(self) -> None:
        """Close the app's iterable, once, whatever became of the body."""
        close, self._close = self._close, None
        self._over = True
        self._ready.clear()
        try:
            self._passage.settle()
        finally:
            if close is not None:
                close()


def close_source(source: Iterable[bytes]) -> None:
    """Close an iterable of the app's that nobody will iterate."""
    close = getattr(source, "close", None)
    if close is not None:
        close()


class Substitute(Iterator[bytes]):
    """A body of ours in place of the app's, whose iterable it closes exactly once."""

    def __init__(self, body: bytes, source: Iterable[bytes]) -> None:
        self._left = [body] if body else []
        self._close: Callable[[], None] | None = getattr(source, "close", None)

    def __next__(self) -> bytes:
        if not self._left:
            raise StopIteration
        return self._left.pop()

    def close(self) -> None:
        """Close the app's iterable, once."""
        close, self._close = self._close, None
        if close is not None:
            close()
