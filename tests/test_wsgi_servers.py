"""What clients see over real servers: gunicorn, waitress, and wsgiref with its validator on both sides."""

from __future__ import annotations

import gzip

import pytest

from tests.servers import END, FILE, SERVERS, START, Client, wait_for
from tests.sites import PAGE


@pytest.fixture(scope="module", params=sorted(SERVERS))
def client(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with SERVERS[request.param](folder) as port:
        made = Client(port, folder)
        made.name = request.param
        yield made


@pytest.fixture(autouse=True)
def fresh_signals(client):
    for name in ("seen", "closed"):
        (client.folder / name).unlink(missing_ok=True)


def without_notice(page):
    start, _, end = page.partition(b"<aside")
    return start + end.partition(b"</aside>")[2]


@pytest.mark.parametrize("path", ["/page", "/pieces", "/written", "/page/file", "/missing", "/broken"])
def test_every_way_of_answering(client, path):
    """The notice stands once, and nothing else is changed, lost or cut."""
    status, headers, body = client.ask(path)
    assert status == {"/missing": 404, "/broken": 500}.get(path, 200)
    assert body.count(b"<aside") == 1
    assert without_notice(body) == PAGE
    assert headers["Notices-Variant"] != "00000000"
    _, headers, body = client.ask(path, region="DE")
    assert body == PAGE
    assert headers["Notices-Variant"] == "00000000"


@pytest.mark.parametrize(("path", "stated"), [("/page", True), ("/pieces", False), ("/page/file", False)])
def test_lengths(client, path, stated):
    """Exact where the body is whole in hand, absent where it is not."""
    _, headers, body = client.ask(path)
    assert headers["Content-Length"] == (str(len(body)) if stated else None)
    assert client.ask(path, region="DE")[1]["Content-Length"] == str(len(PAGE))


def test_head(client):
    """GET's head without a length; what a server adds to an empty body is its own."""
    got, head = client.ask("/page"), client.ask("/page", method="HEAD")
    assert (head[0], head[2]) == (200, b"")
    assert head[1]["Content-Length"] in (None, "0")
    for name in ("ETag", "Notices-Variant", "Cache-Control", "Last-Modified", "Content-Type", "Accept-Ranges"):
        assert head[1][name] == got[1][name]


@pytest.mark.parametrize("region", ["RU", "DE"])
def test_304_and_whole_pages(client, region):
    """By the final tag alone; the app's own tag, a date and a range bring the whole page."""
    _, headers, whole = client.ask(region=region)
    tag, other = headers["ETag"], client.ask(region="DE" if region == "RU" else "RU")[1]["ETag"]
    for held in (tag, f"W/{tag}", f'"a", {tag}'):
        status, headers, body = client.ask(region=region, If_None_Match=held)
        assert (status, headers["ETag"], body) == (304, tag, b"")
    since = "Mon, 01 Jan 2024 00:00:00 GMT"
    ranges = {"Range": "bytes=0-4"}
    stale = ({"If_None_Match": '"x"'}, {"If_None_Match": other}, {"If_Modified_Since": since}, ranges)
    for conditions in (*stale, {**ranges, "If_Range": tag}):
        assert client.ask(region=region, **conditions)[0::2] == (200, whole)


def test_ranges_and_conditions_of_others(client):
    """Who does not ask for a page gets what the app gives."""
    assert client.ask(accept="*/*", Range="bytes=0-4")[0::2] == (206, PAGE[:5])
    assert client.ask(accept="*/*", If_None_Match='"x"')[0] == 304


def test_if_match_with_our_suffix(client):
    """Who holds our tag is heard by the app under its own."""
    tag = client.ask()[1]["ETag"]
    assert client.ask(If_Match=tag)[0] == 200


def test_packed_pages(client):
    """Unpacked by the client, the page has its notice."""
    _, headers, body = client.ask("/packed", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Length"] == str(len(body))
    assert without_notice(gzip.decompress(body)) == PAGE


def test_files_pass(client):
    """The server sends a file its own way."""
    _, headers, body = client.ask("/file")
    assert body == FILE
    assert headers["Notices-Variant"] is None


def test_flushes_are_seen_by_the_client(client):
    """What the app gives arrives before the app goes on, notice included."""
    with client.open("/live") as connection:
        seen = b""
        while not seen.rstrip().endswith(b"</p>"):
            data = connection.recv(65536)
            assert data, seen
            seen += data
        assert b"<aside" in seen
        assert START.partition(b"<body>")[2] in seen
        (client.folder / "seen").touch()
        rest = b"".join(iter(lambda: connection.recv(65536), b""))
    assert END in rest
    assert b"<aside" not in rest
    assert (client.folder / "closed").read_text() == "closed\n"


def test_a_client_that_goes_away(client):
    """The app's body is closed, once, and the server goes on."""
    with client.open("/endless") as connection:
        assert connection.recv(100)
    wait_for(client.folder / "closed")
    assert client.ask()[0] == 200
    assert (client.folder / "closed").read_text() == "closed\n"


def test_http_1_0(client):
    """Without chunks and without keep-alive the page is whole at the end of the connection."""
    for path in ("/page", "/pieces"):
        answer = client.raw(f"GET {path} HTTP/1.0\r\nX-Country: RU\r\nAccept: text/html\r\n\r\n".encode())
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"200 OK" in head
        assert b"Transfer-Encoding" not in head
        assert without_notice(body) == PAGE
