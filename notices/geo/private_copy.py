"""A private copy of a database file: nobody can shorten or change it under the reader.

A file that is mapped and truncated in place kills the process (SIGBUS), so readers never open the file itself. The copy
is a sealed ``memfd`` that is mapped (shared by the workers of a site) or, where the system has none, plain memory.
"""

from __future__ import annotations

import hashlib
import io
import mmap
import os
import re
import stat
import sys
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING

import maxminddb_rust

from notices.errors import DatabaseError

from .siblings import NAME, find_shared, one_at_a_time

if sys.platform == "linux":
    import fcntl

    from .siblings import SEALS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Content = mmap.mmap | bytes

_CHUNK = 1 << 20
#: The largest database in sale is about half a gigabyte; a file without an end must not take the machine's memory.
MAX_BYTES = 4 << 30
#: What begins the metadata, and the end of the file in which it stands (MaxMind DB file format, 2.0).
_MARKER, _METADATA = b"\xab\xcd\xefMaxMind.com", 128 << 10
_LISTED = re.compile(r"([0-9A-Fa-f]{64})(?:[ \t]++\*?(.+))?")
#: Bytes of a list of checksums that are read: ten thousand files.
_LONGEST_LISTING = 1 << 20
_SEALED_FILES = "/proc/self/fd/{}"
_SEALED = sys.platform == "linux" and hasattr(os, "memfd_create")


class PrivateCopy:
    """The bytes of one file, as they were when it was read."""

    def __init__(self, content: Content, descriptor: int | None = None) -> None:
        self.content = content
        self._descriptor = descriptor
        self._kept = False

    def reader(self) -> maxminddb_rust.Reader:
        """Open a reader; it outlives this object. Every error of the reader's passes through."""
        if self._descriptor is not None:
            with suppress(OSError):  # without /proc the copy is read once more, into memory
                return maxminddb_rust.open_database(_SEALED_FILES.format(self._descriptor), maxminddb_rust.MODE_MMAP)
        return maxminddb_rust.open_database(io.BytesIO(self.content[:]), maxminddb_rust.MODE_FD)

    @cached_property
    def checksum(self) -> str:
        """The SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    def keep(self) -> Content:
        """The bytes, for one who goes on reading them after the release; they go when nobody holds them."""
        self._kept = True
        return self.content

    def release(self) -> None:
        """Close what is not needed any more: a reader's own mapping, and who keeps the bytes, keep them."""
        if isinstance(self.content, mmap.mmap) and not self._kept:
            self.content.close()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def private_copy(path: Path) -> Iterator[PrivateCopy]:
    """Copy the file at *path* and verify it against the ``.sha256`` beside it, where there is one.

    :raises DatabaseError: when it cannot be read, is empty, or is not what the checksum says.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DatabaseError(f"{path.name}: is no regular file")
        expected = listed_checksum(path)
        with path.open("rb") as source:
            _refuse_at_sight(path, source)
            copy = _sealed_copy(source) if _SEALED else _memory_copy(source)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DatabaseError(f"{path.name}: cannot be read: {reason}", passing=True) from None
    except MemoryError:
        raise DatabaseError(f"{path.name}: cannot be read: there is not enough memory", passing=True) from None
    try:
        _verify(path, copy, expected)
        yield copy
    finally:
        copy.release()


def _refuse_at_sight(path: Path, source: io.BufferedReader) -> None:
    """Refuse what is too large to copy, or is seen to be no database before it is copied, such as a sparse file."""
    size = source.seek(0, os.SEEK_END)
    if size > MAX_BYTES:
        raise DatabaseError(f"{path.name}: is larger than {MAX_BYTES >> 30} GiB")
    source.seek(max(0, size - _METADATA))
    if size and _MARKER not in source.read():
        raise DatabaseError(f"{path.name}: is no MaxMind DB file, or is truncated")
    source.seek(0)


def _memory_copy(source: io.BufferedReader) -> PrivateCopy:
    return PrivateCopy(source.read(MAX_BYTES))


def _sealed_copy(source: io.BufferedReader) -> PrivateCopy:
    with one_at_a_time(source):
        descriptor = find_shared(source)
        if descriptor is None:
            source.seek(0)
            try:
                descriptor = os.memfd_create(NAME, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            except OSError:  # a sandbox that forbids the call
                return _memory_copy(source)
            _fill(descriptor, source)
    try:
        size = os.fstat(descriptor).st_size
        content: Content = mmap.mmap(descriptor, size, access=mmap.ACCESS_READ) if size else b""
    except BaseException:
        os.close(descriptor)
        raise
    return PrivateCopy(content, descriptor)


def _fill(descriptor: int, source: io.BufferedReader) -> None:
    """Write all of *source* and seal it, or close the descriptor and raise."""
    try:
        while (chunk := source.read(_CHUNK)) and source.tell() <= MAX_BYTES:
            _write_all(descriptor, chunk)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
    except BaseException:
        os.close(descriptor)
        raise


def _write_all(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _verify(path: Path, copy: PrivateCopy, expected: str | None) -> None:
    if not copy.content:
        raise DatabaseError(f"{path.name}: the file is empty")
    if expected is not None and copy.checksum != expected:
        raise DatabaseError(f"{path.name}: the SHA-256 is not the one in {path.name}.sha256; fetch the file again")


def listed_checksum(path: Path) -> str | None:
    """The SHA-256 that ``<file>.sha256`` lists for the file at *path* (sha256sum's format), None where there is none.

    :raises DatabaseError: when that file exists and lists nothing for this one.
    """
    beside = path.with_name(f"{path.name}.sha256")
    try:
        if not stat.S_ISREG(beside.stat().st_mode):  # a pipe would be waited for without end
            raise DatabaseError(f"{path.name}: {beside.name} is no regular file")
        with beside.open("rb") as listing:
            lines = listing.read(_LONGEST_LISTING).decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return None
    for match in filter(None, map(_LISTED.fullmatch, map(str.strip, lines))):
        name = match[2]
        if name is None or name.rsplit("/", 1)[-1] == path.name:
            return match[1].lower()
    raise DatabaseError(f"{path.name}: {path.name}.sha256 holds no line of sha256sum's for it")
