"""What ends with a request, and with a replaced file, goes at once: no circle waits for the garbage collector.

A circle around a request would keep its reader's address, and the rules and databases that it was answered by: a
database is a mapping and an open file.
"""

from __future__ import annotations

import contextlib
import gc
import gzip
import weakref

import pytest

from notices.wsgi import NoticesMiddleware
from tests.databases import write_database
from tests.sites import PAGE, RULES, ask, request, rule, service

UNSURE = "{coarse: show, contested: show, unknown: hide, anonymous: hide}"
WITHHELD = RULES + rule("order", kind="withhold", action="withhold", unsure=UNSURE)


class Canary:
    """Stands in the environ, as long as that is there."""


@contextlib.contextmanager
def no_collector():
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def left_after(application, *, items=None, **parts):
    """Whether anything still holds the environ of a request after its response, of which *items* were read."""
    canary = Canary()
    known = weakref.ref(canary)
    environ = request(**parts) | {"canary": canary}
    result = application(environ, lambda *_: lambda _data: None)
    if items is None:
        list(result)
    else:
        list(zip(range(items), result, strict=False))
    if hasattr(result, "close"):
        result.close()
    del canary, environ, result
    return known() is not None


def answering(body=PAGE, *, status="200 OK", content_type="text/html", headers=(), cut=None):
    """An app that keeps nothing of its requests."""
    head = [*([("Content-Type", content_type)] if content_type else []), *headers]

    def app(environ, start_response):
        start_response(status, list(head))
        return [body] if cut is None else (body[at : at + cut] for at in range(0, len(body), cut))

    return app


def writing(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html")])(PAGE)
    return []


def asking(environ, start_response):
    environ["notices.page"] = {"tags": ["harmless"]}
    assert not environ["notices.current"]().notices
    start_response("200 OK", [("Content-Type", "text/html")])
    return [PAGE]


APPS = {
    "a whole page": answering(headers=[("Content-Length", str(len(PAGE)))]),
    "a page in pieces": answering(cut=16),
    "a packed page": answering(gzip.compress(PAGE), headers=[("Content-Encoding", "gzip")]),
    "a page that is written": writing,
    "a page that asks": asking,
    "a picture": answering(b"GIF89a", content_type="image/gif"),
    "a fragment": answering(b"<p>part</p>"),
    "an error page": answering(status="404 Not Found"),
    "no answer": answering(b"", status="304 Not Modified", content_type=None),
    "a malformed length": answering(headers=[("Content-Length", "many")]),
}
PARTS = {"GET": {}, "HEAD": {"method": "HEAD"}, "POST": {"method": "POST"}, "Germany": {"region": "DE"}}


@pytest.mark.parametrize("parts", PARTS.values(), ids=PARTS.keys())
@pytest.mark.parametrize("app", APPS.values(), ids=APPS.keys())
def test_a_response_that_is_over_leaves_nothing_of_its_request(tmp_path, app, parts):
    """The environ, and the address in it, go with the last reference that the server and the app hold."""
    made = NoticesMiddleware(app, service(tmp_path))
    ask(made)  # what is remembered is remembered now
    with no_collector():
        assert not left_after(made, **parts)


SETTINGS = {"report": {"mode": "report"}, "off": {"mode": "off"}, "previews": {"preview": "a secret of some length"}}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS.keys())
def test_no_setting_makes_a_request_stay(tmp_path, settings):
    """Where pages are only reported on, left alone or previewed, it is the same."""
    made = NoticesMiddleware(answering(), service(tmp_path, **settings))
    with no_collector():
        assert not left_after(made, query="notices-as=forged")


def test_a_withheld_page_leaves_nothing(tmp_path):
    """An answer of our own in the place of the app's."""
    made = NoticesMiddleware(answering(), service(tmp_path, WITHHELD))
    with no_collector():
        assert not left_after(made)


def test_a_reader_who_goes_away_leaves_nothing(tmp_path):
    """The server closes the body before its end."""
    made = NoticesMiddleware(answering(cut=16), service(tmp_path))
    with no_collector():
        assert not left_after(made, items=2)


