"""Word notices: choose their languages, fill their slots and render their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.language import choose_texts, direction
from notices.markdown import render_markdown
from notices.memo import Memo
from notices.notice import Notice

from .shown import places, public_law

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .publishers import PublisherNames
    from .shown import Readers, Scene, Shown


class Wording:
    """The notices of one ruleset; each is rendered once for a version, language, scene and sureness, and then kept."""

    def __init__(self, names: PublisherNames, default_language: str | None, *, memory: int = 4096) -> None:
        self._names = names
        self._default = default_language
        self._notices: Memo[tuple[object, ...], Notice] = Memo(memory)

    def notices(self, shown: Sequence[Shown], readers: Readers, scene: Scene) -> tuple[Notice, ...]:
        """One notice for each text, rule by rule, in the order of the rule's language policy."""
        chosen: dict[tuple[object, ...], tuple[str, ...]] = {}
        found: list[Notice] = []
        for one in shown:
            key = (one.tags, one.policy)
            if key not in chosen:
                chosen[key] = choose_texts(*key, readers.page, readers.visitor, self._default)
            found += (self._notice(one, language, scene) for language in chosen[key])
        return tuple(found)

    def _notice(self, shown: Shown, language: str, scene: Scene) -> Notice:
        key = (shown, language, scene)
        return self._notices.get(key) or self._notices.put(key, self._write(shown, language, scene))

    def _write(self, shown: Shown, language: str, scene: Scene) -> Notice:
        rule, display, text = shown.rule, shown.rule.display, shown.version.texts[language]
        law = public_law(rule)
        slots = {"publisher": self._names.name(scene.publisher, language), "law": "; ".join(law)}
        body = render_markdown(text.body, slots)
        return Notice(
            rule=shown.name,
            sure=shown.sure,
            level=display.level,
            at=places(rule, is_index=scene.is_index),
            language=language,
            direction=direction(language),
            title=None if text.title is None else render_markdown(text.title, slots).plain,
            text=body.plain,
            body=body.html,
            short=None if text.short is None else render_markdown(text.short, slots).plain,
            href=rule.link.href if rule.link else None,
            label=self._names.nearest(rule.link.label, language) if rule.link else None,
            law=law,
            scale=display.scale,
            first=display.first,
            collapsible=display.collapsible,
        )
