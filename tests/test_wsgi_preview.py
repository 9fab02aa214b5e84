"""Signed preview links on a live site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import http_sf
import pytest

from notices.preview import Preview, sign_preview
from notices.wsgi import NoticesMiddleware
from tests.sites import NOON, PAGE, RULES, App, ask, checked, rule, service

SECRET = "a secret of the newsroom"


def link(secret=SECRET, expires=NOON + timedelta(hours=1), **facts):
    return "notices-as=" + sign_preview(secret, Preview(expires=expires, **{"regions": ("RU",), **facts}))


@pytest.fixture
def site(tmp_path):
    rules = RULES + rule("later", when="{from: 2027-01-01}")
    return NoticesMiddleware(
        App(headers=[("ETag", '"x"'), ("Cache-Control", "public")]), service(tmp_path, rules, preview=SECRET)
    )


def test_a_preview_shows_the_page_as_somebody_elses(site):
    """Region, languages and instant are the link's; nobody keeps the answer."""
    answer = checked(site, region="DE", query=f"a=1&{link()}")
    assert answer.body.count(b"<aside") == 1
    assert answer["Cache-Control"] == "no-store"
    assert answer["ETag"] is None
    assert b"Text of later." not in answer.body
    later = checked(site, region="DE", query=link(at=datetime(2027, 2, 1, tzinfo=UTC)))
    assert b"Text of later." in later.body
    assert answer["Notices-Debug"].startswith("page;outcome=shown, ")


def test_a_preview_says_why_nothing_appeared(site):
    """One header, an RFC 9651 list: what became of the page, and each rule's reason."""
    answer = checked(site, query=link(regions=("DE",)))
    assert answer.body == PAGE
    items = http_sf.parse(answer["Notices-Debug"].encode(), tltype="list")
    reasons = {str(name): {key: str(value) for key, value in parameters.items()} for name, parameters in items}
    assert reasons["page"]["outcome"] == "none"
    assert reasons["ru-warning"]["reason"] == "REGION"
    assert reasons["later"]["reason"] == "NOT_YET"


@pytest.mark.parametrize(
    ("app", "outcome"),
    [
        pytest.param(App(facts={"skip": True}), "skipped", id="skipped"),
        pytest.param(App([b"{}"], content_type="application/json"), "not-html", id="not HTML"),
        pytest.param(App(headers=[("Content-Encoding", "br")]), "coding", id="a coding"),
    ],
)
def test_a_preview_names_the_reason_for_leaving_a_page_alone(site, app, outcome):
    """Each reason under the name that the counts have for it."""
    site.app = app
    assert checked(site, query=link())["Notices-Debug"].partition(",")[0] == f"page;outcome={outcome}"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="none"),
        pytest.param("notices-as=RU", id="a plain parameter"),
        pytest.param("notices-as=", id="empty"),
        pytest.param(link("another secret of 16"), id="signed by another"),
        pytest.param(link(expires=NOON), id="expired"),
    ],
)
def test_nothing_else_opens_a_preview(site, query):
    """Without a good signature the reader is who they are, and learns nothing."""
    answer = checked(site, region="DE", query=query)
    assert answer.body == PAGE
    assert answer["Notices-Debug"] is None
    assert answer["Cache-Control"] == "private"


def test_without_a_secret_there_are_no_previews(tmp_path):
    """The setting is off by default."""
    site = NoticesMiddleware(App(), service(tmp_path))
    assert ask(site, region="DE", query=link()).body == PAGE


def test_a_preview_is_never_a_304(site):
    """Whatever the newsroom's browser holds."""
    tag = checked(site)["ETag"]
    assert checked(site, query=link(), if_none_match=tag).status == 200
    conditions = {"if_none_match": '"x"', "if_modified_since": "x", "range": "bytes=0-1", "if_range": '"x"'}
    checked(site, query=link(), accept="*/*", **conditions)
    assert not {f"HTTP_{name.upper()}" for name in conditions} & site.app.environ.keys()
