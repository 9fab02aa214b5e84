"""Counting, which never raises, and what a scraper is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .counts import Counts
from .families import FAILURES, FEEDS, PAGES, RELOADS, SHOWN
from .shared import are_shared, shared_counts

if TYPE_CHECKING:
    from .families import Family


class Metrics:
    """The counts of one service, so that several apps in one process stay apart.

    Where ``PROMETHEUS_MULTIPROC_DIR`` was set before ``prometheus_client`` was imported, the counts of all workers
    (and of all apps in them) are united. Counting never raises, whatever a full disk
    does to the client: it must not cost a page.
    """

    def __init__(self) -> None:
        self._counts = shared_counts() if are_shared() else Counts()

    def count_page(self, outcome: str) -> None:
        """Count one page; *outcome* is what became of it, from a fixed list."""
        self._add(PAGES, outcome)

    def count_notice(self, rule: str) -> None:
        """Count one notice shown; *rule* is the rule's public name."""
        self._add(SHOWN, rule)

    def count_reload(self, what: str, outcome: str) -> None:
        """Count one reload of *what* (``rules``, ``databases``); *outcome* is ``live`` or ``refused``."""
        self._add(RELOADS, what, outcome)

    def count_feed(self, outcome: str) -> None:
        """Count one feed; *outcome* is what became of it, from a fixed list."""
        self._add(FEEDS, outcome)

    def count_failure(self, step: str) -> None:
        """Count one failure that was caught at *step*, a name from a fixed list."""
        self._add(FAILURES, step)

    def observe_latency(self, seconds: float) -> None:
        """Note how many *seconds* the service added to one page."""
        try:  # noqa: SIM105  suppress() costs as much as a count
            self._counts.observe(seconds)
        except Exception:  # noqa: BLE001, S110  it must not cost a page
            pass

    def _add(self, family: Family, *labels: str) -> None:
        try:  # noqa: SIM105  as above
            self._counts.add(family, *labels)
        except Exception:  # noqa: BLE001, S110  as above
            pass

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All counts in the Prometheus format that *accept* prefers, and its media type."""
        from prometheus_client.exposition import choose_encoder

        encode, media_type = choose_encoder(accept)
        return encode(self._counts.registry()), media_type
