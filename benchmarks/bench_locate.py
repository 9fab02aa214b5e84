"""How long does it take from an address as text to a country and subdivision?

Run: ``python -m benchmarks bench_locate``. The embedded database is measured, and the City database of the PyPI package
``maxminddb-geolite2`` where that is installed; or the files named in ``python -m benchmarks.bench_locate FILE ...``.
Prints a table, then one line of JSON. All readers get the same random public IPv4 addresses as text, warmed up; the
figure is the median of the rounds, in microseconds of processor time an address. ``geoip2`` builds its whole model.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import json
import random
import statistics
import sys
import time
from pathlib import Path

import geoip2.database
import geoip2.errors
import maxminddb
import maxminddb_rust

from notices.gazetteer import Gazetteer
from notices.geo.address import is_public, parse_address
from notices.geo.database import embedded_database_path, open_database
from notices.geo.locate import Locator
from notices.settings import Settings

ADDRESSES, ROUNDS = 5_000, 7


def random_addresses():
    generator = random.Random(20261123)
    found = []
    while len(found) < ADDRESSES:
        address = ipaddress.IPv4Address(generator.getrandbits(32))
        if is_public(address):
            found.append(str(address))
    return found


def through_locator(path):
    locator = Locator(Settings(rules=Path()), [open_database(path)], Gazetteer())
    return lambda text: locator.locate(text, lambda _name: None)


def through_database(path):
    database = open_database(path)
    return lambda text: database.look_up(parse_address(text))


def _fields(record):
    if record:
        record.get("country", {}).get("iso_code")
        [part.get("iso_code") for part in record.get("subdivisions", ())]


def through_rust_get(path):
    reader = maxminddb_rust.open_database(path, maxminddb_rust.MODE_MMAP)
    return lambda text: _fields(reader.get(text))


def through_c_get(path):
    reader = maxminddb.open_database(path, maxminddb.MODE_MMAP_EXT)
    return lambda text: _fields(reader.get(text))


def through_python_get(path):
    reader = maxminddb.open_database(path, maxminddb.MODE_MEMORY)
    return lambda text: _fields(reader.get(text))


def through_geoip2(path):
    reader = geoip2.database.Reader(path)
    kind = "city" if "City" in reader.metadata().database_type else "country"
    if kind == "country" and "Country" not in reader.metadata().database_type:
        return None

    def ask(text):
        try:
            answer = getattr(reader, kind)(text)
        except geoip2.errors.AddressNotFoundError:
            return
        _ = answer.country.iso_code, [part.iso_code for part in answer.subdivisions] if kind == "city" else None

    return ask


CONTENDERS = {
    "notices: text to Location": through_locator,
    "notices: text to Claim": through_database,
    "maxminddb-rust get(text)": through_rust_get,
    "maxminddb C get(text)": through_c_get,
    "maxminddb pure Python get(text)": through_python_get,
    "geoip2 city(text) / country(text)": through_geoip2,
}


def measure(ask, texts):
    rounds = []
    for _ in range(ROUNDS + 1):
        start = time.process_time()
        for text in texts:
            ask(text)
        rounds.append((time.process_time() - start) / len(texts) * 1e6)
    return round(statistics.median(rounds[1:]), 2)


def databases():
    paths = [Path(argument) for argument in sys.argv[1:]] or [embedded_database_path()]
    spec = importlib.util.find_spec("_maxminddb_geolite2")
    if not sys.argv[1:] and spec is not None and spec.submodule_search_locations:
        paths.append(Path(spec.submodule_search_locations[0]) / "GeoLite2-City.mmdb")
    return paths


def main():
    texts = random_addresses()
    results = {}
    for path in databases():
        opening = time.process_time()
        open_database(path)
        results[path.name] = {"open and check (ms)": round((time.process_time() - opening) * 1e3, 1)}
        for name, make in CONTENDERS.items():
            ask = make(path)
            results[path.name][name] = None if ask is None else measure(ask, texts)
    for file, rows in results.items():
        print(f"\n{file}")
        for name, figure in rows.items():
            print(f"  {name:36} {'-' if figure is None else f'{figure:10.2f}'}")
    print(json.dumps({"benchmark": "locate", "unit": "microseconds of processor time an address", "results": results}))


if __name__ == "__main__":
    main()
