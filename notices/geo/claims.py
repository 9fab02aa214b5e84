"""What the records of one database say, remembered by the numbers of the records, which say nothing of an address."""

from __future__ import annotations

import ipaddress
import threading
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .address import Address
    from .claim import Claim
    from .tree import SearchTree

#: A number is kept where its last bits say; one that comes later takes the place. Two megabytes for a large database.
_MOST_SLOTS = 1 << 18
#: A database makes a few thousand different claims; the numbers of more than these would not fit beside a record's.
_MOST_CLAIMS = 1 << 16


class Claims:
    """The claims of one database by IPv4 address: equal claims have one number, which is below 65,536.

    *look_up* reads a claim, and may raise anything. Record and claim are kept in one word, so that threads need no lock
    to read it.
    """

    def __init__(self, tree: SearchTree, look_up: Callable[[Address], Claim | None]) -> None:
        self._count = tree.count
        self._look_up = look_up
        self._slots = max(1, min(tree.spread, _MOST_SLOTS))
        self._kept = array("Q", bytes(8 * self._slots))
        self._numbers: dict[Claim | None, int] = {}
        self._claims: list[Claim | None] = []
        self._lock = threading.Lock()
        self._tree = tree

    @property
    def number(self) -> Callable[[int], int | None]:
        """Takes an IPv4 address as a number and gives that of its claim; None where it is not remembered.

        That is where reading fails, and beyond the most claims. To be taken once: it is a function of names of its
        own, as every page and every question of a batch calls it. Kept here it would close a circle.
        """
        return _numbers(self._tree, self._kept, self._learn)

    def claim(self, number: int) -> Claim | None:
        """The claim that has this *number*."""
        return self._claims[number]

    def _learn(self, record: int, address: int) -> int | None:
        if record < self._count:
            return None
        try:
            claim = self._look_up(ipaddress.IPv4Address(address))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - whoever asks now looks up itself, and counts the failure
            return None
        with self._lock:
            if claim not in self._numbers and len(self._numbers) >= _MOST_CLAIMS:
                return None
            number = self._numbers.setdefault(claim, len(self._numbers))
            if number == len(self._claims):
                self._claims.append(claim)
        self._kept[record % self._slots] = record << 16 | number
        return number


def _numbers(
    tree: SearchTree, kept: array[int], learn: Callable[[int, int], int | None]
) -> Callable[[int], int | None]:
    table, skipped, count, record_of, slots = tree.table, tree.skipped, tree.count, tree.record, len(kept)

    def number(address: int) -> int | None:
        record = table[address >> skipped]
        if record < count:
            record = record_of(address)
        word = kept[record % slots]
        return word & 0xFFFF if word >> 16 == record else learn(record, address)

    return number
