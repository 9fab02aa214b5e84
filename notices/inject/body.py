"""Start tags and text in the body: HTML standard, 13.2.6.4.7, .19 and .22; one function for each kind of tag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import foreign, head
from .elements import Element
from .names import (
    BLOCKS,
    FORMATTING,
    HEAD_ONLY,
    HEADINGS,
    MARKED,
    NO_FRAMESET,
    SPECIAL,
    TABLE_PARTS,
    VOID,
)
from .tags import attributes

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tree import Tree

_LOOSE = frozenset((b"address", b"div", b"p"))
_UNRECONSTRUCTED = frozenset((b"param", b"source", b"track"))


def text(tree: Tree, kind: int) -> None:
    """Characters in the body."""
    if kind != 2:
        tree.reconstruct()
        tree.frameset_ok &= kind == 0


def start(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag in the body."""
    element = _START.get(name, _ordinary)(tree, name, raw, closed)
    if element is not None and name in NO_FRAMESET:
        tree.frameset_ok = False
    return element


def _ordinary(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    tree.reconstruct()
    return tree.push(name, raw)


def _drop(_tree: Tree, _name: bytes, _raw: bytes, _closed: bool) -> Element | None:
    return None


def _body(tree: Tree, _name: bytes, _raw: bytes, _closed: bool) -> Element | None:
    if len(tree.stack) > 1 and tree.stack[1].name == b"body" and not tree.has_template:
        tree.frameset_ok = False
    return None


def _frameset(tree: Tree, _name: bytes, raw: bytes, _closed: bool) -> Element | None:
    if len(tree.stack) < 2 or tree.stack[1].name != b"body" or not tree.frameset_ok:
        return None
    del tree.stack[1:]
    return head.start_frameset(tree, raw)


def _block(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    tree.close_p()
    return tree.push(name, raw)


def _heading(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    tree.close_p()
    if tree.stack[-1].name in HEADINGS:
        tree.stack.pop()
    return tree.push(name, raw)


def _form(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    if tree.form is not None and not tree.has_template:
        return None
    element = _block(tree, name, raw, closed)
    if not tree.has_template:
        tree.form = element
    return element


def _item(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    names = (b"li",) if name == b"li" else (b"dd", b"dt")
    for element in reversed(tree.stack):
        if element.name in names:
            tree.imply_ends(but=element.name)
            tree.pop_until(element.name)
            break
        if element.name in SPECIAL and element.name not in _LOOSE:
            break
    return _block(tree, name, raw, closed)


def _plaintext(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    tree.raw = name
    return _block(tree, name, raw, closed)


def _button(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    if tree.in_scope(name):
        tree.imply_ends()
        tree.pop_until(name)
    return _ordinary(tree, name, raw, closed)


def _anchor(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    old = tree.active(name)
    if old is not None:
        tree.adopt(name)
        if old in tree.formatting:
            tree.formatting.remove(old)
        if old in tree.stack:
            tree.stack.remove(old)
    return _format(tree, name, raw, closed)


def _nobr(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    tree.reconstruct()
    if tree.in_scope(name):
        tree.adopt(name)
    return _format(tree, name, raw, closed)


def _format(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    tree.reconstruct()
    element = tree.push(name, raw)
    tree.push_formatting(element)
    return element


def _marked(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    element = _ordinary(tree, name, raw, closed)
    tree.formatting.append(None)
    return element


def _table(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    if not tree.quirks:
        tree.close_p()
    tree.mode = "in table"
    return tree.push(name, raw)


def _void(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    if name not in _UNRECONSTRUCTED:
        tree.reconstruct()
    return Element(name, raw)


def _input(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    if tree.in_scope(b"select"):
        tree.pop_until(b"select")
    tree.reconstruct()
    if not is_hidden(raw):
        tree.frameset_ok = False
    return Element(name, raw)


def is_hidden(raw: bytes) -> bool:
    """Whether an input's attributes make it a hidden one."""
    return attributes(raw).get(b"type", "").lower() == "hidden"


def _rule(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    tree.close_p()
    if tree.in_scope(b"select"):
        tree.imply_ends()
    return Element(name, raw)


def _image(tree: Tree, _name: bytes, raw: bytes, closed: bool) -> Element | None:
    tree.frameset_ok = False
    return _void(tree, b"img", raw, closed)


def _raw_block(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    tree.close_p()
    tree.reconstruct()
    return head.atom(tree, name, raw)


def _raw(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    return head.atom(tree, name, raw)


def _select(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    if tree.in_scope(name):
        tree.pop_until(name)
        return None
    return _ordinary(tree, name, raw, closed)


def _option(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    if tree.in_scope(b"select"):
        tree.imply_ends(but=b"optgroup" if name == b"option" else b"")
    elif tree.stack[-1].name == b"option":
        tree.stack.pop()
    return _ordinary(tree, name, raw, closed)


def _ruby(tree: Tree, name: bytes, raw: bytes, _closed: bool) -> Element | None:
    if tree.in_scope(b"ruby"):
        tree.imply_ends(but=b"rtc" if name in (b"rp", b"rt") else b"")
    return tree.push(name, raw)


def _foreign(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    tree.reconstruct()
    return foreign.enter(tree, name, raw, closed=closed)


_START: dict[bytes, Callable[[Tree, bytes, bytes, bool], Element | None]] = {
    **dict.fromkeys(BLOCKS | {b"listing", b"pre"}, _block),
    **dict.fromkeys(HEAD_ONLY, head.start_in_head),
    **dict.fromkeys(HEADINGS, _heading),
    **dict.fromkeys(FORMATTING, _format),
    **dict.fromkeys(MARKED, _marked),
    **dict.fromkeys(TABLE_PARTS | {b"frame", b"head", b"html"}, _drop),
    **dict.fromkeys(VOID - HEAD_ONLY - {b"col", b"frame"}, _void),
    **dict.fromkeys((b"noembed", b"iframe", b"textarea"), _raw),
    **dict.fromkeys((b"li", b"dd", b"dt"), _item),
    **dict.fromkeys((b"option", b"optgroup"), _option),
    **dict.fromkeys((b"rb", b"rp", b"rt", b"rtc"), _ruby),
    **dict.fromkeys((b"math", b"svg"), _foreign),
    b"a": _anchor,
    b"body": _body,
    b"button": _button,
    b"form": _form,
    b"frameset": _frameset,
    b"hr": _rule,
    b"image": _image,
    b"input": _input,
    b"nobr": _nobr,
    b"plaintext": _plaintext,
    b"select": _select,
    b"table": _table,
    b"xmp": _raw_block,
}


def start_after_body(tree: Tree, name: bytes, raw: bytes, closed: bool) -> Element | None:
    """A start tag after ``</body>``: the body goes on."""
    if name == b"html":
        return None
    tree.mode = "in body"
    return tree.html_start(name, raw, closed=closed)


def text_after_body(tree: Tree, kind: int) -> None:
    """Characters after ``</body>``: space goes to the body, all else opens it again."""
    if kind != 0:
        tree.mode = "in body"
    text(tree, kind)
