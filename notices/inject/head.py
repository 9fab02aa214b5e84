"""The rules before the body, for templates and for framesets: HTML standard, 13.2.6.4.1 to .6 and .18 to .20."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .elements import Element
from .names import HEAD_ONLY, RAW_TEXT, TABLE_SECTIONS

if TYPE_CHECKING:
    from .tree import Tree

_IMPLYING_ENDS = frozenset((b"body", b"html", b"br"))


def imply(tree: Tree) -> None:
    """Do one step towards the body, as a token does that fits nowhere before."""
    _IMPLY[tree.mode](tree)


def _imply_html(tree: Tree) -> None:
    tree.push(b"html")
    tree.mode = "before head"


def _imply_head(tree: Tree) -> None:
    tree.push(b"head")
    tree.head_seen = True
    tree.mode = "in head"


def _leave_head(tree: Tree) -> None:
    tree.stack.pop()
    tree.mode = "after head"


def _imply_body(tree: Tree) -> None:
    tree.push(b"body")
    tree.has_body = True
    tree.mode = "in body"


def _imply_no_doctype(tree: Tree) -> None:
    tree.mode = "before html"


_IMPLY = {
    "initial": _imply_no_doctype,
    "before html": _imply_html,
    "before head": _imply_head,
    "in head": _leave_head,
    "after head": _imply_body,
}


def text(tree: Tree, kind: int) -> None:
    """Characters before the body: space stays where it is, all else implies the body."""
    if kind == 0:
        return
    while not tree.has_body:
        imply(tree)
    tree.text(kind)


def _again(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    imply(tree)
    return tree.html_start(name, raw, closed=closed)


def start_initial(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag where a doctype could stand."""
    return _again(tree, name, raw, closed)


def start_before_html(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag before ``<html>``."""
    if name != b"html":
        return _again(tree, name, raw, closed)
    tree.mode = "before head"
    return tree.push(name, raw)


def start_before_head(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag before ``<head>``."""
    if name == b"html":
        return None
    if name != b"head":
        return _again(tree, name, raw, closed)
    tree.mode = "in head"
    tree.head_seen = True
    return tree.push(name, raw)


def start_in_head(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag in the head, or one that is handled as if it were there."""
    if name == b"template":
        return _start_template(tree, raw)
    if name in HEAD_ONLY:
        return atom(tree, name, raw)
    if name in (b"html", b"head"):
        return None
    return _again(tree, name, raw, closed)


def atom(tree: Tree, name: bytes, raw: bytes) -> Element:
    """An element without elements: void, or with text up to its end tag."""
    if name in RAW_TEXT:
        tree.raw = name
    return Element(name, raw)


def _start_template(tree: Tree, raw: bytes) -> Element:
    tree.formatting.append(None)
    tree.frameset_ok = False
    tree.mode = "in template"
    tree.template_modes.append("in template")
    return tree.push(b"template", raw)


def end_template(tree: Tree) -> None:
    """``</template>``, or the end of the file inside one."""
    if not tree.has_template:
        return
    tree.pop_until(b"template")
    tree.clear_to_marker()
    tree.template_modes.pop()
    tree.reset_mode()


def start_after_head(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag between ``</head>`` and the body."""
    if name == b"body":
        _imply_body(tree)
        tree.frameset_ok = False
        tree.stack[-1].raw = raw
        return tree.stack[-1]
    if name == b"frameset":
        return start_frameset(tree, raw)
    if name == b"template":
        return _start_template(tree, raw)
    if name in HEAD_ONLY and name != b"noscript":
        return atom(tree, name, raw)
    if name in (b"html", b"head"):
        return None
    return _again(tree, name, raw, closed)


def start_frameset(tree: Tree, raw: bytes) -> Element:
    """A frameset instead of a body: nothing can be placed from here on."""
    tree.has_body = False
    tree.is_frameset = True
    tree.mode = "in frameset"
    return tree.push(b"frameset", raw)


def end_initial(tree: Tree, name: bytes) -> None:
    """An end tag where a doctype could stand."""
    imply(tree)
    tree.html_end(name)


def end_before_html(tree: Tree, name: bytes) -> None:
    """An end tag before ``<html>``."""
    if name == b"head" or name in _IMPLYING_ENDS:
        imply(tree)
        tree.html_end(name)


end_before_head = end_before_html


def end_in_head(tree: Tree, name: bytes) -> None:
    """An end tag in the head."""
    if name == b"head":
        _leave_head(tree)
    elif name == b"template":
        end_template(tree)
    elif name in _IMPLYING_ENDS:
        imply(tree)
        tree.html_end(name)


def end_after_head(tree: Tree, name: bytes) -> None:
    """An end tag between ``</head>`` and the body."""
    if name == b"template":
        end_template(tree)
    elif name in _IMPLYING_ENDS:
        imply(tree)
        tree.html_end(name)


def start_in_template(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag directly in a template, which takes the mode of its first content."""
    if name in HEAD_ONLY and name != b"noscript":
        return start_in_head(tree, name, raw, closed)
    tree.template_modes[-1] = tree.mode = _TEMPLATE_MODES.get(name, "in body")
    return tree.html_start(name, raw, closed=closed)


_TEMPLATE_MODES = {
    **dict.fromkeys(TABLE_SECTIONS | {b"caption", b"colgroup"}, "in table"),
    b"col": "in column group",
    b"tr": "in table body",
    b"td": "in row",
    b"th": "in row",
}


def end_in_template(tree: Tree, name: bytes) -> None:
    """An end tag directly in a template."""
    if name == b"template":
        end_template(tree)


def ignore_start(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    """A start tag in a frameset."""
    return atom(tree, name, raw) if name == b"noframes" else None


def ignore_end(tree: Tree, name: bytes) -> None:
    """An end tag in a frameset."""


def ignore_text(tree: Tree, kind: int) -> None:
    """Characters in a frameset."""
