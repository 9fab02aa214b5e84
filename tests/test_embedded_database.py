"""The database in the package is small, documented, redistributable, and places the countries that matter most."""

from __future__ import annotations

import bisect
import hashlib
import importlib.util
import ipaddress
import json
import random
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import maxminddb
import pytest

from notices.gazetteer import Gazetteer
from notices.geo.database import embedded_database_path, open_database
from notices.geo.locate import Locator
from notices.location import Location
from notices.region import parents
from notices.settings import Settings

TREE = Path(__file__).parent.parent
DATA = embedded_database_path().parent


@pytest.fixture(scope="module")
def locator():
    return Locator(Settings(rules=Path("rules")), [open_database(embedded_database_path())], Gazetteer())


#: Addresses of well-known institutions and providers, whose countries do not change.
PLACES = [
    ("91.198.36.1", "UA"), ("194.44.0.1", "UA"), ("212.111.192.1", "UA"), ("2a02:2378::1", "UA"),
    ("77.88.55.88", "RU"), ("195.208.0.1", "RU"), ("2a02:6b8::1", "RU"), ("::ffff:77.88.55.88", "RU"),
    ("178.172.160.1", "BY"), ("86.57.128.1", "BY"), ("46.4.0.1", "DE"), ("141.20.1.1", "DE"), ("2a01:4f8::1", "DE"),
    ("193.136.1.1", "PT"), ("130.238.7.1", "SE"), ("133.11.0.1", "JP"), ("18.9.22.69", "US"),
    ("2001:4860:4860::8888", "US"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "country"), PLACES, ids=[address for address, _ in PLACES])
def test_known_networks_have_their_country(locator, address, country):
    """Ukraine, Russia, Belarus, Germany and others resolve, over IPv4 and IPv6."""
    assert locator.locate_address(address) == Location((country,), source="database")


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "192.168.1.1", "::1", "fc00::1", "224.0.0.1", "2001:db8::1"]
)
def test_private_addresses_have_none(locator, address):
    """Private and reserved addresses stay unknown."""
    assert locator.locate_address(address) == Location()


def test_it_is_small_and_described():
    """At most 9 MB, with date, source, attribution and checksum beside it that agree with the file."""
    path = embedded_database_path()
    facts = json.loads((DATA / "country.json").read_text("utf-8"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.stat().st_size == facts["bytes"] < 9_000_000
    assert facts["sha256"] == digest
    assert (DATA / "country.mmdb.sha256").read_text("ascii") == f"{digest}  country.mmdb\n"
    assert facts["license"] == "CC-BY-SA-4.0"
    assert "https://location.ipfire.org/" in facts["attribution"]
    assert datetime.fromisoformat(facts["generated"]) == open_database(path).info.built
    assert datetime(2026, 1, 1, tzinfo=UTC) < open_database(path).info.built


def test_its_licence_lies_beside_it():
    """The text of the licence with source and changes made, as CC BY-SA 4.0 section 3(a) asks."""
    text = (DATA / "country.LICENSE.txt").read_text("utf-8")
    assert "IPFire Location" in text
    assert "Attribution-ShareAlike 4.0 International" in text
    assert "Section 3 -- License Conditions." in text
    assert "Changes made:" in text


def test_it_names_iso_countries_only():
    """No ``??``, ``EU`` or ``AP``, nor any other code outside ISO 3166-1, is in the data."""
    content = embedded_database_path().read_bytes()
    data = content[content.rfind(bytes(16), 0, content.rfind(b"\xab\xcd\xefMaxMind.com")) + 16 :]
    codes = {data[at + 9 : at + 11].decode() for at in range(len(data)) if data[at : at + 9] == b"iso_code\x42"}
    assert len(codes) > 200
    assert codes <= {code for code in parents() if "-" not in code}


def script():
    spec = importlib.util.spec_from_file_location("build_country_database", TREE / "scripts/build_country_database.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HEADER = "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\n#\n"


def write_source(path, rows):
    path.write_text(HEADER + "".join(f"{first},{last},{country}\n" for first, last, country in rows))
    return path


def test_the_script_builds_what_the_ranges_say(tmp_path):
    """Random ranges, neighbours and gaps read back, by MaxMind's pure Python reader, as the ranges say."""
    generator = random.Random(7)
    bounds = sorted(generator.sample(range(2**24, 2**32), 400))
    gaps, codes = [1, 1, 2, 9], ["DE", "UA", "RU", "??", "EU", "XK", "A1"]
    rows = [
        (first, following - generator.choice(gaps), generator.choice(codes)) for first, following in pairwise(bounds)
    ]
    six = [(ipaddress.IPv6Address("2a02::"), ipaddress.IPv6Address("2a02:ffff::5"), "FR")]
    output = tmp_path / "country.mmdb"
    arguments = ["--geoip", write_source(tmp_path / "four", rows), "--geoip6", write_source(tmp_path / "six", six)]
    assert script().main([*map(str, arguments), "--output", str(output)]) == 0
    starts = [first for first, _, _ in rows]
    probes = {edge + step for first, last, _ in rows for edge in (first, last) for step in (-1, 0, 1)}
    with maxminddb.open_database(output, maxminddb.MODE_MEMORY) as reader:
        for number in sorted(probes):
            row = rows[max(bisect.bisect_right(starts, number) - 1, 0)]
            inside = row[0] <= number <= row[1] and row[2] in ("DE", "UA", "RU", "XK")
            expected = {"country": {"iso_code": row[2]}} if inside else None
            assert reader.get(ipaddress.IPv4Address(number)) == expected
        assert reader.get("2a02:ffff::5") == {"country": {"iso_code": "FR"}}
        assert reader.get("2a02:ffff::6") is None
        assert reader.metadata().build_epoch == int(datetime(2026, 6, 25, 4, 33, 59, tzinfo=UTC).timestamp())
    assert open_database(output).info.countries


def test_the_script_refuses_a_source_without_a_date(tmp_path):
    """A database whose age nobody knows is not built."""
    source = tmp_path / "four"
    source.write_text("16777216,16777471,AU\n")
    with pytest.raises(SystemExit, match="does not say when"):
        script().main(["--geoip", str(source), "--geoip6", str(source), "--output", str(tmp_path / "x.mmdb")])


SOURCE = Path("/usr/share/tor/geoip")


@pytest.mark.skipif(not SOURCE.exists(), reason="Debian's tor-geoipdb is not installed")
def test_it_agrees_with_its_source():
    """Random addresses have the country that the source's text gives them, where it is the same release."""
    text = SOURCE.read_text("utf-8")
    facts = json.loads((DATA / "country.json").read_text("utf-8"))
    if hashlib.sha256(text.encode()).hexdigest() != facts["source-sha256"]["geoip"]:
        pytest.skip("the installed tor-geoipdb is of another date")
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")]
    starts = [int(row[0]) for row in rows]
    database = open_database(embedded_database_path())
    generator = random.Random(11)
    for _ in range(5000):
        number = generator.getrandbits(32)
        row = rows[max(bisect.bisect_right(starts, number) - 1, 0)]
        inside = int(row[0]) <= number <= int(row[1]) and row[2] in parents()
        claim = database.look_up(ipaddress.IPv4Address(number))
        assert (claim.country if claim else None) == (row[2] if inside else None)
