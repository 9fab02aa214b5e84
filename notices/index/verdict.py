"""Everything about an answer but whom and when it was for, and its JSON."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, field

from notices.fragment import Style, Unstyled, render_fragment
from notices.memo import Memo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.conditions import PageClass
    from notices.notice import Notice

    from .shown import Readers, Scene
    from .standing import Standing


class Content(Struct, frozen=True, eq=False, dict=True):
    """What an answer says: one for the same rules shown to the same readers in the same scene, wherever and whenever.

    A place has many classes of pages and few contents: what is written of them is written, and kept, once.
    """

    action: str
    variant: str
    features: Mapping[str, str]
    notices: tuple[Notice, ...]

    @cached_property
    def _written(self) -> bytes:
        return msgspec.json.encode(self.write(Unstyled()))

    @cached_property
    def members(self) -> bytes:
        """What answers share, written once: the JSON members ``variant``, ``action``, ``features``, ``notices``."""
        head = {"variant": self.variant, "action": self.action, "features": self.features}
        return b'%b,"notices":%b' % (msgspec.json.encode(head)[1:-1], self._written)

    def rows(self) -> list[dict[str, Any]]:
        """The notices as JSON values without a style; rendered once, and read anew for each who asks."""
        rows: list[dict[str, Any]] = msgspec.json.decode(self._written)
        return rows

    def write(self, style: Style) -> list[dict[str, Any]]:
        """The notices as JSON values (spec: service, section 5); *style* goes into the first."""
        return [
            _notice_as_dict(notice, self.variant, ordinal, style if ordinal == 1 else Unstyled())
            for ordinal, notice in enumerate(self.notices, 1)
        ]


class Verdict(Struct, frozen=True, eq=False):
    """An answer; remembered, so that equal questions share one.

    ``scene`` and ``readers`` are what the notices were worded for, ``reworded`` the same in other page languages.
    """

    standing: Standing
    scene: Scene
    readers: Readers
    page: PageClass
    content: Content
    reworded: Memo[str, Verdict] = field(default_factory=lambda: Memo(8))


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
