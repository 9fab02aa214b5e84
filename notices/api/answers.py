"""From questions to answers: each is decided, and the decisions become the JSON of the endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from notices.decision import write_instant
from notices.engine import decide, explain
from notices.errors import QuestionError

from .asked import Caller, FaultyQuestionError, understand
from .problem import bad_question
from .question import Question, question_from_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from notices.snapshot import Snapshot

_DECISION = ("variant", "action", "features", "notices")


def answer(question: Question, snapshot: Snapshot, caller: Caller, now: datetime) -> dict[str, Any]:
    """The JSON of one decision (spec: service, section 5); what the question leaves out is *caller*'s, or *now*.

    :raises FaultyQuestionError: for values of no use; none is repeated.
    """
    asked = understand(question, snapshot, caller, now)
    operands = (snapshot.index, asked.location, asked.page, asked.languages, asked.at)
    if not question.explained:
        return {**decide(*operands).as_dict(), "ruleset": ruleset(snapshot)}
    decision, reasons = explain(*operands)
    found = [{"rule": r.rule, "outcome": r.outcome, "reason": r.reason, "detail": r.detail} for r in reasons]
    return {**decision.as_dict(), "ruleset": ruleset(snapshot), "explain": found}


def answer_all(questions: Sequence[msgspec.Raw], snapshot: Snapshot, caller: Caller, now: datetime) -> dict[str, Any]:
    """The JSON of a batch: answers in the order of *questions*, equal decisions once."""
    table = _Decisions()
    answers = [_answer_one(raw, snapshot, caller, now, table) for raw in questions]
    return {"ruleset": ruleset(snapshot), "decisions": table.rows, "answers": answers}


def ruleset(snapshot: Snapshot) -> dict[str, Any]:
    """Which rules answered, and since when they are live."""
    return {"digest": snapshot.digest, "loaded_at": write_instant(snapshot.loaded_at)}


@dataclass(slots=True)
class _Decisions:
    """The different decisions of a batch, in the order of their first use."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    places: dict[bytes, int] = field(default_factory=dict)

    def place(self, row: dict[str, Any]) -> int:
        """The number of *row*; its JSON, texts and all, tells whether it was there before."""
        place = self.places.setdefault(msgspec.json.encode(row), len(self.rows))
        if place == len(self.rows):
            self.rows.append(row)
        return place


def _answer_one(
    raw: msgspec.Raw, snapshot: Snapshot, caller: Caller, now: datetime, table: _Decisions
) -> dict[str, Any]:
    try:
        found = answer(question_from_json(raw), snapshot, caller, now)
    except FaultyQuestionError as error:
        return {"problem": bad_question(error.faults)}
    except QuestionError as error:
        return {"problem": bad_question((error,))}
    place = table.place({name: found[name] for name in _DECISION})
    reasons = {"explain": found["explain"]} if "explain" in found else {}
    return {"decision": place, "location": found["location"], "until": found["until"], **reasons}
