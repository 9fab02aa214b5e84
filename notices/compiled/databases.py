"""What databases were found to be: their checks are long, and a file with the same checksum comes out the same."""

from __future__ import annotations

import hashlib
import os
import struct
from array import array
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from notices.geo.findings import Findings

from .sealed import read_sealed, write_sealed

if TYPE_CHECKING:
    from pathlib import Path


_LENGTH = struct.Struct(">I")


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
            content = memoryview(read_sealed(self._path, checksum))
            (end,) = _LENGTH.unpack_from(content)
            fields, held = msgspec.msgpack.decode(content[_LENGTH.size : end], type=tuple[list[str], list[str]])
            table = array("I")
            table.frombytes(content[end:])
            return Findings(frozenset(fields), frozenset(held), table)
        return None

    def put(self, checksum: str, findings: Findings) -> None:
        """Keep what the content with this SHA-256 was found to be; a folder that cannot be written to keeps nothing."""
        if self._path is not None:
            names = msgspec.msgpack.encode((sorted(findings.fields), sorted(findings.held)))
            content = b"".join((_LENGTH.pack(_LENGTH.size + len(names)), names, findings.table))
            with suppress(OSError):
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_sealed(self._path, checksum, content)
