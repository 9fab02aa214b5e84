"""Rules as they were read before: a start with the same files under the same code need not read them again.

What is kept holds values alone, and is taken only where everything that it was made of is as it was: the files of the
folder byte for byte and by name, those of the pack, this package, Python, the libraries that read rules and the time
zones. Whatever is not so, or cannot be read, is as if nothing were kept.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import zoneinfo
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from . import __version__
from .errors import RulesetError
from .folder.files import read_folder
from .folder.loaded import Loaded, digest_of
from .loader.paths import PREFIX, pack_folder
from .markdown import keep_template, template_of
from .plain import from_rows, to_rows
from .state import replace_file

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from .ruleset import Ruleset

NAME = "compiled"
#: At most so many texts are kept rendered; the others are rendered when they are first shown.
MOST_TEMPLATES = 1_000
_PACKAGE = Path(__file__).parent
_LIBRARIES = ("yaml", "markdown_it", "mdurl", "langcodes", "language_data", "pycountry", "msgspec", "tzdata")


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """``key`` sums up what ``rows`` were made of, ``checksum`` is theirs; ``pack``: the files that the pack gave."""

    key: str
    checksum: str
    pack: list[str]
    rows: bytes


def find_compiled(kept_in: Path | None, folder: Path) -> Loaded | None:
    """What loading *folder* would give, from *kept_in*; None where that is not known for certain."""
    if kept_in is None:
        return None
    with suppress(Exception):  # whatever is wrong with it: the folder itself is there to be read
        kept = msgspec.msgpack.decode(_read_own(kept_in / NAME), type=_Kept)
        pack = {path: (pack_folder() / path.removeprefix(PREFIX)).read_bytes() for path in kept.pack}
        files = read_folder(folder) | pack
        digest = digest_of(files)
        if kept.key == _key(digest) and kept.checksum == hashlib.sha256(kept.rows).hexdigest():
            ruleset, warnings, templates = from_rows(msgspec.msgpack.decode(kept.rows))
            for source, template in templates.items():
                keep_template(source, template)
            return Loaded(ruleset, warnings, files)
    return None


def keep_compiled(kept_in: Path | None, loaded: Loaded) -> None:
    """Keep in the folder *kept_in* what a load has given; a folder that cannot be written to keeps nothing.

    Nothing is kept either where the surroundings have changed since this process began: it may run older code.
    """
    if kept_in is None or surroundings() != _look_around():
        return
    with suppress(OSError, TypeError, RulesetError):
        templates = {text: template_of(text) for text in islice(_texts_shown(loaded.ruleset), MOST_TEMPLATES)}
        rows = to_rows((loaded.ruleset, loaded.warnings, templates))
        content = msgspec.msgpack.encode(rows)
        kept = _Kept(
            key=_key(loaded.ruleset.digest),
            checksum=hashlib.sha256(content).hexdigest(),
            pack=sorted(path for path in loaded.files if path.startswith(PREFIX)),
            rows=content,
        )
        replace_file(kept_in / NAME, msgspec.msgpack.encode(kept))


@cache
def surroundings() -> str:
    """A sum over all but the folder that decides what a load gives, as it was when this process first asked."""
    return _look_around()


def _look_around() -> str:
    facts = [
        ("version", __version__, sys.version),
        *_below(_PACKAGE, ".py"),
        _facts(_PACKAGE / "data" / "regions.yaml"),
        *_below(pack_folder(), ".yaml"),
        *(_facts(Path(spec.origin)) for spec in map(find_spec, _LIBRARIES) if spec is not None and spec.origin),
        *(fact for root in zoneinfo.TZPATH for fact in _below(root, "", without=("posix", "right"))),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _key(digest: str) -> str:
    return hashlib.sha256(f"{surroundings()} {digest}".encode()).hexdigest()


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


def _read_own(path: Path) -> bytes:
    """The bytes of a file that nobody but this user can have written.

    :raises OSError: where it is another's, others may write to it, it is no regular file, or is not there.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
            raise PermissionError(f"{path.name}: others may have written to it")
        return file.read()


def _texts_shown(ruleset: Ruleset) -> Iterator[str]:
    """The sources of all texts that the rules in force can show."""
    for rule in ruleset.active:
        for version in rule.texts:
            for text in version.texts.values():
                yield from filter(None, (text.title, text.body, text.short))
