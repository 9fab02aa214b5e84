"""``notices timeline``: what changes when, for people and as JSON, and an exit code for reviews."""

from __future__ import annotations

import json

import pytest

from notices.cli import main
from tests.small_rules import SMALL_RULES, write_rules

DATED = """\
defaults: {timezone: Europe/Moscow, language: en}
rules:
  winter:
    title: In winter
    kind: courtesy
    status: active
    where: [union]
    when: {from: 2026-12-01, until: 2026-12-31}
    text:
      - {from: 2020-01-01, text: {en: Old}}
      - {from: 2026-12-15, text: {en: New, ru: Новый}}
    owner: legal-desk
    review-by: 2026-11-23
regions:
  union: {title: A union, include: [DE, {code: AT, from: 2026-12-10}, {code: FI, from: 2026-12-10}]}
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    return tmp_path


def told(capsys, *arguments, code=0):
    assert main(["timeline", *arguments]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_everything_to_come_is_told_in_order(desk, capsys):
    """Windows, set entries and texts, each with its moment; the last moment shown is spelled out."""
    write_rules(desk / "rules", DATED)
    assert told(capsys, "--at", "2026-11-22T12:00:00Z").splitlines() == [
        "Seen from 22 Nov 2026, 15:00:00 Europe/Moscow",
        "",
        "Took effect  none",
        "",
        "In force  none",
        "",
        "To come",
        "  1 Dec 2026, 00:00:00 Europe/Moscow   winter  begins",
        "  10 Dec 2026, 00:00:00 UTC            winter  AT, FI join the set union",
        "  15 Dec 2026, 00:00:00 Europe/Moscow  winter  another text (en, ru)",
        "  31 Dec 2026, 00:00:00 Europe/Moscow  winter  ends: last shown 30 Dec 2026, 23:59:59 Europe/Moscow",
        "",
        "Reviews",
        "  2026-11-23  winter  due in 1 day  legal-desk",
    ]


def test_an_overdue_review_exits_with_1(desk, capsys):
    """On the day after, and not before; the rule in force says until when."""
    write_rules(desk / "rules", DATED)
    assert "due today" in told(capsys, "--at", "2026-11-23T20:59:59Z")
    out = told(capsys, "--at", "2026-12-02T12:00:00Z", code=1).splitlines()
    assert out[6] == (
        "  winter  since 1 Dec 2026, 00:00:00 Europe/Moscow, last shown 30 Dec 2026, 23:59:59 Europe/Moscow"
    )
    assert out[-1] == "  2026-11-23  winter  overdue by 9 days  legal-desk"


def test_drafts_are_named_and_left_out(desk, capsys):
    """The folder may be named, and drafts change nothing."""
    write_rules(desk / "mine", SMALL_RULES)
    lines = told(capsys, "mine", "--at", "2026-11-22").splitlines()
    assert lines[3] == "  20 Feb 2024, 00:00:00 Europe/Moscow  ru-readers  begins"
    assert "  1 Jan 2027, 00:00:00 UTC  de-later  begins" in lines
    assert lines[-1] == "Not active, and left out: hk-draft (draft)"


def test_json_has_the_same(desk, capsys):
    """Instants in UTC, days as dates, and the last moment in words."""
    write_rules(desk / "rules", DATED)
    found = json.loads(told(capsys, "--at", "2026-12-30", "--json", code=1))
    assert found["at"] == "2026-12-30T00:00:00Z"
    assert found["in_force"] == [
        {
            "rule": "winter", "start": "2026-11-30T21:00:00Z", "end": "2026-12-30T21:00:00Z", "zone": "Europe/Moscow",
            "last_shown": "30 Dec 2026, 23:59:59 Europe/Moscow",
        }
    ]  # fmt: skip
    assert found["coming"] == [
        {
            "at": "2026-12-30T21:00:00Z", "zone": "Europe/Moscow", "what": "ends", "rules": ["winter"], "set": None,
            "regions": [], "languages": [], "last_shown": "30 Dec 2026, 23:59:59 Europe/Moscow",
        }
    ]  # fmt: skip
    assert [event["what"] for event in found["past"]] == ["begins", "joins", "text"]
    assert found["reviews"] == [
        {"rule": "winter", "by": "2026-11-23", "owner": "legal-desk", "days": -37, "overdue": True}
    ]


def test_a_wrong_instant_is_wrong_usage(desk, capsys):
    """Exit code 2, and what to write."""
    write_rules(desk / "rules", DATED)
    assert main(["timeline", "--at", "soon"]) == 2
    assert "--at: it must be an instant with an offset" in capsys.readouterr().err


WAITING = DATED.replace("    review-by: 2026-11-23\n", "    review-by: 2026-11-23\n    unread: [ru]\n")


def test_texts_that_nobody_has_read_are_counted(tmp_path, capsys):
    """With rule and language, for people and as JSON; of rules that are not active nothing is said."""
    folder = write_rules(tmp_path / "rules", WAITING)
    main(["timeline", str(folder), "--at", "2026-11-22"])
    assert "\n1 text that no native editor has read: winter (ru)\n" in capsys.readouterr().out
    main(["timeline", str(folder), "--at", "2026-11-22", "--json"])
    assert json.loads(capsys.readouterr().out)["unread"] == [{"rule": "winter", "languages": ["ru"]}]
    write_rules(tmp_path / "rules", WAITING.replace("status: active", "status: draft"))
    main(["timeline", str(folder), "--at", "2026-11-22"])
    assert "native editor" not in capsys.readouterr().out
