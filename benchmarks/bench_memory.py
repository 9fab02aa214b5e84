"""How much memory do 1,000 rules hold, indexed and asked, beside bare Flask?

Run: ``python -m benchmarks bench_memory [RULES]``. Prints MiB of private memory (USS, from ``/proc/self/smaps_rollup``)
after each step of one process, then one line of JSON; the questions fill what is remembered.
"""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path


def private_mib() -> float:
    """Private memory of this process, in MiB; Linux only."""
    gc.collect()
    lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    import flask

    flask.Flask("bare")
    steps = {"bare Flask": private_mib()}

    from benchmarks.pack import NOON, make_pack, make_questions
    from notices.engine import decide
    from notices.index import build_index

    steps["engine imported"] = private_mib()
    pack = make_pack(size)
    steps[f"{size} rules"] = private_mib()
    index = build_index(pack)
    steps["index"] = private_mib()
    for location, page in make_questions(20_000):
        decide(index, location, page, (), NOON)
    steps["20,000 questions"] = private_mib()

    before = steps["bare Flask"]
    print(f"{'after':<20}{'MiB':>8}{'beyond bare':>14}")
    for step, used in steps.items():
        print(f"{step:<20}{used:>8.1f}{used - before:>14.1f}")
    print(json.dumps({"benchmark": "memory", "unit": "MiB", "results": steps}))


if __name__ == "__main__":
    main()
