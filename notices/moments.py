"""Write instants as editors say them: in their own zone, and an end as the last moment that still counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SECOND = timedelta(seconds=1)


def moment_in_words(at: datetime, zone: str | None) -> str:
    """The instant in *zone* (None: UTC), to the second: ``30 Dec 2026, 23:59:59 Europe/Moscow``.

    A time that a clock change repeats has its offset, since it would be two instants without.
    """
    local = _local(at, zone)
    repeated = local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()
    offset = f" ({local:%z})" if repeated else ""
    return f"{_day(local)}, {local:%H:%M:%S} {zone or 'UTC'}{offset}"


def last_moment(end: datetime) -> datetime:
    """The last whole second before *end*, which is the first instant that does not count any more."""
    return end.replace(microsecond=0) if end.microsecond else end - _SECOND


def start_in_words(start: datetime, zone: str | None) -> str:
    """The first moment: the day alone where it begins with it, else in full."""
    begins = _local(start - _SECOND, zone).date() < _local(start, zone).date()
    return _day(_local(start, zone)) if begins else moment_in_words(start, zone)


def end_in_words(end: datetime, zone: str | None) -> str:
    """The last moment before *end*: the day alone where all of it counts, else in full."""
    last = last_moment(end)
    ends_day = _local(end, zone).date() > _local(last, zone).date()
    return _day(_local(last, zone)) if ends_day else moment_in_words(last, zone)


def first_day(start: datetime, zone: str | None) -> str:
    """The day that begins at *start*, as ``2026-02-28``; an instant within a day with its time and zone."""
    local = _local(start, zone)
    begins = _local(start - _SECOND, zone).date() < local.date()
    return f"{local:%Y-%m-%d}" if begins else f"{local:%Y-%m-%d %H:%M} {zone or 'UTC'}"


def _local(at: datetime, zone: str | None) -> datetime:
    return at.astimezone(ZoneInfo(zone or "UTC"))


def _day(local: datetime) -> str:
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
