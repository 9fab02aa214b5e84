"""The values from which notices are worded: what is shown, on what page, and who reads it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from notices.ruleset import Text, TextVersion
from notices.words import WORDS

if TYPE_CHECKING:
    from notices.ruleset import Place, Rule

#: What a withholding rule without a text of its own says; the reader's own language is all that is known of them.
NEUTRAL = TextVersion({tag: Text(words.withheld, words.withheld_title) for tag, words in WORDS.items()})
_NEUTRAL_POLICY = ("visitor",)


class Shown(Struct, frozen=True, eq=False):
    """A rule that is shown, or that withholds the page: ``sure`` is False where it acts on a maybe.

    ``name`` is the rule's public name: its id, or the token that stands in for a confidential one. ``version`` holds
    the texts in force, ``tags`` their languages, ``policy`` the words that choose among them: ``page``, ``visitor`` or
    tags. An index makes one for each rule, sureness and version, no more, so that it stands for them in keys.
    """

    rule: Rule
    name: str
    sure: bool
    version: TextVersion
    tags: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        force_setattr(self, "tags", tuple(self.version.texts))
        neutral = self.version is NEUTRAL
        force_setattr(self, "policy", _NEUTRAL_POLICY if neutral else self.rule.display.languages)

    @property
    def id(self) -> str:
        """The rule's id, which for a confidential rule is not for the public."""
        return self.rule.id


class Scene(NamedTuple):
    """What of a page enters the notices themselves: who publishes it, and whether it lists articles."""

    publisher: str | None
    is_index: bool


class Readers(NamedTuple):
    """The languages of a page and its visitor, as far as a text may be chosen by them."""

    page: str | None
    visitor: tuple[str, ...]


def places(rule: Rule, *, is_index: bool) -> tuple[Place, ...]:
    """Where the notice of *rule* stands: the article's places are the bottom of a page that lists articles.

    There they keep their names, by which a template may still claim the notice.
    """
    at = rule.display.at
    if not is_index:
        return at
    standing: dict[tuple[str, str | None], Place] = {}
    for place in at:
        moved = replace(place, position="bottom", selector=None) if place.bottom_on_index else place
        standing.setdefault((moved.position, moved.selector), moved)
    return tuple(standing.values())


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
