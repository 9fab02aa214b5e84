"""The rules in tables: HTML standard, 13.2.6.4.9 to 13.2.6.4.15."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import body, body_ends, head
from .elements import Element
from .names import CELLS, TABLE_CONTEXT, TABLE_SCOPE, TABLE_SECTIONS

if TYPE_CHECKING:
    from .tree import Tree

_IN_CELL_ENDS = frozenset((b"table", b"tr")) | TABLE_SECTIONS
_PARTS = frozenset((b"caption", b"col", b"colgroup", b"td", b"th", b"tr")) | TABLE_SECTIONS
_HEADISH = frozenset((b"style", b"script", b"template"))
_TABLE = frozenset((b"table", b"html", b"template"))
_SECTION = TABLE_SECTIONS | {b"html", b"template"}
_ROW = frozenset((b"tr", b"html", b"template"))


def text(tree: Tree, kind: int) -> None:
    """Characters in a table: space stays, all else goes before the table."""
    if tree.stack[-1].name not in TABLE_CONTEXT or kind == 1:
        body.text(tree, kind)


def text_in_column_group(tree: Tree, kind: int) -> None:
    """Characters in a column group."""
    if kind == 0:
        return
    if _leave_column_group(tree):
        tree.text(kind)


def start_in_table(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag in a table."""
    if name in _PARTS:
        return _start_part(tree, name, raw, closed)
    if name == b"table":
        if not tree.in_scope(b"table", TABLE_SCOPE):
            return None
        _leave_table(tree)
        return tree.html_start(name, raw, closed=closed)
    if name in _HEADISH:
        return head.start_in_head(tree, name, raw, closed)
    if name == b"input" and body.is_hidden(raw):
        return Element(name, raw)
    if name == b"form":
        return _start_form(tree, raw)
    return body.start(tree, name, raw, closed)


def _start_form(tree: Tree, raw: bytes) -> Element | None:
    if tree.has_template or tree.form is not None:
        return None
    tree.form = Element(b"form", raw)
    return tree.form


