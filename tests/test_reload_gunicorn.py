"""Several workers of a real server take over a good edit, shrug off a bad one, and start with what was good."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.endpoint import MARKED, OTHER_TEXT, RULES, wait_for, write_rules

gunicorn = pytest.importorskip("gunicorn", reason="gunicorn is a development dependency")

APP = """
import logging
import os

from flask import Flask
from notices import Notices

logging.basicConfig(format="%(process)d says %(message)s")
app = Flask("newspaper")
Notices(app)

@app.get("/news")
def news():
    return "<!doctype html><html lang=en><head><title>t</title></head><body><article>Text</article></body></html>"

noticing = app.wsgi_app

def tell_worker(environ, start_response):
    def start(status, headers, *more):
        return start_response(status, [*headers, ("Worker", str(os.getpid()))], *more)
    return noticing(environ, start)

app.wsgi_app = tell_worker
"""
WORKERS = 4


class Server:
    """gunicorn over a site of its own; asks with a new connection each time, so that any worker may answer."""

    def __init__(self, process, port, log):
        self.process, self.port, self._log = process, port, log

    @property
    def log(self):
        return self._log.read_text()

    def get(self, path):
        """Status, body and worker of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Accept": "text/html"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers["Worker"]
        finally:
            connection.close()

    def everywhere(self, path, claim):
        """Whether *claim* holds of the last answers that all workers gave to *path*."""
        last = {}

        def ask_at_once():
            with ThreadPoolExecutor(2 * WORKERS) as pool:
                for status, body, worker in pool.map(self.get, [path] * 2 * WORKERS):
                    last[worker] = claim(status, body)
            return len(last) >= WORKERS

        wait_for(ask_at_once, 120)
        return all(last.values())

    def workers(self):
        """The workers that answer, found by asking."""
        with ThreadPoolExecutor(2 * WORKERS) as pool:
            return {worker for _, _, worker in pool.map(self.get, ["/notices/key"] * 6 * WORKERS)}


LOOKUP = "/notices/lookup?region=RU"
HEALTH = "/notices/health"


def text_is(text):
    """A claim about a look-up: its first notice says *text*."""
    return lambda _, body: json.loads(body)["notices"][0]["text"] == text


def status_is(expected):
    """A claim about any answer: its status."""
    return lambda status, _: status == expected


def _start(tmp_path, *arguments):
    log = tmp_path / "server.log"
    (tmp_path / "newspaper.py").write_text(APP)
    environ = {
        **os.environ,
        "NOTICES_RULES": str(tmp_path / "rules"),
        "NOTICES_RELOAD": "100ms",
        "NOTICES_STATE": str(tmp_path / "state"),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).parent.parent)]),
        "HOME": str(tmp_path),
    }
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--workers", str(WORKERS), *arguments]
    with log.open("w") as out:
        process = subprocess.Popen([*command, "newspaper:app"], cwd=tmp_path, env=environ, stdout=out, stderr=out)
    return process, log


@contextmanager
def serving(tmp_path, *arguments):
    process, log = _start(tmp_path, *arguments)
    try:
        found = wait_for(lambda: process.poll() is not None or re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text()))
        assert process.poll() is None, log.read_text()
        server = Server(process, int(found[1]), log)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture
def folder(tmp_path):
    """A rules folder behind a link, as releases have it."""
    write_rules(tmp_path / "releases" / "one")
    (tmp_path / "rules").symlink_to("releases/one")
    return tmp_path / "rules"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((), id="processes"),
        pytest.param(("--threads", "3"), id="processes with threads"),
        pytest.param(("--preload",), id="forked from a loaded parent"),
    ],
)
def test_every_worker_takes_over_good_edits_and_no_bad_one(tmp_path, folder, arguments):
    """A good edit reaches all workers, a bad one none; a swapped link is an edit; each worker's log tells once."""
    with serving(tmp_path, *arguments) as server:
        assert server.everywhere(LOOKUP, text_is(MARKED))
        assert server.everywhere("/news", lambda _, body: MARKED in body)

        write_rules(folder, OTHER_TEXT)
        wait_for(lambda: server.everywhere(LOOKUP, text_is("Another text.")))

        write_rules(folder, RULES.replace("status: active", "status: aktive"))
        wait_for(lambda: server.everywhere(HEALTH, status_is(503)))
        assert server.everywhere(LOOKUP, text_is("Another text."))
        assert server.everywhere("/news", lambda _, body: "Another text." in body)
        assert sorted(refusals(server).values()) == [1] * WORKERS

        write_rules(tmp_path / "releases" / "two", RULES.replace(MARKED, "A third text."))
        (tmp_path / "next").symlink_to("releases/two")
        (tmp_path / "next").replace(tmp_path / "rules")
        wait_for(lambda: server.everywhere(LOOKUP, text_is("A third text.")))
        assert server.everywhere(HEALTH, status_is(200))
        assert "cannot be kept" not in server.log
        assert "127.0.0.1" not in server.log.replace(f"http://127.0.0.1:{server.port}", "")
    journal = next((tmp_path / "state").glob("*/journal.jsonl")).read_text().splitlines()
    digests = [json.loads(line)["digest"] for line in journal]
    assert len(set(digests)) == 3
    assert digests[0] != digests[-1]
    assert [json.loads(line)["replaced_at"] is None for line in journal] == [False] * (len(journal) - 1) + [True]


def refusals(server):
    """How often each worker's log says that rules are refused, by process."""
    return Counter(re.findall(r"^(\d+) says notices: the rules are refused", server.log, flags=re.MULTILINE))


def test_a_worker_that_is_recycled_while_the_rules_are_broken_serves_the_kept_ones(tmp_path, folder):
    """A typo does not take the site down when the server replaces its workers."""
    with serving(tmp_path) as server:
        assert server.everywhere(LOOKUP, text_is(MARKED))
        write_rules(folder, "rules: [")
        old = server.workers()
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: not server.workers() & old, 120)
        assert server.everywhere(LOOKUP, text_is(MARKED))
        assert server.everywhere(HEALTH, lambda status, body: json.loads(body)["serving_last_good_rules"])
        assert server.everywhere(HEALTH, status_is(503))
        write_rules(folder, OTHER_TEXT)
        wait_for(lambda: server.everywhere(LOOKUP, text_is("Another text.")))
        assert server.everywhere(HEALTH, status_is(200))
