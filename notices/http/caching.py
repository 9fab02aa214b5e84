"""Cache-Control, Vary and Expires of a page that differs by visitor and by instant (RFC 9111; spec: service, 3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from notices.expressions import late

from .heads import Headers, first, replaced, values, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_DIRECTIVE = re.compile(r'([^\s=,"]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,]*))?')
_SURROGATE_AGE = late(r"max-age\s*=\s*(\d+)(?:\+(\d+))?", re.IGNORECASE)
_SURROGATE_STALE = late(r"(stale-(?:while-revalidate|if-error))\s*=\s*(\d+)", re.IGNORECASE)
#: Akamai's own header states times with a unit: ``max-age=1d``, ``cache-maxage=12h``.
_EDGE_AGE = late(r"((?:cache-maxage|max-age|downstream-ttl)\s*=\s*)(\d+)([smhd]?)", re.IGNORECASE)
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_FRESH = ("max-age", "s-maxage")
_STALE = ("stale-while-revalidate", "stale-if-error")
_SHARED = frozenset({"surrogate-control", "x-accel-expires", "edge-control"})
_CDN = "cdn-cache-control"
#: A cache may choose its own time for a page without one, usually a tenth of its age (RFC 9111, 4.2.2).
_HEURISTIC = 10

Directive = tuple[str, str | None]


class Sharing(Struct, frozen=True):
    """What caches must know of one page.

    ``mode`` and ``vary_header`` are the ``CACHE`` setting; ``others_differ``: another visitor could get another
    decision; ``varies``: request headers that rules read; ``until``: the next instant of change, seen at ``now``.
    """

    now: datetime
    mode: Literal["private", "vary", "keep"] = "private"
    vary_header: str | None = None
    others_differ: bool = True
    varies: frozenset[str] = frozenset()
    until: datetime | None = None


def plan_caching(headers: Headers, sharing: Sharing) -> Headers:
    """The headers as caches must see them."""
    if sharing.mode == "keep":
        return headers
    if sharing.others_differ:
        headers = _kept_private(headers) if sharing.mode == "private" else headers
        named = [sharing.vary_header] if sharing.mode == "vary" and sharing.vary_header else []
        headers = add_vary(headers, named)
    headers = add_vary(headers, sorted(sharing.varies))
    return headers if sharing.until is None else _cut(headers, sharing.now, sharing.until)


def invites_caches(headers: Headers) -> bool:
    """Whether a head gives a cache a lifetime, or lets it reckon one (RFC 9111, 4.2)."""
    names = {key.lower() for key, _ in headers}
    return bool(names & {"cache-control", "expires", "last-modified", *_SHARED}) or any(map(_is_for_cdns, names))


def _is_for_cdns(name: str) -> bool:
    return name.endswith(_CDN)


def add_vary(headers: Headers, names: Iterable[str]) -> Headers:
    """The headers with *names* in ``Vary``; ``*`` already holds them all."""
    stated = [name.strip() for value in values(headers, "Vary") for name in value.split(",") if name.strip()]
    known = {name.lower() for name in stated}
    new = [name for name in names if name.lower() not in known]
    return headers if not new or "*" in known else replaced(headers, "Vary", ", ".join([*stated, *new]))


def kept_by_nobody(headers: Headers) -> Headers:
    """The headers of an answer for this very request."""
    return replaced(_without_shared(headers), "Cache-Control", "no-store")


def _without_shared(headers: Headers) -> Headers:
    """The headers without those that only shared caches read."""
    return without(headers, [key.lower() for key, _ in headers if key.lower() in _SHARED or _is_for_cdns(key.lower())])


def _kept_private(headers: Headers) -> Headers:
    """Nothing but the reader's own cache may keep the page."""
    directives = _directives(headers, "Cache-Control")
    kept = [item for item in directives if item[0].lower() not in ("public", "private", "s-maxage")]
    return _written(_without_shared(headers), "Cache-Control", [*kept, ("private", None)])


def _cut(headers: Headers, now: datetime, until: datetime) -> Headers:
    """The headers with every time to live ended by *until*."""
    left = max(0, int((until - now).total_seconds()))
    headers = _cut_expires(headers, until)
    expires = _instant(first(headers, "Expires"))
    spent = max(0, int((expires - now).total_seconds())) if expires is not None else 0
    headers = _cut_directives(headers, "Cache-Control", left, spent)
    for name in {key for key, _ in headers if key.lower().endswith(_CDN)}:
        headers = _cut_directives(headers, name, left, 0)
    headers = _rewritten(headers, "Surrogate-Control", lambda value: _cut_surrogate(value, left))
    headers = _rewritten(headers, "Edge-Control", lambda value: _cut_edge(value, left))
    headers = _rewritten(headers, "X-Accel-Expires", lambda value: _cut_accel(value, left, until))
    return _cut_heuristic(headers, now, left)


