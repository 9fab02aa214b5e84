"""Run every benchmark in a process of its own, so that none warms another's caches."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all; 1 where one failed."""
    chosen = names or sorted(path.stem for path in HERE.glob("bench_*.py"))
    failed = False
    for name in chosen:
        print(f"\n== {name} ==", flush=True)
        done = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=False)
        failed |= done.returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
