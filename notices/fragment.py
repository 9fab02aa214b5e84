"""Write a notice as the piece of HTML that goes into a page (spec: service, section 4).

The piece begins with ``<aside``, is ASCII and well-formed, and has neither script, ids nor ``style=``. Its title is a
strong paragraph: a heading would break the outline of a page that we do not know. Its class names share nothing with
what content blockers hide (``ad``, ``banner``, ``notice``, ``consent``, ``alert``, ...). The law is not named by the
frame: where a reader should see it the text says ``{law}``, and prescribed wording stays without additions.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from .language import direction
from .markdown import link_attributes
from .sheet import STYLE_SHEET as STYLE_SHEET
from .sheet import STYLE_SHEET_NAME as STYLE_SHEET_NAME
from .sheet import STYLE_TEXT
from .words import choose_words

if TYPE_CHECKING:
    from .notice import Notice

#: The version of what :func:`render_fragment` writes: part of every page's variant, so raise it with every change.
FORMAT = 1

#: The font sizes that the style sheet knows, relative to the page's text.
SCALES = (1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)
#: What HTML cannot hold, not even as a character reference: controls, surrogates, noncharacters.
_NOT_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Inline(Struct, frozen=True):
    """The style stands in the page, in one ``<style>``; *nonce* is the one that the page's policy asks for."""

    nonce: str | None = None


class Linked(Struct, frozen=True):
    """The style is a file of the site: *href* leads to :data:`STYLE_SHEET_NAME`."""

    href: str


class Unstyled(Struct, frozen=True):
    """No style: for AMP pages, for sites with their own, and for all but the first notice of a page."""


Style = Inline | Linked | Unstyled


def render_fragment(notice: Notice, *, variant: str, style: Style, ordinal: int = 1) -> bytes:
    """Write *notice* as an ``<aside>`` in ASCII, to be inserted as it is into a page of any charset.

    *variant* is the page's 8 hex digits. *style* goes into the first notice of a page only. *ordinal* counts the
    notices of a page from 1: later ones carry it in their name, so that no two regions are called the same.
    """
    if isinstance(style, Inline) and style.nonce is not None:  # of this one response
        return _write(notice, variant, style, ordinal)
    return _remembered(notice, variant, style, ordinal)


def _write(notice: Notice, variant: str, style: Style, ordinal: int) -> bytes:
    tag, words = choose_words((notice.language,))
    word = getattr(words, notice.level)
    name = word if ordinal == 1 else f"{word} {ordinal}"
    foreign = "" if _same_language(tag, notice.language) else f' lang="{tag}" dir="{direction(tag)}"'
    text = (
        f'<aside class="{_classes(notice)}" role="region" aria-label="{html.escape(name)}" {_tongue(notice)} '
        f'data-notices-variant="{html.escape(variant)}">{_style(style)}<div data-nosnippet="">'
        f"{_inside(notice, word, foreign)}</div></aside>"
    )
    return _ascii(text)


#: By all that it is written from, so that nothing can outdate it; a few kilobytes each.
_remembered = lru_cache(maxsize=512)(_write)


def render_warning(notice: Notice) -> bytes:
    """Write the short text that stands right before a part of the page which the rule warns of (``features: warn``).

    It is a ``<span>``, which may stand wherever a button may, so that no open paragraph is ended by it.
    """
    short = " ".join((notice.short or notice.title or notice.text).split())
    inner = html.escape(short, quote=False)
    return _ascii(f'<span class="lawtext-short" role="note" {_tongue(notice)} data-nosnippet="">{inner}</span>')


def _ascii(text: str) -> bytes:
    return _NOT_HTML.sub("", text).encode("ascii", "xmlcharrefreplace")


def _tongue(notice: Notice) -> str:
    return f'lang="{html.escape(notice.language)}" dir="{notice.direction}"'


def _same_language(one: str, other: str) -> bool:
    return one.split("-")[0].lower() == other.split("-")[0].lower()


def _classes(notice: Notice) -> str:
    names = ["lawtext", f"lawtext-{notice.level}"]
    if notice.scale is not None and notice.scale > 1:
        step = next((step for step in SCALES if step >= notice.scale), SCALES[-1])
        names += ["lawtext-scaled", f"lawtext-x{step:g}".replace(".", "-")]
    return " ".join(names)


def _style(style: Style) -> str:
    if isinstance(style, Inline):
        nonce = "" if style.nonce is None else f' nonce="{html.escape(style.nonce)}"'
        return f"<style{nonce}>{STYLE_TEXT}</style>"
    if isinstance(style, Linked):
        return f'<link rel="stylesheet" href="{html.escape(style.href)}"/>'
    return ""


def _inside(notice: Notice, word: str, foreign: str) -> str:
    sign = html.escape(word, quote=False)
    title = html.escape(notice.title, quote=False) if notice.title else ""
    body = f'<div class="lawtext-body">{notice.body}</div>{_more(notice)}'
    if notice.collapsible:
        # In a summary the sign is what names the control, so there it is not hidden from anyone.
        strong = f' <strong class="lawtext-title">{title}</strong>' if title else ""
        summary = f'<summary><span class="lawtext-sign"{foreign}>{sign}</span>{strong}</summary>'
        return f'<details open="">{summary}{body}</details>'
    heading = f'<p class="lawtext-title"><strong>{title}</strong></p>' if title else ""
    # The region's name says this word already; read aloud it would be heard twice.
    return f'<p class="lawtext-sign" aria-hidden="true"{foreign}>{sign}</p>{heading}{body}'


def _more(notice: Notice) -> str:
    if notice.href is None:
        return ""
    label = html.escape(notice.label or notice.href, quote=False)
    return f'<p class="lawtext-more"><a {link_attributes(notice.href)}>{label}</a></p>'
