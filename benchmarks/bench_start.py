"""What does a worker's start cost beside bare Flask, in processor time and in private memory?

Run: ``python -m benchmarks bench_start``. Start: fresh processes in turns that import Flask and make an application,
bare or with the project's sample rules, in milliseconds of processor time; the median of the rounds of the difference.
"First" starts have no ``STATE`` and read every rule; the others are those of a worker that another one has gone before.
The package's bytecode is on the disk, as after an installation.

Memory: the private memory of each of two gunicorn workers, bare or with the City database of ``maxminddb-geolite2``
where that is installed, after 400 pages, in MiB: USS (from ``smaps``), and the whole copy of the database where no
other process has the same one, although the kernel counts of it only what was touched. Prints a table, then one line
of JSON.
"""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.serving import HEADERS, ROOT, cost, random_addresses, serving, workplace, write_rules

ROUNDS, PAGES = 9, 400
_MAPPING = re.compile(r"(?P<start>[0-9a-f]+)-(?P<end>[0-9a-f]+) \S+ \S+ \S+ (?P<inode>\d+)")
BARE = "from flask import Flask\napp = Flask('courier')\n"
#: The embedded database and, for the machine that serves it, a City database.
NOTICED = (
    BARE
    + """
from notices import Notices
app.config.update(NOTICES_RULES="rules", NOTICES_STATE={state!r})
if {geoip!r}:
    app.config["NOTICES_GEOIP"] = [{geoip!r}]
Notices(app)
"""
)


def started(code: str, bytecode: str) -> float:
    """Milliseconds of processor time of a fresh process that runs *code*."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def measure_start(geoip: str, folder: Path):
    state = str(folder / "state-of-starts")
    variants = {
        "bare Flask": BARE,
        "sample rules": NOTICED.format(geoip="", state=state),
        "City": NOTICED.format(geoip=geoip, state=state),
        "sample rules, first": NOTICED.format(geoip="", state=None),
        "City, first": NOTICED.format(geoip=geoip, state=None),
    }
    took = {name: [] for name in variants}
    for _ in range(ROUNDS + 1):  # the first round writes bytecode and state
        for name, code in variants.items():
            took[name].append(started(code, str(folder / "bytecode")))
    rows = []
    for name, figures in took.items():
        extra = statistics.median(one - bare for one, bare in zip(figures[1:], took["bare Flask"][1:], strict=True))
        rows.append({"what": f"start, {name}", "figure": statistics.median(figures[1:]), "beyond": extra, "unit": "ms"})
    return rows


def memory_of(pid: int) -> tuple[float, dict[str, float]]:
    """KiB of private memory without copies of databases, and the size of each copy by its inode."""
    private, copies, copy = 0.0, {}, False
    for line in Path(f"/proc/{pid}/smaps").read_text("utf-8", "replace").splitlines():
        if match := _MAPPING.match(line):
            copy = "memfd:notices-geo" in line
            if copy:
                copies[match["inode"]] = (int(match["end"], 16) - int(match["start"], 16)) / 1024
        elif line.startswith("Private_") and not copy:
            private += int(line.split()[1])
    return private, copies


def private_mib(pids: list[int]) -> float:
    """MiB that one of several processes has for itself, on average."""
    found = [memory_of(pid) for pid in pids]
    held = [inode for _, copies in found for inode in copies]
    own = sum(size for _, copies in found for inode, size in copies.items() if held.count(inode) == 1)
    return (sum(private for private, _ in found) + own) / len(pids) / 1024


def after_pages(variant: str, *arguments: str, **environment: str) -> float:
    """MiB of a worker of two that have served pages."""
    requests = [HEADERS.format(path="/constant", address=one).encode() for one in random_addresses(PAGES)]
    with serving(variant, *arguments, workers=2, **environment) as server:
        cost(server, requests)
        return private_mib(server.pids)


def measure_memory(environment: dict[str, str], rules: str, state: str):
    rows = []
    starts = {
        "alone, first": ((), {}),
        "alone": ((), {"SITE_STATE": state}),
        "--preload": (("--preload",), {"SITE_STATE": state}),
    }
    after_pages("noticed", SITE_RULES=rules, SITE_STATE=state, **environment)
    for title, (arguments, more) in starts.items():
        bare = after_pages("bare", *arguments, SITE_RULES=rules, **environment)
        ours = after_pages("noticed", *arguments, SITE_RULES=rules, **environment, **more)
        rows.append({"what": f"USS, bare Flask, {title}", "figure": bare, "beyond": 0.0, "unit": "MiB"})
        rows.append({"what": f"USS, notices, {title}", "figure": ours, "beyond": ours - bare, "unit": "MiB"})
    return rows


def main() -> None:
    with workplace() as (folder, environment):
        rules = str(write_rules(folder / "rules"))
        rows = measure_start(environment["SITE_GEOIP"], folder)
        rows += measure_memory(environment, rules, str(folder / "state"))
    print(f"{'what':<32}{'figure':>10}{'beyond bare':>14}")
    for row in rows:
        print(f"{row['what']:<32}{row['figure']:>10.1f}{row['beyond']:>14.1f} {row['unit']}")
    print(json.dumps({"benchmark": "start", "results": rows}))


if __name__ == "__main__":
    main()
