"""Counts that the processes of a site share, in the files of Prometheus' client (``PROMETHEUS_MULTIPROC_DIR``)."""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING

from notices.errors import SettingsError

from .families import COUNTED, LATENCY, LATENCY_BUCKETS

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from .families import Family

_FOLDERS = ("PROMETHEUS_MULTIPROC_DIR", "prometheus_multiproc_dir")


def are_shared() -> bool:
    """Whether Prometheus' client writes to files, which it decides by the environment when it is first imported."""
    if "prometheus_client.values" not in sys.modules and not any(name in os.environ for name in _FOLDERS):
        return False
    from prometheus_client.values import MutexValue, ValueClass

    return ValueClass is not MutexValue


class SharedCounts:
    """The counts of all services in all processes that write to the same folder."""

    def __init__(self) -> None:
        from prometheus_client import Counter, Histogram

        self._counters = {one: Counter(one.name, one.says, one.labels, registry=None) for one in COUNTED}
        self._latency = Histogram(LATENCY.name, LATENCY.says, buckets=LATENCY_BUCKETS, registry=None)

    def add(self, family: Family, *labels: str) -> None:
        """Count one of *family*, with the values of its labels."""
        self._counters[family].labels(*labels).inc()

    def observe(self, seconds: float) -> None:
        """Note one latency."""
        self._latency.observe(seconds)

    def registry(self) -> CollectorRegistry:
        """The counts of all processes, as their files have them now."""
        from prometheus_client import CollectorRegistry
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client gives it no types
        return registry


@cache
def shared_counts() -> SharedCounts:
    """The one set of a process: two sets would overwrite each other in the process's files.

    :raises SettingsError: where the folder cannot be written to.
    """
    try:
        return SharedCounts()
    except OSError as error:
        raise SettingsError(
            f"PROMETHEUS_MULTIPROC_DIR cannot be written to ({error.strerror}); create the folder or unset it"
        ) from error
