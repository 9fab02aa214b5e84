"""Say what changes when: what took effect, what is in force, what will begin or end, and which reviews are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from .index import is_open, version_of
from .location import Entry
from .phases import NOBODY, phases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .location import Where
    from .ruleset import Rule, Ruleset

    #: A rule as its phases, of which at most one holds at an instant.
    Phases = Sequence[Rule]

#: ``begins`` and ``ends``: a rule is shown from then on, or no more. ``text``: another dated version of its text.
#: ``joins`` and ``leaves``: a region enters or leaves a dated set that rules name.
What = Literal["begins", "ends", "text", "joins", "leaves"]

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One change at the instant ``at``; ``zone`` is the editor's (None: UTC).

    ``rules`` are the active rules concerned, ``regions`` what joins or leaves ``set`` (None: the rule's own list), and
    ``languages`` those of the text that holds from then on.
    """

    at: datetime
    zone: str | None
    what: What
    rules: tuple[str, ...]
    set: str | None = None
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A rule that is in force: since ``start`` (None: ever since) and until before ``end`` (None: no end)."""

    rule: str
    start: datetime | None
    end: datetime | None
    zone: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """When a rule is to be looked at again, and by whom; ``days`` are left until then, fewer than 0 if overdue."""

    rule: str
    by: date
    owner: str | None
    days: int

    @property
    def overdue(self) -> bool:
        """Whether the day has passed."""
        return self.days < 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that changes by active rules, seen from ``at``; ``inactive`` names the others with their status, and
    ``unread`` the active rules with the languages whose text no native editor has read.
    """

    at: datetime
    zone: str | None
    past: tuple[Event, ...]
    in_force: tuple[Span, ...]
    coming: tuple[Event, ...]
    reviews: tuple[Review, ...]
    inactive: tuple[tuple[str, str], ...]
    unread: tuple[tuple[str, tuple[str, ...]], ...]


def timeline(ruleset: Ruleset, at: datetime) -> Timeline:
    """What *ruleset* changes when, seen from the aware instant *at*, in order of time.

    A rule counts as shown while one of its windows is open and a text of it is in force; windows that meet are one.
    A review is due until its day is over in the folder's zone (spec: rules, sections 2 and 5).
    """
    zone = ruleset.defaults.timezone
    events = sorted((*_rule_events(ruleset), *_set_events(ruleset)), key=lambda event: (event.at, event.rules))
    return Timeline(
        at=at,
        zone=zone,
        past=tuple(event for event in events if event.at <= at),
        in_force=tuple(_span(cut, at, zone) for cut in map(phases, ruleset.active) if _is_open(cut, at)),
        coming=tuple(event for event in events if event.at > at),
        reviews=tuple(sorted(_reviews(ruleset, at), key=lambda review: (review.by, review.rule))),
        inactive=tuple((rule.id, rule.status) for rule in ruleset.rules.values() if rule.status != "active"),
        unread=tuple((rule.id, rule.unread) for rule in ruleset.active if rule.unread),
    )


def _is_open(cut: Phases, at: datetime) -> bool:
    return any(is_open(phase, at) for phase in cut if phase.pages != NOBODY)


def _rule_events(ruleset: Ruleset) -> Iterator[Event]:
    for rule in ruleset.active:
        cut = phases(rule)
        for bound in _bounds(cut):
            before, after = _is_open(cut, bound - _MOMENT), _is_open(cut, bound)
            zone = _zone_of(cut, bound, ruleset.defaults.timezone)
            if before != after:
                yield Event(bound, zone, "begins" if after else "ends", (rule.id,))
            elif after and version_of(rule, bound) != version_of(rule, bound - _MOMENT):
                version = version_of(rule, bound)
                yield Event(bound, zone, "text", (rule.id,), languages=tuple(version.texts) if version else ())


def _bounds(cut: Phases) -> list[datetime]:
    """The instants at which a rule may begin, end or change its text or pages, in order."""
    bounds = {bound for rule in cut for window in rule.windows for bound in (window.start, window.end)}
    bounds |= {version.start for version in cut[0].texts}
    return sorted(bound for bound in bounds if bound is not None)


def _zone_of(cut: Phases, bound: datetime | None, default: str | None) -> str | None:
    windows = (window for rule in cut for window in rule.windows)
    zones = (window.zone for window in windows if bound in (window.start, window.end))
    return next((zone for zone in zones if zone is not None), default)


def _span(cut: Phases, at: datetime, default: str | None) -> Span:
    bounds = _bounds(cut)
    starts = [bound for bound in bounds if bound <= at and not _is_open(cut, bound - _MOMENT)]
    ends = [bound for bound in bounds if bound > at and not _is_open(cut, bound)]
    start, end = max(starts, default=None), min(ends, default=None)
    return Span(cut[0].id, start, end, _zone_of(cut, start if end is None else end, default))


def _set_events(ruleset: Ruleset) -> Iterator[Event]:
    """Regions that join or leave together are one event; where the rule is not open on either side, it is none."""
    found: dict[tuple[datetime, What, str | None], tuple[set[str], set[str]]] = {}
    for rule in ruleset.active:
        cut = phases(rule)
        for name, entry in _entries(rule.where, None):
            for bound, what in _turns(entry):
                if _is_open(cut, bound) or _is_open(cut, bound - _MOMENT):
                    rules, regions = found.setdefault((bound, what, name), (set(), set()))
                    rules.add(rule.id)
                    regions.add(entry.region)
    windows = (window for rule in ruleset.active for window in rule.windows if window.event is not None)
    zones = {bound: window.zone for window in windows for bound in (window.start, window.end)}
    for (bound, what, name), (rules, regions) in found.items():
        yield Event(bound, zones.get(bound), what, tuple(sorted(rules)), name, tuple(sorted(regions)))


def _turns(entry: Entry) -> Iterator[tuple[datetime, What]]:
    if entry.start is not None:
        yield entry.start, "joins"
    if entry.end is not None:
        yield entry.end, "leaves"


def _entries(where: Where, name: str | None) -> Iterator[tuple[str | None, Entry]]:
    """Every entry in *where* and in the sets that it names, with the name of the nearest set that lists it."""
    for operand in (*where.include, *where.exclude):
        if isinstance(operand, Entry):
            yield where.name or name, operand
        else:
            yield from _entries(operand, where.name or name)


def _reviews(ruleset: Ruleset, at: datetime) -> Iterator[Review]:
    today = at.astimezone(ZoneInfo(ruleset.defaults.timezone) if ruleset.defaults.timezone else UTC).date()
    for rule in ruleset.active:
        if rule.review_by is not None:
            yield Review(rule.id, rule.review_by, rule.owner, (rule.review_by - today).days)
