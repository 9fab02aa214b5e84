"""Say what the Markdown of the rule language is: the parser with its slots, and what counts as a fault, where.

Faults are tuples (line, column, code, message, fix), positions from 1; :mod:`notices.markdown` is the way in.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import (
    StateInline,
    autolink,
    backtick,
    emphasis,
    entity,
    escape,
    html_inline,
    image,
    link,
    newline,
    strikethrough,
)
from markdown_it.tree import SyntaxTreeNode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    InlineRule = Callable[[StateInline, bool], bool]
    Fault = tuple[int, int, str, str, str]

#: The slots that a text may have.
SLOTS = ("law", "publisher")
#: Lists stand at most so deep in each other: deeper ones are unreadable at 320 px, and parsers drop their text.
_DEEPEST_LIST = 3
_DEEPEST_PARSED = 100
_SLOT = re.compile(r"\{\{.*?\}\}|\{\{|\{([^{}\n]*)\}|[{}]")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?|[0-9a-f.]*:[0-9a-f:.]*", re.IGNORECASE)
#: A page's file, which has a dot as a host has.
_PAGE_FILE = re.compile(r"\.(?:html?|php|aspx?|pdf)$")
#: Invisible characters that honest text needs: soft hyphen, joiners, direction marks and isolates, Khmer's spaces.
_USEFUL_FORMAT = frozenset("\xad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069")

_WORDS = "write it as a paragraph"
#: Between double quotes YAML takes one backslash away.
_ITSELF = "the sign itself is \\%s, between double quotes \\\\%s"
_FIX_HTML = f"write it in Markdown, as in **strong**; {_ITSELF % ('<', '<')}"
_FAULTS = {
    "heading": ("heading", "a heading", "give the notice a `title`, or make the words **strong**"),
    "underline": ("heading", "a line that makes the words above a heading", "take it out"),
    "code_block": ("code", "code (a paragraph indented by four spaces)", "take the spaces away"),
    "fence": ("code", "code", _WORDS),
    "code_inline": ("code", "code in backticks", "write quotation marks, or \\` for a backtick"),
    "blockquote": ("quote", "a block quote", "write the words in quotation marks, or \\> for the sign"),
    "hr": ("rule", "a horizontal rule", "leave a blank line instead"),
    "table": ("table", "a table", "write it as a list"),
    "html_block": (
        "html",
        "raw HTML",
        _FIX_HTML,
    ),
    "html_inline": (
        "html",
        "raw HTML",
        _FIX_HTML,
    ),
    "image": ("image", "an image", "say it in words, or link to it: [words](https://...)"),
    "s": ("strikethrough", "struck-out words", "leave them out, or write \\~ for the sign"),
    "hardbreak": ("line-break", "a forced line break", "begin a paragraph with a blank line, or drop the spaces or \\"),
    "definition": ("reference", "a link definition", "write the address in the link: [words](https://...)"),
    "broken_link": ("broken-link", "a link that does not hold together", "write [words](https://...) without spaces"),
    "stray_brace": ("stray-brace", "a brace that belongs to no slot", "write {publisher} or {law}, or \\{ and \\}"),
    "template": ("template", "doubled braces", "write one pair: {publisher} or {law}"),
}


def parse(source: str) -> SyntaxTreeNode:
    """Read *source* as a tree in which also everything that is forbidden can be found; nothing is dropped."""
    return SyntaxTreeNode(_PARSER.parse(source))


def find_faults(source: str, tree: SyntaxTreeNode) -> Iterator[Fault]:
    """Find everything in *tree*, read from *source*, that the rule language does not know."""
    lines = re.split("\r\n|\r|\n", source)
    yield from _hidden_characters(lines)
    if not source.strip():
        yield 1, 1, "empty", "the text is empty", "write the notice"
    for node in tree.walk():
        for code, message, fix in _node_faults(node):
            yield (*_position(node, lines), code, message, fix)


def _hidden_characters(lines: list[str]) -> Iterator[Fault]:
    for number, line in enumerate(lines, 1):
        if line.isprintable():  # what is hidden is not
            continue
        for column, character in enumerate(line, 1):
            category = unicodedata.category(character)
            if category in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and character not in _USEFUL_FORMAT:
                message = f"the character U+{ord(character):04X} is invisible and can change what a reader sees"
                yield number, column, "hidden-character", message, "take it out"


def _node_faults(node: SyntaxTreeNode) -> Iterator[tuple[str, str, str]]:
    kind = node.type
    name = "underline" if _is_underlined(node) else kind
    if name in _FAULTS:
        code, what, fix = _FAULTS[name]
        yield code, f"{what}: a notice has paragraphs, emphasis, links and lists only", fix
    elif kind == "slot":
        yield from _slot_faults(node.content)
    elif kind == "link":
        yield from _link_faults(node)
    elif kind == "text_special" and node.info == "entity":
        yield "entity", f"the character reference {node.markup} is no part of a notice", _character_fix(node.content)
    elif kind in ("bullet_list", "ordered_list", "list_item"):
        yield from _list_faults(node)
    elif _is_open_emphasis(node):
        yield "stray-emphasis", "emphasis that is opened or closed only once", "write **words**, or \\* for the sign"


def _is_underlined(node: SyntaxTreeNode) -> bool:
    return node.type == "heading" and node.markup in ("=", "-")


def _character_fix(character: str) -> str:
    if character.isprintable() and not character.isspace():
        return f"write {character} itself"
    return "write the character itself, if it is needed"


def _slot_faults(name: str) -> Iterator[tuple[str, str, str]]:
    if name not in SLOTS:
        nearest = difflib.get_close_matches(name.strip().lower(), SLOTS, 1, 0.5)
        fix = f"did you mean {{{nearest[0]}}}?" if nearest else f"use {{publisher}} or {{law}}; {_ITSELF % ('{', '{')}"
        yield "unknown-slot", f"there is no slot {{{name}}}", fix


def _link_faults(node: SyntaxTreeNode) -> Iterator[tuple[str, str, str]]:
    href = str(node.attrs.get("href", ""))
    if "%7B" in href.upper() or "{" in href:
        yield "slot-in-link", f"a slot in the address {href!r}", "write the address in full"
    else:
        yield from filter(None, [link_fault(href)])
    if node.attrs.get("title"):
        yield "link-title", "a title on a link, which most readers never see", "put the words into the text"
    if not any(child.content.strip() for child in node.walk()):
        yield "link-label", "a link without words", "say what it leads to: [words](https://...)"
    if any(child.type == "link" for child in node.walk(include_self=False)):
        yield "nested-link", "a link within a link", "keep one of the two"


def link_fault(href: str) -> tuple[str, str, str] | None:
    """Say what is wrong with a link's address as (code, message, fix); None for https, mailto and http to .onion."""
    try:
        parts = urlsplit(href)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "link-address", f"{href!r} is no web address", "write https:// and a host"
    if parts.scheme == "mailto":
        usable = re.fullmatch(r"[^@\s/]+@[^@\s/]+", parts.path)
        return None if usable else ("link-address", f"{href!r} is no mail address", "write mailto:name@host")
    if parts.scheme not in ("http", "https"):
        return "link-scheme", f"{href!r} does not lead to a web page or mailbox", _link_meant(href)
    if parts.scheme == "http" and not host.rstrip(".").endswith(".onion"):
        return "link-scheme", f"{href!r} is not encrypted, so that others can read along", f"write https:{href[5:]}"
    if not _HOST.fullmatch(host) or parts.username is not None or parts.password is not None:
        return "link-address", f"{href!r} has no plain host", "write https:// and a host"
    return None


