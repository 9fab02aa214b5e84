"""What does a look-up cost a worker: one beside a Flask route that returns the same bytes, and a thousand at once?

Run: ``python -m benchmarks bench_lookups``. One gunicorn worker that serves both; the figure is its processor time.
``GET /lookup`` and the bare route are asked in turns, ``kept`` is the median over the rounds of the round's own ratio.
A batch holds 1,000 questions: the same visitors as a newsroom's edge would ask for (addresses), or regions, each of a
page with a tag; look-ups a second are questions through processor time. Prints a table, then one line of JSON.
"""

from __future__ import annotations

import json
import random
import statistics

from benchmarks.serving import HEADERS, cost, random_addresses, serving, workplace, write_rules

ROUNDS, REQUESTS, BATCHES = 9, 200, 12
REGIONS = ("RU", "DE", "UA-43", "UA", "FR", "US-CA", "BY", "unknown", "tor", "KZ")


def post(questions) -> bytes:
    body = json.dumps({"questions": questions}).encode()
    head = (
        "POST /notices/lookup HTTP/1.1\r\nHost: courier.example\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def batches():
    chance = random.Random(8)
    addresses = random_addresses(1_000)

    def page(number):
        return {"url": f"/section-{number % 70}/{number}", "tag": [f"tag-{chance.randrange(200)}"], "language": ["ru"]}

    return {
        "1,000 addresses": post([{"ip": address} for address in addresses]),
        "1,000 addresses, pages": post([{"ip": address, **page(n)} for n, address in enumerate(addresses)]),
        "1,000 regions": post([{"region": chance.choice(REGIONS)} for _ in range(1_000)]),
        "1,000 regions, pages": post([{"region": chance.choice(REGIONS), **page(n)} for n in range(1_000)]),
    }


def measure_one(server, bare):
    """``GET /lookup`` for an address of each round's own, beside the bare route."""
    rows = []
    for title, query in {"notice shown": "ip={address}", "by region": "region=DE&language=ru"}.items():
        path = f"/notices/lookup?{query}"
        ours, theirs = [], []
        for number in range(ROUNDS + 1):
            addresses = random_addresses(REQUESTS, seed=number)
            asked = [HEADERS.format(path=path.format(address=one), address=one).encode() for one in addresses]
            plain = [HEADERS.format(path="/same", address=one).encode() for one in addresses]
            ours.append(cost(server, asked))
            theirs.append(cost(bare, plain))
        kept = statistics.median(b / a for a, b in zip(ours[1:], theirs[1:], strict=True))
        rows.append({"call": f"GET, {title}", "us": statistics.median(ours[1:]), "kept": kept})
    return rows


def measure_batches(server):
    rows = []
    for title, request in batches().items():
        answer = server.ask(request)
        assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
        assert answer.count(b'"location"') == 1_000
        took = [cost(server, [request]) for _ in range(BATCHES)]
        rows.append(
            {"call": f"POST, {title}", "us": statistics.median(took), "per_second": 1e9 / statistics.median(took)}
        )
    return rows


def main() -> None:
    with workplace() as (folder, environment):
        rules = str(write_rules(folder / "rules"))
        with serving("noticed", SITE_RULES=rules, **environment) as server:
            answer = server.get("/notices/lookup?ip=46.4.0.1").partition(b"\r\n\r\n")[2]
            (folder / "answer.json").write_bytes(answer)
            with serving("bare", SITE_RULES=rules, **environment) as bare:
                rows = measure_one(server, bare)
            rows += measure_batches(server)
    print(f"{'call':<32}{'us':>10}{'kept':>8}{'look-ups/s':>14}")
    for row in rows:
        print(f"{row['call']:<32}{row['us']:>10.0f}{row.get('kept', 0):>8.2f}{row.get('per_second', 0):>14,.0f}")
    print(json.dumps({"benchmark": "lookups", "unit": "microseconds of a worker's processor time", "results": rows}))


if __name__ == "__main__":
    main()
