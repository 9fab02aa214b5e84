"""What active rules rest on that nobody has confirmed: texts that no native editor has read, statuses from memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from notices.cli import main
from tests.lints import codes, findings, lint, rules
from tests.small_rules import write_rules

HEAD = """\
defaults: {timezone: Europe/Moscow, language: en}
publishers:
  paper:
    name: {en: Paper}
    statuses:
      - {status: listed-there, listed: 2026-02-20}
      - {status: other, listed: 2026-03-01, confidence: low}
  weekly: {name: {en: Weekly}, part-of: paper}
  radio: {name: {en: Radio}}
"""


def asking(pages, head=HEAD):
    return rules(f"where: [RU], pages: {pages}", head=head)


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param("{statuses: [other]}", id="any publisher"),
        pytest.param("{publishers: [paper], statuses: [other]}", id="the publisher itself"),
        pytest.param("{publishers: [weekly], statuses: {any: [other], since: decided}}", id="a brand of it alone"),
        pytest.param("{mentioned-statuses: [other]}", id="one that a page mentions"),
    ],
)
def test_a_status_from_memory_that_an_active_rule_asks_for_is_a_warning(pages):
    """Readers get nothing by it: the warning stands at the doubt, once, and says what to do."""
    (found,) = [one for one in findings(asking(pages)) if one.code == "unconfirmed-status"]
    assert (found.level, found.line, found.column) == ("warning", 7, 57)
    assert found.message == "'a' does not act by the status 'other' of 'paper': its confidence is low"
    assert found.fix.startswith("confirm its days by a source and write 'confidence: high'")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(asking("{statuses: [listed-there]}"), id="a status that is sure"),
        pytest.param(asking("{publishers: [radio], statuses: [other]}"), id="another publisher's"),
        pytest.param(asking("{publishers: [paper], except: {statuses: [other]}}"), id="in an exception"),
        pytest.param(asking("{statuses: [other, listed-there]}"), id="where a sure one holds longer"),
        pytest.param(asking("{statuses: [other]}").replace("active", "draft"), id="asked by a draft"),
        pytest.param(asking("{statuses: [other]}").replace("low}", "low, until: 2026-11-22}"), id="what is over"),
        pytest.param(asking("{statuses: [other]}").replace("low}", "medium}"), id="what was confirmed"),
    ],
)
def test_a_status_that_keeps_nothing_from_readers_is_not_told(text):
    """Nothing to do, nothing said."""
    assert "unconfirmed-status" not in codes(text)


@pytest.mark.parametrize(
    ("sure", "told"),
    [
        pytest.param("listed: 2026-03-01", False, id="from the same day on"),
        pytest.param("listed: 2026-03-02", True, id="from a day later on"),
        pytest.param("listed: 2026-01-01, until: 2027-01-01", True, id="not for ever"),
    ],
)
def test_a_status_from_memory_is_told_where_the_sure_one_does_not_cover_it(sure, told):
    """One day on which readers would have got the notice is enough."""
    text = asking("{statuses: [other, listed-there]}").replace("listed: 2026-02-20", sure)
    assert ("unconfirmed-status" in codes(text)) is told


def test_a_status_is_told_until_the_day_that_it_ends():
    """The moment before it is over it still keeps something from readers."""
    text = asking("{statuses: [other]}").replace("low}", "low, until: 2026-11-23}")
    end = datetime(2026, 11, 22, 21, tzinfo=UTC)  # midnight in Moscow
    assert "unconfirmed-status" in codes(text, end.replace(hour=20, minute=59))
    assert "unconfirmed-status" not in codes(text, end)


UNREAD = "where: [RU], text: {en: Text, ru: Текст, uk: Текст}, unread: [ru, uk]"


def unread(status="active"):
    return rules(UNREAD).replace("text: {en: Text}, ", "").replace("active", status)


def test_texts_that_no_native_editor_has_read_are_one_hint_for_each_rule():
    """With their languages; a draft may wait, and so may what nobody is shown any more."""
    column = unread().splitlines()[1].index("[ru, uk]") + 1
    assert lint(unread()) == [(f"a.yaml:2:{column}", "hint[unread]")]
    (found,) = findings(unread())
    assert "'a' is active, and no native editor has read its text in ru, uk" in found.message
    assert [codes(unread(status)) for status in ("draft", "suspended", "retired")] == [[], [], []]
    assert codes(unread().replace("[ru, uk]", "[]")) == []


def test_unread_texts_fail_no_strict_check_and_are_counted(tmp_path, capsys):
    """As a line for people, and by rule in JSON."""
    folder = str(write_rules(tmp_path / "rules", unread()))
    assert main(["check", folder, "--strict", "--coverage"]) == 0
    line = "coverage: 2 texts of 1 active rule not yet read by a native editor"
    assert line in capsys.readouterr().out.splitlines()
    assert main(["check", folder, "--coverage", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["hints"], found["coverage"]["unread"]) == (1, {"a": ["ru", "uk"]})
    write_rules(tmp_path / "rules", unread().replace(", unread: [ru, uk]", ""))
    assert main(["check", folder, "--coverage"]) == 0
    assert "native editor" not in capsys.readouterr().out


def test_an_adopted_rule_says_at_the_adoption_which_texts_wait():
    """Until the adopting site says that somebody has read them."""
    text = (
        "publishers:\n  paper: {name: {en: Paper}, hosts: [paper.example]}\n"
        "adopt:\n  us-ca-privacy: {publishers: [paper], owner: desk, review-by: 2030-01-01}\n"
    )
    (told,) = [one for one in findings(text) if one.code == "unread"]
    assert (told.level, told.line, told.column) == ("hint", 4, 3)
    assert told.fix.endswith("then write those still to be read under 'unread' here")
    assert "unread" not in codes(text.replace("2030-01-01}", "2030-01-01, unread: []}"))
