"""start_response in all its forms: late, twice, with exc_info, and the old write() (PEP 3333)."""

from __future__ import annotations

import sys

import pytest

from notices.wsgi import NoticesMiddleware
from tests.sites import PAGE, Server, ask, checked, request, service, wrapped

HTML = [("Content-Type", "text/html; charset=utf-8")]


@pytest.fixture
def site(tmp_path):
    """Wraps an app without validators, so that objects can be compared."""
    made = service(tmp_path)
    return lambda app: NoticesMiddleware(app, made)


def pieces(size=20):
    return [PAGE[at : at + size] for at in range(0, len(PAGE), size)]


def test_generators_that_call_start_response_late(site):
    """The head is planned when it comes, with the first item."""

    def app(environ, start_response):
        start_response("200 OK", HTML)
        yield from pieces()

    server = Server()
    result = site(app)(request(), server.start_response)
    assert server.head is None
    first = next(result)
    assert server.header("Notices-Variant") != "00000000"
    assert (first + b"".join(result)).count(b"<aside") == 1


def test_a_late_head_with_a_whole_body(site):
    """The one item is in hand when the head goes, so its length is exact."""

    def app(environ, start_response):
        start_response("200 OK", [*HTML, ("Content-Length", str(len(PAGE)))])
        yield PAGE

    server = Server()
    body = b"".join(site(app)(request(), server.start_response))
    assert server.header("Content-Length") == str(len(body))
    assert body.count(b"<aside") == 1


def test_an_empty_late_body(site):
    """A generator that gives no item still gives its head."""

    def app(environ, start_response):
        start_response("200 OK", HTML)
        yield from ()

    answer = ask(site(app))
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("late", [False, True], ids=["before", "in a generator"])
def test_a_second_head_replaces_the_first_before_anything_is_sent(site, late):
    """An app that fails while it begins gives its error page instead, and that is a page too."""

    def begin(start_response):
        start_response("200 OK", [*HTML, ("ETag", '"x"')])
        try:
            raise RuntimeError("template")
        except RuntimeError:
            start_response("500 Internal Server Error", HTML, sys.exc_info())

    def generator(environ, start_response):
        begin(start_response)
        yield PAGE

    def app(environ, start_response):
        begin(start_response)
        return [PAGE]

    answer = ask(site(generator if late else app))
    assert (answer.status, answer["ETag"]) == (500, None)
    assert answer.body.count(b"<aside") == 1


def test_a_second_head_after_the_first_has_been_sent_raises(site):
    """As PEP 3333 has it, the server raises the app's own error."""

    def app(environ, start_response):
        start_response("200 OK", HTML)
        return stream(start_response)

    def stream(start_response):
        yield PAGE
        try:
            raise RuntimeError("database")
        except RuntimeError:
            start_response("500 Internal Server Error", HTML, sys.exc_info())

    server = Server()
    result = site(app)(request(), server.start_response)
    server.take(next(result))
    with pytest.raises(RuntimeError, match="database"):
        next(result)


def test_a_second_head_before_the_first_bytes(site):
    """The server has the first head but has sent nothing: the second one stands, planned anew."""

    def app(environ, start_response):
        start_response("200 OK", HTML)
        return stream(start_response)

    def stream(start_response):
        try:
            raise RuntimeError("database")
        except RuntimeError:
            start_response("500 Internal Server Error", [*HTML, ("ETag", '"e"')], sys.exc_info())
        yield PAGE

    server = Server()
    body = b"".join(site(app)(request(), server.start_response))
    assert server.head[0].startswith("500")
    assert server.header("ETag").startswith('"e;n=')
    assert body.count(b"<aside") == 1


def test_a_second_head_without_exc_info_is_a_mistake(site):
    """Of the app's, and it hears of it at once, as from any server."""

    def app(environ, start_response):
        start_response("200 OK", HTML)
        start_response("200 OK", HTML)
        return [PAGE]

    with pytest.raises(AssertionError, match="second time"):
        site(app)(request(), Server().start_response)


@pytest.mark.parametrize("region", ["RU", "DE"])
@pytest.mark.parametrize("rest", [[], [PAGE[40:]]], ids=["all written", "the rest returned"])
def test_write_goes_the_same_way(site, region, rest):
    """What an old app writes and what it returns are one body."""

    def app(environ, start_response):
        write = start_response("200 OK", HTML)
        for piece in [PAGE[:20], PAGE[20:40]] if rest else pieces():
            write(piece)
        return rest

    server = Server()
    result = site(app)(request(region=region), server.start_response)
    for item in result:
        server.take(item)
    start, _, end = server.sent.partition(b"<aside")
    assert start + end.partition(b"</aside>")[2] == PAGE
    assert bool(end) is (region == "RU")


def test_write_validated_on_both_sides(tmp_path):
    """The standard library's validator has nothing to say, to us or to the app."""

    def app(environ, start_response):
        start_response("200 OK", HTML)(PAGE)
        return []

    assert checked(wrapped(tmp_path, app)).body.count(b"<aside") == 1
