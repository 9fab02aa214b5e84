"""What is to become of one response: left alone, changed, answered 304, withheld, or passed after a failure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from notices.fragment import STYLE_SHEET_NAME, Inline, Linked, Unstyled
from notices.http import media
from notices.http.caching import Sharing, plan_caching
from notices.http.csp import style_policy
from notices.http.heads import Headers, first, values, without
from notices.http.outcome import Outcome, Step
from notices.http.response import (
    DEBUG_HEADER,
    NO_VARIANT,
    PAGE_HEADER,
    HeadPlan,
    ends_now,
    is_not_modified,
    not_modified,
    plan_head,
    reason_to_leave,
    uncached,
    unplanned,
)
from notices.inject import Injector

from .debugging import why
from .editing import Editing, PageEditor
from .statement import page_of, read_statement
from .withholding import STATUS, withheld_answer
from .writing import PageWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from notices.decision import Decision
    from notices.fragment import Style
    from notices.page import Page
    from notices.settings import Settings

    from .deciding import Decider
    from .failures import Failures


@dataclass(slots=True, kw_only=True)
class Plan:
    """One response as it is to go out.

    ``body`` replaces the app's; ``editing`` changes it; ``unchanged`` is the head for a page whose editing failed
    before its head was sent. ``outcome`` None: the body tells.
    """

    status: str
    headers: Headers
    outcome: Outcome | None = None
    rules: tuple[str, ...] = ()
    body: bytes | None = None
    editing: Editing | None = None
    unchanged: Callable[[], Headers] | None = None


@dataclass
class Planner:
    """Plans the response to one request; ``conditions`` are the tags that a 304 of ours may answer.

    ``mount`` tells under which path readers see the site; ``decided`` is the decision that the response is made by, on
    ``about``, None where none was needed.
    """

    settings: Settings
    decider: Decider
    failures: Failures
    conditions: tuple[str, ...]
    mount: Callable[[], str]
    decided: Decision | None = None
    about: Page | None = None

    @property
    def sees_to_pages(self) -> bool:
        """Whether notices are put into pages here; where they are only reported, a middleware within may do it."""
        return self.settings.mode == "on"

    def plan(self, status: str, headers: Headers, stated: Any) -> Plan:
        """The plan for a response of the app with this head, where the environ has *stated* facts; never raises."""
        kept = without(headers, {PAGE_HEADER.lower()})
        try:
            self.decider.begin()
            facts = read_statement(stated, values(headers, PAGE_HEADER), self.decider.snapshot.ruleset, self.failures)
            return self._previewed(self._planned(Plan(status=status, headers=kept), facts))
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self.failures.caught(Step.HEAD, error)
            return Plan(status=status, headers=unplanned(kept, self.settings), outcome=Outcome.FAILED)

    def _planned(self, plan: Plan, facts: Mapping[str, Any]) -> Plan:
        reason = Outcome.SKIPPED if facts.get("skip") else reason_to_leave(int(plan.status[:3]), plan.headers)
        if reason is Outcome.SKIPPED or (reason is not None and not self.decider.withholds):
            return self._left(plan, reason)
        page = page_of(self.decider.visit, facts, first(plan.headers, "Content-Language"))
        decision = self.decider.for_method(page)
        self.about, self.decided = page, decision
        if decision.action == "withhold":
            return self._withheld(plan, decision)
        if reason is not None:
            return self._left(self._file(plan, page), reason)
        shown = self.decider.in_frame(page) if self.decider.visit.framed else decision
        return self._page(plan, decision, shown, fixed="language" in facts)

    def _left(self, plan: Plan, reason: Outcome) -> Plan:
        """A response that is no page of ours: as it came, or a 304 by its own tag."""
        return self._unless_held(replace(plan, outcome=reason))

    def _unless_held(self, plan: Plan) -> Plan:
        """*plan*, or the 304 where the client holds what it gives."""
        if not is_not_modified(int(plan.status[:3]), plan.headers, self.conditions):
            return plan
        return Plan(
            status="304 Not Modified", headers=not_modified(plan.headers), outcome=Outcome.NOT_MODIFIED, body=b""
        )

    def _withheld(self, plan: Plan, decision: Decision) -> Plan:
        names = tuple(shown.name for shown in decision.shown if shown.rule.action == "withhold")
        if self.settings.mode == "report":
            return replace(plan, outcome=Outcome.REPORTED, rules=names)
        headers, body = withheld_answer(decision, self.decider.visit, self.decider.languages, self.failures)
        return Plan(status=STATUS, headers=headers, body=body, outcome=Outcome.WITHHELD, rules=names)

    def _file(self, plan: Plan, page: Page) -> Plan:
        """A response that is no page, but could be withheld: caches must not give it to those who may not have it."""
        others_differ, until = self.decider.others_withheld(page)
        if self.settings.mode == "report" or not (others_differ or until):
            return plan
        return replace(plan, headers=plan_caching(plan.headers, self._sharing(others_differ, frozenset(), until)))

    def _sharing(self, others_differ: bool, varies: frozenset[str], until: datetime | None) -> Sharing:
        now = self.decider.now
        sharing = Sharing(
            now=now,
            mode=self.settings.cache,
            vary_header=self.settings.cache_vary,
            others_differ=others_differ,
            varies=varies,
            until=until,
        )
        return ends_now(now, sharing) if self.decider.failed else sharing

    def _page(self, plan: Plan, decision: Decision, shown: Decision | None, *, fixed: bool) -> Plan:
        """A page: *decision* is what it shows, *shown* what of that it shows here, in a frame maybe nothing."""
        changes = shown is not None and bool(shown.notices or shown.features)
        rules = tuple(dict.fromkeys(notice.rule for notice in shown.notices)) if shown else ()
        if self.settings.mode == "report":
            return replace(plan, outcome=Outcome.REPORTED if changes else Outcome.NONE, rules=rules)
        sharing = self._sharing(decision.others_differ, decision.varies, decision.until)
        outcome = Outcome.NONE
        if decision.variant != (shown.variant if shown else NO_VARIANT):
            outcome, sharing = Outcome.FRAME, _framed(sharing)
        coding = media.coding(values(plan.headers, "Content-Encoding"))
        if changes and coding is None:
            outcome, changes = Outcome.CODING, False
            self.failures.note(Step.CODING, "a page came in a content coding that cannot be unpacked")
        variant = shown.variant if changes and shown else NO_VARIANT
        head = plan_head(plan.headers, HeadPlan(variant=variant, changes_bytes=changes, sharing=sharing))
        ready = replace(plan, headers=head, outcome=outcome)
        if not changes or shown is None:
            return self._unless_held(ready)
        return self._edited(plan, ready, shown, sharing, coding or "", fixed=fixed)

    def _edited(self, plan: Plan, ready: Plan, shown: Decision, sharing: Sharing, coding: str, *, fixed: bool) -> Plan:
        """The plan whose bytes change: ``unchanged`` is its head for when they could not."""
        unchanged = partial(self._unchanged, plan, ends_now(self.decider.now, sharing))
        held = self._unless_held(replace(ready, outcome=Outcome.HEAD))
        if held.body is not None or self.decider.visit.method == "HEAD":
            return held
        try:
            writer = PageWriter(shown, self._style(plan.headers), self.failures, fixed=fixed)
            charset = media.charset(first(plan.headers, "Content-Type") or "")
            page = PageEditor(Injector(writer.edits(), charset=charset), writer, self.failures)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self.failures.caught(Step.FRAGMENT, error)
            return replace(plan, headers=unchanged(), outcome=Outcome.FAILED)
        editing = Editing(page, coding, self.failures)
        return replace(ready, outcome=None, editing=editing, unchanged=unchanged)

    def _unchanged(self, plan: Plan, sharing: Sharing) -> Headers:
        """The head of a page that should have changed and did not: it says that nothing is shown."""
        try:
            return plan_head(plan.headers, HeadPlan(variant=NO_VARIANT, changes_bytes=False, sharing=sharing))
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self.failures.caught(Step.HEAD, error)
            return unplanned(plan.headers, self.settings)

    def _style(self, headers: Headers) -> Style:
        """Where the style of the notices may stand, by the setting and the page's own policy."""
        policy = style_policy(values(headers, "Content-Security-Policy"))
        linked: Style = Unstyled()
        if self.settings.url_prefix is not None:
            linked = Linked(f"{self.mount()}{self.settings.url_prefix}/{STYLE_SHEET_NAME}")
        match self.settings.style:
            case "none":
                return Unstyled()
            case "link":
                return linked
            case "inline":
                return Inline(policy.nonce)
            case _:
                return Inline(policy.nonce) if policy.nonce or not policy.enforced else linked

    def _previewed(self, plan: Plan) -> Plan:
        """*plan*, if it was asked for by a preview link, with a head that nobody keeps and that says why it is so."""
        if self.decider.preview is None or self.settings.mode == "report":
            return plan
        reasons = why(self.decider, self.about, plan.outcome or Outcome.SHOWN, self.failures)
        return replace(plan, headers=[*uncached(plan.headers), (DEBUG_HEADER, reasons)])


def _framed(sharing: Sharing) -> Sharing:
    """A page without its notices, since it stands in a frame: no answer for whoever asks for the page itself."""
    if sharing.mode == "keep":
        return sharing
    return replace(sharing, mode="private", others_differ=True, varies=sharing.varies | {"Sec-Fetch-Dest"})
