"""Files that only this user can have written, each with a key that says what it was made of, and a checksum."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from notices.state import replace_file

from .surroundings import look_around, surroundings_at_start

if TYPE_CHECKING:
    from pathlib import Path

_SUM = hashlib.sha256().digest_size


def read_sealed(path: Path, made_of: str) -> bytes:
    """What :func:`write_sealed` has put at *path*.

    :raises Exception: of one kind or another where there is no such file of one's own, where it was made of something
        else or in other surroundings, and where it is damaged.
    """
    key, checksum, content = _read_own(path)
    if key != _key(made_of) or checksum != hashlib.sha256(content).digest():
        raise ValueError(f"{path.name}: is damaged, or was made of something else")
    return content


def write_sealed(path: Path, made_of: str, content: bytes) -> None:
    """Put *content* at *path* for processes with the same surroundings; a disk that refuses it keeps nothing.

    Nothing is kept either where the surroundings have changed since this process began: it may run older code.
    """
    if surroundings_at_start() == look_around():
        with suppress(OSError):
            replace_file(path, b"".join((_key(made_of), hashlib.sha256(content).digest(), content)))


def _key(made_of: str) -> bytes:
    return hashlib.sha256(f"{surroundings_at_start()} {made_of}".encode()).digest()


def _read_own(path: Path) -> tuple[bytes, bytes, bytes]:
    """Key, checksum and content of a file that nobody but this user can have written.

    :raises OSError: where it is another's, others may write to it, it is no regular file, or is not there.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
            raise PermissionError(f"{path.name}: others may have written to it")
        return file.read(_SUM), file.read(_SUM), file.read()  # each once in memory: a table has megabytes
