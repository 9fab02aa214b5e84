"""What is to become of one response: left alone, changed, answered 304, withheld, or passed after a failure."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from notices.fragment import STYLE_SHEET_NAME, Inline, Linked, Unstyled
from notices.http.caching import Sharing, invites_caches, plan_caching
from notices.http.csp import style_policy
from notices.http.heads import Headers, values, without
from notices.http.outcome import Outcome, Step
from notices.http.response import (
    DEBUG_HEADER,
    NO_VARIANT,
    PAGE_HEADER,
    HeadPlan,
    ends_now,
    has_no_page,
    is_not_modified,
    is_part,
    not_modified,
    plan_head,
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
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from notices.decision import Decision
    from notices.fragment import Style
    from notices.http.forms import Form, Forms
    from notices.inject import Outlines
    from notices.page import Page
    from notices.settings import Settings

    from .deciding import Decider
    from .failures import Failures


class Plan(Struct):
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


class Planner(Struct):
    """Plans the response to one request; ``conditions`` are the tags that a 304 of ours may answer.

    ``forms`` are those of the app's heads, ``outlines`` of its pages; ``mount`` tells under which path readers see the
    site; ``decided`` is the decision that the response is made by, on ``about``, None where none was needed.
    """

    settings: Settings
    forms: Forms
    outlines: Outlines
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
        try:
            self.decider.begin()
            form = self.forms.of(headers)
            facts = read_statement(stated, form.stated, self.decider.snapshot.ruleset, self.failures)
            plan = self._planned(Plan(status, headers if form.kept is None else form.kept), form, facts)
            return plan if self.decider.preview is None else self._previewed(plan)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self.failures.caught(Step.HEAD, error)
            kept = without(headers, {PAGE_HEADER.lower()})
            return Plan(status, unplanned(kept, self.settings), Outcome.FAILED)

    def _planned(self, plan: Plan, form: Form, facts: Mapping[str, Any]) -> Plan:
        status = int(plan.status[:3])
        reason = Outcome.STATUS if has_no_page(status) else form.reason
        part = is_part(status) and form.reason is None
        if facts.get("skip"):
            return self._left(plan, Outcome.SKIPPED)
        if reason is not None and not self.decider.withholds and not part:
            return self._left(plan, reason)
        page = page_of(self.decider.visit, facts, form.language)
        decision = self.decider.for_method(page)
        self.about, self.decided = page, decision
        if decision.action == "withhold":
            return self._withheld(plan, decision)
        if part:
            return self._left(self._part(plan, decision), Outcome.STATUS)
        if reason is not None:
            return self._left(self._file(plan, page), reason)
        shown = self.decider.in_frame(page) if self.decider.visit.framed else decision
        return self._page(plan, form, decision, shown, fixed="language" in facts)

    def _left(self, plan: Plan, reason: Outcome) -> Plan:
        """A response that is no page of ours: as it came, or a 304 by its own tag."""
        plan.outcome = reason
        return self._unless_held(plan)

    def _unless_held(self, plan: Plan) -> Plan:
        """*plan*, or the 304 where the client holds what it gives."""
        if not self.conditions or not is_not_modified(int(plan.status[:3]), plan.headers, self.conditions):
            return plan
        return Plan("304 Not Modified", not_modified(plan.headers), Outcome.NOT_MODIFIED, body=b"")

    def _withheld(self, plan: Plan, decision: Decision) -> Plan:
        names = tuple(shown.name for shown in decision.shown if shown.rule.action == "withhold")
        if self.settings.mode == "report":
            return replace(plan, outcome=Outcome.REPORTED, rules=names)
        headers, body = withheld_answer(decision, self.decider.visit, self.decider.languages, self.failures)
        return Plan(STATUS, headers, Outcome.WITHHELD, names, body)

    def _file(self, plan: Plan, page: Page) -> Plan:
        """A response that is no page, but could be withheld: caches must not give it to those who may not have it."""
        others_differ, until = self.decider.others_withheld(page)
        if self.settings.mode == "report" or not (others_differ or until):
            return plan
        return replace(plan, headers=plan_caching(plan.headers, self._sharing(others_differ, frozenset(), until)))

    def _part(self, plan: Plan, decision: Decision) -> Plan:
        """A part of a page, which has no notice: no shared cache may make the page of such parts for everybody.

        Who leaves ``text/html`` out of ``Accept`` can ask for ``bytes=0-``, the whole page (RFC 9111, 3.4).
        """
        if self.settings.mode == "report" or not invites_caches(plan.headers):
            return plan
        sharing = self._sharing(decision.others_differ, decision.varies, decision.until)
        return replace(plan, headers=plan_caching(plan.headers, sharing))

    def _sharing(self, others_differ: bool, varies: frozenset[str], until: datetime | None) -> Sharing:
        now = self.decider.now
        sharing = Sharing(now, self.settings.cache, self.settings.cache_vary, others_differ, varies, until)
        return ends_now(now, sharing) if self.decider.failed else sharing

    def _page(self, plan: Plan, form: Form, decision: Decision, shown: Decision | None, *, fixed: bool) -> Plan:
        """A page: *decision* is what it shows, *shown* what of that it shows here, in a frame maybe nothing."""
        whole = self.decider.narrowed.showing_of(decision)
        here = whole if shown is decision else None if shown is None else self.decider.narrowed.showing_of(shown)
        changes = here is not None and here.changes
        if self.settings.mode == "report":
            outcome = Outcome.REPORTED if changes else Outcome.NONE
            return Plan(plan.status, plan.headers, outcome, here.rules if here else ())
        sharing = self._sharing(whole.others_differ, whole.varies, whole.until)
        outcome = Outcome.NONE
        if whole.variant != (here.variant if here else NO_VARIANT):
            outcome, sharing = Outcome.FRAME, _framed(sharing)
        if changes and form.coding is None:
            outcome, changes = Outcome.CODING, False
            self.failures.note(Step.CODING, "a page came in a content coding that cannot be unpacked")
        variant = here.variant if changes and here else NO_VARIANT
        head = form.plan(plan.headers, HeadPlan(variant, changes, sharing))
        ready = Plan(plan.status, head, outcome)
        if not changes or here is None or shown is None:
            return self._unless_held(ready)
        return self._edited(plan, ready, form, shown, sharing, fixed=fixed)

    def _edited(self, plan: Plan, ready: Plan, form: Form, shown: Decision, sharing: Sharing, *, fixed: bool) -> Plan:
        """The plan whose bytes change: ``unchanged`` is its head for when they could not."""
        unchanged = partial(self._unchanged, plan, sharing)
        ready.outcome = Outcome.HEAD
        held = self._unless_held(ready)
        if held.body is not None or self.decider.visit.method == "HEAD":
            return held
        try:
            style = self._style(values(plan.headers, "Content-Security-Policy") if form.has_policy else ())
            narrowed = self.decider.narrowed
            writer = PageWriter(shown, narrowed.showing_of(shown), narrowed.written, style, self.failures, fixed=fixed)
            injector = Injector(writer.edits(), charset=form.charset, outlines=self.outlines)
            page = PageEditor(injector, writer, self.failures)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self.failures.caught(Step.FRAGMENT, error)
            return Plan(plan.status, unchanged(), Outcome.FAILED)
        ready.outcome, ready.unchanged = None, unchanged
        ready.editing = Editing(page, form.coding or "", self.failures)
        return ready

    def _unchanged(self, plan: Plan, sharing: Sharing) -> Headers:
        """The head of a page that should have changed and did not: it says that nothing is shown."""
        try:
            ended = ends_now(self.decider.now, sharing)
            return plan_head(plan.headers, HeadPlan(variant=NO_VARIANT, changes_bytes=False, sharing=ended))
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self.failures.caught(Step.HEAD, error)
            return unplanned(plan.headers, self.settings)

    def _style(self, policies: Sequence[str]) -> Style:
        """Where the style of the notices may stand, by the setting and the page's own policies."""
        wanted = self.settings.style
        if wanted == "none":
            return Unstyled()
        if wanted == "link":
            return self._linked()
        policy = style_policy(policies)
        return Inline(policy.nonce) if wanted == "inline" or policy.nonce or not policy.enforced else self._linked()

    def _linked(self) -> Style:
        if self.settings.url_prefix is None:
            return Unstyled()
        return Linked(f"{self.mount()}{self.settings.url_prefix}/{STYLE_SHEET_NAME}")

    def _previewed(self, plan: Plan) -> Plan:
        """*plan*, which was asked for by a preview link, with a head that nobody keeps and that says why it is so."""
        if self.settings.mode == "report":
            return plan
        reasons = why(self.decider, self.about, plan.outcome or Outcome.SHOWN, self.failures)
        return replace(plan, headers=[*uncached(plan.headers), (DEBUG_HEADER, reasons)])


def _framed(sharing: Sharing) -> Sharing:
    """A page without its notices, since it stands in a frame: no answer for whoever asks for the page itself."""
    if sharing.mode == "keep":
        return sharing
    return replace(sharing, mode="private", others_differ=True, varies=sharing.varies | {"Sec-Fetch-Dest"})
