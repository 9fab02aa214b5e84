"""Events such as elections: their moments, one for all or one for each region (spec: rules, section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from msgspec import Struct

from notices.document import Table
from notices.publisher import Confidence

from .instants import MOMENT, ZONE, Moment
from .record import Fields, Key, Record
from .regions import REGION
from .scalars import NAME, choice, words
from .shape import Either, Made, Pairs
from .sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.document import Node

    from .desk import Desk


class Timed(Struct, frozen=True):
    """A moment as written, and the zone that it names for itself."""

    moment: Moment
    zone: str | None = None


#: What one moment is for all regions (under None), or for each that is named.
Moments = dict[str | None, Timed]


class EventDraft(Struct, frozen=True):
    """An event as written; what its moments are depends on the zone, which a folder's defaults may give."""

    moments: Mapping[str, Moments]
    zone: str | None
    confidence: Confidence | None = None


def _timed(desk: Desk, fields: Fields) -> Timed:
    del desk
    return Timed(fields.get("at"), fields.get("timezone"))


def _plain(desk: Desk, node: Node, moment: Moment) -> Timed:
    del desk, node
    return Timed(moment)


def _common(desk: Desk, node: Node, timed: Timed) -> Moments:
    del desk, node
    return {None: timed}


def _by_region(desk: Desk, node: Node, moments: dict[str, Timed]) -> Moments:
    del desk, node
    return dict(moments.items())


class _Moments(Either[Moments]):
    """One moment, with or without a zone of its own, or a mapping of regions to such."""

    def read(self, desk: Desk, node: Node) -> Moments:
        """See :class:`Shape`: what has the key ``at`` is one moment."""
        if isinstance(node, Table) and any(key.text == "at" for key, _ in node.entries):
            return Made(_TIMED, _common).read(desk, node)
        return super().read(desk, node)

    def schema(self) -> dict[str, Any]:
        """See :class:`Shape`."""
        return {"anyOf": [*super().schema()["anyOf"], _TIMED.schema()]}


_TIMED: Record[Timed] = Record(
    "a moment",
    {
        "at": Key(MOMENT, "the date or time; a date is the first instant of its day", required=True),
        "timezone": Key(ZONE, "the zone of this moment", default="the event's"),
    },
    _timed,
)
_ONE: Either[Timed] = Either("a date or time, or {at: ..., timezone: ...}", scalar=Made(MOMENT, _plain), table=_TIMED)
_MOMENTS = _Moments(
    "a date or time, or one for each region",
    example="{FR: 2027-04-11T20:00}",
    scalar=Made(Made(MOMENT, _plain), _common),
    table=Made(Pairs(REGION, _ONE, "moments by region", example="{FR: 2027-04-11T20:00}"), _by_region),
)


def _event(desk: Desk, fields: Fields) -> EventDraft:
    return EventDraft(fields.get("moments", {}), fields.get("timezone", desk.zone), fields.get("confidence"))


EVENT: Record[EventDraft] = Record(
    "an event",
    {
        "title": Key(words("a title"), "what editors call it", default="its id"),
        "timezone": Key(ZONE, "the IANA zone of its moments", default="defaults.timezone"),
        "moments": Key(
            Pairs(NAME, _MOMENTS, "moments", example="{opens: 2027-04-11T08:00, closes: 2027-04-11T20:00}"),
            "its moments by name; each is one instant, or one for each region",
            required=True,
        ),
        "sources": Key(SOURCES, "where the facts come from"),
        "confidence": Key(
            choice(get_args(Confidence), "confidence"), "how well they are known; low may not set an active rule's time"
        ),
    },
    _event,
)
