"""One notice as one reader gets it, in one language: what the engine hands to pages and to the endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from .ruleset import Place, Severity

Direction = Literal["ltr", "rtl"]


class Notice(Struct, frozen=True, kw_only=True):
    """A text to show, ready but for its frame; the frame is :mod:`notices.fragment`.

    ``rule`` is the rule's public name (an opaque token for a confidential one); ``sure`` is False where it is shown on
    a maybe; ``title``, ``text`` and ``short`` are plain text, ``body`` is the same as ``text`` in HTML; ``href`` and
    ``label`` are the link's; ``scale``, ``first`` and ``collapsible`` are the form that the rule demands.
    """

    rule: str
    sure: bool
    level: Severity
    at: tuple[Place, ...]
    language: str
    direction: Direction
    title: str | None
    text: str
    body: str
    short: str | None = None
    href: str | None = None
    label: str | None = None
    law: tuple[str, ...] = ()
    scale: float | None = None
    first: bool = False
    collapsible: bool = False
