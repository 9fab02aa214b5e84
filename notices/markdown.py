"""Read the Markdown of the rule language: check it, list its slots, and render it as HTML and as plain text.

The language is CommonMark cut down to paragraphs, emphasis, links and lists (spec: rules, section 8). The parser is
markdown-it-py; what it finds beyond that list is a :class:`MarkdownFault`, never something that a reader gets to see.
"""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .markdown_grammar import SLOTS, find_faults, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from markdown_it.tree import SyntaxTreeNode

#: What stands in a text whose slot has no value: the notice is shown all the same.
MISSING = "\N{HORIZONTAL ELLIPSIS}"
_TAGS = {"em": "em", "strong": "strong", "list_item": "li", "bullet_list": "ul"}


@dataclass(frozen=True, slots=True, order=True)
class MarkdownFault:
    """One thing in a text that the rule language does not know.

    ``line`` and ``column`` count from 1 within the text, ``code`` is a stable kebab-case name, ``message`` says what
    was found and ``fix`` what to write instead.
    """

    line: int
    column: int
    code: str
    message: str
    fix: str


class Rendered(NamedTuple):
    """A text for readers: as HTML, and as plain text with a blank line between paragraphs and ``- `` before items."""

    html: str
    plain: str


def check_markdown(source: str) -> tuple[MarkdownFault, ...]:
    """List everything in *source* that is not of the rule language, by position; empty when the text is sound."""
    return tuple(sorted(MarkdownFault(*fault) for fault in _read(source)[1]))


def slots_in(source: str) -> frozenset[str]:
    """List the names of the slots that *source* uses, known ones only."""
    return frozenset(node.content for node in _read(source)[0].walk() if node.type == "slot" and node.content in SLOTS)


def render_markdown(source: str, slots: Mapping[str, str]) -> Rendered:
    """Render *source*; *slots* are put in as text, escaped, and are never read as Markdown.

    A text that has faults is given as it is written, escaped: it reads badly, but nothing in it can act.
    """
    tree, faults = _read(source)
    filled = {name: " ".join(value.split()) for name, value in slots.items()}
    if faults:
        return _as_written(source)
    plain = "\n\n".join(_plain_blocks(tree.children, filled))
    return Rendered("".join(_html(node, filled) for node in tree.children), plain)


@lru_cache(maxsize=1024)
def _read(source: str) -> tuple[SyntaxTreeNode, frozenset[tuple[int, int, str, str, str]]]:
    tree = parse(source)
    return tree, frozenset(find_faults(source, tree))


def _as_written(source: str) -> Rendered:
    paragraphs = [part.strip() for part in source.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return Rendered("".join(f"<p>{_escape(part)}</p>" for part in paragraphs), "\n\n".join(paragraphs))


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _html(node: SyntaxTreeNode, slots: Mapping[str, str]) -> str:
    if not node.children and node.type != "list_item":
        return _escape(_leaf(node, slots))
    inner = "".join(_html(child, slots) for child in node.children)
    if node.type == "link":
        return f"<a {link_attributes(str(node.attrs['href']))}>{inner}</a>"
    if node.type == "ordered_list":
        start = node.attrs.get("start", 1)
        return f"<ol>{inner}</ol>" if start == 1 else f'<ol start="{start}">{inner}</ol>'
    if node.type == "paragraph" and not node.hidden:
        return f"<p>{inner}</p>"
    tag = _TAGS.get(node.type)
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def link_attributes(href: str) -> str:
    """Write the attributes of an outgoing link: where it leads, and that the page it stands on stays untold."""
    return f'href="{html.escape(href)}" rel="noreferrer" referrerpolicy="no-referrer"'


def _leaf(node: SyntaxTreeNode, slots: Mapping[str, str]) -> str:
    if node.type == "slot":
        return slots.get(node.content) or MISSING
    if node.type == "softbreak":
        return _line_end(node)
    return node.content


def _line_end(node: SyntaxTreeNode) -> str:
    """A line end in the source is a space, but nothing between two wide characters: Chinese has no spaces."""
    before, after = node.previous_sibling, node.next_sibling
    if before is None or after is None or not (before.content and after.content):
        return " "
    return "" if _is_wide(before.content[-1]) and _is_wide(after.content[0]) else " "


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" and "HANGUL" not in unicodedata.name(character, "")


def _plain_blocks(nodes: Iterable[SyntaxTreeNode], slots: Mapping[str, str]) -> Iterator[str]:
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            yield "\n".join(_plain_items(node, slots))
        else:
            yield "".join(_plain(child, slots) for child in node.children)


def _plain_items(node: SyntaxTreeNode, slots: Mapping[str, str]) -> Iterator[str]:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        sign = "- " if node.type == "bullet_list" else f"{number}. "
        lines = "\n".join(_plain_blocks(item.children, slots)).split("\n")
        yield sign + ("\n" + " " * len(sign)).join(lines)


def _plain(node: SyntaxTreeNode, slots: Mapping[str, str]) -> str:
    if not node.children:
        return _leaf(node, slots)
    return "".join(_plain(child, slots) for child in node.children)
