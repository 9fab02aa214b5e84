"""List every combination of conditions that some page can meet: exact, by enumeration of the facts.

Each fact allows certain masks of conditions, whatever the other facts are; a page meets the *and* of one mask a fact.
Folding the facts one by one over the set of masks met so far keeps that set as small as the pages are different.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from .classes import Dimension, PageClasses
from .patterns import HostPatterns, PathPatterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from notices.ruleset import PageCondition, Publisher

#: A text that no pattern names: it stands for all hosts, segments and languages that the rules do not speak of.
_OTHER = "\N{REPLACEMENT CHARACTER}"

_LISTED = ("hosts", "paths", "tags", "sections", "publishers", "mentions", "surfaces", "languages")


class Side(NamedTuple):
    """One ruleset's conditions, with the publishers by which it reads pages."""

    conditions: Sequence[PageCondition]
    publishers: Mapping[str, Publisher]
    default: str | None


def worlds(
    conditions: Sequence[PageCondition], publishers: Mapping[str, Publisher], default: str | None, *, most: int
) -> frozenset[int] | None:
    """The masks of *conditions* that some page meets, or None where the search grows beyond *most* masks.

    Patterns with ``*`` within a path are taken as independent of one another: then a mask may be listed that no path
    meets, never the reverse.
    """
    return joint_worlds((Side(conditions, publishers, default),), most=most)


def joint_worlds(sides: Sequence[Side], *, most: int) -> frozenset[int] | None:
    """The same for several rulesets, each of which reads the page by its own publishers; bits run on over *sides*."""
    conditions = [_aside(one, number) for number, side in enumerate(sides) for one in side.conditions]
    classes = PageClasses(conditions, {}, None)
    met = {-1}
    for fact in _facts(classes, sides):
        allowed = _bounded(fact, most)
        if allowed is None or len(met) * len(allowed) > most * 16:
            return None
        met = {one & other for one in met for other in allowed}
        if len(met) > most:
            return None
    return frozenset(classes.settle(mask) for mask in met)


def _aside(condition: PageCondition, side: int) -> PageCondition:
    """*condition* with the names of its publishers marked as those of one side."""
    named = condition.publishers
    marked = None if named is None else frozenset(_marked(side, name) for name in named)
    return replace(condition, publishers=marked, exclude=tuple(_aside(one, side) for one in condition.exclude))


def _marked(side: int, publisher: str) -> str:
    return f"{side}:{publisher}"


def is_plain(condition: PageCondition) -> bool:
    """Whether it is clear at a glance that a page can meet *condition*: nothing is excepted, no fact is impossible."""
    facts = (getattr(condition, name) for name in _LISTED)
    dated = condition.published
    period = dated is None or dated.start is None or dated.end is None or dated.start < dated.end
    return not condition.exclude and period and all(fact is None or len(fact) > 0 for fact in facts)


def _bounded(masks: Iterable[int], most: int) -> set[int] | None:
    found: set[int] = set()
    for mask in masks:
        found.add(mask)
        if len(found) > most:
            return None
    return found


def _facts(classes: PageClasses, sides: Sequence[Side]) -> Iterator[Iterable[int]]:
    """For each fact the masks that its values allow, the unstated fact first."""
    yield _hosts_with_publishers(classes, sides)
    yield _paths(classes.paths)
    for several in (classes.tags, classes.sections, classes.mentions):
        yield _unions(several)
    yield _single(classes.surfaces)
    yield _languages(classes.languages)
    yield _single(classes.published)
    yield _single(classes.gpc)


def _single(dimension: Dimension) -> Iterator[int]:
    yield dimension.unasked
    yield from (dimension.one(value) for value in dimension.wanting)


def _unions(dimension: Dimension) -> Iterator[int]:
    """Several values may be stated together: all unions of what each allows."""
    reached = {dimension.unasked}
    yield dimension.unasked
    for mask in set(dimension.wanting.values()):
        further = {known | mask for known in reached} - reached
        yield from further
        reached |= further


def _hosts_with_publishers(classes: PageClasses, sides: Sequence[Side]) -> Iterator[int]:
    """The host decides who publishes where the page does not say, so that the two are one fact."""
    owners = [{host: one.id for one in side.publishers.values() for host in one.hosts} for side in sides]
    patterns = {*map(str, classes.hosts.wanting), *(host for owner in owners for host in owner)}
    known, owning = HostPatterns(patterns), [HostPatterns(owner) for owner in owners]
    declared = sorted({name for side in sides for name in side.publishers})
    for host in (None, *(pattern.replace("*", _OTHER) for pattern in patterns)):
        met = classes.hosts.any(known.matching(host))
        found = (next(iter(one.matching(host)), None) for one in owning)
        unstated = [
            side.default if pattern is None else owner[pattern]
            for side, owner, pattern in zip(sides, owners, found, strict=True)
        ]
        yield met & _published_by(classes, unstated)
        for name in declared:
            yield met & _published_by(classes, [name if name in side.publishers else None for side in sides])


def _published_by(classes: PageClasses, publishers: Sequence[str | None]) -> int:
    named = (_marked(side, name) for side, name in enumerate(publishers) if name is not None)
    return classes.publishers.any(named)


def _paths(dimension: Dimension) -> Iterator[int]:
    """Plain patterns by a path for each that is at it, and one that is below it; others in every combination."""
    plain = [str(value) for value in dimension.wanting if "*" not in str(value).removesuffix("/**")]
    wild = Dimension([None])
    wild.unasked = dimension.unasked
    wild.wanting = {value: mask for value, mask in dimension.wanting.items() if value not in plain}
    known = PathPatterns(plain)
    ends = [pattern.removesuffix("/**") for pattern in plain]
    paths = (None, *ends, *(f"{end}/{_OTHER}" for end in ends))
    reached = {dimension.any(known.matching(path)) for path in paths}
    for union in _unions(wild):
        yield from (mask | union for mask in reached)


def _languages(dimension: Dimension) -> Iterator[int]:
    """A tag is covered by the ranges that it begins with: by those of the longest, and ``*``."""
    ranges = [str(value) for value in dimension.wanting]
    yield dimension.unasked
    for tag in (_OTHER, *ranges):
        yield dimension.any(range_ for range_ in ranges if range_ == "*" or f"{tag}-".startswith(f"{range_}-"))
