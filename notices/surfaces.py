"""Notices outside of pages: in newsletters, where style must stand inline, and in the previews of shared links."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .language import direction
from .words import choose_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .decision import Decision
    from .notice import Notice

#: What an XML or HTML text cannot hold, not even as a character reference.
_NOT_HTML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINK = re.compile(r'<a href="([^"<]*)"[^<>]*>((?>[^<]*(?:<(?!/?a[ >])[^<]*)*))</a>')
_BORDERS = {"info": "#5b6770", "warning": "#b3261e", "legal": "#1a1a1a"}
_FONT_SIZE = 16
_GAP = ' style="margin:0 0 8px 0"'
#: Where a sentence ends, in the scripts of likely readers.
_SENTENCE_END = re.compile("[.!?\N{HORIZONTAL ELLIPSIS}؟۔。！？][\"'»”’)]*(?=\\s|$)|[。！？]")
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Newsletter:
    """The notices of one article in a newsletter: ``html`` in ASCII, to stand in a cell of a table, and plain ``text``.

    Both are empty where there is nothing to say. Where ``withheld``, they hold the neutral text alone, and the letter
    must not tell the article's title, text or picture.
    """

    html: str
    text: str
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """What a page says of itself to those who share it (``og:title``, ``og:description`` and the like).

    ``title`` is None where the page's own may stand. Where ``withheld``, title and description are the neutral ones,
    and neither the page's own nor a picture of it may be told.
    """

    title: str | None
    description: str
    withheld: bool = False


def for_newsletter(decision: Decision) -> Newsletter:
    """Write the notices of *decision* for mail: inline style, no class or script, links to https only, language set."""
    withheld, notices = _told(decision)
    return Newsletter("".join(map(_as_html, notices)), "\n\n".join(map(_as_text, notices)), withheld)


def for_preview(decision: Decision, limit: int = 200, *, description: str = "") -> LinkPreview:
    """Write the notices of *decision* for a link's preview, before the page's own *description*.

    Of each rule the short text, in the first of its languages; all in at most *limit* characters, cut at the end of a
    sentence or word, with an ellipsis.

    :raises ValueError: for a *limit* below 2, in which nothing can be said.
    """
    if limit < 2:
        raise ValueError(f"a preview of {limit} characters says nothing; allow some 200")
    withheld, notices = _told(decision)
    firsts = {notice.rule: notice for notice in reversed(notices)}
    texts = [notice.short or notice.text for notice in notices if firsts[notice.rule] is notice]
    own = () if withheld else (description,)
    whole = " ".join(" ".join(text.split()) for text in dict.fromkeys([*texts, *own]) if text.strip())
    title = next((notice.title for notice in notices if notice.title), None) if withheld else None
    return LinkPreview(title or _neutral_title(notices, withheld), cut(whole, limit), withheld)


def _neutral_title(notices: Sequence[Notice], withheld: bool) -> str | None:
    return choose_words([notice.language for notice in notices])[1].withheld_title if withheld else None


def _told(decision: Decision) -> tuple[bool, list[Notice]]:
    """Whether the page is withheld, and what may be told: of a withheld one, why, and nothing of what it warns of."""
    if decision.action != "withhold":
        return False, list(decision.notices)
    names = {shown.name for shown in decision.shown if shown.rule.action == "withhold"}
    return True, [notice for notice in decision.notices if notice.rule in names]


def cut(text: str, limit: int) -> str:
    """*text* in at most *limit* characters: whole, or up to the end of a sentence or word and an ellipsis."""
    if len(text) <= limit:
        return text
    room = text[: limit - 1]
    sentences = [end.end() for end in _SENTENCE_END.finditer(text, 0, limit - 2) if end.end() * 2 > limit]
    if sentences:
        return f"{text[: sentences[-1]]} {_ELLIPSIS}"
    if not text[limit - 1].isspace() and " " in room[limit // 2 :]:
        room = room[: room.rindex(" ")]
    else:
        room = _whole_characters(text, room)
    return room.rstrip(" ,;:-\N{EN DASH}\N{EM DASH}") + _ELLIPSIS


def _whole_characters(text: str, room: str) -> str:
    """*room*, the beginning of *text*, without a last character that would lose its marks."""
    while room and (
        unicodedata.combining(text[len(room)]) or unicodedata.category(text[len(room)]) in ("Mn", "Me", "Cf")
    ):
        room = room[:-1]
    return room


def _as_text(notice: Notice) -> str:
    """The notice as plain text: its sign, title and text, and where its links lead."""
    sign = getattr(choose_words((notice.language,))[1], notice.level)
    links = [f"{label}: {href}" for href, label in _links(notice)]
    parts = [sign, notice.title, notice.text, "\n".join(dict.fromkeys(links))]
    return "\n\n".join(part for part in parts if part)


def _links(notice: Notice) -> list[tuple[str, str]]:
    found = [(html.unescape(link[1]), _without_tags(link[2])) for link in _LINK.finditer(notice.body)]
    if notice.href is not None:
        found.append((notice.href, notice.label or notice.href))
    return [(href, label) for href, label in found if href.startswith("https://")]


def _without_tags(markup: str) -> str:
    return html.unescape(re.sub("<[^<>]*>", "", markup))


def _as_html(notice: Notice) -> str:
    """The notice as a table of one cell, which mail programs draw alike."""
    tag, words = choose_words((notice.language,))
    size = round(_FONT_SIZE * max(notice.scale or 1.0, 1.0))
    sign = f'<p lang="{tag}" dir="{direction(tag)}"{_GAP}><strong>{_escape(getattr(words, notice.level))}</strong></p>'
    title = f"<p{_GAP}><strong>{_escape(notice.title)}</strong></p>" if notice.title else ""
    more = ""
    if notice.href is not None and notice.href.startswith("https://"):
        more = f"<p{_GAP}>{_anchor(notice.href, _escape(notice.label or notice.href))}</p>"
    text = (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>'
        f'<td lang="{html.escape(notice.language)}" dir="{notice.direction}" style="padding:12px 16px;'
        f"border:2px solid {_BORDERS[notice.level]};background-color:#ffffff;color:#1a1a1a;"
        f'font-family:sans-serif;font-size:{size}px;line-height:1.5">'
        f"{sign}{title}{_mailable(notice.body)}{more}</td></tr></table>"
    )
    return _NOT_HTML.sub("", text).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _mailable(body: str) -> str:
    """The HTML of a text with its links for mail; one that does not lead to https stays as its words."""
    return _LINK.sub(_link_or_words, body).replace("<p>", f"<p{_GAP}>")


def _link_or_words(link: re.Match[str]) -> str:
    href = html.unescape(link[1])
    return _anchor(href, link[2]) if href.startswith("https://") else link[2]


def _anchor(href: str, label: str) -> str:
    return f'<a href="{html.escape(href)}" rel="noreferrer" style="color:#0b57d0">{label}</a>'


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
