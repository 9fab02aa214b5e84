"""Lengths, tags, 304s and caching of pages behind the middleware."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notices.wsgi import NoticesMiddleware
from tests.sites import PAGE, RULES, App, checked, counts, rule, service, wrapped

LENGTH = ("Content-Length", str(len(PAGE)))
TAGGED = ("ETag", '"x"')


def test_the_length_of_a_page_in_one_piece_is_exact(tmp_path):
    """A one-item list stays a one-item list, and its length is known."""
    answer = checked(NoticesMiddleware(App(headers=[LENGTH]), service(tmp_path)))
    assert int(answer["Content-Length"]) == len(answer.body) > len(PAGE)


def test_the_length_is_exact_where_the_first_item_is_the_whole_body(tmp_path):
    """Flask's bodies are iterators of one item, and say how long they are."""
    answer = checked(NoticesMiddleware(App(iter([PAGE]), headers=[LENGTH]), service(tmp_path)))
    assert int(answer["Content-Length"]) == len(answer.body) > len(PAGE)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param([PAGE[:50], PAGE[50:]], [LENGTH], id="two items in a list"),
        pytest.param((PAGE[at : at + 9] for at in range(0, len(PAGE), 9)), [LENGTH], id="many items, length stated"),
        pytest.param(iter([PAGE]), [], id="one item, length not stated"),
    ],
)
def test_the_length_is_absent_where_more_may_come(tmp_path, body, headers):
    """Never wrong: where the body is not whole in hand nothing is said of its length."""
    answer = checked(NoticesMiddleware(App(body, headers=headers), service(tmp_path)))
    assert answer["Content-Length"] is None
    assert answer.body.count(b"<aside") == 1


def test_head_gets_the_head_of_get_without_a_length(tmp_path):
    """What a GET would say, but for the length that no one has counted."""
    headers = [LENGTH, TAGGED, ("Accept-Ranges", "bytes"), ("Cache-Control", "public, max-age=60")]
    middleware = NoticesMiddleware(App(headers=headers), service(tmp_path))
    got = checked(middleware)
    middleware.app = App([], headers=headers)
    head = checked(middleware, method="HEAD")
    assert head.headers == [(name, value) for name, value in got.headers if name != "Content-Length"]
    assert head.body == b""
    assert counts(middleware, "notices_pages") == {"shown": 1, "head": 1}


def test_head_of_a_page_without_notices_passes(tmp_path):
    """Its bytes do not change, and neither does its length."""
    answer = checked(wrapped(tmp_path, App([], headers=[LENGTH])), method="HEAD", region="DE")
    assert answer["Content-Length"] == str(len(PAGE))


def test_headers_of_other_bytes_go(tmp_path):
    """Digests and ranges of the app's bytes are not those of ours; for readers elsewhere they stay."""
    gone = [
        ("Accept-Ranges", "bytes"),
        ("Content-MD5", "a"),
        ("Digest", "a"),
        ("Content-Digest", "a"),
        ("Repr-Digest", "a"),
    ]
    middleware = wrapped(tmp_path, App(headers=gone))
    assert not {name for name, _ in checked(middleware).headers} & {name for name, _ in gone}
    assert set(gone) <= set(checked(middleware, region="DE").headers)


@pytest.mark.parametrize("weak", ["", "W/"])
@pytest.mark.parametrize("region", ["RU", "DE"])
def test_every_pages_tag_carries_the_variant(tmp_path, weak, region):
    """Also that of a page which shows nothing to this visitor."""
    answer = checked(wrapped(tmp_path, App(headers=[("ETag", f'{weak}"x"')])), region=region)
    assert answer["ETag"] == f'{weak}"x;n={answer["Notices-Variant"]}"'


class Conditional(App):
    """An app that answers 304 and 206 by its own tag, date and length, as frameworks do."""

    def __call__(self, environ, start_response):
        held = environ.get("HTTP_IF_NONE_MATCH", "")
        unmodified = not held and "HTTP_IF_MODIFIED_SINCE" in environ
        app = App([PAGE], headers=self.headers, content_type=None)
        if held == "*" or '"x"' in held or unmodified:
            app = App([], status="304 Not Modified", headers=self.headers[1:], content_type=None)
        elif "HTTP_RANGE" in environ:
            app = App([PAGE[:2]], status="206 Partial Content", headers=self.headers, content_type=None)
        return app(environ, start_response)


