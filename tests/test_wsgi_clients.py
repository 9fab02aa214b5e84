"""What clients of a larger site see over gunicorn, waitress and wsgiref: codings, conditions, frameworks, new rules."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import itertools
import time
import zlib

import pytest

from tests.servers import SERVERS, Client
from tests.shelf import FLOOD, LONG, OF_BYTES, OTHERS, PACKED, shelf
from tests.sites import PAGE, RULES

IDS = itertools.count()
FRAMEWORKS = ["/flask/page", "/flask/file", "/flask/stream", "/inside/page", "/inside/file", "/django/page"]
FRAMEWORKS += ["/django/stream", "/outside/flask/page", "/outside/flask/file"]


@contextlib.contextmanager
def served(kind, folder):
    (folder / "site.yaml").write_text(RULES, "utf-8")
    with SERVERS[kind](folder, shelf) as port:
        yield Client(port, folder)


@pytest.fixture(scope="module", params=sorted(SERVERS))
def client(request, tmp_path_factory):
    with served(request.param, tmp_path_factory.mktemp(request.param)) as made:
        yield made


def without_notice(page):
    start, _, end = page.partition(b"<aside")
    return start + end.partition(b"</aside>")[2]


def counted(client, outcome):
    """How many pages had this outcome, by the endpoint."""
    text = client.ask("/notices/metrics", accept="text/plain")[2].decode()
    found = [line for line in text.splitlines() if line.startswith(f'notices_pages_total{{outcome="{outcome}"}}')]
    return int(float(found[0].rpartition(" ")[2])) if found else 0


def unpacked(headers, body):
    window = {"gzip": 31, "deflate": 15, None: None}[headers["Content-Encoding"]]
    return body if window is None else zlib.decompress(body, window)


@pytest.mark.parametrize("region", ["RU", "DE"])
@pytest.mark.parametrize("path", ["/page", "/pieces", "/written", "/late", "/broken", "/page/file", "/file", *PACKED])
def test_every_body_is_closed_once(client, path, region):
    """However the app answers, whoever asks, for GET, HEAD and a 304."""
    path = f"/{path.lstrip('/')}"
    tag = client.ask(path, region=region)[1]["ETag"]
    for method, held in (("GET", None), ("HEAD", None), ("GET", tag)):
        name = f"close-{next(IDS)}"
        status, *_ = client.ask(f"{path}?{name}", method=method, region=region, If_None_Match=held)
        assert status == (304 if held else 500 if path == "/broken" else 200)
        deadline = time.monotonic() + 10
        closes = []
        while name not in closes and time.monotonic() < deadline:
            closes = (client.folder / "closes").read_text().split()
        assert closes.count(name) == 1


@pytest.mark.parametrize(
    ("path", "window", "page"),
    [("deflate", 15, LONG), ("bare", -15, LONG), ("flood", 31, FLOOD), ("members", None, LONG)],
)
def test_packed_pages(client, path, window, page):
    """Deflate in both its forms, members, and what unpacks to a thousand times its size."""
    _, headers, body = client.ask(f"/{path}")
    assert headers["Content-Encoding"] == PACKED[path][0]
    plain = gzip.decompress(body) if window is None else zlib.decompress(body, window)
    assert plain.count(b"<aside") == 1
    assert without_notice(plain) == page
    assert client.ask(f"/{path}", region="DE")[2] == b"".join(PACKED[path][1])


def test_a_truncated_page_stays_truncated(client):
    """Its notice arrives, and a client sees that the end is missing."""
    judge = zlib.decompressobj(31)
    plain = judge.decompress(client.ask("/truncated")[2])
    assert not judge.eof
    assert plain.count(b"<aside") == 1
    assert LONG.startswith(without_notice(plain)[:1000])


@pytest.mark.parametrize("path", ["brotli", "zstandard"])
def test_other_codings_pass_and_are_counted(client, path):
    """The bytes are the app's, and the tag says that they hold no notice."""
    before = counted(client, "coding")
    _, headers, body = client.ask(f"/{path}")
    assert (body, headers["ETag"], headers["Notices-Variant"]) == (PACKED[path][1][0], '"x;n=00000000"', "00000000")
    assert counted(client, "coding") == before + 1


@pytest.mark.parametrize(
    ("path", "outcome"),
    [("attachment", "attachment"), ("fragment", "fragment"), ("json", "not-html"), ("signed", "signed")],
)
def test_left_alone(client, path, outcome):
    """What is no page passes, each for a reason that is counted."""
    before = counted(client, outcome)
    _, headers, body = client.ask(f"/{path}")
    assert body == OTHERS[path][1]
    assert counted(client, outcome) == before + 1
    if path != "fragment":
        assert headers["ETag"] == '"x"'
        assert headers["Notices-Variant"] is None


def test_pages_in_frames_get_none(client):
    """The page around it speaks; and no cache gives the bare page to whoever asks for the page itself."""
    before = counted(client, "frame")
    _, headers, body = client.ask(Sec_Fetch_Dest="iframe")
    assert body == PAGE
    assert (headers["ETag"], headers["Notices-Variant"]) == ('"x;n=00000000"', "00000000")
    assert "Sec-Fetch-Dest" in headers["Vary"]
    assert counted(client, "frame") == before + 1


