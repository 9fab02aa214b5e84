"""What a comparison finds: changes of notices, and for each the visitors, periods and pages that see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from notices.ruleset import Action, PageCondition


class Difference(NamedTuple):
    """One thing about a notice that changed: ``what`` in words (``level``, ``text in ru``), before and after.

    None is what was not there before, or is not any more.
    """

    what: str
    old: str | None
    new: str | None


class Change(NamedTuple):
    """What happens to a notice: it is ``gained`` or ``lost``, or ``changed`` by ``differences``; ``action`` says
    whether it is a notice or withholds the page. ``moved``: the notices ``rules`` now stand in this order.
    """

    kind: Literal["gained", "lost", "changed", "moved"]
    rules: tuple[str, ...]
    action: Action
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Visitors:
    """Who sees a change: by ``regions`` (canonical codes, each for a visitor of whom this and no more is known), of
    ``unknown`` place, ``anonymous``, or with the candidates of each of ``disagreeing``.

    A visitor whose sources disagree is like any other with candidates of the same answers; one of each is listed.
    """

    regions: tuple[str, ...] = ()
    unknown: bool = False
    anonymous: bool = False
    disagreeing: tuple[tuple[str, ...], ...] = ()


class Period(NamedTuple):
    """The instants from ``start`` until before ``end``; None is open. ``zone`` is the editor's (None: UTC)."""

    start: datetime | None
    end: datetime | None
    zone: str | None = None


class PageTest(NamedTuple):
    """Whether a page meets ``condition``; ``by`` says whose publishers count where the two rulesets' differ."""

    condition: PageCondition
    by: Literal["old", "new"] | None = None


class PageGroup(NamedTuple):
    """The pages that pass all tests in ``meeting`` and none in ``other``; all pages where both are empty."""

    meeting: tuple[PageTest, ...] = ()
    other: tuple[PageTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """One change, and exactly who sees it when and on which pages: any of ``pages``, in any of ``periods``."""

    change: Change
    visitors: Visitors
    periods: tuple[Period, ...]
    pages: tuple[PageGroup, ...]


class Relabelling(NamedTuple):
    """What sources that say ``country`` and ``said``, a code or a name, mean: candidates by both rulesets' labels."""

    country: str
    said: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Purge:
    """What caches hold of the old rules that must go: pages stored under ``keys`` that are any of ``pages``.

    ``hosts`` and ``paths`` are the patterns of all these pages, empty where pages of any host or path are among them.
    ``more``: readers whose sources disagree have too many keys to be listed, so that these pages must go under any key.
    """

    keys: tuple[str, ...] = ()
    pages: tuple[PageGroup, ...] = ()
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """All effects, in the order of rules; none where visitors of every place are shown the same as before.

    ``at`` is the one instant compared, None for every instant. ``alone`` names rules that were compared without those
    that displace them, because their pages are too many to enumerate: of them more may be listed than happens.
    ``labels`` are readers whom sources place elsewhere than before, and who are shown something else for that.
    ``untried`` names rules of which not every combination of disagreeing sources was asked: of readers with such
    sources, and of no others, changes of these rules may be missing.
    """

    effects: tuple[Effect, ...]
    purge: Purge
    at: datetime | None
    alone: tuple[str, ...] = ()
    labels: tuple[Relabelling, ...] = ()
    untried: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether every reader is shown what they were shown before."""
        return not self.effects and not self.labels
