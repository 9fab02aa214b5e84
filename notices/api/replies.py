"""What the endpoint answers, as models: the documentation is made of them, and tests hold every answer to them."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003  msgspec reads the annotations while running
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from notices.ruleset import Action, Consequence, Kind, Severity  # noqa: TC001

from .problem import ProblemReply  # noqa: TC001

Digest = Annotated[str, Meta(description="sha256: and hexadecimal digits, over the files of the rules folder")]
Variant = Annotated[
    str, Meta(description="equal where the same is shown; 00000000 where nothing is", pattern="^[0-9a-f]{8}$")
]


class _Reply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all answers."""


class RulesetReply(_Reply, frozen=True, kw_only=True):
    """Which rules answered."""

    digest: Digest
    loaded_at: datetime


class LocationReply(_Reply, frozen=True, kw_only=True):
    """Where the visitor may be; never an address."""

    candidates: Annotated[list[str], Meta(description="ISO 3166 codes, or world alone", min_length=1)]
    certainty: Literal["known", "anonymous", "unknown", "contested", "coarse"]
    source: str


class LinkReply(_Reply, frozen=True, kw_only=True):
    """Where a reader learns more."""

    href: str
    label: str


class NoticeReply(_Reply, frozen=True, kw_only=True):
    """One text to show."""

    rule: str
    sure: bool
    level: Severity
    at: list[str | dict[str, str]]
    language: str
    direction: Literal["ltr", "rtl"]
    title: str | None
    text: str
    html: str
    link: LinkReply | None
    law: list[str]


class ReasonReply(_Reply, frozen=True, kw_only=True):
    """Why a rule did or did not apply."""

    rule: str
    outcome: Literal["shown", "hidden"]
    reason: str
    detail: str


class LookupReply(_Reply, frozen=True, kw_only=True):
    """The decision for one visitor and page; ``explain`` only where it was asked for."""

    ruleset: RulesetReply
    location: LocationReply
    at: datetime
    until: Annotated[datetime | None, Meta(description="the next instant at which the answer can change")]
    variant: Variant
    action: Literal["none", "notice", "withhold"]
    features: dict[str, Consequence]
    notices: list[NoticeReply]
    explain: list[ReasonReply] | msgspec.UnsetType = msgspec.UNSET


class DecisionReply(_Reply, frozen=True, kw_only=True):
    """A decision that answers of a batch share."""

    variant: Variant
    action: Literal["none", "notice", "withhold"]
    features: dict[str, Consequence]
    notices: list[NoticeReply]


class AnswerReply(_Reply, frozen=True, kw_only=True):
    """The answer to one question of a batch: the place of its decision in ``decisions``, or its problem."""

    decision: int | msgspec.UnsetType = msgspec.UNSET
    location: LocationReply | msgspec.UnsetType = msgspec.UNSET
    until: datetime | msgspec.UnsetType | None = msgspec.UNSET
    explain: list[ReasonReply] | msgspec.UnsetType = msgspec.UNSET
    problem: ProblemReply | msgspec.UnsetType = msgspec.UNSET


class BatchReply(_Reply, frozen=True, kw_only=True):
    """The answers to a batch, in its order."""

    ruleset: RulesetReply
    decisions: list[DecisionReply]
    answers: list[AnswerReply]


class WhereReply(_Reply, frozen=True, kw_only=True):
    """Regions and named sets: any of them, and none of the exceptions; a nested expression reads the same."""

    any: list[str | dict[str, Any]]
    except_: list[str | dict[str, Any]] = msgspec.field(name="except")


class SourceReply(_Reply, frozen=True, kw_only=True):
    """A public source of a rule, and when it was read."""

    url: str
    read: date | None


class WindowReply(_Reply, frozen=True, kw_only=True):
    """From when until before when a rule holds; null is open."""

    from_: datetime | None = msgspec.field(name="from")
    until: datetime | None


class RuleReply(_Reply, frozen=True, kw_only=True):
    """The public facts of one active rule."""

    rule: str
    title: str
    kind: Kind
    action: Action
    regions: WhereReply
    law: list[str]
    sources: list[SourceReply]
    dates: list[WindowReply]


class RulesReply(_Reply, frozen=True, kw_only=True):
    """The public facts of the active rules, in the order in which their notices stand."""

    ruleset: RulesetReply
    rules: list[RuleReply]


class PlaceReply(_Reply, frozen=True, kw_only=True):
    """Where something is wrong, and its stable code; what stands there is not told."""

    path: str
    line: int
    column: int
    code: str


class FailureReply(_Reply, frozen=True, kw_only=True):
    """The last load that was refused; ``resolved_at`` is null while what is served is not what is on the disk."""

    at: datetime
    resolved_at: datetime | None
    problems: list[PlaceReply]


class DatabaseReply(_Reply, frozen=True, kw_only=True):
    """One location database; null where no file could be opened."""

    type: str | None
    built: date | None
    age_days: int | None
    stale: bool
    last_failed_reload: FailureReply | None


class HealthReply(_Reply, frozen=True, kw_only=True):
    """Whether what is served is what is on the disk, and how old it is; of the process that answers."""

    status: Literal["ok", "failing"]
    mode: Literal["on", "report", "off"]
    ruleset: RulesetReply
    serving_last_good_rules: Annotated[
        bool, Meta(description="whether older rules than those on the disk are served, since those are refused")
    ]
    last_failed_reload: FailureReply | None
    databases: list[DatabaseReply]
    unknown_location_share: float | None
    untrusted_forwarding_header_seen: bool
    state_kept: Annotated[
        bool | None, Meta(description="whether the last good rules could be kept; null: not asked for")
    ]
