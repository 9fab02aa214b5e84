"""No address of a reader is left anywhere: not in logs, files, metrics, answers or memory, whatever goes wrong."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest

from notices.preview import Preview, sign_preview
from tests import planted
from tests.canaries import NEEDLES, PEERS, SPELLINGS, V4, V6, found_in, veiled
from tests.endpoint import RULES, wait_for, write_rules
from tests.frontends import NGINX, nginx
from tests.sites import rule

pytest.importorskip("gunicorn", reason="gunicorn is a development dependency")

TREE = Path(__file__).parent.parent
SECRET = "a secret of the newsroom"
WITHHELD = rule(
    "sealed", kind="withhold", action="withhold", text=None, where="[world]", unsure="hide", pages="{tags: [sealed]}"
)
SITE_RULES = RULES + WITHHELD
#: Headers by which servers, proxies and networks tell where a request comes from.
CARRIERS = (
    "X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "Fastly-Client-IP",
    "CloudFront-Viewer-Address", "X-Client-IP", "X-Cluster-Client-IP", "X-Azure-ClientIP", "X-NF-Client-Connection-IP",
    "X-AppEngine-User-IP", "CF-IPCountry", "CF-Region-Code", "X-Akamai-Edgescape", "X-NF-Geo", "Via", "Referer",
    "User-Agent", "Accept-Language", "Accept", "Accept-Encoding", "If-None-Match", "Origin", "Sec-GPC", "Cookie",
)  # fmt: skip
PATHS = (
    "/page", "/policy", "/decided", "/withheld", "/broken", "/nowhere", "/notices/lookup", "/notices/key",
    "/notices/lookup?explain=1&region=UA", "/notices/rules", "/notices/health", "/notices/metrics",
    "/notices/openapi.json", "/notices/nothing",
)  # fmt: skip


class Server:
    """gunicorn with one worker over the site of canaries; asks from any loopback address."""

    def __init__(self, process, ports, folder):
        self.process, self.ports, self.folder = process, ports, folder

    def ask(self, path, *, method="GET", peer="127.0.0.1", family=0, body=None, **headers):
        """Status and all that came, head included, as text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[family], timeout=30, source_address=(peer, 0))
        try:
            connection.request(method, path, body, {"Accept": "text/html", "Connection": "close"} | headers)
            answer = connection.getresponse()
            return answer.status, f"{answer.headers}\n{answer.read().decode('latin-1')}"
        finally:
            connection.close()

    def raw(self, text, peer):
        """Send *text* as it is; what comes back."""
        with socket.create_connection(("127.0.0.1", self.ports[0]), timeout=30, source_address=(peer, 0)) as connection:
            connection.sendall(text)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def written(self):
        """Every file that the run has written -> its content; what is in a folder of the site."""
        return {path.relative_to(self.folder): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}


@contextmanager
def serving(folder, *arguments, cwd=None, **more):
    write_rules(folder / "rules", SITE_RULES)
    (folder / "counts").mkdir()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("NOTICES_")},
        "NOTICES_RULES": str(folder / "rules"), "NOTICES_STATE": str(folder / "state"), "NOTICES_RELOAD": "100ms",
        "NOTICES_TRUSTED_PROXIES": "127.0.0.1/32,127.66.0.0/16", "NOTICES_GEO_HEADER": "cloudflare",
        "NOTICES_PREVIEW": SECRET, "NOTICES_LOCATION": "header,database",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "counts"), "CANARY_FOLDER": str(folder), "HOME": str(folder),
        "PYTHONPATH": str(TREE), "PYTHONDONTWRITEBYTECODE": "1", **more,
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--bind", "[::]:0", "--log-level", "debug"]
    command += ["--access-logfile", str(folder / "access.log"), *arguments, "tests.canary_site:app"]
    log = folder / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=cwd or folder, env=environ, stdout=out, stderr=out)
    try:
        wait_for(lambda: process.poll() is not None or (folder / "served").exists(), 60)
        assert process.poll() is None, log.read_text()
        ports = [
            int(port) for port in re.findall(r"http://\S+?:(\d+)[,\s]", log.read_text().partition("Listening at:")[2])
        ]
        yield Server(process, ports[:2], folder)
    finally:
        process.terminate()
        process.wait(30)


