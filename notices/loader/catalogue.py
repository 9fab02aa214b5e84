"""What the pack offers: each of its rules by what an editor asks first, read without checking the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notices.document import Listing, Scalar, Table, read_document

from .shelf import Shelf

if TYPE_CHECKING:
    from notices.document import Node


@dataclass(frozen=True, slots=True)
class Offer:
    """One rule of the pack: ``needs`` are keys that an adoption must write, ``stances`` those that it may take."""

    id: str
    title: str
    kind: str
    confidence: str | None
    statuses: tuple[str, ...]
    stances: tuple[str, ...]
    needs: tuple[str, ...]


def offers(shelf: Shelf | None = None) -> tuple[Offer, ...]:
    """All rules of the pack, in the order of its files."""
    books = shelf or Shelf()
    found = (offer(id_, books) for id_ in sorted(books.rules, key=lambda id_: books.rules[id_]))
    return tuple(one for one in found if one is not None)


def offer(id_: str, shelf: Shelf) -> Offer | None:
    """The rule *id_* of the pack; None where it has none."""
    file = shelf.rule(id_)
    document, _ = read_document(*file) if file else (None, ())
    rule = _at(document, "rules", id_)
    if rule is None:
        return None
    stances = _at(rule, "stances")
    return Offer(
        id=id_,
        title=next(iter(_texts(_at(rule, "title"))), ""),
        kind=next(iter(_texts(_at(rule, "kind"))), ""),
        confidence=next(iter(_texts(_at(rule, "confidence"))), None),
        statuses=_texts(_at(rule, "pages", "statuses", "any")) or _texts(_at(rule, "pages", "statuses")),
        stances=tuple(key.text for key, _ in stances.entries) if isinstance(stances, Table) else (),
        needs=_texts(_at(rule, "needs")),
    )


def _at(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        entries = node.entries if isinstance(node, Table) else ()
        node = next((value for name, value in entries if name.text == key), None)
    return node


def _texts(node: Node | None) -> tuple[str, ...]:
    listed = node.items if isinstance(node, Listing) else (node,)
    return tuple(one.text for one in listed if isinstance(one, Scalar))
