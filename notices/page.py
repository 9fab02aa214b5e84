"""What is known of the page that a visitor asks for (spec: rules, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Surface = Literal["article", "home", "section", "search", "form", "comments"]
SURFACES: tuple[Surface, ...] = ("article", "home", "section", "search", "form", "comments")


@dataclass(frozen=True, kw_only=True, init=False)
class Page:
    """The facts of one page; None is a fact that nobody stated, an empty set is stated and empty.

    ``host`` is lower case, without port, in A-labels; ``path`` begins with ``/`` and is percent-decoded;
    ``language`` is the page's stated BCP 47 tag; ``published`` is aware; ``gpc`` is the Sec-GPC signal.
    Of tags, sections and mentions any collection is taken.

    :raises TypeError: for a bare text among those, which would be read letter by letter.
    """

    host: str | None = None
    path: str | None = None
    tags: frozenset[str] | None = None
    sections: frozenset[str] | None = None
    publisher: str | None = None
    mentions: frozenset[str] | None = None
    surface: str | None = None
    language: str | None = None
    published: datetime | None = None
    gpc: bool | None = None

    def __init__(
        self,
        *,
        host: str | None = None,
        path: str | None = None,
        tags: Iterable[str] | None = None,
        sections: Iterable[str] | None = None,
        publisher: str | None = None,
        mentions: Iterable[str] | None = None,
        surface: str | None = None,
        language: str | None = None,
        published: datetime | None = None,
        gpc: bool | None = None,
    ) -> None:
        # One is made for every page: the frozen class's own way, a guarded call for each field, costs twice this.
        facts = self.__dict__
        facts["host"] = host
        facts["path"] = path
        facts["tags"] = None if tags is None else _collected("tags", tags)
        facts["sections"] = None if sections is None else _collected("sections", sections)
        facts["publisher"] = publisher
        facts["mentions"] = None if mentions is None else _collected("mentions", mentions)
        facts["surface"] = surface
        facts["language"] = language
        facts["published"] = published
        facts["gpc"] = gpc


def _collected(fact: str, stated: Iterable[str]) -> frozenset[str]:
    if isinstance(stated, str):
        raise TypeError(f"{fact} are a collection of texts, not one text: write [{stated!r}]")
    return frozenset(stated)