def _start_part(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    tree.clear_to(_TABLE)
    if name == b"caption":
        tree.formatting.append(None)
        tree.mode = "in caption"
        return tree.push(name, raw)
    if name == b"colgroup":
        tree.mode = "in column group"
        return tree.push(name, raw)
    if name in TABLE_SECTIONS:
        tree.mode = "in table body"
        return tree.push(name, raw)
    tree.push(b"colgroup" if name == b"col" else b"tbody")
    tree.mode = "in column group" if name == b"col" else "in table body"
    return tree.html_start(name, raw, closed=closed)


def _leave_table(tree: Tree) -> None:
    tree.pop_until(b"table")
    tree.reset_mode()


_IGNORED_ENDS = _PARTS | {b"body", b"html"}


def end_in_table(tree: Tree, name: bytes) -> None:
    """An end tag in a table."""
    if name == b"table":
        if tree.in_scope(name, TABLE_SCOPE):
            _leave_table(tree)
    elif name == b"template":
        head.end_template(tree)
    elif name not in _IGNORED_ENDS:
        body_ends.end(tree, name)


def _leave_caption(tree: Tree) -> bool:
    if not tree.in_scope(b"caption", TABLE_SCOPE):
        return False
    tree.imply_ends()
    tree.pop_until(b"caption")
    tree.clear_to_marker()
    tree.mode = "in table"
    return True


def start_in_caption(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag in a caption."""
    if name in _PARTS:
        return tree.html_start(name, raw, closed=closed) if _leave_caption(tree) else None
    return body.start(tree, name, raw, closed)


def end_in_caption(tree: Tree, name: bytes) -> None:
    """An end tag in a caption."""
    if name == b"caption":
        _leave_caption(tree)
    elif name == b"table":
        if _leave_caption(tree):
            tree.html_end(name)
    elif name not in _IGNORED_ENDS:
        body_ends.end(tree, name)


def _leave_column_group(tree: Tree) -> bool:
    if tree.stack[-1].name != b"colgroup":
        return False
    tree.stack.pop()
    tree.mode = "in table"
    return True


def start_in_column_group(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag in a column group."""
    if name == b"html":
        return None
    if name == b"col":
        return Element(name, raw)
    if name == b"template":
        return head.start_in_head(tree, name, raw, closed)
    return tree.html_start(name, raw, closed=closed) if _leave_column_group(tree) else None


def end_in_column_group(tree: Tree, name: bytes) -> None:
    """An end tag in a column group."""
    if name == b"template":
        head.end_template(tree)
    elif name != b"col" and _leave_column_group(tree) and name != b"colgroup":
        tree.html_end(name)


def start_in_table_body(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag in a section of a table."""
    if name == b"tr":
        tree.clear_to(_SECTION)
        tree.mode = "in row"
        return tree.push(name, raw)
    if name in CELLS:
        tree.clear_to(_SECTION)
        tree.push(b"tr")
        tree.mode = "in row"
        return tree.html_start(name, raw, closed=closed)
    if name in _PARTS:
        return tree.html_start(name, raw, closed=closed) if _leave_section(tree) else None
    return start_in_table(tree, name, raw, closed)


def _leave_section(tree: Tree) -> bool:
    if not tree.any_in_scope(TABLE_SECTIONS, TABLE_SCOPE):
        return False
    tree.clear_to(_SECTION)
    tree.stack.pop()
    tree.mode = "in table"
    return True


def end_in_table_body(tree: Tree, name: bytes) -> None:
    """An end tag in a section of a table."""
    if name in TABLE_SECTIONS:
        if tree.in_scope(name, TABLE_SCOPE):
            _leave_section(tree)
    elif name == b"table":
        if _leave_section(tree):
            tree.html_end(name)
    else:
        end_in_table(tree, name)


def _leave_row(tree: Tree) -> bool:
    if not tree.in_scope(b"tr", TABLE_SCOPE):
        return False
    tree.clear_to(_ROW)
    tree.stack.pop()
    tree.mode = "in table body"
    return True


def start_in_row(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag in a row."""
    if name in CELLS:
        tree.clear_to(_ROW)
        tree.mode = "in cell"
        tree.formatting.append(None)
        return tree.push(name, raw)
    if name in _PARTS:
        return tree.html_start(name, raw, closed=closed) if _leave_row(tree) else None
    return start_in_table(tree, name, raw, closed)


def end_in_row(tree: Tree, name: bytes) -> None:
    """An end tag in a row."""
    if name == b"tr":
        _leave_row(tree)
    elif name == b"table":
        if _leave_row(tree):
            tree.html_end(name)
    elif name in TABLE_SECTIONS:
        if tree.in_scope(name, TABLE_SCOPE) and _leave_row(tree):
            tree.html_end(name)
    else:
        end_in_table(tree, name)


def _leave_cell(tree: Tree, names: frozenset[bytes] = CELLS) -> None:
    tree.imply_ends()
    tree.pop_until_any(names)
    tree.clear_to_marker()
    tree.mode = "in row"


def start_in_cell(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag in a cell."""
    if name not in _PARTS:
        return body.start(tree, name, raw, closed)
    if not tree.any_in_scope(CELLS, TABLE_SCOPE):
        return None
    _leave_cell(tree)
    return tree.html_start(name, raw, closed=closed)


def end_in_cell(tree: Tree, name: bytes) -> None:
    """An end tag in a cell."""
    if name in CELLS:
        if tree.in_scope(name, TABLE_SCOPE):
            _leave_cell(tree, frozenset((name,)))
    elif name in _IN_CELL_ENDS:
        if tree.in_scope(name, TABLE_SCOPE):
            _leave_cell(tree)
            tree.html_end(name)
    elif name not in _IGNORED_ENDS:
        body_ends.end(tree, name)
