"""Apps and clients that do odd but legal things, compared byte for byte with the same app without us (PEP 3333)."""

from __future__ import annotations

import gzip
import http.client
import io
import re
import socket
import sys
from contextlib import contextmanager
from functools import partial
from wsgiref.util import FileWrapper

import pytest
import waitress.server
from werkzeug.serving import make_server

from notices.wsgi import NoticesMiddleware
from tests.servers import HTML, LENGTH, serving
from tests.sites import PAGE, RULES, ask, request, service

HALVES = [PAGE[:50], PAGE[50:]]
PACKED = gzip.compress(PAGE, mtime=0)


def fixed(headers, body=None, status="200 OK"):
    """An app that answers with this list of headers and items."""

    def app(_, start_response):
        start_response(status, list(headers))
        return [PAGE] if body is None else list(body)

    return app


def yielding(headers, body):
    """As :func:`fixed`, but a generator."""

    def app(_, start_response):
        start_response("200 OK", list(headers))
        yield from body

    return app


def writing(_, start_response):
    write = start_response("200 OK", [HTML])
    write(b"")
    write(PAGE[:20])
    return [PAGE[20:], b""]


def mending(_, start_response):
    start_response("200 OK", [HTML])
    try:
        raise KeyError
    except KeyError:
        start_response("500 Oops", [HTML], sys.exc_info())
    return [PAGE]


def as_file(environ, start_response):
    start_response("200 OK", [HTML, LENGTH])
    return environ.get("wsgi.file_wrapper", FileWrapper)(io.BytesIO(PAGE), 7)


def echo(environ, start_response):
    """The page with the request's body in it."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [HTML])
    return [PAGE.replace(b"Text", body or b"none")]


def stated(name, *values):
    return fixed([HTML, *((name, value) for value in values)])


APPS = {
    "empty items": fixed([HTML], [b"", *HALVES, b""]),
    "empty items and a length": fixed([HTML, LENGTH], [b"", *HALVES, b""]),
    "many items": fixed([HTML], [PAGE[at : at + 1] for at in range(len(PAGE))]),
    "no item": fixed([HTML], []),
    "one empty item": fixed([HTML], [b""]),
    "nothing yielded": yielding([HTML], []),
    "nothing yielded, length zero": yielding([HTML, ("Content-Length", "0")], []),
    "an empty item first": yielding([HTML, LENGTH], [b"", PAGE]),
    "upper case": fixed([("CONTENT-TYPE", "TEXT/HTML;CHARSET=UTF-8"), ("CONTENT-LENGTH", str(len(PAGE)))]),
    "lower case": fixed([("content-type", "text/html"), ("content-length", str(len(PAGE)))]),
    "headers twice": fixed([HTML, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Link", "</a>"), ("Link", "</b>")]),
    "odd parameters": fixed([("Content-Type", 'text/html ; charset="utf-8"; x=y;; boundary=z')]),
    "unknown charset": fixed([("Content-Type", "text/html; charset=nonsense-9")]),
    "no type": fixed([]),
    "an empty type": fixed([("Content-Type", "")]),
    "two types, the last plain": fixed([("Content-Type", "text/html"), ("Content-Type", "text/plain")]),
    "two types, the last HTML": fixed([("Content-Type", "text/plain"), ("Content-Type", "text/html")]),
    "packed twice": fixed([HTML, ("Content-Encoding", "gzip, gzip")], [gzip.compress(PACKED, mtime=0)]),
    "identity": stated("Content-Encoding", "identity"),
    "an empty coding": stated("Content-Encoding", ""),
    "not packed": stated("Content-Encoding", "gzip"),
    "truncated": fixed([HTML, ("Content-Encoding", "gzip")], [PACKED[:-9]]),
    "an unquoted tag": stated("ETag", "x"),
    "our other headers": fixed([HTML, ("Notices-Key", "abcdef01"), ("Notices-Debug", "x")]),
    "done elsewhere": stated("Notices-Variant", "abcdef01"),
    "vary by all": stated("Vary", "*"),
    "odd vary": stated("Vary", ", ,Accept,,", "Cookie"),
    "odd cache control": stated("Cache-Control", ',, public ,max-age = "60", foo="a,b", ,=,x'),
    "numbers out of bounds": stated("Cache-Control", "max-age=-1, s-maxage=99999999999999999999"),
    "no date": stated("Expires", "Thu, 99 Foo"),
    "latin": stated("X-Name", "caf\xe9"),
    "a redirect": fixed([("Location", "/x"), HTML], status="302 Found"),
    "an unknown status": fixed([HTML], status="299 Odd One Out"),
    "no reason": fixed([HTML], status="200 "),
    "too short": fixed([HTML, ("Content-Length", "500")]),
    "too long": fixed([HTML, ("Content-Length", "20")]),
    "an odd length": fixed([HTML, ("Content-Length", f" 0{len(PAGE)} ")]),
    "written": writing,
    "mended": mending,
    "a file": as_file,
    "an echo": echo,
}
#: No page, no body, or no coding that is what it says.
LEFT_ALONE = {
    "no item", "one empty item", "nothing yielded", "nothing yielded, length zero", "no type", "an empty type",
    "two types, the last plain", "packed twice", "not packed", "truncated", "done elsewhere", "a redirect",
}  # fmt: skip
CLIENTS = {
    "1.1": b"GET / HTTP/1.1\r\n%s\r\n",
    "1.0": b"GET / HTTP/1.0\r\n%s\r\n",
    "head": b"HEAD / HTTP/1.1\r\n%s\r\n",
    "any type": b'GET / HTTP/1.1\r\n%sAccept: */*\r\nRange: bytes=0-4\r\nIf-None-Match: "q", W/"z"\r\n\r\n',
    "chunks": b"POST / HTTP/1.1\r\n%sTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n",
    "pipelined": b"GET / HTTP/1.1\r\nHost: courier.example\r\nAccept: text/html\r\n\r\nGET / HTTP/1.1\r\n%s\r\n",
}
FIELDS = b"Host: courier.example\r\nX-Country: RU\r\nConnection: close\r\n"
PAGES = b"Accept: text/html\r\n"


class Either:
    """The app of the moment, on one side of the comparison or the other."""

    def __init__(self):
        self.app = None

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)


@contextmanager
def listening(app):
    server = waitress.server.create_server(app, host="127.0.0.1", port=0, threads=2)
    with serving(server.run, lambda: server.trigger.pull_trigger(server.close)):
        yield server.effective_port
    server.task_dispatcher.shutdown()


@pytest.fixture(scope="module")
def sides(tmp_path_factory):
    """The same app bare, behind us where nothing is shown, and behind us where a notice is; asked in raw bytes."""
    site, folder = Either(), tmp_path_factory.mktemp("odd")
    for name in ("quiet", "loud"):
        (folder / name).mkdir()
    elsewhere = RULES.replace("{except: {tags: [harmless]}}", "{paths: ['/war/**']}")
    quiet = NoticesMiddleware(site, service(folder / "quiet", elsewhere))
    loud = NoticesMiddleware(site, service(folder / "loud"))
    with listening(site) as bare, listening(quiet) as nothing, listening(loud) as shown:
        yield site, partial(raw, bare), partial(raw, nothing), partial(raw, shown)


def raw(port, data):
    """All that comes back for *data* until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(data)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def but_for_ours(answer):
    """*answer* without its date, the variant that shows nothing, and that variant in a tag."""
    answer = re.sub(rb"Date: .*\r\n|Notices-Variant: 00000000\r\n", b"", answer)
    return answer.replace(b";n=00000000", b"")


