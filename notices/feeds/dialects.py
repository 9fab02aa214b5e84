"""What RSS 2.0 (and 0.9x), RSS 1.0 and Atom call the parts of a feed, and which of them readers are shown as text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from notices.language import is_language_tag

from .item import FeedItem, Reason, resolve
from .slot import Edit, Entry, FeedError, Gap, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .elements import Element
    from .slot import Form

_ATOM = "http://www.w3.org/2005/Atom"
_RSS_1 = "http://purl.org/rss/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/ encoded"
_DIV = "http://www.w3.org/1999/xhtml div"
_XML_SPACE = " \t\r\n"
#: Atom's ``type`` of a text, by RFC 4287, sections 3.1.1 and 4.1.3.1.
_FORMS: dict[str, Form] = {"text": "text", "html": "html", "xhtml": "xhtml", "text/plain": "text", "text/html": "html"}


class Dialect(ABC):
    """One kind of feed, read from its root: its items, and what is known of all of them."""

    def __init__(self, data: bytes, root: Element, space: str, about: Element | None) -> None:
        self.data = data
        self.root = root
        self.space = space
        self.about = about if about is not None else root

    def name(self, local: str) -> str:
        """The full name of an element of this dialect."""
        return f"{self.space} {local}" if self.space else local

    def entries(self) -> list[Entry]:
        """The items of the feed with what can be put into each, in the order of :meth:`elements`."""
        return [
            Entry(self.item(position, element), tuple(self.slots(element)) or (self.new_slot(element),))
            for position, element in enumerate(self.elements())
        ]

    @abstractmethod
    def elements(self) -> Sequence[Element]:
        """The elements that are items."""

    @abstractmethod
    def item(self, position: int, element: Element) -> FeedItem:
        """What *element* states of itself."""

    @abstractmethod
    def slots(self, element: Element) -> Iterator[Slot]:
        """The texts of *element*."""

    @abstractmethod
    def new_slot(self, element: Element) -> Slot:
        """The text that *element*, which has none, is given."""

    def omit(self, positions: Sequence[int]) -> Iterator[Edit]:
        """The edits that take the items at *positions* out."""
        elements = self.elements()
        for position in positions:
            yield Edit(elements[position].start, elements[position].after, "")

    def language(self, element: Element) -> str | None:
        """The language that *element*, or the feed, is stated to be in."""
        stated = (element.language, _words(element.child(f"{_DC} language")), self._common_language())
        return next((tag for text in stated if (tag := read_tag(text))), None)

    def _common_language(self) -> str | None:
        found = self.about.child(self.name("language")) or self.about.child(f"{_DC} language")
        return _words(found)


class Rss(Dialect):
    """RSS 2.0 and 0.9x, in no namespace or in that of its root; and RSS 1.0, whose items stand beside its channel."""

    plain: Form = "html"

    def elements(self) -> Sequence[Element]:
        """The items of the channel, and those beside it."""
        return [item for holder in (self.about, self.root) for item in holder.children(self.name("item"))]

    def item(self, position: int, element: Element) -> FeedItem:
        """Title, link, categories and date, by their own names and by Dublin Core's."""
        link, guid = _words(element.child(self.name("link"))), element.child(self.name("guid"))
        if link is None and guid is not None and guid.attributes.get("isPermaLink", "true") == "true":
            link = _words(guid)
        categories = [_words(tag) for tag in element.children(self.name("category"), f"{_DC} subject")]
        home = _words(self.about.child(self.name("link")))
        return FeedItem(
            position=position,
            id=_words(guid) or element.attributes.get(f"{_RDF} about"),
            link=resolve(element.base or home, link),
            title=_words(element.child(self.name("title"))),
            tags=tags(categories),
            language=self.language(element),
            published=read_date(_words(element.child(self.name("pubDate"))))
            or read_date(_words(element.child(f"{_DC} date"))),
            home=home,
        )

    def slots(self, element: Element) -> Iterator[Slot]:
        """``description`` and ``content:encoded``: HTML, escaped."""
        for child in element.children(self.name("description"), _CONTENT):
            form = "html" if child.name == _CONTENT else self.plain
            yield Slot(form, child.text, child.head(), child.tail())

    def new_slot(self, element: Element) -> Slot:
        """A ``description``."""
        return Slot(self.plain, "", _new_child(element, "description"))


