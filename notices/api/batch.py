"""Many questions at once: what they share is understood, decided and written once (spec: service, section 5).

No decision is built for a question. Questions that state the same of a page share what was read of it, equal regions
share a location, and all that are shown the same share one piece of JSON. Nothing outlives the batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from notices.errors import QuestionError

from .answers import answer_parts, location_json, reasons_json, ruleset_json, until_json
from .asked import FaultyQuestionError, locate, understand
from .kinds import Kinds
from .problem import bad_question
from .question import Question, question_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from notices.index import Content, Verdict
    from notices.location import Cause, Location
    from notices.snapshot import Snapshot

    from .asked import Caller
    from .kinds import Kind
    from .question import Texts


#: So many reasons a batch gives. A thousand questions under a thousand rules would be a million: a hundred megabytes,
#: and half a minute of work, for a request of forty kilobytes.
MOST_REASONS = 100_000


def answer_all(questions: Iterable[Question | msgspec.Raw], snapshot: Snapshot, caller: Caller, now: datetime) -> bytes:
    """The JSON of a batch: answers in the order of *questions*, equal decisions once."""
    batch = Batch(snapshot, caller, now)
    answers = [batch.answer(question) for question in questions]
    return b'{"ruleset":%b,"decisions":[%b],"answers":[%b]}' % (
        ruleset_json(snapshot),
        b",".join(b"{%b}" % members for members in batch.decisions),
        b",".join(answers),
    )


class Batch:
    """The answers to one batch by one snapshot; ``decisions`` are the different ones, in the order of first use."""

    def __init__(self, snapshot: Snapshot, caller: Caller, now: datetime) -> None:
        self._snapshot = snapshot
        self._caller = caller
        self._now = now
        self._kinds = Kinds(snapshot, caller, now)
        self._locate_address = snapshot.locator.locate_address
        self._regions: dict[Texts, Location] = {}
        #: By the identity of objects that the tables of this batch keep alive.
        self._answers: dict[tuple[int, int], tuple[bytes, Location, Kind]] = {}
        self._located: dict[tuple[int, Cause | None], tuple[bytes, Location]] = {}
        self._heads: dict[Content, bytes] = {}
        self._untils: dict[datetime | None, bytes] = {}
        self._places: dict[bytes, int] = {}
        self._reasons = 0

    @property
    def decisions(self) -> Iterable[bytes]:
        """The members of each decision."""
        return self._places

    def answer(self, question: Question | msgspec.Raw) -> bytes:
        """The JSON of one answer; a question of no use gets its own problem."""
        try:
            if isinstance(question, msgspec.Raw):
                question = question_from_json(question)
            explained = question.explain is not None and question.explained
            return self._explained(question) if explained else self._answer(question)
        except FaultyQuestionError as error:
            return _problem(error.faults)
        except QuestionError as error:
            return _problem((error,))

    def _answer(self, question: Question) -> bytes:
        try:
            location, kind = self._locate(question), self._kinds.kind_of(question)
        except QuestionError:
            understand(question, self._snapshot, self._caller, self._now)  # raises with all that is wrong
            raise
        key = (id(location), id(kind))
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = (self._decide(location, kind), location, kind)
        return found[0]

    def _locate(self, question: Question) -> Location:
        region = question.region
        if region is None:
            ip = question.ip
            return self._caller.locate() if ip is None else self._locate_address(ip)
        found = self._regions.get(region) if question.ip is None else None
        if found is None:
            found = self._regions[region] = locate(question, self._snapshot, self._caller)
        return found

    def _decide(self, location: Location, kind: Kind) -> bytes:
        verdict = self._snapshot.index.verdict_on(location, kind.page, kind.page_language, kind.languages, kind.at)
        return b"{%b}" % self._members(location, verdict)

    def _members(self, location: Location, verdict: Verdict) -> bytes:
        content, standing = verdict.content, verdict.standing
        heads, untils, located = self._heads, self._untils, self._located
        head = heads.get(content) or heads.setdefault(content, self._head(content))
        until = untils.get(standing.until) or untils.setdefault(
            standing.until, b',"until":' + until_json(standing.until)
        )
        key = (id(location), standing.cause)
        where, _ = located.get(key) or located.setdefault(key, (location_json(location, standing.cause), location))
        return head + where + until

    def _head(self, content: Content) -> bytes:
        # Texts and all tell whether the decision was there before.
        return b'"decision":%d,"location":' % self._places.setdefault(content.members, len(self._places))

    def _explained(self, question: Question) -> bytes:
        asked = understand(question, self._snapshot, self._caller, self._now)
        if self._reasons >= MOST_REASONS:
            raise QuestionError("explain", f"a batch gives at most {MOST_REASONS} reasons; send its questions in parts")
        verdict, reasons = answer_parts(asked, self._snapshot, explained=True)
        self._reasons += len(reasons)
        return b'{%b,"explain":%b}' % (self._members(asked.location, verdict), reasons_json(reasons))


def _problem(faults: tuple[QuestionError, ...]) -> bytes:
    return b'{"problem":%b}' % msgspec.json.encode(bad_question(faults))
