"""End tags in the body: HTML standard, 13.2.6.4.7, .19 and .22; one function for each kind of tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import head
from .names import BUTTON_SCOPE, CLOSED_BY_NAME, FORMATTING, HEADINGS, LIST_SCOPE, MARKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tree import Tree


def end(tree: Tree, name: bytes) -> None:
    """An end tag in the body."""
    handler = _END.get(name)
    if handler is not None:
        handler(tree, name)
    elif name in CLOSED_BY_NAME:
        _close(tree, name)
    elif name in FORMATTING:
        tree.adopt(name)
    else:
        tree.end_ordinary(name)


def _close(tree: Tree, name: bytes) -> None:
    if tree.in_scope(name):
        tree.imply_ends()
        tree.pop_until(name)


def _end_template(tree: Tree, _name: bytes) -> None:
    head.end_template(tree)


def _end_body(tree: Tree, _name: bytes) -> None:
    if tree.in_scope(b"body"):
        tree.mode = "after body"


def _end_html(tree: Tree, _name: bytes) -> None:
    if tree.in_scope(b"body"):
        tree.mode = "after after body"


def _end_form(tree: Tree, name: bytes) -> None:
    if tree.has_template:
        _close(tree, name)
        return
    form, tree.form = tree.form, None
    if form is not None and tree.element_in_scope(form):
        tree.imply_ends()
        tree.stack.remove(form)


def _end_p(tree: Tree, name: bytes) -> None:
    if not tree.in_scope(name, BUTTON_SCOPE):
        tree.push(name)
    tree.pop_until(name)


def _end_item(tree: Tree, name: bytes) -> None:
    if tree.in_scope(name, LIST_SCOPE) if name == b"li" else tree.in_scope(name):
        tree.imply_ends(but=name)
        tree.pop_until(name)


def _end_heading(tree: Tree, _name: bytes) -> None:
    if tree.any_in_scope(HEADINGS):
        tree.imply_ends()
        tree.pop_until_any(HEADINGS)


def _end_marked(tree: Tree, name: bytes) -> None:
    if tree.in_scope(name):
        _close(tree, name)
        tree.clear_to_marker()


def _end_break(tree: Tree, _name: bytes) -> None:
    tree.reconstruct()
    tree.frameset_ok = False


_END: dict[bytes, Callable[[Tree, bytes], None]] = {
    **dict.fromkeys(HEADINGS, _end_heading),
    **dict.fromkeys(MARKED, _end_marked),
    **dict.fromkeys((b"li", b"dd", b"dt"), _end_item),
    b"body": _end_body,
    b"br": _end_break,
    b"form": _end_form,
    b"html": _end_html,
    b"p": _end_p,
    b"select": _close,
    b"template": _end_template,
}


def end_after_body(tree: Tree, name: bytes) -> None:
    """An end tag after ``</body>``."""
    if name == b"html":
        tree.mode = "after after body"
        return
    tree.mode = "in body"
    tree.html_end(name)


def end_after_after_body(tree: Tree, name: bytes) -> None:
    """An end tag after ``</html>``."""
    tree.mode = "in body"
    tree.html_end(name)
