"""Which pages get their notices, which are left alone, and how that is counted."""

from __future__ import annotations

import pytest

from notices.http.outcome import Outcome
from notices.wsgi import NoticesMiddleware
from tests.sites import BROWSER, PAGE, RULES, App, ask, checked, counts, request, rule, service, wrapped

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


POLICY = "Content-Security-Policy"


@pytest.mark.parametrize(
    ("style", "headers", "expected"),
    [
        pytest.param("auto", [], b"<style>", id="no policy: inline"),
        pytest.param(
            "auto",
            [("Content-Security-Policy-Report-Only", "style-src 'none'")],
            b"<style>",
            id="a reported policy does not count",
        ),
        pytest.param("auto", [(POLICY, "style-src 'nonce-aBc='")], b'<style nonce="aBc=">', id="the policy's nonce"),
        pytest.param(
            "auto",
            [(POLICY, "default-src 'self'")],
            b'<link rel="stylesheet" href="/site/notices/',
            id="any other: a link",
        ),
        pytest.param(
            "auto",
            [(POLICY, "style-src 'nonce-a'"), (POLICY, "style-src 'self'")],
            b'<link rel="stylesheet"',
            id="a nonce that one policy refuses",
        ),
        pytest.param("inline", [(POLICY, "default-src 'self'")], b"<style>", id="inline"),
        pytest.param("link", [], b'<link rel="stylesheet" href="/site/notices/', id="link"),
        pytest.param("none", [], None, id="none"),
    ],
)
def test_where_the_style_stands(tmp_path, style, headers, expected):
    """By the setting and the response's enforced policies."""
    middleware = wrapped(tmp_path, App(headers=headers), style=style)
    body = checked(middleware, {**request(), "SCRIPT_NAME": "/site"}).body
    assert WARNING in body
    for form in (b"<style", b"<link"):
        assert (form in body) is (expected is not None and expected.startswith(form))
    assert expected is None or expected in body


