"""The rules inside SVG and MathML: HTML standard, 13.2.6.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .elements import Element
from .names import BREAKOUT, MATH_TEXT, SVG_HTML
from .tags import attributes

if TYPE_CHECKING:
    from .tree import Tree

_HTML_ENCODINGS = frozenset(("text/html", "application/xhtml+xml"))
_FONT = frozenset((b"color", b"face", b"size"))


def is_html_place(element: Element, name: bytes) -> bool:
    """Whether a start tag of *name* (``b""``: characters) inside a foreign *element* follows the HTML rules."""
    if element.name in MATH_TEXT:
        return name not in (b"mglyph", b"malignmark")
    if element.name == b"math annotation-xml" and name == b"svg":
        return True
    return element.html_inside


def enter(tree: Tree, name: bytes, raw: bytes, *, closed: bool) -> Element:
    """Insert the root ``svg`` or ``math``."""
    return _insert(tree, name, name, raw, closed=closed)


def _insert(tree: Tree, namespace: bytes, name: bytes, raw: bytes, *, closed: bool) -> Element:
    full = namespace + b" " + name
    inside = full in SVG_HTML or (
        full == b"math annotation-xml" and attributes(raw).get(b"encoding", "").lower() in _HTML_ENCODINGS
    )
    element = Element(full, raw, html_inside=inside)
    if not closed:
        tree.stack.append(element)
    return element


def start(tree: Tree, name: bytes, raw: bytes, *, closed: bool) -> Element | None:
    """A start tag in foreign content."""
    if name in BREAKOUT or (name == b"font" and _FONT.intersection(attributes(raw))):
        _break_out(tree)
        return tree.html_start(name, raw, closed=closed)
    namespace = tree.stack[-1].name.partition(b" ")[0]
    return _insert(tree, namespace, name, raw, closed=closed)


def _break_out(tree: Tree) -> None:
    stack = tree.stack
    while stack[-1].foreign and not stack[-1].html_inside and stack[-1].name not in MATH_TEXT:
        stack.pop()


def end(tree: Tree, name: bytes) -> None:
    """An end tag in foreign content."""
    if name in (b"br", b"p"):
        _break_out(tree)
        tree.html_end(name)
        return
    stack = tree.stack
    for at in range(len(stack) - 1, 0, -1):
        element = stack[at]
        if not element.foreign:
            tree.html_end(name)
            return
        if element.name.partition(b" ")[2] == name:
            del stack[at:]
            return
