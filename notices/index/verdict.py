"""Everything about an answer but whom and when it was for, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from notices.fragment import Style, Unstyled, render_fragment
from notices.memo import Memo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.conditions import PageClass
    from notices.notice import Notice

    from .shown import Readers, Scene
    from .standing import Standing


@dataclass(frozen=True, eq=False)
class Verdict:
    """An answer; remembered, so that equal questions share one.

    ``scene`` and ``readers`` are what the notices were worded for, ``reworded`` the same in other page languages.
    """

    standing: Standing
    scene: Scene
    readers: Readers
    page: PageClass
    action: str
    variant: str
    features: Mapping[str, str]
    notices: tuple[Notice, ...]
    reworded: Memo[str, Verdict] = field(default_factory=lambda: Memo(8), repr=False)

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        return self.write(Unstyled())

    def rows(self) -> list[dict[str, Any]]:
        """The notices as JSON values without a style; rendered once, and a copy for each who asks."""
        return [_copy(row) for row in self._rows]

    def write(self, style: Style) -> list[dict[str, Any]]:
        """The notices as JSON values (spec: service, section 5); *style* goes into the first."""
        return [
            _notice_as_dict(notice, self.variant, ordinal, style if ordinal == 1 else Unstyled())
            for ordinal, notice in enumerate(self.notices, 1)
        ]


def _copy(row: dict[str, Any]) -> dict[str, Any]:
    at = [dict(place) if isinstance(place, dict) else place for place in row["at"]]
    return {**row, "at": at, "law": list(row["law"]), "link": row["link"] and dict(row["link"])}


def _notice_as_dict(notice: Notice, variant: str, ordinal: int, style: Style) -> dict[str, Any]:
    return {
        "rule": notice.rule,
        "sure": notice.sure,
        "level": notice.level,
        "at": [place.as_json() for place in notice.at],
        "language": notice.language,
        "direction": notice.direction,
        "title": notice.title,
        "text": notice.text,
        "html": render_fragment(notice, variant=variant, style=style, ordinal=ordinal).decode("ascii"),
        "link": None if notice.href is None else {"href": notice.href, "label": notice.label},
        "law": list(notice.law),
    }
