"""Failures planted at every step of the middleware, by name."""

from __future__ import annotations

from notices.http import forms
from notices.wsgi import NoticesMiddleware, deciding, editing, planning, writing
from tests.sites import RULES, App, service

SECRET = "192.0.2.77 is the address"


class Planted(Exception):
    """What goes wrong."""


def fail(*_, **__):
    raise Planted(SECRET)


def failing_property(*_):
    return property(fail)


def site(folder, app=None, rules=RULES, **settings):
    return NoticesMiddleware(app or App(headers=[("ETag", '"x"')]), service(folder, rules, **settings))


REWORD = "notices.decision.Decision.in_page_language"
LOCATE = "notices.service.witness.WitnessedLocator.locate"
#: Where a failure is planted -> the step that it is counted as, and whether the notice is shown all the same.
PLACES = {
    "snapshot": (lambda patch, made: patch.setattr(made.service, "snapshot", fail), "request", False),
    "clock": (lambda patch, made: patch.setattr(made.service, "now", fail), "request", False),
    "location": (lambda patch, made: patch.setattr(LOCATE, fail), "location", True),
    "decision": (lambda patch, made: patch.setattr(deciding, "decide", fail), "decision", True),
    "facts": (lambda patch, made: patch.setattr(planning, "read_statement", fail), "head", False),
    "head plan": (lambda patch, made: patch.setattr(forms, "plan_head", fail), "head", False),
    "caching": (lambda patch, made: patch.setattr("notices.http.response.plan_caching", fail), "head", False),
    "style": (lambda patch, made: patch.setattr(planning, "style_policy", fail), "fragment", False),
    "injector": (lambda patch, made: patch.setattr(planning, "Injector", fail), "fragment", False),
    "fragment": (lambda patch, made: patch.setattr(writing, "render_fragment", fail), "fragment", False),
    "language": (lambda patch, made: patch.setattr(REWORD, fail), "fragment", True),
    "scanner": (lambda patch, made: patch.setattr(planning.Injector, "feed", fail), "scanner", False),
    "scanner's end": (lambda patch, made: patch.setattr(planning.Injector, "finish", fail), "scanner", True),
    "counting": (lambda patch, made: patch.setattr(editing.Editing, "outcome", fail), "count", True),
    "outcome": (lambda patch, made: patch.setattr(editing.PageEditor, "outcome", fail), "count", True),
    "page count": (lambda patch, made: patch.setattr(made.service.metrics, "count_page", fail), "count", True),
    "notice count": (lambda patch, made: patch.setattr(made.service.metrics, "count_notice", fail), "count", True),
    "latency": (lambda patch, made: patch.setattr(made.service.metrics, "observe_latency", fail), "count", True),
}  # fmt: skip

#: Shown to everybody of whom nothing is known, so also by the safe default.
FOR_ALL = RULES.replace("unsure: hide", "unsure: show")


def without_notice(page):
    start, _, end = page.partition(b"<aside")
    return start + end.partition(b"</aside>")[2]
