"""Where in the files a finding stands; they are read again for it, and only where there is a finding."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from notices.document import Listing, Scalar, Table, read_document, scalar_in
from notices.errors import Problem
from notices.loader import is_test
from notices.ruleset import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notices.document import Node

    from .finding import Finding, Spot


class Positions:
    """The entries of all rules files, by section and name; *files* are those that the ruleset was made of."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def problem(self, finding: Finding) -> Problem:
        """The finding with its place."""
        mark = self.mark(finding.spot)
        return Problem(mark.path, mark.line, mark.column, finding.level, finding.code, finding.message, finding.fix)

    def mark(self, spot: Spot) -> Mark:
        """Where the value stands; the entry's name where nothing is written below it.

        Of an adopted rule that is where it is adopted: there it can be mended, and the pack's file is in no folder.
        """
        adopted = self._entries.get(("adopt", spot.name)) if spot.section == "rules" else None
        entry = adopted or self._entries.get((spot.section, spot.name))
        return Mark("") if entry is None else _mark_in(*entry, spot)

    @cached_property
    def _entries(self) -> dict[tuple[str, str], tuple[Scalar, Node]]:
        found: dict[tuple[str, str], tuple[Scalar, Node]] = {}
        for path in sorted(path for path in self._files if not is_test(path)):
            document, _ = read_document(path, self._files[path])
            for section, node in document.entries if isinstance(document, Table) else ():
                for key, value in node.entries if isinstance(node, Table) else ():
                    found.setdefault((section.text, key.text), (key, value))
        return found


def located(findings: Iterable[Finding], files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """The findings as problems, sorted by place, each once."""
    positions = Positions(files)
    return tuple(sorted({positions.problem(finding) for finding in findings}))


def _mark_in(key: Scalar, node: Node, spot: Spot) -> Mark:
    """Where *spot* is in the entry of this *key*."""
    found = _descend(node, spot.keys, spot.text)
    if found is None:
        return key.mark
    if spot.text is not None and not (isinstance(found, Scalar) and found.text == spot.text):
        found = scalar_in(found, spot.text) or found
    if spot.at is not None and isinstance(found, Scalar):
        return found.mark_within(*spot.at)
    return found.mark


def _descend(node: Node, keys: tuple[str | int, ...], text: str | None) -> Node | None:
    """The node at the end of *keys*, as far as they are written; None where not even the first is."""
    found: Node | None = None
    for place, key in enumerate(keys):
        if isinstance(node, Listing) and isinstance(key, str):
            return _among_versions(node, keys[place:], text) or node
        below = _step(node, key)
        if below is None:
            return found
        node = found = below
    return found


def _step(node: Node, key: str | int) -> Node | None:
    """One step down; a single value stands for the list of it, and a bare text for a text's body."""
    if isinstance(key, int):
        return node.items[min(key, len(node.items) - 1)] if isinstance(node, Listing) else node
    if isinstance(node, Scalar):
        return node if key == "body" else None
    entries = node.entries if isinstance(node, Table) else ()
    return next((value for written, value in entries if written.text == key), None)


def _among_versions(versions: Listing, keys: tuple[str | int, ...], text: str | None) -> Node | None:
    """Of several dated versions of a text, the value in the first that says *text* there."""
    for version in versions.items:
        found = _descend(version, ("text", *keys), text)
        if isinstance(found, Scalar) and found.text == text:
            return found
    return None
