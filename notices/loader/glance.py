"""A glance at nodes that nobody has read yet: entries, values and texts, and what a rule names that lies elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.document import Listing, Scalar, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notices.document import Node


def entries_of(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """The entries of a mapping; none of anything else."""
    return node.entries if isinstance(node, Table) else ()


def value_of(node: Node | None, key: str) -> Node | None:
    """The value of *key* in a mapping, if it is one and has that."""
    return next((value for name, value in entries_of(node) if name.text == key), None)


def items_of(node: Node | None) -> tuple[Node | None, ...]:
    """The items of a list, or the node that stands alone in its place."""
    return node.items if isinstance(node, Listing) else (node,)


def texts_of(node: Node | None, only: str | None = None) -> Iterator[str]:
    """The text of a scalar, or of each in a list; of those the ones that say *only*."""
    for one in items_of(node):
        if isinstance(one, Scalar) and only in (None, one.text):
            yield one.text


def events_in(node: Node) -> Iterator[str]:
    """The events that the periods of a rule or an adoption are told by."""
    for period in items_of(value_of(node, "when")):
        yield from texts_of(value_of(period, "event"))


def publishers_in(node: Node) -> Iterator[str]:
    """The publishers on whose pages a rule or an adoption holds, or does not."""
    pages = value_of(node, "pages")
    for one in (pages, *items_of(value_of(pages, "except"))):
        yield from texts_of(value_of(one, "publishers"))
