"""The periods under ``when``: dates, or words about the moments of an event (spec: rules, section 5)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from notices.region import WORLD
from notices.ruleset import Window

from .desk import RejectedError, suggest
from .instants import MOMENT, ZONE, Moment, check_order, end_of, resolve, zone_of
from .record import Fields, Key, Record
from .scalars import NAME, reject_text
from .shape import Leaf, Made, Many

if TYPE_CHECKING:
    from notices.document import Node, Scalar
    from notices.ruleset import Mark

    from .desk import Desk
    from .events import EventDraft, Timed
    from .instants import End

_WORDS = re.compile(
    r"(?:(?P<count>[0-9]{1,5}) +(?P<unit>day|hour|minute)s? +(?P<side>before|after) +)?"
    r"(?:(?P<which>first|last) +)?(?P<moment>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)"
)
#: What is meant to tell a moment, and tells none: other units, capitals, two numbers.
_NEARLY = re.compile(r"\b(?:before|after|first|last)\b", re.IGNORECASE)
_SHAPE = r"^([0-9]{1,5} +(day|hour|minute)s? +(before|after) +)?((first|last) +)?[a-z][a-z0-9]*(-[a-z0-9]+)*$"


class Relative(Struct, frozen=True):
    """An instant told by a moment of an event: so many units before (fewer than 0) or after it."""

    moment: str
    which: str | None
    count: int
    unit: str
    text: str
    mark: Mark


class Instant(Struct, frozen=True):
    """An instant in UTC with the zone in which it is told."""

    at: datetime
    zone: str | None


#: One end of a period: open, one instant, or one for each region.
Bound = Instant | dict[str, Instant] | None


class Period(Struct, frozen=True):
    """One period; a bound by region makes it one for each region. ``event`` is the id of the one that it is told by."""

    start: Bound
    end: Bound
    zone: str | None
    event: str | None = None

    @property
    def regional(self) -> bool:
        """Whether it differs from region to region."""
        return isinstance(self.start, dict) or isinstance(self.end, dict)

    @property
    def window(self) -> Window:
        """The same instants everywhere: of a period that does not differ."""
        assert not isinstance(self.start, dict)
        assert not isinstance(self.end, dict)
        zone = next((one.zone for one in (self.end, self.start) if one is not None and one.zone), self.zone)
        start, end = (None if one is None else one.at for one in (self.start, self.end))
        return Window(start, end, zone, self.event)


def _end(desk: Desk, node: Scalar) -> Moment | Relative:
    match = _WORDS.fullmatch(node.text)
    if match is None:
        if _NEARLY.search(node.text):
            fix = "write days, hours or minutes in lower case, such as '14 days before opens' or '1 hour after closes'"
            raise reject_text(desk, node, "bad-date", f"{node.text!r} tells no moment", fix)
        return MOMENT.read(desk, node)
    count = int(match["count"] or 0) * (-1 if match["side"] == "before" else 1)
    return Relative(match["moment"], match["which"], count, match["unit"] or "minute", node.text, node.mark)


_END: Leaf[Moment | Relative] = Leaf(
    _end,
    "a date, a time, or words such as '2 days before opens'",
    {"anyOf": [MOMENT.schema(), {"type": "string", "pattern": _SHAPE}]},
)


def _event_id(desk: Desk, node: Scalar) -> str:
    if node.text in desk.event_ids:
        return node.text
    raise reject_text(
        desk, node, "unknown-event", f"no event is called {node.text!r}", suggest(node.text, desk.event_ids)
    )


def _periods(desk: Desk, fields: Fields) -> tuple[Period, ...]:
    if "from" not in fields and "until" not in fields:
        desk.error(
            fields.mark, "empty-window", "this period has neither 'from' nor 'until'", "write one of them, or delete it"
        )
    told = [end for end in ("from", "until") if isinstance(fields.get(end), Relative)]
    if "event" not in fields:
        return _dated(desk, fields, told)
    if not told and all(end in fields.values or end not in fields for end in ("from", "until")):
        fix = "write such as 'until: last closes', or delete 'event'"
        desk.error(fields.mark_of("event"), "unused-event", "neither end of this period is told by the event", fix)
    return tuple(_of_event(desk, fields, id_) for id_ in fields.get("event", ()) if id_ in desk.events)


def _dated(desk: Desk, fields: Fields, told: list[str]) -> tuple[Period, ...]:
    for end in told:
        written: Relative = fields.get(end)
        if written.text == written.moment:  # a word that no event explains is most likely a date gone wrong
            with suppress(RejectedError):
                MOMENT.read(desk, fields.nodes[end])
            continue
        message = f"{written.text!r} tells a moment, and no event is named"
        fix = "write 'event:' beside it, or a date such as 2026-02-28"
        desk.error(written.mark, "missing-key", message, fix)
    if told:
        return ()
    zone = zone_of(desk, fields)
    start, until = end_of(desk, fields, "from", zone), end_of(desk, fields, "until", zone)
    check_order(desk, fields, start, until)
    first, last = (None if one is None else Instant(one, zone) for one in (start, until))
    return (Period(first, last, zone),)


def _of_event(desk: Desk, fields: Fields, id_: str) -> Period:
    event = desk.events[id_]
    start, end = _bound(desk, fields, "from", event, id_), _bound(desk, fields, "until", event, id_)
    period = Period(start, end, fields.get("timezone", event.zone), id_)
    _check_event_order(desk, fields, start, end, id_)
    return period


def _bound(desk: Desk, fields: Fields, end: End, event: EventDraft, id_: str) -> Bound:
    written = fields.get(end)
    with suppress(RejectedError):
        if isinstance(written, Moment):
            zone = fields.get("timezone", event.zone)
            return Instant(resolve(desk, written, zone, end), zone)
        if isinstance(written, Relative):
            return _told(desk, written, event, id_, end)
    return None


def _told(desk: Desk, told: Relative, event: EventDraft, id_: str, end: End) -> Bound:
    moments = event.moments.get(told.moment)
    if moments is None:
        message = f"the event {id_!r} has no moment {told.moment!r}"
        raise desk.reject(told.mark, "unknown-moment", message, suggest(told.moment, event.moments))
    instants = {region: _instant(desk, timed, event, end) for region, timed in moments.items()}
    if told.which is not None:
        ordered = sorted(instants.values(), key=_at)
        return _away(desk, told, ordered[0] if told.which == "first" else ordered[-1])
    away = {region: _away(desk, told, one) for region, one in instants.items()}
    return away[None] if None in away else {region: one for region, one in away.items() if region is not None}


def _at(instant: Instant) -> datetime:
    return instant.at


def _instant(desk: Desk, timed: Timed, event: EventDraft, end: End) -> Instant:
    zone = timed.zone or event.zone
    return Instant(resolve(desk, timed.moment, zone, end), zone)


def _away(desk: Desk, told: Relative, base: Instant) -> Instant:
    """So many units from *base*: hours and minutes exactly, days to the first instant of that calendar day."""
    if not told.count:
        return base
    if told.unit != "day":
        return Instant(base.at + told.count * timedelta(**{f"{told.unit}s": 1}), base.zone)
    if base.zone is None:
        fix = "write 'timezone:' beside the moment, so that it is clear when its days begin"
        raise desk.reject(told.mark, "no-timezone", f"no time zone says which days {told.text!r} counts", fix)
    day = base.at.astimezone(ZoneInfo(base.zone)).date() + timedelta(days=told.count)
    first = Moment(datetime.combine(day, time()), False, told.text, told.mark)
    return Instant(resolve(desk, first, base.zone, "from"), base.zone)


def _check_event_order(desk: Desk, fields: Fields, start: Bound, end: Bound, id_: str) -> None:
    regions = {region for bound in (start, end) if isinstance(bound, dict) for region in bound} or {WORLD}
    pairs = ((at_region(start, region), at_region(end, region)) for region in sorted(regions))
    if any(one is not None and other is not None and other.at <= one.at for one, other in pairs):
        message = f"by the event {id_!r} this period ends before it begins"
        desk.error(fields.mark_of("until"), "empty-window", message, "swap the ends, or correct the event's moments")


def at_region(bound: Bound, region: str) -> Instant | None:
    """The instant of *bound* in one of its regions; one that holds everywhere is that of any."""
    return bound.get(region) if isinstance(bound, dict) else bound


def _told_by_event(end: str) -> dict[str, object]:
    return {"required": [end], "properties": {end: {"type": "string", "pattern": _SHAPE}}}


EVENT_ID = Leaf(_event_id, "an event's id", NAME.schema())
PERIOD: Record[tuple[Period, ...]] = Record(
    "a period",
    {
        "event": Key(
            Many(EVENT_ID, "events"), "the event whose moments the ends are told by; of several, a period each"
        ),
        "from": Key(_END, "the first moment: a date is the first instant of its day in the zone"),
        "until": Key(_END, "the first moment after; a date is the first instant of its day"),
        "timezone": Key(
            ZONE, "the IANA zone of dates, and of times without an offset", default="defaults.timezone, or the event's"
        ),
    },
    _periods,
    rules={
        "anyOf": [{"required": ["from"]}, {"required": ["until"]}],
        "if": {"required": ["event"]},
        "then": {"anyOf": [_told_by_event("from"), _told_by_event("until")]},
        "else": {"properties": {"from": MOMENT.schema(), "until": MOMENT.schema()}},
    },
    lone="from",
)
_LISTED = Many(PERIOD, "periods")


def _joined(desk: Desk, node: Node, several: tuple[tuple[Period, ...], ...]) -> tuple[Period, ...]:
    del desk, node
    return tuple(period for periods in several for period in periods)


PERIODS: Made[tuple[tuple[Period, ...], ...], tuple[Period, ...]] = Made(_LISTED, _joined)
