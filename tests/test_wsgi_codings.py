"""Packed pages behind the middleware."""

from __future__ import annotations

import gzip
import logging
import zlib

import pytest

from notices.wsgi import NoticesMiddleware
from tests.sites import PAGE, App, ask, checked, counts, service, wrapped

LONG = PAGE.replace(b"</article>", b"<p>More text.</p>" * 2000 + b"</article>")


def without_notice(page):
    start, _, end = page.partition(b"<aside")
    return start + end.partition(b"</aside>")[2]


@pytest.mark.parametrize("size", [40, 10**6], ids=["streamed", "whole"])
@pytest.mark.parametrize(
    ("coding", "pack", "window"),
    [
        ("gzip", gzip.compress, 31),
        ("x-gzip", gzip.compress, 31),
        ("deflate", zlib.compress, 15),
        ("Deflate", lambda page: zlib.compress(page, wbits=-15), -15),
    ],
    ids=["gzip", "x-gzip", "zlib", "raw"],
)
def test_packed_pages_get_their_notices(tmp_path, coding, pack, window, size):
    """Unpacked, changed, packed again in the same container."""
    packed = pack(LONG)
    app = App([packed[at : at + size] for at in range(0, len(packed), size)], headers=[("Content-Encoding", coding)])
    answer = checked(NoticesMiddleware(app, service(tmp_path)), accept_encoding="gzip, deflate")
    judge = zlib.decompressobj(window)
    page = judge.decompress(answer.body)
    assert judge.eof
    assert page.count(b"<aside") == 1
    assert without_notice(page) == LONG
    assert answer["Content-Encoding"] == coding
    assert answer["Content-Length"] == (str(len(answer.body)) if size > 40 else None)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, br", "aws-chunked"])
def test_other_codings_pass_and_are_known(tmp_path, caplog, coding):
    """The page is passed on; its tag says that it holds no notice, so that no 304 keeps it that way."""
    app = App([b"\x01\x02"], headers=[("Content-Encoding", coding), ("ETag", '"x"'), ("Content-Length", "2")])
    middleware = wrapped(tmp_path, app)
    with caplog.at_level(logging.ERROR, "notices"):
        answers = [checked(middleware), checked(middleware)]
    assert [(answer.body, answer["ETag"], answer["Content-Length"]) for answer in answers] == [
        (b"\x01\x02", '"x;n=00000000"', "2")
    ] * 2
    assert counts(middleware, "notices_pages") == {"coding": 2}
    assert counts(middleware, "notices_shown") == {}
    assert len(caplog.records) == 1


def test_packed_pages_without_notices_are_not_touched(tmp_path):
    """What does not change is not unpacked, whatever its coding."""
    middleware = wrapped(tmp_path, App([b"\x01\x02"], headers=[("Content-Encoding", "br")]))
    assert checked(middleware, region="DE").body == b"\x01\x02"
    assert counts(middleware, "notices_pages") == {"none": 1}


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "streamed"])
def test_a_page_that_is_not_packed_as_it_says_passes(tmp_path, whole):
    """The site's mistake stays the site's; we add none."""
    items = [PAGE] if whole else [PAGE[:9], PAGE[9:]]
    middleware = wrapped(tmp_path, App(items, headers=[("Content-Encoding", "gzip"), ("ETag", '"x"')]))
    answer = checked(middleware)
    assert answer.body == PAGE
    assert counts(middleware, "notices_pages") == {"failed": 1}
    assert counts(middleware, "notices_failures") == {"coding": 1}


def test_a_truncated_page_stays_truncated(tmp_path):
    """All that came arrives, with its notice, and is recognisably not all."""
    app = App([gzip.compress(LONG)[:-30]], headers=[("Content-Encoding", "gzip")])
    judge = zlib.decompressobj(31)
    page = judge.decompress(ask(NoticesMiddleware(app, service(tmp_path))).body)
    assert not judge.eof
    assert page.count(b"<aside") == 1
    assert LONG.startswith(without_notice(page)[: len(LONG) // 2])


def test_members_are_one_page(tmp_path):
    """A notice stands once in a page of several members."""
    packed = gzip.compress(LONG[:30]) + gzip.compress(LONG[30:])
    answer = ask(NoticesMiddleware(App([packed], headers=[("Content-Encoding", "gzip")]), service(tmp_path)))
    assert without_notice(gzip.decompress(answer.body)) == LONG
