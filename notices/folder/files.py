"""The files of a rules folder: which belong to it, and their bytes (spec: rules, section 1)."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from notices.document import MAX_BYTES
from notices.errors import Problem, RulesetError

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = (".yaml", ".yml")


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read every rules and case file below *folder*, by path relative to it with ``/``, in path order.

    Links are followed, hidden names left out: an editor's swap files, and the folders that a mounted Kubernetes
    ConfigMap keeps its versions in.  Of a file that is too large, one byte more than the limit is read.

    :raises RulesetError: where the folder is missing, no folder, unreadable or without rules, or a file unreadable.
    """
    problems: list[Problem] = []
    files: dict[str, bytes] = {}
    try:
        there = folder.is_dir()
    except OSError as error:
        raise RulesetError([_unreadable(folder, folder, error)]) from None
    if not there:
        raise RulesetError([_of_folder(folder, *_why_not(folder))])
    for parts, path in sorted(_find(folder, problems)):
        try:
            files["/".join(parts)] = _read(path)
        except OSError as error:
            problems.append(_unreadable(folder, Path(path), error))
    if problems:
        raise RulesetError(problems)
    if not files:
        fix = "put a file whose name ends with .yaml into it"
        raise RulesetError([_of_folder(folder, "no-rules", "there is no rules file in the folder", fix)])
    return files


def _find(folder: Path, problems: list[Problem]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The parts of each file's path below *folder*, and its whole path: as texts, which cost every start less."""
    visited: set[tuple[int, int]] = set()

    def note(error: OSError) -> None:
        problems.append(_unreadable(folder, Path(error.filename), error))

    for parent, folders, names in os.walk(folder, followlinks=True, onerror=note):
        status = os.stat(parent)  # noqa: PTH116 - as os.walk gives it
        if (status.st_dev, status.st_ino) in visited:  # a link that leads back up
            folders.clear()
            continue
        visited.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        within = Path(parent).relative_to(folder).parts
        for name in names:
            if name.endswith(SUFFIXES) and not name.startswith("."):
                yield (*within, name), os.path.join(parent, name)  # noqa: PTH118 - a text, as os.walk's


def _read(path: str) -> bytes:
    if _printable(path) != path:
        raise OSError(0, "its name is not UTF-8")
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
        raise OSError(0, "it is no regular file")  # a pipe would be waited for without end
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read(MAX_BYTES + 1)


def _why_not(folder: Path) -> tuple[str, str, str]:
    if folder.exists():
        return "not-a-folder", "this is a file, and rules live in a folder", "name the folder that holds it"
    if folder.is_symlink():
        goal = str(folder.readlink())
        return "missing-folder", f"this link leads to {goal!r}, which does not exist", "correct the link"
    where = "" if folder.is_absolute() else f" in {str(Path.cwd())!r}, where this process runs"
    return "missing-folder", f"there is no such folder{where}", "create it, or correct the path"


def _of_folder(folder: Path, code: str, message: str, fix: str) -> Problem:
    return Problem(str(folder), 0, 0, "error", code, message, fix)


def _unreadable(folder: Path, path: Path, error: OSError) -> Problem:
    name = path.relative_to(folder).as_posix() if path != folder else str(folder)
    reason = error.strerror or type(error).__name__
    if error.errno == errno.ENOENT and path.is_symlink():
        reason = f"the link leads to {str(path.readlink())!r}, which does not exist"
    message = f"this cannot be read: {reason}"
    return Problem(_printable(name), 0, 0, "error", "unreadable", message, "check its permissions or delete it")


def _printable(name: str) -> str:
    """A name that is no UTF-8 with its bytes as escapes, so that the problem can be printed."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
