"""Hold a ruleset in the form that questions need: order, regions, pages and time resolved once, answers remembered.

The rules are numbered as they are displayed. What a question meets is the *and* of three masks: the rules that are for
such a page, that act where the visitor is, and that are open at the instant.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from notices.conditions import PageClass, PageClasses
from notices.memo import Memo
from notices.phases import phases

from .bits import bits_of, mask_of
from .calendar import Calendar, is_open, version_of
from .contents import Contents
from .knots import Knots
from .publishers import PublisherNames
from .shown import NEUTRAL, Readers, Scene, Shown, public_name
from .stacking import Stacking
from .standing import Standing
from .territory import Territory
from .verdict import Content, Verdict
from .wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from notices.location import Location
    from notices.page import Page
    from notices.ruleset import Rule, Ruleset, TextVersion

    from .stacking import Displaced
    from .territory import View

#: How many answers are kept: each a few hundred bytes, whatever the number of rules.
_MEMORY = 2048


class Index:
    """One ruleset, ready for questions; immutable but for what it remembers, which is bounded.

    ``rules`` are the active rules, highest priority first; a rule's number is its place there. A rule that asks for
    statuses of publishers stands there once for each phase of them, of which at most one is open.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.rules = tuple(phase for rule in ruleset.active for phase in phases(rule))
        conditions = [rule.pages for rule in self.rules]
        self.classes = PageClasses(conditions, ruleset.publishers, ruleset.defaults.publisher)
        self.territory = Territory(self.rules, ruleset.contested)
        self.calendar = Calendar(self.rules)
        self.stacking = Stacking(self.rules, self.territory.same_where)
        names = PublisherNames(ruleset)
        self.contents = Contents(names, ruleset.defaults.language)
        self.wording = Wording(names, ruleset.defaults.language)
        self.dated = mask_of(number for number, rule in enumerate(self.rules) if rule.where.boundaries)
        self.withholding = mask_of(number for number, rule in enumerate(self.rules) if rule.action == "withhold")
        policies = {word for rule in self.rules for word in rule.display.languages}
        self._reads_page = "page" in policies
        self._reads_visitor = "visitor" in policies or any(not rule.texts for rule in self.rules)
        self.variances: Memo[tuple[int, PageClass], tuple[bool]] = Memo(_MEMORY)
        self.reads: Memo[PageClass, frozenset[str]] = Memo(_MEMORY)
        self.keys: Memo[tuple[object, ...], tuple[str, datetime | None]] = Memo(_MEMORY)
        # As many as there are texts in the rules, and twice that: what is kept by them finds them again.
        self._undated: dict[tuple[int, bool], Shown] = {}
        self._dated: dict[tuple[int, datetime | None, bool], Shown] = {}
        self._pages: Memo[PageClass, int] = Memo(_MEMORY)
        self._standings: Memo[tuple[object, ...], Standing] = Memo(_MEMORY)
        self._contents: Memo[tuple[tuple[Shown, ...], Scene, Readers], Content] = Memo(_MEMORY)
        self._verdicts: Memo[tuple[object, ...], Verdict] = Memo(_MEMORY)

    def verdict(self, location: Location, page: Page, languages: Sequence[str], at: datetime) -> Verdict:
        """The answer to one question; for what was asked before, one look into a table.

        :raises QuestionError: when *at* has no time zone.
        """
        return self.verdict_on(location, self.classes.reduce(page), page.language, languages, at)

    def verdict_on(
        self, location: Location, page: PageClass, page_language: str | None, languages: Sequence[str], at: datetime
    ) -> Verdict:
        """The same for a page whose class is known, stated to be in *page_language*."""
        readers = page_language if self._reads_page else None, tuple(languages) if self._reads_visitor else ()
        number = self.calendar.interval_at(at).number
        key = (number, location.candidates, location.network is not None, page, *readers)
        found = self._verdicts.get(key)
        if found is not None:
            return found
        standing = self.standing(location, page, at)
        return self._verdicts.put(key, self.word(standing, page, Readers(*readers)))

    def word(self, standing: Standing, page: PageClass, readers: Readers) -> Verdict:
        """Word what stands on a page for readers of these languages."""
        scene = Scene(page.publisher, page.is_index)
        return Verdict(standing, scene, readers, page, self._content(standing, scene, readers))

    def _content(self, standing: Standing, scene: Scene, readers: Readers) -> Content:
        key = (standing.shown, scene, readers)
        return self._contents.get(key) or self._contents.put(
            key,
            Content(
                action=standing.action,
                variant=self.contents.variant(standing.shown, scene, readers.visitor),
                features=standing.features,
                notices=self.wording.notices(standing.shown, readers, scene),
            ),
        )

    def reword(self, verdict: Verdict, page_language: str) -> Verdict:
        """The same verdict, with the texts whose policy says ``page`` in the one nearest to *page_language*."""
        readers = verdict.readers._replace(page=page_language)
        if not self._reads_page or not verdict.content.notices or readers == verdict.readers:
            return verdict
        found = verdict.reworded.get(page_language)
        return found or verdict.reworded.put(page_language, self._reword(verdict, readers))

    def _reword(self, verdict: Verdict, readers: Readers) -> Verdict:
        notices = self.wording.notices(verdict.standing.shown, readers, verdict.scene)
        return replace(verdict, readers=readers, content=replace(verdict.content, notices=notices), reworded=Memo(8))

    def page_mask(self, page: PageClass) -> int:
        """The rules whose ``pages`` are met by a page of this class."""
        found = self._pages.get(page)
        return self._pages.put(page, self.classes.met(page)) if found is None else found

    def standing(self, location: Location, page: PageClass, at: datetime, *, without: int = 0) -> Standing:
        """What stands, leaving the rules *without* out altogether."""
        key = (self.calendar.interval_at(at).number, location.candidates, location.anonymous, page, without)
        found = self._standings.get(key)
        return found or self._standings.put(key, self._stand(location, self.page_mask(page) & ~without, at))

    def _stand(self, location: Location, met: int, at: datetime) -> Standing:
        numbers, _, view = self.applying(location, met, at)
        shown = self._show(numbers, view, at)
        return Standing(shown, view.cause, lambda: self._until(location, met, at, shown, view))

    @cached_property
    def knots(self) -> Knots:
        """The rules that can displace one another, tied together; made when the first cache key is asked for."""
        return Knots(self.rules, self.ruleset, self.stacking)

    def content(self, number: int, at: datetime) -> str:
        """A digest of all that rule *number* puts into pages at *at*, whatever the page and the visitor."""
        return self.contents.everywhere(self.shown(number, at))

    def shown(self, number: int, at: datetime) -> Shown:
        """Rule *number* with its texts in force at *at*, as for a visitor who is there for sure."""
        return self._shown(number, at, sure=True)

    def applying(self, location: Location, met: int, at: datetime) -> tuple[list[int], dict[int, Displaced], View]:
        """Of the rules *met* by a page: those that stand, why others that apply do not, and the view of all."""
        view = self.territory.view(location, at)
        applying = bits_of(met & view.acting & self.calendar.interval_at(at).open)
        return (*self.stacking.stand(applying, view.sure), view)

    def _show(self, numbers: Sequence[int], view: View, at: datetime) -> tuple[Shown, ...]:
        sure = view.sure
        return tuple([self._shown(number, at, sure=bool(sure >> number & 1)) for number in numbers])

    def _shown(self, number: int, at: datetime, *, sure: bool) -> Shown:
        found = self._undated.get((number, sure))
        if found is not None:
            return found
        version = version_of(self.rules[number], at) or NEUTRAL
        if len(self.rules[number].texts) > 1 or version.start is not None:
            key = (number, version.start, sure)
            return self._dated.get(key) or self._dated.setdefault(key, self._make_shown(number, version, sure=sure))
        return self._undated.setdefault((number, sure), self._make_shown(number, version, sure=sure))

    def _make_shown(self, number: int, version: TextVersion, *, sure: bool) -> Shown:
        rule = self.rules[number]
        return Shown(rule, self.name(rule), sure, version)

    def name(self, rule: Rule) -> str:
        """The name by which the public knows *rule*."""
        return public_name(rule, self.ruleset.digest)

    def _until(
        self, location: Location, met: int, at: datetime, shown: tuple[Shown, ...], view: View
    ) -> datetime | None:
        """The first instant after *at* at which what is shown, or the certainty, is another."""
        interval = self.calendar.interval_at(at)
        turn = next((c for c in self.territory.changes_after(at) if self._cause(location, c) != view.cause), None)
        moving = met & (view.acting | self.dated)
        for change in self.calendar.changes_after(bits_of(moving & interval.later), at):
            if turn is not None and turn <= change:
                return turn
            then = self.territory.view(location, change)
            possible = bits_of(met & then.acting & (interval.open | interval.later))
            opened = [number for number in possible if is_open(self.rules[number], change)]
            numbers, _ = self.stacking.stand(opened, then.sure)
            showing = self._show(numbers, then, change)
            if showing != shown and _appearance(showing) != _appearance(shown):
                return change
        return turn

    def _cause(self, location: Location, at: datetime) -> str | None:
        return self.territory.view(location, at).cause


def _appearance(shown: tuple[Shown, ...]) -> list[tuple[object, ...]]:
    """What of the rules shown an answer holds, down to the texts and the order in which they are written."""
    return [(one.rule.id, one.sure, tuple(one.version.texts.items())) for one in shown]


def build_index(ruleset: Ruleset) -> Index:
    """Resolve order, regions, pages and time of a valid *ruleset* once, for all questions.

    :raises ValueError: when rules supersede one another in a circle, which the loader reports with its place.
    """
    return Index(ruleset)
