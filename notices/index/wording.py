"""Word notices: choose their languages, fill and render their texts, name what the variant is taken over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from notices.fragment import FORMAT
from notices.language import choose_language, choose_texts, direction
from notices.markdown import render_markdown
from notices.notice import Notice
from notices.ruleset import BOTTOM, Text, TextVersion
from notices.words import WORDS

from .memo import Memo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from notices.ruleset import Place, Publisher, Rule, Ruleset

#: What a withholding rule without a text of its own says; the reader's own language is all that is known of them.
NEUTRAL = TextVersion({tag: Text(words.withheld, words.withheld_title) for tag, words in WORDS.items()})
_NEUTRAL_POLICY = ("visitor",)
#: The variant of a page that shows nothing.
NO_VARIANT = "00000000"


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule that is shown, or that withholds the page: ``sure`` is False where it acts on a maybe.

    ``name`` is the rule's public name: its id, or the token that stands in for a confidential one. ``version`` holds
    the texts in force.
    """

    rule: Rule
    name: str
    sure: bool
    version: TextVersion

    @property
    def id(self) -> str:
        """The rule's id, which for a confidential rule is not for the public."""
        return self.rule.id

    @property
    def policy(self) -> tuple[str, ...]:
        """The words that choose the languages of its texts: ``page``, ``visitor`` or tags."""
        return _NEUTRAL_POLICY if self.version is NEUTRAL else self.rule.display.languages


class Scene(NamedTuple):
    """What of a page enters the notices themselves: who publishes it, and whether it lists articles."""

    publisher: str | None
    is_index: bool


class Readers(NamedTuple):
    """The languages of a page and its visitor, as far as a text may be chosen by them."""

    page: str | None
    visitor: tuple[str, ...]


class _Rendered(NamedTuple):
    """A text with its slots filled: plain but for ``body``, which is HTML."""

    title: str | None
    text: str
    body: str
    short: str | None
    label: str | None


