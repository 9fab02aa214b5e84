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

    from notices.location import Location
    from notices.ruleset import PageCondition, Ruleset

    from .situations import Situations

#: How many pairs, each among what else applies, are tried on pages; beyond, a hint says that more is not known.
_MOST_PAIRS = 2000
_FIX = "take 'first: true' from one of them, give both one group, or part their pages"


def find_first_conflicts(situations: Situations) -> Iterator[Finding]:
    """Every active rule that wants to be first where another one, of higher priority or an earlier id, does as well.

    Where all cannot be tried a hint says so: then nothing is said of that rule.
    """
    rules = situations.index.rules
    firsts = mask_of(n for n, rule in enumerate(rules) if rule.display.first)
    if not firsts & (firsts - 1):
        return
    meetings = _Meetings(situations, firsts)
    found = {other: (one, visitor) for one, other, visitor in meetings.found()}
    for other, (one, visitor) in sorted(found.items()):
        reader = "an unknown reader" if visitor.candidates == ("world",) else f"a reader in {visitor.candidates[0]}"
        message = f"{rules[other].id!r} and {rules[one].id!r} both want to stand first, and {reader} can get both"
        yield Finding(of_rule(rules[other].id, "show", "first"), "error", "first-conflict", message, _FIX)
    for number in sorted(meetings.unproven - found.keys()):
        message = f"whether {rules[number].id!r} meets another rule that wants to stand first was not tried to the end"
        yield Finding(of_rule(rules[number].id, "show", "first"), "hint", "unproven", message, _FIX)


def find_useless_firsts(ruleset: Ruleset) -> Iterator[Finding]:
    """Hints: every rule, but retired ones, that wants to be first and stands nowhere at the top."""
    for rule in ruleset.rules.values():
        if rule.display.first and rule.status != "retired" and not any(at.position == "top" for at in rule.display.at):
            message = f"{rule.id!r} wants to stand first, with nothing above it, and stands nowhere at the top"
            fix = "write 'at: [top]', or take 'first: true' away"
            yield Finding(of_rule(rule.id, "show", "first"), "hint", "first-not-top", message, fix)


class _Meetings:
    """The search for rules of the mask *firsts* that meet; ``unproven`` are those of which too much is to be tried."""

    def __init__(self, situations: Situations, firsts: int) -> None:
        self._situations = situations
        self._firsts = firsts
        self._asked: dict[tuple[int, int, int, int], bool] = {}
        self.unproven: set[int] = set()

    def found(self) -> Iterator[tuple[int, int, Location]]:
        """Each rule once that meets one above it: that one, the rule, a visitor who gets both."""
        situations, firsts = self._situations, self._firsts
        done: set[int] = set()
        seen: set[tuple[int, int]] = set()
        for at in situations.instants(bits_of(firsts)):
            everything = situations.open_at(range(len(situations.index.rules)), at)
            for visitor in situations.visitors(bits_of(firsts)):
                applying, sure = situations.applying(everything, visitor, at)
                if (applying, sure) in seen:
                    continue
                seen.add((applying, sure))
                together = [number for number in bits_of(applying & firsts) if number not in done]
                for one, other in combinations(bits_of(applying & firsts) if together else (), 2):
                    if other in together and other not in done and self._meet(one, other, applying, sure):
                        done.add(other)
                        yield one, other, visitor

    def _meet(self, one: int, other: int, applying: int, sure: int) -> bool:
        """Whether some page shows both, of all that apply to one visitor."""
        situations = self._situations
        concerned = applying & (situations.knot_of(one) | situations.knot_of(other))
        if _apart(situations, one, other):
            return False
        key = (one, other, concerned, sure & concerned)
        if key not in self._asked and len(self._asked) < _MOST_PAIRS:
            self._asked[key] = self._stand_together(one, other, *key[2:])
        elif key not in self._asked:
            self.unproven.add(other)
        return self._asked.get(key, False)

    def _stand_together(self, one: int, other: int, concerned: int, sure: int) -> bool:
        situations, numbers = self._situations, bits_of(concerned)
        for conditions in _on_paths(situations, one, other, numbers):
            pages = situations.worlds(numbers, conditions)
            if pages is None:
                self.unproven.add(other)
            for page in pages or ():
                if one in page and other in page:
                    standing, _ = situations.index.stacking.stand(page, sure)
                    if one in standing and other in standing:
                        return True
        return False


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
