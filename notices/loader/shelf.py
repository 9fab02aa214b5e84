"""The rule pack that comes with the package: its files by what they hold, and those that were needed.

A file of rules is named after its one rule, and a file of events after what their ids begin with, so that a folder
that adopts three rules reads three files.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from notices.document import Listing, Scalar, Table, read_document

from .glance import value_of
from .paths import PREFIX, pack_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from notices.document import Node

_PUBLISHERS = "publishers.yaml"
_EVENTS = "events/"


class Shelf:
    """The pack's files; *kept* are those that a folder was loaded with before, which come first.

    ``used`` are those that were read, by path with :data:`notices.loader.paths.PREFIX`.
    """

    def __init__(self, kept: Mapping[str, bytes] | None = None, folder: Path | None = None) -> None:
        self._kept = {path: data for path, data in (kept or {}).items() if path.startswith(PREFIX)}
        self._folder = folder
        self.used: dict[str, bytes] = {}

    @cached_property
    def _paths(self) -> frozenset[str]:
        """The paths of all files, relative to the pack."""
        folder = self._folder or pack_folder()
        found = {path.relative_to(folder).as_posix() for path in folder.glob("**/*.yaml")}
        return frozenset(found | {path.removeprefix(PREFIX) for path in self._kept})

    @cached_property
    def rules(self) -> Mapping[str, str]:
        """The path of each rule by its id, relative to the pack."""
        names = (path for path in sorted(self._paths) if "/" in path and not path.startswith(_EVENTS))
        return {path.rpartition("/")[2].removesuffix(".yaml"): path for path in names}

    def rule(self, id_: str) -> tuple[str, bytes] | None:
        """The file of the rule *id_* with its path; None where the pack has no such rule."""
        path = self.rules.get(id_)
        return None if path is None else self._take(path)

    def publishers(self) -> tuple[str, bytes] | None:
        """The file of all publishers with its path; None where there is no pack."""
        return self._take(_PUBLISHERS) if _PUBLISHERS in self._paths else None

    def events(self, id_: str) -> tuple[str, bytes] | None:
        """The file that holds the event *id_*, if any does: the one with the longest name that the id begins with."""
        stems = {
            path.removeprefix(_EVENTS).removesuffix(".yaml"): path for path in self._paths if path.startswith(_EVENTS)
        }
        fitting = [stem for stem in stems if f"{id_}-".startswith(f"{stem}-")]
        return self._take(stems[max(fitting, key=len)]) if fitting else None

    def statuses(self) -> frozenset[str]:
        """The names of all statuses that publishers of the pack have; read for names that a folder does not know."""
        return frozenset(statuses_in(self._publishers))

    def publisher_ids(self) -> frozenset[str]:
        """The ids of all publishers of the pack; read for names that a folder does not know."""
        return frozenset(key.text for key, _ in self._publishers.entries)

    @cached_property
    def _publishers(self) -> Table:
        """The entries of the pack's publishers, as written."""
        document = None
        if _PUBLISHERS in self._paths:
            document, _ = read_document(PREFIX + _PUBLISHERS, self._read(_PUBLISHERS))
        found = value_of(document, "publishers")
        return found if isinstance(found, Table) else Table(PREFIX + _PUBLISHERS, 0, 0, ())

    def _take(self, path: str) -> tuple[str, bytes]:
        data = self._read(path)
        self.used[PREFIX + path] = data
        return PREFIX + path, data

    def _read(self, path: str) -> bytes:
        kept = self._kept.get(PREFIX + path)
        return (self._folder or pack_folder()).joinpath(path).read_bytes() if kept is None else kept


def statuses_in(node: Node) -> Iterator[str]:
    """Every value of a key ``status`` below *node*."""
    if isinstance(node, Table):
        for key, value in node.entries:
            if key.text == "status" and isinstance(value, Scalar):
                yield value.text
            yield from statuses_in(value)
    elif isinstance(node, Listing):
        for item in node.items:
            yield from statuses_in(item)