def conditional(content_type="text/html"):
    return Conditional(content_type=content_type, headers=[TAGGED, ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")])


@pytest.mark.parametrize("region", ["RU", "DE"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {} , "more"', "{marked}"])
def test_a_304_for_the_very_page(tmp_path, region, method, form):
    """By the final tag alone, also in a list, weakly, and behind a compressor's mark; the 304 has no body's headers."""
    middleware = wrapped(tmp_path, conditional())
    tag = checked(middleware, region=region)["ETag"]
    held = form.format(tag, marked=tag[:-1] + '-gzip"')
    answer = checked(middleware, region=region, method=method, if_none_match=held)
    assert (answer.status, answer.body) == (304, b"")
    assert answer["ETag"] == tag
    assert answer["Last-Modified"] == "Mon, 01 Jan 2024 00:00:00 GMT"
    assert answer["Cache-Control"] == "private"
    assert answer["Content-Type"] is answer["Content-Length"] is None
    assert counts(middleware, "notices_pages")["not-modified"] == 1


@pytest.mark.parametrize("accept", ["text/html", "*/*", None], ids=["browser", "anything", "no Accept"])
def test_a_304_never_revives_another_regions_page(tmp_path, accept):
    """A tag of ours makes any request one for a page: who moved, or holds the bare page, gets the whole one."""
    middleware = wrapped(tmp_path, conditional())
    tags = {region: checked(middleware, region=region)["ETag"] for region in ("RU", "DE")}
    assert tags["RU"] != tags["DE"]
    for region, held in (("RU", tags["DE"]), ("DE", tags["RU"])):
        answer = checked(middleware, region=region, accept=accept, if_none_match=held)
        assert answer.status == 200
        assert (b"<aside" in answer.body) is (region == "RU")


def test_a_304_never_revives_a_page_from_before(tmp_path):
    """The app's own tag, from before the notices were there, and its date earn a browser nothing."""
    middleware = wrapped(tmp_path, conditional())
    since = {"if_modified_since": "Mon, 01 Jan 2024 00:00:00 GMT"}
    for conditions in ({"if_none_match": '"x"'}, since, {"if_none_match": '"x"', **since}, {"range": "bytes=0-1"}):
        answer = checked(middleware, **conditions)
        assert answer.status == 200
        assert b"<aside" in answer.body


def test_a_304_never_outlives_a_rule_or_a_notice(tmp_path):
    """After a rule has changed, and after a notice has ended, the tag is another."""
    now = [datetime(2026, 11, 22, tzinfo=UTC)]
    rules = RULES.replace("text:", "when: {until: 2026-12-01}\n    text:")
    middleware = NoticesMiddleware(conditional(), service(tmp_path, rules, clock=lambda: now[0]))
    held = checked(middleware)["ETag"]
    assert checked(middleware, if_none_match=held).status == 304
    now[0] = datetime(2026, 12, 1, tzinfo=UTC)
    ended = checked(middleware, if_none_match=held)
    assert (ended.status, ended.body) == (200, PAGE)
    now[0] = datetime(2026, 11, 22, tzinfo=UTC)
    middleware = NoticesMiddleware(
        conditional(), service(tmp_path, rules.replace("an offence", "a crime"), clock=lambda: now[0])
    )
    changed = checked(middleware, if_none_match=held)
    assert changed.status == 200
    assert b"a crime" in changed.body


def test_an_unrelated_rule_changes_no_tag(tmp_path):
    """The variant is over what is shown, not over the ruleset."""
    before = checked(wrapped(tmp_path, conditional()))["ETag"]
    assert (
        checked(wrapped(tmp_path, conditional(), RULES + rule("by", where="[BY]")), if_none_match=before).status == 304
    )


def test_other_media_get_their_304_too(tmp_path):
    """A browser that asks for a picture as for a page loses its conditions, and gets its 304 from us."""
    middleware = wrapped(tmp_path, conditional("image/png"))
    answer = checked(middleware, if_none_match='"x"')
    assert (answer.status, answer["ETag"]) == (304, '"x"')
    assert checked(middleware, if_none_match='"y"').status == 200


def test_star_is_the_apps(tmp_path):
    """``If-None-Match: *`` reaches the app, and its 304 passes."""
    answer = checked(wrapped(tmp_path, conditional()), if_none_match="*")
    assert (answer.status, answer["ETag"]) == (304, '"x"')


def test_an_error_page_is_never_a_304(tmp_path):
    """Conditions hold for what is there."""
    middleware = wrapped(tmp_path, App(status="404 Not Found", headers=[TAGGED]))
    tag = checked(middleware)["ETag"]
    assert checked(middleware, if_none_match=tag).status == 404


def test_other_requests_pass_untouched(tmp_path):
    """A script's conditional request and a video's range are the app's affair."""
    app = App([b"{}"], content_type="application/json")
    headers = {
        "if_none_match": '"x"',
        "range": "bytes=0-1",
        "if_range": '"x"',
        "accept_encoding": "br, gzip",
        "if_modified_since": "x",
    }
    checked(wrapped(tmp_path, app), accept="*/*", **headers)
    for name, value in headers.items():
        assert app.environ[f"HTTP_{name.upper()}"] == value
    assert checked(wrapped(tmp_path, conditional()), accept="*/*", range="bytes=0-1").status == 206


@pytest.mark.parametrize(
    ("content_type", "cache", "kept", "varies"),
    [
        pytest.param("text/html", "private", "max-age=60, private", None, id="a page"),
        pytest.param("text/html", "vary:Notices-Key", "public, max-age=60", "Notices-Key", id="a page by its key"),
        pytest.param("text/html", "keep", "public, max-age=60", None, id="a page as the site has it"),
        pytest.param("video/mp4", "private", "public, max-age=60", None, id="a film"),
    ],
)
def test_a_part_of_a_page_is_kept_for_nobody_else(tmp_path, content_type, cache, kept, varies):
    """A stranger who asks for ``bytes=0-`` gets a page without its notice: no shared cache may make it everybody's."""
    whole = [TAGGED, ("Cache-Control", "public, max-age=60"), ("Content-Range", f"bytes 0-{len(PAGE) - 1}/{len(PAGE)}")]
    app = App([PAGE], status="206 Partial Content", headers=whole, content_type=content_type)
    answer = checked(wrapped(tmp_path, app, cache=cache), region="DE", accept="*/*", range="bytes=0-")
    assert (answer.status, answer.body, answer["ETag"], answer["Content-Range"]) == (206, PAGE, '"x"', whole[2][1])
    assert (answer["Cache-Control"], answer["Vary"]) == (kept, varies)


def test_a_part_of_a_page_that_is_the_same_for_all_stays_public(tmp_path):
    """Where no rule is for the page, parts of it are everybody's."""
    app = App([PAGE], status="206 Partial Content", headers=[("Cache-Control", "public")], facts={"tags": ["harmless"]})
    assert checked(wrapped(tmp_path, app), accept="*/*", range="bytes=0-")["Cache-Control"] == "public"


def test_if_match_reaches_the_app_in_its_own_words(tmp_path):
    """Who saves what was read sends our tag; only the suffix is cut."""
    app = App([b""], status="204 No Content", content_type=None)
    checked(wrapped(tmp_path, app), method="PUT", if_match='"x;n=1a2b3c4d", W/"y"')
    assert app.environ["HTTP_IF_MATCH"] == '"x", W/"y"'


def test_codings_are_struck_for_pages_only(tmp_path):
    """What cannot be unpacked is not asked for; compression as such is never switched off."""
    app = App()
    middleware = wrapped(tmp_path, app)
    checked(middleware, accept_encoding="gzip, deflate, br, zstd")
    assert app.environ["HTTP_ACCEPT_ENCODING"] == "gzip, deflate"
    checked(middleware)
    assert "HTTP_ACCEPT_ENCODING" not in app.environ


@pytest.mark.parametrize(
    ("cache", "control", "vary"),
    [
        pytest.param("private", "max-age=60, private", None, id="private"),
        pytest.param("vary:Notices-Key", "public, max-age=60, s-maxage=600", "Notices-Key", id="vary"),
        pytest.param("keep", "public, max-age=60, s-maxage=600", None, id="keep"),
    ],
)
@pytest.mark.parametrize("region", ["RU", "DE"])
def test_cache_modes(tmp_path, cache, control, vary, region):
    """For those who see the notice and those who do not: the same head for caches."""
    app = App(headers=[("Cache-Control", "public, max-age=60, s-maxage=600"), ("CDN-Cache-Control", "max-age=600")])
    answer = checked(wrapped(tmp_path, app, cache=cache), region=region)
    assert (answer["Cache-Control"], answer["Vary"]) == (control, vary)
    assert (answer["CDN-Cache-Control"] is None) is (cache == "private")


@pytest.mark.parametrize("cache", ["private", "vary:Notices-Key"])
def test_times_to_live_end_before_a_window_opens(tmp_path, cache):
    """A page stored ten minutes before midnight is asked for again at midnight."""
    rules = RULES.replace("text:", "when: {from: 2026-11-23}\n    text:")
    made = service(tmp_path, rules, cache=cache, clock=lambda: datetime(2026, 11, 22, 23, 50, tzinfo=UTC))
    answer = checked(NoticesMiddleware(App(headers=[("Cache-Control", "max-age=3600")]), made))
    assert b"<aside" not in answer.body
    assert answer["Cache-Control"].startswith("max-age=600")


def test_vary_gains_what_rules_read(tmp_path):
    """A text by the visitor's language, or a rule by signal, makes the page vary by that header."""
    by_language = RULES.replace("text:", "show: {languages: [visitor]}\n    text:")
    assert (
        checked(wrapped(tmp_path, App(headers=[("Vary", "Cookie")]), by_language))["Vary"] == "Cookie, Accept-Language"
    )
    by_signal = RULES + rule("gpc", pages="{signals: {sec-gpc: true}}")
    assert checked(wrapped(tmp_path, App(), by_signal))["Vary"] == "Sec-GPC"


def test_what_is_shown_is_decided_when_the_response_begins(tmp_path):
    """An app that works past midnight gives the page of the new day."""
    now = [datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)]
    rules = RULES.replace("text:", "when: {from: 2026-11-23}\n    text:")

    def app(environ, start_response):
        now[0] = datetime(2026, 11, 23, tzinfo=UTC)
        return App()(environ, start_response)

    middleware = NoticesMiddleware(app, service(tmp_path, rules, clock=lambda: now[0]))
    assert b"<aside" in checked(middleware).body
