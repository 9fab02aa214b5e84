"""From a question to its answer: it is decided, and the decision becomes the JSON of the endpoint."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from notices.decision import write_instant
from notices.engine import explain

from .asked import understand

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from notices.decision import Explanation
    from notices.index import Verdict
    from notices.location import Cause, Location
    from notices.snapshot import Snapshot

    from .asked import Asked, Caller
    from .question import Question


def answer(question: Question, snapshot: Snapshot, caller: Caller, now: datetime) -> bytes:
    """The JSON of one decision (spec: service, section 5); what the question leaves out is *caller*'s, or *now*.

    :raises FaultyQuestionError: for values of no use; none is repeated.
    """
    asked = understand(question, snapshot, caller, now)
    verdict, reasons = answer_parts(asked, snapshot, explained=question.explained)
    return b'{"ruleset":%b,"location":%b,"at":"%b","until":%b,%b%b}' % (
        ruleset_json(snapshot),
        location_json(asked.location, verdict.standing.cause),
        write_instant(asked.at).encode("ascii"),
        until_json(verdict.standing.until),
        verdict.content.members,
        b',"explain":%b' % reasons_json(reasons) if question.explained else b"",
    )


def answer_parts(asked: Asked, snapshot: Snapshot, *, explained: bool) -> tuple[Verdict, Sequence[Explanation]]:
    """What is shown, and why each active public rule is or is not, where that is *explained*."""
    verdict = snapshot.index.verdict(*asked)
    if not explained:
        return verdict, ()
    return verdict, explain(snapshot.index, *asked)[1]


def ruleset(snapshot: Snapshot) -> dict[str, Any]:
    """Which rules answered, and since when they are live."""
    return {"digest": snapshot.digest, "loaded_at": write_instant(snapshot.loaded_at)}


def ruleset_json(snapshot: Snapshot) -> bytes:
    """:func:`ruleset` as JSON."""
    return _ruleset_json(snapshot.digest, snapshot.loaded_at)


@lru_cache(maxsize=8)
def _ruleset_json(digest: str, loaded_at: datetime) -> bytes:
    return msgspec.json.encode({"digest": digest, "loaded_at": write_instant(loaded_at)})


@lru_cache(maxsize=4096)  # regions, never an address
def location_json(location: Location, cause: Cause | None) -> bytes:
    """Where a visitor may be, as JSON; *cause* is the gravest of any maybe for them."""
    told = {"candidates": location.candidates, "certainty": cause or "known", "source": location.source}
    return msgspec.json.encode(told)


def until_json(until: datetime | None) -> bytes:
    """The next instant of change, or null."""
    return b"null" if until is None else b'"%b"' % write_instant(until).encode("ascii")


def reasons_json(reasons: Sequence[Explanation]) -> bytes:
    """Why each rule did or did not apply, as JSON."""
    found = [{"rule": r.rule, "outcome": r.outcome, "reason": r.reason, "detail": r.detail} for r in reasons]
    return msgspec.json.encode(found)
