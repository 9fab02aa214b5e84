"""How long does it take to load 1,000 and 10,000 rules from YAML, and how much memory is held then?

Run: ``python -m benchmarks bench_load``. Folders like a newsroom's, in files of 500 rules, each loaded and indexed by
fresh processes. Seconds of processor time, without the start of Python; MiB of the whole process (resident set) after
all that only loading needs is gone, and beyond the same process before. Medians of the rounds. Prints a table, then
one line of JSON.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.bench_check import HEAD, make_rule

SIZES, ROUNDS, A_FILE = (1_000, 10_000), 5, 500
LOADING = """
import gc, json, sys, time
from pathlib import Path
from notices.folder import load_folder
from notices.index import build_index

def resident():
    gc.collect()
    [line] = [line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024

before, started = resident(), time.process_time()
rules = load_folder(Path(sys.argv[1]))  # with the bytes of the files, as a service keeps them
loaded = time.process_time() - started
index = build_index(rules.ruleset)
indexed = time.process_time() - started
assert len(index.rules) == int(sys.argv[2])
print(json.dumps({"load": loaded, "with_index": indexed, "resident": resident(), "before": before}))
"""


def write_folder(folder: Path, size: int) -> None:
    chance = random.Random(size)
    rules = [make_rule(number, size, chance) for number in range(size)]
    (folder / "defaults.yaml").write_text(HEAD.removesuffix("rules:\n"), "utf-8")
    for first in range(0, size, A_FILE):
        (folder / f"rules-{first:05}.yaml").write_text("rules:\n" + "".join(rules[first : first + A_FILE]), "utf-8")


def load(folder: Path, size: int) -> dict[str, float]:
    command = [sys.executable, "-c", LOADING, str(folder), str(size)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def measure(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        write_folder(Path(name), size)
        rounds = [load(Path(name), size) for _ in range(ROUNDS)]
    return {"rules": size, **{key: statistics.median(one[key] for one in rounds) for key in rounds[0]}}


def main() -> None:
    rows = [measure(size) for size in map(int, sys.argv[1:] or SIZES)]
    print(f"{'rules':>8}{'load s':>10}{'+ index s':>12}{'resident MiB':>14}{'beyond':>10}")
    for row in rows:
        times = f"{row['rules']:>8}{row['load']:>10.2f}{row['with_index']:>12.2f}"
        print(f"{times}{row['resident']:>14.1f}{row['resident'] - row['before']:>10.1f}")
    print(json.dumps({"benchmark": "load", "unit": "seconds of processor time, MiB", "results": rows}))


if __name__ == "__main__":
    main()