def _cut_directives(headers: Headers, name: str, left: int, spent: int) -> Headers:
    directives = _directives(headers, name)
    cut = [(key, _at_most(value, left) if key.lower() in _FRESH else value) for key, value in directives]
    ages = [age for key, value in cut if key.lower() in _FRESH and (age := _seconds(value)) is not None]
    grace = left - max([*ages, spent]) if ages or spent else left
    cut = [(key, _at_most(value, grace) if key.lower() in _STALE else value) for key, value in cut]
    cut = [(key, value) for key, value in cut if key.lower() not in _STALE or _seconds(value) != 0]
    return headers if cut == directives else _written(headers, name, cut)


def _cut_expires(headers: Headers, until: datetime) -> Headers:
    expires = _instant(first(headers, "Expires"))
    if expires is None or expires <= until:
        return headers
    return replaced(headers, "Expires", format_datetime(until.astimezone(UTC).replace(microsecond=0), usegmt=True))


def _cut_surrogate(value: str, left: int) -> str:
    def shorter(match: re.Match[str]) -> str:
        age = min(int(match[1]), left)
        return f"max-age={age}" if match[2] is None else f"max-age={age}+{min(int(match[2]), left - age)}"

    cut = _SURROGATE_AGE.sub(shorter, value)
    stated = _SURROGATE_AGE.search(cut)
    # Stale time adds to an age; to one that is stated elsewhere, and may be all that is left, it adds nothing.
    grace = left - int(stated[1]) - int(stated[2] or 0) if stated else 0
    return _SURROGATE_STALE.sub(lambda match: f"{match[1]}={min(int(match[2]), grace)}", cut)


def _cut_edge(value: str, left: int) -> str:
    """Akamai's own header."""

    def shorter(match: re.Match[str]) -> str:
        return match[0] if int(match[2]) * _UNITS[match[3].lower()] <= left else f"{match[1]}{left}"

    return _EDGE_AGE.sub(shorter, value)


def _cut_accel(value: str, left: int, until: datetime) -> str:
    """Nginx's own header: seconds, or ``@`` and seconds of the epoch."""
    text = value.strip()
    if text.isdecimal():
        return str(min(int(text), left))
    if text.startswith("@") and text[1:].isdecimal():
        return f"@{min(int(text[1:]), int(until.timestamp()))}"
    return value


def _cut_heuristic(headers: Headers, now: datetime, left: int) -> Headers:
    """A time to live for a page that states none, where one of the cache's own choice could outlive the change."""
    directives = _directives(headers, "Cache-Control")
    stated = {key.lower() for key, _ in directives}
    modified = _instant(first(headers, "Last-Modified"))
    explicit = stated & {*_FRESH, "no-store", "no-cache"} or first(headers, "Expires") is not None
    if explicit or modified is None or (age := now - modified) <= timedelta(seconds=left):
        return headers
    ours = min(left, int(age.total_seconds()) // _HEURISTIC)
    return _written(headers, "Cache-Control", [*directives, ("max-age", str(ours))])


def _rewritten(headers: Headers, name: str, change: Callable[[str], str]) -> Headers:
    return [(key, change(value) if key.lower() == name.lower() else value) for key, value in headers]


def _directives(headers: Headers, name: str) -> list[Directive]:
    found = _DIRECTIVE.findall(", ".join(values(headers, name)))
    return [(key, value or None) for key, value in found]


def _written(headers: Headers, name: str, directives: list[Directive]) -> Headers:
    text = ", ".join(key if value is None else f"{key}={value}" for key, value in directives)
    return replaced(headers, name, text) if text else without(headers, [name.lower()])


def _seconds(value: str | None) -> int | None:
    text = (value or "").strip('"')
    return int(text) if text.isdecimal() else None


def _at_most(value: str | None, limit: int) -> str | None:
    seconds = _seconds(value)
    return value if seconds is None or seconds <= limit else str(max(0, limit))


def _instant(value: str | None) -> datetime | None:
    """The instant of an HTTP date; None for what is none (``0``, ``-1``: already over)."""
    if value is None:
        return None
    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
