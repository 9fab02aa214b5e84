"""Tie together the rules that can displace one another, and try every combination of them that some page is for.

Rules of two knots never meet: what a visitor is shown anywhere is what they are shown in each knot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.conditions import is_plain, worlds
from notices.memo import Memo

from .bits import bits_of, mask_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.ruleset import Rule, Ruleset

    from .stacking import Stacking

#: How many combinations of a knot's rules are tried; beyond, visitors are told apart by what each rule is to them,
#: which is finer than need be and never wrong.
_MOST_WORLDS = 4096

#: What stands on each kind of page, as rule numbers.
Table = tuple[tuple[int, ...], ...]


class Knot:
    """The rules *numbers*, which can displace one another, and the combinations that some page is for."""

    def __init__(self, numbers: Sequence[int], rules: Sequence[Rule], ruleset: Ruleset, stacking: Stacking) -> None:
        self._numbers = numbers
        self._conditions = [rules[number].pages for number in numbers]
        self._ruleset = ruleset
        self._stacking = stacking
        self._worlds: tuple[tuple[int, ...], ...] | None = None
        self._tables: Memo[tuple[int, int], Table] = Memo(256)
        self.mask = mask_of(numbers)

    def table(self, acting: int, sure: int) -> Table:
        """What stands on each kind of page where the rules *acting* apply, those in *sure* by a plain yes.

        Equal for two visitors if and only if all pages show them the same of this knot; empty where nothing stands.
        """
        key = (sure & acting & self.mask, acting & self.mask)
        found = self._tables.get(key)
        return self._tables.put(key, self._stand(*key)) if found is None else found

    def _stand(self, sure: int, acting: int) -> Table:
        if len(self._numbers) == 1 and is_plain(self._conditions[0]):
            return (tuple(bits_of(acting)),) if acting else ()
        if self._worlds is None:
            self._worlds = self._all_worlds()
        if not self._worlds:
            return tuple(tuple(bits_of(mask)) for mask in (sure, acting)) if acting else ()
        table = tuple(
            tuple(self._stacking.stand([number for number in world if acting >> number & 1], sure)[0])
            for world in self._worlds
        )
        return table if any(table) else ()

    def _all_worlds(self) -> tuple[tuple[int, ...], ...]:
        """The combinations, in a fixed order; none at all where there are too many."""
        found = worlds(self._conditions, self._ruleset.publishers, self._ruleset.defaults.publisher, most=_MOST_WORLDS)
        return tuple(tuple(self._numbers[place] for place in bits_of(mask)) for mask in sorted(found or ()))


class Knots:
    """All knots of *rules*, open or not: so a rule that opens changes no table in which it does not stand."""

    def __init__(self, rules: Sequence[Rule], ruleset: Ruleset, stacking: Stacking) -> None:
        knots = [Knot(numbers, rules, ruleset, stacking) for numbers in stacking.knots(range(len(rules)))]
        self._knot_of = {number: knot for knot in knots for number in bits_of(knot.mask)}

    def tables(self, acting: int, sure: int) -> list[Table]:
        """What stands where the rules *acting* apply, knot by knot in the order of their rules; empty ones left out."""
        touched = dict.fromkeys(self._knot_of[number] for number in bits_of(acting))
        tables = {knot.mask & -knot.mask: knot.table(acting, sure) for knot in touched}
        return [tables[first] for first in sorted(tables) if tables[first]]
