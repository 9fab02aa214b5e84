"""What a feed states of an item, and what became of a feed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from notices.page import Page
from notices.page_url import host_and_path_in_text

if TYPE_CHECKING:
    from datetime import datetime


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
        host, path = host_and_path_in_text(self.link)
        return Page(
            host=host or host_and_path_in_text(self.home)[0],
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


def resolve(base: str | None, address: str | None) -> str | None:
    """*address* as seen from *base*, None where there is none that can be read."""
    if address is None:
        return None
    try:
        return urljoin(base or "", address.strip())
    except ValueError:
        return None
