"""The fast way through a head: from a page's first byte to the end of ``<body>``, one turn for each long text in it.

It knows heads that are spelled plainly, whole in the first chunk, as nearly all are.  Of any other it knows nothing,
and the page is read token by token from its first byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from notices.expressions import late

from .doctype import is_quirky
from .edits import Seen
from .names import HEAD_ONLY
from .runs import COMMENT, REST, TEXTLESS, spelled
from .script import script_end

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The start tags that an opening may hold; a template's contents are not told to anybody.
TYPES = HEAD_ONLY | {b"html", b"head", b"body"}

#: Two attributes or three in double quotes, as most have, and any others: a loop costs more than what it repeats.
_QUOTED = r' [a-zA-Z:-]++="[^"]*+"'
_VOID = rf"(?:meta|link|base)(?:{_QUOTED}{_QUOTED}(?:>|{_QUOTED}>|{REST})|{REST})"
_BETWEEN = rf"\s*+(?>(?:<{COMMENT}\s*+)*)"
#: A template with text and plain tags only, all of which its end tag closes.
_INSIDE = rf"/?(?:body|div|p|span|slot|link|meta|h[1-6]|header|footer|section|ul|li){REST}"
_TEMPLATE = rf"template{REST}[^<]*+(?>(?:<{_INSIDE}[^<]*+)*)</template\s*+>"
_START = late(
    spelled(
        rf"{_BETWEEN}(?>(?P<doctype><!(?i:doctype)[^>]*+>{_BETWEEN})?)"
        rf"(?>(?:<(?i:html)(?P<html>{REST}){_BETWEEN})?)(?>(?:<(?i:head){REST})?)"
    )
)
#: The end tag of the element whose text came last, what holds no tags, and then either the start tag of an element
#: whose text does, or all up to and with that of the body.
_NEXT = late(
    spelled(
        rf"(?>(?:</(?:script|style|noscript|title)\s*+>)?)"
        rf"\s*+(?>(?:<(?:{_VOID}|{TEXTLESS}|{COMMENT}|{_TEMPLATE})\s*+)*)"
        rf"(?:<(?P<raw>script|style|noscript|title){REST}|"
        rf"(?>(?:</(?i:head)\s*+>{_BETWEEN})?)<(?i:body)(?P<body>{REST}))"
    )
)
_ENDS = {
    b"style": late(spelled(r"</[sS][tT][yY][lL][eE](?=[\s/>])")),
    b"noscript": late(spelled(r"</[nN][oO][sS][cC][rR][iI][pP][tT](?=[\s/>])")),
    b"title": late(spelled(r"</[tT][iI][tT][lL][eE](?=[\s/>])")),
}


class Opening(Struct):
    """What stands before a body's contents: whether quirks mode follows, the attributes of two tags, and its end."""

    quirks: bool
    has_html: bool
    html: bytes
    body: bytes
    end: int

    @property
    def seen(self) -> Seen:
        """What the page has shown of itself."""
        return Seen(document=True).with_html(self.html)


def read_opening(
    data: bytes, sought: frozenset[bytes] = frozenset(), needles: Iterable[bytes] = (), *, fold: bool = False
) -> Opening | None:
    """The opening of a page that begins with *data*; None if it is not plain or may hold something sought.

    *sought*: types of start tags; *needles*: bytes of their attributes, in lower case if *fold*.
    """
    if not sought.isdisjoint(TYPES):
        return None
    start = _START.match(data)
    assert start is not None  # all of it is optional
    found = _NEXT.match(data, start.end())
    while found is not None and (raw := found["raw"]) is not None:
        text = found.end()
        if raw == b"script":
            end = script_end(data, text)
        else:
            closing = _ENDS[raw].search(data, text)
            end = -1 if closing is None else closing.start()
        found = _NEXT.match(data, end) if end >= 0 else None
    if found is None or _holds(data, found.end(), needles, fold=fold):
        return None
    doctype, html, body = start["doctype"], start["html"] or b"", found["body"]
    if html.endswith(b"/>") or body.endswith(b"/>"):
        return None  # the slash may belong to an unquoted value
    quirks = True if doctype is None else is_quirky(doctype[: doctype.index(b">") + 1])
    return Opening(quirks, start["html"] is not None, html[:-1], body[:-1], found.end())


def _holds(data: bytes, end: int, needles: Iterable[bytes], *, fold: bool) -> bool:
    """Whether one of *needles* stands before *end*."""
    if fold:
        data = data[:end].lower()
    return any(data.find(needle, 0, end) >= 0 for needle in needles)
