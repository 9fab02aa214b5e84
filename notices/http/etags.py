"""Entity tags that carry the variant: ``"x"`` goes out as ``"x;n=1a2b3c4d"`` and comes back (RFC 9110, 8.8.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notices.expressions import late

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A compressor in front of us may have written its own mark behind ours (Apache ``-gzip``, Flask-Compress ``:br``).
_MARK = r"[-:](?:gzip|deflate|br|zstd)"
_VARIANT = late(rf';n=[0-9a-f]{{8}}(?=(?:{_MARK})?"?$)')
_MARK_BEHIND_VARIANT = late(rf'(;n=[0-9a-f]{{8}}){_MARK}("?)$')
#: An unquoted tag is against the RFC but common; it is kept as it is written.
_TAG = re.compile(r'(?:W/)?"[^"]*"|[^\s,"]+')


def split_tags(value: str) -> tuple[str, ...]:
    """The tags of an ``If-Match`` or ``If-None-Match`` value, each as written; ``*`` is a tag of that name."""
    return tuple(_TAG.findall(value))


def with_variant(tag: str, variant: str) -> str:
    """*tag* with the variant as its suffix; weak stays weak."""
    suffix = f";n={variant}"
    return f'{tag[:-1]}{suffix}"' if tag.endswith('"') else f"{tag}{suffix}"


def carries_variant(tag: str) -> bool:
    """Whether *tag* has our suffix, also before a compressor's mark."""
    return _VARIANT.search(tag) is not None


def without_variant(tag: str) -> str:
    """*tag* as the app knows it: only the suffix is cut."""
    return _VARIANT.sub("", tag)


def cut_variants(value: str) -> str:
    """An ``If-Match`` value with our suffix cut from each of its tags, and otherwise as it came."""
    return _TAG.sub(lambda match: without_variant(match[0]), value)


def matches(tag: str, candidates: Iterable[str]) -> bool:
    """Whether *tag* is one of *candidates* by weak comparison; a mark behind our suffix does not count."""
    return _opaque(tag) in {_opaque(candidate) for candidate in candidates}


def _opaque(tag: str) -> str:
    return _MARK_BEHIND_VARIANT.sub(r"\1\2", tag.removeprefix("W/"))
