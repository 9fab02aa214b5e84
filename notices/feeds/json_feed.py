"""JSON Feed 1.0 and 1.1: its items and their texts, with offsets, as the standard library's JSON scanner finds them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from .dialects import read_date, read_tag, tags
from .item import FeedItem, Reason, resolve
from .slot import Edit, Entry, FeedError, Gap, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .slot import Form

_VERSION = "https://jsonfeed.org/version/"
_FORMS: Mapping[str, Form] = {"summary": "text", "content_text": "text", "content_html": "html"}
_DECODER = json.JSONDecoder()
_SPACE = " \t\r\n"


class Value(NamedTuple):
    """One value: what it says, and where it stands in the text; ``key`` for that of an object's member."""

    value: Any
    start: int
    stop: int
    key: str = ""


class JsonFeed:
    """A JSON Feed; offsets count characters of ``text``."""

    def __init__(self, data: bytes) -> None:
        try:
            self.text = data.decode()
        except UnicodeError:
            raise FeedError(Reason.ENCODING) from None
        feed = self._read()
        if not isinstance(feed.get("version"), str) or not feed["version"].startswith(_VERSION):
            raise FeedError(Reason.NOT_A_FEED)
        self.feed = feed
        lists = [member for member in members(self.text) if member.key == "items"]
        # Of two members of one name readers see the one or the other.
        if len(lists) != 1 or not isinstance(lists[0].value, list):
            raise FeedError(Reason.NOT_A_FEED)
        self.values = list(elements(self.text, lists[0].start))
        self.objects = [value for value in self.values if isinstance(value.value, dict)]

    def _read(self) -> dict[str, Any]:
        try:
            feed = json.loads(self.text)
        except (ValueError, RecursionError):
            raise FeedError(Reason.MALFORMED) from None
        if not isinstance(feed, dict):
            raise FeedError(Reason.NOT_A_FEED)
        return feed

    def entries(self) -> list[Entry]:
        """The items of the feed with what can be put into each."""
        return [
            Entry(self._item(position, found.value), self._slots(found)) for position, found in enumerate(self.objects)
        ]

    def _item(self, position: int, stated: Mapping[str, Any]) -> FeedItem:
        home = _text(self.feed.get("home_page_url"))
        link, categories = _text(stated.get("url")), stated.get("tags")
        return FeedItem(
            position=position,
            id=None if stated.get("id") is None else str(stated["id"]),
            link=resolve(home, link),
            title=_text(stated.get("title")),
            tags=tags(map(_text, categories)) if isinstance(categories, list) else None,
            language=read_tag(_text(stated.get("language"))) or read_tag(_text(self.feed.get("language"))),
            published=read_date(_text(stated.get("date_published"))),
            home=home,
        )

    def _slots(self, item: Value) -> Sequence[Slot]:
        """The texts of *item*; where it has none, a ``content_text`` that it is given."""
        found = list(members(self.text, item.start))
        texts = [member for member in found if member.key in _FORMS and isinstance(member.value, str)]
        slots = [Slot(_FORMS[text.key], text.value, _at(text.start + 1), _at(text.stop - 1)) for text in texts]
        if any(text.key != "summary" for text in texts):
            return slots
        nothing = next((member for member in found if member.key == "content_text"), None)
        if nothing is not None:
            return [*slots, Slot("text", "", Gap(nothing.start, nothing.stop, '"', '"'))]
        comma = ", " if found else ""
        return [*slots, Slot("text", "", Gap(item.start + 1, item.start + 1, '"content_text": "', f'"{comma}'))]

    def omit(self, positions: Sequence[int]) -> Iterator[Edit]:
        """The edits that take the items at *positions* out, each with one comma."""
        gone = {self.objects[position].start for position in positions}
        kept = [number for number, value in enumerate(self.values) if value.start not in gone]
        last = kept[-1] if kept else -1
        for number, value in enumerate(self.values[: max(last, 0)]):
            if value.start in gone:
                yield Edit(value.start, self.values[number + 1].start, "")
        if self.values and last < len(self.values) - 1:
            start = self.values[last].stop if kept else self.values[0].start
            yield Edit(start, self.values[-1].stop, "")


def members(text: str, start: int = 0) -> Iterator[Value]:
    """The members of the object that begins at *start* of *text*, which is sound JSON."""
    at = _skip(text, _skip(text, start) + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        value, stop = _DECODER.raw_decode(text, at)
        yield Value(value, at, stop, key)
        at = _next(text, stop)


def elements(text: str, start: int) -> Iterator[Value]:
    """The elements of the array that begins at *start* of *text*, which is sound JSON."""
    at = _skip(text, start + 1)
    while text[at] != "]":
        value, stop = _DECODER.raw_decode(text, at)
        yield Value(value, at, stop)
        at = _next(text, stop)


def _next(text: str, at: int) -> int:
    """Where the next member or element begins, or the end of all."""
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    while text[at] in _SPACE:
        at += 1
    return at


def _at(offset: int) -> Gap:
    return Gap(offset, offset)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
