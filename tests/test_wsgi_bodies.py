"""Bodies on their way through the middleware: streaming, closing, the old write(), late and second heads (PEP 3333)."""

from __future__ import annotations

import contextlib
import io
from wsgiref.util import FileWrapper

import pytest

from notices.wsgi import NoticesMiddleware
from tests.sites import PAGE, App, Server, ask, counts, request, service

HTML = [("Content-Type", "text/html; charset=utf-8")]


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