@pytest.mark.parametrize("name", APPS)
def test_where_nothing_is_shown_not_a_byte_differs(sides, name):
    """Heads, bodies, chunks and mistakes are the app's, for every kind of client."""
    site, bare, quiet, _ = sides
    site.app = APPS[name]
    for form in CLIENTS.values():
        asked = form % (FIELDS + (b"" if b"*/*" in form else PAGES))
        assert but_for_ours(quiet(asked)) == but_for_ours(bare(asked)), asked


class Stream(io.BytesIO):
    """Raw bytes as the parser of the standard library wants them."""

    def makefile(self, *_):
        return self


def parsed(answer):
    """Status, headers and what came of the body."""
    response = http.client.HTTPResponse(Stream(answer))
    response.begin()
    try:
        body = response.read()
    except http.client.IncompleteRead as short:
        body = short.partial
    return response.status, response.headers, body


@pytest.mark.parametrize("name", sorted(APPS.keys() - {"truncated", "too long"}))
def test_where_a_notice_is_shown_the_rest_is_the_same(sides, name):
    """The status, the body without the notice, and every header that does not speak of bytes or caches."""
    site, bare, _, loud = sides
    site.app = APPS[name]
    for version in (b"1.1", b"1.0"):
        asked = CLIENTS["1.1"].replace(b"HTTP/1.1", b"HTTP/" + version) % (FIELDS + PAGES)
        (status, headers, body), (was, heard, page) = parsed(loud(asked)), parsed(bare(asked))
        start, _, end = body.partition(b"<aside")
        assert (status, start + end.partition(b"</aside>")[2] if end else body) == (was, page)
        assert body.count(b"<aside") == (name not in LEFT_ALONE)
        ours = {"content-length", "transfer-encoding", "cache-control", "etag", "notices-variant", "date"}
        rest, known = ([(k, v) for k, v in each.items() if k.lower() not in ours] for each in (headers, heard))
        assert sorted(rest) == sorted(known)
        length = headers["Content-Length"]
        assert length is None or not end or int(length) == len(body)


def test_a_length_that_is_a_number_costs_nothing(tmp_path):
    """Werkzeug's server takes one, against PEP 3333; so do we, for pages and for files."""
    for media, count in (("text/html", 1), ("text/plain", 0)):
        app = fixed([("Content-Type", media), ("Content-Length", len(PAGE))])
        server = make_server("127.0.0.1", 0, NoticesMiddleware(app, service(tmp_path)))
        with serving(server.serve_forever, server.shutdown):
            status, headers, body = parsed(raw(server.server_port, CLIENTS["1.1"] % (FIELDS + PAGES)))
        server.server_close()
        assert (status, body.count(b"<aside")) == (200, count)
        assert headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("cut", [None, 16], ids=["whole", "in pieces"])
def test_an_environ_that_is_used_again_gets_its_notice_again(tmp_path, cut):
    """A server or a framework that asks twice with one environ, after a redirect within say, gets two whole answers."""

    def app(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [PAGE] if cut is None else (PAGE[at : at + cut] for at in range(0, len(PAGE), cut))

    middleware, environ = NoticesMiddleware(app, service(tmp_path)), request()
    bodies = [ask(middleware, environ).body for _ in range(3)]
    assert bodies[0].count(b"<aside") == 1
    assert len(set(bodies)) == 1