def _link_meant(href: str) -> str:
    """What to write for an address that leads nowhere: the whole one where it is told what is missing."""
    host, slash, _ = href.partition("/")
    if ":" in href or not re.fullmatch(r"[!-~]+", href):
        return "write https://... or mailto:..., such as https://my-paper.example/safety"
    if _HOST.fullmatch(host) and "." in host and (slash or not _PAGE_FILE.search(host)):
        return f"write https://{href}"
    return f"write the whole address, such as https://my-paper.example/{href.lstrip('/')}"


def _list_faults(node: SyntaxTreeNode) -> Iterator[tuple[str, str, str]]:
    if node.type == "list_item":
        if not any(child.content.strip() for child in node.walk()):
            yield "empty-item", "a list item without words", "write some, or \\- for the sign"
        return
    depth, above = 1, node.parent
    while above is not None:
        depth += above.type in ("bullet_list", "ordered_list")
        above = above.parent
    if depth == _DEEPEST_LIST + 1:
        yield "deep-list", f"a list more than {_DEEPEST_LIST} deep", "write it flatter"


def _is_open_emphasis(node: SyntaxTreeNode) -> bool:
    """Whether *node* is the first sign of a ``**`` that found no partner and would be shown as it stands."""
    if not _is_sign(node):
        return False
    after, before = node.next_sibling, node.previous_sibling
    return after is not None and _is_sign(after) and not (before is not None and _is_sign(before))


