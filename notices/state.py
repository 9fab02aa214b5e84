"""What is kept between starts: the last good rules and the journal of activations; no reader's data.

Each rules folder has a folder of its own under ``STATE``, private to the user, because confidential rules are in it.
All writing is atomic and under a lock, so that several workers, threads and sites can share one ``STATE``.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Seconds that a worker waits for another's writing before it gives up.
LOCK_PATIENCE = 5.0


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    digest: str
    live_from: str
    files: dict[str, str]


class Activation(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the journal: which rules were live from when, and from when others were (None: they still are)."""

    digest: str
    live_from: str
    replaced_at: str | None = None


class LastGood(Struct, frozen=True):
    """The rules folder that was last live: its digest, and its files by path."""

    digest: str
    files: Mapping[str, bytes]


class State:
    """The kept files of one rules folder; ``folder`` None keeps nothing.

    ``trouble`` says in words why the last writing failed, None where it did not.
    """

    def __init__(self, folder: Path | None, rules: Path) -> None:
        # The path as configured, not resolved: a release that swaps a symbolic link is still the same site.
        site = hashlib.sha256(os.fsencode(Path(rules).absolute())).hexdigest()[:16]
        self.folder = None if folder is None else folder / site
        self.trouble: str | None = None

    def activate(self, digest: str, files: Mapping[str, bytes], at: datetime) -> None:
        """Keep *files*, live from *at*, as the last good ones and write the activation down.

        Never raises for a disk that is full or a folder that cannot be written: ``trouble`` tells.
        """
        if self.folder is None:
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(self.folder / "lock"):
                self._keep(digest, files, at)
                self._write_down(digest, at)
        except (OSError, ValueError) as error:
            self.trouble = getattr(error, "strerror", None) or type(error).__name__
        else:
            self.trouble = None

    def last_good(self) -> LastGood | None:
        """The rules that were last live, None where none are kept or they cannot be read."""
        kept = self._read_kept()
        if kept is None:
            return None
        return LastGood(kept.digest, {path: text.encode() for path, text in kept.files.items()})

    def journal(self) -> tuple[Activation, ...]:
        """All activations, oldest first; lines that are no activations are passed over."""
        found = (_activation(line) for line in self._journal_lines())
        return tuple(activation for activation in found if activation is not None)

    def _keep(self, digest: str, files: Mapping[str, bytes], at: datetime) -> None:
        assert self.folder is not None
        kept = self._read_kept()
        if kept is not None and kept.digest == digest:
            return
        texts = {path: content.decode() for path, content in files.items()}
        content = msgspec.json.encode(_Kept(digest=digest, live_from=_stamp(at), files=texts))
        replace_file(self.folder / "last-good.json", content)

    def _write_down(self, digest: str, at: datetime) -> None:
        assert self.folder is not None
        lines = self._journal_lines()
        current = _activation(lines[-1]) if lines else None
        if current is not None and current.digest == digest and current.replaced_at is None:
            return
        if current is not None and current.replaced_at is None:
            lines[-1] = msgspec.json.encode(msgspec.structs.replace(current, replaced_at=_stamp(at)))
        lines.append(msgspec.json.encode(Activation(digest=digest, live_from=_stamp(at))))
        replace_file(self.folder / "journal.jsonl", b"".join(line + b"\n" for line in lines))

    def _read_kept(self) -> _Kept | None:
        if self.folder is None:
            return None
        try:
            return msgspec.json.decode((self.folder / "last-good.json").read_bytes(), type=_Kept)
        except (OSError, msgspec.DecodeError):
            return None

    def _journal_lines(self) -> list[bytes]:
        if self.folder is None:
            return []
        try:
            return (self.folder / "journal.jsonl").read_bytes().splitlines()
        except FileNotFoundError:
            return []


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _activation(line: bytes) -> Activation | None:
    try:
        return msgspec.json.decode(line, type=Activation)
    except msgspec.DecodeError:
        return None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file *path*; another process's lock ends with that process, however it ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _acquire(descriptor)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int) -> None:
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def replace_file(path: Path, content: bytes) -> None:
    """Put *content* at *path* so that a reader, or a power cut, sees the old bytes or the new ones."""
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
