"""What the middleware remembers between requests: it never outlives a window, a reload, a page's fact or its head."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.decision import Decision
from notices.wsgi import NoticesMiddleware
from tests.sites import NOON, PAGE, RULES, RUSSIAN, App, ask, checked, rule, service

OPENS, ENDS = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
WINDOW = RULES.replace("text:", "when: {from: 2026-11-23, until: 2026-12-01}\n    text:")
#: A second rule by tag, place and signal, with a part of the page to hide and one to warn of.
MANY = WINDOW + rule(
    "tagged",
    pages="{tags: [war]}",
    where="[RU, DE]",
    show="{at: [top], languages: [page, visitor]}",
    features="{share: hide, comment: warn}",
)
PARTS = (
    b'<!DOCTYPE html><html lang="ru"><body><article>A</article><p data-notices-feature="share">S</p>'
    b"<div DATA-Notices-Feature=comment>C</div></body></html>"
)


class Desk:
    """A site whose clock, page and head can be changed between two requests."""

    def __init__(self, folder, rules):
        self.now = NOON
        self.app = App()
        self.rules = folder / "rules" / "site.yaml"
        self.service = service(folder, rules, clock=lambda: self.now)
        self.middleware = NoticesMiddleware(self.app, self.service)

    def shown(self, **parts):
        """Whether the notice stands in the page, which is whole around it."""
        body = checked(self.middleware, **parts).body
        start, _, end = body.partition(b"<aside")
        assert start + end.partition(b"</aside>")[2] == PAGE
        return b"<aside" in body


def test_a_window_begins_and_ends_for_a_page_that_was_asked_for_before(tmp_path):
    """To the microsecond, in both directions, however often the page has been asked for."""
    desk = Desk(tmp_path, WINDOW)
    tick = timedelta(microseconds=1)
    for _ in range(3):
        for desk.now, shown in ((OPENS - tick, False), (OPENS, True), (ENDS - tick, True), (ENDS, False)):
            assert [desk.shown(), desk.shown()] == [shown, shown]


def test_a_text_that_stood_in_for_another_is_not_remembered(tmp_path, monkeypatch):
    """Where the page's own language could not be found once, the next page has it."""
    desk = Desk(tmp_path, RULES + rule("tongues", show="{languages: [page]}", text="{en: Default., de: Deutsch.}"))
    desk.app.body = [PAGE.replace(b"<html", b"<html lang=de", 1)]
    with monkeypatch.context() as patch:
        patch.setattr(Decision, "in_page_language", lambda *_: 1 / 0)
        assert b"Default." in checked(desk.middleware).body
    assert b"Deutsch." in checked(desk.middleware).body


def test_a_nonce_is_not_remembered(tmp_path):
    """It is of one response: texts with the style for it are written for that one."""
    desk = Desk(tmp_path, RULES)
    for number in range(3):
        desk.app.headers[1:] = [("Content-Security-Policy", f"style-src 'nonce-n{number}'")]
        assert f'nonce="n{number}"'.encode() in checked(desk.middleware).body
    assert len(desk.middleware._narrowed.written) == 0


def test_a_reload_is_seen_by_the_next_request(tmp_path):
    """A rule's new text stands in the very page that had the old one, and its variant is another."""
    desk = Desk(tmp_path, RULES)
    old = [checked(desk.middleware) for _ in range(2)]
    desk.rules.write_text(RULES.replace("an offence", "a crime"), "utf-8")
    while desk.service.look():
        pass
    new = checked(desk.middleware)
    assert b"an offence" in old[1].body
    assert b"a crime" in new.body
    assert b"an offence" not in new.body
    assert new["Notices-Variant"] != old[1]["Notices-Variant"]


def test_a_fact_stated_later_counts_for_its_page_alone(tmp_path):
    """Pages of one path with and without a tag, in turns: each is decided by its own facts."""
    desk = Desk(tmp_path, RULES)
    for facts, shown in ((None, True), ({"tags": ["harmless"]}, False), ({"tags": []}, True)) * 2:
        desk.app.facts = facts
        assert desk.shown() is shown


