"""What is known of the page that a visitor asks for (spec: rules, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

Surface = Literal["article", "home", "section", "search", "form", "comments"]
SURFACES: tuple[Surface, ...] = ("article", "home", "section", "search", "form", "comments")


@dataclass(frozen=True, slots=True, kw_only=True)
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

    def __post_init__(self) -> None:
        if self.tags is None and self.sections is None and self.mentions is None:
            return
        for fact in ("tags", "sections", "mentions"):
            stated = getattr(self, fact)
            if stated is None or type(stated) is frozenset:
                continue
            if isinstance(stated, str):
                raise TypeError(f"{fact} are a collection of texts, not one text: write [{stated!r}]")
            object.__setattr__(self, fact, frozenset(stated))
