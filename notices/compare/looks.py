"""What a rule's notice is to its readers, in whatever language they and the page are, and how two of them differ."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec.structs import replace

from notices.index import Readers

from .values import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notices.index import Index, Scene, Shown
    from notices.notice import Notice
    from notices.ruleset import Rule

#: A language that is near to none.
_FAR = "zxx"


class Looks:
    """The looks of the rules of two rulesets; two are equal if and only if no reader can tell them apart.

    Readers of every language that a text of either rule is in are asked, and those of no such language; of the page
    and of the visitor as far as the rules' policies ask for each.
    """

    def __init__(self, old: Index, new: Index) -> None:
        self._indexes = (old, new)
        self._known: dict[tuple[object, ...], tuple[Difference, ...]] = {}

    def differences(self, old: tuple[Shown, Scene], new: tuple[Shown, Scene]) -> tuple[Difference, ...]:
        """How the notice of one rule differs in the new ruleset; empty where no reader sees a difference."""
        sides = (old, new)
        key = tuple((shown.rule.id, shown.version.start, scene) for shown, scene in sides)
        if key not in self._known:
            self._known[key] = self._compare(old, new)
        return self._known[key]

    def _compare(self, old: tuple[Shown, Scene], new: tuple[Shown, Scene]) -> tuple[Difference, ...]:
        readers = list(_readers((old[0], new[0])))
        seen = [[self._notices(side, *shown, reader) for reader in readers] for side, shown in enumerate((old, new))]
        facts = [(shown.rule.action, dict(shown.rule.features)) for shown, _ in (old, new)]
        if seen[0] == seen[1] and facts[0] == facts[1]:
            return ()
        languages = {notice.language for notices in (*seen[0], *seen[1]) for notice in notices}
        written = (*_of_form(old, new), *_of_texts(old[0], new[0], languages))
        return written or tuple(_as_rendered(zip(*seen, strict=True)))

    def _notices(self, side: int, shown: Shown, scene: Scene, readers: Readers) -> tuple[Notice, ...]:
        """The notices, without the public name of a confidential rule, which is another in every ruleset."""
        notices = self._indexes[side].wording.notices((shown,), readers, scene)
        return tuple(replace(notice, rule=shown.rule.id, sure=True) for notice in notices)


def _readers(both: Sequence[Shown]) -> Iterator[Readers]:
    tags = {tag for shown in both for tag in shown.tags}
    probes = sorted({*tags, *(tag.partition("-")[0] for tag in tags), _FAR})
    policies = {word for shown in both for word in shown.policy}
    visitors: list[tuple[str, ...]] = [(), *((tag,) for tag in probes)] if "visitor" in policies else [()]
    pages: list[str | None] = [None, *probes] if "page" in policies else [None]
    return (Readers(page, visitor) for page in pages for visitor in visitors)


def _of_form(old: tuple[Shown, Scene], new: tuple[Shown, Scene]) -> Iterator[Difference]:
    before, after = (_form(shown.rule) for shown, _ in (old, new))
    for what in before | after:
        if before.get(what) != after.get(what):
            yield Difference(what, before.get(what), after.get(what))


def _form(rule: Rule) -> dict[str, str | None]:
    """What a rule's notice is beside its words, as an editor writes it."""
    display = rule.display
    places = ", ".join(json.dumps(place.as_json()).strip('"') for place in display.at)
    return {
        "action": rule.action,
        "level": display.level,
        "place": places,
        "scale": None if display.scale is None else str(display.scale),
        "first": "yes" if display.first else None,
        "collapsible": "yes" if display.collapsible else None,
        "languages": ", ".join(display.languages),
        "features": ", ".join(f"{name}: {what}" for name, what in sorted(rule.features.items())) or None,
        "link": rule.link.href if rule.link else None,
        **{f"link label in {tag}": label for tag, label in (rule.link.label.items() if rule.link else ())},
        "law": None if rule.confidential else "; ".join(rule.law) or None,
    }


def _of_texts(old: Shown, new: Shown, languages: Iterable[str]) -> Iterator[Difference]:
    """Parts of texts that some reader sees, as they are written."""
    for tag in sorted(languages):
        before, after = old.version.texts.get(tag), new.version.texts.get(tag)
        for name, part in (("text", "body"), ("title", "title"), ("short text", "short")):
            one, other = getattr(before, part, None), getattr(after, part, None)
            if one != other:
                yield Difference(f"{name} in {tag}", one, other)


def _as_rendered(pairs: Iterable[tuple[tuple[Notice, ...], tuple[Notice, ...]]]) -> Iterator[Difference]:
    """The first reader's notices where they differ though the rule says the same: by names, or a choice of language."""
    before, after = next(pair for pair in pairs if pair[0] != pair[1])
    what = f"text in {', '.join(dict.fromkeys(notice.language for notice in (*before, *after)))} as shown"
    yield Difference(what, "\n".join(notice.text for notice in before), "\n".join(notice.text for notice in after))
