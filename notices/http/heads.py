"""Header lists as WSGI passes them: ask, drop, replace, without disturbing what is not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Headers = list[tuple[str, str]]


def values(headers: Headers, name: str) -> list[str]:
    """All values of the header *name* (in any case), in order."""
    wanted = name.lower()
    return [value for key, value in headers if key == name or key.lower() == wanted]


def first(headers: Headers, name: str) -> str | None:
    """The first value of the header *name*, None where there is none."""
    wanted = name.lower()
    for key, value in headers:
        if key == name or key.lower() == wanted:
            return value
    return None


def without(headers: Headers, names: Iterable[str]) -> Headers:
    """The headers but those of *names*, given in lower case."""
    unwanted = frozenset(names)
    return [(key, value) for key, value in headers if key.lower() not in unwanted]


def replaced(headers: Headers, name: str, value: str) -> Headers:
    """The headers with one *name*: where the first stood and as it was spelt, at the end where there was none."""
    wanted = name.lower()
    result: Headers = []
    written = False
    for key, old in headers:
        if key.lower() != wanted:
            result.append((key, old))
        elif not written:
            result.append((key, value))
            written = True
    return result if written else [*result, (name, value)]
