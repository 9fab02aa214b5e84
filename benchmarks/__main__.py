"""Run every benchmark in a process of its own, one after another, and set what they found beside the goals.

``python -m benchmarks [NAME ...]`` prints each one's own table and then one of all goals. The same stands afterwards in
``benchmarks/results/``: ``<name>.json`` as each benchmark gave it, ``summary.txt``, ``summary.json`` and
``summary.svg``. A goal that is missed is said, and is no failure: only a benchmark that breaks is.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from benchmarks.goals import outcomes
from benchmarks.plot import draw, write

HERE = Path(__file__).parent
RESULTS = HERE / "results"


def run(name: str) -> dict[str, object] | None:
    """The report of one benchmark, its last line; what it prints before goes through. None where it broke."""
    print(f"\n== {name} ==", flush=True)
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        last = ""
        for line in running.stdout:
            last = line
            if not line.startswith("{"):
                print(line, end="", flush=True)
    return None if running.returncode else json.loads(last)


def summary(reports: dict[str, dict[str, object]]) -> tuple[str, list[dict[str, object]]]:
    """All goals with their figures, as a table and as values."""
    rows = [
        {"what": goal.what, "against": goal.against, "figure": round(figure, 4), "unit": goal.unit,
         "least": goal.least, "most": goal.most, "met": goal.met(figure)}
        for goal, figure in outcomes(reports)
    ]  # fmt: skip
    lines = [f"{'what':<32}{'against':<20}{'figure':>12} {'unit':<16}{'goal':>12}  reached"]
    for goal, figure in outcomes(reports):
        bound = f">= {goal.least:,g}" if goal.least else f"<= {goal.most:,g}" if goal.most is not None else "-"
        reached = "-" if bound == "-" else "yes" if goal.met(figure) else "NO"
        lines.append(f"{goal.what:<32}{goal.against:<20}{write(figure):>12} {goal.unit:<16}{bound:>12}  {reached}")
    return "\n".join(lines) + "\n", rows


def machine() -> dict[str, object]:
    """What the figures were measured on, and beside which versions."""
    groups = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    rivals = {name: version for name in (*groups["bench"], "geoip2", "maxminddb") if (version := _version(name))}
    known = {"python": platform.python_version(), "system": platform.platform(), "processors": os.cpu_count()}
    return {**known, "rivals": rivals}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def main(names: list[str]) -> int:
    """Run the benchmarks named, or all; 1 where one broke."""
    chosen = names or sorted(path.stem for path in HERE.glob("bench_*.py"))
    RESULTS.mkdir(exist_ok=True)
    reports, broken = {}, False
    for name in chosen:
        report = run(name)
        broken |= report is None
        if report is not None:
            reports[name] = report
            (RESULTS / f"{name}.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    table, rows = summary(reports)
    print(f"\n== goals ==\n{table}", end="")
    (RESULTS / "summary.txt").write_text(table, "utf-8")
    (RESULTS / "summary.json").write_text(json.dumps({"machine": machine(), "goals": rows}, indent=1) + "\n", "utf-8")
    (RESULTS / "summary.svg").write_text(draw(list(outcomes(reports))), "utf-8")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
