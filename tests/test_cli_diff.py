"""``notices diff``: sentences, text diffs and what to purge; folders and git revisions; exit codes for reviews."""

from __future__ import annotations

import json

import pytest

from notices.cli import main
from tests.repository import commit, git
from tests.small_rules import SMALL_RULES, write_rules

CHANGED = SMALL_RULES.replace("can be punished", "may be punished").replace(
    "where: [DE]\n    when: {from: 2027-01-01}", "where: [DE, AT]\n    when: {from: 2027-01-01}\n    unsure: hide"
)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """The small rules in ./rules, committed, and the changed ones in ./new."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    write_rules(tmp_path / "rules")
    commit(tmp_path, "2026-03-01T12:00:00Z")
    write_rules(tmp_path / "new", CHANGED)
    return tmp_path


def told(capsys, *arguments, code):
    assert main(["diff", *arguments]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_what_changes_is_told_in_sentences(desk, capsys):
    """One for each change, with the text that goes and that comes, and what to purge."""
    lines = told(capsys, "rules", "new", code=1).splitlines()
    assert lines[0] == (
        "Readers in AT or whose sources disagree (such as AT and DE), from 1 Jan 2027: new notice de-later"
    )
    assert lines[1].startswith("Readers in RU and 6 regions of Ukraine (UA-09, UA-14, UA-23, UA-40, UA-43, UA-65), of")
    assert lines[1].endswith(", from 20 Feb 2024: notice ru-readers changed (text in en)")
    assert lines[2:7] == [
        "  text in en:",
        "  - Sharing what {publisher} writes can be punished.",
        "  + Sharing what {publisher} writes may be punished.",
        "",
        "Purge from caches: all pages",
    ]
    assert lines[7].startswith("  stored under keys 00000000, ")
    assert len(lines) == 8


def test_the_same_rules_in_other_words_are_the_same(desk, capsys):
    """Exit code 0; titles, owners, comments and the order of files are nobody's notice."""
    write_rules(desk / "new", "# A comment\n" + SMALL_RULES.replace("legal-desk", "other-desk"))
    assert told(capsys, "rules", "new", code=0) == "No reader is shown anything else.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["HEAD~1", "HEAD"], id="two revisions"),
        pytest.param(["HEAD~1"], id="a revision and the folder"),
        pytest.param(["HEAD~1:rules", "HEAD:./rules"], id="folders of revisions"),
        pytest.param(["HEAD~1", "rules"], id="a revision and a folder"),
    ],
)
def test_revisions_are_compared_as_folders_are(desk, capsys, arguments):
    """Whatever way the two are named."""
    write_rules(desk / "rules", SMALL_RULES.replace("can be", "may be"))
    git(desk, "add", "rules")
    git(desk, "commit", "-q", "-m", "change")
    found = json.loads(told(capsys, *arguments, "--json", code=1))
    assert [(effect["change"], effect["rules"]) for effect in found["effects"]] == [("changed", ["ru-readers"])]
    assert told(capsys, "HEAD", "rules", code=0)


def test_json_has_everything(desk, capsys):
    """Regions, periods, pages, differences and the purge as values."""
    write_rules(desk / "new", SMALL_RULES.replace("tags: [gambling]", "tags: [betting], paths: [/fun/**]"))
    found = json.loads(told(capsys, "rules", "new", "--json", code=1))
    gained, lost = found["effects"]
    assert gained["sentence"] == (
        "Readers in FR or whose sources disagree (such as FR and DE), on pages with path /fun/** tagged betting, "
        "but not on pages tagged gambling: new notice fr-gambling"
    )
    assert (gained["change"], gained["rules"], gained["action"]) == ("gained", ["fr-gambling"], "notice")
    assert {"FR", "FR-IDF"} < set(gained["visitors"]["regions"])
    assert (gained["visitors"]["unknown"], gained["visitors"]["anonymous"]) == (False, False)
    assert gained["periods"] == [{"start": None, "end": None, "zone": None}]
    assert gained["pages"] == [
        {"meeting": [{"paths": ["/fun/**"], "tags": ["betting"]}], "other": [{"tags": ["gambling"]}]}
    ]
    assert lost["pages"] == [
        {"meeting": [{"tags": ["gambling"]}], "other": [{"paths": ["/fun/**"], "tags": ["betting"]}]}
    ]
    assert found["purge"]["pages"] == [*gained["pages"], *lost["pages"]]
    # Readers in France, and those of whom sources name France and Russia, Belarus, or both.
    assert (found["purge"]["hosts"], found["purge"]["paths"], len(found["purge"]["keys"])) == ([], [], 4)
    assert (found["purge"]["more"], found["untried"]) == (False, [])
    assert (found["at"], found["labels"], found["alone"]) == (None, [], [])


def test_one_instant_can_be_compared(desk, capsys):
    """Before the German rule begins, its change is none."""
    lines = told(capsys, "rules", "new", "--at", "2026-12-31", code=1).splitlines()
    assert lines[0] == "At 31 Dec 2026, 00:00:00 UTC:"
    assert not any("de-later" in line for line in lines)
    assert "from" not in lines[1]
    later = told(capsys, "rules", "new", "--at", "2027-01-01", code=1)
    assert "Readers in AT or whose sources disagree (such as AT and DE): new notice de-later" in later.splitlines()


def test_a_label_is_told(desk, capsys):
    """Sources' words that now mean another place."""
    write_rules(desk / "new", SMALL_RULES + "labels:\n  - {country: [FR], name: [Nowhere], region: DE-BY}\n")
    lines = told(capsys, "rules", "new", code=1).splitlines()
    assert lines[0] == "Sources that say FR, Nowhere now mean DE-BY, before FR"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere", "new"], "'nowhere' is neither a folder nor a git revision"),
        (["HEAD~7"], "'HEAD~7' is neither a folder nor a git revision"),
        (["HEAD:laws", "new"], "there is no rules file in 'laws' at commit"),
        (["rules", "new", "--at", "soon"], "--at: it must be an instant"),
        (["broken", "new"], "the rules of 'broken' cannot be used"),
        ([], "Missing argument 'OLD'"),
    ],
)
def test_wrong_usage_exits_with_2(desk, capsys, arguments, message):
    """So that a review tells a change (1) from a comparison that did not take place."""
    write_rules(desk / "broken", SMALL_RULES.replace("[DE]", "[XX]"))
    assert main(["diff", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
