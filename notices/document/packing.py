"""Nodes as bytes, a tenth of their size: for those of a large folder that wait until all its files are known."""

from __future__ import annotations

import marshal
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from .nodes import Listing, Node, Scalar, Table

if TYPE_CHECKING:
    from collections.abc import Iterator


class PackedNodes(MutableMapping[str, Node]):
    """Nodes by name; each is made anew, equal and with the same marks, whenever it is asked for.

    Texts that are written again and again are one object in all of them.
    """

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._texts: dict[str, str] = {}

    def __getitem__(self, name: str) -> Node:
        """The node *name*."""
        return self._unpack(marshal.loads(self._packed[name]))  # noqa: S302 - bytes of this very process

    def __setitem__(self, name: str, node: Node) -> None:
        """Pack *node*, and keep it as *name*."""
        self._packed[name] = marshal.dumps(_pack(node))

    def __delitem__(self, name: str) -> None:
        """Forget the node *name*."""
        del self._packed[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is a node *name*; it is not made for that."""
        return name in self._packed

    def __iter__(self) -> Iterator[str]:
        """The names, in the order in which they came."""
        return iter(self._packed)

    def __len__(self) -> int:
        """How many nodes there are."""
        return len(self._packed)

    def _unpack(self, parts: tuple[Any, ...]) -> Node:
        """The node of what :func:`_pack` made, which the number of parts tells apart."""
        if len(parts) == _SCALAR:
            return self._scalar(*parts)
        path, line, column, *what = parts
        path = self._texts.setdefault(path, path)
        if len(what) == 1:
            return Listing(path, line, column, tuple([self._unpack(item) for item in what[0]]))
        keys = [self._scalar(*key) for key in what[0]]
        return Table(path, line, column, tuple(zip(keys, [self._unpack(value) for value in what[1]], strict=True)))

    def _scalar(self, path: str, line: int, column: int, text: str, raw: str | None, quoted: bool) -> Scalar:
        if len(text) <= _SHORT:
            text = self._texts.setdefault(text, text)
        return Scalar(self._texts.setdefault(path, path), line, column, text, text if raw is None else raw, quoted)


#: How many parts a scalar has; a list has fewer by two, and a mapping by one.
_SCALAR = 6
#: Texts up to this length are one object in all nodes.
_SHORT = 64


def _pack(node: Node) -> tuple[Any, ...]:
    place = node.place
    if isinstance(node, Scalar):
        return *place, node.text, None if node.raw == node.text else node.raw, node.quoted
    if isinstance(node, Listing):
        return *place, tuple([_pack(item) for item in node.items])
    return *place, tuple([_pack(key) for key, _ in node.entries]), tuple([_pack(value) for _, value in node.entries])
