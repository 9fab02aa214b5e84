"""What decides beside the files themselves what a start makes of them: this package, Python, libraries, time zones."""

from __future__ import annotations

import hashlib
import os
import sys
import zoneinfo
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from notices import __version__
from notices.loader.paths import pack_folder

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_PACKAGE = Path(__file__).parent.parent
_LIBRARIES = (
    "yaml", "markdown_it", "mdurl", "langcodes", "language_data", "pycountry", "msgspec", "maxminddb_rust", "tzdata",
)  # fmt: skip


@cache
def surroundings_at_start() -> str:
    """A sum over all this, as it was when the process first asked."""
    return look_around()


def look_around() -> str:
    """The same as it is now."""
    facts = [
        ("version", __version__, sys.version, sys.byteorder),
        *_below(_PACKAGE, ".py"),
        _facts(_PACKAGE / "data" / "regions.yaml"),
        *_below(pack_folder(), ".yaml"),
        *(_facts(Path(spec.origin)) for spec in map(find_spec, _LIBRARIES) if spec is not None and spec.origin),
        *(fact for root in zoneinfo.TZPATH for fact in _below(root, "", without=("posix", "right"))),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _below(folder: Path | str, suffix: str, without: Container[str] = ()) -> Iterator[tuple[object, ...]]:
    """The facts of all files below *folder* whose names end in *suffix*, by path; folders called as in *without* not.

    A folder without a dot in its name is looked into.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=attrgetter("name")):
            if "." not in entry.name and entry.is_dir():
                if entry.name not in without:
                    yield from _below(entry.path, suffix)
            elif entry.name.endswith(suffix):
                yield _facts(entry)


def _facts(path: Path | os.DirEntry[str]) -> tuple[object, ...]:
    """What the file system says of a file; the inode and its time tell an edit that puts the time of writing back."""
    try:
        status = path.stat()
    except OSError as error:
        return os.fspath(path), type(error).__name__
    return os.fspath(path), status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
