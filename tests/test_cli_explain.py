"""``notices explain``: one decision with every rule's reason, for people and as JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from notices.cli import main
from tests.small_rules import SMALL_RULES, write_rules

if TYPE_CHECKING:
    from pathlib import Path

NOON = "2026-11-22T12:00:00Z"
#: An address of a Russian search engine, public for many years.
RUSSIAN = "77.88.8.8"


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """A working directory with the small rules in ./rules."""
    monkeypatch.chdir(tmp_path)
    for name in ("NOTICES_RULES", "NOTICES_GEOIP"):
        monkeypatch.delenv(name, raising=False)
    write_rules(tmp_path / "rules")
    return tmp_path


def explained(capsys, *arguments: str) -> list[str]:
    """The lines printed, with the variant, a hash, left open."""
    assert main(["explain", "--at", NOON, *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return re.sub(r"(Variant +)[0-9a-f]{8}", r"\1........", out).splitlines()


def test_a_decision_is_told_whole(desk, capsys):
    """Place, certainty, instant, action, page parts; the notices' texts; and a reason for every rule."""
    assert explained(capsys, "--region", "UA-43", "--language", "ru", "--url", "https://gazette.example/news/1") == [
        "Location    UA-43 (Avtonomna Respublika Krym), from query",
        "Certainty   known",
        "At          2026-11-22T12:00:00Z, no change to come",
        "Action      notice",
        "Variant     ........",
        "Page parts  share: hide",
        "",
        "Notices",
        "  ru-readers (warning, ru, after-article)",
        "    За распространение материалов издания могут наказать.",
        "",
        "Rules",
        "  shown   ru-readers   MATCH         UA-43 is in russia-controlled-ukraine",
        "  hidden  by-order     REGION        UA-43 is not in BY",
        "  hidden  de-later     NOT_YET       effective from 2027-01-01",
        "  hidden  fr-gambling  FACT_MISSING  tag not stated",
        "  hidden  hk-draft     STATUS        status is draft",
    ]


def test_a_maybe_is_told_as_such(desk, capsys):
    """Where only Ukraine is known the notice stands, and says that it is not sure."""
    lines = explained(capsys, "--region", "UA", "--page-language", "en")
    assert "Certainty   coarse" in lines
    assert "  ru-readers (warning, en, after-article, not sure)" in lines
    assert any(re.match(r"  shown +ru-readers +UNSURE_SHOWN +UA may be in ", line) for line in lines)


def test_nothing_shown_is_told_as_such(desk, capsys):
    """A reader in Kyiv is shown nothing, and the instant of the next change is named."""
    lines = explained(capsys, "--region", "DE")
    assert lines[:5] == [
        "Location   DE (Germany), from query",
        "Certainty  known",
        "At         2026-11-22T12:00:00Z, until 2027-01-01T00:00:00Z",
        "Action     none",
        "Variant    ........",
    ]
    assert "Notices  none" in lines


@pytest.mark.parametrize(
    ("region", "place"),
    [
        (["unknown"], "not known"),
        (["tor"], "not known: the visitor comes through tor"),
        (["UA-43", "RU"], "UA-43 (Avtonomna Respublika Krym) or RU (Russian Federation), from query"),
        ([], "not known"),
    ],
    ids=["unknown", "tor", "candidates", "nothing said"],
)
def test_the_place_is_told_in_words(desk, capsys, region, place):
    """What is known of a visitor's place is told, or why nothing is."""
    options = [word for code in region for word in ("--region", code)]
    line = explained(capsys, *options)[0]
    assert re.sub(r"^Location +", "", line) == place


def test_a_confidential_rule_is_named_here(desk, capsys):
    """Editors see a court's order by its id, which no public answer holds."""
    lines = explained(capsys, "--region", "BY")
    assert "  by-order (info, en, top)" in lines
    assert "  shown   by-order     MATCH         BY is in BY" in lines
    assert main(["explain", "--region", "BY", "--json"]) == 0
    assert [notice["rule"] for notice in json.loads(capsys.readouterr().out)["notices"]] == ["by-order"]


def test_what_the_page_is_counts(desk, capsys):
    """Facts named on the command line are the page's facts."""
    assert "  shown   fr-gambling  MATCH    FR is in FR" in explained(capsys, "--region", "FR", "--tag", "gambling")


def test_the_instant_counts(desk, capsys):
    """A rule's window is judged at the instant asked about."""
    assert main(["explain", "--region", "DE", "--at", "2027-01-01"]) == 0
    assert "  shown   de-later     MATCH" in capsys.readouterr().out


def test_sources_are_told_for_an_address(desk, capsys):
    """For an address each database's word is told, and whether it was believed; the address is not repeated."""
    lines = explained(capsys, "--ip", RUSSIAN)
    assert lines[0] == "Location    RU (Russian Federation), from database"
    assert lines[-2:] == [
        "Sources",
        "  country.mmdb  says country RU; means RU (Russian Federation); believed: it names a region",
    ]
    assert not any(RUSSIAN in line for line in lines)


