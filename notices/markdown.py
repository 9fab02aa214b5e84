"""Read the Markdown of the rule language: check it, list its slots, and render it as HTML and as plain text.

The language is CommonMark cut down to paragraphs, emphasis, links and lists (spec: rules, section 8). The parser is
markdown-it-py; what it finds beyond that list is a :class:`MarkdownFault`, never something that a reader gets to see.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from .memo import Memo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from markdown_it.tree import SyntaxTreeNode

#: What stands in a text whose slot has no value: the notice is shown all the same.
MISSING = "\N{HORIZONTAL ELLIPSIS}"
#: Where a slot stands in a text that is rendered but for its slots; no sound text holds the sign.
_HOLE = re.compile("\0([^\0]+)\0")
_TAGS = {"em": "em", "strong": "strong", "list_item": "li", "bullet_list": "ul"}


class MarkdownFault(Struct, frozen=True, order=True):
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


class Template(NamedTuple):
    """A text as it is rendered but for its slots: pieces of text, and after each but the last a slot's name."""

    html: tuple[str, ...]
    plain: tuple[str, ...]


#: Texts by their source, whoever has read them.
_TEMPLATES: Memo[str, Template] = Memo(1024)
#: The slots of texts without a fault: in a folder that is read again, most texts are as they were.
_SOUND: Memo[str, frozenset[str]] = Memo(2048)
#: One of each, since thousands of texts share a few.
_SLOT_SETS: dict[frozenset[str], frozenset[str]] = {}


def check_markdown(source: str) -> tuple[MarkdownFault, ...]:
    """List everything in *source* that is not of the rule language, by position; empty when the text is sound."""
    if _SOUND.get(source) is not None:
        return ()
    tree, faults = _read(source)
    if not faults:
        _SOUND.put(source, _slots(tree))
    return tuple(sorted(MarkdownFault(*fault) for fault in faults))


def slots_in(source: str) -> frozenset[str]:
    """List the names of the slots that *source* uses, known ones only."""
    known = _SOUND.get(source)
    return _slots(_read(source)[0]) if known is None else known


def _slots(tree: SyntaxTreeNode) -> frozenset[str]:
    from .markdown_grammar import SLOTS

    found = frozenset(node.content for node in tree.walk() if node.type == "slot" and node.content in SLOTS)
    return _SLOT_SETS.setdefault(found, found)


def render_markdown(source: str, slots: Mapping[str, str]) -> Rendered:
    """Render *source*; *slots* are put in as text, escaped, and are never read as Markdown.

    A text that has faults is given as it is written, escaped: it reads badly, but nothing in it can act.
    """
    template = template_of(source)
    filled = {name: " ".join(value.split()) for name, value in slots.items()}
    return Rendered(_fill(template.html, filled, _escape), _fill(template.plain, filled, str))


def template_of(source: str) -> Template:
    """What :func:`render_markdown` fills: *source* read once."""
    return _TEMPLATES.get(source) or _TEMPLATES.put(source, _make_template(source))


def keep_template(source: str, template: Template) -> None:
    """Let *template*, made of *source* by :func:`template_of` in another process, be taken for it here."""
    _TEMPLATES.put(source, template)


def _make_template(source: str) -> Template:
    tree, faults = _read(source)
    if faults:
        return Template(*((text,) for text in _as_written(source)))
    plain = "\n\n".join(_plain_blocks(tree.children))
    markup = "".join(_html(node) for node in tree.children)
    return Template(tuple(_HOLE.split(markup)), tuple(_HOLE.split(plain)))


def _fill(pieces: tuple[str, ...], slots: Mapping[str, str], write: Callable[[str], str]) -> str:
    if len(pieces) == 1:
        return pieces[0]
    written = list(pieces)
    written[1::2] = (write(slots.get(name) or MISSING) for name in pieces[1::2])
    return "".join(written)


@lru_cache(maxsize=64)  # a rule's texts are asked about several times while it is read, and then no more
def _read(source: str) -> tuple[SyntaxTreeNode, frozenset[tuple[int, int, str, str, str]]]:
    from .markdown_grammar import find_faults, parse  # slow to import, and not needed for texts that were read before

    tree = parse(source)
    return tree, frozenset(find_faults(source, tree))


def _as_written(source: str) -> Rendered:
    paragraphs = [part.strip() for part in source.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return Rendered("".join(f"<p>{_escape(part)}</p>" for part in paragraphs), "\n\n".join(paragraphs))


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _html(node: SyntaxTreeNode) -> str:
    if not node.children and node.type != "list_item":
        return _escape(_leaf(node))
    inner = "".join(_html(child) for child in node.children)
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


def _leaf(node: SyntaxTreeNode) -> str:
    if node.type == "slot":
        return f"\0{node.content}\0"
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


def _plain_blocks(nodes: Iterable[SyntaxTreeNode]) -> Iterator[str]:
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            yield "\n".join(_plain_items(node))
        else:
            yield "".join(_plain(child) for child in node.children)


def _plain_items(node: SyntaxTreeNode) -> Iterator[str]:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        sign = "- " if node.type == "bullet_list" else f"{number}. "
        lines = "\n".join(_plain_blocks(item.children)).split("\n")
        yield sign + ("\n" + " " * len(sign)).join(lines)


def _plain(node: SyntaxTreeNode) -> str:
    if not node.children:
        return _leaf(node)
    return "".join(_plain(child) for child in node.children)
