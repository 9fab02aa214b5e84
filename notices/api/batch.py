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

    from notices.conditions import PageClass
    from notices.index import Content, Ground
    from notices.location import Location
    from notices.snapshot import Snapshot

    from .asked import Caller
    from .kinds import Place, Site, Whom


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
        self._met_by = self._kinds.met_by
        self._claimed, self._located = snapshot.locator.claimed, snapshot.locator.located
        self._ground = snapshot.index.territory.ground
        #: What stands before and behind the location, by all that it depends on.
        self._around: dict[tuple[Ground, int, int], tuple[bytes, bytes]] = {}
        self._heads: dict[Content, bytes] = {}
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
            if question.explain is not None and question.explained:
                return self._explained(question)
            return self._answer(question)
        except FaultyQuestionError as error:
            return _problem(error.faults)
        except QuestionError as error:
            return _problem((error,))

    def _answer(self, question: Question) -> bytes:
        try:
            site, met = self._met_by(question)
            location, ground, reach, told = self._place(question, site)
        except QuestionError:
            understand(question, self._snapshot, self._caller, self._now)  # raises with all that is wrong
            raise
        key = (ground, met & reach, site.voice)
        around = self._around.get(key)
        if around is None:
            around = self._around[key] = self._decide(location, self._kinds.page_of(question, site), site)
        return around[0] + told + around[1]

    def _place(self, question: Question, site: Site) -> Place:
        """Where *question* asks about; looked for once for all of whom the same is known."""
        ip, region = question.ip, question.region
        if ip is None:
            region = region or None  # none stated is the caller
            return site.places.get(region) or self._put(site, region, self._locate(question))
        claimed = self._claimed(ip) if region is None else None
        if claimed is None:
            return self._told(site, self._locate(question))
        found = site.places.get(claimed)
        return found or self._put(site, claimed, self._located(claimed))

    def _locate(self, question: Question) -> Location:
        return locate(question, self._snapshot, self._caller)

    def _put(self, site: Site, whom: Whom, location: Location) -> Place:
        return site.places.setdefault(whom, self._told(site, location))

    def _told(self, site: Site, location: Location) -> Place:
        ground = self._ground(location, site.at)
        return location, ground, ground.reach, location_json(location, ground.view.cause)

    def _decide(self, location: Location, page: PageClass, site: Site) -> tuple[bytes, bytes]:
        """The answer of all who ask about such a page from such a ground, but for their locations."""
        verdict = self._snapshot.index.verdict_on(location, page, site.page_language, site.languages, site.at)
        return b"{%b" % self._head(verdict.content), b',"until":%b}' % until_json(verdict.standing.until)

    def _head(self, content: Content) -> bytes:
        return self._heads.get(content) or self._heads.setdefault(content, self._number(content))

    def _number(self, content: Content) -> bytes:
        # Texts and all tell whether the decision was there before.
        return b'"decision":%d,"location":' % self._places.setdefault(content.members, len(self._places))

    def _explained(self, question: Question) -> bytes:
        asked = understand(question, self._snapshot, self._caller, self._now)
        if self._reasons >= MOST_REASONS:
            raise QuestionError("explain", f"a batch gives at most {MOST_REASONS} reasons; send its questions in parts")
        verdict, reasons = answer_parts(asked, self._snapshot, explained=True)
        self._reasons += len(reasons)
        return b'{%b%b,"until":%b,"explain":%b}' % (
            self._head(verdict.content),
            location_json(asked.location, verdict.standing.cause),
            until_json(verdict.standing.until),
            reasons_json(reasons),
        )


def _problem(faults: tuple[QuestionError, ...]) -> bytes:
    return b'{"problem":%b}' % msgspec.json.encode(bad_question(faults))
