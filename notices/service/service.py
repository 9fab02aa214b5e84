"""The running service: one snapshot of rules and location data, replaced as a whole when an edit is good."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from notices.engine import safe_default
from notices.gazetteer import Gazetteer
from notices.geo.database import embedded_database_path
from notices.metrics import Metrics
from notices.snapshot import Snapshot
from notices.state import State
from notices.watch import Watch

from .sources import DatabaseSource, RulesSource
from .warming import warm_up
from .witness import Witness, WitnessedLocator

if TYPE_CHECKING:
    from collections.abc import Callable

    from notices.ruleset import Ruleset
    from notices.settings import Settings

    from .sources import Outcome

_log = logging.getLogger("notices")


def utc_now() -> datetime:
    """The present instant, aware."""
    return datetime.now(UTC)


class Service:
    """The notices of one site: ``settings``, ``metrics`` and, through :meth:`snapshot`, what is live.

    *clock* gives the present as an aware instant; tests and demonstrations set their own.

    :raises RulesetError: when the rules cannot be used and none are kept (spec: service, ``ON_FAILURE``).
    :raises SettingsError: when a database cannot be used and ``ON_FAILURE`` is ``refuse``.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.settings = settings
        self.now = clock
        self.metrics = Metrics()
        self.witness = Witness()
        self.state = State(settings.state, settings.rules)
        at = clock()
        self.rules = RulesSource(settings.rules, self.state, settings.on_failure, at)
        paths = settings.geoip or (embedded_database_path(),)
        self.databases = tuple(DatabaseSource(path, settings.on_failure, at, self.state) for path in paths)
        self._snapshot = self._prepare(at)
        self._warmed: Ruleset | None = None
        self._logged_trouble = False
        self._activate(at)
        self.rules.keep(self.state)
        self._watch = None if settings.reload is None else Watch(settings.reload, self.look)

    def snapshot(self) -> Snapshot:
        """What is live now; take it once for a request. The first call in a process starts the looking for edits.

        The first call under new rules also starts a thread that makes ahead what their places need.
        """
        if self._watch is not None and not self._watch.running:
            self._watch.start()
        snapshot = self._snapshot
        if self._warmed is not snapshot.ruleset:
            self._warmed = snapshot.ruleset
            warm_up(snapshot.ruleset)
        return snapshot

    def close(self) -> None:
        """End the looking for edits; what is live stays live."""
        if self._watch is not None:
            self._watch.stop()

    def look(self) -> bool:
        """Look once at rules and databases and take over what is good; whether something is still moving."""
        at = self.now()
        new_rules = self._count("rules", self.rules.look(at))
        new_data = [self._count("databases", source.look(at)) for source in self.databases]
        if new_rules:
            self._snapshot = self._prepare(at)
        elif any(new_data):
            self._snapshot = replace(self._prepare(at), loaded_at=self._snapshot.loaded_at)
        elif (until := self._snapshot.safe_default.until) is not None and until <= at:
            self._snapshot = replace(self._snapshot, safe_default=safe_default(self._snapshot.index, at))
        if new_rules or self.state.trouble is not None:
            self._activate(self._snapshot.loaded_at)
        return self.rules.moving or any(source.moving for source in self.databases)

    def _count(self, what: str, outcome: Outcome | None) -> bool:
        if outcome is not None:
            self.metrics.count_reload(what, outcome)
        return outcome == "live"

    def _prepare(self, at: datetime) -> Snapshot:
        ruleset = self.rules.loaded.ruleset
        databases = tuple(source.database for source in self.databases if source.database is not None)
        gazetteer = Gazetteer(ruleset.labels, ruleset.contested)
        return Snapshot(
            ruleset=ruleset,
            index=self.rules.index,
            gazetteer=gazetteer,
            locator=WitnessedLocator(self.settings, databases, gazetteer, self.witness),
            databases=databases,
            digest=ruleset.digest,
            loaded_at=at,
            safe_default=safe_default(self.rules.index, at),
        )

    def _activate(self, at: datetime) -> None:
        """Write down that the rules are live from *at*; a disk that cannot be written to is logged once."""
        loaded = self.rules.loaded
        self.state.activate(loaded.ruleset.digest, loaded.files, at)
        if self.state.trouble is not None and not self._logged_trouble:
            _log.error("notices: the last good rules cannot be kept in NOTICES_STATE: %s", self.state.trouble)
        self._logged_trouble = self.state.trouble is not None
