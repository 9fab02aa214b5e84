"""What does a notice cost a worker of gunicorn, beside the bare page and beside what people write by hand?

Run: ``python -m benchmarks bench_pages``. One gunicorn with one worker for each variant, all alive at once and asked in
turns (A/B/A/B) for the same page of 180 KB by the same random public addresses, none of which is asked twice; the City
database of ``maxminddb-geolite2`` where that is installed. Before it is measured a worker has served some thousand
requests of other addresses, as one has that is up for a minute. A page of ``own bytes`` differs from every other from
its head on, so that none is one that was read before. The figure is the worker's processor time a request, in
microseconds; ``kept`` is the share of the bare app's speed that is left, the median over the rounds of the round's own
ratio; ``over`` is what comes on top of the bare page, and ``of by hand`` that beside what comes on top by hand: where
the bare page takes half of what the page by hand takes, no total can be more than twice as fast.
Prints a table, then one line of JSON.
"""

from __future__ import annotations

import json
import statistics
import sys
from contextlib import ExitStack

from benchmarks.serving import HEADERS, cost, random_addresses, serving, workplace, write_rules

ROUNDS, REQUESTS, BEFORE = 9, 150, 2500
#: name -> the site and its rules; what is not shown holds in Antarctica.
VARIANTS = {
    "bare": ("bare", {}),
    "notice": ("noticed", {}),
    "notice at the top": ("noticed", {"at": "top"}),
    "notice and features": ("noticed", {"features": True}),
    "not applicable": ("noticed", {"where": "AQ"}),
    "by hand": ("by-hand", {}),
}
PAGES = {"/constant": "constant body", "/rendered": "2 ms to render", "/own": "2 ms, own bytes"}


def rounds(servers, path, addresses):
    """variant -> microseconds a request, round by round; the first one is not counted."""
    took = {name: [] for name in servers}
    for _ in range(ROUNDS + 1):
        requests = [HEADERS.format(path=path, address=next(addresses)).encode() for _ in range(REQUESTS)]
        for name, server in servers.items():
            took[name].append(cost(server, requests))
    return {name: figures[1:] for name, figures in took.items()}


def ratio(took, one, other):
    """How many times *other* takes what *one* takes: the median over the rounds."""
    return statistics.median(b / a for a, b in zip(took[one], took[other], strict=True))


def over(took, name):
    """Microseconds that *name* takes beyond the bare page: the median over the rounds."""
    return statistics.median(b - a for a, b in zip(took["bare"], took[name], strict=True))


def check(servers):
    """Each variant answers as it should, or its figure would be of something else."""
    answers = {name: server.get("/constant") for name, server in servers.items()}
    assert all(b"</html>" in answer for answer in answers.values())
    shown = {name for name, answer in answers.items() if b"can be punished" in answer or b"may be punished" in answer}
    assert shown == set(servers) - {"bare", "not applicable"}, shown


def main() -> None:
    chosen = sys.argv[1:] or list(VARIANTS)
    with ExitStack() as stack:
        folder, environment = stack.enter_context(workplace())
        servers = {}
        for name, (site, facts) in VARIANTS.items():
            if name in {"bare", *chosen}:
                rules = write_rules(folder / name.replace(" ", "-"), **facts)
                server = serving(site, SITE_RULES=str(rules), **environment)
                servers[name] = stack.enter_context(server)
        check(servers)
        results = []
        addresses = iter(random_addresses(BEFORE + len(PAGES) * REQUESTS * (ROUNDS + 1)))
        before = [HEADERS.format(path="/constant", address=next(addresses)).encode() for _ in range(BEFORE)]
        for server in servers.values():
            cost(server, before)
        for path, title in PAGES.items():
            took = rounds(servers, path, addresses)
            for name in servers:
                kept = 1 / ratio(took, "bare", name)
                row = {"page": title, "variant": name, "us": round(statistics.median(took[name])), "kept": kept}
                row["over"] = round(over(took, name))
                if "by hand" in servers:
                    row["times_by_hand"] = ratio(took, name, "by hand")
                    row["over_of_by_hand"] = over(took, name) / over(took, "by hand")
                results.append(row)
    print(f"{'page':<16}{'variant':<22}{'us':>8}{'kept':>8}{'over':>8}{'of by hand':>11}{'faster than by hand':>22}")
    for row in results:
        faster = row.get("times_by_hand")
        more = f"{row['over']:>8}{row.get('over_of_by_hand', 0):>11.2f}"
        print(f"{row['page']:<16}{row['variant']:<22}{row['us']:>8}{row['kept']:>8.3f}{more}{faster or 0:>22.2f}")
    print(json.dumps({"benchmark": "pages", "unit": "microseconds of a worker's processor time", "results": results}))


if __name__ == "__main__":
    main()
