"""Notices as the texts of a feed: the short text where there is one, before or after what the item says."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notices.notice import Notice
    from notices.ruleset import Place

    from .slot import Form, Slot

#: What XML 1.0 cannot hold, not even as a character reference, and what UTF-8 cannot.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Selectors of what stands above an article's text: what goes after it goes before the text.
_HEADING = re.compile(r"(?:^|,)\s*(?:h[1-6]|header|hgroup)(?=$|[\s,.#\[])", re.IGNORECASE)
_TAG_OPEN = re.compile(r"<[a-z/!?]", re.IGNORECASE)
#: Elements in which a paragraph is no paragraph, or is not shown.
_UNSEEN = re.compile(
    r"<(/?)(?:script|style|textarea|title|xmp|iframe|object|audio|video|canvas|noembed|noframes|noscript|plaintext"
    r"|template|select|svg|math|button|dialog)(?=[\s/>])",
    re.IGNORECASE,
)
_XHTML = ' xmlns="http://www.w3.org/1999/xhtml"'


def missing(slot: Slot, notices: Sequence[Notice]) -> tuple[str, str]:
    """What *slot* lacks of *notices*, as its form writes them: what goes before its text, and what after."""
    separator = "\n\n" if slot.form == "text" else ""
    swallowed = slot.form == "html" and swallows(slot.text)
    before = _written((one for one in notices if swallowed or stands_before(one)), slot.form)
    after = _written((one for one in notices if not (swallowed or stands_before(one))), slot.form)
    whole = separator.join([*before, *after])
    present = slot.text.strip()
    if not present:
        return whole, ""
    if present == whole:
        return "", ""
    head = "".join(text + separator for text in before)
    tail = "".join(separator + text for text in after)
    return "" if slot.text.startswith(head) else head, "" if slot.text.endswith(tail) else tail


def stands_before(notice: Notice) -> bool:
    """Whether *notice* stands before an item's text: what is first, at the top, or under the headline does."""
    return notice.first or any(map(_is_before, notice.at))


def swallows(content: str) -> bool:
    """Whether what comes after *content*, which is HTML, may not be seen: it ends in a tag, a comment or a script.

    Feeds often hold the first so many characters of an article. In doubt a notice rather stands before the text.
    """
    if content.rfind("<!--") > content.rfind("-->"):
        return True
    if _TAG_OPEN.search(content, content.rfind(">") + 1):
        return True
    closes = [tag[1] for tag in _UNSEEN.finditer(content)]
    return bool(closes) and not closes[-1]


def _is_before(place: Place) -> bool:
    if place.position in ("top", "before", "first-in"):
        return True
    return place.selector is not None and _HEADING.search(place.selector) is not None


def _written(notices: Iterable[Notice], form: Form) -> list[str]:
    """Each text once, in order."""
    return list(dict.fromkeys(write(notice, form) for notice in notices))


def write(notice: Notice, form: Form) -> str:
    """The text of *notice* for an item: the short one, else title and body."""
    short = " ".join((notice.short or "").split())
    if form == "text":
        return _clean(short or "\n\n".join(filter(None, (notice.title, notice.text))))
    tongue = html.escape(notice.language)
    own = f'{_XHTML} xml:lang="{tongue}"' if form == "xhtml" else ""
    attributes = f'{own} lang="{tongue}" dir="{notice.direction}"'
    if short:
        return _clean(f"<p{attributes}>{html.escape(short, quote=False)}</p>")
    title = f"<p><strong>{html.escape(notice.title, quote=False)}</strong></p>" if notice.title else ""
    return _clean(f"<div{attributes}>{title}{notice.body}</div>")


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text).replace("\r", "")


def to_xml(text: str, form: Form) -> str:
    """*text* as the content of an element; that of ``xhtml`` is markup itself."""
    return text if form == "xhtml" else html.escape(text, quote=False)


def to_json(text: str, _form: Form) -> str:
    """*text* as the inside of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
