"""Shapes: what a node may be.  One shape both reads a node and describes itself as JSON Schema, so they agree."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, runtime_checkable

from notices.document import Listing, Scalar, Table

from .desk import RejectedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from notices.document import Node

    from .desk import Desk

T = TypeVar("T")
U = TypeVar("U")
K = TypeVar("K")
T_co = TypeVar("T_co", covariant=True)
Json = dict[str, Any]
#: What needs no quotes between braces.
_PLAIN = re.compile(r"(?!.*: )[\w/](?:[\w .:/@+%~-]*[\w/])?")
_LONGEST_SAMPLE = 60


class Shape(Protocol[T_co]):
    """How one kind of value is read from a node, and described."""

    def read(self, desk: Desk, node: Node) -> T_co:
        """The value of *node*; raises :class:`RejectedError` with its problems on the desk."""

    def schema(self) -> Json:
        """The JSON Schema (2020-12) of what :meth:`read` takes."""


@runtime_checkable
class Sampling(Protocol):
    """A shape that can show how it is written."""

    def sample(self, node: Node) -> str:
        """How to write it, with what stands at *node* in its place."""


def in_braces(node: Node) -> str | None:
    """A value, or a list of values, as it may stand between braces; None for what is longer."""
    if isinstance(node, Listing):
        items = [in_braces(item) for item in node.items]
        return f"[{', '.join(filter(None, items))}]" if items and None not in items else None
    if isinstance(node, Table) or not 0 < len(node.text) <= _LONGEST_SAMPLE:
        return None
    return node.text if _PLAIN.fullmatch(node.text) else json.dumps(node.text, ensure_ascii=False)


def shorten(text: str) -> str:
    """A text in quotes for a message, cut where it is long."""
    return repr(text if len(text) <= 40 else f"{text[:37]}...")


def describe(node: Node) -> str:
    """What a node is, in an editor's words."""
    if isinstance(node, Scalar):
        return shorten(node.text) if node.text else "nothing"
    return "a list" if isinstance(node, Listing) else "a mapping of keys to values"


def _as_list(node: Node, item: Shape[Any]) -> str:
    """How to make a list of the one value that stands where a list of *item* belongs."""
    if isinstance(node, Scalar) and isinstance(item, Sampling):
        return f"write a list: [{item.sample(node)}]"
    if isinstance(node, Scalar) and node.text:
        return f"write a list: [{node.raw if node.quoted else node.text}]"
    return (
        "write a list: [first, second]" if isinstance(node, Scalar) else "put '- ' before it, as before all in a list"
    )


class Leaf(Generic[T]):
    """A text that *convert* turns into a value; *expected* says in words what it is, *prose* that it is free text."""

    def __init__(
        self, convert: Callable[[Desk, Scalar], T], expected: str, schema: Json, *, prose: bool = False
    ) -> None:
        self._convert = convert
        self.expected = expected
        self._schema = schema
        self._quotes = ", in quotes where it begins with '{' or '['" if prose else ""

    def read(self, desk: Desk, node: Node) -> T:
        """See :class:`Shape`."""
        if not isinstance(node, Scalar):
            message = f"{describe(node)} stands here, not {self.expected}"
            raise desk.reject(node.mark, "wrong-type", message, f"write {self.expected}{self._quotes}")
        if not node.text.strip():
            raise desk.reject(node.mark, "empty", "nothing is written here", f"write {self.expected}")
        return self._convert(desk, node)

    def schema(self) -> Json:
        """See :class:`Shape`."""
        return self._schema


class Many(Generic[T]):
    """A list; where *single*, one value may stand without its brackets.  Gives the values with their nodes' order."""

    def __init__(self, item: Shape[T], what: str, *, single: bool = True, least: int = 1) -> None:
        self.item = item
        self.what = what
        self.single = single
        self._least = least

    def read(self, desk: Desk, node: Node) -> tuple[T, ...]:
        """See :class:`Shape`; every item is read before the first fault counts."""
        if not isinstance(node, Listing):
            if self.single:
                return (self.item.read(desk, node),)
            message = f"{describe(node)} stands where a list of {self.what} belongs"
            raise desk.reject(node.mark, "wrong-type", message, _as_list(node, self.item))
        if len(node.items) < self._least:
            raise desk.reject(node.mark, "empty", f"this list of {self.what} is empty", "name one, or delete the key")
        return _read_all([(self.item, item) for item in node.items], desk)

    def schema(self) -> Json:
        """See :class:`Shape`."""
        listed = {"type": "array", "items": self.item.schema(), "minItems": self._least}
        return {"anyOf": [self.item.schema(), listed]} if self.single else listed


