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
        self._record = tree.record
        self._look_up = look_up
        self._slots = max(1, min(tree.spread, _MOST_SLOTS))
        self._kept = array("Q", bytes(8 * self._slots))
        self._numbers: dict[Claim | None, int] = {}
        self._claims: list[Claim | None] = []
        self._lock = threading.Lock()

    def number(self, address: int) -> int | None:
        """The number of the claim about the IPv4 address *address*.

        None where it is not remembered: where reading fails, and beyond the most claims.
        """
        record = self._record(address)
        word = self._kept[record % self._slots]
        return word & 0xFFFF if word >> 16 == record else self._learn(record, address)

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
