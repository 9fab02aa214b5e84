"""How long does it take from an address as text to a country and subdivision, and is the answer right?

Run: ``python -m benchmarks bench_locate``. The embedded database is measured, and the City database of the PyPI package
``maxminddb-geolite2`` where that is installed; or the files named in ``python -m benchmarks.bench_locate FILE ...``.
First the locator's answers for 100,000 random public IPv4 addresses and 10,000 of IPv6 are compared with ``geoip2``'s.
Then every reader gets these IPv4 addresses as text, in turns, a tenth of them each round; *new* are addresses that none
has seen before, so that ours still learns what some records say. The figures are medians of the rounds in microseconds
of processor time an address, *times* the median of each round's ratio to the locator. Nothing is kept by address.
``geoip2`` builds its whole model. Prints a table, then one line of JSON.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import json
import random
import statistics
import sys
import time
from itertools import islice
from pathlib import Path

import geoip2.database
import geoip2.errors
import maxminddb
import maxminddb_rust

from notices.gazetteer import Gazetteer
from notices.geo.address import is_public
from notices.geo.claim import make_claim
from notices.geo.database import embedded_database_path, open_database
from notices.geo.evidence import Said, conclude
from notices.geo.locate import Locator
from notices.settings import Settings

COMPARED, ROUNDS = 100_000, 10
OURS, C_GET = "notices: text to Location", "maxminddb C get(text)"


def random_addresses(count, seed):
    generator, found = random.Random(seed), []
    while len(found) < count:
        address = ipaddress.IPv4Address(generator.getrandbits(32))
        if is_public(address):
            found.append(str(address))
    return found


def random_ipv6(count):
    """Addresses below prefixes that registries give out, so that a part of them has a record."""
    generator, prefixes = random.Random(6), (0x2001, 0x2400, 0x2600, 0x2A00, 0x2A01, 0x2A02, 0x2800, 0x2C0F)
    numbers = (generator.choice(prefixes) << 112 | generator.getrandbits(28) << 84 for _ in range(count * 2))
    public = (address for address in map(ipaddress.IPv6Address, numbers) if is_public(address))
    return [str(address) for address in islice(public, count)]


def through_locator(path):
    locator = Locator(Settings(rules=Path()), [open_database(path)], Gazetteer())
    return lambda text: locator.locate(text, lambda _name: None)


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
    OURS: through_locator,
    "maxminddb-rust get(text)": through_rust_get,
    C_GET: through_c_get,
    "maxminddb pure Python get(text)": through_python_get,
    "geoip2 city(text) / country(text)": through_geoip2,
}


def claimed_by_geoip2(reader, kind, text):
    """What geoip2 says, as the claim that it makes."""
    try:
        answer = getattr(reader, kind)(text)
    except geoip2.errors.AddressNotFoundError:
        return None
    codes = [part.iso_code for part in answer.subdivisions if part.iso_code][:2] if kind == "city" else []
    network = "proxy" if answer.traits.is_anonymous_proxy else None
    return make_claim(answer.country.iso_code, tuple(codes), (), network)


def compared(locate, path, texts):
    """How many of the locator's answers, each asked twice, are not the reference's, and how many name a region."""
    found = [locate(text) for text in texts]
    wrong = sum(locate(text) != location for text, location in zip(texts, found, strict=True))
    gazetteer = Gazetteer()
    with geoip2.database.Reader(path) as reader:
        kind = "city" if "City" in reader.metadata().database_type else "country"
        for text, location in zip(texts, found, strict=True):
            said = Said("database", path.name, claimed_by_geoip2(reader, kind, text))
            wrong += conclude((said,), gazetteer, unite=False) != location
    return wrong, sum(location.candidates != ("world",) for location in found)


def measure(readers, texts):
    """Reader -> microseconds an address, round by round, each with its part of the addresses."""
    took = {name: [] for name in readers}
    for number in range(ROUNDS):
        part = texts[number::ROUNDS]
        for name, ask in readers.items():
            start = time.process_time()
            for text in part:
                ask(text)
            took[name].append((time.process_time() - start) / len(part) * 1e6)
    return took


def times(took, name):
    return statistics.median(one / ours for one, ours in zip(took[name], took[OURS], strict=True))


def databases():
    paths = [Path(argument) for argument in sys.argv[1:]] or [embedded_database_path()]
    spec = importlib.util.find_spec("_maxminddb_geolite2")
    if not sys.argv[1:] and spec is not None and spec.submodule_search_locations:
        paths.append(Path(spec.submodule_search_locations[0]) / "GeoLite2-City.mmdb")
    return paths


def main():
    results = []
    texts, unseen = random_addresses(COMPARED, seed=1), random_addresses(COMPARED, seed=2)
    for path in databases():
        start = time.process_time()
        open_database(path)
        opened = (time.process_time() - start) * 1e3
        readers = {name: made for name, make in CONTENDERS.items() if (made := make(path)) is not None}
        unequal, known = compared(readers[OURS], path, [*texts, *random_ipv6(COMPARED // 10)])
        took = measure(readers, texts)
        new = measure({name: readers[name] for name in (OURS, C_GET)}, unseen)
        rows = {name: {"us": statistics.median(one), "times": times(took, name)} for name, one in took.items()}
        results.append(
            {"file": path.name, "open_ms": opened, "compared": COMPARED, "known": known, "unequal": unequal,
             "times_c_get": rows[C_GET]["times"], "new_us": statistics.median(new[OURS]),
             "new_times_c_get": times(new, C_GET), "readers": rows}
        )  # fmt: skip
        print(f"{path.name}: opened in {opened:.0f} ms; {unequal} of {COMPARED:,} answers unequal, {known:,} known")
        print(f"{'reader':<36}{'us':>10}{'times ours':>14}")
        for name, row in rows.items():
            print(f"{name:<36}{row['us']:>10.2f}{row['times']:>14.1f}")
        print(f"{'new addresses: ours, C get':<36}{statistics.median(new[OURS]):>10.2f}{times(new, C_GET):>14.1f}")
    print(json.dumps({"benchmark": "locate", "unit": "microseconds of processor time", "results": results}))


if __name__ == "__main__":
    main()
