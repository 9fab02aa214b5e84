"""Statuses of publishers: what they were declared to be, and what ``pages`` asks of that (spec: rules, section 5)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, get_args

from notices.publisher import Confidence, Declared, Since, StatusAsked

from .desk import suggest
from .instants import MOMENT, ZONE, end_of, zone_of
from .record import Key, Record
from .scalars import NAME, choice, reject_text, words
from .shape import Either, Leaf, Made, Many
from .sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notices.document import Node, Scalar
    from notices.publisher import Publisher, Window

    from .desk import Desk
    from .record import Fields

_DATES: tuple[Since, ...] = get_args(Since)


def _declared(desk: Desk, fields: Fields) -> Declared:
    zone = zone_of(desk, fields)
    dates = {name: end_of(desk, fields, name, zone) for name in _DATES}
    until = end_of(desk, fields, "until", zone)
    if all(fields.lacks(name) for name in _DATES):
        fix = f"write at least one of {', '.join(_DATES)}"
        desk.error(fields.mark, "missing-key", "a status lacks the day from which it counts", fix)
    _check_order(desk, fields, dates | {"until": until})
    return Declared(
        status=fields.get("status", ""),
        by=fields.get("by"),
        until=until,
        zone=zone,
        sources=fields.get("sources", ()),
        confidence=fields.get("confidence"),
        **dates,
    )


def _check_order(desk: Desk, fields: Fields, dates: Mapping[str, object]) -> None:
    """A status is decided, announced, listed and revoked, in that order; a day twice is no mistake but for the end."""
    known = [(name, date) for name, date in dates.items() if date is not None]
    for (one, before), (other, after) in pairwise(known):
        if after < before or (other == "until" and after == before):  # type: ignore[operator]
            message = f"{other!r} ({fields.get(other).text}) is not after {one!r} ({fields.get(one).text})"
            desk.error(fields.mark_of(other), "empty-window", message, "swap them or correct one")
            return


DECLARED: Record[Declared] = Record(
    "a status",
    {
        "status": Key(NAME, "the status by the name that rules ask for, such as ru-undesirable", required=True),
        "by": Key(words("a name"), "who declared it"),
        "decided": Key(MOMENT, "the day of the decision; a date is the first instant of its day in the zone"),
        "announced": Key(MOMENT, "the day on which it was made known"),
        "listed": Key(MOMENT, "the day on which the official list named the publisher"),
        "until": Key(MOMENT, "the first day on which it does not hold any more"),
        "timezone": Key(ZONE, "the IANA zone of these days", default="defaults.timezone"),
        "sources": Key(SOURCES, "where the facts come from"),
        "confidence": Key(
            choice(get_args(Confidence), "confidence"), "how well they are known; a status of low confidence never acts"
        ),
    },
    _declared,
    rules={"anyOf": [{"required": [name]} for name in _DATES]},
)


def _status(desk: Desk, node: Scalar) -> str:
    if node.text in desk.statuses or node.text in desk.shelf.statuses():
        return node.text
    message = f"no publisher has the status {node.text!r}"
    raise reject_text(desk, node, "unknown-status", message, suggest(node.text, desk.statuses))


STATUS = Leaf(_status, "a status that a publisher has", NAME.schema())
_ANY = Many(STATUS, "statuses")


def _plain(desk: Desk, node: Node, names: tuple[str, ...]) -> StatusAsked:
    del node
    return _asked(desk, names, "listed")


def _since(desk: Desk, fields: Fields) -> StatusAsked:
    return _asked(desk, fields.get("any", ()), fields.get("since", "listed"))


def _asked(desk: Desk, names: tuple[str, ...], since: Since) -> StatusAsked:
    return ask_status(desk.declared, frozenset(names), since)


def ask_status(publishers: Mapping[str, Publisher], names: frozenset[str], since: Since) -> StatusAsked:
    """Ask for any of the statuses *names*, which those of *publishers* have, and their brands."""
    holders = ((id_, tuple(_held(publishers, id_, names, since))) for id_ in sorted(publishers))
    return StatusAsked(names, since, tuple((id_, windows) for id_, windows in holders if windows))


def _held(publishers: Mapping[str, Publisher], id_: str, asked: frozenset[str], since: Since) -> Iterator[Window]:
    """When a publisher, or one that it is part of, has a status of *asked*; one of low confidence does not count."""
    seen: set[str] = set()
    name: str | None = id_
    while name is not None and name not in seen and name in publishers:
        seen.add(name)
        for one in publishers[name].statuses:
            if one.status in asked and one.confidence != "low":
                yield one.window(since)
        name = publishers[name].part_of


STATUSES: Either[StatusAsked] = Either(
    "a list of statuses or {any: [...], since: ...}",
    scalar=Made(_ANY, _plain),
    listing=Made(_ANY, _plain),
    table=Record(
        "statuses",
        {
            "any": Key(_ANY, "the statuses, any of which is enough", required=True),
            "since": Key(
                choice(_DATES, "day"),
                "the day from which a status counts; the nearest known one stands in",
                default="listed",
            ),
        },
        _since,
    ),
)
