"""The end of a page: whether anything can be put there, by what the page ends in, and what is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .edits import Missed
from .names import BUTTON_SCOPE

if TYPE_CHECKING:
    from .ledger import Ledger
    from .placing import Slot
    from .tree import Tree

_STATES = {
    "comment": Missed.COMMENT,
    "comment start": Missed.COMMENT,
    "bogus": Missed.COMMENT,
    "doctype": Missed.COMMENT,
    "cdata": Missed.FOREIGN,
    "late tag": Missed.LIMIT,
    "raw": Missed.TEXT,
    "plaintext": Missed.TEXT,
}


def why_not(tree: Tree, state: str) -> Missed | None:
    """Why no notice can stand at the end of a page that ends in the scanner's *state*; None if one can."""
    if state in _STATES:
        return _STATES[state]
    names = tree.names
    if state == "lone" and tree.in_scope(b"p", BUTTON_SCOPE):
        return Missed.TAG
    if b"template" in names:
        return Missed.TEMPLATE
    if b"select" in names:
        return Missed.SELECT
    return Missed.FOREIGN if any(b" " in name for name in names) else None


def fall_back(slots: list[Slot], ledger: Ledger, offset: int) -> None:
    """Put at *offset*, the bottom, each insertion that has *slots* which are not placed and does not stand there."""
    for index in dict.fromkeys(slot.insertion for slot in slots):
        missing = [slot for slot in slots if slot.insertion == index and slot.state != "placed"]
        stands = any(placed.insertion == index and placed.position == "bottom" for placed in ledger.placed)
        if missing and not stands:
            fallback = all(slot.position != "bottom" for slot in missing)
            ledger.insert(index, "bottom", offset, fallback=fallback, force=True)
        for slot in missing:
            slot.state = "placed"
