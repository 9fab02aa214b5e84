"""The regions that the pack gives a rule, for adoptions that name regions of their own."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from .desk import RejectedError
from .glance import entries_of, value_of
from .regions import WHERE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notices.document import Node, Table
    from notices.location import Where

    from .desk import Desk
    from .sections import Named


def extents(desk: Desk, adoptions: Named, patterns: Mapping[str, Table]) -> dict[str, tuple[Where, ...]]:
    """By the id of each adoption that says ``where``: the regions of the rule adopted, and those of each stance.

    Only what is compared is read here: the problems of those lines are the pack's, and told where it is read.
    """
    told = len(desk.problems)
    found: dict[str, tuple[Where, ...]] = {}
    for id_, pattern in patterns.items():
        if value_of(adoptions.nodes[id_], "where") is not None:
            with suppress(RejectedError):
                found[id_] = tuple(WHERE.read(desk, node) for node in _wheres(pattern))
    del desk.problems[told:]
    return found


def _wheres(pattern: Table) -> Iterator[Node]:
    for one in (pattern, *(value for _, value in entries_of(value_of(pattern, "stances")))):
        where = value_of(one, "where")
        if where is not None:
            yield where
