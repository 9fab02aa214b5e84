"""Bodies on their way through the middleware: streaming, closing, the old write(), late and second heads (PEP 3333)."""

from __future__ import annotations

import contextlib
import io
import sys
from wsgiref.util import FileWrapper

import pytest

from notices.wsgi import NoticesMiddleware
from tests.sites import PAGE, App, ask, checked, counts, request, service, wrapped

HTML = [("Content-Type", "text/html; charset=utf-8")]


class Server:
    """A server's side of PEP 3333: takes the head, sends it with the first bytes that are not empty."""

    def __init__(self):
        self.head = None
        self.sent = b""
        self.items = []

    def start_response(self, status, headers, exc_info=None):
        if exc_info is not None and self.sent:
            raise exc_info[1]
        assert self.head is None or exc_info is not None
        self.head = (status, headers)
        return self.take

    def take(self, data):
        assert self.head is not None
        self.items.append(data)
        self.sent += data

    def header(self, name):
        return dict(self.head[1]).get(name)


@pytest.fixture
def site(tmp_path):
    """Wraps an app without validators, so that objects can be compared."""
    made = service(tmp_path)
    return lambda app: NoticesMiddleware(app, made)


def pieces(size=20):
    return [PAGE[at : at + size] for at in range(0, len(PAGE), size)]


def test_one_item_in_one_item_out(site):
    """No block is delayed behind another: each of the app's has its counterpart, empty where bytes must be held."""
    source = iter(pieces())
    taken = []
    app = App(taken.append(1) or piece for piece in source)
    server = Server()
    result = site(app)(request(), server.start_response)
    assert server.head is not None
    assert not taken
    out = []
    for number, item in enumerate(result, 1):
        out.append(item)
        assert len(taken) == min(number, len(pieces()))
    assert out[0] == b"<!DOCTYPE html>"
    assert b"".join(out).count(b"<aside") == 1


def test_after_the_last_place_items_pass_as_they_are(site):
    """Nothing is copied once there is nothing to do."""
    chunks = [PAGE, b"more " * 100, b"and more"]
    out = list(site(App(iter(chunks)))(request(), Server().start_response))
    assert out[1] is chunks[1]
    assert out[2] is chunks[2]


@pytest.mark.parametrize("region", ["RU", "DE"])
def test_a_one_item_list_stays_one(site, region):
    """Servers know its length from that."""
    result = site(App())(request(region=region), Server().start_response)
    assert isinstance(result, list)
    assert len(result) == 1


@pytest.mark.parametrize(
    ("app", "region"),
    [
        pytest.param(App(iter([b"GIF"]), content_type="image/gif"), "RU", id="a picture"),
        pytest.param(App(iter([PAGE])), "DE", id="a page that shows nothing"),
        pytest.param(App(iter([PAGE]), facts={"skip": True}), "RU", id="a page left alone"),
    ],
)
def test_what_does_not_change_stays_the_same_object(app, region, site):
    """The server may know the app's object, and do better with it than we could."""
    given = []
    inner = app.__call__

    def noting(environ, start_response):
        given.append(inner(environ, start_response))
        return given[0]

    assert site(noting)(request(region=region), Server().start_response) is given[0]


def test_file_wrappers_stay_what_they_are(site):
    """A server sends files its own way; only a page with a notice is read."""
    wrappers = []

    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", environ["test.type"]), ("Content-Length", str(len(PAGE)))])
        wrappers.append(FileWrapper(io.BytesIO(PAGE), 30))
        return wrappers[-1]

    middleware = site(app)
    assert middleware({**request(), "test.type": "video/mp4"}, Server().start_response) is wrappers[0]
    answer = ask(middleware, {**request(), "test.type": "text/html"})
    assert answer.body.count(b"<aside") == 1
    assert wrappers[1].filelike.closed


class Indexed:
    """An iterable of the old kind, such as gunicorn's file wrapper: no ``__iter__``."""

    def __init__(self, items):
        self.items = items

    def __getitem__(self, number):
        return self.items[number]


def test_iterables_of_the_old_kind(site):
    """The sequence protocol is enough."""
    answer = ask(site(lambda environ, start: start("200 OK", HTML) and Indexed(pieces())))
    assert answer.body.count(b"<aside") == 1


