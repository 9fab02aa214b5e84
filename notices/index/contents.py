"""Take digests over what rules put into pages: the variant of a page, and what cache keys are made of."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from notices.fragment import FORMAT
from notices.language import choose_texts
from notices.memo import Memo

from .shown import Scene, places, public_law

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.ruleset import Publisher, TextVersion

    from .publishers import PublisherNames
    from .shown import Shown

#: The variant of a page that shows nothing.
NO_VARIANT = "00000000"
_WIDTH = 8


class Contents:
    """The digests of one ruleset's rules; each is taken once for a version, a scene and a choice of language."""

    def __init__(self, names: PublisherNames, default_language: str | None, *, memory: int = 16_384) -> None:
        self._names = names
        self._default = default_language
        self._digests: Memo[tuple[object, ...], str] = Memo(memory)

    def variant(self, shown: Sequence[Shown], scene: Scene, visitor: tuple[str, ...]) -> str:
        """Eight hex digits over all that these rules put into a page (spec: service, section 3).

        Neither the region nor the time enters, nor a rule that is not shown, nor the page's language: the policy says
        ``page`` for that. Where it says ``visitor``, the reader's own text enters, so that a changed
        ``Accept-Language`` never revives the old one.
        """
        if not shown:
            return NO_VARIANT
        return digest_of([FORMAT, self._default, *(self._digest(one, scene, visitor) for one in shown)])[:_WIDTH]

    def everywhere(self, shown: Shown) -> str:
        """A digest of all that a rule puts into pages, whatever the page and the visitor."""
        everywhere = Scene(None, is_index=False)
        return digest_of([FORMAT, self._default, self._digest(shown, everywhere, ())])

    def _digest(self, shown: Shown, scene: Scene, visitor: tuple[str, ...]) -> str:
        chosen: tuple[str, ...] = ()
        if "visitor" in shown.policy:
            chosen = choose_texts(shown.tags, ("visitor",), None, visitor, self._default)
        key = (shown, scene, chosen)
        return self._digests.get(key) or self._digests.put(key, digest_of([*self._content(shown, scene), chosen]))

    def _content(self, shown: Shown, scene: Scene) -> list[object]:
        rule, display = shown.rule, shown.rule.display
        at = [[place.position, place.selector, place.name] for place in places(rule, is_index=scene.is_index)]
        publisher = self._names.publisher(scene.publisher) if _speaks_of_publisher(shown.version) else None
        return [
            None if rule.confidential else rule.id,
            rule.action,
            [display.level, display.scale, display.first, display.collapsible, at],
            sorted(rule.features.items()),
            [rule.link.href, list(rule.link.label.items())] if rule.link else None,
            public_law(rule),
            [[tag, text.title, text.body, text.short] for tag, text in shown.version.texts.items()],
            shown.policy,
            _named(publisher),
        ]


def _speaks_of_publisher(version: TextVersion) -> bool:
    parts = (part for text in version.texts.values() for part in (text.body, text.title, text.short))
    return any("{publisher}" in part for part in parts if part is not None)


def _named(publisher: Publisher | None) -> list[object] | None:
    return None if publisher is None else [publisher.id, list(publisher.name.items())]


def digest_of(parts: Sequence[object]) -> str:
    """SHA-256, in hex, over *parts*, which are plain values."""
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
