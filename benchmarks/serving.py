"""gunicorn with one worker for the serving benchmarks: start it, ask it, read what its worker spent.

Processor time is read from the kernel's own account of each thread (``schedstat``, in nanoseconds; user and system
together), since ``utime`` and ``stime`` count in steps of 10 ms.
"""

from __future__ import annotations

import http.client
import importlib.util
import ipaddress
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bench_check import HEAD, make_rule
from notices.geo.address import is_public
from notices.geo.database import embedded_database_path
from tests.pages import page

ROOT = Path(__file__).parent.parent
#: The notice of every page of the benchmarks: the same for everybody, at the sample rules' place.
SHOWN = """\
  everywhere:
    title: Everywhere
    kind: reader-safety
    status: active
    where: [{where}]
    show: {{at: [{at}], level: warning, languages: [page, en]}}
{features}\
    text:
      en: >-
        Readers of {{publisher}}: if you are in this country, **sharing this page** can be punished. Reading is no
        offence, and nobody can see from outside what you read here, but a comment has your name on it.
      ru: "Читателям {{publisher}}: если вы в этой стране, **за репост** могут наказать."
    link: {{href: "https://courier.example/safety", label: {{en: Find out more, ru: Подробнее}}}}
    law: ["Act of 23 May 2015"]
    owner: desk
    review-by: 2099-02-01
"""
FEATURES = "    features: {share: hide, comment: warn}\n"
HEADERS = (
    "GET {path} HTTP/1.1\r\nHost: courier.example\r\nX-Forwarded-For: {address}\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-GB,en;q=0.7,ru;q=0.3\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n"
    "Sec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nConnection: close\r\n\r\n"
)


def city_database() -> Path:
    """The full-size City database where ``maxminddb-geolite2`` is installed, else the embedded country database."""
    spec = importlib.util.find_spec("_maxminddb_geolite2")
    if spec is None or not spec.submodule_search_locations:
        print("maxminddb-geolite2 is not installed: measured with the embedded country database", file=sys.stderr)
        return embedded_database_path()
    return Path(spec.submodule_search_locations[0]) / "GeoLite2-City.mmdb"


def write_rules(folder: Path, *, at: str = "after-article", where: str = "world", features: bool = False) -> Path:
    """A folder of 100 rules like a newsroom's, and the one that is shown where *where* says."""
    chance = random.Random(100)
    folder.mkdir()
    rules = "".join(make_rule(number, 100, chance) for number in range(99))
    shown = SHOWN.format(where=where, at=at, features=FEATURES if features else "")
    (folder / "rules.yaml").write_text(HEAD + rules + shown, "utf-8")
    return folder


def write_page(path: Path, size: int = 180_000) -> Path:
    path.write_text(page(4, least=size, most=size), "utf-8")
    return path


def random_addresses(count: int, seed: int = 20261123) -> list[str]:
    """Public IPv4 addresses, evenly spread."""
    chance = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        address = ipaddress.IPv4Address(chance.getrandbits(32))
        if is_public(address):
            found.append(str(address))
    return found


class Server:
    """One gunicorn; ``pids`` are its workers', and ``pid`` is the one of a single worker."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, workers: int = 1) -> None:
        self.process, self.port = process, port
        self.pids = _children(process.pid, workers)
        self.pid = self.pids[0]

    def ask(self, request: bytes) -> bytes:
        """The whole answer to one request on a connection of its own, as gunicorn's default worker wants it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(request)
            pieces = []
            while piece := connection.recv(1 << 18):
                pieces.append(piece)
        return b"".join(pieces)

    def get(self, path: str, address: str = "46.4.0.1") -> bytes:
        return self.ask(HEADERS.format(path=path, address=address).encode())

    def spent(self) -> float:
        """Seconds of processor time of the worker so far."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def _children(pid: int, count: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    for _ in range(600):
        found = children.read_text().split()
        if len(found) == count:
            return [int(one) for one in found]
        time.sleep(0.05)
    raise RuntimeError("gunicorn has not the workers that were asked for")


@contextmanager
def serving(variant: str, *arguments: str, workers: int = 1, **environment: str):
    """gunicorn over ``benchmarks.site`` as *variant*, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        str(workers),
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
    ]
    command += ["error", *arguments, "benchmarks.site:make()"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "SITE": variant, **environment})
    try:
        _wait(process, port)
        yield Server(process, port, workers)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("gunicorn has ended")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/constant")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError("gunicorn does not answer")


def cost(server: Server, requests: list[bytes]) -> float:
    """Microseconds of the worker's processor time a request."""
    before = server.spent()
    for request in requests:
        server.ask(request)
    return (server.spent() - before) / len(requests) * 1e6


@contextmanager
def workplace():
    """A folder for rules, pages and answers, and the environment that says so."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield (
            folder,
            {
                "SITE_PAGE": str(write_page(folder / "page.html")),
                "SITE_GEOIP": str(city_database()),
                "SITE_ANSWER": str(folder / "answer.json"),
            },
        )
