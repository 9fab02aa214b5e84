"""Whether anything can be put at the end of a page, by what the page ends in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .edits import Missed
from .names import BUTTON_SCOPE

if TYPE_CHECKING:
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
