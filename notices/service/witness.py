"""What the service sees of its own locating: how many visitors stay unknown, headers that nobody may believe.

Kept in memory as truth values; no address, no region.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from notices.geo.locate import Locator
from notices.region import WORLD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notices.gazetteer import Gazetteer
    from notices.geo.database import Database
    from notices.location import Location
    from notices.settings import Settings

#: The share of unknown locations is that among so many of the last visitors.
REMEMBERED = 1_000


class Witness:
    """What one process has seen since its start; every thread may write."""

    def __init__(self) -> None:
        self._unknown: deque[bool] = deque(maxlen=REMEMBERED)
        self.untrusted_forwarding_seen = False

    def note(self, location: Location) -> None:
        """Remember whether a visitor's place was found; an anonymised visitor's was, as far as it can be."""
        self._unknown.append(location.candidates == (WORLD,) and not location.anonymous)

    def unknown_share(self) -> float | None:
        """The share of visitors whose place was not found, from 0 to 1; None before the first visitor."""
        seen = tuple(self._unknown)
        return round(sum(seen) / len(seen), 4) if seen else None


class WitnessedLocator(Locator):
    """A locator whose answers *witness* sees."""

    def __init__(
        self, settings: Settings, databases: Sequence[Database], gazetteer: Gazetteer, witness: Witness
    ) -> None:
        super().__init__(settings, databases, gazetteer)
        self._witness = witness

    def locate(self, peer: str, header: Callable[[str], str | None]) -> Location:
        """Where the visitor behind *peer* and *header* may be, as :meth:`Locator.locate`."""
        location = super().locate(peer, header)
        self._witness.note(location)
        # Once seen it is known: the look costs every request of a site that has it right nothing more than this test.
        if not self._witness.untrusted_forwarding_seen and self.forwarding_ignored(peer, header):
            self._witness.untrusted_forwarding_seen = True
        return location
