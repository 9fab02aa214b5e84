"""What a lint says: a level, a code, words for people, and which value of the rules it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notices.errors import Level


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in the rules: the entry *name* of a section, the keys and list indexes that lead down from it.

    ``text`` is what the scalar says that is meant, somewhere below the keys; ``at`` is the line and column (from 1)
    within it. A key that is not written leaves the spot where the way ends; dated texts are found by what they say.
    """

    section: str
    name: str
    keys: tuple[str | int, ...] = ()
    text: str | None = None
    at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a lint found; :class:`notices.lint.positions.Positions` says where in the files it stands."""

    spot: Spot
    level: Level
    code: str
    message: str
    fix: str


def of_rule(rule: str, *keys: str | int, text: str | None = None, at: tuple[int, int] | None = None) -> Spot:
    """A value of the rule with this id."""
    return Spot("rules", rule, keys, text, at)
