"""Lints in ``notices check``: what fails a check, what is printed in which form, and the hooks that call it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml

from notices.cli import main
from notices.folder import load_files
from tests.lints import rule, rules
from tests.small_rules import write_rules

TREE = Path(__file__).parent.parent
ASSERTING = rule(text='{en: "You are in Russia."}', where="[RU-MOW, RU-SPE]", review_by="2020-01-01")


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """The working directory of an editor."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    return tmp_path


def test_errors_and_warnings_are_printed_together(desk, capsys):
    """A folder with errors is still judged whole, with lines, carets and fixes."""
    write_rules(desk / "rules", ASSERTING)
    assert main(["check", "--at", "2026-11-22"]) == 1
    out, err = capsys.readouterr()
    said = "the text tells the reader where the reader is ('You are in Russia.'), and nobody knows that for sure"
    assert out.splitlines() == [
        f"rules/rules.yaml:10:17: error[asserts-place] {said}",
        '   10 |     text: {en: "You are in Russia."}',
        "      |                 ^",
        "    fix: make it a condition: If you are in ...",
        "rules/rules.yaml:12:16: warning[review-overdue] the review of 'first' by legal-desk is overdue by 2517 days",
        "   12 |     review-by: 2020-01-01",
        "      |                ^",
        "    fix: review its facts, and write the day of the next review",
    ]
    assert err == "rules: 1 error, 1 warning\n"


def test_cases_run_beside_errors_of_lints(desk, capsys):
    """An error in a text does not hide a case that fails."""
    folder = write_rules(desk / "rules", ASSERTING)
    (folder / "a_test.yaml").write_text(
        "now: 2026-01-01T00:00Z\ncases: [{name: n, visitor: {region: DE}, expect: [first]}]\n"
    )
    assert main(["check", "--at", "2026-11-22"]) == 1
    assert "rules/a_test.yaml:2:9: error[case-failed]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(ASSERTING, "asserts-place", id="a text that asserts"),
        pytest.param(rule(text="{ru: in English}"), "wrong-script", id="a text in the wrong script"),
        pytest.param(
            rule(text='{en: "[x](https://cоurier.example)"}'), "look-alike", id="a link with a Cyrillic letter"
        ),
        pytest.param(
            rules("where: [RU], show: {first: true}", "where: [RU], show: {first: true}"),
            "first-conflict",
            id="two first",
        ),
    ],
)
def test_errors_of_lints_fail_a_check_and_stop_no_load(text, code, desk, capsys):
    """What no release should hold fails the check, on any day; a verdict on words takes no live warning away."""
    write_rules(desk / "rules", text)
    assert main(["check"]) == 1
    assert f"error[{code}]" in capsys.readouterr().out
    assert load_files({"a.yaml": text.encode()}).ruleset.rules


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(rule(review_by="2000-01-01"), id="an overdue review"),
        pytest.param(rules("where: {any: [RU], except: [RU]}"), id="an unreachable rule"),
        pytest.param("regions: {s: {include: [DE], except: [DE]}}\n" + rule(), id="an empty set"),
    ],
)
def test_warnings_do_not_block_loading(text):
    """Warnings are for editors, and the clock blocks nothing."""
    assert load_files({"a.yaml": text.encode()}).ruleset.rules


def test_warnings_fail_where_asked_and_at_their_time(desk, capsys):
    """``--strict`` makes a warning count; ``--at`` says for when."""
    write_rules(desk / "rules", rule(review_by="2027-02-01"))
    assert main(["check", "--strict", "--at", "2027-02-01"]) == 0
    assert main(["check", "--at", "2027-02-02"]) == 0
    assert main(["check", "--strict", "--at", "2027-02-02"]) == 1
    capsys.readouterr()


def test_a_wrong_instant_is_a_wrong_call(desk, capsys):
    """What is no instant is refused with 2."""
    write_rules(desk / "rules")
    assert main(["check", "--at", "tomorrow"]) == 2
    assert "--at" in capsys.readouterr().err


