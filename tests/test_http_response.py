"""The head of a response: reasons to leave it alone, and its form where it is changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notices.http import media
from notices.http.caching import Sharing
from notices.http.heads import replaced, values, without
from notices.http.outcome import Outcome
from notices.http.response import HeadPlan, is_not_modified, not_modified, plan_head, reason_to_leave, uncached

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SAME_FOR_ALL = Sharing(now=NOW, others_differ=False)
HTML = ("Content-Type", "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        pytest.param(200, [HTML], None, id="a page"),
        pytest.param(404, [HTML], None, id="an error page"),
        pytest.param(500, [("content-type", "TEXT/HTML")], None, id="any case"),
        pytest.param(101, [HTML], Outcome.STATUS, id="101"),
        pytest.param(204, [HTML], Outcome.STATUS, id="204"),
        pytest.param(205, [HTML], Outcome.STATUS, id="205"),
        pytest.param(206, [HTML], Outcome.STATUS, id="206"),
        pytest.param(302, [HTML], Outcome.STATUS, id="302"),
        pytest.param(304, [HTML], Outcome.STATUS, id="304"),
        pytest.param(200, [], Outcome.NOT_HTML, id="no type"),
        pytest.param(200, [("Content-Type", "application/xhtml+xml")], Outcome.NOT_HTML, id="XHTML"),
        pytest.param(200, [("Content-Type", "text/plain"), HTML], None, id="two types, the last counts"),
        pytest.param(200, [HTML, ("Content-Type", "text/plain")], Outcome.NOT_HTML, id="two types, the last is none"),
        pytest.param(200, [("Content-Type", "text/html, text/html")], None, id="twice in one line"),
        pytest.param(200, [("Content-Type", 'text/html; charset="a,b"')], None, id="a comma in a parameter"),
        pytest.param(200, [HTML, ("Content-Type", "nonsense")], None, id="what is no type does not count"),
        pytest.param(200, [("Content-Type", "text/htmlx")], Outcome.NOT_HTML, id="nearly HTML"),
        pytest.param(
            200, [HTML, ("Content-Disposition", "attachment; filename=a.html")], Outcome.ATTACHMENT, id="attachment"
        ),
        pytest.param(200, [HTML, ("Content-Disposition", "ATTACHMENT")], Outcome.ATTACHMENT, id="ATTACHMENT"),
        pytest.param(200, [HTML, ("Content-Disposition", "inline; filename=a.html")], None, id="inline"),
        pytest.param(200, [HTML, ("Content-Disposition", "filename=a.html")], None, id="no disposition type"),
        pytest.param(200, [HTML, ("Signature", "sig1=:YQ==:")], Outcome.SIGNED, id="signed"),
        pytest.param(200, [HTML, ("Notices-Variant", "00000000")], Outcome.ALREADY_DONE, id="done by another process"),
        pytest.param(200, [HTML, ("Cache-Control", "no-transform")], None, id="no-transform does not bind the origin"),
    ],
)
def test_reasons_to_leave_a_response_alone(status, headers, reason):
    """Each reason has a name."""
    assert reason_to_leave(status, headers) is reason


def test_a_changed_page_says_nothing_of_other_bytes():
    """Length, ranges and digests of the app's bytes go; what else the app says stays as it is spelt."""
    headers = [
        HTML, ("content-length", "5"), ("Accept-Ranges", "bytes"), ("Content-MD5", "x"), ("Digest", "x"),
        ("Content-Digest", "x"), ("Repr-Digest", "x"), ("etag", 'W/"x"'), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"),
        ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"),
    ]  # fmt: skip
    assert plan_head(headers, HeadPlan(variant="1a2b3c4d", changes_bytes=True, sharing=SAME_FOR_ALL)) == [
        HTML,
        ("etag", 'W/"x;n=1a2b3c4d"'),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"),
        ("Notices-Variant", "1a2b3c4d"),
    ]


def test_a_page_that_shows_nothing_keeps_its_head():
    """Only the variant is added, and to the tag."""
    headers = [HTML, ("Content-Length", "5"), ("Accept-Ranges", "bytes"), ("ETag", '"x"')]
    assert plan_head(headers, HeadPlan(variant="00000000", changes_bytes=False, sharing=SAME_FOR_ALL)) == [
        HTML,
        ("Content-Length", "5"),
        ("Accept-Ranges", "bytes"),
        ("ETag", '"x;n=00000000"'),
        ("Notices-Variant", "00000000"),
    ]


