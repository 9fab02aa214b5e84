"""Many questions at once: what they share is understood, decided and written once (spec: service, section 5).

No decision is built for a question. Questions that state the same of a page share what was read of it, equal regions
share a location, and all that are shown the same share one piece of JSON. Nothing outlives the batch.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from notices.errors import QuestionError

from .answers import answer_parts, location_json, reasons_json, ruleset_json, until_json
from .asked import FaultyQuestionError, locate, understand, understand_page
from .problem import bad_question
from .question import Question, question_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from notices.index import Verdict
    from notices.location import Location
    from notices.snapshot import Snapshot

    from .asked import About, Caller
    from .question import Texts

#: Everything that a question states but where its visitor is.
_FACTS = attrgetter(
    "url", "tag", "section", "mention", "publisher", "surface", "page_language", "language", "published", "sec_gpc",
    "at",
)  # fmt: skip


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
        self._abouts: dict[tuple[object, ...], About] = {}
        self._regions: dict[Texts, Location] = {}
        #: By the identity of objects that the tables of this batch keep alive.
        self._answers: dict[tuple[int, int], tuple[bytes, Location, About]] = {}
        self._written: dict[tuple[int, int], tuple[bytes, Location, Verdict]] = {}
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
            return self._explained(question) if question.explained else self._answer(question)
        except FaultyQuestionError as error:
            return _problem(error.faults)
        except QuestionError as error:
            return _problem((error,))

    def _answer(self, question: Question) -> bytes:
        try:
            location, about = self._locate(question), self._about(question)
        except QuestionError:
            understand(question, self._snapshot, self._caller, self._now)  # raises with all that is wrong
            raise
        key = (id(location), id(about))
        found = self._answers.get(key)
        if found is None:
            verdict = self._snapshot.index.verdict(location, *about)
            found = self._answers[key] = (self._write(location, verdict), location, about)
        return found[0]

    def _locate(self, question: Question) -> Location:
        region = question.region
        if region is None or question.ip is not None:
            return locate(question, self._snapshot, self._caller)
        found = self._regions.get(region)
        if found is None:
            found = self._regions[region] = locate(question, self._snapshot, self._caller)
        return found

    def _about(self, question: Question) -> About:
        key = (question.ip is None and not question.region, *_FACTS(question))
        found = self._abouts.get(key)
        if found is None:
            found = self._abouts[key] = understand_page(question, self._snapshot, self._caller, self._now)
        return found

    def _write(self, location: Location, verdict: Verdict) -> bytes:
        key = (id(location), id(verdict))
        found = self._written.get(key)
        if found is None:
            answer = b"{%b}" % self._members(location, verdict)
            found = self._written[key] = (answer, location, verdict)
        return found[0]

    def _members(self, location: Location, verdict: Verdict) -> bytes:
        # Texts and all tell whether the decision was there before.
        place = self._places.setdefault(verdict.members, len(self._places))
        written = location_json(location, verdict.standing.cause)
        return b'"decision":%d,"location":%b,"until":%b' % (place, written, until_json(verdict.standing.until))

    def _explained(self, question: Question) -> bytes:
        asked = understand(question, self._snapshot, self._caller, self._now)
        if self._reasons >= MOST_REASONS:
            raise QuestionError("explain", f"a batch gives at most {MOST_REASONS} reasons; send its questions in parts")
        verdict, reasons = answer_parts(asked, self._snapshot, explained=True)
        self._reasons += len(reasons)
        return b'{%b,"explain":%b}' % (self._members(asked.location, verdict), reasons_json(reasons))


def _problem(faults: tuple[QuestionError, ...]) -> bytes:
    return b'{"problem":%b}' % msgspec.json.encode(bad_question(faults))