@pytest.mark.parametrize("region", ["RU", "DE"])
@pytest.mark.parametrize("read", [0, 1, 3, None], ids=["never started", "left at once", "left in the middle", "whole"])
def test_the_apps_iterable_is_closed_once(site, region, read):
    """Whatever the client does, and however often the server closes."""
    app = App(iter(pieces()))
    result = site(app)(request(region=region), Server().start_response)
    for number, _ in enumerate(result):
        if read is not None and number + 1 >= read:
            break
    assert app.closed == 0
    result.close()
    assert app.closed == 1
    if region == "RU":
        result.close()
        assert app.closed == 1
        assert list(result) == []


def test_a_304_closes_what_the_app_had_begun(site):
    """The app's body is not wanted any more, but it must be closed."""
    app = App(iter(pieces()), headers=[("ETag", '"x"')])
    middleware = site(app)
    tag = ask(middleware)["ETag"]
    app.body, app.closed = iter(pieces()), 0
    result = middleware(request(if_none_match=tag), Server().start_response)
    assert list(result) == []
    result.close()
    result.close()
    assert app.closed == 1


def test_an_error_in_close_is_the_apps(site):
    """As without us, the server hears of it, once."""

    class Faulty(list):
        closed = 0

        def close(self):
            self.closed += 1
            raise OSError("full")

    body = Faulty(pieces())
    result = site(lambda environ, start: start("200 OK", HTML) and body)(request(), Server().start_response)
    assert b"".join(result).count(b"<aside") == 1
    with pytest.raises(OSError, match="full"):
        result.close()
    result.close()
    assert body.closed == 1


def test_an_error_before_the_first_item_closes_and_is_the_apps(site):
    """A body that says how long it is is begun early; what it raises is raised, and it is closed."""

    def broken():
        raise RuntimeError("template")
        yield b""

    app = App(broken(), headers=[("Content-Length", "5")])
    with pytest.raises(RuntimeError, match="template"):
        site(app)(request(), Server().start_response)
    assert app.closed == 1


def test_an_error_in_the_middle_is_the_apps(site):
    """What came before has gone out; the server decides what to do."""

    def broken():
        yield PAGE
        raise RuntimeError("database")

    result = site(App(broken()))(request(), Server().start_response)
    assert b"<aside" in next(result)
    with pytest.raises(RuntimeError, match="database"):
        next(result)


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


def test_a_client_that_goes_away_is_counted_by_what_it_saw(tmp_path):
    """A notice that had gone out counts, one that had not does not."""
    middleware = NoticesMiddleware(App(iter(pieces())), service(tmp_path))
    result = middleware(request(), Server().start_response)
    next(result)
    result.close()
    assert counts(middleware, "notices_pages") == {}
    middleware.app = App(iter(pieces()))
    result = middleware(request(), Server().start_response)
    while b"<aside" not in next(result):
        pass
    result.close()
    assert counts(middleware, "notices_pages") == {"shown": 1}
    assert counts(middleware, "notices_shown") == {"ru-warning": 1}


@pytest.mark.parametrize("failure", ["in the app", "in the body"])
def test_a_second_try_with_the_same_environ_is_seen_to_again(site, failure):
    """A middleware around us may ask twice; the answer that it takes has its notice."""
    tries = []

    def app(environ, start_response):
        tries.append(dict(environ))
        if len(tries) == 1 and failure == "in the app":
            raise RuntimeError("database")
        environ.setdefault("notices.page", {})["surface"] = "article"
        start_response("200 OK", HTML)
        return broken() if len(tries) == 1 else [PAGE]

    def broken():
        yield PAGE
        raise RuntimeError("database")

    middleware = site(app)

    def twice(environ, start_response):
        heads = []
        with contextlib.suppress(RuntimeError):
            result = middleware(environ, lambda *head: heads.append(head))
            try:
                list(result)
            finally:
                result.close()
        return middleware(environ, start_response)

    answer = ask(twice)
    assert answer.body.count(b"<aside") == 1
    assert len(tries) == 2
    assert counts(middleware, "notices_failures") == {}
