"""Faults in bulk: the same trials as in the suite, many more of them; ``make soak`` prints the figures as a table.

``python -m tests.soak [TIMES]``; each trial runs as a process of its own, one after the other.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.databases import OWN, SHARED, bad_files, write_database

TREE = Path(__file__).parent.parent


def run(module, *arguments):
    """What *module* prints as JSON; whatever it dies of ends the soak."""
    done = subprocess.run([sys.executable, "-m", module, *map(str, arguments)], cwd=TREE, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"{module} {' '.join(map(str, arguments))} ended with {done.returncode}")
    return json.loads(done.stdout)


def databases(times):
    """Every cut and many flipped bits of each good test file."""
    found = sorted({path.name: path for folder in (SHARED, OWN) for path in folder.glob("GeoI*-Test.mmdb")}.values())
    for path in found:
        if "ISP" not in path.name:
            yield path.name, run("tests.database_faults", path, 1000 * times, 1)


def swaps():
    """A service under load whose database becomes everything but one."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (site := Path(folder, "site")).mkdir(mode=0o755)
        good = [
            write_database(Path(folder, code), {"5.5.0.0/16": {"country": {"iso_code": code}}}) for code in ("DE", "FR")
        ]
        found = run("tests.database_swaps", site, *good, *bad_files())
        kept = sum(told == [200, 503, True] for told in found["told"].values())
        yield "replaced under load", {"faults": len(found["told"]), "survived": kept, "look-ups": found["asked"]}


def rules(times):
    """Damaged rules under load."""
    for seed in range(times):
        yield f"rules, seed {seed}", run("tests.rule_faults", 2000, seed)


def main(times="1"):
    for trial in (databases(int(times)), swaps(), rules(int(times))):
        began = time.monotonic()
        for name, found in trial:
            print(f"| {name} | {', '.join(f'{what} {count:,}' for what, count in sorted(found.items()))} "
                  f"| {time.monotonic() - began:.0f} s |", flush=True)  # fmt: skip
            began = time.monotonic()


if __name__ == "__main__":
    main(*sys.argv[1:])
