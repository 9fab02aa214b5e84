"""How long does ``notices check`` take, from the files to the last lint, for 500 and 1,000 rules?

Run: ``python -m benchmarks bench_check``. Each size is a folder of YAML like a newsroom's: countries, sets, windows,
tags, paths, groups, two languages, cases. Prints a table, then one line of JSON. Times are processor time in seconds of
fresh processes, so that the start of Python and imports count; the figure is the median of the rounds.
The bounds are 2 s for 500 rules and 4 s for 1,000.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from notices.region import WORLD, parents

SIZES, ROUNDS = (500, 1000), 5
BOUNDS = {500: 2.0, 1000: 4.0}
COUNTRIES = sorted(region for region, parent in parents().items() if parent == WORLD)
HEAD = """\
defaults: {timezone: Europe/Prague, language: en, publisher: courier}
publishers:
  courier: {name: {en: The Courier}, hosts: [courier.example]}
rules:
"""
RULE = """\
  rule-{number:04}:
    title: Rule {number}
    kind: {kind}
    status: active
    where: [{where}]
    priority: {priority}
{more}\
    show: {{at: [after-article], level: warning, languages: [page, en]}}
    text:
      en: "Readers of {{publisher}}: **notice {number}**. If you are in this country, sharing can be punished: {{law}}."
      ru: "Читателям {{publisher}}: **уведомление {number}**. Если вы в этой стране, за репост могут наказать: {{law}}."
    law: ["Act {number}"]
    owner: desk
    review-by: 2099-02-01
"""
CASE = "  - {{name: case {number}, visitor: {{region: AQ}}, page: {{tags: [none]}}, expect: []}}\n"


def write_folder(folder: Path, size: int) -> None:
    chance = random.Random(size)
    rules = "".join(make_rule(number, size, chance) for number in range(size))
    (folder / "rules.yaml").write_text(HEAD + rules, "utf-8")
    cases = "".join(CASE.format(number=number) for number in range(size // 10))
    (folder / "rules_test.yaml").write_text(f"now: 2026-11-22T12:00:00Z\ncases:\n{cases}", "utf-8")


def make_rule(number: int, size: int, chance: random.Random) -> str:
    choices = (chance.choice(COUNTRIES), ", ".join(chance.sample(COUNTRIES, 4)), "eu", "RU, russia-controlled-ukraine")
    more = chance.choice(("", f"    when: {{from: 20{chance.randrange(20, 28)}-0{chance.randrange(1, 9)}-01}}\n"))
    more += chance.choice(
        (
            f"    pages: {{tags: [tag-{chance.randrange(200)}, tag-{chance.randrange(200)}]}}\n",
            f"    pages: {{paths: [/section-{chance.randrange(60)}/**]}}\n",
        )
    )
    more += chance.choice(("", "", f"    group: group-{chance.randrange(size // 10)}\n"))
    kind = chance.choice(("reader-safety", "publisher-duty", "courtesy"))
    where, priority = chance.choice(choices), chance.randrange(1000)
    return RULE.format(number=number, kind=kind, where=where, priority=priority, more=more)


def processor_time(folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-m", "notices", "check", str(folder)], capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert b"error[" not in done.stdout, done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_folder(folder, size)
        rounds = [processor_time(folder) for _ in range(ROUNDS + 1)][1:]
    return {"rules": size, "seconds": round(statistics.median(rounds), 2), "bound": BOUNDS[size]}


def main() -> None:
    rows = [measure(size) for size in SIZES]
    print(f"{'rules':>8}{'seconds':>10}{'bound':>8}")
    for row in rows:
        print(f"{row['rules']:>8}{row['seconds']:>10.2f}{row['bound']:>8.1f}")
    print(json.dumps({"benchmark": "check", "unit": "seconds of processor time", "results": rows}))


if __name__ == "__main__":
    main()
