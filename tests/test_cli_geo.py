"""``notices geo show``: what databases say about an address, what it means, and nothing that repeats the address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from notices.cli import main
from tests.small_rules import write_rules

if TYPE_CHECKING:
    from pathlib import Path

RUSSIAN = "77.88.8.8"


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A working directory without rules."""
    monkeypatch.chdir(tmp_path)
    for name in ("NOTICES_RULES", "NOTICES_GEOIP"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write_database(path: Path, kind: str, networks: dict[str, dict[str, object]]) -> None:
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type=kind, languages=["en"], description=kind)
    for network, record in networks.items():
        writer.insert_network(IPSet([network]), record)
    writer.to_db_file(str(path))


def test_the_embedded_database_is_asked(desk, capsys):
    """Without any file named, the country database that comes along answers, and the address is not repeated."""
    assert main(["geo", "show", RUSSIAN]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["Location  RU (Russian Federation), from database", ""]
    assert lines[2].startswith("country.mmdb (Notices-Country, built 20")
    assert lines[3:6] == [
        "  Says      country RU",
        "  Means     RU (Russian Federation)",
        "  Believed  yes: it names a region",
    ]
    assert not any(RUSSIAN in line for line in lines)


def test_all_databases_are_asked(desk, capsys):
    """Each database says its part: Crimea under Russia makes two candidates, and Tor hides both."""
    crimea = {"country": {"iso_code": "RU"}, "subdivisions": [{"iso_code": "CR", "names": {"en": "Crimea"}}]}
    write_database(desk / "city.mmdb", "GeoIP2-City", {"198.20.0.0/24": crimea, "198.20.1.0/24": crimea})
    write_database(desk / "anonymous.mmdb", "GeoIP2-Anonymous-IP", {"198.20.1.0/24": {"is_tor_exit_node": True}})
    options = ["--geoip", "city.mmdb", "--geoip", "anonymous.mmdb", "--json"]
    assert main(["geo", "show", "198.20.0.9", *options]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert main(["geo", "show", "198.20.1.9", *options]) == 0
    hidden = json.loads(capsys.readouterr().out)
    assert plain["location"] == {"candidates": ["UA-43", "RU"], "network": None}
    assert hidden["location"] == {"candidates": ["world"], "network": "tor"}
    assert [(row["database"], row["believed"]) for row in hidden["databases"]] == [
        ("city.mmdb", False),
        ("anonymous.mmdb", True),
    ]
    city = plain["databases"][0]
    assert city["claim"] == {"country": "RU", "codes": ["CR"], "names": [], "network": None}
    assert city["record"] == crimea


def test_the_labels_of_the_rules_count(desk, capsys):
    """A folder's own label decides what a source means."""
    record = {"country": {"iso_code": "MD"}, "subdivisions": [{"iso_code": "TRN"}]}
    write_database(desk / "city.mmdb", "GeoIP2-City", {"198.20.0.0/24": record})
    labels = "labels:\n  - {country: [MD], code: [TRN], name: [Transnistria], region: MD-SN}\n"
    write_rules(desk / "rules", labels)
    assert main(["geo", "show", "198.20.0.9", "--geoip", "city.mmdb"]) == 0
    assert "  Means     MD-SN (" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        pytest.param("192.168.1.7", "the address is private or reserved", id="private"),
        pytest.param("2002:4d58:808::1", "the visitor's address is not known", id="6to4"),
    ],
)
def test_an_address_that_nobody_knows_exits_with_1(desk, capsys, address, reason):
    """Nothing is known of a private address, and scripts can tell."""
    assert main(["geo", "show", address]) == 1
    out = capsys.readouterr().out
    assert out.startswith("Location  not known\n")
    assert f"  Believed  no: {reason}" in out
    assert address not in out


@pytest.mark.parametrize("text", ["010.1.1.1", "77.88.8", "4d58:808", "courier.example"])
def test_what_is_no_address_exits_with_2(desk, capsys, text):
    """Short, octal and other forms are refused without repeating them."""
    assert main(["geo", "show", text]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "IP: it is no IP address" in err
    assert "--ip" not in err
    assert text not in err


def test_a_file_that_is_missing_exits_with_2(desk, capsys):
    """A database that is not there is a wrong call."""
    assert main(["geo", "show", RUSSIAN, "--geoip", "nowhere.mmdb"]) == 2
    assert "'nowhere.mmdb' does not exist" in capsys.readouterr().err
