"""The elements of an XML feed with the offsets of their tags, as expat finds them; nothing outside is fetched.

Only the upper levels are kept, where feeds have what they say of items; deeper text counts as that of what holds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate

from .item import Reason, resolve
from .slot import FeedError, Gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: ``rdf:RDF``, ``channel``, ``items``, ``rdf:Seq``, ``rdf:li``: no feed says anything deeper.
_DEEPEST = 4
#: Elements kept of one feed; ten thousand items of twenty elements each.
MOST_ELEMENTS = 200_000
_XML = "http://www.w3.org/XML/1998/namespace"
#: A start tag of well-formed XML: a ``>`` may stand in its values.
_TAG = re.compile(rb"""<([^\s/>]++)[^"'>]*+(?>(?:(?:"[^"]*"|'[^']*')[^"'>]*)*)>""")


@dataclass(slots=True, eq=False)
class Element:
    """One element: ``name`` is the namespace, a space and the local name, or this alone; offsets count UTF-8 bytes.

    The start tag is ``data[start:inner]``, the content ``data[inner:end]``, the end tag ``data[end:after]``;
    ``tag`` is the name as it is written. An element without an end tag is ``empty``.
    """

    name: str
    attributes: Mapping[str, str]
    language: str | None
    base: str
    tag: str
    start: int
    inner: int
    empty: bool
    end: int = 0
    after: int = 0
    parts: list[str | Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The character data in it."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def children(self, *names: str) -> Iterator[Element]:
        """The children of these names."""
        return (part for part in self.parts if isinstance(part, Element) and part.name in names)

    def child(self, name: str) -> Element | None:
        """The first child of this name."""
        return next(self.children(name), None)

    def sibling_name(self, local: str) -> str:
        """*local* with the prefix under which this element is written."""
        prefix, colon, _ = self.tag.rpartition(":")
        return prefix + colon + local

    def head(self) -> Gap:
        """The place right inside, before all content."""
        if self.empty:
            return Gap(self.inner - 2, self.inner, ">", f"</{self.tag}>")
        return Gap(self.inner, self.inner)

    def tail(self) -> Gap | None:
        """The place right inside, after all content; None where it is the same."""
        return None if self.empty else Gap(self.end, self.end)


def read_elements(data: bytes) -> Element:
    """Read *data*, a feed in UTF-8, and give its root.

    :raises FeedError: for what is not well formed, declares entities or other parts of its own, or has no end.
    """
    reader = _Reader(data)
    try:
        reader.parser.Parse(data, True)
    except ExpatError:
        raise FeedError(Reason.MALFORMED) from None
    assert reader.root is not None
    return reader.root


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._open: list[Element] = []
        self._depth = 0
        self._count = 0
        self.root: Element | None = None
        # The text is UTF-8 by now, whatever its declaration says.
        self.parser = ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _doctype(self, _name: str, _system: str | None, _public: str | None, has_internal_subset: bool) -> None:
        """RSS 0.91 names a DTD, which is not fetched; declarations in the feed itself are never believed."""
        if has_internal_subset:
            raise FeedError(Reason.DOCTYPE)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST + 1:
            return
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise FeedError(Reason.TOO_LARGE)
        element = self._element(name, attributes)
        if self._open:
            self._open[-1].parts.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _element(self, name: str, attributes: Mapping[str, str]) -> Element:
        parent = self._open[-1] if self._open else None
        tag = _TAG.match(self._data, self.parser.CurrentByteIndex)
        assert tag is not None
        return Element(
            name,
            attributes,
            attributes.get(f"{_XML} lang", parent.language if parent else None),
            _base(parent, attributes.get(f"{_XML} base")),
            tag[1].decode(),
            tag.start(),
            tag.end(),
            tag[0].endswith(b"/>"),
        )

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._depth > _DEEPEST:
            return
        element = self._open.pop()
        element.end = element.inner if element.empty else self.parser.CurrentByteIndex
        element.after = element.inner if element.empty else self._data.index(b">", element.end) + 1

    def _characters(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)


def _base(parent: Element | None, stated: str | None) -> str:
    """What addresses in an element are relative to; an ``xml:base`` that cannot be read counts as none."""
    inherited = parent.base if parent else ""
    return inherited if stated is None else resolve(inherited, stated) or inherited
