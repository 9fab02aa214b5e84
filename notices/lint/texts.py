"""Every text that readers may get to see, with its language and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .finding import Spot, of_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notices.ruleset import Rule, Ruleset, Text


@dataclass(frozen=True, slots=True)
class Written:
    """One text of a rule: its body, title or short text, or its link's label; Markdown but for titles and labels."""

    rule: Rule
    language: str
    content: str
    spot: Spot

    def spot_at(self, offset: int) -> Spot:
        """The spot of the character at *offset* in the content."""
        above = self.content[:offset]
        return replace(self.spot, at=(above.count("\n") + 1, offset - (above.rfind("\n") + 1) + 1))


def texts_of(ruleset: Ruleset) -> Iterator[Written]:
    """All texts of rules that are or may come to be shown; what is retired is history, and stays as it was."""
    for rule in ruleset.rules.values():
        if rule.status != "retired":
            yield from _texts_of(rule)


def _texts_of(rule: Rule) -> Iterator[Written]:
    for version in rule.texts:
        for language, text in version.texts.items():
            for part, content in _parts(text):
                yield Written(rule, language, content, of_rule(rule.id, "text", language, part, text=content))
    for language, label in rule.link.label.items() if rule.link else ():
        yield Written(rule, language, label, of_rule(rule.id, "link", "label", language, text=label))


def _parts(text: Text) -> Iterator[tuple[str, str]]:
    for part, content in (("body", text.body), ("title", text.title), ("short", text.short)):
        if content:
            yield part, content
