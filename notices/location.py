"""Where a visitor may be, and the three-valued answer to whether a place holds them (spec: rules, section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

from msgspec import Struct

from .region import WORLD, contains, parents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

Cause = Literal["anonymous", "unknown", "contested", "coarse"]
#: The causes of a maybe, gravest first.
CAUSES: tuple[Cause, ...] = ("anonymous", "unknown", "contested", "coarse")


@dataclass(frozen=True, slots=True)
class Location:
    """Candidate regions of one visitor; never an address.

    ``candidates`` are canonical codes, in the order found, none containing another; ``("world",)`` where nothing is
    known and for an anonymised visitor, whose ``network`` (``tor``, ``vpn``, ``hosting``, ``proxy``) says why.
    ``source`` names what answered: ``header``, ``database``, ``query``, ``header+database`` or ``none``.

    :raises ValueError: for candidates that are none, or no regions of ISO 3166.
    """

    candidates: tuple[str, ...] = (WORLD,)
    network: str | None = None
    source: str = "none"

    def __post_init__(self) -> None:
        given: object = self.candidates
        if isinstance(given, str):
            raise TypeError(f"candidates are a collection of codes, not one text: write ({given!r},)")
        if not isinstance(given, tuple):
            object.__setattr__(self, "candidates", tuple(self.candidates))
        known = parents()
        strange = [code for code in self.candidates if code not in known and code != WORLD]
        if strange:
            raise ValueError(f"{strange[0]!r} is no canonical code of ISO 3166")
        if not self.candidates or (WORLD in self.candidates and len(self.candidates) > 1):
            raise ValueError(f"candidates are either {WORLD!r} alone or some regions, not {self.candidates!r}")

    @property
    def anonymous(self) -> bool:
        """Whether the visitor comes through an anonymising network."""
        return self.network is not None

    @classmethod
    def uniting(cls, candidates: Iterable[str], *, source: str = "none") -> Self:
        """Unite what several sources say: ``world`` adds nothing, a finer region replaces one that contains it."""
        found = tuple(dict.fromkeys(code for code in candidates if code != WORLD))
        finest = tuple(code for code in found if not any(contains(code, other) for other in found))
        return cls(finest or (WORLD,), source=source)


class Answer(Struct, frozen=True):
    """Yes, no, or maybe with its causes: ``truth`` is True, False or None (Kleene's third value)."""

    truth: bool | None
    causes: frozenset[Cause] = frozenset()

    def __invert__(self) -> Answer:
        return self if self.truth is None else Answer(not self.truth)


YES = Answer(True)
NO = Answer(False)


def maybe(*causes: Cause) -> Answer:
    """A maybe with these causes."""
    return Answer(None, frozenset(causes))


def either(answers: Iterable[Answer]) -> Answer:
    """Kleene's *or*; the causes of a maybe are those of all its maybe operands."""
    causes: set[Cause] = set()
    undecided = False
    for answer in answers:
        if answer.truth:
            return YES
        if answer.truth is None:
            undecided = True
            causes |= answer.causes
    return Answer(None, frozenset(causes)) if undecided else NO


def both(answers: Iterable[Answer]) -> Answer:
    """Kleene's *and*, by De Morgan."""
    return ~either(~answer for answer in answers)


class Entry(Struct, frozen=True):
    """One region of a set: ``part`` where only a part of it belongs, from ``start`` until before ``end`` (UTC)."""

    region: str
    part: bool = False
    start: datetime | None = None
    end: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether the entry belongs to the set at the instant *at*."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)

    def ask(self, candidate: str, anonymous: bool, at: datetime, contested: Mapping[str, frozenset[str]]) -> Answer:
        """Whether the entry holds the one region *candidate* at *at*."""
        if not self.in_force(at):
            return NO
        if self.region == candidate or contains(self.region, candidate):
            return maybe("contested") if self.part else YES
        if candidate == WORLD:
            return maybe("anonymous" if anonymous else "unknown")
        if contains(candidate, self.region):
            return maybe("coarse")
        if candidate in contested.get(self.region, ()):
            return maybe("contested")
        return NO

    def boundaries(self) -> frozenset[datetime]:
        """The instants at which the entry joins or leaves."""
        return frozenset(instant for instant in (self.start, self.end) if instant is not None)


#: One for all expressions without dates, which are most.
_NEVER: frozenset[datetime] = frozenset()


class Where(Struct, frozen=True, dict=True):
    """A region expression: any of ``include`` and none of ``exclude``; a named set keeps its ``name``."""

    include: tuple[Entry | Where, ...]
    exclude: tuple[Entry | Where, ...] = ()
    name: str | None = None

    @property
    def identity(self) -> tuple[frozenset[Entry | Where], frozenset[Entry | Where]]:
        """Equal for expressions that list the same entries in any order: "the same where" of the specification."""
        return frozenset(self.include), frozenset(self.exclude)

    @cached_property
    def boundaries(self) -> frozenset[datetime]:
        """Every instant at which the expression may change."""
        operands = (*self.include, *self.exclude)
        found = (o.boundaries() if isinstance(o, Entry) else o.boundaries for o in operands)
        return frozenset().union(*found) or _NEVER

    def ask(self, candidate: str, anonymous: bool, at: datetime, contested: Mapping[str, frozenset[str]]) -> Answer:
        """Whether the one region *candidate* lies in the expression at *at*."""
        inside = either(operand.ask(candidate, anonymous, at, contested) for operand in self.include)
        if inside.truth is False or not self.exclude:
            return inside
        outside = ~either(operand.ask(candidate, anonymous, at, contested) for operand in self.exclude)
        return both((inside, outside))

    def locate(self, location: Location, at: datetime, contested: Mapping[str, frozenset[str]]) -> Answer:
        """Whether the visitor is there: all candidates yes is yes, all no is no, else maybe."""
        answers = [self.ask(code, location.anonymous, at, contested) for code in location.candidates]
        truths = {answer.truth for answer in answers}
        if truths in ({True}, {False}):
            return YES if True in truths else NO
        causes: frozenset[Cause] = frozenset().union(*(answer.causes for answer in answers))
        return Answer(None, causes | {"contested"} if len(truths) > 1 else causes)
