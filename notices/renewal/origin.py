"""What is remembered of a fetched database, in a file beside it: where it came from, and how to ask for news."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

ENDING = ".origin.json"
_SHA256, _SHA1 = re.compile(r"\b[0-9A-Fa-f]{64}\b"), re.compile(r"\b[0-9A-Fa-f]{40}\b")
_NEAR = 200


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """``sha256`` is that of the database, ``archive`` that of what it came in; ``validators`` are request headers.

    The URL is without its query; no credential is in any of it.
    """

    url: str
    fetched_at: str
    sha256: str
    archive: str
    validators: dict[str, str]


def read_origin(path: Path) -> Origin | None:
    """What is remembered in the file at *path*; None where that is nothing or damaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Origin)
    except (OSError, msgspec.DecodeError):
        return None


def write_origin(origin: Origin) -> bytes:
    """The content of such a file."""
    return msgspec.json.format(msgspec.json.encode(origin), indent=2) + b"\n"


def file_sum(path: Path, method: str = "sha256") -> str:
    """The sum of a file's bytes.

    :raises OSError: where it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(method, usedforsecurity=False)).hexdigest()


def listed_sha256(text: str) -> str | None:
    """The first SHA-256 in a list in sha256sum's format, None where there is none."""
    found = _SHA256.search(text)
    return found[0].lower() if found else None


def listed_sha1(page: str, name: str) -> frozenset[str]:
    """The SHA-1 sums that a page states, where it offers the file called *name*; none for a page about another."""
    if name not in page:
        return frozenset()
    stated = (page[match.end() : match.end() + _NEAR] for match in re.finditer("(?i)sha-?1", page))
    return frozenset(sum_.lower() for text in stated for sum_ in _SHA1.findall(text))