def test_one_middleware_within_another_leaves_nothing(tmp_path):
    """The outer one only reports, the inner one shows: each puts something of its own into the environ."""
    inner = NoticesMiddleware(answering(), service(tmp_path))
    outer = NoticesMiddleware(inner, service(tmp_path, mode="report"))
    with no_collector():
        assert not left_after(outer)


@pytest.mark.parametrize("path", ["/notices/lookup", "/notices/key", "/notices/health", "/notices/lookup?ip=bad"])
def test_the_endpoint_leaves_nothing(tmp_path, path):
    """Answers and problems of the endpoint."""
    path, _, query = path.partition("?")
    made = NoticesMiddleware(answering(), service(tmp_path))
    ask(made, path=path)
    with no_collector():
        assert not left_after(made, path=path, query=query)


def test_a_failing_app_leaves_nothing_but_its_error(tmp_path):
    """The app's exception is the server's; when that is told, the request is gone."""

    def failing(environ, start_response):
        raise LookupError("the app's own")

    made = NoticesMiddleware(failing, service(tmp_path))
    canary = Canary()
    known = weakref.ref(canary)
    with no_collector():
        environ = request() | {"canary": canary}
        with contextlib.suppress(LookupError):
            made(environ, lambda *_: None)
        del environ, canary
        assert known() is None


def test_what_the_app_asks_for_late_is_what_its_page_was_made_by(tmp_path):
    """After the response, ``notices.current`` still gives its decision, though the environ is let go."""
    kept = {}

    def app(environ, start_response):
        kept["current"] = environ["notices.current"]
        environ["notices.page"] = {"tags": ["harmless"]}
        start_response("200 OK", [("Content-Type", "text/html")])
        return [PAGE]

    made = NoticesMiddleware(app, service(tmp_path))
    assert ask(made).body == PAGE
    assert kept["current"]().notices == ()


def test_what_an_app_stated_before_it_failed_still_counts(tmp_path):
    """An error page that asks for the decision gets it by the facts of the page that failed."""
    kept = {}

    def app(environ, start_response):
        kept["current"] = environ["notices.current"]
        environ["notices.page"] = {"tags": ["harmless"]}
        raise LookupError("the app's own")

    made = NoticesMiddleware(app, service(tmp_path))
    with pytest.raises(LookupError):
        ask(made)
    assert kept["current"]().notices == ()


def database_at(path, country):
    return write_database(path, {"5.1.0.0/16": {"country": {"iso_code": country}}})


def test_a_replaced_database_goes_with_its_last_request(tmp_path):
    """Its mapping and its open file are closed as soon as nobody is answered by it any more."""
    path = database_at(tmp_path / "place.mmdb", "RU")
    made = NoticesMiddleware(answering(), service(tmp_path, geoip=path))
    ask(made, region=None, x_forwarded_for="5.1.1.1")
    with no_collector():
        old = weakref.ref(made.service.databases[0].database)
        database_at(tmp_path / "new.mmdb", "DE").replace(path)
        made.service.look()
        made.service.look()
        ask(made, region=None, x_forwarded_for="5.1.1.1")
        assert old() is None


def test_a_refused_edit_leaves_nothing_but_what_is_told(tmp_path):
    """Neither a broken rules file nor a broken database stays in memory by the traceback of its refusal."""
    path = database_at(tmp_path / "place.mmdb", "RU")
    made = service(tmp_path, geoip=path)
    with no_collector():
        (tmp_path / "rules" / "site.yaml").write_text("rules: [")
        (tmp_path / "new.mmdb").write_bytes(path.read_bytes()[:-40])
        (tmp_path / "new.mmdb").replace(path)
        made.look()
        made.look()
        refused = [one for one in gc.get_objects() if type(one).__name__ in ("RulesetError", "DatabaseError")]
        assert refused == []
    assert made.rules.failure is not None
    assert made.databases[0].failure is not None
