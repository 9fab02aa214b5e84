"""Runs of tokens that change nothing: one possessive regular expression skips them where Python would turn for each.

A run holds whole constructs only (a paragraph with its end tag, a script with its end tag), in lower case and spelled
so plainly that they leave the stack of open elements as it was.  All else ends the run and is read token by token, so
a run may be too short but never wrong.  Possessive throughout: the time is linear, the levels below bound its factor.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache, partial
from itertools import count
from typing import TYPE_CHECKING

from notices.expressions import late

from .names import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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

#: From a tag's name to its end: the quoted and plain values that no reader of tags can take for anything else.  The
#: usual spelling, a space and a value in double quotes, comes first.
_ATTRIBUTE = r"""\s++[^\s"'=<>/]++(?>(?:="[^"]*+"|=(?:'[^']*+'|[^\s"'<>`=]++))?)"""
REST = rf"""(?>(?: [a-zA-Z:-]++="[^"]*+")*)(?:>|(?>(?:{_ATTRIBUTE})*)\s*+/?>)"""
COMMENT = r"!--(?!-?>|notices)[^-]*+(?>(?:-(?!-!?>)[^-]*+)*)--!?>"
_VOID = rf"(?:img|br|wbr|source){REST}"
#: In a script whose text has an opening of a comment, an opening of a script may escape the script's own end.
_SCRIPT = (
    rf"script{REST}[^<]*+(?>(?:<(?!/[sS]|!--)[^<]*+)*)(?>(?:<!--(?!-?>)[^<]*+(?>(?:<(?!/?[sS])[^<]*+)*))?)</script\s*+>"
)
_STYLE = rf"style{REST}[^<]*+(?>(?:<(?!/[sS])[^<]*+)*)</style\s*+>"
_NOSCRIPT = rf"noscript{REST}[^<]*+(?>(?:<(?!/[nN])[^<]*+)*)</noscript\s*+>"
_TITLE = rf"title{REST}[^<]*+(?>(?:<(?!/[tT])[^<]*+)*)</title\s*+>"
_SHAPE = r"circle|clipPath|defs|ellipse|g|line|linearGradient|mask|path|polygon|polyline|rect|stop|symbol|use"
_SVG = rf"svg{REST}(?<!/>)[^<]*+(?>(?:<(?:(?:{_SHAPE}){REST}|/(?:{_SHAPE})>)[^<]*+)*)</svg>"
_FORMATTING = ["b", "code", "em", "i", "s", "small", "strong", "u"]
#: Elements of which the rules know nothing but their names: a special element's end tag closes those left open in it.
_ORDINARY = ["abbr", "cite", "del", "ins", "kbd", "label", "mark", "picture", "q", "span", "sub", "sup", "time", "var"]
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

#: A run has so many constructs at most: what a match keeps to go back to must not outgrow the caches.
_STEP = "{0,200}"


def spelled(pattern: str) -> bytes:
    r"""The *pattern* for bytes, its ``\s`` (alone or in a set) as HTML's space, which has no VT."""
    inside = re.sub(r"(\[\^?)\\s", r"\1\\t\\n\\f\\r ", pattern)
    return inside.replace(r"\s", r"[\t\n\f\r ]").encode()


def compiled(pattern: str) -> re.Pattern[bytes]:
    """The *pattern*, spelled for bytes and compiled."""
    return re.compile(spelled(pattern))


def _many(inside: list[str], times: str = "*") -> str:
    """Text and any of what begins with ``<`` and goes on as in *inside*."""
    return rf"[^<]*+(?>(?:<(?:{'|'.join(inside)})[^<]*+){times})" if inside else "[^<]*+"


class _Grammar:
    """Builds the pattern of a section's contents without the elements of some names."""

    def __init__(self, without: frozenset[str]) -> None:
        self._without = without

    def element(self, names: list[str], inside: list[str]) -> list[str]:
        """An element of any of *names*, as a list of no or one pattern; its group is numbered later."""
        names = [name for name in names if name not in self._without]
        initials = "".join(sorted({name[0] for name in names}))
        if len(names) == 1:
            return [rf"{names[0]}{REST}{_many(inside)}</{names[0]}\s*+>"]
        return [rf"(?=[{initials}])(?P<?>{'|'.join(names)}){REST}{_many(inside)}</(?P=?)\s*+>"] if names else []

    def plain(self, **patterns: str) -> list[str]:
        """The ready patterns of those elements that are not sought."""
        return [pattern for name, pattern in patterns.items() if name not in self._without]

    def tags(self, names: list[str]) -> list[str]:
        """Start and end tags of any of *names*, whether they match or not."""
        found = "|".join(name for name in names if name not in self._without)
        return [rf"(?:{found}){REST}", rf"/(?:{found})\s*+>"] if found else []

    def phrases(self, *, flat: bool) -> list[str]:
        """Links and phrases to a depth of two; *flat*: the ordinary ones may be left open, or end without a start."""
        base = self.plain(img=_VOID, input=f"input{REST}")
        matched = self.element(_ORDINARY + _FORMATTING, base)
        link = self.element(["a"], base + matched + self.plain(svg=_SVG))
        if flat:
            return link + base + self.tags(_ORDINARY) + self.element(_FORMATTING, base + matched + link)
        return link + base + self.element(_ORDINARY + _FORMATTING, base + matched + link)

    def button(self) -> list[str]:
        """A button with text, images and ordinary phrases."""
        return self.element(["button"], self.plain(img=_VOID, svg=_SVG) + self.tags(_ORDINARY))

    def leaf(self, inside: list[str], *, flat: bool) -> list[str]:
        """What may stand in a section but sections; *inside*: what may stand in a paragraph."""
        extra = [COMMENT, *self.plain(script=_SCRIPT, style=_STYLE, noscript=_NOSCRIPT, svg=_SVG)]
        blocks = self.element(["p", *_HEADINGS], inside) + self.button()
        items = self.element(["ul", "ol"], inside + self.tags(["li"]))
        return blocks + self.phrases(flat=flat) + items + extra

    def flow(self) -> str:
        """What may stand in a section, with sections in it to a depth of two; a form's end closes nothing in it."""
        inside = self.phrases(flat=True)
        leaf, matched = self.leaf(inside, flat=True), self.leaf(inside, flat=False)
        inner = self.element(_SECTIONS, leaf)
        form = self.element(["form"], self.phrases(flat=False) + self.button())
        return _many(self.element(_SECTIONS, inner + leaf + form) + matched + form, times=_STEP)


def _numbered(pattern: str) -> str:
    """Number the groups, so that each end tag refers to the start tag that it closes."""
    numbers, open_groups = count(), list[int]()

    def number(found: re.Match[str]) -> str:
        if found[0] == "(?P<?>":
            open_groups.append(next(numbers))
            return f"(?P<n{open_groups[-1]}>"
        return f"(?P=n{open_groups.pop()})"

    return re.sub(r"\(\?P<\?>|\(\?P=\?\)", number, pattern)


#: Where one of these is open the start tags of the others do more than open an element.
CONTROLS = frozenset((b"button", b"form", b"input"))
#: Start tags that, met outside a run, change what the start tags of other elements do: those are in no later run.
BARS = {
    **dict.fromkeys(SVG_SHAPES, frozenset((b"svg",))),
    **dict.fromkeys((b"button", b"form", b"select"), CONTROLS),
}
#: What is being made ahead, in another thread: nobody waits for it.
_in_the_making: set[frozenset[bytes]] = set()
os.register_at_fork(after_in_child=_in_the_making.clear)


def flow_run(sought: frozenset[bytes]) -> re.Pattern[bytes] | None:
    """What may be skipped in a section while start tags of the types *sought* are looked for.

    None while `prepare_runs` is about to make it, in another thread: without it a page takes longer, but not as long.
    """
    return None if sought in _in_the_making else _flow_run(sought)


def prepare_runs(wanted: Iterable[frozenset[bytes]]) -> Callable[[], None]:
    """The work of making what `flow_run` gives for each of *wanted*; from now on nobody waits for it."""
    todo = tuple(dict.fromkeys(wanted))
    _in_the_making.update(todo)
    return partial(_make, todo)


def _make(todo: tuple[frozenset[bytes], ...]) -> None:
    try:
        for sought in todo:
            _flow_run(sought)
            _in_the_making.discard(sought)
    finally:
        _in_the_making.difference_update(todo)


@lru_cache(maxsize=64)
def _flow_run(sought: frozenset[bytes]) -> re.Pattern[bytes]:
    names = frozenset(name.decode() for name in sought)
    if names & {"img", "br", "wbr", "source"}:
        names |= {"img"}
    if names & {name.decode() for name in SVG_SHAPES} or "svg" in names:
        names |= {"svg"}
    return compiled(_numbered(_Grammar(names).flow()))


#: An element of the head whose text holds no tag, nor anything that could be one.
TEXTLESS = "|".join(rf"{name}{REST}[^<]*+</{name}\s*+>" for name in ("script", "style", "noscript", "title"))

HEAD_TOKENS = "|".join((rf"(?:meta|link|base){REST}", _SCRIPT, _STYLE, _NOSCRIPT, _TITLE, COMMENT))

#: What may be skipped in the head.
HEAD_RUN = late(spelled(rf"\s*+(?>(?:<(?:{HEAD_TOKENS})\s*+)*)"))