class Wording:
    """The texts of one ruleset; each is rendered once for a language and publisher, and then kept."""

    def __init__(self, ruleset: Ruleset, *, memory: int = 4096) -> None:
        self._ruleset = ruleset
        self._default = ruleset.defaults.language
        self._names = {rule.id: public_name(rule, ruleset.digest) for rule in ruleset.active}
        self._contents: Memo[tuple[object, ...], str] = Memo(memory)
        self._rendered: Memo[tuple[object, ...], _Rendered] = Memo(memory)

    def name(self, rule: Rule) -> str:
        """The public name of *rule*."""
        return self._names.get(rule.id) or public_name(rule, self._ruleset.digest)

    def content(self, shown: Shown) -> str:
        """A digest of all that a rule puts into pages, whatever the page and the visitor."""
        key = (shown.rule.id, shown.version.start)
        return self._contents.get(key) or self._contents.put(
            key,
            digest_of(
                [
                    FORMAT,
                    self._default,
                    shown.policy,
                    [place.as_json() for place in shown.rule.display.at],
                    *content_of(shown),
                ]
            ),
        )

    def choose(self, shown: Sequence[Shown], readers: Readers) -> tuple[tuple[str, ...], ...]:
        """The languages in which each rule is shown, in the order of its policy, without repeats."""
        return tuple(
            choose_texts(tuple(one.version.texts), one.policy, readers.page, readers.visitor, self._default)
            for one in shown
        )

    def notices(self, shown: Sequence[Shown], languages: Sequence[Sequence[str]], scene: Scene) -> tuple[Notice, ...]:
        """One notice for each text, rule by rule."""
        return tuple(
            self._notice(one, language, scene)
            for one, chosen in zip(shown, languages, strict=True)
            for language in chosen
        )

    def _notice(self, shown: Shown, language: str, scene: Scene) -> Notice:
        rule, display = shown.rule, shown.rule.display
        text = self._render(shown, language, scene.publisher)
        return Notice(
            rule=shown.name,
            sure=shown.sure,
            level=display.level,
            at=places(rule, scene),
            language=language,
            direction=direction(language),
            title=text.title,
            text=text.text,
            body=text.body,
            short=text.short,
            href=rule.link.href if rule.link else None,
            label=text.label,
            law=public_law(rule),
            scale=display.scale,
            first=display.first,
            collapsible=display.collapsible,
        )

    def _render(self, shown: Shown, language: str, publisher: str | None) -> _Rendered:
        key = (shown.rule.id, shown.version.start, language, publisher)
        return self._rendered.get(key) or self._rendered.put(key, self._fill(shown, language, publisher))

    def _fill(self, shown: Shown, language: str, publisher: str | None) -> _Rendered:
        text = shown.version.texts[language]
        slots = {"publisher": self.publisher_name(publisher, language), "law": "; ".join(public_law(shown.rule))}
        body = render_markdown(text.body, slots)
        link = shown.rule.link
        return _Rendered(
            title=None if text.title is None else render_markdown(text.title, slots).plain,
            text=body.plain,
            body=body.html,
            short=None if text.short is None else render_markdown(text.short, slots).plain,
            label=self._nearest(link.label, language) if link else None,
        )

    def publisher_name(self, publisher: str | None, language: str) -> str:
        """The name of the page's publisher in the language nearest to *language*.

        Where a page has none, the default publisher is named, or the only one that there is.
        """
        found = self._publisher(publisher)
        return (self._nearest(found.name, language) or found.id) if found else ""

    def _publisher(self, publisher: str | None) -> Publisher | None:
        publishers = self._ruleset.publishers
        alone = next(iter(publishers)) if len(publishers) == 1 else None
        return publishers.get(publisher or self._ruleset.defaults.publisher or alone or "")

    def _nearest(self, texts: Mapping[str, str], language: str) -> str | None:
        return texts[choose_language(tuple(texts), (language,), self._default)] if texts else None

    def variant(self, shown: Sequence[Shown], scene: Scene, visitor: tuple[str, ...]) -> str:
        """Eight hex digits over all that these rules put into a page (spec: service, section 3).

        Neither the region nor the time enters, nor a rule that is not shown, nor the page's language: the policy says
        ``page`` for that. Where it says ``visitor``, the reader's own text enters, so that a changed
        ``Accept-Language`` never revives the old one.
        """
        if not shown:
            return NO_VARIANT
        parts = [FORMAT, self._default, *(self._content(one, scene, visitor) for one in shown)]
        return digest_of(parts)

    def _content(self, shown: Shown, scene: Scene, visitor: tuple[str, ...]) -> list[object]:
        choice = Readers(None, visitor)
        policy: list[object] = [
            choose_texts(tuple(shown.version.texts), (word,), *choice, self._default) if word == "visitor" else word
            for word in shown.policy
        ]
        at = [[place.position, place.selector, place.name] for place in places(shown.rule, scene)]
        uses_publisher = any("{publisher}" in str(text) for text in shown.version.texts.values())
        names = self._publisher(scene.publisher) if uses_publisher else None
        return [*content_of(shown), policy, at, None if names is None else [names.id, list(names.name.items())]]


def content_of(shown: Shown) -> list[object]:
    """What a rule puts into any page: all but what depends on the page, the visitor and the languages."""
    rule, display = shown.rule, shown.rule.display
    texts = [[tag, text.title, text.body, text.short] for tag, text in shown.version.texts.items()]
    link = [rule.link.href, list(rule.link.label.items())] if rule.link else None
    form = [display.level, display.scale, display.first, display.collapsible]
    name = None if rule.confidential else rule.id
    return [name, rule.action, form, sorted(rule.features.items()), link, public_law(rule), texts]


def digest_of(parts: Iterable[object]) -> str:
    """Eight hex digits of SHA-256 over *parts*, which are plain values."""
    text = json.dumps(list(parts), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:8]


def places(rule: Rule, scene: Scene) -> tuple[Place, ...]:
    """Where the notice of *rule* stands: the article's places are the bottom of a page that lists articles."""
    at = (BOTTOM if scene.is_index and place.bottom_on_index else place for place in rule.display.at)
    return tuple(dict.fromkeys(at))


def public_law(rule: Rule) -> tuple[str, ...]:
    """The law that the public is told: none for a confidential rule."""
    return () if rule.confidential else rule.law


def public_name(rule: Rule, digest: str) -> str:
    """The id of *rule*, or for a confidential one a token, the same in every worker, of this ruleset alone.

    The ruleset's digest is public and an id can be guessed, so the token is taken over the secret parts too.
    """
    if not rule.confidential:
        return rule.id
    secret = [digest, rule.id, rule.title, *rule.law, rule.owner or "", *(source.url for source in rule.sources)]
    return f"confidential-{hashlib.sha256(json.dumps(secret).encode()).hexdigest()[:16]}"
