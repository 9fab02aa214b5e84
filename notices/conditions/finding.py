"""What a page is to a condition, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class Finding(Struct, frozen=True):
    """What a page is to a condition: ``wrong`` says in words which stated facts are not met, ``missing`` which facts
    nobody stated; the page is met where both are empty.
    """

    wrong: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether the page is one of those that the condition describes."""
        return not self.wrong and not self.missing


def either_of(values: Iterable[str]) -> str:
    """List *values* in words: ``a``, ``a or b``, ``a, b or c``."""
    *firsts, last = sorted(values) or ["nothing"]
    return f"{', '.join(firsts)} or {last}" if firsts else last
