"""Which pages get their notices, which are left alone, and how that is counted."""

from __future__ import annotations

import pytest

from notices.http.outcome import Outcome
from notices.wsgi import NoticesMiddleware
from tests.sites import BROWSER, PAGE, RULES, App, ask, checked, counts, rule, service, wrapped

WARNING = b"Sharing this page may be an offence."


def test_a_reader_in_the_region_gets_the_notice(tmp_path):
    """The notice stands once, first in the body, and all else is as it was."""
    middleware = wrapped(tmp_path, App())
    answer = checked(middleware)
    start, _, rest = answer.body.partition(b"<aside")
    fragment, _, end = rest.partition(b"</aside>")
    assert start + end == PAGE
    assert start.endswith(b"<body>")
    assert WARNING in fragment
    assert answer["Notices-Variant"] == fragment.partition(b'data-notices-variant="')[2][:8].decode() != "00000000"
    assert counts(middleware, "notices_pages") == {"shown": 1}
    assert counts(middleware, "notices_shown") == {"ru-warning": 1}


def test_a_reader_elsewhere_gets_the_page_byte_for_byte(tmp_path):
    """Headers too, but for the variant and what caches need."""
    app = App(
        headers=[
            ("X-Powered-By", "a"),
            ("set-cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("Content-Length", str(len(PAGE))),
        ]
    )
    middleware = wrapped(tmp_path, app)
    answer = checked(middleware, region="DE")
    assert answer.body == PAGE
    assert answer.headers == [*app.headers, ("Notices-Variant", "00000000"), ("Cache-Control", "private")]
    assert counts(middleware, "notices_pages") == {"none": 1}


def test_a_page_that_is_the_same_for_all_keeps_its_head(tmp_path):
    """Where no rule can apply, nothing but the variant is added."""
    app = App(facts={"tags": ["harmless"]}, headers=[("Cache-Control", "public, max-age=60")])
    answer = checked(wrapped(tmp_path, app))
    assert answer.headers == [*app.headers, ("Notices-Variant", "00000000")]


@pytest.mark.parametrize(
    "status", ["200 OK", "404 Not Found", "403 Forbidden", "500 Internal Server Error", "410 Gone"]
)
def test_error_pages_are_pages(tmp_path, status):
    """A reader of an error page is a reader."""
    answer = checked(wrapped(tmp_path, App(status=status)))
    assert answer.status == int(status[:3])
    assert WARNING in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_answers_to_forms_are_pages(tmp_path, method):
    """The page after a POST is read like any other."""
    assert WARNING in checked(wrapped(tmp_path, App()), method=method).body


@pytest.mark.parametrize(
    ("app", "outcome"),
    [
        pytest.param(App([b"{}"], content_type="application/json"), "not-html", id="not HTML"),
        pytest.param(App([b"<p>x"], content_type="application/xhtml+xml"), "not-html", id="XHTML"),
        pytest.param(App([PAGE[:9]], status="206 Partial Content"), "status", id="206"),
        pytest.param(App([], status="204 No Content", content_type=None), "status", id="204"),
        pytest.param(App([PAGE], status="302 Found", headers=[("Location", "/")]), "status", id="302"),
        pytest.param(App(headers=[("Content-Disposition", "attachment")]), "attachment", id="attachment"),
        pytest.param(App(headers=[("Signature", "s=:YQ==:")]), "signed", id="signed"),
        pytest.param(App(headers=[("Notices-Variant", "1a2b3c4d")]), "already-done", id="done elsewhere"),
        pytest.param(App(facts={"skip": True}), "skipped", id="skipped"),
    ],
)
def test_left_alone(tmp_path, app, outcome):
    """Each reason passes the response untouched, under its own name."""
    app.closed = 0
    middleware = wrapped(tmp_path, app)
    answer = checked(middleware)
    assert answer.headers == app.headers
    assert answer.body == b"".join(app.body)
    assert counts(middleware, "notices_pages") == {outcome: 1}
    assert outcome in set(Outcome)


@pytest.mark.parametrize("body", [b"<p>a piece</p>", b"", b"<div><article>x</article></div>", b"text"])
@pytest.mark.parametrize("cut", [False, True], ids=["whole", "streamed"])
def test_fragments_are_left_alone(tmp_path, body, cut):
    """What has no doctype, html, head or body is a piece of a page, which the page around it speaks for."""
    middleware = NoticesMiddleware(
        App((body[at : at + 3] for at in range(0, len(body), 3)) if cut else [body]), service(tmp_path)
    )
    answer = checked(middleware)
    assert answer.body == body
    assert counts(middleware, "notices_pages") == {"fragment": 1}
    assert counts(middleware, "notices_shown") == {}


@pytest.mark.parametrize("start", [b"<!doctype html>", b"<html>", b"<head></head>", b"<body>"])
def test_any_sign_of_a_document_is_enough(tmp_path, start):
    """One of the four makes it a page."""
    assert WARNING in checked(wrapped(tmp_path, App([start + b"<p>x"]))).body


def test_a_frameset_has_no_place(tmp_path):
    """Where nothing can stand, the page passes and is counted."""
    page = b"<!doctype html><html><frameset><frame src=a></frameset></html>"
    middleware = wrapped(tmp_path, App([page]))
    assert checked(middleware).body == page
    assert counts(middleware, "notices_pages") == {"no-place": 1}


def test_pages_in_frames_get_none(tmp_path):
    """The page around it speaks; and no cache gives the bare page to whoever asks for the page itself."""
    middleware = wrapped(
        tmp_path, App(headers=[("Cache-Control", "public, s-maxage=60"), ("ETag", '"x"')]), cache="vary:Notices-Key"
    )
    answer = checked(middleware, sec_fetch_dest="iframe")
    assert answer.body == PAGE
    assert answer["Notices-Variant"] == "00000000"
    assert answer["ETag"] == '"x;n=00000000"'
    assert answer["Cache-Control"] == "private"
    assert answer["Vary"] == "Sec-Fetch-Dest"
    assert counts(middleware, "notices_pages") == {"frame": 1}


def test_a_rule_for_forms_reaches_into_frames(tmp_path):
    """A rule says so by naming a surface that sites put into frames."""
    rules = RULES + rule("form-warning", pages="{surfaces: [form]}")
    form = App(facts={"surface": "form"})
    assert checked(wrapped(tmp_path, form, rules), sec_fetch_dest="iframe").body.count(b"<aside") == 1
    framed = checked(wrapped(tmp_path, form, rules, cache="vary:Notices-Key"), sec_fetch_dest="iframe")
    assert (framed["Vary"], framed["Cache-Control"]) == ("Sec-Fetch-Dest", "private")
    article = App(facts={"surface": "article"})
    assert b"<aside" not in checked(wrapped(tmp_path, article, rules), sec_fetch_dest="iframe").body


def test_the_outer_middleware_does_the_work(tmp_path):
    """Of two middlewares the inner one passes all: one notice, one suffix on the tag."""
    (tmp_path / "inner").mkdir()
    inner = wrapped(tmp_path / "inner", App(headers=[("ETag", '"x"'), ("Notices-Page", "tags=harmless")]))
    assert WARNING not in checked(wrapped(tmp_path, inner)).body
    inner.app = App(headers=[("ETag", '"x"')])
    outer = wrapped(tmp_path, inner)
    answer = checked(outer)
    assert answer.body.count(b"<aside") == 1
    assert answer["ETag"] == f'"x;n={answer["Notices-Variant"]}"'
    assert counts(inner, "notices_pages") == {"already-done": 2}
    assert counts(outer, "notices_pages") == {"shown": 1}


@pytest.mark.parametrize("mode", ["report", "off"])
@pytest.mark.parametrize("pieces", [1, 40], ids=["whole", "streamed"])
def test_a_middleware_that_shows_nothing_leaves_it_to_the_inner_one(tmp_path, mode, pieces):
    """Whoever tries the service out around a site that has it already takes no notice away, and blames no facts."""
    (tmp_path / "inner").mkdir()
    items = [PAGE[at : at + len(PAGE) // pieces] for at in range(0, len(PAGE), len(PAGE) // pieces)]
    inner = wrapped(tmp_path / "inner", App(items, headers=[("ETag", '"x"')], facts={"tags": ["politics"]}))
    answer = checked(wrapped(tmp_path, inner, mode=mode))
    assert answer.body.count(b"<aside") == 1
    assert answer["ETag"] == f'"x;n={answer["Notices-Variant"]}"'
    assert counts(inner, "notices_pages") == {"shown": 1}
    assert counts(inner, "notices_failures") == {}


def test_report_mode_changes_no_byte(tmp_path):
    """Everything reaches the app and the reader as without us; what would be shown is counted."""
    app = App(headers=[("ETag", '"x"'), ("Cache-Control", "public"), ("Content-Length", str(len(PAGE)))])
    middleware = wrapped(tmp_path, app, mode="report")
    answer = checked(middleware, if_none_match='"x;n=1a2b3c4d"', accept_encoding="br", range="bytes=0-1")
    assert answer.headers == app.headers
    assert answer.body == PAGE
    assert {app.environ[name] for name in ("HTTP_IF_NONE_MATCH", "HTTP_ACCEPT_ENCODING", "HTTP_RANGE")} == {
        '"x;n=1a2b3c4d"',
        "br",
        "bytes=0-1",
    }
    checked(middleware, region="DE")
    assert counts(middleware, "notices_pages") == {"reported": 1, "none": 1}
    assert counts(middleware, "notices_shown") == {"ru-warning": 1}


def test_off_is_off(tmp_path):
    """Nothing is done, nothing is counted; the page's facts still never leave the server."""
    app = App(headers=[("ETag", '"x"'), ("Notices-Page", "tags=a")])
    middleware = wrapped(tmp_path, app, mode="off")
    answer = checked(middleware, if_none_match='"x"')
    assert answer.headers == [app.headers[0], ("ETag", '"x"')]
    assert answer.body == PAGE
    assert app.environ["HTTP_IF_NONE_MATCH"] == '"x"'
    assert counts(middleware, "notices_pages") == {}


def test_the_endpoint_is_answered_before_the_app(tmp_path):
    """Only the exact paths are ours; below the prefix the site keeps its own."""
    app = App()
    middleware = wrapped(tmp_path, app)
    assert checked(middleware, path="/notices/key", accept="*/*")["Notices-Key"]
    assert app.environ is None
    assert WARNING in checked(middleware, path="/notices/1848/public-notice").body
    assert WARNING in checked(wrapped(tmp_path, app, url_prefix=None), path="/notices/key").body


def test_settings_or_a_service_not_both(tmp_path):
    """Two sources of settings would hide a mistake."""
    with pytest.raises(TypeError, match="not both: cache"):
        NoticesMiddleware(App(), service(tmp_path), cache="keep")


def test_settings_as_keywords(tmp_path):
    """Any WSGI site names its rules where it wraps its application."""
    made = service(tmp_path)
    middleware = NoticesMiddleware(App(), rules=made.settings.rules, reload="off", state=None)
    assert ask(middleware, accept=BROWSER, region=None).status == 200
