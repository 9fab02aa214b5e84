"""What a feed states of an item, and what became of a feed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from notices.page import Page

if TYPE_CHECKING:
    from datetime import datetime

_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f.]*:[0-9a-f:.]+")


class Reason(StrEnum):
    """Why a feed passed unchanged, though something may have been due in it."""

    #: Neither RSS, Atom nor JSON Feed.
    NOT_A_FEED = "not-a-feed"
    #: No well-formed XML or JSON: no offset in it can be trusted.
    MALFORMED = "malformed"
    #: It declares entities of its own, which are not expanded here.
    DOCTYPE = "doctype"
    #: Its bytes are not what its charset says, or the charset is not known.
    ENCODING = "encoding"
    TOO_LARGE = "too-large"
    #: Something failed on our side; the feed was served as it was.
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """What one item states of itself: ``position`` counts from 0, ``home`` is the address of the feed's own site.

    ``tags`` is None where the item names no category. ``published`` is aware.
    """

    position: int
    id: str | None = None
    link: str | None = None
    title: str | None = None
    tags: frozenset[str] | None = None
    language: str | None = None
    published: datetime | None = None
    home: str | None = None

    @property
    def page(self) -> Page:
        """The facts of the page that the item stands for: an article, on the site's own host where it has no link."""
        host, path = host_and_path(self.link)
        return Page(
            host=host or host_and_path(self.home)[0],
            path=path,
            tags=self.tags,
            surface="article",
            language=self.language,
            published=self.published,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """A feed with its notices: ``noticed`` are the items that have one, ``omitted`` those that were taken out.

    ``reason`` is None but where the feed passed unchanged because it could not be read. ``until`` is the instant at
    which the feed may have to change, None where there is none: no cache may keep it longer.
    """

    feed: bytes
    items: tuple[FeedItem, ...] = ()
    noticed: tuple[FeedItem, ...] = ()
    omitted: tuple[FeedItem, ...] = ()
    reason: Reason | None = None
    until: datetime | None = None


def host_and_path(url: str | None) -> tuple[str | None, str | None]:
    """The facts that an address states: host in A-labels without port, decoded path; None for what it does not."""
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
        path = unquote(parts.path) or "/"
    except ValueError:  # UnicodeError is one
        return None, None
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host):
        return None, None
    return host, path


def resolve(base: str | None, address: str | None) -> str | None:
    """*address* as seen from *base*, None where there is none that can be read."""
    if address is None:
        return None
    try:
        return urljoin(base or "", address.strip())
    except ValueError:
        return None