def test_each_head_is_planned_by_its_own_lines(tmp_path):
    """What one page says to caches, of its coding, style and charset, is not said of the next one."""
    desk = Desk(tmp_path, RULES)
    for _ in range(2):
        for lines, control, linked in (
            ([], "private", False),
            ([("Cache-Control", "public, max-age=60")], "max-age=60, private", False),
            ([("Content-Security-Policy", "default-src 'self'")], "private", True),
            ([("Content-Security-Policy", "style-src 'nonce-YWJj'")], "private", False),
        ):
            desk.app.headers = [("Content-Type", "text/html; charset=utf-8"), *lines]
            answer = checked(desk.middleware)
            assert answer["Cache-Control"] == control
            assert (b'<link rel="stylesheet"' in answer.body) is linked
            assert (b'nonce="YWJj"' in answer.body) is ("nonce" in str(lines))
        desk.app.headers = [("Content-Type", "text/html; charset=utf-16le")]
        desk.app.body = [PAGE.decode().encode("utf-16-le")]
        assert "<aside" in checked(desk.middleware).body.decode("utf-16-le")
        desk.app.headers, desk.app.body = [("Content-Type", "text/html"), ("Content-Encoding", "br")], [PAGE]
        assert checked(desk.middleware).body == PAGE


moments = st.sampled_from([NOON, OPENS, ENDS - timedelta(seconds=30), ENDS])
heads = st.lists(
    st.sampled_from(
        [
            ("ETag", '"x"'),
            ("Vary", "Cookie"),
            ("Cache-Control", "public, max-age=600"),
            ("Expires", "Fri, 01 Jan 2027 00:00:00 GMT"),
            ("Content-Language", "en"),
            ("Content-Security-Policy", "style-src 'nonce-YWJj'"),
            ("Notices-Page", "tags=war"),
            ("Set-Cookie", "a=1"),
        ]
    ),
    max_size=3,
    unique=True,
)
asked = st.fixed_dictionaries(
    {
        "at": moments,
        "head": heads,
        "region": st.sampled_from(["RU", "DE", None]),
        "facts": st.sampled_from([None, {"tags": ["war"]}, {"tags": ["harmless"], "language": "ru"}, {"skip": True}]),
        "accept_language": st.sampled_from(["ru", "en-GB,en;q=0.7"]),
        "method": st.sampled_from(["GET", "GET", "HEAD", "POST"]),
        "frame": st.booleans(),
        "length": st.booleans(),
        "body": st.sampled_from([PAGE, PARTS]),
        "condition": st.sampled_from([None, '"x;n=00000000"', '"x"']),
    }
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("desk"), MANY)


def answer_of(desk, middleware, one):
    desk.now, desk.app.facts, desk.app.body = one["at"], one["facts"], [one["body"]]
    length = [("Content-Length", str(len(one["body"])))] if one["length"] else []
    desk.app.headers = [("Content-Type", "text/html; charset=utf-8"), *length, *one["head"]]
    middleware.app = desk.app
    headers = {"accept_language": one["accept_language"]}
    if one["frame"]:
        headers["sec_fetch_dest"] = "iframe"
    if one["condition"]:
        headers["if_none_match"] = one["condition"]
    answer = ask(middleware, method=one["method"], region=one["region"], **headers)
    return answer.status, answer.headers, answer.body


@settings(max_examples=25, deadline=None)
@given(st.lists(asked, min_size=2, max_size=8))
def test_a_middleware_that_has_seen_much_answers_as_a_new_one(desk, questions):
    """Whatever was asked before, of whichever page and instant: status, head and body are those of a first one."""
    for one in questions + questions[::-1]:
        fresh = NoticesMiddleware(desk.app, desk.service)
        assert answer_of(desk, desk.middleware, one) == answer_of(desk, fresh, one)


def test_what_the_middleware_remembers_holds_no_address(tmp_path):
    """After requests of a reader by his address, no text that can be reached from what is remembered holds it."""
    desk = Desk(tmp_path, RULES)
    desk.app.headers += [("X-Reader", RUSSIAN), ("Vary", "Cookie"), ("Content-Language", RUSSIAN)]
    for _ in range(3):
        ask(desk.middleware, region=None, peer=RUSSIAN, path=f"/{RUSSIAN}", x_forwarded_for=RUSSIAN)
    narrowed = desk.middleware._narrowed
    rest, seen, texts = [desk.middleware._forms._known, narrowed.showings], set(), []
    while rest:
        one = rest.pop()
        if id(one) in seen or isinstance(one, type):
            continue
        seen.add(id(one))
        texts += [one] if isinstance(one, str | bytes) else []
        rest += [] if callable(one) else gc.get_referents(one)
    assert len(narrowed.showings) == 1
    assert not any(RUSSIAN in one if isinstance(one, str) else RUSSIAN.encode() in one for one in texts)
