"""Sets of rules as masks: bit ``i`` is rule number ``i``, so that the bits stand in the order of display."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def mask_of(numbers: Iterable[int]) -> int:
    """The mask with the bits *numbers*, any order."""
    size = bytearray()
    for number in numbers:
        byte = number >> 3
        if byte >= len(size):
            size.extend(bytes(byte + 1 - len(size)))
        size[byte] |= 1 << (number & 7)
    return int.from_bytes(size, "little")


def bits_of(mask: int) -> Iterator[int]:
    """The numbers of the set bits, ascending; of a sparse mask only the bytes that hold some are looked into."""
    for place, byte in enumerate(mask.to_bytes((mask.bit_length() + 7) >> 3, "little")):
        while byte:
            low = byte & -byte
            yield (place << 3) + low.bit_length() - 1
            byte ^= low
