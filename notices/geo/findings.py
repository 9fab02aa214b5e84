"""What checking a database's content found out, by which it need not be checked again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from array import array


class Findings(Struct, frozen=True):
    """Of one content: the top-level ``fields`` of its records, the names that are ``held`` anywhere in its data, and
    the ``table`` of its search tree, which nobody changes.
    """

    fields: frozenset[str]
    held: frozenset[str]
    table: array[int]


class Memory(Protocol):
    """Who remembers findings, by the SHA-256 of the content in hex."""

    def get(self, checksum: str) -> Findings | None:
        """What the content was found to be, None where nobody knows."""

    def put(self, checksum: str, findings: Findings) -> None:
        """Remember it."""
