"""The desk at which documents are read: it collects every problem and knows the names declared so far."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from notices.errors import Problem
from notices.ruleset import BUILT_IN_PLACES

from .shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from notices.errors import Level
    from notices.location import Where
    from notices.ruleset import Mark, Place, Publisher

    from .events import EventDraft

T = TypeVar("T")

#: After so many a file is wrong as a whole, and looking for the nearest name to each would keep a server busy.
MOST_PROBLEMS = 500


class EnoughError(Exception):
    """The desk is full of problems: the reading ends."""


class RejectedError(Exception):
    """A value is of no use and its problem is on the desk; caught by whatever holds the value."""


@dataclass
class Desk:
    """What one reading of all documents knows and has found."""

    problems: list[Problem] = field(default_factory=list)
    zone: str | None = None
    publisher: str | None = None
    publishers: frozenset[str] = frozenset()
    places: Mapping[str, Place] = field(default_factory=lambda: BUILT_IN_PLACES)
    sets: Mapping[str, Where] = field(default_factory=dict)
    rule_ids: frozenset[str] = frozenset()
    #: The publishers that were read without an error, and the statuses that any of them has.
    declared: Mapping[str, Publisher] = field(default_factory=dict)
    statuses: frozenset[str] = frozenset()
    #: The events that were read without an error, and the ids of all.
    events: Mapping[str, EventDraft] = field(default_factory=dict)
    event_ids: frozenset[str] = frozenset()
    shelf: Shelf = field(default_factory=Shelf)
    #: Values of rules, each once: of thousands of rules many have the same.
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def share(self, value: T, key: Hashable = None) -> T:
        """The first value that was equal to *value*; by its type and *key*, where it cannot be hashed, or not fast."""
        kept: T = self._kept.setdefault((type(value), value if key is None else key), value)
        return kept

    def brands_of(self, publisher: str) -> frozenset[str]:
        """A publisher with all that are part of it, or of a part of it."""
        found = {publisher}
        while more := {one.id for one in self.declared.values() if one.part_of in found} - found:
            found |= more
        return frozenset(found)

    def report(self, mark: Mark, level: Level, code: str, message: str, fix: str = "") -> None:
        """Put a problem on the desk.

        :raises EnoughError: when it is full.
        """
        self.problems.append(Problem(mark.path, mark.line, mark.column, level, code, message, fix))
        if len(self.problems) >= MOST_PROBLEMS:
            message = f"these are {MOST_PROBLEMS} problems, and there may be more"
            self.problems.append(Problem(mark.path, mark.line, mark.column, "error", "too-many-problems", message))
            raise EnoughError

    def error(self, mark: Mark, code: str, message: str, fix: str = "") -> None:
        """Put an error on the desk and go on."""
        self.report(mark, "error", code, message, fix)

    def reject(self, mark: Mark, code: str, message: str, fix: str = "") -> RejectedError:
        """Put an error on the desk and give back what to raise."""
        self.error(mark, code, message, fix)
        return RejectedError(code)


def nearest(text: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known name that *text* most resembles, None where it resembles none."""
    pool = {name.lower(): name for name in sorted(known)}
    near = difflib.get_close_matches(text.lower(), pool, n=1, cutoff=cutoff)
    return pool[near[0]] if near else None


def suggest(text: str, known: Iterable[str]) -> str:
    """Advice for an unknown name: the nearest one, or all where none is near."""
    names = sorted(known)
    near = nearest(text, names)
    if near:
        return f"did you mean {near!r}?"
    if not names:
        return "none is declared"
    shown = ", ".join(names[:12])
    return f"write one of {shown}" + (", ..." if len(names) > 12 else "")
