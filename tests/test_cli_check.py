"""``notices check``: what it prints for which rules, and how it exits."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from notices.cli import main
from notices.cli.report import print_problems
from notices.errors import Problem
from tests.small_rules import SMALL_RULES, write_rules

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = """\
rules:
  by-readers:
    title: For readers
    kind: courtesy
    status: active
    where: [BY, UA-99]
    text: {en: "Sharing this can be punished."}
    owner: desk
    review-by: 2030-01-01
  de-readers:
    title: For readers
    kind: curtesy
    status: active
    where: [DE]
    text: {de: "Ein Hinweis."}
    owner: desk
    review-by: 2030-01-01
"""
CASES = """\
now: 2026-11-22T12:00:00Z
cases:
  - name: a reader in Germany
    visitor: {region: DE}
    page: {url: "https://gazette.example/news/1"}
    expect: [ru-readers]
"""


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    """The working directory of an editor."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    return tmp_path


def test_rules_without_fault_are_named_and_pass(desk, capsys):
    """Nothing on stdout, one line on stderr, exit code 0."""
    write_rules(desk / "rules", SMALL_RULES.replace("where: [FR]", "where: [france]"))
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("", "rules: no problems\n")


def test_every_problem_is_shown_at_its_place(desk, capsys):
    """All problems of the rules at once, sorted by place."""
    write_rules(desk / "rules", BROKEN)
    assert main(["check", "rules"]) == 1
    out, err = capsys.readouterr()
    assert re.findall(r"^rules/rules\.yaml:(\d+:\d+): (\w+\[[a-z-]+\]) \S", out, re.MULTILINE) == [
        ("6:17", "error[unknown-region]"),
        ("12:11", "error[unknown-value]"),
    ]
    assert err == "rules: 2 errors\n"


PROBLEM = Problem("rules.yaml", 6, 17, "error", "unknown-region", "'UA-99' is no region", "did you mean UA-59?")


def test_a_problem_is_shown_with_its_line(desk, capsys):
    """Below the place stands the line, a caret under the value, and the fix."""
    folder = write_rules(desk / "rules", BROKEN)
    print_problems([PROBLEM], folder)
    assert capsys.readouterr().out.splitlines() == [
        f"{folder}/rules.yaml:6:17: error[unknown-region] 'UA-99' is no region",
        "    6 |     where: [BY, UA-99]",
        "      |                 ^",
        "    fix: did you mean UA-59?",
    ]


@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(replace(PROBLEM, path="gone.yaml"), id="file is gone"),
        pytest.param(replace(PROBLEM, line=99), id="line is gone"),
        pytest.param(replace(PROBLEM, line=0, column=0), id="the file as a whole"),
    ],
)
def test_a_problem_without_a_line_is_shown_without_one(desk, capsys, problem):
    """What cannot be quoted any more is told all the same."""
    print_problems([problem], write_rules(desk / "rules", BROKEN))
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_the_json_has_every_field(desk, capsys):
    """A program gets path, line, column, level, code, message and fix, and the numbers by level."""
    write_rules(desk / "rules", BROKEN)
    assert main(["check", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    first = found["problems"][0]
    assert (found["errors"], found["warnings"], found["hints"]) == (2, 0, 0)
    assert list(first) == ["path", "line", "column", "level", "code", "message", "fix"]
    assert list(first.values())[:5] == ["rules/rules.yaml", 6, 17, "error", "unknown-region"]
    assert "UA-99" in first["message"]
    assert "UA-59" in first["fix"]


def test_github_marks_the_lines_of_a_change(desk, capsys):
    """One workflow command a problem, with what it means escaped."""
    write_rules(desk / "rules,1", BROKEN.replace("UA-99", "100%"))
    assert main(["check", "rules,1", "--format", "github"]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("::error file=rules%2C1/rules.yaml,line=6,col=17,title=")
    assert "100%25" in first


def test_cases_are_run(desk, capsys):
    """A case of a ``*_test.yaml`` file that the rules fail is an error at its place."""
    folder = write_rules(desk / "rules")
    (folder / "readers_test.yaml").write_text(CASES)
    assert main(["check"]) == 1
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("rules/readers_test.yaml:3:5: error[case-failed] ")
    assert second == "    3 |   - name: a reader in Germany"


def test_an_example_that_fails_is_an_error(desk, capsys):
    """Rules whose own examples fail do not load, and check says which."""
    example = "    examples:\n      - {visitor: {region: KZ}, expect: shown}\n"
    write_rules(desk / "rules", SMALL_RULES + example)
    assert main(["check"]) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if "error[" in line]
    assert len(lines) == 1
    assert lines[0].startswith(f"rules/rules.yaml:{SMALL_RULES.count(chr(10)) + 2}:9: error[example-failed] ")


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 0), (["--strict"], 1)], ids=["passes", "fails where warnings count"]
)
def test_warnings_count_where_asked(desk, capsys, arguments, code):
    """A warning is printed in any case, and makes the command fail with ``--strict`` alone."""
    # On 25 October 2026 the clocks in Prague show each time from 02:00 to 03:00 twice.
    when = "{from: 2026-10-25T02:30, timezone: Europe/Prague}"
    write_rules(desk / "rules", SMALL_RULES.replace("{from: 2027-01-01}", when))
    assert main(["check", *arguments]) == code
    line = SMALL_RULES.partition("{from: 2027-01-01}")[0].count("\n") + 1
    assert f"rules/rules.yaml:{line}:18: warning[" in capsys.readouterr().out


