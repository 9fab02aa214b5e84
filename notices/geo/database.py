"""Location databases in the MaxMind DB format: opened on a checked private copy, and never the cause of a failure."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from .claims import Claims
from .findings import Findings
from .private_copy import private_copy
from .records import Shape, read_claim
from .reference import method_for, reference_record
from .tree import SearchTree
from .validation import NamesHeld, built_at, open_sound, shape_for, walk_records

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from maxminddb_rust import Metadata, Reader

    from .address import Address
    from .claim import Claim
    from .findings import Memory
    from .private_copy import PrivateCopy

T = TypeVar("T")


class DatabaseInfo(Struct, frozen=True):
    """What a database is: ``type`` and ``built`` (UTC) as its metadata says, ``file`` its name without the folder.

    ``countries``, ``subdivisions`` and ``network`` say what its records hold; how old is too old the caller knows.
    """

    type: str
    built: datetime
    file: str
    countries: bool
    subdivisions: bool
    network: bool
    ip_version: int
    description: str = ""


class Database:
    """One open database; safe to share between threads and to carry over a fork.

    *tree* finds the number of an IPv4 address's record, by which claims are remembered. ``claim_number`` takes an IPv4
    address as a number and gives a number for what :meth:`look_up` says, the same for all of which it says the same;
    None where there is none: where reading fails, and without a tree. ``claim`` gives what a number stands for.
    """

    claim_number: Callable[[int], int | None]
    claim: Callable[[int], Claim | None]

    def __init__(
        self,
        reader: Reader,
        info: DatabaseInfo,
        shape: Shape,
        path: Path | None = None,
        tree: SearchTree | None = None,
    ) -> None:
        self.info = info
        self._path = path
        self._reader = reader
        self._shape = shape
        self._failures = 0
        self._lock = threading.Lock()
        if tree is None:
            self.claim_number = self.claim = _no_number
        else:
            claims = Claims(tree, partial(_read, reader, shape))
            self.claim_number, self.claim = claims.number, claims.claim

    def __repr__(self) -> str:
        return f"<Database {self.info.file} ({self.info.type})>"

    @property
    def failures(self) -> int:
        """How many look-ups of this process ended in an error of the reader's and were answered "unknown"."""
        return self._failures

    def look_up(self, address: Address) -> Claim | None:
        """What the database says about *address*; None where it says nothing, and where reading fails."""
        return self._safely(address, lambda: _read(self._reader, self._shape, address))

    def record(self, address: Address) -> Any:
        """The whole record for *address*, for explanations; None where there is none.

        ``geoip2`` reads MaxMind's shapes, which it defines; other files are shown as they are.
        """
        path, method = self._path, method_for(self.info.type)
        if path is None or method is None:
            return self._safely(address, lambda: self._reader.get(address))
        return self._safely(address, lambda: reference_record(path, method, address))

    def _safely(self, address: Address, read: Callable[[], T]) -> T | None:
        """The answer of *read*; None, and counted, whatever a reader raises over damaged data."""
        if address.version > self.info.ip_version:
            return None
        try:
            return read()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - a panic in the Rust reader derives from BaseException
            with self._lock:
                self._failures += 1
            return None


def _read(reader: Reader, shape: Shape, address: Address) -> Claim | None:
    return read_claim(shape, partial(reader.get_path, address))


def _no_number(_address: int) -> None:
    return None


def embedded_database_path() -> Path:
    """Where the country database that comes with this package lies."""
    return Path(__file__).parent.parent / "data" / "country.mmdb"


def open_database(path: Path, memory: Memory | None = None) -> Database:
    """Open the database at *path* on a private copy, after checking it; what *memory* knows is not found out again.

    :raises DatabaseError: with the file's name and the reason, when it cannot be used.
    """
    with private_copy(path) as copy:
        reader, metadata = open_sound(path.name, copy)
        known = None if memory is None else memory.get(copy.checksum)
        if known is None:
            shape, tree, found = _look_through(path.name, copy, reader, metadata)
            if memory is not None:
                memory.put(copy.checksum, found)
        else:
            shape = shape_for(path.name, metadata, known.fields, known.held.__contains__)
            tree = _tree(copy, metadata, known.table)
    built = built_at(metadata)
    assert built is not None  # checked with the rest of the metadata
    info = DatabaseInfo(
        type=metadata.database_type,
        built=built,
        file=path.name,
        countries=shape.country,
        subdivisions=shape.finer,
        network=shape.network,
        ip_version=metadata.ip_version,
        description=metadata.description.get("en", ""),
    )
    return Database(reader, info, shape, path, tree)


def _look_through(
    name: str, copy: PrivateCopy, reader: Reader, metadata: Metadata
) -> tuple[Shape, SearchTree, Findings]:
    """Check what is in a database that nobody knows, and walk its tree ahead."""
    fields, held = walk_records(name, reader, metadata), NamesHeld(copy.content, metadata)
    shape, tree = shape_for(name, metadata, fields, held), _tree(copy, metadata)
    return shape, tree, Findings(fields, frozenset(held.found), tree.table)


def _tree(copy: PrivateCopy, metadata: Metadata, table: array[int] | None = None) -> SearchTree:
    return SearchTree(copy.keep(), metadata.node_count, metadata.record_size, metadata.ip_version, table)


def open_databases(paths: Iterable[Path]) -> tuple[Database, ...]:
    """Open the databases that a site names, or the embedded one where it names none.

    :raises DatabaseError: for the first one that cannot be used.
    """
    return tuple(map(open_database, tuple(paths) or (embedded_database_path(),)))