def _is_sign(node: SyntaxTreeNode) -> bool:
    return node.type == "text" and node.content == "*" and "at" in node.meta


def _position(node: SyntaxTreeNode, lines: list[str]) -> tuple[int, int]:
    above = node
    while above.type != "inline" and above.parent is not None:
        above = above.parent
    if above.type == "inline" and above.map:
        return _inline_position(above.content, above.map[0], int(node.meta.get("at", 0)), lines)
    begin, end = node.map or (0, 1)
    if _is_underlined(node):
        begin = end - 1
    line = lines[begin]
    sign = line.find(node.markup) if node.markup else -1
    return begin + 1, (sign if sign >= 0 else len(line) - len(line.lstrip())) + 1


def _inline_position(content: str, first: int, at: int, lines: list[str]) -> tuple[int, int]:
    """Find where the character *at* of a paragraph stands: its lines have lost what indents and ends them."""
    above = content.count("\n", 0, at)
    begin = content.rfind("\n", 0, at) + 1
    text = content[begin:].split("\n", 1)[0]
    line = lines[first + above]
    return first + above + 1, max(line.rfind(text), 0) + at - begin + 1


def _located(rule: InlineRule) -> InlineRule:
    """Wrap an inline rule of the parser so that its tokens remember where they begin."""

    def run(state: StateInline, silent: bool) -> bool:
        begin, count = state.pos, len(state.tokens)
        held = bool(state.pending)
        found = rule(state, silent)
        if found and not silent:
            for token in state.tokens[count + held :]:
                token.meta.setdefault("at", begin)
        return found

    return run


def _slot(state: StateInline, silent: bool) -> bool:
    match = _SLOT.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        name, text = match.group(1), match.group()
        kind = "slot" if name is not None else "template" if text.startswith("{{") else "stray_brace"
        state.push(kind, "", 0).content = name if name is not None else text
    state.pos = match.end()
    return True


def _broken_link(state: StateInline, silent: bool) -> bool:
    """A ``](`` that no link has taken; never when the parser only looks ahead for the end of a label."""
    if silent or not state.src.startswith("](", state.pos, state.posMax):
        return False
    state.push("broken_link", "", 0).content = "]("
    state.pos += 2
    return True


def _any_link(_url: str) -> bool:
    """Let every address through the parser: one that is not allowed must become a fault, not plain text."""
    return True


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST_PARSED, "inline_definitions": True})
    parser.enable(["table", "strikethrough"]).disable(["text_join", "fragments_join"])
    parser.validateLink = _any_link  # type: ignore[assignment,method-assign]  # as its documentation says
    ruler = parser.inline.ruler
    rules = {
        "newline": newline,
        "backticks": backtick,
        "strikethrough": strikethrough.tokenize,
        "emphasis": emphasis.tokenize,
        "link": link,
        "image": image,
        "autolink": autolink,
        "html_inline": html_inline,
        "entity": entity,
        "escape": escape,
    }
    for name, rule in rules.items():
        ruler.at(name, _located(rule))
    ruler.before("text", "broken_link", _located(_broken_link))
    ruler.before("text", "slot", _located(_slot))
    return parser


_PARSER = _make_parser()