def carrying(number):
    """The headers of one request: each carrier holds a spelling, another one in each request."""
    spelt = {name: SPELLINGS[(at + number) % len(SPELLINGS)] for at, name in enumerate(CARRIERS)}
    spelt["Forwarded"] = f'for="{spelt["Forwarded"]}";by=10.0.0.1'
    spelt["X-Akamai-Edgescape"] = f"country_code={V4},region_code={V6}"
    spelt["User-Agent"] = f"Mozilla/5.0 ({spelt['User-Agent']})"
    if number % 3:
        spelt |= {"CF-IPCountry": "RU", "CF-Region-Code": str(V4), "Accept": "text/html", "Accept-Language": "ru"}
    return spelt


def previews():
    token = sign_preview(SECRET, Preview(regions=("RU",), expires=datetime.now(UTC) + timedelta(hours=1)))
    return f"/page?notices-as={token}&ip={V4}", f"/page?notices-as={V4}", f"/page?notices-as={token}x{V4}"


def questions():
    names = ("ip", "region", "language", "url", "tag", "publisher", "at", "page-language", "nonsense", str(V4))
    values = (*SPELLINGS, f"http://{V4}/x", f"http://[{V6}]/", f"/x?from={V4}")
    return [f"/notices/lookup?{name}={quote(value)}&explain=1" for name, value in product(names, values)]


def drive(server):
    """Everything that a reader can ask for, from every peer, with every header; what came back."""
    answers = []
    for number, (path, peer, family) in enumerate(product(PATHS, PEERS, (0, 1))):
        asked = f"{path}{'&' if '?' in path else '?'}from={V4}" if number % 2 and "/notices/" not in path else path
        answers.append(server.ask(asked, peer=peer, family=family, **carrying(number)))
    answers += [server.ask(path, peer=PEERS[number % 3]) for number, path in enumerate((*questions(), *previews()))]
    batch = json.dumps({"questions": [{"ip": one} for one in SPELLINGS] + [{str(V4): 1}, {"url": f"http://{V4}/"}]})
    for body in (batch, batch[:-1], f'"{V4}"'):
        answers.append(
            server.ask(
                "/notices/lookup", method="POST", body=body, peer=PEERS[0], **{"Content-Type": "application/json"}
            )
        )
    return answers


def fail_everywhere(server):
    """The same with every step of the middleware failing; what came back."""
    answers = []
    for name in planted.PLACES:
        assert server.ask(f"/plant/{quote(name)}", method="POST", body="")[0] == 204
        for path in ("/page", "/notices/lookup", f"/notices/lookup?ip={V4}", "/policy"):
            answers.append(server.ask(path, peer=PEERS[0], **carrying(1)))
    server.ask("/plant/none", method="POST", body="")
    return answers


def reload_rules(server):
    """A broken edit, and a good one."""
    write_rules(server.folder / "rules", "rules: [")
    wait_for(lambda: server.ask("/notices/health", peer=PEERS[0])[0] == 503)
    write_rules(server.folder / "rules", SITE_RULES.replace("Sharing this may be punished.", "Another text."))
    wait_for(lambda: "Another text." in server.ask("/notices/lookup?region=RU", peer=PEERS[1])[1])


def malformed(server):
    """Heads that the server refuses itself, and an error that reaches it."""
    for head in (
        f"GET /?ip={V4} HTTP/9.9\r\n\r\n", f"GET /?ip={V4}\r\n\r\n", f"GET / HTTP/1.1\r\nBad name {V4}: {V4}\r\n\r\n",
        f"G{V4}/{V4} / HTTP/1.1\r\n\r\n", f"GET / HTTP/1.1\r\nX: {'x' * 9000}\r\n\r\n",
    ):  # fmt: skip
        server.raw(head.encode(), PEERS[0])
    return server.ask(f"/escapes?ip={V4}", peer=PEERS[2], **carrying(0))