def test_the_linked_sheet_is_there(tmp_path):
    """The address that the page names answers with the style sheet."""
    middleware = wrapped(tmp_path, App(), style="link")
    href = checked(middleware).body.partition(b'<link rel="stylesheet" href="')[2].partition(b'"')[0].decode()
    sheet = checked(middleware, path=href, accept="text/css")
    assert (sheet.status, sheet["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert b".lawtext" in sheet.body


def test_a_sheet_that_nobody_serves_is_not_linked(tmp_path):
    """Without a prefix there is no address for the sheet; the notice reads well unstyled."""
    answer = checked(wrapped(tmp_path, App(headers=[(POLICY, "default-src 'self'")]), url_prefix=None))
    assert WARNING in answer.body
    assert b"<link" not in answer.body


@pytest.mark.parametrize(
    ("html", "amp"),
    [
        pytest.param(b"<html amp>", True, id="amp"),
        pytest.param("<html \u26a1 lang=en>".encode(), True, id="lightning"),
        pytest.param(b"<html lang='en' AMP4EMAIL>", True, id="for mail"),
        pytest.param(b"<html data-x='<b amp>' lang=en>", False, id="only in a value"),
        pytest.param(b"<html ampere>", False, id="another attribute"),
        pytest.param(b"<html lang=amp>", False, id="only a value"),
    ],
)
@pytest.mark.parametrize("size", [1, 10**6])
def test_amp_pages_get_no_style(tmp_path, html, amp, size):
    """AMP allows no style but its own one."""
    page = b"<!doctype html>" + html + b"<head></head><body><p>x</body></html>"
    answer = checked(
        NoticesMiddleware(App(page[at : at + size] for at in range(0, len(page), size)), service(tmp_path))
    )
    assert WARNING in answer.body
    assert (b"<style" in answer.body) is not amp


def test_only_the_first_notice_carries_the_style(tmp_path):
    """One style sheet a page, and no two regions of one name."""
    rules = RULES + rule("second", priority=1) + rule("third", show="{at: [bottom]}")
    body = checked(wrapped(tmp_path, App(), rules)).body
    assert body.count(b"<aside") == 3
    assert body.count(b"<style") == 1
    assert body.index(b"<aside") < body.index(b"<style") < body.index(b"Text of second.")
    assert [b'aria-label="Notice"' in body, b'aria-label="Notice 2"' in body, b'aria-label="Notice 3"' in body] == [
        True
    ] * 3


def test_priority_orders_notices_and_first_stands_above(tmp_path):
    """Higher priority first; above a notice that must be first stands nothing."""
    rules = RULES + rule("high", priority=900) + rule("above", show="{first: true, at: [top]}")
    body = checked(wrapped(tmp_path, App(), rules)).body
    assert body.index(b"Text of above.") < body.index(b"Text of high.") < body.index(WARNING)


@pytest.mark.parametrize(
    ("place", "before"),
    [
        pytest.param("top", b"<body>", id="top"),
        pytest.param("after-article", b"</article>", id="after the article"),
        pytest.param("{first-in: article}", b"<article>", id="first in the article"),
        pytest.param("{before: '#none'}", b"</article>", id="no such place: bottom"),
    ],
)
def test_places(tmp_path, place, before):
    """The notice stands where the rule says; moved, never lost, where the page lacks that."""
    rules = RULES + rule("placed", show=f"{{at: [{place}]}}", pages="{tags: [placed]}")
    body = checked(wrapped(tmp_path, App(facts={"tags": ["placed", "harmless"]}), rules)).body
    assert body.count(b"<aside") == 1
    assert body.partition(b"<aside")[0].endswith(before)


def test_article_places_are_the_bottom_of_a_home_page(tmp_path):
    """A page that lists articles has none."""
    rules = RULES + rule("placed", show="{at: [after-article]}", pages="{tags: [placed]}")
    facts = {"tags": ["placed", "harmless"], "surface": "home"}
    page = PAGE.replace(b"</article>", b"</article><p>More</p>")
    body = checked(wrapped(tmp_path, App([page], facts=facts), rules)).body
    assert body.partition(b"<aside")[0].endswith(b"<p>More</p>")


def test_markers_are_filled_or_left(tmp_path):
    """A template may say where; for readers elsewhere, and where the notice stands already, its comment stays."""
    page = PAGE.replace(b"<p>Text.</p>", b"<p>Text.</p><!--notices--><p>More</p>")
    below = RULES.replace("text:", "show: {at: [bottom]}\n    text:")
    middleware = wrapped(tmp_path, App([page]), below)
    assert checked(middleware, region="DE").body == page
    body = checked(middleware).body
    assert b"<p>Text.</p><aside" in body.replace(b"<!--notices-->", b"")
    assert body.count(b"<aside") == 1
    above = checked(wrapped(tmp_path, App([page]))).body
    assert b"<!--notices-->" in above
    assert above.count(b"<aside") == 1


def test_features_are_hidden_and_warned_of(tmp_path):
    """Parts that a rule speaks of are hidden in their start tag, or preceded by its short text."""
    page = PAGE.replace(
        b"<p>Text.</p>", b'<div data-notices-feature="share">S</div><form data-notices-feature="comment">C</form>'
    )
    rules = RULES + rule(
        "parts", features="{share: hide, comment: warn}", text='{en: {body: "Long text.", short: "Short text."}}'
    )
    body = checked(wrapped(tmp_path, App([page]), rules)).body
    share, comment = body.index(b"<div hidden inert"), body.index(b'<form data-notices-feature="comment"')
    assert b'data-notices-feature="share"' in body[share:].partition(b">")[0]
    assert b"Short text." in body[share:comment]
    assert b'data-notices-feature="share">S' in checked(wrapped(tmp_path, App([page]), rules), region="DE").body


@pytest.mark.parametrize(
    ("html", "headers", "facts", "language"),
    [
        pytest.param(b"<html lang=ru>", [], None, b"ru", id="the page's own tag"),
        pytest.param(b"<html>", [("Content-Language", "ru")], None, b"ru", id="Content-Language"),
        pytest.param(b"<html lang=en>", [("Content-Language", "ru")], None, b"en", id="the tag is nearer"),
        pytest.param(b"<html lang=en>", [], {"language": "ru"}, b"ru", id="stated by the app"),
        pytest.param(b"<html lang='no tag!'>", [], None, b"en", id="a tag of no use"),
        pytest.param(b"<html>", [], None, b"en", id="nobody says"),
    ],
)
def test_the_notice_speaks_the_pages_language(tmp_path, html, headers, facts, language):
    """The page's language chooses the text, and never the variant."""
    page = b"<!doctype html>" + html + b"<head></head><body><p>x</body></html>"
    answer = checked(wrapped(tmp_path, App([page], headers=headers, facts=facts)))
    assert b'lang="' + language + b'" dir="ltr" data-notices' in answer.body
    assert answer["Notices-Variant"] == checked(wrapped(tmp_path, App()))["Notices-Variant"]


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "utf-16le", "shift_jis", "koi8-r"])
def test_charsets(tmp_path, charset):
    """The head's charset is the one that the notice is written for."""
    text = "Текст" if charset != "shift_jis" else "日本語"
    page = f"<!doctype html><html><head><title>{text}</title></head><body><p>{text}</p></body></html>"
    app = App([page.encode(charset)], content_type=f"text/html; charset={charset}")
    decoded = checked(wrapped(tmp_path, app)).body.decode(charset)
    assert WARNING.decode() in decoded
    assert decoded.partition("<aside")[0] + decoded.partition("</aside>")[2] == page


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