class Pairs(Generic[K, T]):
    """A mapping with keys of the editor's own choice, such as language tags; *example* is one as it is written.

    *lone* is the key that most likely lacks where a text stands alone.
    Keys that *same* makes equal mean one thing, and must not both be there.
    """

    def __init__(
        self,
        key: Leaf[K],
        value: Shape[T],
        what: str,
        *,
        least: int = 1,
        example: str = "'key: value' lines",
        lone: str | None = None,
        same: Callable[[K], object] = lambda key: key,
    ) -> None:
        self._key = key
        self.value = value
        self.what = what
        self._least = least
        self._example = example
        self._lone = lone
        self._same = same

    def read(self, desk: Desk, node: Node) -> dict[K, T]:
        """See :class:`Shape`."""
        if not isinstance(node, Table):
            value = in_braces(node) if self._lone and isinstance(node, Scalar) else None
            example = f"{{{self._lone}: {value}}}" if value else self._example
            message = f"{describe(node)} stands where {self.what} belong"
            raise desk.reject(node.mark, "wrong-type", message, f"write {example}")
        if len(node.entries) < self._least:
            raise desk.reject(node.mark, "empty", f"no {self.what} stand here", "write one, or delete the key")
        keys = _read_all([(self._key, key) for key, _ in node.entries], desk, strict=False)
        values = _read_all([(self.value, value) for _, value in node.entries], desk)
        if len(keys) < len(node.entries):
            raise RejectedError
        self._refuse_doubles(desk, node, keys)
        return dict(zip(keys, values, strict=True))

    def _refuse_doubles(self, desk: Desk, node: Table, keys: tuple[K, ...]) -> None:
        """Reject a key that is another's second spelling, such as ``EN`` beside ``en`` or ``FR-GP`` beside ``GP``."""
        first: dict[object, Scalar] = {}
        for (written, _), key in zip(node.entries, keys, strict=True):
            before = first.setdefault(self._same(key), written)
            if before is not written:
                message = f"{written.text!r} means the same as {before.text!r}, which stands here already"
                raise desk.reject(written.mark, "duplicate-key", message, "delete one of the two")

    def schema(self) -> Json:
        """See :class:`Shape`."""
        names = {key: value for key, value in self._key.schema().items() if key != "type"}
        return {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": self.value.schema(),
            "minProperties": self._least,
        }


class Either(Generic[T]):
    """One shape where a text stands, another for a list, another for a mapping; not all need exist.

    *example* is what to write, where *expected* alone does not show it.
    """

    def __init__(
        self,
        expected: str,
        *,
        example: str | None = None,
        scalar: Shape[T] | None = None,
        listing: Shape[T] | None = None,
        table: Shape[T] | None = None,
    ) -> None:
        self.expected = expected
        self._example = example or expected
        self.shapes = {Scalar: scalar, Listing: listing, Table: table}

    def read(self, desk: Desk, node: Node) -> T:
        """See :class:`Shape`."""
        shape = self.shapes[type(node)]
        if shape is None:
            message = f"{describe(node)} stands here, not {self.expected}"
            raise desk.reject(node.mark, "wrong-type", message, f"write {self._example}")
        return shape.read(desk, node)

    def schema(self) -> Json:
        """See :class:`Shape`."""
        return {"anyOf": [shape.schema() for shape in self.shapes.values() if shape is not None]}


class Made(Generic[T, U]):
    """A shape whose value is made into another; *make* may report problems of its own."""

    def __init__(self, shape: Shape[T], make: Callable[[Desk, Node, T], U]) -> None:
        self.shape = shape
        self._make = make

    def read(self, desk: Desk, node: Node) -> U:
        """See :class:`Shape`."""
        return self._make(desk, node, self.shape.read(desk, node))

    def schema(self) -> Json:
        """See :class:`Shape`."""
        return self.shape.schema()


def _read_all(
    pairs: list[tuple[Shape[T], Node]] | list[tuple[Leaf[T], Scalar]], desk: Desk, *, strict: bool = True
) -> tuple[T, ...]:
    """Read every node, then raise if any was rejected; without *strict*, leave those out."""
    values = []
    for shape, node in pairs:
        try:
            values.append(shape.read(desk, node))
        except RejectedError:
            continue
    if strict and len(values) < len(pairs):
        raise RejectedError
    return tuple(values)
