"""The publishers of a folder: whose hosts and brands they are, and which statuses are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from notices.document import scalar_in

from .desk import suggest
from .folder_parts import PUBLISHER_ENTRY
from .glance import entries_of
from .precedence import find_cycles
from .sections import read_named
from .shelf import statuses_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.ruleset import Mark, Publisher

    from .desk import Desk
    from .sections import Named


def read_publishers(desk: Desk, named: Named) -> dict[str, Publisher]:
    """Read all publishers, and let *desk* know them, their brands and their statuses."""
    found = read_named(desk, named, PUBLISHER_ENTRY, lambda one, name, _mark: replace(one, id=name))
    # A publisher with a mistake in it is declared all the same: no rule that names it is to blame.
    desk.publishers = frozenset(named.nodes)
    desk.declared = found
    desk.statuses = frozenset(status for node in named.nodes.values() for status in statuses_in(node))
    _check_hosts(desk, named, found)
    _check_parts(desk, named, found)
    return found


def _check_hosts(desk: Desk, named: Named, found: Mapping[str, Publisher]) -> None:
    owners: dict[str, str] = {}
    for publisher in found.values():
        for host in publisher.hosts:
            if owners.setdefault(host, publisher.id) != publisher.id:
                message = f"the host {host!r} is already that of {owners[host]!r}"
                found_at = scalar_in(named.nodes[publisher.id], host) or named.keys[publisher.id]
                desk.error(found_at.mark, "duplicate-host", message, "take it from one of the two")


def _check_parts(desk: Desk, named: Named, found: Mapping[str, Publisher]) -> None:
    """Report what is part of no publisher that is declared, or in a circle of itself."""
    parts = {one.id: one.part_of for one in found.values() if one.part_of is not None}
    for id_, whole in parts.items():
        if whole not in named.nodes:
            message = f"no publisher {whole!r} is declared"
            known = {*named.nodes, *desk.shelf.publisher_ids()}
            desk.error(_mark_of(named, id_), "unknown-publisher", message, suggest(whole, known))
    for cycle in find_cycles({id_: (whole,) for id_, whole in parts.items()}):
        message = f"the publishers are part of each other: {' -> '.join(cycle)}"
        desk.error(_mark_of(named, cycle[0]), "part-of-cycle", message, "delete one of these 'part-of'")


def _mark_of(named: Named, id_: str) -> Mark:
    """Where a publisher says what it is part of."""
    return next(value.mark for key, value in entries_of(named.nodes[id_]) if key.text == "part-of")
