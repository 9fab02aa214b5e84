"""What a coverage holds: stretches of time, kinds of pages, classes of readers, and the outcomes for each three."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from notices.compare import PageGroup, Period, Visitors
    from notices.location import Cause, Location

#: Why a rule that may hold for some readers is shown to them or not (spec: service, section 5).
CoverageReason = Literal["MATCH", "UNSURE_SHOWN", "UNSURE_HIDDEN", "SUPERSEDED", "GROUP"]


class Outcome(NamedTuple):
    """What becomes of the rule number ``rule``, which is a yes or, for ``causes``, a maybe; ``by`` displaces it.

    A rule whose pages change with statuses has several numbers in an index; here it is the first of them always.
    """

    rule: int
    reason: CoverageReason
    causes: tuple[Cause, ...] = ()
    by: int | None = None

    @property
    def shown(self) -> bool:
        """Whether the readers get its notice, or the page is withheld from them."""
        return self.reason in ("MATCH", "UNSURE_SHOWN")


class Stretch(NamedTuple):
    """A period in which no rule changes, an instant in it, and the zone in which its end was written."""

    period: Period
    at: datetime
    end_zone: str | None


class PageKind(NamedTuple):
    """Pages that the same rules are for: the mask of those rules, and which pages they are.

    ``met`` None stands for all pages together: a rule is shown there where it is shown on pages of any kind.
    """

    met: int | None
    pages: tuple[PageGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Readers:
    """Readers who are answered alike: ``location`` is one of them, ``visitors`` says who they are."""

    location: Location
    visitors: Visitors


#: The outcomes for one class of readers, in the order of the rules; rules that they are not in the regions of are none.
Outcomes = tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The outcomes by number of stretch, kind of page and class of readers: ``cells[stretch][kind][readers]``.

    ``now`` is the stretch that was asked for. ``kinds`` begins with all pages together. Where not ``together``, pages
    are too many to enumerate and ``kinds`` are those of each condition alone. ``readers_of`` gives a region's class.
    ``cut`` says that stretches far from ``now``, or that ended long before, were left out.
    """

    stretches: tuple[Stretch, ...]
    now: int
    kinds: tuple[PageKind, ...]
    together: bool
    readers: tuple[Readers, ...]
    readers_of: Mapping[str, int]
    cells: tuple[tuple[tuple[Outcomes, ...], ...], ...]
    cut: bool