def test_github_and_json_have_warnings_too(desk, capsys):
    """Levels are those of the formats; a hint is a notice."""
    write_rules(desk / "rules", rule(where="[FR]", review_by="2027-02-01"))
    main(["check", "--format", "github", "--at", "2027-02-02"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::notice", "::warning"]
    assert "line=12,col=16,title=review-overdue::" in lines[1]
    main(["check", "--format", "json", "--at", "2027-02-02"])
    found = json.loads(capsys.readouterr().out)
    assert (found["errors"], found["warnings"], found["hints"]) == (0, 1, 1)
    assert "coverage" not in found


EXAMPLES = "    examples: [{visitor: {region: RU}, expect: shown}]\n"
CASE = "now: 2026-01-01T00:00Z\ncases:\n  - {name: n, visitor: {region: UA-43}, expect: [first]}\n"


def test_coverage_says_what_no_case_touches(desk, capsys):
    """Rules, regions and causes, first without, then with a case that touches more."""
    text = rule(where="[RU, UA-43]") + EXAMPLES
    folder = write_rules(desk / "rules", text)
    assert main(["check", "--coverage"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "coverage: first: never hidden; nobody is in UA-43; no doubt that is anonymous, unknown, contested, coarse",
        "coverage: 0 of 1 active rule touched whole by 0 cases and 1 example",
    ]
    more = "  - {name: m, visitor: {region: DE}, expect: []}\n  - {name: o, visitor: {region: UA}, expect: [first]}\n"
    more += "  - {name: p, visitor: {unknown: true}, expect: [first]}\n"
    more += "  - {name: r, visitor: {region: [UA-14, RU]}, expect: [first]}\n"
    more += "  - {name: q, visitor: {anonymous: tor}, expect: [first]}\n"
    (folder / "a_test.yaml").write_text(CASE + more)
    assert main(["check", "--coverage", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["coverage"] == {
        "cases": 6,
        "examples": 1,
        "rules": [{"rule": "first", "shown": True, "hidden": True, "regions": [], "causes": []}],
    }


def test_a_region_is_touched_from_within(desk, capsys):
    """A case in Moscow is one in Russia; one of Russia alone is none in Moscow; long lists are cut."""
    write_rules(desk / "rules", rule(where="[RU, DE-BE, eu]") + EXAMPLES.replace("RU", "RU-MOW"))
    main(["check", "--coverage"])
    line = capsys.readouterr().out.splitlines()[0]
    assert "nobody is in AT, AX, BE, BG, CY, CZ, DE, DE-BE and 29 more" in line


def test_the_projects_own_rules_are_clean(capsys, monkeypatch):
    """No warning on the day on which they were reviewed, and no hint but of texts that wait for a native editor."""
    monkeypatch.chdir(TREE)
    assert main(["check", "rules", "--strict", "--at", "2026-11-22", "--format", "json"]) == 0
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {(one["level"], one["code"]) for one in problems} <= {("hint", "unread")}


def test_the_hook_runs_what_there_is(capsys, monkeypatch):
    """The definition for pre-commit calls a command that exists, with arguments that it takes."""
    monkeypatch.chdir(TREE)
    (hook,) = yaml.safe_load((TREE / ".pre-commit-hooks.yaml").read_text("utf-8"))
    program, *words = shlex.split(hook["entry"])
    assert program == "notices"
    assert main([*words, *hook["args"]]) == 0
    assert re.search(hook["files"], "rules/notices/ru/undesirable.yaml")
    assert not hook["pass_filenames"]


GUIDE = (TREE / "docs" / "check-in-ci.md").read_text("utf-8")


def guide_commands() -> list[str]:
    """The lines of the guide's blocks that call the command."""
    return sorted(set(re.findall(r"^\W*(?:run: )?(notices check(?: [\w./-]+)+)", GUIDE, flags=re.MULTILINE)))


@pytest.mark.parametrize("line", guide_commands())
def test_the_commands_of_the_guide_run(line, capsys, monkeypatch):
    """Each command line of the guide is one that the command line takes; a day far ahead finds overdue reviews."""
    monkeypatch.chdir(TREE)
    assert main(shlex.split(line)[1:]) in {0, 1}
    assert "Usage" not in capsys.readouterr().err


def test_the_guide_names_every_code_of_the_lints():
    """Each code that a lint can report has its row or stands among the hints."""
    sources = "".join(path.read_text("utf-8") for path in (TREE / "notices" / "lint").glob("*.py"))
    codes = set(re.findall(r'"(?:error|warning|hint)", "([a-z-]+)"', sources))
    assert len(codes) == 19
    assert all(f"`{code}`" in GUIDE for code in codes)


def test_the_guide_names_every_warning_of_the_loader():
    """What does not block is told there, also where it is found while reading the files."""
    rooms = (path for room in ("loader", "folder") for path in (TREE / "notices" / room).glob("*.py"))
    sources = "".join(path.read_text("utf-8") for path in rooms)
    codes = set(re.findall(r'(?:"(?:warning|hint)"|\blevel), "([a-z-]+)"', sources))
    assert {"clock-change", "alias", "no-rules", "overseas"} < codes
    assert {code for code in codes if f"`{code}`" not in GUIDE} == set()


def test_the_snippets_are_yaml():
    """What is copied from the guide parses."""
    snippets = re.findall(r"^```yaml\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)
    assert len(snippets) == 3
    assert all(isinstance(yaml.safe_load(snippet), dict) for snippet in snippets)
