"""The families of the counts: their names, what they say, and by what each is told apart."""

from __future__ import annotations

from typing import NamedTuple


class Family(NamedTuple):
    """One kind of count: its ``name``, what it ``says`` to people, and its ``labels`` in the order of their values."""

    name: str
    says: str
    labels: tuple[str, ...]


PAGES = Family("notices_pages", "Pages by what became of them.", ("outcome",))
SHOWN = Family("notices_shown", "Notices by the rule that they come from.", ("rule",))
RELOADS = Family("notices_reloads", "Reloads of rules and databases.", ("what", "outcome"))
FEEDS = Family("notices_feeds", "Feeds by what became of them.", ("outcome",))
FAILURES = Family("notices_failures", "Failures inside the service by step; the page was served.", ("step",))
COUNTED = (PAGES, SHOWN, RELOADS, FEEDS, FAILURES)

#: The one family that is measured and not counted, in seconds.
LATENCY = Family("notices_latency_seconds", "What the service adds to a page before its first byte.", ())
#: Seconds; a decision for a known page takes tens of microseconds, a page with a slow database a few milliseconds.
LATENCY_BUCKETS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1)
