"""Name the publisher of a page in the language of a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.language import choose_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.ruleset import Publisher, Ruleset


class PublisherNames:
    """The publishers of one ruleset."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._publishers = ruleset.publishers
        self._default = ruleset.defaults.publisher
        self._language = ruleset.defaults.language
        self._alone = next(iter(ruleset.publishers)) if len(ruleset.publishers) == 1 else None

    def publisher(self, id_: str | None) -> Publisher | None:
        """The publisher *id_*; of a page that has none the default one, or the only one that there is."""
        return self._publishers.get(id_ or self._default or self._alone or "")

    def name(self, id_: str | None, language: str) -> str:
        """The publisher's name in the language nearest to *language*; empty where there is no publisher."""
        found = self.publisher(id_)
        return self.nearest(found.name, language) or found.id if found else ""

    def nearest(self, texts: Mapping[str, str], language: str) -> str | None:
        """Of *texts* by language the one nearest to *language*; None where there are none."""
        return texts[choose_language(tuple(texts), (language,), self._language)] if texts else None
