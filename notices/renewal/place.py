"""Putting a database in place: one update at a time, and at every instant a whole file where it is looked for.

The order is what makes a crash harmless. A database without a ``.sha256`` is served; one beside the wrong sum is not.
So the old sum goes first, then the new file takes the old one's name, then its own sum follows.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from notices.errors import UpdateError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def beside(target: Path, end: str) -> Path:
    """The file of the same name and *end* in the same folder."""
    return target.with_name(f"{target.name}{end}")


@contextmanager
def working_folder(target: Path) -> Iterator[Path]:
    """An empty folder on the file system of *target*, for one update alone; it is gone afterwards.

    What an update that was killed has left in it is thrown away.

    :raises UpdateError: where another update of the same file is at work, or the disk does not let us.
    """
    folder = target.with_name(f".{target.name}.update")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(target.with_name(f".{target.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise UpdateError(f"{target.parent}: cannot be written to: {error.strerror}") from None
    try:
        _lock(lock, target)
        try:
            _empty(folder)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise UpdateError(f"{target.name}: cannot be written: {error.strerror or type(error).__name__}") from None
    finally:
        os.close(lock)


def put_in_place(new: Path, target: Path, sums: dict[str, bytes], *, keep_previous: bool) -> None:
    """Give *new* the name *target*, and each of *sums* (by ending) a file beside it.

    *new* lies in the working folder. What was there before becomes ``.previous``, its sum with it.

    :raises OSError: whatever the disk refuses.
    """
    for end, content in sums.items():
        _write(beside(new, end), content)
    _inherit(target, new)
    _sync(new)
    if keep_previous and target.exists():
        _keep(new.parent, target)
    for end in sums:
        beside(target, end).unlink(missing_ok=True)
    _sync(target.parent)
    new.replace(target)
    _sync(target.parent)
    for end in sums:
        beside(new, end).replace(beside(target, end))
    _sync(target.parent)


def _keep(folder: Path, target: Path) -> None:
    """Give the file in use a second name, without a moment in which it has none."""
    previous, summed = beside(target, ".previous"), beside(target, ".sha256")
    beside(previous, ".sha256").unlink(missing_ok=True)
    _link(target, folder / "previous").replace(previous)
    if summed.exists():
        # The name stands in the line; sha256sum and our own reader look for it.
        text = summed.read_text("utf-8", "replace").replace(target.name, previous.name)
        _write(folder / "previous.sha256", text.encode())
        (folder / "previous.sha256").replace(beside(previous, ".sha256"))


def _link(source: Path, goal: Path) -> Path:
    try:
        goal.hardlink_to(source)
    except OSError:  # a file system without second names
        shutil.copy2(source, goal)
        _sync(goal)
    return goal


def _inherit(target: Path, new: Path) -> None:
    """Who may read the file in use may read the new one."""
    with suppress(OSError):
        status = target.stat()
        new.chmod(status.st_mode & 0o777)
        os.chown(new, status.st_uid, status.st_gid)


def _lock(descriptor: int, target: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UpdateError(f"{target.name}: another update of this file is at work") from None


def _empty(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
