"""A decision: what one visitor is shown on one page at one instant, and until when; and its JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from .index import Shown as Shown
from .index import headers_read, regions_differ

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .fragment import Style
    from .index import Index, Verdict
    from .location import Cause, Location
    from .notice import Notice

Outcome = Literal["shown", "hidden"]
#: Why a rule did or did not act, in the order in which reasons are looked for (spec: service, section 5).
Reason = Literal[
    "MATCH",
    "UNSURE_SHOWN",
    "STATUS",
    "NOT_YET",
    "OVER",
    "PAGE",
    "FACT_MISSING",
    "REGION",
    "UNSURE_HIDDEN",
    "SUPERSEDED",
    "GROUP",
]


class Explanation(Struct, frozen=True):
    """Why one rule is shown or not: ``detail`` is the match, or the near miss, in words.

    ``rule`` is the rule's id; only explanations for the command line name confidential rules.
    """

    rule: str
    outcome: Outcome
    reason: Reason
    detail: str


@dataclass(frozen=True, init=False)
class Decision:
    """What *location* is shown on a page at the instant ``at``; the same until ``until``, if that is not None.

    ``certainty`` is ``known`` or the gravest cause of doubt; ``action`` is ``none``, ``notice`` or ``withhold``;
    ``variant`` is eight hex digits over all that the decision puts into the page.
    """

    at: datetime
    location: Location
    _verdict: Verdict = field(repr=False)
    _index: Index = field(repr=False, compare=False)

    def __init__(self, at: datetime, location: Location, _verdict: Verdict, _index: Index) -> None:
        # One is made for every page: the frozen class's own way, a guarded call for each field, costs three times this.
        fields = self.__dict__
        fields["at"] = at
        fields["location"] = location
        fields["_verdict"] = _verdict
        fields["_index"] = _index

    @property
    def verdict(self) -> Verdict:
        """What this decision shares with all that answer the same, until an instant comes at which rules change."""
        return self._verdict

    @property
    def until(self) -> datetime | None:
        """The next instant at which this answer can change, or None."""
        return self._verdict.standing.until

    @property
    def certainty(self) -> Cause | Literal["known"]:
        """``known`` where no active rule's ``where`` is a maybe for this visitor, else the gravest cause."""
        return self._verdict.standing.cause or "known"

    @property
    def action(self) -> str:
        """``none``, ``notice`` or ``withhold``."""
        return self._verdict.content.action

    @property
    def variant(self) -> str:
        """Eight hex digits, ``00000000`` where nothing is shown."""
        return self._verdict.content.variant

    @property
    def features(self) -> Mapping[str, str]:
        """Part of the page -> ``hide`` or ``warn``."""
        return self._verdict.content.features

    @property
    def notices(self) -> tuple[Notice, ...]:
        """One notice for each text, rule by rule, highest first."""
        return self._verdict.content.notices

    @property
    def shown(self) -> tuple[Shown, ...]:
        """The rules that act, highest first."""
        return self._verdict.standing.shown

    @property
    def digest(self) -> str:
        """The digest of the ruleset that decided."""
        return self._index.ruleset.digest

    @property
    def page_language(self) -> str | None:
        """The language that the page was stated to be in, where a rule's texts depend on it."""
        return self._verdict.readers.page

    @property
    def varies(self) -> frozenset[str]:
        """The request headers, of ``Accept-Language`` and ``Sec-GPC``, that decide what such a page shows."""
        return headers_read(self._index, self._verdict.page)

    @property
    def others_differ(self) -> bool:
        """Whether a visitor from somewhere else is, now or later, shown something else on this page."""
        return regions_differ(self._index, self._verdict.page, self.at)

    def warning(self, feature: str) -> tuple[Notice, ...]:
        """The notices, one a language, whose short text warns of *feature*: those of the highest rule that warns."""
        warner = self._verdict.standing.warner(feature)
        return tuple(notice for notice in self.notices if warner is not None and notice.rule == warner.name)

    def in_page_language(self, tag: str) -> Decision:
        """The same decision for a page that turns out to be in *tag*: same variant, texts in the nearest language."""
        return Decision(self.at, self.location, self._index.reword(self._verdict, tag), self._index)

    def as_dict(self, style: Style | None = None) -> dict[str, Any]:
        """The decision as JSON values (spec: service, section 5); *style* goes into the first notice, none without.

        A look-up adds when its worker loaded the rules, and reasons: here equal decisions of all workers are equal.
        """
        return {
            "ruleset": {"digest": self.digest},
            "location": {
                "candidates": list(self.location.candidates),
                "certainty": self.certainty,
                "source": self.location.source,
            },
            "at": write_instant(self.at),
            "until": None if self.until is None else write_instant(self.until),
            "variant": self.variant,
            "action": self.action,
            "features": dict(self.features),
            "notices": self._verdict.content.rows() if style is None else self._verdict.content.write(style),
        }


def write_instant(at: datetime) -> str:
    """Write an aware instant in UTC, as RFC 3339 does: ``2026-11-22T12:00:00Z``."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
