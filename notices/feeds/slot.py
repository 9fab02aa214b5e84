"""Where in a feed's text something can be put, and the edits that put it there."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, AnyStr, Literal, NamedTuple, Protocol

from .item import FeedItem  # noqa: TC001  the type of a field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Form = Literal["html", "xhtml", "text"]


class FeedError(Exception):
    """A feed that cannot be read; the argument is the :class:`~notices.feeds.item.Reason`."""


class Edit(NamedTuple):
    """Replace what stands from ``start`` up to ``stop`` by ``new``; XML counts bytes of UTF-8, JSON characters."""

    start: int
    stop: int
    new: str


class Gap(NamedTuple):
    """A place for content: ``opening``, the content and ``closing`` replace what stands from ``start`` to ``stop``."""

    start: int
    stop: int
    opening: str = ""
    closing: str = ""

    def filled(self, content: str) -> Edit:
        """The edit that puts *content* there."""
        return Edit(self.start, self.stop, self.opening + content + self.closing)


class Slot(NamedTuple):
    """A text of an item that readers may be shown: its form, what it says now, and where it begins and ends.

    ``text`` is the content itself, for ``xhtml`` as it is written. ``tail`` is None where there is only one place.
    """

    form: Form
    text: str
    head: Gap
    tail: Gap | None = None


class Entry(NamedTuple):
    """An item, and the texts of it that can be added to: at least one."""

    item: FeedItem
    slots: Sequence[Slot]


class Source(Protocol):
    """A feed that has been read."""

    def entries(self) -> Sequence[Entry]:
        """Its items, in order."""

    def omit(self, positions: Sequence[int]) -> Iterable[Edit]:
        """The edits that take the items at *positions* out, so that nothing tells of them."""


def apply_edits(text: AnyStr, edits: Iterable[tuple[int, int, AnyStr]]) -> AnyStr:
    """Make *edits*, which do not overlap; those of one place stand in the order given."""
    parts: list[AnyStr] = []
    done = 0
    for start, stop, new in sorted(edits, key=itemgetter(0)):
        parts.append(text[done:start])
        parts.append(new)
        done = stop
    parts.append(text[done:])
    return text[:0].join(parts)
