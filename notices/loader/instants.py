"""Dates and times as editors write them, in the zone that they mean, as instants (spec: rules, section 5)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from notices.ruleset import Window

from .desk import RejectedError, nearest
from .lookalikes import latinised
from .record import Key, Record
from .scalars import date_meant, last_day_of, reject_text
from .shape import Leaf

if TYPE_CHECKING:
    from notices.document import Scalar
    from notices.ruleset import Mark

    from .desk import Desk
    from .record import Fields

#: The keys that hold an instant; all but ``until`` begin something.
End = Literal["from", "until", "now", "decided", "announced", "listed"]

_WRITTEN = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]{1,6}))?)?"
    r"[ ]?(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
)
_PATTERN = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?[ ]?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?$"
)


#: What editors write for a day that nobody knows.
_NO_DAY = frozenset({"unknown", "open", "none", "never", "always", "forever", "tbd", "indefinite", "?", "-"})


class Moment(Struct, frozen=True):
    """A date (``clock`` False: the first instant of its day) or a time; aware where an offset was written."""

    wall: datetime
    clock: bool
    text: str
    mark: Mark


def _moment(desk: Desk, node: Scalar) -> Moment:
    match = _WRITTEN.fullmatch(node.text)
    if match is None:
        fix = date_meant(node.text) or "write 2026-02-28, or 2026-02-28T18:00 with Z or +03:00 where it is not local"
        if node.text.casefold() in _NO_DAY:
            fix = "leave it out: a period without 'until' has no end, and one without 'from' no beginning"
        raise reject_text(desk, node, "bad-date", f"{node.text!r} is no date or time", fix)
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    try:
        on = date(year, month, day)
    except ValueError:
        raise desk.reject(
            node.mark, "bad-date", f"the day {node.text!r} does not exist", last_day_of(year, month)
        ) from None
    if not 1900 <= year <= 2200:
        raise desk.reject(node.mark, "bad-date", f"{node.text!r} is out of reach", "write a year from 1900 to 2200")
    if match["hour"] is None:
        return Moment(datetime.combine(on, time()), False, node.text, node.mark)
    try:
        return Moment(datetime.fromisoformat(_iso(match)), True, node.text, node.mark)
    except ValueError:
        fix = "write hours from 00 to 23 and minutes from 00 to 59; midnight at a day's end is 00:00 of the next"
        raise desk.reject(node.mark, "bad-date", f"the time in {node.text!r} does not exist", fix) from None


def _iso(match: re.Match[str]) -> str:
    offset = (match["offset"] or "").upper().replace("Z", "+00:00")
    second, part = match["second"] or "00", (match["part"] or "").ljust(6, "0")
    return f"{match['year']}-{match['month']}-{match['day']}T{match['hour']}:{match['minute']}:{second}.{part}{offset}"


MOMENT = Leaf(_moment, "a date such as 2026-02-28, or a time", {"type": "string", "pattern": _PATTERN})


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(desk: Desk, node: Scalar) -> str:
    if node.text in _zones():
        return node.text
    near = _zone_of_city(node.text) or nearest(latinised(node.text), _zones(), cutoff=0.75)
    fix = f"did you mean {near!r}?" if near else "write an IANA name such as Europe/Moscow"
    raise reject_text(desk, node, "unknown-timezone", f"{node.text!r} is no time zone", fix)


def _zone_of_city(text: str) -> str | None:
    """The one zone that is named after the city: ``Berlin``, ``New York``."""
    city = text.strip().replace(" ", "_").casefold()
    found = [zone for zone in _zones() if zone.casefold().rpartition("/")[2] == city and "/" in zone]
    return found[0] if len(found) == 1 else None


ZONE = Leaf(_zone, "an IANA time zone", {"type": "string", "pattern": "^[A-Za-z]"})


def resolve(desk: Desk, moment: Moment, zone: str | None, end: End) -> datetime:
    """The instant, in UTC, that begins (``from``) or ends (``until``) what is shown.

    A date is the first instant of its day in *zone*. Of a time that a clock change skips or repeats the reading that
    shows longer holds, and a warning names both.

    :raises RejectedError: ``no-timezone``, or ``bad-date`` beyond what a clock can tell.
    """
    try:
        if moment.wall.tzinfo is not None:
            return moment.wall.astimezone(UTC)
        if zone is None:
            fix = "write 'timezone: Europe/Moscow' beside it, or set 'timezone' under 'defaults'"
            raise desk.reject(moment.mark, "no-timezone", f"no time zone says when {moment.text!r} is", fix)
        return _local(desk, moment, ZoneInfo(zone), end)
    except OverflowError:
        raise desk.reject(moment.mark, "bad-date", f"{moment.text!r} is out of reach", "write a nearer year") from None


def _local(desk: Desk, moment: Moment, zone: ZoneInfo, end: End) -> datetime:
    first, second = readings(moment.wall, zone)
    if first == second:
        return first
    skipped = first.astimezone(zone).replace(tzinfo=None) != moment.wall
    if not moment.clock:
        # A day that begins within a gap begins with the change; one that begins twice begins the first time.
        return _change_between(first, second, zone) if skipped else first
    chosen, other = (first, second) if end != "until" else (second, first)
    what = "does not exist" if skipped else "comes twice"
    message = (
        f"{moment.text!r} {what} in {zone.key}, where the clocks change: {_shown(chosen, zone)} holds, "
        f"which shows longer, not {_shown(other, zone)}"
    )
    desk.report(moment.mark, "warning", "clock-change", message, "write the offset, as in +03:00, to say which")
    return chosen


def readings(wall: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Both instants that the local time *wall* can mean, earlier first; equal but at a clock change."""
    found = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return min(found), max(found)


