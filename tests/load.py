"""A site at full speed while rules, databases and workers change under it; run as a process.

``python -m tests.load [SECONDS]`` prints one JSON object with the figures of three phases: steady (two thirds of the
time, one worker, to see what it holds), and two storms, in which workers are killed and recycled, by each
``ON_FAILURE``.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from tests.databases import write_database
from tests.load_site import PAGE, edition

TREE = Path(__file__).parent.parent
#: Readers by address: in Russia, in Germany, and in a place that each database puts elsewhere.
RUSSIAN, GERMAN, MOVING = "5.1.1.1", "5.2.2.2", "5.3.3.3"
PATHS = ("/whole", "/whole", "/pieces", "/packed", "/slow")
#: Minutes that the later half of a phase must last to be judged, and the part of its memory that a worker may gain from
#: the first third of that to the last.
LONG_ENOUGH, MOST_GROWN = 5, 0.02


def replace(path, content):
    path.with_suffix(".new").write_text(content)
    path.with_suffix(".new").replace(path)


class Readers:
    """Readers that ask without a pause and judge what they get by the page alone."""

    def __init__(self, port):
        self.port, self.stop = port, threading.Event()
        self.counts, self.wrong, self.lock = Counter(), [], threading.Lock()

    def run(self, seed):
        chance = random.Random(seed)
        connection = None
        while not self.stop.is_set():
            path, reader = chance.choice(PATHS), chance.choice((RUSSIAN, RUSSIAN, GERMAN, MOVING))
            connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                connection.request("GET", path, headers={"Accept": "text/html", "X-Forwarded-For": reader})
                answer = connection.getresponse()
                what = self.judge(reader, answer, answer.read())
            except (OSError, http.client.HTTPException):
                connection.close()
                connection, what = None, "cut off"
            with self.lock:
                self.counts[what] += 1

    def judge(self, reader, answer, body):
        stated = answer.headers["Content-Length"]
        wrong = stated is not None and int(stated) != len(body)
        page = gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
        notices = page.count(b"<aside")
        start, _, rest = page.partition(b"<aside")
        whole = page if not notices else start + rest.partition(b"</aside>")[2]
        expected = {RUSSIAN: (1,), GERMAN: (0,), MOVING: (0, 1)}[reader]
        warned = notices == 0 or re.search(rb"Edition \d+ warns\.", page)
        if answer.status != 200 or wrong or whole != PAGE or notices not in expected or not warned:
            self.wrong.append([reader, answer.status, stated, len(body), notices])
            return "wrong"
        return "with a notice" if notices else "without"


def children(pid):
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def held_by(pid):
    """Resident kibibytes and open files of a process; None when it has ended."""
    try:
        resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024
        return resident, len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return None


@contextlib.contextmanager
def serving(folder, on_failure, *arguments, filled=False):
    replace(folder / "rules" / "site.yaml", edition(0))
    environ = {**os.environ, "PYTHONPATH": str(TREE), "HOME": str(folder)}
    environ |= {"LOAD_ON_FAILURE": on_failure, "LOAD_FILLED": "filled" if filled else ""}
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--threads", "4", *arguments]
    log = folder / f"{on_failure}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "tests.load_site:application()"], cwd=folder, env=environ, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + 60
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        while not answers(int(found[1])):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
        yield process, int(found[1])
    finally:
        process.terminate()
        process.wait(40)


def answers(port):
    """Whether a worker is there; the listening socket comes before it, and a reader would wait."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/whole")
        return connection.getresponse().status == 200
    return False


def churn(folder, process, databases, number, kill):
    """One second's changes: an edition of the rules, a database, and perhaps a worker that dies."""
    replace(folder / "rules" / "site.yaml", edition(number))
    new = folder / "new.mmdb"
    new.write_bytes(databases[number % 2])
    new.replace(folder / "place.mmdb")
    workers = children(process.pid)
    if kill and workers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(workers), signal.SIGKILL)
            return 1
    return 0


def phase(folder, databases, seconds, on_failure, *arguments, kill=False):
    """The figures of one phase."""
    judgeable = not kill and seconds >= LONG_ENOUGH * 2 * 60
    with serving(folder, on_failure, *arguments, filled=judgeable) as (process, port):
        readers = Readers(port)
        threads = [threading.Thread(target=readers.run, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        end, number, kills, samples, workers = time.monotonic() + seconds, 0, 0, [], set()
        while time.monotonic() < end and process.poll() is None:
            number += 1
            kills += churn(folder, process, databases, number, kill and number % 4 == 2)
            time.sleep(1)
            workers.update(children(process.pid))
            samples += [held_by(worker) for worker in children(process.pid)[:1]]
        readers.stop.set()
        for thread in threads:
            thread.join()
        alive = process.poll() is None
    figures = {"up": alive, "seconds": seconds, "editions": number, "kills": kills, "workers": len(workers)}
    figures |= dict(readers.counts) | {"wrong": readers.wrong[:5]}
    if not kill:
        figures |= held([sample for sample in samples if sample])
    return figures


def held(samples):
    """What one worker holds: memory at the end, its slope over the later half, open files, and whether they are level.

    The slope is that of a line by least squares. Growth is told in three ways that can differ: a line is drawn askew by
    one heap that the allocator fetches at once, a difference of medians is not.
    """
    later = samples[len(samples) // 2 :]
    memory, files = [one for one, _ in later], [count for _, count in later]
    minutes, third = len(later) / 60, max(len(later) // 3, 1)
    grown = statistics.median(memory[-third:]) - statistics.median(memory[:third])
    more = statistics.median(files[-third:]) - statistics.median(files[:third])
    return {
        "mebibytes": round(memory[-1] / 1024, 1),
        "later minutes": round(minutes, 1),
        "kib a minute": round(slope(memory) * 60),
        "kib grown": round(grown),
        "memory": judged(minutes, grown, MOST_GROWN * memory[-1]),
        "files": [min(files), max(files)],
        "open files": judged(minutes, more, 0),
    }


def slope(values):
    """By how much one value is more than the one before, by least squares."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    spread = sum((at - middle) ** 2 for at in range(len(values))) or 1
    return sum((at - middle) * (value - mean) for at, value in enumerate(values)) / spread


def judged(minutes, grown, most):
    """The verdict on what has *grown* over the later half: a short one cannot be told from warming up."""
    if minutes < LONG_ENOUGH:
        return "too short to tell"
    return "level" if grown <= most else "rising"


def main(seconds="1800"):
    storm = int(seconds) / 6
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))  # so that the servers end too
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "rules").mkdir()
        networks = {"5.1.0.0/16": "RU", "5.2.0.0/16": "DE"}
        databases = [
            write_database(
                folder / code,
                {net: {"country": {"iso_code": held}} for net, held in {**networks, "5.3.0.0/16": code}.items()},
            ).read_bytes()
            for code in ("RU", "DE")
        ]
        (folder / "place.mmdb").write_bytes(databases[0])
        recycling = ("--workers", "3", "--max-requests", "300", "--max-requests-jitter", "100")
        told = {
            "steady": phase(folder, databases, storm * 4, "last-good"),
            "storm, last-good": phase(folder, databases, storm, "last-good", *recycling, kill=True),
            "storm, refuse": phase(folder, databases, storm, "refuse", "--preload", *recycling, kill=True),
        }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
