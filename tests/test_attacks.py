"""What strangers send to the endpoint and in preview links: answered as documented, or refused, and never more."""

from __future__ import annotations

import socket
from datetime import timedelta
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from notices.api import Api
from notices.preview import Preview, sign_preview
from notices.wsgi import NoticesMiddleware
from tests.endpoint import Client, service_for, write_rules
from tests.servers import SERVERS
from tests.servers import Client as RealClient
from tests.sites import NOON, PAGE, App, ask, request
from tests.sites import service as site_service

SECRET = "a secret of the newsroom"
CONFORMANCE = [
    *(status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance),
    not_a_server_error,
]
OPERATIONS = 7


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    return service_for(write_rules(tmp_path_factory.mktemp("attacks") / "rules"))


@pytest.fixture(scope="module")
def operations(endpoint):
    """Every operation that our own document describes, as schemathesis reads it."""
    schema = schemathesis.openapi.from_wsgi("/notices/openapi.json", Api(endpoint))
    found = [operation.ok() for operation in schema.get_all_operations()]
    assert len(found) == OPERATIONS
    return found


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_answer_to_a_generated_request_is_documented(operations, data):
    """schemathesis makes requests from our document: no 5xx, no status, type, header or body that it does not name."""
    operation = data.draw(st.sampled_from(operations))
    mode = data.draw(st.sampled_from(list(schemathesis.GenerationMode)))
    case = data.draw(operation.as_strategy(generation_mode=mode))
    answer = case.call()
    assert answer.status_code < 500
    case.validate_response(answer, checks=CONFORMANCE)


REDIRECTING = (
    "//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)",
    "\r\nSet-Cookie: a=b", "%0d%0aX: y", "<script>alert(1)</script>", "\u0130", "\x00",
)  # fmt: skip


def link(secret=SECRET, **facts):
    return sign_preview(secret, Preview(expires=NOON + timedelta(hours=1), **{"regions": ("RU",), **facts}))


@pytest.fixture
def previewed(tmp_path):
    """A site with previews, whose clock can be set."""
    present = [NOON]
    site = NoticesMiddleware(App(), site_service(tmp_path, preview=SECRET, clock=lambda: present[0]))
    site.present = present
    return site


@pytest.mark.parametrize("evil", REDIRECTING)
def test_no_preview_leads_elsewhere(previewed, evil):
    """Whatever a link holds beside or instead of its token, it makes no redirect, no header and no text of the page."""
    for query in (
        f"notices-as={quote(evil)}",
        f"notices-as={link(regions=(evil,))}",
        f"notices-as={link()}{quote(evil)}",
    ):
        answer = ask(previewed, request(region="DE", query=query))
        assert answer.status == 200
        assert {name.lower() for name, _ in answer.headers} & {"location", "refresh", "set-cookie", "x"} == set()
        assert not any("\r" in value or "\n" in value for _, value in answer.headers)
        assert b"evil" not in answer.body
        assert b"alert" not in answer.body


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(lambda: link("another secret"), id="another secret"),
        pytest.param(lambda: link(""), id="the empty secret"),
        pytest.param(lambda: link().rpartition(".")[0], id="no signature"),
        pytest.param(lambda: link().rpartition(".")[0] + ".", id="an empty signature"),
        pytest.param(
            lambda: link(regions=("DE",)).rpartition(".")[0] + "." + link().rpartition(".")[2], id="another's"
        ),
        pytest.param(lambda: "." + link(), id="a compressed payload that is none"),
        pytest.param(lambda: link() + "." + link(), id="two tokens"),
        pytest.param(lambda: link().swapcase(), id="the other case"),
    ],
)
def test_a_forged_link_shows_the_page_as_ever(previewed, forged):
    """Who has no secret makes no link, of whatever parts of good ones."""
    answer = ask(previewed, request(region="DE", query=f"notices-as={forged()}"))
    assert answer.body == PAGE
    assert answer["Notices-Debug"] is None


def test_a_link_may_be_followed_again_until_it_expires_and_not_after(previewed):
    """A link is for a newsroom to hand round: it holds until its hour, for whoever has it, and is dead then."""
    query = f"notices-as={link()}"
    for minutes, shown in ((0, True), (59, True), (60, False), (61, False)):
        previewed.present[0] = NOON + timedelta(minutes=minutes)
        assert (b"<aside" in ask(previewed, request(region="DE", query=query)).body) is shown


texts = st.one_of(
    st.sampled_from(
        ["77.88.8.8", "::ffff:1.2.3.4", "RU", "\ud800", "\r\nSet-Cookie: a=b", "2026-11-22T12:00:00Z", "0x7f.1"]
    ),
    st.text(max_size=60),
    st.text("0123456789abcdef:.%-+TZ[]\r\n\0", max_size=60),
)


