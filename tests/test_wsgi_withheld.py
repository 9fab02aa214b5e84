"""Pages that a law withholds: the 451, and that no cache and no condition gives the content away."""

from __future__ import annotations

import pytest

from notices.wsgi import NoticesMiddleware
from tests.sites import PAGE, RULES, App, ask, checked, counts, request, rule, service, wrapped

SHOW_ALL = "{coarse: show, contested: show, unknown: hide, anonymous: hide}"
COURT = RULES + rule(
    "court-order", kind="withhold", action="withhold", unsure=SHOW_ALL, pages="{paths: ['/banned/**']}",
    law='["Act 7 of 2020"]', text='{en: {title: "Not here", body: "A court has ordered this."}}',
)  # fmt: skip
SECRET = (
    COURT.replace("owner: desk\n    review-by: 2030-01-01\n  court", "owner: desk\n    review-by: 2030-01-01\n  court")
    + "    confidential: true\n"
)
HEADERS = [("Set-Cookie", "a=1"), ("ETag", '"x"'), ("Content-Length", "9"), ("X-Secret", "s")]


@pytest.mark.parametrize("content_type", ["text/html", "application/pdf", "image/png", "application/json"])
def test_withheld_whatever_the_media_type(tmp_path, content_type):
    """None of the app's head or body is left; the page says what may be said."""
    app = App(iter([b"forbidden"]), content_type=content_type, headers=HEADERS)
    middleware = wrapped(tmp_path, app, COURT)
    answer = checked(middleware, path="/banned/1", accept="*/*")
    assert answer.status == 451
    assert answer["Cache-Control"] == "no-store"
    assert answer["Link"] == '<http://courier.example/>; rel="blocked-by"'
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert int(answer["Content-Length"]) == len(answer.body)
    assert not {"Set-Cookie", "ETag", "X-Secret"} & {name for name, _ in answer.headers}
    assert b"forbidden" not in answer.body
    assert b"A court has ordered this." in answer.body
    assert b"Sharing this page" not in answer.body
    assert b"Act 7 of 2020" in answer.body
    assert app.closed == 1
    assert counts(middleware, "notices_pages") == {"withheld": 1}
    assert counts(middleware, "notices_shown") == {"court-order": 1}


def test_head_is_withheld_without_a_body(tmp_path):
    """HEAD says 451 too."""
    answer = checked(wrapped(tmp_path, App([], headers=HEADERS), COURT), path="/banned/1", method="HEAD")
    assert (answer.status, answer.body, answer["Content-Length"]) == (451, b"", None)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_other_methods_are_not_withheld(tmp_path, method):
    """Nor is the text of the order shown as a notice; the other notices stand."""
    answer = checked(wrapped(tmp_path, App(), COURT), path="/banned/1", method=method)
    assert answer.status == 200
    assert b"A court has ordered this." not in answer.body
    assert answer.body.count(b"<aside") == 1


@pytest.mark.parametrize("region", ["DE", None])
def test_readers_elsewhere_get_the_file_and_caches_keep_it_apart(tmp_path, region):
    """What is withheld from some may not be kept for all; what never is stays public."""
    app = App([b"forbidden"], content_type="application/pdf", headers=[("Cache-Control", "public"), ("ETag", '"x"')])
    middleware = wrapped(tmp_path, app, COURT)
    answer = checked(middleware, path="/banned/1", region=region)
    assert (answer.status, answer.body) == (200, b"forbidden")
    assert answer["Cache-Control"] == "private"
    assert answer["ETag"] == '"x"'
    assert checked(middleware, path="/free/1", region=region)["Cache-Control"] == "public"
    varying = wrapped(tmp_path, app, COURT, cache="vary:Notices-Key")
    assert checked(varying, path="/banned/1", region=region)["Vary"] == "Notices-Key"
    assert checked(varying, path="/free/1", region=region)["Vary"] is None


@pytest.mark.parametrize("status", ["304 Not Modified", "206 Partial Content", "302 Found", "404 Not Found"])
def test_no_status_gives_it_away(tmp_path, status):
    """A 304 would revive the copy of a reader who has moved; a range would be a part of it."""
    app = App([], status=status, content_type=None if status[0] == "3" else "video/mp4", headers=[("ETag", '"x"')])
    middleware = NoticesMiddleware(app, service(tmp_path, COURT))
    assert ask(middleware, path="/banned/1", accept="*/*", if_none_match='"x"', range="bytes=0-1").status == 451


def test_written_and_late_bodies_are_withheld(tmp_path):
    """In whichever way an app gives its body."""

    def writing(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])(b"forbidden")
        return [b"forbidden"]

    def late(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"forbidden"
        yield b"forbidden"

    for app in (writing, late):
        answer = ask(NoticesMiddleware(app, service(tmp_path, COURT)), path="/banned/1")
        assert answer.status == 451
        assert b"forbidden" not in answer.body
        assert answer.body.count(b"A court has ordered this.") == 1


def test_report_mode_only_counts(tmp_path):
    """The page is given out, and it is known that it would not be."""
    middleware = wrapped(tmp_path, App(), COURT, mode="report")
    assert checked(middleware, path="/banned/1").body == PAGE
    assert counts(middleware, "notices_pages") == {"reported": 1}
    assert counts(middleware, "notices_shown") == {"court-order": 1}


def test_confidential_orders_are_not_named(tmp_path):
    """Neither the rule nor its law, in head, page or counts."""
    middleware = wrapped(tmp_path, App(), SECRET)
    answer = checked(middleware, path="/banned/1")
    assert answer.status == 451
    assert b"A court has ordered this." in answer.body
    told = answer.body.decode() + str(answer.headers) + str(counts(middleware, "notices_shown"))
    assert "court-order" not in told
    assert "Act 7" not in told


def test_a_neutral_text_in_the_readers_language(tmp_path):
    """A rule without a text of its own has one in the languages that we speak."""
    rules = RULES + rule("court-order", kind="withhold", action="withhold", unsure=SHOW_ALL, text=None)
    answer = checked(wrapped(tmp_path, App(), rules), accept_language="ru")
    assert answer.status == 451
    assert b'<html lang="ru"' in answer.body


def test_skipped_pages_are_not_withheld(tmp_path):
    """The site's own administration must stay reachable."""
    assert checked(wrapped(tmp_path, App(facts={"skip": True}), COURT), path="/banned/1").body == PAGE


def test_frames_do_not_get_around_it(tmp_path):
    """A page that is withheld is withheld in a frame."""
    assert checked(wrapped(tmp_path, App(), COURT), path="/banned/1", sec_fetch_dest="iframe").status == 451


def test_the_link_names_the_site_and_nothing_that_a_client_made_up(tmp_path):
    """A Host header of no use does not get into the Link."""
    middleware = NoticesMiddleware(App(), service(tmp_path, COURT))
    environ = {**request(path="/banned/1"), "HTTP_HOST": 'a>; rel="x", <b'}
    assert ask(middleware, environ)["Link"] == '</>; rel="blocked-by"'
    secure = {**request(path="/banned/1"), "wsgi.url_scheme": "https", "HTTP_HOST": "courier.example:8443"}
    assert ask(middleware, secure)["Link"] == '<https://courier.example:8443/>; rel="blocked-by"'
