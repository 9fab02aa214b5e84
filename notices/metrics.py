"""What the service counts for Prometheus: by rule and outcome only, never an address, never a region per reader."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MutexValue, ValueClass

from .errors import SettingsError

#: Seconds; a decision for a known page takes tens of microseconds, a page with a slow database a few milliseconds.
LATENCY_BUCKETS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1)


class _Families:
    """The families of one registry; with ``PROMETHEUS_MULTIPROC_DIR`` each process writes them to its own files."""

    def __init__(self, registry: CollectorRegistry | None) -> None:
        self.pages = Counter("notices_pages", "Pages by what became of them.", ["outcome"], registry=registry)
        self.shown = Counter("notices_shown", "Notices by the rule that they come from.", ["rule"], registry=registry)
        self.reloads = Counter(
            "notices_reloads", "Reloads of rules and databases.", ["what", "outcome"], registry=registry
        )
        self.feeds = Counter("notices_feeds", "Feeds by what became of them.", ["outcome"], registry=registry)
        self.failures = Counter(
            "notices_failures", "Failures inside the service by step; the page was served.", ["step"], registry=registry
        )
        self.latency = Histogram(
            "notices_latency_seconds",
            "What the service adds to a page before its first byte.",
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )


@cache
def _shared_families() -> _Families:
    """The one set of a process in multiprocess mode: two sets would overwrite each other in the process's files."""
    try:
        return _Families(None)
    except OSError as error:
        raise SettingsError(
            f"PROMETHEUS_MULTIPROC_DIR cannot be written to ({error.strerror}); create the folder or unset it"
        ) from error


class Metrics:
    """The counts of one service in a registry of its own, so that several apps in one process stay apart.

    Where ``PROMETHEUS_MULTIPROC_DIR`` was set before ``prometheus_client`` was imported, the counts of all workers
    (and of all apps in them) are united. Counting never raises, whatever a full disk
    does to the client: it must not cost a page.
    """

    def __init__(self) -> None:
        self.multiprocess = ValueClass is not MutexValue
        self._registry = CollectorRegistry()
        self._families = _shared_families() if self.multiprocess else _Families(self._registry)

    def count_page(self, outcome: str) -> None:
        """Count one page; *outcome* is what became of it, from a fixed list."""
        with suppress(Exception):
            self._families.pages.labels(outcome).inc()

    def count_notice(self, rule: str) -> None:
        """Count one notice shown; *rule* is the rule's public name."""
        with suppress(Exception):
            self._families.shown.labels(rule).inc()

    def count_reload(self, what: str, outcome: str) -> None:
        """Count one reload of *what* (``rules``, ``databases``); *outcome* is ``live`` or ``refused``."""
        with suppress(Exception):
            self._families.reloads.labels(what, outcome).inc()

    def count_feed(self, outcome: str) -> None:
        """Count one feed; *outcome* is what became of it, from a fixed list."""
        with suppress(Exception):
            self._families.feeds.labels(outcome).inc()

    def count_failure(self, step: str) -> None:
        """Count one failure that was caught at *step*, a name from a fixed list."""
        with suppress(Exception):
            self._families.failures.labels(step).inc()

    def observe_latency(self, seconds: float) -> None:
        """Note how many *seconds* the service added to one page."""
        with suppress(Exception):
            self._families.latency.observe(seconds)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """All counts in the Prometheus format that *accept* prefers, and its media type."""
        encode, media_type = choose_encoder(accept)
        return encode(self._collected()), media_type

    def _collected(self) -> CollectorRegistry:
        if not self.multiprocess:
            return self._registry
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client gives it no types
        return registry
