"""What the pack offers: each of its rules by what an editor asks first, read without checking the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notices.document import read_document

from .glance import entries_of, texts_of, value_of
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
    return Offer(
        id=id_,
        title=next(iter(_texts(_at(rule, "title"))), ""),
        kind=next(iter(_texts(_at(rule, "kind"))), ""),
        confidence=next(iter(_texts(_at(rule, "confidence"))), None),
        statuses=_texts(_at(rule, "pages", "statuses", "any")) or _texts(_at(rule, "pages", "statuses")),
        stances=tuple(key.text for key, _ in entries_of(value_of(rule, "stances"))),
        needs=_texts(_at(rule, "needs")),
    )


def _at(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        node = value_of(node, key)
    return node


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(texts_of(node))
