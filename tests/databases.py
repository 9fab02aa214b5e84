"""Location databases for the tests: MaxMind's test files, and small ones written on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
OWN = HERE / "data" / "maxmind"
SHARED = HERE.parent.parent / "shared" / "data" / "maxmind"


def maxmind(name: str) -> Path:
    """One of MaxMind's test files; the test is skipped where the larger collection is not there."""
    for folder in (OWN, SHARED):
        if (folder / name).exists():
            return folder / name
    return pytest.skip(f"MaxMind's test file {name} is not here")


def bad_files() -> list[Path]:
    """MaxMind's deliberately broken files; empty where the larger collection is not there."""
    broken = [*SHARED.glob("MaxMind-DB-test-broken-*"), *SHARED.glob("GeoIP2-City-Test-*.mmdb")]
    return sorted([*broken, *(SHARED / "bad-data").rglob("*.mmdb")])


def write_database(path: Path, records: Mapping[str, Any], *, kind: str = "Test-City", ip_version: int = 6) -> Path:
    """Write a database of *records* by network with an independent writer."""
    writer = MMDBWriter(ip_version=ip_version, database_type=kind, ipv4_compatible=ip_version == 6)
    for network, record in records.items():
        writer.insert_network(IPSet([network]), record)
    writer.to_db_file(str(path))
    return path
