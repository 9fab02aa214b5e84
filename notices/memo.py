"""Remember answers in a bounded table: of two generations, the older is dropped when the younger is full."""

from __future__ import annotations

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(Generic[K, V]):
    """A table of at most twice *limit* answers; what is asked for stays, the rest goes.

    Reads and writes are single dictionary operations, so threads need no lock: at worst an answer is made twice.
    """

    __slots__ = ("_limit", "_older", "_younger")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._younger: dict[K, V] = {}
        self._older: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The answer kept under *key*, or None."""
        answer = self._younger.get(key)
        if answer is None:
            answer = self._older.get(key)
            if answer is not None:
                self.put(key, answer)
        return answer

    def put(self, key: K, answer: V) -> V:
        """Keep *answer* under *key*, and return it."""
        if len(self._younger) >= self._limit:
            self._older, self._younger = self._younger, {}
        self._younger[key] = answer
        return answer

    def __len__(self) -> int:
        return len(self._younger) + len(self._older)
