"""Group rules that must be compared together, because they displace one another or change places, in either ruleset."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from notices.ruleset import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notices.index import Index
    from notices.ruleset import Rule, Ruleset


class RuleGroup(NamedTuple):
    """The ids of rules that are compared together; all but those ``differing`` are the same in both rulesets."""

    ids: tuple[str, ...]
    differing: frozenset[str]


def groups(old: Index, new: Index) -> Iterator[RuleGroup]:
    """The active rules, group by group; groups in which nothing can differ are left out.

    Rules of two groups never displace one another, and stand in the same order in both rulesets.
    """
    everything = not _read_alike(old.ruleset, new.ruleset)
    for ids in _tied(old, new):
        differing = frozenset(id_ for id_ in ids if everything or _substance(old, id_) != _substance(new, id_))
        if differing:
            yield RuleGroup(ids, differing)


def _tied(old: Index, new: Index) -> list[tuple[str, ...]]:
    ties: list[Sequence[str]] = [(rule.id,) for index in (old, new) for rule in index.rules]
    for index in (old, new):
        ties += ([index.rules[number].id for number in knot] for knot in index.stacking.knots(range(len(index.rules))))
    found: dict[str, list[str]] = {}
    for id_, root in roots([*ties, *_swapped(old, new)]).items():
        found.setdefault(root, []).append(id_)
    return [tuple(ids) for ids in found.values()]


def roots(ties: Iterable[Sequence[str]]) -> dict[str, str]:
    """For each id one of those that it is tied to, over others or not: the same one for all of them."""
    root: dict[str, str] = {}

    def find(id_: str) -> str:
        while root[id_] != id_:
            id_ = root[id_]
        return id_

    for first, *others in ties:
        root.setdefault(first, first)
        for other in others:
            root[find(root.setdefault(other, other))] = find(first)
    return {id_: find(id_) for id_ in root}


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
