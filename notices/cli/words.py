"""How values are written for people: instants, places, columns, wrapped texts."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from notices.region import WORLD, region_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.location import Location

_LINE = 96
_LONGEST = 60


def places(candidates: Sequence[str]) -> str:
    """Candidate regions with their names in the ISO data: ``UA-43 (…) or RU (…)``."""
    if tuple(candidates) == (WORLD,):
        return "not known"
    return " or ".join(f"{code} ({region_names()[code]})" for code in candidates)


def place(location: Location) -> str:
    """Where a visitor may be, and who says so."""
    if location.network is not None:
        return f"not known: the visitor comes through {location.network}"
    if location.candidates == (WORLD,):
        return "not known"
    return f"{places(location.candidates)}, from {location.source}"


def columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Each row as one line, its cells under each other; no space at the end."""
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def wrapped(text: str) -> list[str]:
    """*text* in lines that a terminal shows whole."""
    return [line for paragraph in text.splitlines() for line in textwrap.wrap(paragraph, _LINE)]


def clip(text: str) -> str:
    """*text*, cut where it is long."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
