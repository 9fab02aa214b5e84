"""Checks of a database before it is used: structure, a walk over records, and look-ups spread over all addresses.

The MaxMind DB format has no checksum: a flipped bit can answer wrongly without any error, which only a ``.sha256``
beside the file can find. What can be found here is: truncation, foreign files, broken trees and data that does not
decode.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING

from notices.errors import DatabaseError

from .records import Shape, fields_of, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from maxminddb_rust import Metadata, Reader

    from .address import Address
    from .private_copy import Content, PrivateCopy

_FLAG = re.compile(rb"is_[a-z_]+")
_MARKER = b"\xab\xcd\xefMaxMind.com"
_SEPARATOR = bytes(16)
#: At most so many records are walked and so many addresses of each family looked up: well under a second.
WALKED, SAMPLED = 20_000, 4_096


def open_sound(name: str, copy: PrivateCopy) -> tuple[Reader, Metadata]:
    """Open a copy of the database file called *name*, and check its structure.

    :raises DatabaseError: with the reason, when it is no database, or is damaged.
    """
    try:
        reader = copy.reader()
        metadata = reader.metadata()
    except Exception:  # noqa: BLE001 - readers raise many kinds for a broken file
        raise DatabaseError(f"{name}: is no MaxMind DB file, or is truncated") from None
    fault = _structure_fault(metadata, copy.content)
    if fault:
        raise DatabaseError(f"{name}: {fault}")
    return reader, metadata


def walk_records(name: str, reader: Reader, metadata: Metadata) -> frozenset[str]:
    """The top-level fields of the records walked and looked up, which thereby prove to decode.

    :raises DatabaseError: where one does not.
    """
    try:
        return frozenset(_fields(reader, metadata.ip_version))
    except Exception:  # noqa: BLE001 - readers raise many kinds for a broken file
        raise DatabaseError(f"{name}: the data is damaged: records cannot be decoded") from None


def shape_for(name: str, metadata: Metadata, fields: frozenset[str], holds: Callable[[str], bool]) -> Shape:
    """The shape of a database whose records have *fields* and whose data *holds* a name or not.

    :raises DatabaseError: where it holds no locations.
    """
    shape = shape_of(fields, holds)
    if not shape.country and not shape.network:
        kind = metadata.database_type[:60]
        raise DatabaseError(f"{name}: a database of type {kind!r} holds neither countries nor kinds of network")
    return shape


def built_at(metadata: Metadata) -> datetime | None:
    """When the database was built, None for a time that is none."""
    try:
        return datetime.fromtimestamp(metadata.build_epoch, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _structure_fault(metadata: Metadata, content: Content) -> str | None:
    if metadata.binary_format_major_version != 2:
        return f"format version {metadata.binary_format_major_version} is not supported; version 2 is"
    if metadata.record_size not in (24, 28, 32) or metadata.ip_version not in (4, 6):
        return "the metadata is damaged: record size or IP version"
    if built_at(metadata) is None:
        return "the metadata is damaged: the build time is none"
    tree = metadata.node_count * metadata.record_size // 4
    if not metadata.node_count or tree + len(_SEPARATOR) > content.rfind(_MARKER):
        return "the file is truncated: it is too short for its search tree"
    if content[tree : tree + len(_SEPARATOR)] != _SEPARATOR:
        return "the file is damaged between search tree and data"
    return None


class NamesHeld:
    """Whether a field's name stands anywhere in the data of *content*; ``found`` are those asked for that do.

    Of names of flags, one pass finds all.
    """

    def __init__(self, content: Content, metadata: Metadata) -> None:
        self._content, self._start = content, metadata.node_count * metadata.record_size // 4
        with memoryview(content) as view, view[self._start :] as data:
            self._flags = {bytes(found) for found in _FLAG.findall(data)}
        self.found: set[str] = set()

    def __call__(self, field: str) -> bool:
        """Whether the name *field* does."""
        name = field.encode()
        held = name in self._flags if _FLAG.fullmatch(name) else self._content.find(name, self._start) >= 0
        if held:
            self.found.add(field)
        return held


def _fields(reader: Reader, ip_version: int) -> set[str]:
    fields: set[str] = set()
    seen: set[object] = set()  # most records have the same fields in the same order
    found = chain((record for _, record in islice(reader, WALKED)), map(reader.get, _spread(ip_version)))
    for record in found:
        kind = (tuple(record), type(record.get("country"))) if isinstance(record, dict) else type(record)
        if kind not in seen:
            seen.add(kind)
            fields |= fields_of(record)
    return fields


def _spread(ip_version: int) -> Iterator[Address]:
    """Addresses at even steps over IPv4 and, in a database that has it, over the global unicast space of IPv6."""
    for number in range(SAMPLED):
        yield ipaddress.IPv4Address(number * (2**32 // SAMPLED))
    if ip_version == 6:
        for number in range(SAMPLED):
            yield ipaddress.IPv6Address((1 << 125) + number * (2**125 // SAMPLED))
