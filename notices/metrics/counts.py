"""The counts of one process: numbers in tables, which become Prometheus' families when somebody asks."""

from __future__ import annotations

import time
from bisect import bisect_left
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING

from .families import COUNTED, LATENCY, LATENCY_BUCKETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric

    from .families import Family

#: The values of a family's labels, in its order: from fixed lists, or names of rules.
Labels = tuple[str, ...]
#: How far each bucket reaches, in Prometheus' spelling.
_ENDS = (*map(str, LATENCY_BUCKETS), "+Inf")


class Counts:
    """Counts of one service; threads may count at the same time. To Prometheus' client it is a collector."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counted: dict[Family, dict[Labels, int]] = {family: {} for family in COUNTED}
        self._began: dict[tuple[Family, Labels], float] = {(LATENCY, ()): time.time()}
        self._buckets = [0] * (len(LATENCY_BUCKETS) + 1)
        self._seconds = 0.0

    def add(self, family: Family, *labels: str) -> None:
        """Count one of *family*, with the values of its labels."""
        counted = self._counted[family]
        with self._lock:
            if labels not in counted:
                counted[labels] = 0
                self._began[family, labels] = time.time()
            counted[labels] += 1

    def observe(self, seconds: float) -> None:
        """Note one latency."""
        bucket = bisect_left(LATENCY_BUCKETS, seconds)
        with self._lock:
            self._buckets[bucket] += 1
            self._seconds += seconds

    def registry(self) -> CollectorRegistry:
        """All counts as they are when the registry is read."""
        from prometheus_client import CollectorRegistry

        registry = CollectorRegistry()
        registry.register(self)
        return registry

    def collect(self) -> Iterator[Metric]:
        """The families, as Prometheus' client asks for them."""
        dated = _dates_are_shown()
        with self._lock:
            families = [*(self._counter(family, dated=dated) for family in COUNTED), self._histogram(dated=dated)]
        yield from families

    def _counter(self, family: Family, *, dated: bool) -> CounterMetricFamily:
        from prometheus_client.metrics_core import CounterMetricFamily

        made = CounterMetricFamily(family.name, family.says, labels=family.labels)
        for labels, count in self._counted[family].items():
            made.add_metric(labels, count, created=self._began[family, labels] if dated else None)
        return made

    def _histogram(self, *, dated: bool) -> HistogramMetricFamily:
        from prometheus_client.metrics_core import HistogramMetricFamily

        made = HistogramMetricFamily(LATENCY.name, LATENCY.says)
        made.add_metric((), list(zip(_ENDS, accumulate(self._buckets), strict=True)), self._seconds)
        if dated:
            made.add_sample(f"{LATENCY.name}_created", {}, self._began[LATENCY, ()])
        return made


def _dates_are_shown() -> bool:
    """Whether the client tells when a count began, which its users can switch off."""
    from prometheus_client import metrics

    # It says so nowhere else; a counter made to see would be written to files where counts are shared.
    return bool(getattr(metrics, "_use_created", True))
