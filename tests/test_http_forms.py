"""Heads of one form: what is remembered changes every head as if it were planned anew, and holds nobody's address."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.http.caching import Sharing
from notices.http.forms import Forms
from notices.http.media import charset, coding
from notices.http.outcome import Outcome
from notices.http.response import HeadPlan, plan_head, reason_to_leave

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HTML = ("Content-Type", "text/html; charset=utf-8")
ADDRESS = "192.0.2.77"

LINES = [
    HTML, ("content-type", "TEXT/HTML"), ("Content-Type", "application/json"), ("Content-Length", "12"),
    ("ETag", '"x"'), ("etag", 'W/"y"'), ("ETag", ""), ("Vary", "Cookie"), ("vary", "*"), ("Cache-Control", "public"),
    ("Cache-Control", "max-age=600, stale-if-error=60"), ("cache-control", "no-cache"), ("Expires", "0"),
    ("Expires", "Mon, 23 Nov 2026 12:00:00 GMT"), ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"),
    ("Surrogate-Control", "max-age=60"), ("X-Accel-Expires", "@1800000000"), ("Edge-Control", "cache-maxage=1d"),
    ("Fastly-CDN-Cache-Control", "max-age=9"), ("Digest", "sha-256=abc"), ("Accept-Ranges", "bytes"),
    ("Content-Encoding", "gzip"), ("Content-Language", "ru, en"), ("Content-Disposition", "inline"),
    ("Content-Disposition", "attachment"), ("Signature", "sig=:YQ==:"), ("Notices-Variant", "1a2b3c4d"),
    ("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("X-Reader", ADDRESS), ("Vary", f"X, {ADDRESS}"),
    ("Content-Security-Policy", "style-src 'nonce-YWJj'"), ("X-Other", "\0005"),
]  # fmt: skip
heads = st.lists(st.sampled_from(LINES), max_size=9)
sharings = st.builds(
    Sharing,
    now=st.just(NOW),
    mode=st.sampled_from(["private", "vary", "keep"]),
    vary_header=st.sampled_from([None, "Notices-Key"]),
    others_differ=st.booleans(),
    varies=st.sampled_from([frozenset(), frozenset({"Accept-Language"}), frozenset({"Accept-Language", "Sec-GPC"})]),
    until=st.sampled_from([None, NOW, NOW + timedelta(seconds=90), NOW + timedelta(days=9)]),
)
plans = st.builds(
    HeadPlan, variant=st.sampled_from(["00000000", "1a2b3c4d"]), changes_bytes=st.booleans(), sharing=sharings
)


@given(st.lists(st.tuples(heads, plans), min_size=1, max_size=6))
def test_a_form_changes_a_head_as_if_it_were_planned_anew(asked):
    """Whatever was asked of the same forms before, lines and their order are those of the plan itself."""
    forms = Forms()
    for head, plan in asked + asked[::-1]:
        form = forms.of(head)
        assert form.plan(list(head), plan) == plan_head(head, plan)


@given(st.lists(heads, min_size=1, max_size=6))
def test_a_form_says_of_a_head_what_the_head_says(asked):
    """Reasons, codings and charsets are those of the head in hand, not of the one that came before it."""
    forms = Forms()
    for head in asked + asked[::-1]:
        form, names = forms.of(head), {name.lower() for name, _ in head}
        types = [value for name, value in head if name.lower() == "content-type"]
        languages = [value for name, value in head if name == "Content-Language"]
        assert form.reason is reason_to_leave(200, head)
        assert form.language == (languages[0] if languages else None)
        assert form.has_policy is ("content-security-policy" in names)
        if form.reason is None:
            assert form.charset == charset(types[0])
            assert form.coding == coding([value for name, value in head if name == "Content-Encoding"])


def test_heads_that_differ_in_what_is_not_read_share_a_form():
    """Lengths, tags, dates and cookies differ from page to page; what follows from the rest is found out once."""
    forms = Forms()
    shared = {
        id(forms.of([HTML, ("Content-Length", str(n)), ("ETag", f'"{n}"'), ("Set-Cookie", f"s={n}"), ("X-Id", str(n))]))
        for n in range(50)
    }
    assert len(shared) == 1


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(("Cache-Control", "private"), id="a told line more"),
        pytest.param(("Content-Language", "ru"), id="a language"),
        pytest.param(("Content-Disposition", "attachment"), id="a rare line"),
        pytest.param(("Content-Encoding", "br"), id="a coding"),
    ],
)
def test_a_changed_head_is_of_another_form(line):
    """One line that is read more, and nothing of the other head's plan is used."""
    forms = Forms()
    assert forms.of([HTML]) is not forms.of([HTML, line])
    assert forms.of([HTML]) is forms.of([HTML])


def test_the_facts_of_a_page_are_for_us_alone():
    """``Notices-Page`` lines are read, and do not stand in what is kept of the head."""
    form = Forms().of([HTML, ("notices-page", "tags=news"), ("X-A", "1"), ("Notices-Page", "section=war")])
    assert form.stated == ["tags=news", "section=war"]
    assert form.kept == [HTML, ("X-A", "1")]


def test_what_is_remembered_of_heads_holds_no_address():
    """Neither lines that are read nor those that are not leave anything of their values behind."""
    forms = Forms()
    for name, _ in LINES:
        for value in (ADDRESS, f"a={ADDRESS}", "2001:db8::77", f"text/html; x={ADDRESS}"):
            form = forms.of([HTML, (name, value)])
            if form.reason is None:
                form.plan([HTML, (name, value)], HeadPlan("1a2b3c4d", True, Sharing(now=NOW)))
    rest, texts, seen = [forms._known], [], set()
    while rest:
        one = rest.pop()
        if id(one) in seen or isinstance(one, type):
            continue
        seen.add(id(one))
        texts += [one] if isinstance(one, str) else []
        rest += gc.get_referents(one)
    assert "text/html; charset=utf-8" in texts
    assert not any(ADDRESS in text or "2001:db8" in text for text in texts)


def test_the_table_of_forms_is_bounded():
    """An app that writes a new directive into every head does not fill the memory."""
    forms = Forms()
    for number in range(3000):
        assert forms.of([HTML, ("Cache-Control", f"max-age={number}")]).reason is None
    assert len(forms._known) <= 512


def test_a_head_that_no_page_has_is_left_alone():
    """What is not HTML keeps its reason, whichever form was asked before."""
    forms = Forms()
    assert forms.of([HTML]).reason is None
    assert forms.of([("Content-Type", "image/png")]).reason is Outcome.NOT_HTML
    assert forms.of([]).reason is Outcome.NOT_HTML
