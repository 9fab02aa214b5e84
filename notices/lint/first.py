"""Two rules with ``first: true`` that one page would show to one reader: only one of them can be first.

A visitor counts whom one source can describe; that sources may disagree in any way makes no conflict.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from notices.index import bits_of
from notices.index.bits import mask_of

from .finding import Finding, of_rule
from .paths import decided_by_path, meeting_paths, on_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from notices.location import Location
    from notices.ruleset import PageCondition

    from .situations import Situations

#: How many pairs, each among what else applies, are tried on pages; beyond, nothing is said: a load must stay quick.
_MOST_PAIRS = 2000
_FIX = "take 'first: true' from one of them, give both one group, or part their pages"


def find_first_conflicts(situations: Situations) -> Iterator[Finding]:
    """Every active rule that wants to be first where another one, of higher priority or an earlier id, does as well."""
    found: dict[int, tuple[int, Location, datetime]] = {}
    firsts = mask_of(n for n, rule in enumerate(situations.index.rules) if rule.display.first)
    if firsts & (firsts - 1):
        for one, other, visitor, at in _meetings(situations, firsts):
            found.setdefault(other, (one, visitor, at))
    rules = situations.index.rules
    for other, (one, visitor, _) in sorted(found.items()):
        reader = "an unknown reader" if visitor.candidates == ("world",) else f"a reader in {visitor.candidates[0]}"
        message = f"{rules[other].id!r} and {rules[one].id!r} both want to stand first, and {reader} can get both"
        yield Finding(of_rule(rules[other].id, "show", "first"), "error", "first-conflict", message, _FIX)


def _meetings(situations: Situations, firsts: int) -> Iterator[tuple[int, int, Location, datetime]]:
    numbers = bits_of(firsts)
    asked: dict[tuple[int, int, int, int], bool] = {}
    done: set[int] = set()
    seen: set[tuple[int, int]] = set()
    for at in situations.instants(numbers):
        everything = situations.open_at(range(len(situations.index.rules)), at)
        for visitor in situations.visitors(numbers):
            applying, sure = situations.applying(everything, visitor, at)
            if (applying, sure) in seen:
                continue
            seen.add((applying, sure))
            together = [number for number in bits_of(applying & firsts) if number not in done]
            for one, other in combinations(bits_of(applying & firsts) if together else (), 2):
                if other in together and other not in done and _meet(situations, one, other, applying, sure, asked):
                    done.add(other)
                    yield one, other, visitor, at


def _meet(
    situations: Situations, one: int, other: int, applying: int, sure: int, asked: dict[tuple[int, int, int, int], bool]
) -> bool:
    """Whether some page shows both, of all that apply to one visitor."""
    concerned = applying & (situations.knot_of(one) | situations.knot_of(other))
    if _apart(situations, one, other):
        return False
    key = (one, other, concerned, sure & concerned)
    if key not in asked and len(asked) < _MOST_PAIRS:
        asked[key] = _stand_together(situations, one, other, *key[2:])
    return asked.get(key, False)


def _apart(situations: Situations, one: int, other: int) -> bool:
    """Whether it is clear at a glance that no page is for both: a page has one surface, publisher, host and path."""
    mine, theirs = situations.index.rules[one].pages, situations.index.rules[other].pages
    pairs = (
        (mine.surfaces, theirs.surfaces),
        (mine.publishers, theirs.publishers),
        (_plain(mine.hosts), _plain(theirs.hosts)),
        (_plain(mine.paths), _plain(theirs.paths)),
    )
    return any(a is not None and b is not None and a.isdisjoint(b) for a, b in pairs)


def _plain(patterns: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if patterns is None or any("*" in pattern for pattern in patterns) else frozenset(patterns)


def _stand_together(situations: Situations, one: int, other: int, concerned: int, sure: int) -> bool:
    numbers = bits_of(concerned)
    for conditions in _on_paths(situations, one, other, numbers):
        for page in situations.worlds(numbers, conditions) or ():
            if one in page and other in page:
                standing, _ = situations.index.stacking.stand(page, sure)
                if one in standing and other in standing:
                    return True
    return False


def _on_paths(
    situations: Situations, one: int, other: int, numbers: Sequence[int]
) -> Iterator[Sequence[PageCondition | None]]:
    """The rules' conditions on pages; where they hang on a path with stars inside, on each path that may meet both."""
    rules = situations.index.rules
    conditions = [rules[number].pages for number in numbers]
    if not any(decided_by_path(condition) for condition in conditions):
        yield conditions
        return
    for path in meeting_paths(rules[one].pages, rules[other].pages):
        yield [on_path(condition, path) for condition in conditions]
