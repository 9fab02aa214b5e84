"""What the scanner tells of a page, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import re


class Listener(Protocol):
    """Who is told of the tokens; offsets count from the page's first byte."""

    done: bool
    listening: bool
    raw: bytes | None
    in_foreign: bool
    wants_markers: bool
    run: re.Pattern[bytes] | None
    needles: tuple[bytes, ...]
    fold: bool

    def start(self, name: bytes, raw: bytes, offset: int, end: int, *, closed: bool, late: bool = False) -> None:
        """A start tag; *raw* are its attributes; *late*: it was too long, so its beginning is gone."""

    def enter(self, name: bytes, raw: bytes) -> None:
        """The start tag of a section into which a run has read."""

    def end(self, name: bytes, offset: int, end: int) -> None:
        """An end tag."""

    def text(self, kind: int, offset: int) -> None:
        """Characters; told only while ``listening``."""

    def marker(self, name: str | None, end: int) -> None:
        """A comment that marks a place; told only while ``wants_markers``."""

    def doctype(self, text: bytes) -> None:
        """A doctype."""

    def too_long(self, name: bytes | None, offset: int) -> None:
        """The start tag of *name*, or (None) a character reference, at *offset* is longer than can be held."""
