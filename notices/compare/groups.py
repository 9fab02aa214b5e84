"""Group rules that must be compared together, because they displace one another or change places, in either ruleset."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from notices.ruleset import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notices.index import Index
    from notices.ruleset import Rule, Ruleset


def groups(old: Index, new: Index) -> Iterator[tuple[str, ...]]:
    """The ids of active rules, group by group; groups in which nothing can differ are left out.

    Rules of two groups never displace one another, and stand in the same order in both rulesets.
    """
    everything = not _read_alike(old.ruleset, new.ruleset)
    for ids in _tied(old, new):
        if everything or any(_substance(old, id_) != _substance(new, id_) for id_ in ids):
            yield ids


def _tied(old: Index, new: Index) -> list[tuple[str, ...]]:
    root: dict[str, str] = {rule.id: rule.id for index in (old, new) for rule in index.rules}

    def find(id_: str) -> str:
        while root[id_] != id_:
            id_ = root[id_]
        return id_

    for index in (old, new):
        for knot in index.stacking.knots(range(len(index.rules))):
            for number in knot[1:]:
                root[find(index.rules[number].id)] = find(index.rules[knot[0]].id)
    for one, other in _swapped(old, new):
        root[find(one)] = find(other)
    found: dict[str, list[str]] = {}
    for id_ in root:
        found.setdefault(find(id_), []).append(id_)
    return [tuple(ids) for ids in found.values()]


def _swapped(old: Index, new: Index) -> Iterator[tuple[str, str]]:
    """Pairs of rules of which now the other one stands higher."""
    places = {rule.id: place for place, rule in enumerate(new.rules)}
    common = [rule.id for rule in old.rules if rule.id in places]
    if any(places[one] > places[other] for one, other in pairwise(common)):
        yield from (pair for pair in combinations(common, 2) if places[pair[0]] > places[pair[1]])


def _read_alike(old: Ruleset, new: Ruleset) -> bool:
    """Whether all that rules have in common is the same, so that equal rules do the same."""
    return _common(old) == _common(new)


def _common(rules: Ruleset) -> tuple[object, ...]:
    names = [(one.id, one.hosts, tuple(one.name.items())) for one in rules.publishers.values()]
    return rules.contested, rules.defaults.publisher, rules.defaults.language, names


def _substance(index: Index, id_: str) -> object:
    """All of a rule that can matter to readers; None where it is not active. Texts count in their order."""
    rule = index.ruleset.rules.get(id_)
    if rule is None or rule.status != "active":
        return None
    texts = [(version.start, tuple(version.texts.items())) for version in rule.texts]
    return _bare(rule), texts, tuple(rule.link.label.items()) if rule.link else ()


def _bare(rule: Rule) -> Rule:
    return replace(
        rule,
        title="",
        sources=(),
        owner=None,
        review_by=None,
        confidence=None,
        examples=(),
        verbatim=None,
        mark=Mark(""),
    )