@settings(deadline=None, max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "HTTP_X_FORWARDED_FOR",
                "HTTP_FORWARDED",
                "HTTP_ACCEPT_LANGUAGE",
                "HTTP_ACCEPT",
                "HTTP_HOST",
                "HTTP_IF_NONE_MATCH",
                "HTTP_ACCEPT_ENCODING",
                "HTTP_SEC_GPC",
                "REMOTE_ADDR",
                "QUERY_STRING",
                "PATH_INFO",
                "CONTENT_TYPE",
                "HTTP_ORIGIN",
                "HTTP_IF_MATCH",
                "HTTP_NOTICES_PAGE",
            ]
        ),
        texts.map(lambda text: text.encode("utf-8", "replace").decode("latin-1")),
        max_size=6,
    )
)
@example({"HTTP_HOST": "evil\r\nX: y", "QUERY_STRING": "notices-as=\r\n"})
@example({"HTTP_IF_NONE_MATCH": '"\r\nX: y;n=00000000"'})
def test_no_request_splits_a_head_or_fails_a_page(site, environ):
    """Bytes of a request reach no head of ours: no line end, no header that was not there, and the page is whole."""
    made = request(region="DE") | environ
    made["PATH_INFO"] = "/" + made["PATH_INFO"].lstrip("/").replace("notices/", "")
    answer = ask(site, made)
    assert answer.status in (200, 304)
    assert not any("\r" in value or "\n" in value for _, value in answer.headers)
    assert {name.lower() for name, _ in answer.headers} <= HEADERS
    assert answer.status == 304 or answer.body.replace(b" ", b"").endswith(b"</html>")


HEADERS = {"content-type", "notices-variant", "cache-control", "vary", "content-length", "etag"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return NoticesMiddleware(
        App(headers=[("ETag", '"x"')]), site_service(tmp_path_factory.mktemp("heads"), cors=["https://a.example"])
    )


DEEP = [
    pytest.param(b"[" * 500_000 + b"]" * 500_000, id="lists in lists"),
    pytest.param(b'{"questions":' * 60_000, id="objects without end"),
    pytest.param(b'{"questions": [' + b'{"tag":' * 90_000 + b"]}", id="questions in questions"),
    pytest.param(b'{"questions": [' + b"1," * 300_000 + b"1]}", id="far too many"),
    pytest.param(b'{"questions": [{"tag": ["' + b"x" * 900_000 + b'"]}]}', id="one long text"),
    pytest.param(b'{"questions": [{' + b",".join(b'"t%d": 1' % i for i in range(60_000)) + b"}]}", id="many names"),
    pytest.param(
        b'{"questions": [{"at": "' + b"9" * 100_000 + b'"}, {"ip": "' + b":" * 100_000 + b'"}]}', id="long values"
    ),
    pytest.param(b'{"questions": [{"sec-gpc": ' + b"9" * 100_000 + b"}]}", id="a long number"),
]


@pytest.mark.parametrize("body", DEEP)
def test_deep_and_large_bodies_are_refused_or_answered_one_by_one(endpoint, body):
    """No body makes the endpoint fail, and none is told back."""
    answer = Client(endpoint).post(body)
    assert answer.status in (200, 400, 413)
    assert len(answer.body) < 4_000


SMUGGLED = b"GET /notices/lookup?region=RU HTTP/1.1\r\nHost: courier.example\r\n\r\n"
SHAPES = [
    pytest.param(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, id="CL.TE"),
    pytest.param(b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n\r\n" + SMUGGLED, id="TE.CL"),
    pytest.param(b"Content-Length: 3\r\nContent-Length: 30\r\n\r\nabc" + SMUGGLED, id="two lengths"),
    pytest.param(b"Content-Length: +3\r\n\r\nabc" + SMUGGLED, id="a signed length"),
    pytest.param(b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED, id="no coding"),
    pytest.param(b"Content-Length: 99999999999999999999\r\n\r\n{}", id="a length beyond all"),
]


@pytest.fixture(scope="module", params=["gunicorn", "waitress"])
def real(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with SERVERS[request.param](folder) as port:
        made = RealClient(port, folder)
        made.name = request.param
        yield made


@pytest.mark.parametrize("shape", SHAPES)
def test_heads_that_disagree_about_their_end_smuggle_nothing(real, shape):
    """A real server refuses it or ends the connection, and the next reader gets the right page."""
    head = b"POST /notices/lookup HTTP/1.1\r\nHost: courier.example\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", real.port), timeout=10) as connection:
        connection.sendall(head + shape)
        connection.shutdown(socket.SHUT_WR)
        came = b"".join(iter(lambda: connection.recv(65536), b""))
    assert came.count(b"HTTP/1.") <= 2
    assert b" 500 " not in came
    assert real.ask(region="RU")[2].count(b"<aside") == 1
    assert real.ask(region="DE")[2] == PAGE


def test_a_slow_client_holds_up_nobody_else(real):
    """One who sends half a head and waits leaves the others their pages, as far as the server has threads for it."""
    many = {"waitress": 8, "gunicorn": 1}[real.name]
    slow = [socket.create_connection(("127.0.0.1", real.port), timeout=10) for _ in range(many)]
    try:
        for connection in slow:
            connection.sendall(b"GET /page HTTP/1.1\r\nHost: cour")
        assert real.ask(region="RU")[2].count(b"<aside") == 1
    finally:
        for connection in slow:
            connection.close()


def test_underscores_claim_no_header(real):
    """A header whose name has an underscore for a hyphen is no other spelling of the trusted one."""
    fields = b"Host: courier.example\r\nAccept: text/html\r\nX_Country: RU\r\nConnection: close"
    answer = real.raw(b"GET /page HTTP/1.1\r\n" + fields + b"\r\n\r\n")
    assert b" 200 " not in answer.partition(b"\r\n")[0] or b"<aside" not in answer
