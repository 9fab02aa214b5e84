"""A service under load while its database is replaced by everything but a database; run as a process.

``python -m tests.database_swaps FOLDER GOOD OTHER BAD...`` prints one JSON object: what was seen for each fault.
*GOOD* and *OTHER* are good files that say ``DE`` and ``FR`` of the address that is asked for.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sys
import threading
from pathlib import Path

from tests.endpoint import RULES, Client, service_for, write_rules

ASKED = "5.5.5.5"


def remove(path):
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.sha256").unlink(missing_ok=True)


def put(content):
    """Replace the file by a rename."""

    def act(path):
        remove(path)
        path.with_name("new").write_bytes(content)
        path.with_name("new").replace(path)

    return act


def in_place(change):
    """Change the very file that was opened."""

    def act(path):
        with path.open("r+b") as file:
            change(file)

    return act


def sparse(path):
    put(b"")(path)
    os.truncate(path, 1 << 40)


def beside_a_sum(content):
    def act(path):
        put(content)(path)
        path.with_name(f"{path.name}.sha256").write_text(f"{'0' * 64}  {path.name}\n")

    return act


def closed(path):
    path.chmod(0)


def folder(path):
    remove(path)
    path.mkdir()


def pipe(path):
    remove(path)
    os.mkfifo(path)


def circle(path):
    remove(path)
    path.symlink_to(path.name)


def faults(good, bad):
    """Name -> what spoils the file at a path."""
    named = {
        "vanished": remove,
        "empty": put(b""),
        "truncated in place": in_place(lambda file: file.truncate(len(good) // 2)),
        "truncated to nothing in place": in_place(lambda file: file.truncate(0)),
        "overwritten in place": in_place(lambda file: file.write(b"\xff" * len(good))),
        "text": put(b"country,DE\n" * 999),
        "a terabyte of nothing": sparse,
        "another sum beside it": beside_a_sum(good),
        "a folder": folder,
        "a pipe": pipe,
        "a link to itself": circle,
        "no permission": closed,
    }
    return named | {f"file {path.name}": put(path.read_bytes()) for path in bad}


@contextlib.contextmanager
def powerless():
    """Without root's rights, which no mode of a file stops."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def main(here, good, other, *bad):
    logging.disable()
    contents = [Path(good).read_bytes(), Path(other).read_bytes()]
    spoiled = faults(contents[0], [Path(one) for one in bad])
    os.chdir(here)
    path = Path("city.mmdb")
    put(contents[0])(path)
    service = service_for(write_rules(Path("rules")), geoip=[path])
    client, stop, seen = Client(service), threading.Event(), []

    def ask():
        while not stop.is_set():
            answer = Client(service).get(f"/notices/lookup?ip={ASKED}")
            seen.append((answer.status, tuple(answer.json["location"]["candidates"])))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    told = {}
    for number, (name, spoil) in enumerate(spoiled.items()):
        put(contents[number % 2])(path)
        service.look(), service.look()
        healthy = client.get("/notices/health").status
        spoil(path)
        write_rules(Path("rules"), f"{RULES}# {number}\n")  # a new snapshot must not lose the last good data
        with powerless() if name == "no permission" else contextlib.nullcontext():
            service.look(), service.look()
        health = client.get("/notices/health")
        located = client.get(f"/notices/lookup?ip={ASKED}").json["location"]["candidates"]
        told[name] = [healthy, health.status, located == [("DE", "FR")[number % 2]]]
    stop.set()
    for thread in threads:
        thread.join()
    print(json.dumps({"told": told, "asked": len(seen), "answers": sorted({str(one) for one in seen})}))


if __name__ == "__main__":
    main(*sys.argv[1:])
