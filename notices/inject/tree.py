"""Tree construction without a tree: which elements are open after each token, by the rules that browsers follow.

Source: the HTML standard, 13.2.6.  Only what decides where a start tag would stand is kept: the insertion mode, the
stack of open elements and the list of active formatting elements.  Scripting counts as on, as it is for readers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import body, body_ends, foreign, head, tables
from .elements import Element, OpenElements
from .names import TABLE_SECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .opening import Opening

SPACE, TEXT, NUL = range(3)


class Tree(OpenElements):
    """The state of a parser.

    ``raw`` is the name of the element whose text follows, set by a start tag; ``has_body`` and ``is_frameset`` say
    which of the two the document has; ``frameset_ok`` whether a frameset may still replace the body.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mode = "initial"
        self.template_modes: list[str] = []
        self.head_seen = False
        self.has_body = False
        self.is_frameset = False
        self.frameset_ok = True
        self.quirks = True
        self.form: Element | None = None
        self.raw: bytes | None = None

    def open(self, opening: Opening) -> None:
        """Read all up to and with the body's start tag."""
        self.quirks = opening.quirks
        self.stack = [Element(b"html", opening.html), Element(b"body", opening.body)]
        self.head_seen = self.has_body = True
        self.frameset_ok = False
        self.mode = "in body"

    @property
    def in_foreign(self) -> bool:
        """Whether the current element is SVG or MathML, so that CDATA sections exist."""
        return bool(self.stack) and self.stack[-1].foreign

    @property
    def has_template(self) -> bool:
        """Whether a template is open."""
        return bool(self.template_modes)

    def push(self, name: bytes, raw: bytes = b"") -> Element:
        """Insert an HTML element that stays open."""
        element = Element(name, raw)
        self.stack.append(element)
        return element

    def start(self, name: bytes, raw: bytes = b"", *, closed: bool = False) -> Element | None:
        """Read a start tag; gives the element that it inserted, None if it was dropped."""
        self.raw = None
        if self.in_foreign and not foreign.is_html_place(self.stack[-1], name):
            return foreign.start(self, name, raw, closed=closed)
        return self.html_start(name, raw, closed=closed)

    def html_start(self, name: bytes, raw: bytes, *, closed: bool) -> Element | None:
        """Read a start tag by the rules of the present insertion mode."""
        return _START[self.mode](self, name, raw, closed)

    def end(self, name: bytes) -> None:
        """Read an end tag."""
        if self.in_foreign:
            foreign.end(self, name)
        else:
            self.html_end(name)

    def html_end(self, name: bytes) -> None:
        """Read an end tag by the rules of the present insertion mode."""
        _END[self.mode](self, name)

    def text(self, kind: int) -> None:
        """Read characters: ``SPACE``, ``TEXT`` or ``NUL``."""
        if self.in_foreign and not foreign.is_html_place(self.stack[-1], b""):
            self.frameset_ok &= kind != TEXT
            return
        _TEXT.get(self.mode, body.text)(self, kind)

    def doctype(self, *, quirks: bool) -> None:
        """Read a doctype."""
        if self.mode == "initial":
            self.quirks = quirks
            self.mode = "before html"

    def end_of_file(self) -> None:
        """Read the end of the file as far as it implies a body."""
        while not self.has_body and not self.is_frameset:
            if self.has_template:
                head.end_template(self)
            else:
                head.imply(self)

    def reset_mode(self) -> None:
        """Reset the insertion mode appropriately."""
        for at in range(len(self.stack) - 1, -1, -1):
            mode = self._mode_of(self.stack[at].name, last=at == 0)
            if mode:
                self.mode = mode
                return

    def _mode_of(self, name: bytes, *, last: bool) -> str | None:
        if name in TABLE_SECTIONS:
            return "in table body"
        if name == b"template":
            return self.template_modes[-1]
        if name == b"html":
            return "after head" if self.head_seen else "before head"
        return "in body" if last else _RESET.get(name)


_RESET = {
    b"td": "in cell",
    b"th": "in cell",
    b"tr": "in row",
    b"caption": "in caption",
    b"colgroup": "in column group",
    b"table": "in table",
    b"head": "in head",
    b"body": "in body",
    b"frameset": "in frameset",
}

_START: dict[str, Callable[[Tree, bytes, bytes, bool], Element | None]] = {
    "initial": head.start_initial,
    "before html": head.start_before_html,
    "before head": head.start_before_head,
    "in head": head.start_in_head,
    "after head": head.start_after_head,
    "in body": body.start,
    "in table": tables.start_in_table,
    "in caption": tables.start_in_caption,
    "in column group": tables.start_in_column_group,
    "in table body": tables.start_in_table_body,
    "in row": tables.start_in_row,
    "in cell": tables.start_in_cell,
    "in template": head.start_in_template,
    "after body": body.start_after_body,
    "after after body": body.start_after_body,
    "in frameset": head.ignore_start,
}
_END: dict[str, Callable[[Tree, bytes], None]] = {
    "initial": head.end_initial,
    "before html": head.end_before_html,
    "before head": head.end_before_head,
    "in head": head.end_in_head,
    "after head": head.end_after_head,
    "in body": body_ends.end,
    "in table": tables.end_in_table,
    "in caption": tables.end_in_caption,
    "in column group": tables.end_in_column_group,
    "in table body": tables.end_in_table_body,
    "in row": tables.end_in_row,
    "in cell": tables.end_in_cell,
    "in template": head.end_in_template,
    "after body": body_ends.end_after_body,
    "after after body": body_ends.end_after_after_body,
    "in frameset": head.ignore_end,
}
_TEXT: dict[str, Callable[[Tree, int], None]] = {
    "initial": head.text,
    "before html": head.text,
    "before head": head.text,
    "in head": head.text,
    "after head": head.text,
    "in table": tables.text,
    "in table body": tables.text,
    "in row": tables.text,
    "in column group": tables.text_in_column_group,
    "after body": body.text_after_body,
    "after after body": body.text_after_body,
    "in frameset": head.ignore_text,
}