def test_hints_never_fail(desk, capsys):
    """A hint is advice: it is printed, and the command passes, with ``--strict`` too."""
    write_rules(desk / "rules")
    assert main(["check", "--strict"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("rules/rules.yaml:23:")
    assert out.count("hint[") == 1
    assert err == "rules: 1 hint\n"


def test_the_folder_is_the_environments(desk, capsys, monkeypatch):
    """Without an argument the rules are those of ``NOTICES_RULES``."""
    write_rules(desk / "elsewhere", BROKEN)
    monkeypatch.setenv("NOTICES_RULES", "elsewhere")
    assert main(["check"]) == 1
    assert capsys.readouterr().out.startswith("elsewhere/rules.yaml:6:17: error[unknown-region]")


@pytest.mark.parametrize(
    ("make", "starts"),
    [
        pytest.param(lambda path: path.mkdir(), "rules:0:0: error[no-rules] ", id="an empty folder"),
        pytest.param(lambda path: path.write_text(BROKEN), "rules:0:0: error[not-a-folder] ", id="a file"),
        pytest.param(
            lambda path: (path.mkdir(), (path / "a_test.yaml").write_text("now: 2026-01-01\ncases: []\n")),
            "rules/a_test.yaml:1:1: error[no-rules] ",
            id="cases alone",
        ),
    ],
)
def test_what_is_no_folder_of_rules_is_an_error(desk, capsys, make, starts):
    """Rules that are not there are not rules without problems."""
    make(desk / "rules")
    assert main(["check", "rules"]) == 1
    assert capsys.readouterr().out.startswith(starts)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["check", "nowhere"], "there is no folder 'nowhere'; name one, or set NOTICES_RULES", id="folder"),
        pytest.param(["check", "--format", "xml"], "'xml' is not one of 'text', 'json', 'github'", id="format"),
        pytest.param(["check", "--colour"], "No such option", id="option"),
        pytest.param(["chekc"], "No such command 'chekc'. Did you mean 'check'?", id="command"),
        pytest.param(["frobnicate"], "No such command 'frobnicate'.\n", id="a command like none"),
    ],
)
def test_a_wrong_call_exits_with_2(desk, capsys, arguments, says):
    """Who calls the command wrongly is told how, on stderr, and scripts can tell that from wrong rules."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err


def test_a_line_cannot_steer_the_terminal(desk, capsys):
    """Control characters in a rules file are not sent to the editor's terminal; a long line is cut around its place."""
    long = "x" * 300
    write_rules(desk / "rules", BROKEN.replace("[BY, UA-99]", f"[BY, UA-99] # \N{RIGHT-TO-LEFT OVERRIDE}{long}"))
    main(["check"])
    line = capsys.readouterr().out.splitlines()[1]
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in line
    assert line.startswith("    6 |     where: [BY, UA-99] # \N{REPLACEMENT CHARACTER}xxx")
    assert len(line) < 120


def run_on_terminal(folder: Path, **environment: str) -> tuple[int, str]:
    """Run ``python -m notices check`` with a terminal for its output."""
    ours, theirs = pty.openpty()
    variables = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm"}
    command = [sys.executable, "-m", "notices", "check", "rules"]
    process = subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs, env=variables | environment)
    os.close(theirs)
    written = b""
    while True:
        try:
            block = os.read(ours, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not block:
            break
        written += block
    os.close(ours)
    return process.wait(60), written.decode()


def test_colour_is_for_terminals(desk):
    """A terminal gets colours, unless NO_COLOR is set; a pipe never does."""
    write_rules(desk / "rules", BROKEN)
    code, coloured = run_on_terminal(desk)
    _, plain = run_on_terminal(desk, NO_COLOR="1")
    piped = subprocess.run([sys.executable, "-m", "notices", "check"], cwd=desk, capture_output=True, text=True)
    assert code == piped.returncode == 1
    assert "\x1b[31m\x1b[1merror[unknown-region]\x1b[0m" in coloured
    assert "\x1b" not in plain
    assert "\x1b" not in piped.stdout + piped.stderr
    assert "error[unknown-region]" in plain
    assert "error[unknown-region]" in piped.stdout
