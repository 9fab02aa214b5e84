"""Where a block may stand: by the kind of the target, and by the elements that are open around it.

Source: the content models of the HTML standard, section 4, as far as a block that is out of place would change the
tree, vanish from sight, or leave a list, a table or a heading with a child that it must not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .names import BLOCKS, BUTTON_SCOPE, HEADINGS, RAW_TEXT, TABLE_PARTS, TABLE_SECTIONS, VOID

if TYPE_CHECKING:
    from .tree import Tree

_PARENT_IS_STRICT = {
    **dict.fromkeys(TABLE_PARTS, "it stands in a table, where a block cannot; use first-in or last-in with td or th"),
    **dict.fromkeys((b"li",), "its parent is a list, which holds only items; use first-in or last-in"),
    **dict.fromkeys((b"dd", b"dt"), "its parent is a description list, which holds only its terms and descriptions"),
    **dict.fromkeys((b"option", b"optgroup"), "it stands in a select, where a block cannot"),
    **dict.fromkeys((b"summary", b"legend"), "it must stay the first child of its parent; name the parent instead"),
    **dict.fromkeys((b"rb", b"rp", b"rt", b"rtc"), "it stands in a ruby annotation, where a block cannot"),
    **dict.fromkeys((b"source", b"track", b"param", b"area"), "its parent holds no blocks"),
    **dict.fromkeys(
        (b"base", b"basefont", b"bgsound", b"link", b"meta", b"title", b"head"),
        "it stands in the head, where nothing is seen",
    ),
    **dict.fromkeys(
        (b"script", b"style", b"template", b"noscript", b"noframes"), "it is not a part of what readers see"
    ),
    **dict.fromkeys((b"frame", b"frameset"), "a frameset has no body"),
    b"html": "nothing stands beside it; use top or bottom",
    b"body": "nothing stands beside it; use top or bottom",
}
_CONTAINERS = (BLOCKS - {b"dir", b"dl", b"hgroup", b"menu", b"ol", b"p", b"summary", b"ul"}) | {
    b"body",
    b"dd",
    b"form",
    b"li",
    b"td",
    b"th",
}
_FIRST_CHILD_IS_STRICT = (b"details", b"fieldset")
_STRICT_PARENTS = (
    HEADINGS
    | TABLE_SECTIONS
    | {b"colgroup", b"dir", b"dl", b"hgroup", b"menu", b"ol", b"p", b"ruby", b"summary", b"table", b"tr", b"ul"}
)
#: Inside these a notice would not be seen, not be reachable, or not be kept by every browser.
_HIDING = HEADINGS | {
    b"applet",
    b"audio",
    b"button",
    b"canvas",
    b"datalist",
    b"marquee",
    b"object",
    b"option",
    b"select",
    b"svg svg",
    b"math math",
    b"template",
    b"video",
}

#: Inside these no browser shows a block at all.
_UNREAL = frozenset((b"template", b"select", b"svg svg", b"math math"))


def unfit(kind: bytes, position: str) -> str | None:
    """Why no block may stand *position* a target of type *kind* (lower case), wherever that is; None if one may."""
    if position in ("before", "after"):
        return _PARENT_IS_STRICT.get(kind) or _unfit_after(kind, position)
    if kind in _FIRST_CHILD_IS_STRICT and position == "first-in":
        return "its first child must be its summary or legend; use last-in"
    if kind in _CONTAINERS or b"-" in kind:
        return None
    if kind in (b"ul", b"ol", b"dl", b"menu", b"dir", b"table", b"tr") or kind in TABLE_PARTS:
        return (
            "lists and tables hold only their items and cells; use before or after, or first-in with li, dd, td or th"
        )
    if kind == b"p" or kind in HEADINGS:
        return "a paragraph or heading cannot hold a block; use before or after"
    return "it cannot hold a block; use before or after with a block, or first-in and last-in with a container"


def _unfit_after(kind: bytes, position: str) -> str | None:
    if position == "after" and (kind in RAW_TEXT or kind == b"plaintext"):
        return "its end cannot be told from text"
    return None


def can_stand(tree: Tree, *, closes_p: bool = False) -> bool:
    """Whether a block that comes next in the page stands well and leaves the tree as it is.

    *closes_p*: the token that follows closes an open paragraph itself, so that the block may do it too.
    """
    if tree.mode not in ("in body", "in cell", "in caption"):
        return False
    names = tree.names
    if tree.in_scope(b"p", BUTTON_SCOPE):
        if not closes_p:
            return False
        names = names[: len(names) - 1 - names[::-1].index(b"p")]
    return names[-1] not in _STRICT_PARENTS and _HIDING.isdisjoint(names)


def is_visible(tree: Tree) -> bool:
    """Whether a block in the current element would be seen."""
    return _HIDING.isdisjoint(tree.names)


def is_unreal(tree: Tree) -> bool:
    """Whether what comes next is in a template, a select, SVG or MathML."""
    return not _UNREAL.isdisjoint(tree.names)


def is_bottom(tree: Tree) -> bool:
    """Whether a block just before ``</body>`` leaves the tree as it is, also what space follows."""
    return tree.active(b"a") is None and not tree.in_scope(b"p", BUTTON_SCOPE) and _UNREAL.isdisjoint(tree.names)


def can_warn_before(tree: Tree, kind: bytes) -> bool:
    """Whether a phrase may stand just before a start tag of *kind* and leaves the tree as it is."""
    if not tree.has_body:
        return not tree.has_template
    if kind in _PARENT_IS_STRICT or tree.mode not in ("in body", "in cell", "in caption", "after body"):
        return False
    names = tree.names
    return names[-1] not in _STRICT_PARENTS - HEADINGS - {b"p"} and _UNREAL.isdisjoint(names) and tree.is_clean()


def can_warn_inside(tree: Tree, kind: bytes) -> bool:
    """Whether a phrase may stand first in an element of *kind* that has just been opened."""
    return kind in _CONTAINERS and tree.stack[-1].name == kind and _UNREAL.isdisjoint(tree.names) and tree.is_clean()


def is_plain_block(kind: bytes) -> bool:
    """Whether a start tag of *kind* closes a paragraph and does nothing else before it inserts its element."""
    return kind in BLOCKS or kind in (b"pre", b"listing", b"hr")


def is_void(kind: bytes) -> bool:
    """Whether an element of *kind* ends with its start tag."""
    return kind in VOID
