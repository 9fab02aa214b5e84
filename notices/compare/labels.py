"""Find what location sources say that now means another place, and another page for those of whom it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.gazetteer import Gazetteer
from notices.keys import visitor_key
from notices.location import Location

from .values import Relabelling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from notices.index import Index
    from notices.ruleset import Ruleset


def relabellings(old: Index, new: Index, instants: Sequence[datetime]) -> Iterator[Relabelling]:
    """Country and code, or country and name, of every label, where the new rules show its two meanings otherwise.

    Asked at each of *instants*.
    """
    before, after = (Gazetteer(index.ruleset.labels, index.ruleset.contested) for index in (old, new))
    for country, code, name in sorted(_claims(old.ruleset) | _claims(new.ruleset)):
        said = (country, *(((code,), ()) if code else ((), (name,))))
        one, other = (Location.uniting(gazetteer.resolve(*said)) for gazetteer in (before, after))
        if set(one.candidates) != set(other.candidates) and _differ(new, one, other, instants):
            yield Relabelling(country, code or name, one.candidates, other.candidates)


def _claims(rules: Ruleset) -> set[tuple[str, str, str]]:
    pairs = [(country, label) for label in rules.labels for country in label.countries]
    by_code = {(country, code, "") for country, label in pairs for code in label.codes}
    return by_code | {(country, "", name) for country, label in pairs for name in label.names}


def _differ(index: Index, one: Location, other: Location, instants: Sequence[datetime]) -> bool:
    return any(visitor_key(index, one, at).value != visitor_key(index, other, at).value for at in instants)
