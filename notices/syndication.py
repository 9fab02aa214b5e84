"""What a site says elsewhere, by its live rules: its feeds, its newsletters, and the previews of its links.

Who fetches a feed or a preview is a server, and where that stands tells nothing of who reads. So all this is decided
for a reader of whom nothing is known, unless regions are stated, and no address is ever looked at.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .engine import decide
from .errors import QuestionError
from .feeds import Annotated, Reason, annotate
from .geo.locate import location_for
from .http.facts import FACT_NAMES, TAKES, fault_in_words, read_facts
from .page import Page
from .page_url import host_and_path_in_text
from .surfaces import for_newsletter, for_preview

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .decision import Decision
    from .feeds import FeedItem
    from .service import Service
    from .snapshot import Snapshot
    from .surfaces import LinkPreview, Newsletter

    #: More facts of an item, in the names of ``describe_page``.
    Facts = Callable[[FeedItem], Mapping[str, Any]]

_log = logging.getLogger("notices")


def annotate_feed(
    service: Service,
    feed: bytes,
    *,
    region: Sequence[str] = (),
    facts: Facts | None = None,
    media_type: str | None = None,
) -> Annotated:
    """Put the site's notices into *feed*, as :func:`notices.feeds.annotate`, for a reader in *region*, else anywhere.

    *facts* states more of each item, and wins over what the item says itself; ``{"skip": True}`` leaves it alone.
    Whatever fails on our side, the feed passes, and the failure is counted. ``MODE`` holds for feeds too.

    :raises QuestionError: for a region that is none.
    """
    mode = service.settings.mode
    deciding = _Deciding(service, region, facts)
    if mode == "off":
        return Annotated(feed=feed)
    try:
        annotated = annotate(feed, deciding, media_type=media_type)
    except Exception as error:  # noqa: BLE001  a feed must not suffer
        deciding.note("feed", type(error).__name__)
        annotated = Annotated(feed=feed, reason=Reason.FAILED)
    service.metrics.count_feed(_outcome(annotated, feed, mode))
    return Annotated(feed=feed, items=annotated.items, reason=annotated.reason) if mode == "report" else annotated


class _Deciding:
    """Decides for the items of one feed: one snapshot, one location, one instant; each failure is logged once."""

    def __init__(self, service: Service, region: Sequence[str], facts: Facts | None) -> None:
        self._service = service
        self._snapshot = service.snapshot()
        self._at = service.now()
        self._location = location_for(_several(region), self._snapshot.gazetteer)
        self._facts = facts
        self._noted: set[str] = set()

    def __call__(self, item: FeedItem) -> Decision | None:
        """The decision for *item*, the safe default where none can be made; None for one to be left alone."""
        try:
            stated = self._stated(item)
            if stated.pop("skip", False):
                return None
            return decide(self._snapshot.index, self._location, replace(item.page, **stated), (), self._at)
        except Exception as error:  # noqa: BLE001  one item must not cost the others their notices
            self.note("decision", type(error).__name__)
            return self._snapshot.safe_default

    def _stated(self, item: FeedItem) -> dict[str, Any]:
        """What the site states of *item*; what is of no use is dropped and noted."""
        if self._facts is None:
            return {}
        try:
            read, faults = read_stated(self._facts(item), self._snapshot)
        except Exception as error:  # noqa: BLE001  the site's own function; the item still says something itself
            read, faults = {}, (type(error).__name__,)
        for fault in faults:
            self.note("page-facts", f"an item's facts are dropped: {fault_in_words(fault)}")
        return read

    def note(self, step: str, cause: str) -> None:
        """Count a failure; the log names its kind alone, since texts of errors may hold what nobody should read."""
        self._service.metrics.count_failure(step)
        if cause not in self._noted:
            self._noted.add(cause)
            _log.error("notices: %s failed, the feed was served: %s", step, cause)


def read_stated(facts: Mapping[str, Any], snapshot: Snapshot) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The *facts* of a page in the names of :class:`notices.page.Page` (and ``skip``), and the names of no use."""
    zone = snapshot.ruleset.defaults.timezone
    read = read_facts(facts, UTC if zone is None else ZoneInfo(zone))
    stated, faults = dict(read.facts), read.faults
    if stated.get("publisher") not in (None, *snapshot.ruleset.publishers):
        del stated["publisher"]
        faults = (*faults, "publisher")
    return stated, faults


def write_newsletter(service: Service, page: Page, *, region: Sequence[str] = ()) -> Newsletter:
    """Write the notices of *page* for a newsletter whose readers are in *region*, by their subscription, else anywhere.

    :raises QuestionError: for a region that is none.
    """
    return for_newsletter(_decide(service, page, region))


def write_preview(service: Service, page: Page, *, limit: int = 200, description: str = "") -> LinkPreview:
    """Write what *page* says of itself to those who share its link: the notices that unknown readers get, at first."""
    return for_preview(_decide(service, page, ()), limit, description=description)


def stated_page(service: Service, url: str, facts: Mapping[str, Any]) -> Page:
    """The page at *url*, of which a site states *facts* in the names of ``describe_page``.

    :raises QuestionError: for an address that is none, and for facts of no use.
    """
    host, path = host_and_path_in_text(url)
    if host is None:
        raise QuestionError("url", "it must be the whole http or https address of the page")
    for name in facts:
        if name not in FACT_NAMES:
            raise QuestionError(name, f"{name!r} is no fact of a page; facts are {', '.join(FACT_NAMES)}")
    stated, faults = read_stated(facts, service.snapshot())
    for name in faults:
        raise QuestionError(name, f"the value of {name!r} is of no use: {facts[name]!r}; it takes {TAKES[name]}")
    stated.pop("skip", None)
    return Page(host=host, path=path, **stated)


def _decide(service: Service, page: Page, region: Sequence[str]) -> Decision:
    snapshot = service.snapshot()
    return decide(snapshot.index, location_for(_several(region), snapshot.gazetteer), page, (), service.now())


def _several(region: Sequence[str]) -> Sequence[str]:
    return (region,) if isinstance(region, str) else region


def _outcome(annotated: Annotated, feed: bytes, mode: str) -> str:
    if annotated.reason is not None:
        return annotated.reason.value
    if not annotated.noticed and not annotated.omitted:
        return "none"
    if mode == "report":
        return "reported"
    return "already-done" if annotated.feed == feed else "changed"