def test_heads_speak_of_the_bytes_that_are_sent(client):
    """Sums and ranges of the app's bytes go where these change, and only there; no-transform binds proxies, not us."""
    for region, shown in (("RU", 1), ("DE", 0)):
        _, headers, body = client.ask("/summed", region=region)
        assert body.count(b"<aside") == shown
        assert [headers[name] for name in OF_BYTES] == [None if shown else "x"] * len(OF_BYTES)
        assert "no-transform" in headers["Cache-Control"]


def test_weak_tags_stay_weak(client):
    """With the variant in them, and earn their 304."""
    _, headers, _ = client.ask("/weak")
    assert headers["ETag"] == f'W/"x;n={headers["Notices-Variant"]}"'
    assert client.ask("/weak", If_None_Match=headers["ETag"])[0] == 304
    assert client.ask("/weak", If_None_Match='W/"x"')[0] == 200


def test_star_and_if_match_are_the_apps(client):
    """``*`` reaches it as it is, and If-Match in the app's own words."""
    assert client.ask("/conditional", If_None_Match="*")[0] == 304
    tag = client.ask("/conditional")[1]["ETag"]
    assert client.ask("/conditional", If_Match=f'{tag}, W/"other"')[1]["X-If-Match"] == '"x", W/"other"'


def test_late_heads(client):
    """A generator that calls start_response with its first item is a page like any other, its 304 counted too."""
    _, headers, body = client.ask("/late")
    assert without_notice(body) == PAGE
    assert body.count(b"<aside") == 1
    before = counted(client, "not-modified")
    assert client.ask("/late", If_None_Match=headers["ETag"])[0::2] == (304, b"")
    assert counted(client, "not-modified") == before + 1


def test_answers_on_one_connection_stay_apart(client):
    """Changed and unchanged pages, HEAD, 304 and the endpoint, one after the other: each ends where the next begins."""
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=30)
    fields = {"Accept": "text/html", "Host": "courier.example"}
    tag = client.ask()[1]["ETag"]
    steps = [("GET", "/page", 200, 1), ("HEAD", "/page", 200, 0), ("GET", "/pieces", 200, 1), ("HEAD", "/late", 200, 0)]
    steps += [("GET", "/page", 304, 0), ("GET", "/written", 200, 1), ("GET", "/notices/key", 204, 0)]
    with contextlib.closing(connection):
        for method, path, status, shown in steps + steps:
            held = {"If-None-Match": tag} if status == 304 else {}
            connection.request(method, path, headers=fields | {"X-Country": "RU"} | held)
            answer = connection.getresponse()
            body = answer.read()
            assert (answer.status, body.count(b"<aside")) == (status, shown)
            assert (without_notice(body) if shown else body) == (PAGE if shown else b"")


def test_nested_middlewares(client):
    """One notice, and one suffix on the tag."""
    _, headers, body = client.ask("/nested/page")
    assert body.count(b"<aside") == 1
    assert headers["ETag"] == f'"x;n={headers["Notices-Variant"]}"'
    assert client.ask("/nested/page", region="DE")[2] == PAGE


@pytest.mark.parametrize("accepted", ["identity", "gzip", "gzip, deflate, br, zstd"])
@pytest.mark.parametrize("path", FRAMEWORKS)
def test_frameworks(client, path, accepted):
    """Mounted Flask and Django sites, files, streams, and compressors on either side."""
    if path.startswith("/outside/"):
        # What a compressor around us packs it with is its own affair; this one would take zstd.
        accepted = accepted.replace(", deflate, br, zstd", "")
    for region, shown in (("RU", 1), ("DE", 0)):
        _, headers, body = client.ask(path, region=region, Accept_Encoding=accepted)
        page = unpacked(headers, body)
        assert page.count(b"<aside") == shown
        assert (without_notice(page) if shown else page).replace(b"<!--/stream-->", b"") == LONG
        if (tag := headers["ETag"]) is not None:
            other = "DE" if region == "RU" else "RU"
            asked = {"Accept_Encoding": accepted, "If_None_Match": tag}
            assert client.ask(path, region=region, **asked)[0] == 304
            assert client.ask(path, region=other, **asked)[0] == 200


@pytest.mark.parametrize("kind", sorted(SERVERS))
def test_no_304_outlives_a_rule_or_a_notice(kind, tmp_path):
    """A changed text, and then the notice's end, bring a whole page to whoever holds the old one."""
    with served(kind, tmp_path) as client:
        first = client.ask()[1]["ETag"]
        assert client.ask(If_None_Match=first)[0] == 304
        ending = RULES.replace("an offence", "a crime").replace("text:", "when: {until: 2026-11-30}\n    text:")
        (tmp_path / "rules" / "site.yaml").write_text(ending, "utf-8")
        deadline = time.monotonic() + 20
        while (answer := client.ask(If_None_Match=first))[0] == 304 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert answer[0] == 200
        assert b"a crime" in answer[2]
        second = answer[1]["ETag"]
        assert client.ask(If_None_Match=f"{first}, {second}")[0] == 304
        (tmp_path / "now").write_text("2026-12-02T12:00:00+00:00")
        status, headers, body = client.ask(If_None_Match=f"{first}, {second}")
        assert (status, body) == (200, PAGE)
        assert client.ask(If_None_Match=headers["ETag"])[0] == 304