@pytest.mark.parametrize(
    ("status", "tag", "conditions", "expected"),
    [
        pytest.param(200, '"x;n=1a2b3c4d"', ('"x;n=1a2b3c4d"',), True, id="held"),
        pytest.param(404, '"x;n=1a2b3c4d"', ('"x;n=1a2b3c4d"',), False, id="an error page is never a 304"),
        pytest.param(200, '"x;n=1a2b3c4d"', (), False, id="nothing held"),
        pytest.param(200, None, ('"x"',), False, id="no tag"),
    ],
)
def test_when_a_304_is_right(status, tag, conditions, expected):
    """By the final tag alone, and only in place of a 200."""
    headers = [] if tag is None else [("ETag", tag)]
    assert is_not_modified(status, headers, conditions) is expected


def test_the_304s_head():
    """What speaks of a body goes, what caches update stays; a policy with a nonce stays with the stored body."""
    head = not_modified([
        HTML, ("Content-Length", "5"), ("Content-Encoding", "gzip"), ("Content-Language", "ru"), ("ETag", '"x"'),
        ("Cache-Control", "private"), ("Vary", "Accept-Encoding"), ("Expires", "0"), ("Content-Location", "/a"),
        ("Set-Cookie", "a=1"), ("Content-Security-Policy", "script-src 'nonce-abc'"), ("Notices-Variant", "1a2b3c4d"),
        ("Content-Security-Policy", "frame-ancestors 'self'"),
    ])  # fmt: skip
    assert [name for name, _ in head] == [
        "ETag", "Cache-Control", "Vary", "Expires", "Content-Location", "Set-Cookie", "Notices-Variant",
        "Content-Security-Policy",
    ]  # fmt: skip
    assert ("Content-Security-Policy", "frame-ancestors 'self'") in head


def test_a_preview_is_kept_by_nobody():
    """No store, no validator."""
    head = uncached([("ETag", '"x"'), ("Last-Modified", "x"), ("Expires", "x"), ("Cache-Control", "public"), HTML])
    assert head == [("Cache-Control", "no-store"), HTML]


def test_header_lists_keep_order_case_and_repeats():
    """Replacing writes where the first stood, as it was spelt."""
    headers = [("A", "1"), ("vary", "x"), ("B", "2"), ("VARY", "y")]
    assert replaced(headers, "Vary", "z") == [("A", "1"), ("vary", "z"), ("B", "2")]
    assert replaced(headers, "New", "z")[-1] == ("New", "z")
    assert values(headers, "Vary") == ["x", "y"]
    assert without(headers, {"vary"}) == [("A", "1"), ("B", "2")]


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        pytest.param("text/html; charset=windows-1251", "windows-1251", id="plain"),
        pytest.param('text/html; Charset="UTF-8"', "UTF-8", id="quoted, any case"),
        pytest.param("text/html; level=1;charset=a; charset=b", "a", id="the first counts"),
        pytest.param("text/html", None, id="none"),
        pytest.param("text/html; charset=", None, id="empty"),
        pytest.param('text/html; x="; charset=a"; charset=b', "b", id="not inside quotes"),
    ],
)
def test_charset(content_type, expected):
    """The charset that a Content-Type states."""
    assert media.charset(content_type) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param([], "", id="none"),
        pytest.param(["identity"], "", id="identity"),
        pytest.param(["GZIP"], "gzip", id="gzip"),
        pytest.param(["x-gzip"], "x-gzip", id="x-gzip"),
        pytest.param(["deflate"], "deflate", id="deflate"),
        pytest.param(["br"], None, id="br"),
        pytest.param(["zstd"], None, id="zstd"),
        pytest.param(["gzip, br"], None, id="two in one header"),
        pytest.param(["gzip", "gzip"], None, id="two headers"),
    ],
)
def test_coding(stated, expected):
    """One coding that can be unpacked, none, or what must pass."""
    assert media.coding(stated) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [(None, None), ("ru", "ru"), (" pt-BR , en", "pt-BR"), ("", None), ("not a tag", None)],
)
def test_content_language(stated, expected):
    """The page's language is the first that its head names."""
    assert media.first_language(stated) == expected
