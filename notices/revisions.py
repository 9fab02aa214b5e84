"""Read rules as git keeps them, at a revision or at a past instant, without touching the working tree."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from .document import MAX_BYTES
from .errors import RevisionError
from .folder import read_folder
from .folder.files import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

#: How many folders an error names.
_MOST_NAMED = 5
_LINKS_AND_FILES = ("100644", "100755", "120000")


def read_rules(spec: str, folder: Path) -> dict[str, bytes]:
    """The rules files that *spec* names, by path relative to their folder: a folder, or a git revision.

    A revision alone (``HEAD~1``) means *folder* as it was then; ``HEAD~1:rules`` names a folder from the top of the
    repository of the working directory, ``HEAD~1:./rules`` one from the working directory.

    :raises RevisionError: when it is neither a folder nor a revision, or the revision has no such folder.
    :raises RulesetError: when the folder cannot be read.
    """
    if Path(spec).exists():
        return read_folder(Path(spec))
    revision, named, path = spec.partition(":")
    if not named:
        return _read_commit(_commit(_home(folder), revision, spec), folder)
    top = _top(Path())
    commit = _commit(top, revision, spec)
    return _read_commit(commit, Path(path) if path.startswith(("./", "../")) else top / path)


def read_as_of(folder: Path, at: datetime) -> dict[str, bytes]:
    """The rules files of *folder* in the last commit of the present branch that is not younger than *at*.

    Commits are dated by when they came to be (their committer's date); of a merge only its own date counts.

    :raises RevisionError: when *folder* is not kept in git, or no commit is that old.
    """
    home = _home(folder)
    found = _git(home, "rev-list", "-1", "--first-parent", f"--before={at.isoformat()}", "HEAD").decode().strip()
    if not found:
        first = _git(home, "log", "--first-parent", "--format=%cI", "HEAD").decode().split()[-1]
        raise RevisionError(f"git knows nothing of {str(folder)!r} at {at.isoformat()}: the first commit is of {first}")
    return _read_commit(found, folder)


def _home(folder: Path) -> Path:
    """The nearest folder at or above *folder* that exists, to run git in."""
    absolute = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow a link out of the repository
    return next(path for path in (absolute, *absolute.parents) if path.is_dir())


def _top(folder: Path) -> Path:
    return Path(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel")).rstrip("\n"))


def _commit(folder: Path, revision: str, spec: str) -> str:
    try:
        return _git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    except RevisionError as error:
        raise RevisionError(f"{spec!r} is neither a folder nor a git revision ({error})") from None


def _read_commit(commit: str, folder: Path) -> dict[str, bytes]:
    home = _home(folder)
    top = _top(home).resolve()
    inside = PurePosixPath((home.resolve() / _below(folder, home)).relative_to(top).as_posix())
    names = sorted(_names(top, commit, inside), key=lambda name: name.parts)
    if not names:
        folders = sorted({str(name.parent) for name in _names(top, commit, PurePosixPath())})
        elsewhere = f"; files of that kind stood in {', '.join(folders[:_MOST_NAMED])}" if folders else ""
        raise RevisionError(f"there is no rules file in {str(inside)!r} at commit {commit[:12]}{elsewhere}")
    contents = _contents(top, [f"{commit}:{inside / name}" for name in names])
    return {str(name): content for name, content in zip(names, contents, strict=True)}


def _below(folder: Path, home: Path) -> Path:
    """What of *folder* lies below *home*, and does not exist now."""
    return Path(os.path.abspath(folder)).relative_to(home)  # noqa: PTH100 - as in _home


def _names(top: Path, commit: str, inside: PurePosixPath) -> Iterator[PurePosixPath]:
    """The rules files below *inside*, relative to it; hidden ones left out, as in a folder."""
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", str(inside))
    for line in filter(None, listed.split(b"\0")):
        about, _, name = line.partition(b"\t")
        path = PurePosixPath(os.fsdecode(name)).relative_to(inside)
        hidden = any(part.startswith(".") for part in path.parts)
        if not hidden and path.name.endswith(SUFFIXES) and about[:6].decode() in _LINKS_AND_FILES:
            yield path


def _contents(top: Path, objects: Sequence[str]) -> Iterator[bytes]:
    """What each of *objects* holds; links are followed within the commit; one byte more than the limit at most."""
    asked = os.fsencode("".join(f"{name}\0" for name in objects))
    rest = _git(top, "cat-file", "--batch", "--follow-symlinks", "-z", given=asked)
    for name in objects:
        head, _, rest = rest.partition(b"\n")
        _, kind, size = (*head.rsplit(b" ", 2), b"", b"")[:3]
        if kind != b"blob":
            raise RevisionError(f"{name!r} cannot be read: it is a link that leads nowhere in that commit")
        yield rest[: min(int(size), MAX_BYTES + 1)]
        rest = rest[int(size) + 1 :]


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    program = shutil.which("git")
    if program is None:
        raise RevisionError("git is not installed, and without it there are no past rules")
    command = [program, "-C", str(folder), *arguments]
    done = subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603 - no shell, fixed words
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RevisionError(said[-1].removeprefix("fatal: ") if said else f"git {arguments[0]} failed")
    return done.stdout
