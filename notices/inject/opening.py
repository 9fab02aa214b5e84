"""The fast way through a head: one possessive regular expression from a page's first byte to the end of ``<body>``.

It knows heads that are spelled plainly, whole in the first chunk, as nearly all are.  Of any other it knows nothing,
and the page is read token by token from its first byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .doctype import is_quirky
from .names import HEAD_ONLY
from .runs import COMMENT, HEAD_TOKENS, REST, compiled

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The start tags that an opening may hold; a template's contents are not told to anybody.
TYPES = HEAD_ONLY | {b"html", b"head", b"body"}

_BETWEEN = rf"\s*+(?>(?:<{COMMENT}\s*+)*)"
#: A template with text and plain tags only, all of which its end tag closes.
_INSIDE = rf"/?(?:body|div|p|span|slot|link|meta|h[1-6]|header|footer|section|ul|li){REST}"
_TEMPLATE = rf"template{REST}[^<]*+(?>(?:<{_INSIDE}[^<]*+)*)</template\s*+>"
_OPENING = compiled(
    rf"{_BETWEEN}(?>(?P<doctype><!(?i:doctype)[^>]*+>{_BETWEEN})?)"
    rf"(?>(?:<(?i:html)(?P<html>{REST}){_BETWEEN})?)(?>(?:<(?i:head){REST})?)"
    rf"\s*+(?>(?:<(?:{HEAD_TOKENS}|{_TEMPLATE})\s*+)*)"
    rf"(?>(?:</(?i:head)\s*+>{_BETWEEN})?)<(?i:body)(?P<body>{REST})"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands before a body's contents: whether quirks mode follows, the attributes of two tags, and its end."""

    quirks: bool
    has_html: bool
    html: bytes
    body: bytes
    end: int


def read_opening(data: bytes, sought: frozenset[bytes], needles: Iterable[bytes], *, fold: bool) -> Opening | None:
    """The opening of a page that begins with *data*; None if it is not plain or may hold something sought.

    *sought*: types of start tags; *needles*: bytes of their attributes, in lower case if *fold*.
    """
    found = _OPENING.match(data) if sought.isdisjoint(TYPES) else None
    if found is None:
        return None
    start = data[: found.end()].lower() if fold else data
    if any(start.find(needle, 0, found.end()) >= 0 for needle in needles):
        return None
    doctype, html, body = found["doctype"], found["html"] or b"", found["body"]
    if html.endswith(b"/>") or body.endswith(b"/>"):
        return None  # the slash may belong to an unquoted value
    quirks = True if doctype is None else is_quirky(doctype[: doctype.index(b">") + 1])
    return Opening(quirks, found["html"] is not None, html[:-1], body[:-1], found.end())
