"""Runs of tokens that change nothing: one possessive regular expression skips them where Python would turn for each.

A run holds whole constructs only (a paragraph with its end tag, a script with its end tag), in lower case and spelled
so plainly that they leave the stack of open elements as it was.  All else ends the run and is read token by token, so
a run may be too short but never wrong.  Possessive throughout: the time is linear, the levels below bound its factor.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count

from .names import BLOCKS

#: The elements in which a run may begin: to be open they have closed every paragraph around them.
CALM = (BLOCKS - {b"dir", b"dl", b"hgroup", b"menu", b"ol", b"p", b"summary", b"ul"}) | {
    b"body",
    b"dd",
    b"form",
    b"li",
    b"td",
}

#: Foreign elements with nothing inside that the HTML rules could claim; a page that uses them as HTML has no runs.
SVG_SHAPES = frozenset(
    b"circle clippath defs ellipse g line lineargradient mask path polygon polyline rect stop symbol use".split()
)

#: From a tag's name to its end: the quoted and plain values that no reader of tags can take for anything else.
_REST = r"""(?=[\t\n\f\r />])(?:[^<>"'=]*+(?<=[^\t\n\f\r />])=(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r "'<>`]++))*+[^<>"'=]*+>"""
_TEXT = r"[^<]++"
_SPACE = r"[\t\n\f\r ]++"
_COMMENT = r"!--(?!-?>|notices)[^-]*+(?:-(?!-!?>)[^-]*+)*+--!?>"
_VOID = rf"(?:img|br|wbr|source){_REST}"
_SCRIPT = rf"script{_REST}(?:[^<]++|<(?!/[sS]|!--))*+</script\s*+>"
_STYLE = rf"style{_REST}(?:[^<]++|<(?!/[sS]))*+</style\s*+>"
_NOSCRIPT = rf"noscript{_REST}(?:[^<]++|<(?!/[nN]))*+</noscript\s*+>"
_TITLE = rf"title{_REST}(?:[^<]++|<(?!/[tT]))*+</title\s*+>"
_SHAPE = r"circle|clipPath|defs|ellipse|g|line|linearGradient|mask|path|polygon|polyline|rect|stop|symbol|use"
_SVG = rf"svg{_REST}(?<!/>)(?:[^<]++|<(?:{_SHAPE}){_REST}|</(?:{_SHAPE})>)*+</svg>"
_PHRASES = [
    "abbr",
    "b",
    "cite",
    "code",
    "del",
    "em",
    "i",
    "ins",
    "kbd",
    "label",
    "mark",
    "picture",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "u",
    "var",
]
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_SECTIONS = [
    "div",
    "section",
    "header",
    "footer",
    "nav",
    "figure",
    "figcaption",
    "main",
    "article",
    "aside",
    "blockquote",
    "address",
]

#: A run is matched in steps of so many constructs: what a match keeps to go back to must not outgrow the caches.
_STEP = "{0,40}"


def _bytes(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.replace(r"\s", r"[\t\n\f\r ]").encode())


def _many(inside: list[str], text: str = _TEXT, times: str = "*") -> str:
    """Text and any of what begins with ``<`` and goes on as in *inside*."""
    return f"(?:{text}|<(?:{'|'.join(inside)})){times}" if inside else f"(?:{text}){times}"


class _Grammar:
    """Builds the pattern of a section's contents without the elements of some names."""

    def __init__(self, without: frozenset[str]) -> None:
        self._without = without

    def element(self, names: list[str], inside: list[str]) -> list[str]:
        """An element of any of *names*, as a list of no or one pattern; its group is numbered later."""
        names = [name for name in names if name not in self._without]
        initials = "".join(sorted({name[0] for name in names}))
        return [rf"(?=[{initials}])(?P<?>{'|'.join(names)}){_REST}{_many(inside)}</(?P=?)\s*+>"] if names else []

    def plain(self, **patterns: str) -> list[str]:
        """The ready patterns of those elements that are not sought."""
        return [pattern for name, pattern in patterns.items() if name not in self._without]

    def inline(self) -> list[str]:
        """What may stand in a paragraph: text, images, and phrases and links to a depth of two."""
        base = self.plain(img=_VOID)
        phrases = base + self.element(_PHRASES, base)
        link = self.element(["a"], phrases + self.plain(svg=_SVG))
        return base + link + self.element(_PHRASES, phrases + link)

    def flow(self) -> str:
        """What may stand in a section, with sections in it to a depth of two."""
        inline = self.inline()
        extra = [_COMMENT, *self.plain(script=_SCRIPT, style=_STYLE, noscript=_NOSCRIPT, svg=_SVG)]
        blocks = self.element(["p", *_HEADINGS], inline)
        items = self.element(["ul", "ol"], self.element(["li"], inline))
        leaf = inline + blocks + items + extra
        inner = leaf + self.element(_SECTIONS, leaf)
        return _many(inner + self.element(_SECTIONS, inner), times=_STEP)


def _numbered(pattern: str) -> str:
    """Number the groups, so that each end tag refers to the start tag that it closes."""
    numbers, open_groups = count(), list[int]()

    def number(found: re.Match[str]) -> str:
        if found[0] == "(?P<?>":
            open_groups.append(next(numbers))
            return f"(?P<n{open_groups[-1]}>"
        return f"(?P=n{open_groups.pop()})"

    return re.sub(r"\(\?P<\?>|\(\?P=\?\)", number, pattern)


@lru_cache(maxsize=64)
def flow_run(sought: frozenset[bytes]) -> re.Pattern[bytes]:
    """What may be skipped in a section while start tags of the types *sought* are looked for."""
    names = frozenset(name.decode() for name in sought)
    if names & {"img", "br", "wbr", "source"}:
        names |= {"img"}
    if names & {name.decode() for name in SVG_SHAPES} or "svg" in names:
        names |= {"svg"}
    return _bytes(_numbered(_Grammar(names).flow()))


HEAD_RUN = _bytes(
    _many([rf"(?:meta|link|base){_REST}", _SCRIPT, _STYLE, _NOSCRIPT, _TITLE, _COMMENT], text=_SPACE, times="*+"),
)