def test_nothing_that_is_written_answered_or_kept_holds_an_address(tmp_path):
    """After pages, look-ups, errors of every kind and reloads, with debug logs, no reader can be found again."""
    with serving(tmp_path, "--config", str(TREE / "gunicorn.conf.py")) as server:
        answers = [*drive(server), *fail_everywhere(server)]
        reload_rules(server)
        malformed(server)
        answers += drive(server)
        memory = json.loads(server.ask("/memory", method="POST", body=veiled())[1].partition("\n\n")[2])
        dialled = json.loads(server.ask("/dialled")[1].partition("\n\n")[2])
    statuses = {status for status, _ in answers}
    assert statuses == {200, 204, 400, 404, 451, 500}
    assert [text for _, text in answers if found_in(text) or "192.0.2.77" in text] == []
    assert not any("set-cookie" in text.partition("\n\n")[0].lower() for _, text in answers)
    written = server.written()
    assert {str(path) for path in written} >= {"server.log", "access.log"}
    assert any(path.match("state/*/journal.jsonl") for path in written)
    assert any(path.match("counts/*.db") for path in written)
    assert {str(path): found_in(content) for path, content in written.items() if found_in(content)} == {}
    assert b"192.0.2.77" not in b"".join(written.values())
    log = written[Path("server.log")].decode()
    assert "DEBUG" in log.upper()
    assert "Traceback" in log
    assert "Planted at tests.planted" in log
    assert "Invalid request" in log
    assert "/escapes" in log
    assert memory == []
    assert dialled == []


def test_what_would_leak_is_found(tmp_path):
    """The search is no formality: gunicorn's own logs, a careless cache and a connection are all found by it."""
    with serving(tmp_path) as server:
        server.ask(f"/page?ip={V6}", peer=PEERS[0])
        malformed(server)
        server.ask("/keep", **{"X-Forwarded-For": f"{V4}"})
        memory = json.loads(server.ask("/memory", method="POST", body=veiled())[1].partition("\n\n")[2])
        server.ask("/forget")
        forgotten = json.loads(server.ask("/memory", method="POST", body=veiled())[1].partition("\n\n")[2])
        server.ask("/dial")
        dialled = json.loads(server.ask("/dialled")[1].partition("\n\n")[2])
    written = server.written()
    assert {PEERS[0], str(V6)} <= set(found_in(written[Path("access.log")]))
    assert {PEERS[0], str(V4)} <= set(found_in(written[Path("server.log")]))
    assert [name for name in memory if "kept" in name]
    assert [name for name in memory if "SplitResult" in name], "gunicorn forgets by itself: post_request can go"
    assert not [name for name in forgotten if "kept" in name]
    assert "socket.connect" in dialled


@pytest.mark.parametrize("needle", NEEDLES)
def test_every_spelling_is_looked_for(needle):
    """Each spelling is found in a line of a log, percent-encoded and in capitals too."""
    assert needle in found_in(f"GET /x?ip={needle} 200")
    assert needle in found_in(f"GET /x?ip={quote(needle)} 200".encode())
    assert needle in found_in(needle.upper())


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_the_documented_nginx_writes_no_address(tmp_path):
    """The configuration of the documents logs path and status, and neither reader nor query, errors included."""
    (tmp_path / "site").mkdir()
    site = serving(tmp_path / "site", "--config", str(TREE / "gunicorn.conf.py"))
    with site as behind, nginx(tmp_path, behind.ports[0]) as port:
        server = Server(None, (port, port), tmp_path)
        for path in ("/page", *previews(), f"/notices/lookup?ip={V4}"):
            assert server.ask(path, peer=PEERS[0], **carrying(1))[0] == 200
        malformed(server)
        behind.process.terminate()
        behind.process.wait(30)
        assert server.ask(f"/page?ip={V4}", peer=PEERS[1])[0] in (502, 504)
    written = server.written()
    assert b'"GET /notices/lookup" 200' in written[Path("access.log")]
    assert {str(path): found_in(content) for path, content in written.items() if found_in(content)} == {}
