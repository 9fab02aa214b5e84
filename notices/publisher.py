"""Who publishes, and what publishers have been declared to be, from when until when; all frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

Confidence = Literal["high", "medium", "low"]
#: The dates of a declaration, the first one first: it is decided, then announced, then listed.
Since = Literal["decided", "announced", "listed"]
#: From which date a status counts, and which stands in where that one is not known.
_STAND_INS: Mapping[Since, tuple[Since, ...]] = {
    "listed": ("listed", "announced", "decided"),
    "announced": ("announced", "decided", "listed"),
    "decided": ("decided", "announced", "listed"),
}


class Window(Struct, frozen=True):
    """The instants from ``start`` until before ``end``, both UTC, either None for open; ``zone`` is the editor's.

    ``event`` is the id of the event by which an editor told it.
    """

    start: datetime | None = None
    end: datetime | None = None
    zone: str | None = None
    event: str | None = None

    def holds(self, at: datetime) -> bool:
        """Whether *at* lies in the window."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


class Source(Struct, frozen=True):
    """A public source of facts and the day on which it was read."""

    url: str
    read: date | None = None


class Declared(Struct, frozen=True, kw_only=True):
    """One status of a publisher: who declared it, and the first instants of the days on which that happened."""

    status: str
    by: str | None = None
    decided: datetime | None = None
    announced: datetime | None = None
    listed: datetime | None = None
    until: datetime | None = None
    zone: str | None = None
    sources: tuple[Source, ...] = ()
    confidence: Confidence | None = None

    def window(self, since: Since) -> Window:
        """When the publisher has the status, counted from the date *since*, or the nearest one that is known."""
        dates = (getattr(self, name) for name in _STAND_INS[since])
        return Window(next((date for date in dates if date is not None), None), self.until, self.zone)


class Publisher(Struct, frozen=True):
    """Who publishes: name by language, and the hosts (exact, or ``*.example`` for all below) that are theirs.

    ``statuses`` are its own; those of the publisher that it is ``part_of`` are its as well.
    """

    id: str
    name: Mapping[str, str]
    hosts: tuple[str, ...] = ()
    statuses: tuple[Declared, ...] = ()
    part_of: str | None = None


class StatusAsked(Struct, frozen=True):
    """Any of the statuses *names*, and by publisher when it has one of them: the ids that a page may name.

    A status of low confidence is not among the ``holders``: it never acts.
    """

    names: frozenset[str]
    since: Since
    holders: tuple[tuple[str, tuple[Window, ...]], ...]

    def at(self, at: datetime) -> frozenset[str]:
        """The publishers that have one of the statuses at *at*."""
        return frozenset(name for name, windows in self.holders if any(window.holds(at) for window in windows))

    def windows_of(self, publisher: str) -> tuple[Window, ...]:
        """When *publisher* has one of the statuses; empty where it never has."""
        return next((windows for name, windows in self.holders if name == publisher), ())

    @property
    def boundaries(self) -> Mapping[datetime, str | None]:
        """Every instant at which somebody gains or loses one of the statuses, with the editor's zone."""
        windows = [window for _, several in self.holders for window in several]
        return {bound: one.zone for one in windows for bound in (one.start, one.end) if bound is not None}
