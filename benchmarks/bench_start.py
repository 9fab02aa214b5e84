"""What does a worker's start cost beside bare Flask, in processor time and in private memory?

Run: ``python -m benchmarks bench_start``. Start: fresh processes in turns that import Flask and make an application,
bare or with the project's sample rules, in milliseconds of processor time; the median of the rounds of the difference.
Memory: the private memory (USS, from ``smaps_rollup``) of a gunicorn worker, bare or with the City database of
``maxminddb-geolite2`` where that is installed, after 400 pages, in MiB: each worker starting for itself, and two
workers under ``--preload``. Prints a table, then one line of JSON.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.serving import HEADERS, ROOT, cost, random_addresses, serving, workplace, write_rules

ROUNDS, PAGES = 9, 400
BARE = "from flask import Flask\napp = Flask('courier')\n"
#: The embedded database and, for the machine that serves it, a City database.
NOTICED = (
    BARE
    + """
from notices import Notices
app.config.update(NOTICES_RULES="rules", NOTICES_STATE=None)
if {geoip!r}:
    app.config["NOTICES_GEOIP"] = [{geoip!r}]
Notices(app)
"""
)


def started(code: str) -> float:
    """Milliseconds of processor time of a fresh process that runs *code*."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def measure_start(geoip: str):
    variants = {"bare Flask": BARE, "sample rules": NOTICED.format(geoip=""), "City": NOTICED.format(geoip=geoip)}
    took = {name: [] for name in variants}
    for _ in range(ROUNDS + 1):
        for name, code in variants.items():
            took[name].append(started(code))
    rows = []
    for name, figures in took.items():
        extra = statistics.median(one - bare for one, bare in zip(figures[1:], took["bare Flask"][1:], strict=True))
        rows.append({"what": f"start, {name}", "figure": statistics.median(figures[1:]), "beyond": extra, "unit": "ms"})
    return rows


def private_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def after_pages(variant: str, *arguments: str, **environment: str) -> float:
    """MiB of a worker that has served pages."""
    requests = [HEADERS.format(path="/constant", address=one).encode() for one in random_addresses(PAGES)]
    with serving(variant, *arguments, **environment) as server:
        cost(server, requests)
        return private_mib(server.pid)


def measure_memory(environment: dict[str, str], rules: str):
    rows = []
    for title, arguments in {"alone": (), "--preload": ("--preload",)}.items():
        bare = after_pages("bare", *arguments, SITE_RULES=rules, **environment)
        ours = after_pages("noticed", *arguments, SITE_RULES=rules, **environment)
        rows.append({"what": f"USS, bare Flask, {title}", "figure": bare, "beyond": 0.0, "unit": "MiB"})
        rows.append({"what": f"USS, notices, {title}", "figure": ours, "beyond": ours - bare, "unit": "MiB"})
    return rows


def main() -> None:
    with workplace() as (folder, environment):
        rules = str(write_rules(folder / "rules"))
        rows = measure_start(environment["SITE_GEOIP"]) + measure_memory(environment, rules)
    print(f"{'what':<32}{'figure':>10}{'beyond bare':>14}")
    for row in rows:
        print(f"{row['what']:<32}{row['figure']:>10.1f}{row['beyond']:>14.1f} {row['unit']}")
    print(json.dumps({"benchmark": "start", "results": rows}))


if __name__ == "__main__":
    main()