def _change_between(first: datetime, second: datetime, zone: ZoneInfo) -> datetime:
    """The instant, between two, from which *zone* has another offset."""
    before = first.astimezone(zone).utcoffset()
    while second - first > timedelta(seconds=1):
        middle = first + (second - first) // 2
        if middle.astimezone(zone).utcoffset() == before:
            first = middle
        else:
            second = middle
    return second.replace(microsecond=0)


def _shown(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M %z}"


def zone_of(desk: Desk, fields: Fields) -> str | None:
    """The zone that a record states, else the folder's default."""
    stated: str | None = fields.get("timezone", desk.zone)
    return stated


def end_of(desk: Desk, fields: Fields, end: End, zone: str | None) -> datetime | None:
    """The instant under the key *end*; None where it is not written or of no use (the problem is on the desk)."""
    moment: Moment | None = fields.get(end)
    if moment is None:
        return None
    try:
        return resolve(desk, moment, zone, end)
    except RejectedError:
        return None


def check_order(desk: Desk, fields: Fields, start: datetime | None, until: datetime | None) -> None:
    """Report a period that ends before it has begun."""
    if start is not None and until is not None and until <= start:
        message = f"'until' ({fields.get('until').text}) is not after 'from' ({fields.get('from').text})"
        desk.error(
            fields.mark_of("until"),
            "empty-window",
            message,
            "swap them or correct one; 'until' is the first moment after",
        )


def _window(desk: Desk, fields: Fields) -> Window:
    zone = zone_of(desk, fields)
    start, until = end_of(desk, fields, "from", zone), end_of(desk, fields, "until", zone)
    check_order(desk, fields, start, until)
    if "from" not in fields and "until" not in fields:
        desk.error(
            fields.mark, "empty-window", "this period has neither 'from' nor 'until'", "write one of them, or delete it"
        )
    return Window(start, until, zone)


WINDOW: Record[Window] = Record(
    "a period",
    {
        "from": Key(MOMENT, "the first moment: a date is the first instant of its day in the zone"),
        "until": Key(MOMENT, "the first moment after; a date is the first instant of its day"),
        "timezone": Key(ZONE, "the IANA zone of dates, and of times without an offset", default="defaults.timezone"),
    },
    _window,
    rules={"anyOf": [{"required": ["from"]}, {"required": ["until"]}]},
    lone="from",
)
