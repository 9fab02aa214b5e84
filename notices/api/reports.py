"""What the service tells of itself and its rules: public facts of the rules, and its health."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from notices.geo.age import age_in_days, is_stale
from notices.location import Entry

from .replies import (
    DatabaseReply,
    FailureReply,
    HealthReply,
    PlaceReply,
    RuleReply,
    RulesetReply,
    RulesReply,
    SourceReply,
    WhereReply,
    WindowReply,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from notices.location import Where
    from notices.ruleset import Rule
    from notices.service import Service
    from notices.service.sources import DatabaseSource, Failure
    from notices.snapshot import Snapshot


def ruleset_reply(snapshot: Snapshot) -> RulesetReply:
    """Which rules answer, and since when they are live."""
    return RulesetReply(digest=snapshot.digest, loaded_at=snapshot.loaded_at)


def rules_reply(snapshot: Snapshot) -> RulesReply:
    """The public facts of the active rules; of confidential ones not even that they are there."""
    public = [_rule(rule) for rule in snapshot.ruleset.active if not rule.confidential]
    return RulesReply(ruleset=ruleset_reply(snapshot), rules=public)


def health_reply(service: Service) -> HealthReply:
    """How *service* is: failing while rules or a database on the disk are refused (spec: service, section 5)."""
    snapshot, now = service.snapshot(), service.now()
    rules_refused = _stands(service.rules.failure)
    failing = rules_refused or any(_stands(source.failure) for source in service.databases)
    return HealthReply(
        status="failing" if failing else "ok",
        mode=service.settings.mode,
        ruleset=ruleset_reply(snapshot),
        serving_last_good_rules=rules_refused,
        last_failed_reload=_failure(service.rules.failure),
        databases=[_database(source, now) for source in service.databases],
        unknown_location_share=service.witness.unknown_share(),
        untrusted_forwarding_header_seen=service.witness.untrusted_forwarding_seen,
        state_kept=None if service.state.folder is None else service.state.trouble is None,
    )


def _rule(rule: Rule) -> RuleReply:
    return RuleReply(
        rule=rule.id,
        title=rule.title,
        kind=rule.kind,
        action=rule.action,
        regions=WhereReply(any=_operands(rule.where.include), except_=_operands(rule.where.exclude)),
        law=list(rule.law),
        sources=[SourceReply(url=source.url, read=source.read) for source in rule.sources],
        dates=[WindowReply(from_=window.start, until=window.end) for window in rule.windows],
    )


def _operands(operands: Sequence[Entry | Where]) -> list[str | dict[str, Any]]:
    return [_operand(operand) for operand in operands]


def _operand(operand: Entry | Where) -> str | dict[str, Any]:
    """A region's code, a set's name, or an expression without a name."""
    if isinstance(operand, Entry):
        return operand.region
    if operand.name is not None:
        return operand.name
    return {"any": _operands(operand.include), "except": _operands(operand.exclude)}


def _database(source: DatabaseSource, now: datetime) -> DatabaseReply:
    failure = _failure(source.failure)
    if source.database is None:
        return DatabaseReply(type=None, built=None, age_days=None, stale=True, last_failed_reload=failure)
    info = source.database.info
    return DatabaseReply(
        type=info.type,
        built=info.built.date(),
        age_days=age_in_days(info.built, now),
        stale=is_stale(info.built, now),
        last_failed_reload=failure,
    )


def _stands(failure: Failure | None) -> bool:
    return failure is not None and failure.standing


def _failure(failure: Failure | None) -> FailureReply | None:
    if failure is None:
        return None
    # A problem of the folder as a whole has the folder's own path, which is the machine's business.
    places = [
        PlaceReply(path="" if Path(p.path).is_absolute() else p.path, line=p.line, column=p.column, code=p.code)
        for p in failure.problems
    ]
    return FailureReply(at=failure.at, resolved_at=failure.resolved_at, problems=places)
