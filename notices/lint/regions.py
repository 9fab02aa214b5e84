"""Regions: sets that hold nothing or that nothing names, countries written as all their parts, too wide adoptions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from notices.location import Entry, Where
from notices.region import WORLD, children, contains, country_of, parents, region_names

from .finding import Finding, Spot, of_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notices.ruleset import Ruleset

_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
#: How many regions a warning names.
_MOST_NAMED = 6


def find_empty_sets(ruleset: Ruleset) -> Iterator[Finding]:
    """Every set of the folder that holds no region at any time."""
    for name in _own_sets(ruleset):
        where = ruleset.sets[name]
        changes = sorted(where.boundaries)
        instants = [*reversed(changes), changes[0] - timedelta(days=1)] if changes else [_ANY_TIME]
        if holds_nothing(where, instants):
            message = f"the set {name!r} holds no region: 'except' leaves out all that is in 'include'"
            yield Finding(Spot("regions", name), "warning", "empty-set", message, "correct 'include' or 'except'")


def find_unused_sets(ruleset: Ruleset) -> Iterator[Finding]:
    """Every set of the folder that no rule of any status names, itself or through other sets."""
    used: set[str] = set()
    for rule in ruleset.rules.values():
        used |= _sets_in(rule.where)
    for name in _own_sets(ruleset):
        if name not in used:
            fix = "delete it, or name it under 'where' of a rule"
            yield Finding(Spot("regions", name), "warning", "unused-set", f"no rule uses the set {name!r}", fix)


def find_unconfirmed_sets(ruleset: Ruleset) -> Iterator[Finding]:
    """Every active rule that uses, itself or through other sets, a set whose facts are of low confidence."""
    for rule in ruleset.active:
        for name in sorted(_sets_in(rule.where)):
            facts = ruleset.set_facts.get(name)
            if facts is not None and facts.confidence == "low":
                message = f"{rule.id!r} is active and uses the set {name!r}, whose facts are of low confidence"
                fix = f"confirm what is in it, and write a set {name!r} of your own that says so, or list the regions"
                spot = Spot("rules", rule.id, ("where",), name)
                yield Finding(spot, "warning", "unconfirmed-set", message, fix)


def find_widened(ruleset: Ruleset) -> Iterator[Finding]:
    """Every adopted rule that holds in a region in which the pack lets it hold by no stance; of no retired rule."""
    for id_, pack in ruleset.extents.items():
        rule = ruleset.rules.get(id_)
        if rule is None or rule.status == "retired":
            continue
        beyond = _beyond(rule.where, pack)
        if beyond:
            more = f" and {len(beyond) - _MOST_NAMED} more" if len(beyond) > _MOST_NAMED else ""
            names = ", ".join(beyond[:_MOST_NAMED]) + more
            message = f"{id_!r} is adopted for {names}, where the pack's rule does not hold"
            fix = "name regions of the pack's rule alone, or write a rule of your own for the others, with its law"
            yield Finding(of_rule(id_, "where"), "warning", "wider-than-pack", message, fix)


def _beyond(where: Where, pack: Sequence[Where]) -> list[str]:
    """The largest regions that *where* holds, wholly or in part, and none of *pack* does, at some instant."""
    changes = sorted(where.boundaries.union(*(one.boundaries for one in pack)))
    instants = [changes[0] - timedelta(days=1), *changes] if changes else [_ANY_TIME]
    outside = {region for region in parents() if any(_only(where, pack, region, at) for at in instants)}
    return sorted(region for region in outside if parents()[region] not in outside)


def _only(where: Where, pack: Sequence[Where], region: str, at: datetime) -> bool:
    """Whether *where* holds the region, or a contested part of it, and none of *pack* anything in it."""
    found = where.ask(region, anonymous=False, at=at, contested={})
    if found.truth is False or "coarse" in found.causes:
        return False
    return all(one.ask(region, anonymous=False, at=at, contested={}).truth is False for one in pack)


def find_listed_subdivisions(ruleset: Ruleset) -> Iterator[Finding]:
    """Every list of entries that names all subdivisions of a country (or all countries) one by one."""
    for rule in ruleset.rules.values():
        for entries in (rule.where.include, rule.where.exclude):
            yield from _listed(entries, of_rule(rule.id, "where"))
    for name in _own_sets(ruleset):
        yield from _listed(ruleset.sets[name].include, Spot("regions", name, ("include",)))
        yield from _listed(ruleset.sets[name].exclude, Spot("regions", name, ("except",)))


def holds_nothing(where: Where, instants: Iterable[datetime]) -> bool:
    """Whether no region lies in *where* at any of *instants*, not even a part of one."""
    regions = sorted(_included(where))
    return not any(
        where.ask(leaf, anonymous=False, at=at, contested={}).truth is not False
        for at in instants
        for region in regions
        for leaf in _leaves(region)
    )


def _included(where: Where) -> set[str]:
    found: set[str] = set()
    for operand in where.include:
        found |= {operand.region} if isinstance(operand, Entry) else _included(operand)
    return found


def _leaves(region: str) -> Iterator[str]:
    below = children().get(region)
    if below is None:
        yield region
    for child in below or ():
        yield from _leaves(child)


def _own_sets(ruleset: Ruleset) -> list[str]:
    return [name for name, facts in ruleset.set_facts.items() if not facts.mark.path.startswith("built-in/")]


def _sets_in(where: Where) -> set[str]:
    found = {where.name} if where.name is not None else set()
    for operand in (*where.include, *where.exclude):
        if isinstance(operand, Where):
            found |= _sets_in(operand)
    return found


def _listed(entries: Sequence[Entry | Where], spot: Spot) -> Iterator[Finding]:
    whole = {entry.region for entry in entries if isinstance(entry, Entry) and entry == Entry(entry.region)}
    for region in _covered_regions(whole):
        first = next(entry.region for entry in entries if isinstance(entry, Entry) and contains(region, entry.region))
        name = "all countries" if region == WORLD else f"all subdivisions of {region} ({region_names()[region]})"
        found = Spot(spot.section, spot.name, spot.keys, first)
        message = f"{name} stand here one by one"
        yield Finding(found, "warning", "all-subdivisions", message, f"write {region} in their place")


def _covered_regions(whole: set[str]) -> list[str]:
    countries = sorted({country_of(region) for region in whole})
    if len(countries) == len(children()[WORLD]) and _is_covered(WORLD, whole):
        return [] if WORLD in whole else [WORLD]
    return [found for country in countries if country not in whole for found in _covered(country, whole)]


def _covered(region: str, whole: set[str]) -> list[str]:
    """The highest regions at or below *region* that *whole* covers by at least two smaller ones."""
    below = children().get(region, ())
    if len(below) > 1 and all(_is_covered(child, whole) for child in below):
        return [region]
    return [found for child in below if child not in whole for found in _covered(child, whole)]


def _is_covered(region: str, whole: set[str]) -> bool:
    below = children().get(region, ())
    return region in whole or (bool(below) and all(_is_covered(child, whole) for child in below))
