"""How long do readers wait while an editor works: pages of one worker, with one file of 100 changing each second?

Run: ``python -m benchmarks bench_reload``. A folder of 100 rules in 100 files, one gunicorn worker, one page of 180 KB
after another; in every other stretch of seconds one file is written anew each second. Milliseconds as a reader sees
them, median over the stretches. Prints a table, then one line of JSON.
"""

from __future__ import annotations

import json
import random
import statistics
import threading
import time

from benchmarks.bench_check import HEAD, make_rule
from benchmarks.serving import SHOWN, random_addresses, serving, workplace

STRETCHES, SECONDS = 5, 4.0


def write_files(folder):
    """A folder of 100 rules, each in a file of its own."""
    folder.mkdir()
    chance = random.Random(100)
    (folder / "defaults.yaml").write_text(HEAD.removesuffix("rules:\n"), "utf-8")
    shown = SHOWN.format(where="world", at="after-article", features="")
    (folder / "everywhere.yaml").write_text(f"rules:\n{shown}", "utf-8")
    for number in range(99):
        (folder / f"rule-{number:02}.yaml").write_text(f"rules:\n{make_rule(number, 100, chance)}", "utf-8")
    return folder


class Editor(threading.Thread):
    """Writes one file anew each second, each time with another priority."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self._file = folder / "rule-07.yaml"
        self._text = self._file.read_text("utf-8")
        self._over = threading.Event()

    def run(self):
        turn = 0
        while not self._over.wait(1.0):
            turn += 1
            # Written beside and swapped in, as editors do; the digest is another each time.
            beside = self._file.with_name(".rule-07.yaml.swp")
            beside.write_text(f"{self._text}# edit {turn} {time.time_ns()}\n", "utf-8")
            beside.replace(self._file)

    def finish(self):
        self._over.set()
        self.join()


def stretch(server, addresses):
    """Milliseconds of each page of one stretch."""
    took, until = [], time.monotonic() + SECONDS
    while time.monotonic() < until:
        begun = time.perf_counter()
        server.get("/constant", addresses[len(took) % len(addresses)])
        took.append((time.perf_counter() - begun) * 1e3)
    return took


def percentile(took, share):
    return sorted(took)[int(len(took) * share)]


def reloads(server) -> int:
    metrics = server.get("/notices/metrics").decode()
    lines = [line for line in metrics.splitlines() if line.startswith("notices_reloads_total") and "live" in line]
    return int(sum(float(line.split()[-1]) for line in lines))


def main() -> None:
    found = {"calm": [], "edited": []}
    addresses = random_addresses(2_000)
    with workplace() as (folder, environment):
        rules = write_files(folder / "rules")
        with serving("noticed", SITE_RULES=str(rules), SITE_RELOAD="400ms", **environment) as server:
            stretch(server, addresses)
            for _ in range(STRETCHES):
                found["calm"].append(stretch(server, addresses))
                editor = Editor(rules)
                editor.start()
                found["edited"].append(stretch(server, addresses))
                editor.finish()
                time.sleep(1.0)
            live = reloads(server)
    assert live >= STRETCHES, f"only {live} edits went live"
    rows = [
        {"when": when, **{f"p{round(share * 100)}": statistics.median(percentile(took, share) for took in stretches)
                          for share in (0.5, 0.99)}}
        for when, stretches in found.items()
    ]  # fmt: skip
    times = statistics.median(
        percentile(edited, 0.99) / percentile(calm, 0.99)
        for calm, edited in zip(found["calm"], found["edited"], strict=True)
    )
    print(f"{'when':<12}{'p50 ms':>10}{'p99 ms':>10}")
    for row in rows:
        print(f"{row['when']:<12}{row['p50']:>10.2f}{row['p99']:>10.2f}")
    print(f"p99 while edited is {times:.2f} times that of the calm; {live} edits went live")
    print(json.dumps({"benchmark": "reload", "unit": "ms", "results": rows, "times": times, "live": live}))


if __name__ == "__main__":
    main()