def test_the_json_is_the_look_ups_with_more(desk, capsys):
    """Programs get the look-up's answer, drafts among the reasons, and the databases' whole records."""
    assert main(["explain", "--ip", RUSSIAN, "--at", NOON, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["location"] == {"candidates": ["RU"], "certainty": "known", "source": "database"}
    assert (found["at"], found["until"], found["action"]) == (NOON, None, "notice")
    assert found["features"] == {"share": "hide"}
    assert [(notice["rule"], notice["language"]) for notice in found["notices"]] == [("ru-readers", "en")]
    assert {reason["rule"]: reason["reason"] for reason in found["explain"]} == {
        "ru-readers": "MATCH",
        "by-order": "REGION",
        "de-later": "NOT_YET",
        "fr-gambling": "FACT_MISSING",
        "hk-draft": "STATUS",
    }
    assert found["sources"][0]["record"] == {"country": {"iso_code": "RU"}}
    assert RUSSIAN not in json.dumps(found)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--ip", "203.0.113.999"], "--ip: ", id="address"),
        pytest.param(["--region", "UA-99"], "--region: 'UA-99' is no ISO 3166 code", id="region"),
        pytest.param(["--region", "Russia"], "'Russia' is no ISO 3166 code; did you mean 'RU'?", id="country's name"),
        pytest.param(["--region", "Nowhere"], "--region: it is no ISO 3166 code", id="no country's name"),
        pytest.param(["--at", "2026-11-22T12:00"], "--at: it must be an instant with an offset", id="instant"),
        pytest.param(["--ip", RUSSIAN, "--region", "RU"], "--region: it stands beside ip", id="both"),
        pytest.param(["--surface", "paper"], "'paper' is not one of 'article'", id="surface"),
        pytest.param(["--rules", "nowhere"], "there is no folder 'nowhere'", id="rules"),
        pytest.param(["--host", "x"], "No such option '--host'. Did you mean '--url'?", id="an option's usual name"),
        pytest.param(["--page_lang=ru"], "'--page_lang'. Did you mean '--page-language'?", id="another usual name"),
        pytest.param(["--address", "x"], "'--address'. Did you mean '--ip' or '--url'?", id="a name of two things"),
        pytest.param(["--frobnicate"], "No such option", id="no option's name"),
    ],
)
def test_a_wrong_question_exits_with_2(desk, capsys, arguments, says):
    """A question of no use is refused with the option's name, and an address is never repeated."""
    assert main(["explain", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert "203.0.113" not in err
    assert RUSSIAN not in err


def test_all_faults_of_a_question_are_told(desk, capsys):
    """Who asks wrongly twice is told twice."""
    assert main(["explain", "--region", "QQ", "--at", "soon"]) == 2
    err = capsys.readouterr().err
    assert "--region: " in err
    assert "--at: " in err


def test_rules_that_do_not_load_explain_nothing(desk, capsys):
    """Broken rules give their problems on stderr and exit code 1."""
    write_rules(desk / "rules", SMALL_RULES.replace("where: [BY]", "where: [BB, QQ]"))
    assert main(["explain", "--region", "BY"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert re.search(r"^rules/rules\.yaml:\d+:17: error\[unknown-region\] ", err, re.MULTILINE)
    assert err.endswith("Error: the rules cannot be used\n")


def test_a_database_of_no_use_is_named(desk, capsys):
    """A file that is no database is refused by its name."""
    (desk / "geo.mmdb").write_bytes(b"not a database")
    assert main(["explain", "--geoip", "geo.mmdb"]) == 1
    assert "geo.mmdb" in capsys.readouterr().err


def test_it_runs_as_a_module(desk):
    """``python -m notices`` is the same command."""
    command = [sys.executable, "-m", "notices", "explain", "--region", "RU", "--json"]
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["action"] == "notice"
    assert done.stderr == ""


def test_an_option_that_is_not_given_states_nothing(tmp_path, monkeypatch, capsys):
    """Without --tag the page's tags are unknown, which is another reason than tags that do not fit."""
    monkeypatch.chdir(tmp_path)
    write_rules(tmp_path / "rules", SMALL_RULES)
    assert main(["explain", "--region", "RU", "--json"]) == 0
    unstated = {row["reason"] for row in json.loads(capsys.readouterr().out)["explain"]}
    assert main(["explain", "--region", "RU", "--tag", "peace", "--json"]) == 0
    stated = {row["reason"] for row in json.loads(capsys.readouterr().out)["explain"]}
    assert "FACT_MISSING" in unstated
    assert "PAGE" not in unstated
    assert "PAGE" in stated
