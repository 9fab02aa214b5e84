"""Put into each item of a feed the notices that are decided for it, and take out what is withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .charset import decode_json, decode_xml
from .dialects import dialect_of
from .elements import read_elements
from .item import Annotated, Reason
from .json_feed import JsonFeed
from .slot import FeedError, apply_edits
from .texts import missing, to_json, to_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from typing import TypeAlias

    from notices.decision import Decision
    from notices.notice import Notice

    from .item import FeedItem
    from .slot import Edit, Entry, Form, Slot, Source

    Decide: TypeAlias = Callable[[FeedItem], Decision | None]

#: Feeds beyond this many bytes pass unchanged.
MOST_BYTES = 16 << 20
_SPACE = b"\xef\xbb\xbf \t\r\n"


def annotate(feed: bytes, decide: Decide, *, media_type: str | None = None) -> Annotated:
    """Put the notices that *decide* gives for each item into *feed*, and leave out the items that it withholds.

    RSS 2.0 and 0.9x, RSS 1.0, Atom and JSON Feed; *decide* returns None for an item that is to be left alone.
    *media_type* is the response's ``Content-Type``, of which only the charset is read (RFC 7303). Bytes outside the
    texts touched stay as they are, and a feed that has its notices already is not changed. What cannot be read passes
    unchanged, with a reason. What *decide* raises is passed on.
    """
    try:
        if len(feed) > MOST_BYTES:
            raise FeedError(Reason.TOO_LARGE)
        if feed.lstrip(_SPACE)[:1] == b"{":
            return _annotate_json(feed, decide)
        return _annotate_xml(feed, decide, media_type)
    except FeedError as error:
        return Annotated(feed=feed, reason=error.args[0])


def _annotate_json(feed: bytes, decide: Decide) -> Annotated:
    decoded = decode_json(feed)
    source = JsonFeed(decoded.data)
    changes = _Changes(source, decide, to_json)
    return changes.annotated(feed, lambda: decoded.encode(apply_edits(source.text, changes.edits).encode()))


def _annotate_xml(feed: bytes, decide: Decide, media_type: str | None) -> Annotated:
    decoded = decode_xml(feed, media_type)
    data = decoded.data
    changes = _Changes(dialect_of(data, read_elements(data)), decide, to_xml)
    edits = ((start, stop, new.encode()) for start, stop, new in changes.edits)
    return changes.annotated(feed, lambda: decoded.encode(apply_edits(data, edits)))


class _Changes:
    """What is decided for the items of one feed, and the edits that come of it."""

    def __init__(self, source: Source, decide: Decide, escape: Callable[[str, Form], str]) -> None:
        self._escape = escape
        self._items: list[FeedItem] = []
        self._noticed: list[FeedItem] = []
        self._omitted: list[FeedItem] = []
        self._until: datetime | None = None
        self.edits: list[Edit] = []
        for entry in source.entries():
            self._see(entry, decide(entry.item))
        self.edits += source.omit([item.position for item in self._omitted])

    def _see(self, entry: Entry, decision: Decision | None) -> None:
        self._items.append(entry.item)
        if decision is None:
            return
        if decision.until is not None and (self._until is None or decision.until < self._until):
            self._until = decision.until
        if decision.action == "withhold":
            self._omitted.append(entry.item)
        elif decision.notices:
            self._noticed.append(entry.item)
            for slot in entry.slots:
                self.edits += self._fill(slot, decision.notices)

    def _fill(self, slot: Slot, notices: Sequence[Notice]) -> Iterator[Edit]:
        before, after = (self._escape(text, slot.form) for text in missing(slot, notices))
        if slot.tail is None or not slot.text:
            before, after = before + after, ""
        if before:
            yield slot.head.filled(before)
        if after and slot.tail is not None:
            yield slot.tail.filled(after)

    def annotated(self, feed: bytes, write: Callable[[], bytes]) -> Annotated:
        """What became of *feed*; it is the very same where there is no edit."""
        return Annotated(
            feed=write() if self.edits else feed,
            items=tuple(self._items),
            noticed=tuple(self._noticed),
            omitted=tuple(self._omitted),
            until=self._until,
        )
