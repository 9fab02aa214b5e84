"""The database inside an archive: gzip and tar as publishers use them, with a bound on what comes out."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from notices.errors import UpdateError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CHUNK = 1 << 20
_BLOCK = tarfile.BLOCKSIZE
_GZIP = b"\x1f\x8b"
_USTAR = slice(257, 262)


class _Bounded:
    """Reads *source* from its start, counting."""

    def __init__(self, source: BinaryIO, limit: int) -> None:
        self._source = source
        self._left = limit
        self._limit = limit

    def read(self, size: int) -> bytes:
        """At most *size* bytes, fewer only at the end."""
        data = self._source.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise UpdateError(f"the archive holds more than the {self._limit:,} bytes that are taken")
        return data

    def copy(self, size: int | None, take: Callable[[bytes], object]) -> None:
        """Give *size* bytes to *take*, None: all; where they end before, the archive is cut."""
        while size is None or size > 0:
            data = self.read(_CHUNK if size is None else min(_CHUNK, size))
            if not data and size is not None:
                raise UpdateError("the archive is cut off")
            if not data:
                return
            take(data)
            size = None if size is None else size - len(data)


def unpack(archive: Path, into: BinaryIO, limit: int) -> None:
    """Write the database in *archive* to *into*: a file as it is, one in gzip, or the one ``.mmdb`` in a tar.

    Nothing but that one file leaves the archive, whatever names and links are in it; *limit* bounds all that is
    unpacked on the way.

    :raises UpdateError: where the archive is damaged, cut off, too large, or holds no database.
    """
    try:
        with archive.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            if not packed:
                _take(_Bounded(file, limit), into)
                return
            with gzip.GzipFile(fileobj=file) as unpacked:
                _take(_Bounded(unpacked, limit), into)  # type: ignore[arg-type]  # it reads bytes, and is asked no more
    except EOFError:
        raise UpdateError("the archive is cut off") from None
    except (gzip.BadGzipFile, zlib.error):
        raise UpdateError("the archive is damaged") from None
    except OSError as error:
        raise UpdateError(f"the archive cannot be unpacked: {error.strerror or type(error).__name__}") from None


def _take(source: _Bounded, into: BinaryIO) -> None:
    start = source.read(_BLOCK)
    if start[_USTAR] == b"ustar":
        _take_member(source, start, into)
        return
    into.write(start)
    source.copy(None, into.write)


def _take_member(source: _Bounded, header: bytes, into: BinaryIO) -> None:
    """The first regular file ``*.mmdb``; headers of other kinds are passed over like any content, not believed."""
    while header.strip(b"\0"):
        try:
            member = tarfile.TarInfo.frombuf(header, "utf-8", "surrogateescape")
        except tarfile.TarError:
            raise UpdateError("the archive is damaged") from None
        if member.size < 0:
            raise UpdateError("the archive is damaged")
        if member.isreg() and member.name.endswith(".mmdb"):
            source.copy(member.size, into.write)
            source.copy(None, len)  # to the end, where gzip has its checksum
            return
        source.copy(-(-member.size // _BLOCK) * _BLOCK, len)
        header = source.read(_BLOCK)
    raise UpdateError("the archive holds no database")
