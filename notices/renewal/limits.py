"""How long an update may take and how much it may bring: every wait and every size is bounded."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notices.errors import UpdateError

if TYPE_CHECKING:
    from collections.abc import Callable

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``seconds`` for the whole update and for one silence (``idle``); bytes of the archive and of what is in it.

    The largest database in sale is about half a gigabyte.
    """

    seconds: float = 1800.0
    idle: float = 30.0
    archive: int = 1024 * MIB
    database: int = 2048 * MIB


class Deadline:
    """The moment at which an update is given up, however much still comes in."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._end = clock() + limits.seconds

    def patience(self) -> float:
        """Seconds to wait for the next byte.

        :raises UpdateError: where the time is over.
        """
        left = self._end - self._clock()
        if left <= 0:
            raise UpdateError(f"this took longer than {self._limits.seconds:g} s and was given up")
        return min(left, self._limits.idle)
