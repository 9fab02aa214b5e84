"""Runs of tokens that change nothing: one possessive regular expression skips them where Python would turn for each.

A run holds whole constructs only (a paragraph with its end tag, a script with its end tag), in lower case and spelled
so plainly that they leave the stack of open elements as it was; sections whose ends it does not reach it leaves open,
and tells their start tags.  All else ends the run and is read token by token, so a run may be too short but never
wrong.  Atomic or possessive throughout: the time is linear.
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

_QUOTED = r' [a-zA-Z0-9:_-]++="[^"]*+"'
#: The quoted and plain values that no reader of tags can take for anything else, and the tag's end.
_ANY = r"""(?>(?:\s++[^\s"'=<>/]++(?>=(?:"[^"]*+"|'[^']*+'|[^\s"'<>`=]++)|))*)\s*+/?>"""
#: From a tag's name to its end.  The usual spellings come first: no attribute, or one with a space before it and its
#: value in double quotes; a loop costs more than what it repeats.  Atomic: what follows is tried once.
REST = rf"(?>>|(?:{_QUOTED}|)(?:>|{_ANY}))"
#: The same for tags that mostly have several attributes: a loop where there are more than two.
_LONG_REST = rf"(?>>|{_QUOTED}(?:>|(?:{_QUOTED}|)(?:>|(?>(?:{_QUOTED})*)(?:>|{_ANY})))|{_ANY})"
#: What a match keeps to go back to must not outgrow the caches: a run and a section of it have so many constructs at
#: most, any other element so many, and so many pieces the text of a script or a comment.
_STEP, _CHILDREN, _PIECES = "{0,200}", "{0,500}", "{0,2000}"

COMMENT = rf"!--(?!-?>|notices)[^-]*+(?>(?:-(?!-!?>)[^-]*+){_PIECES})--!?>"
#: In a script whose text has an opening of a comment, an opening of a script may escape the script's own end.
_SCRIPT = (
    rf"script{REST}[^<]*+(?>(?:<(?!/[sS]|!--)[^<]*+){_PIECES})"
    rf"(?>(?:<!--(?!-?>)[^<]*+(?>(?:<(?!/?[sS])[^<]*+){_PIECES}))?)</script\s*+>"
)
_STYLE = rf"style{REST}[^<]*+(?>(?:<(?!/[sS])[^<]*+){_PIECES})</style\s*+>"
_NOSCRIPT = rf"noscript{REST}[^<]*+(?>(?:<(?!/[nN])[^<]*+){_PIECES})</noscript\s*+>"
_TITLE = rf"title{REST}[^<]*+(?>(?:<(?!/[tT])[^<]*+){_PIECES})</title\s*+>"
_SHAPE = r"circle|clipPath|defs|ellipse|g|line|linearGradient|mask|path|polygon|polyline|rect|stop|symbol|use"
_SVG = rf"svg{REST}(?<!/>)[^<]*+(?>(?:<(?:(?:{_SHAPE}){REST}|/(?:{_SHAPE})>)[^<]*+){_CHILDREN})</svg>"
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

SECTIONS = frozenset(name.encode() for name in _SECTIONS)

#: How many sections deep a run reads.
LEVELS = 2
#: The groups of a run's match that hold the name of a section's start tag, and whether the section was left open.
OPEN_SECTIONS = tuple((f"tag{level}", f"open{level}") for level in range(1, LEVELS + 1))


def spelled(pattern: str) -> bytes:
    r"""The *pattern* for bytes, its ``\s`` (alone or in a set) as HTML's space, which has no VT."""
    inside = re.sub(r"(\[\^?)\\s", r"\1\\t\\n\\f\\r ", pattern)
    return inside.replace(r"\s", r"[\t\n\f\r ]").encode()


def compiled(pattern: str) -> re.Pattern[bytes]:
    """The *pattern*, spelled for bytes and compiled."""
    return re.compile(spelled(pattern))


_TEXT = "[^<]*+"


def _many(inside: list[str]) -> str:
    """Any of what begins with ``<`` and goes on as in *inside*, each with text after it."""
    return rf"(?>(?:<(?:{'|'.join(inside)}){_TEXT}){_CHILDREN})" if inside else ""


class _Grammar:
    """Builds the pattern of a section's contents without the elements of some names.

    All groups met so far are kept at each choice, which takes time: so they are few.
    """

    def __init__(self, without: frozenset[str]) -> None:
        self._without = without
        void = [*(() if "img" in without else ("img", "source", "br", "wbr")), *self._allowed("input")]
        self._void = [rf"(?:{'|'.join(void)}){REST}"] if void else []
        images = [rf"(?:{'|'.join(void)}){_LONG_REST}"] if void else []
        #: Ordinary elements may be left open in a button or a list, or end there without a start.
        self._loose = self._tags([*void, *self._allowed(*_ORDINARY)])
        self._items = self._tags([*self._allowed("li"), *void, *self._allowed(*_ORDINARY)], _LONG_REST)
        self._svg = self._plain(svg=_SVG)
        self._bare = [rf"{name}>{_TEXT}</{name}>" for name in self._allowed("em", "strong", "b")] + self._element(
            "i", []
        )
        span = self._element("span", [])
        self._short_link = self._element("a", span + self._bare + self._void, _LONG_REST)
        self._span = self._element("span", span + self._bare + self._void)
        self._picture = self._element("picture", images)
        inside = self._span + self._picture + self._bare + self._svg + images
        self._link = self._element("a", inside, _LONG_REST)

    def _allowed(self, *names: str) -> list[str]:
        return [name for name in names if name not in self._without]

    def _plain(self, **patterns: str) -> list[str]:
        """The ready patterns of those elements that are not sought."""
        return [pattern for name, pattern in patterns.items() if name not in self._without]

    def _tags(self, names: list[str], rest: str = REST) -> list[str]:
        """Start and end tags of any of *names*, whether they match or not."""
        return [rf"/?+(?:{'|'.join(names)}){rest}"] if names else []

    def _element(self, name: str, inside: list[str], rest: str = REST) -> list[str]:
        """An element, as a list of no or one pattern; most have no element inside."""
        if name in self._without:
            return []
        more = rf"|{_many(inside)}</{name}>" if inside else ""
        return [rf"{name}{rest}{_TEXT}(?:</{name}>{more})"]

    def _elements(self, names: list[str], inside: list[str]) -> list[str]:
        """An element of any of *names*, as a list of no or one pattern; its group is numbered later."""
        found = "|".join(self._allowed(*names))
        return [rf"(?P<?>{found}){REST}{_TEXT}{_many(inside)}</(?P=?)>"] if found else []

    def _heading(self) -> list[str]:
        """A heading: the end tag of any closes it."""
        levels = "".join(name[1] for name in self._allowed(*_HEADINGS))
        inside = self._short_link + self._span + self._void + self._bare
        return [rf"h[{levels}]{REST}{_TEXT}{_many(inside)}</h[{levels}]>"] if levels else []

    def _figure(self) -> list[str]:
        caption = self._element("figcaption", self._short_link + self._bare + self._span)
        return self._element("figure", self._void + self._short_link + self._picture + caption)

    def _leaf(self) -> list[str]:
        """What may stand in a section but sections, the usual first."""
        phrases = self._elements(_FORMATTING + _ORDINARY, self._short_link + self._bare + self._void)
        return [
            *self._link,
            *self._element("p", self._short_link + self._span + self._bare + self._void + phrases),
            *self._heading(),
            *self._element("ul", self._link + self._items + self._bare),
            *self._element("span", self._element("span", []) + self._bare + self._svg + self._void),
            *self._picture,
            *self._element("time", []),
            *self._plain(script=_SCRIPT, svg=_SVG, style=_STYLE, noscript=_NOSCRIPT),
            COMMENT,
            *self._element("button", self._loose + self._svg),
            *self._figure(),
            *self._void,
        ]

    def _rare(self) -> list[str]:
        """What else may stand in a section; it comes last, since it takes a group to know its end."""
        numbered = self._element("ol", self._short_link + self._items + self._bare)
        return self._bare + numbered + self._elements(_ORDINARY + _FORMATTING, self._void + self._bare)

    def _form(self) -> list[str]:
        """A form, whose end tag closes nothing in it."""
        label = self._element("label", self._void + self._element("span", []))
        inside = self._void + label + self._short_link + self._bare
        return self._element("form", inside + self._element("button", self._loose))

    def _section(self, inside: list[str], level: int) -> list[str]:
        """A section with sections in it down to `LEVELS`; where its end does not come, it is left open."""
        names = "|".join(self._allowed(*_SECTIONS))
        if not names:
            return []
        inner = self._section(inside, level + 1) if level < LEVELS else []
        step = rf"<(?:{'|'.join(inside + inner + self._rare())}){_TEXT}"
        end = rf"</(?P=tag{level})>"
        if inner:
            step, end = (rf"(?(open{level + 1})(?!)|{one})" for one in (step, end))
        return [rf"(?P<tag{level}>{names}){_LONG_REST}{_TEXT}(?>(?:{step}){_STEP})(?:{end}|(?P<open{level}>))"]

    def flow(self) -> str:
        """What may stand in a section."""
        inside = self._leaf() + self._form()
        sections = self._section(inside, 1)
        step = rf"<(?:{'|'.join(inside + sections + self._rare())}){_TEXT}"
        return rf"{_TEXT}(?:{rf'(?(open1)(?!)|{step})' if sections else step}){_STEP}"


def _numbered(pattern: str) -> str:
    """Number the groups, so that each end tag refers to its start tag and each condition to its group."""
    numbers, open_groups = count(), list[int]()

    def number(found: re.Match[str]) -> str:
        if found[0] == "(?P<?>":
            open_groups.append(next(numbers))
            return f"(?P<n{open_groups[-1]}>"
        return f"(?P=n{open_groups.pop()})"

    named = re.sub(r"\(\?P<\?>|\(\?P=\?\)", number, pattern)
    order = re.findall(r"\(\?P<(\w+)>", named)  # a condition may come before its group only by number
    return re.sub(r"\(\?\((open\d)\)", lambda found: f"(?({order.index(found[1]) + 1})", named)


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
