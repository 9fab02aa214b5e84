"""What the commands ask: rules and location databases, opened as the server opens them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from notices.engine import safe_default
from notices.folder import load_files, load_folder
from notices.gazetteer import Gazetteer
from notices.geo.database import open_databases
from notices.geo.locate import Locator
from notices.index import build_index
from notices.revisions import read_as_of
from notices.settings import Settings
from notices.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notices.ruleset import Ruleset


def utc_now() -> datetime:
    """The present instant, aware, to the second: finer says nothing to people."""
    return datetime.now(UTC).replace(microsecond=0)


def open_rules(rules: Path, as_of: datetime | None = None) -> Ruleset:
    """Load *rules* as they are, or as they were committed to git at the instant *as_of*.

    :raises RulesetError: when the rules cannot be used.
    :raises RevisionError: when git does not know them at that instant.
    """
    return (load_folder(rules) if as_of is None else load_files(read_as_of(rules, as_of))).ruleset


@contextmanager
def standing(rules: Path, as_of: datetime | None) -> Iterator[Path]:
    """The folder *rules*, or for a while one with what git kept in it at the instant *as_of*.

    :raises RevisionError: when git does not know them at that instant.
    """
    if as_of is None:
        yield rules
        return
    with TemporaryDirectory(prefix="notices-") as name:
        for path, content in read_as_of(rules, as_of).items():
            file = Path(name, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        yield Path(name)


def open_snapshot(rules: Path, geoip: Sequence[Path], at: datetime, as_of: datetime | None = None) -> Snapshot:
    """Load *rules* and open the databases of *geoip*, or those that the environment names, or the embedded one.

    :raises RulesetError: when the rules cannot be used.
    :raises RevisionError: when git does not know them at the instant *as_of*.
    :raises DatabaseError: when a database cannot be used.
    :raises SettingsError: when the environment holds a setting of no use.
    """
    ruleset = open_rules(rules, as_of)
    settings = read_settings(rules, geoip)
    databases = open_databases(settings.geoip)
    gazetteer = Gazetteer(ruleset.labels, ruleset.contested)
    index = build_index(ruleset)
    return Snapshot(
        ruleset=ruleset,
        index=index,
        gazetteer=gazetteer,
        locator=Locator(settings, databases, gazetteer),
        databases=databases,
        digest=ruleset.digest,
        loaded_at=at,
        safe_default=safe_default(index, at),
    )


def read_settings(rules: Path, geoip: Sequence[Path]) -> Settings:
    """The environment's settings, with these rules and, where any are given, these databases."""
    stated = {"NOTICES_RULES": rules} | ({"NOTICES_GEOIP": list(geoip)} if geoip else {})
    return Settings.from_mapping(stated, os.environ)
