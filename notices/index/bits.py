"""Sets of rules as masks: bit ``i`` is rule number ``i``, so that the bits stand in the order of display."""

from __future__ import annotations

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
    """The numbers of the set bits, ascending; the empty stretches of a sparse mask are passed over by the search."""
    digits = bin(mask)[:1:-1]
    found = []
    place = digits.find("1")
    while place >= 0:
        found.append(place)
        place = digits.find("1", place + 1)
    return found