class Rss1(Rss):
    """RSS 1.0, where a ``description`` is plain text and the channel lists the items' addresses."""

    plain: Form = "text"

    def omit(self, positions: Sequence[int]) -> Iterator[Edit]:
        """The items, and their lines in the channel's table of contents."""
        yield from super().omit(positions)
        elements = self.elements()
        gone = {elements[position].attributes.get(f"{_RDF} about") for position in positions}
        for listed in self._listed():
            resource = listed.attributes.get(f"{_RDF} resource") or listed.attributes.get("resource")
            if resource is not None and resource in gone:
                yield Edit(listed.start, listed.after, "")

    def _listed(self) -> Iterator[Element]:
        for contents in self.about.children(self.name("items")):
            for sequence in contents.children(f"{_RDF} Seq"):
                yield from sequence.children(f"{_RDF} li")


class Atom(Dialect):
    """Atom (RFC 4287)."""

    def elements(self) -> Sequence[Element]:
        """The entries."""
        return list(self.root.children(self.name("entry")))

    def item(self, position: int, element: Element) -> FeedItem:
        """Title, link to the page itself, categories' terms, and the date of its first appearance."""
        return FeedItem(
            position=position,
            id=_words(element.child(self.name("id"))),
            link=self._page(element),
            title=_words(element.child(self.name("title"))),
            tags=tags(tag.attributes.get("term") for tag in element.children(self.name("category"))),
            language=self.language(element),
            published=read_date(_words(element.child(self.name("published")))),
            home=self._page(self.root),
        )

    def _page(self, element: Element) -> str | None:
        for link in element.children(self.name("link")):
            if link.attributes.get("rel", "alternate") == "alternate" and "href" in link.attributes:
                return resolve(link.base, link.attributes["href"])
        return None

    def slots(self, element: Element) -> Iterator[Slot]:
        """``summary`` and ``content``, as far as they are text that stands in the feed."""
        for child in element.children(self.name("summary"), self.name("content")):
            form = _FORMS.get(child.attributes.get("type", "text").strip().lower())
            if form is None or "src" in child.attributes:
                continue
            if form != "xhtml":
                yield Slot(form, child.text, child.head(), child.tail())
            elif (div := child.child(_DIV)) is not None:
                yield Slot("xhtml", self.data[div.inner : div.end].decode(), div.head(), div.tail())

    def new_slot(self, element: Element) -> Slot:
        """A ``summary``, which an entry has at most once, and which is always text where it is sound."""
        return Slot("text", "", _new_child(element, "summary"))


def dialect_of(data: bytes, root: Element) -> Dialect:
    """The kind of feed whose root element is *root*.

    :raises FeedError: for none.
    """
    space, _, local = root.name.rpartition(" ")
    if local == "rss" and (channel := root.child(f"{space} channel".strip())) is not None:
        return Rss(data, root, space, channel)
    if root.name == f"{_ATOM} feed":
        return Atom(data, root, space, None)
    if root.name == f"{_RDF} RDF" and (channel := root.child(f"{_RSS_1} channel")) is not None:
        return Rss1(data, root, _RSS_1, channel)
    raise FeedError(Reason.NOT_A_FEED)


def _new_child(element: Element, local: str) -> Gap:
    """The place for a new child at the end of *element*."""
    tag = element.sibling_name(local)
    place = element.tail() or element.head()
    return Gap(place.start, place.stop, f"{place.opening}<{tag}>", f"</{tag}>{place.closing}")


def _words(element: Element | None) -> str | None:
    """The text of *element*, None where there is none."""
    return (element.text.strip(_XML_SPACE) or None) if element is not None else None


def tags(categories: Iterable[str | None]) -> frozenset[str] | None:
    """The categories as tags; none stated is not to know."""
    return frozenset(tag for category in categories if category and (tag := category.strip())) or None


def read_tag(text: str | None) -> str | None:
    """*text* as a language tag, None where it is none."""
    tag = (text or "").strip().replace("_", "-")
    return tag if is_language_tag(tag) else None


def read_date(text: str | None) -> datetime | None:
    """An instant as RFC 822 and RFC 3339 write it; None for what is none, or has no time zone.

    RFC 5322 says of ``-0000`` that the time is in UTC.
    """
    text = text or ""
    iso = text[:4].isdigit()
    try:
        at = datetime.fromisoformat(text) if iso else parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if at.tzinfo is None:
        return None if iso else at.replace(tzinfo=UTC)
    return at
