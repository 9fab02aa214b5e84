"""Sets of rules as masks: bit ``i`` is rule number ``i``, so that the bits stand in the order of display."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def mask_of(numbers: Iterable[int]) -> int:
    """The mask with the bits *numbers*, any order."""
    octets = bytearray()
    for number in numbers:
        byte = number >> 3
        if byte >= len(octets):
            octets.extend(bytes(byte + 1 - len(octets)))
        octets[byte] |= 1 << (number & 7)
    return int.from_bytes(octets, "little")


def bits_of(mask: int) -> list[int]:
    """The numbers of the set bits, ascending; taken word by word, so that a long sparse mask costs little."""
    words = (mask.bit_length() + 63) >> 6
    found: list[int] = []
    for place, word in enumerate(struct.unpack(f"<{words}Q", mask.to_bytes(words << 3, "little"))):
        while word:
            found.append((place << 6) + (word & -word).bit_length() - 1)
            word &= word - 1
    return found
