"""How and where notices stand in pages: style, places, markers, features, language and charset."""

from __future__ import annotations

import re

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from notices.fragment import STYLE_SHEET_NAME
from notices.inject import marker
from notices.wsgi import NoticesMiddleware
from tests.sites import PAGE, RULES, App, ask, checked, request, rule, service, wrapped

WARNING = b"Sharing this page may be an offence."
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


def proxied(app):
    return ProxyFix(app, x_prefix=1)


def mounted(app):
    return DispatcherMiddleware(App(), {"/shop": app})


@pytest.mark.parametrize(
    ("outside", "inside", "path", "expected"),
    [
        pytest.param(proxied, None, "/a", "/news", id="ProxyFix around us"),
        pytest.param(None, proxied, "/a", "/news", id="ProxyFix in the app"),
        pytest.param(mounted, proxied, "/shop/a", "/news/shop", id="ProxyFix in the app, all of it mounted"),
        pytest.param(None, lambda app: proxied(mounted(app)), "/shop/a", "/news", id="mounted in the app"),
        pytest.param(None, mounted, "/shop/a", "", id="mounted in the app, no ProxyFix"),
    ],
)
def test_the_sheet_is_linked_where_readers_see_the_site(tmp_path, outside, inside, path, expected):
    """Behind a proxy that cuts a prefix the link has it, wherever the site learns of it."""
    middleware = NoticesMiddleware(inside(App()) if inside else App(), service(tmp_path, style="link"))
    site = outside(middleware) if outside else middleware
    body = ask(site, path=path, x_forwarded_prefix="/news").body
    href = body.partition(b'<link rel="stylesheet" href="')[2].partition(b'"')[0].decode()
    assert href == f"{expected}/notices/{STYLE_SHEET_NAME}"


@pytest.mark.parametrize("prefix", ["//evil.example", "///evil.example/", "/%2F/evil.example", '/a"b<c'])
def test_no_prefix_leads_the_sheet_to_another_site(tmp_path, prefix):
    """A prefix that a client slipped through its proxy is a path here, escaped, and nothing else."""
    middleware = NoticesMiddleware(proxied(App()), service(tmp_path, style="link"))
    body = ask(middleware, x_forwarded_prefix=prefix).body
    href = body.partition(b'<link rel="stylesheet" href="')[2].partition(b'"')[0].decode()
    assert re.fullmatch(r"(/[^/\\\"<>][^\\\"<>]*)?/notices/lawtext-[0-9a-f]{12}\.css", href)


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


UNSEEN = (
    "<template>{}</template>", "<noscript>{}</noscript>", "<textarea>{}</textarea>", "<script>{}</script>",
    "<style>{}</style>", "<select><option>{}</option></select>", "<svg>{}</svg>", "<svg><title>{}</title></svg>",
    "<math>{}</math>", "<iframe>{}</iframe>", "<object>{}</object>", "<video>{}</video>", "<audio>{}</audio>",
    "<canvas>{}</canvas>", "<datalist>{}</datalist>", "<title>{}</title>", '<p title="{}">x</p>',
    "<table>{}<tr><td>x</table>", "<button>{}</button>",
)  # fmt: skip


@pytest.mark.parametrize("unseen", UNSEEN)
def test_no_marker_draws_a_notice_out_of_sight(tmp_path, unseen):
    """Who may write into a page, a commenter, cannot hide its notice by a marker where nothing is seen."""
    written = f"<!DOCTYPE html><title>t</title><body><div>{unseen.format(marker('after-article'))}</div>".encode()
    rest = b"<article><p>Text.</p></article>"
    rules = RULES + rule("placed", show="{at: [after-article]}")
    found = checked(wrapped(tmp_path, App([written + rest], facts={"tags": ["harmless"]}), rules)).body
    assert found.count(b"<aside") == 1
    assert written in found
    assert found.index(b"<aside") > found.index(rest)


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
