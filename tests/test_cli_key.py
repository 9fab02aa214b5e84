"""``notices key``: which regions share a cache key, and the maps that give caches the same keys as the server."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from notices import Location, build_index, load_folder
from notices.cli import main
from notices.gazetteer import Gazetteer
from notices.keys import visitor_key
from tests.small_rules import SMALL_RULES, write_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOON = "2026-11-22T12:00:00Z"
#: Country and subdivision as a source writes them.
PLACES = [
    "DE-",
    "FR-",
    "RU-",
    "RU-MOW",
    "UA-",
    "UA-43",
    "UA-30",
    "UA-14",
    "BY-",
    "FR-971",
    "GP-",
    "RU-CR",
    "US-PR",
    "RUX-",
    "T1-",
    "XX-",
    "-",
]


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A working directory with the small rules in ./rules."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    write_rules(tmp_path / "rules")
    return tmp_path


def printed(capsys, *arguments: str) -> str:
    assert main(["key", "--at", NOON, *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_the_regions_that_share_a_key_are_listed(desk, capsys):
    """Five keys: who is shown nothing, the warning, the court's order, the French rule, and both as nobody knows."""
    groups = [part.split() for part in printed(capsys).split("\n\n")]
    assert groups[0] == ["5", "keys", "at", f"{NOON},", "until", "2027-01-01T00:00:00Z"]
    members = [set(words[3:]) for words in groups[1:]]
    assert {"RU", "UA"} in members
    assert {"unknown", "tor"} in members
    assert {"BY"} in members
    assert {"FR"} in members
    assert {"DE", "US", "UA-30", "FR-971"} <= members[0]
    assert groups[1][0] == "00000000"


def test_the_json_has_all_places(desk, capsys):
    """A program gets the same groups, with the key of who is unknown as the default."""
    found = json.loads(printed(capsys, "--map", "json"))
    shared = {name: key for key, members in found["keys"].items() for name in members}
    assert (found["at"], found["until"]) == (NOON, "2027-01-01T00:00:00Z")
    assert found["default"] == shared["unknown"] == shared["tor"]
    assert shared["RU"] == shared["UA"] != shared["UA-30"] == shared["DE"] == "00000000"


def read_nginx(text: str) -> Callable[[str], str]:
    """What nginx's ``map`` does: exact strings first, then regular expressions in their order, then the default."""
    body = re.search(r'map "\$geo_country-\$geo_subdivision" \$notices_key \{\n(.*)\n\}', text, re.DOTALL)
    default, *rows = (line.strip().rstrip(";").split(" ") for line in body[1].splitlines())
    assert default[0] == "default"
    patterns = [(re.compile(pattern.strip('"').removeprefix("~")), key) for pattern, key in rows]
    return lambda place: next((key for pattern, key in patterns if pattern.search(place)), default[1])


def read_varnish(text: str) -> Callable[[str], str]:
    """What Varnish does: the first branch whose expression matches, else what was set before."""
    default = re.search(r'^    set req\.http\.Notices-Key = "(\w+)";$', text, re.MULTILINE)[1]
    condition = r'^    (?:else)?if \(req\.http\.Geo-Place ~ "([^"]+)"\) \{\n'
    branch = condition + r'        set req\.http\.Notices-Key = "(\w+)";\n    \}$'
    patterns = [(re.compile(pattern), key) for pattern, key in re.findall(branch, text, re.MULTILINE)]
    assert len(patterns) == text.count("if (")
    return lambda place: next((key for pattern, key in patterns if pattern.search(place)), default)


@pytest.mark.parametrize(("form", "read"), [("nginx", read_nginx), ("varnish", read_varnish)], ids=["nginx", "varnish"])
@pytest.mark.parametrize("unsure", ["show", "{anonymous: hide}"], ids=["Tor like unknown", "Tor unlike unknown"])
def test_a_map_gives_the_servers_keys(desk, capsys, form, read, unsure):
    """For each place as a source writes it, the cache finds the key that the server would answer."""
    write_rules(desk / "rules", SMALL_RULES.replace("    features:", f"    unsure: {unsure}\n    features:"))
    ruleset = load_folder(desk / "rules").ruleset
    index, gazetteer = build_index(ruleset), Gazetteer(ruleset.labels, ruleset.contested)
    found = read(printed(capsys, "--map", form))
    for place in PLACES:
        country, _, code = place.partition("-")
        candidates = gazetteer.resolve(country if len(country) == 2 else None, (code,))
        location = Location(network="tor") if country == "T1" else Location(candidates)
        assert found(place) == visitor_key(index, location, datetime(2026, 11, 22, 12, tzinfo=UTC)).value, place


def test_a_map_says_until_when_it_holds(desk, capsys):
    """Who installs a map reads when to make the next; without a change to come, until the rules change."""
    assert "right until 2027-01-01T00:00:00Z." in printed(capsys, "--map", "nginx").splitlines()[0]
    write_rules(desk / "rules", SMALL_RULES.replace("{from: 2027-01-01}", "{from: 2020-01-01}"))
    assert "right until the rules change." in printed(capsys, "--map", "varnish").splitlines()[0]


def test_an_instant_of_no_use_exits_with_2(desk, capsys):
    """The option at fault is named."""
    assert main(["key", "--at", "soon"]) == 2
    assert "--at: it must be an instant" in capsys.readouterr().err
