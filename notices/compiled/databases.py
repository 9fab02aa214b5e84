"""What databases were found to be: their checks are long, and a file with the same checksum comes out the same."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from notices.geo.findings import Findings

from .sealed import read_sealed, write_sealed

if TYPE_CHECKING:
    from pathlib import Path


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    fields: list[str]
    held: list[str]
    table: bytes


class KeptFindings:
    """The findings about the database at *path*, kept in the folder *kept_in*; the last ones, of one content."""

    def __init__(self, kept_in: Path | None, path: Path) -> None:
        name = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:16]
        self._path = None if kept_in is None else kept_in / f"database-{name}"

    def get(self, checksum: str) -> Findings | None:
        """What the content with this SHA-256 was found to be; None where that is not known."""
        if self._path is None:
            return None
        with suppress(Exception):  # whatever is wrong with it: the database itself can be checked
            kept = msgspec.msgpack.decode(read_sealed(self._path, checksum), type=_Kept)
            return Findings(frozenset(kept.fields), frozenset(kept.held), kept.table)
        return None

    def put(self, checksum: str, findings: Findings) -> None:
        """Keep what the content with this SHA-256 was found to be; a folder that cannot be written to keeps nothing."""
        if self._path is not None:
            kept = _Kept(sorted(findings.fields), sorted(findings.held), findings.table)
            with suppress(OSError):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_sealed(self._path, checksum, msgspec.msgpack.encode(kept))
