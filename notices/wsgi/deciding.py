"""The decision for one request, with a way out for every failure on the way to it (spec: service, section 3)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from notices.engine import decide
from notices.geo.locate import location_for
from notices.http.outcome import Step
from notices.index import build_index
from notices.location import Location
from notices.memo import Memo
from notices.preview import PARAMETER, read_preview

from .showing import Showing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from notices.decision import Decision
    from notices.index import Index, Verdict
    from notices.page import Page
    from notices.preview import Preview
    from notices.ruleset import Rule
    from notices.settings import Settings
    from notices.snapshot import Snapshot

    from .failures import Counts, Failures
    from .visit import Visit
    from .writing import Written

#: Surfaces that sites put into frames: a rule that names one of them speaks of what stands in a frame.
_IN_FRAMES = frozenset({"form", "comments"})


class Site(Protocol):
    """The part of :class:`notices.service.Service` that pages use."""

    @property
    def settings(self) -> Settings:
        """The site's settings."""

    @property
    def metrics(self) -> Counts:
        """Where pages are counted."""

    def snapshot(self) -> Snapshot:
        """Rules and data, to be taken once for a request."""

    def now(self) -> datetime:
        """The present, aware."""


class Narrowed(Struct, frozen=True, dict=True):
    """Parts of a snapshot's rules, indexed when first asked for: what withholds, what may stand in a frame.

    ``showings`` are what verdicts by its rules put into pages, ``written`` the bytes of their texts.
    """

    snapshot: Snapshot
    showings: Memo[Verdict, Showing] = field(default_factory=lambda: Memo(1024))
    written: Written = field(default_factory=lambda: Memo(512))

    def showing_of(self, decision: Decision) -> Showing:
        """What *decision* puts into pages, found out once for each verdict."""
        return self.showings.get(decision.verdict) or self.showings.put(decision.verdict, Showing(decision))

    @cached_property
    def withholding(self) -> Index | None:
        """The rules that withhold; None where there are none."""
        return self._index(lambda rule: rule.action == "withhold")

    @cached_property
    def showing(self) -> Index | None:
        """The rules that show: for methods that nothing is withheld from."""
        return self._index(lambda rule: rule.action == "notice")

    @cached_property
    def in_frames(self) -> Index | None:
        """The rules that reach into frames: those that withhold, and those for surfaces that stand in frames."""
        return self._index(lambda rule: rule.action == "withhold" or bool(_IN_FRAMES & (rule.pages.surfaces or set())))

    def _index(self, wanted: Callable[[Rule], bool]) -> Index | None:
        ruleset = self.snapshot.ruleset
        rules = {name: rule for name, rule in ruleset.rules.items() if rule.status == "active" and wanted(rule)}
        return build_index(replace(ruleset, rules=rules)) if rules else None


class Decider:
    """Decides for one request: one snapshot, one location, one instant. ``failed`` once a safe default stood in."""

    def __init__(self, site: Site, narrowed: Narrowed, visit: Visit, failures: Failures) -> None:
        self.snapshot = narrowed.snapshot
        self.narrowed = narrowed
        self.now = site.now()
        self.failed = False
        self.visit = visit
        self._failures = failures
        secret = site.settings.preview
        self.preview = None if secret is None else self._read_preview(secret)
        self._clock = site.now
        self._location: Location | None = None
        self._languages: tuple[str, ...] | None = None

    def begin(self) -> None:
        """The response begins: what it shows is decided for this instant, however long the app has worked."""
        self.now = self._clock()

    @property
    def at(self) -> datetime:
        """The instant that the page is shown for: the present, or that of a preview."""
        return self.preview.at if self.preview and self.preview.at else self.now

    def _read_preview(self, secret: str) -> Preview | None:
        try:
            token = self.visit.parameter(PARAMETER) if secret else None
            return read_preview(secret, token, self.now) if token else None
        except Exception as error:  # noqa: BLE001  a link that cannot be read is none
            self._failures.caught(Step.PREVIEW, error)
            return None

    @property
    def location(self) -> Location:
        """Where the visitor may be; unknown where that cannot be found out."""
        # Not a cached_property: until Python 3.12 each takes a lock, which costs as much as a look into a table.
        if self._location is None:
            self._location = self._locate()
        return self._location

    def _locate(self) -> Location:
        try:
            if self.preview:
                return location_for(self.preview.regions, self.snapshot.gazetteer)
            return self.snapshot.locator.locate(self.visit.peer, self.visit.header)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self._failures.caught(Step.LOCATION, error)
            self.failed = True
            return Location()

    @property
    def languages(self) -> tuple[str, ...]:
        """The visitor's languages."""
        if self._languages is None:
            self._languages = (self.preview.languages if self.preview else ()) or self.visit.wishes.languages
        return self._languages

    def decide(self, page: Page, index: Index | None = None) -> Decision:
        """The decision on *page* by *index*, by default by all rules; the safe default where none can be made."""
        try:
            return decide(index or self.snapshot.index, self.location, page, self.languages, self.at)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self._failures.caught(Step.DECISION, error)
            self.failed = True
            return self.snapshot.safe_default

    @property
    def withholds(self) -> bool:
        """Whether a rule can withhold what this request asks for: GET and HEAD of any media type."""
        return self.visit.method in ("GET", "HEAD") and self._narrow("withholding") is not None

    def for_method(self, page: Page) -> Decision:
        """The decision on *page*, from which nothing is withheld where the request is neither GET nor HEAD."""
        if self._narrow("withholding") is None or self.visit.method in ("GET", "HEAD"):
            return self.decide(page)
        showing = self._narrow("showing")
        return self.decide(page, showing) if showing else self.snapshot.safe_default

    def in_frame(self, page: Page) -> Decision | None:
        """The decision on *page* for a frame: None where no rule reaches into one."""
        index = self._narrow("in_frames")
        return None if index is None else self.decide(page, index)

    def others_withheld(self, page: Page) -> tuple[bool, datetime | None]:
        """Whether *page* could be withheld from somebody else, and until when that stays so."""
        index = self._narrow("withholding")
        decision = None if index is None else self.decide(page, index)
        return (False, None) if decision is None else (decision.others_differ, decision.until)

    def _narrow(self, which: str) -> Index | None:
        """A part of the rules; all of them where it cannot be indexed, which shows too much rather than too little."""
        try:
            index: Index | None = getattr(self.narrowed, which)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self._failures.caught(Step.DECISION, error)
            return self.snapshot.index
        return index
