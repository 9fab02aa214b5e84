"""``notices schema`` and the command as a whole: help, version, Flask."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml
from jsonschema import Draft202012Validator

import notices
from notices.cli import cli, main
from tests.small_rules import SMALL_RULES

COMMANDS = [
    "adopt",
    "check",
    "coverage",
    "diff",
    "explain",
    "feed",
    "geo",
    "key",
    "new",
    "preview",
    "schema",
    "timeline",
]


def test_the_schema_takes_rules_and_marks_mistakes(capsys):
    """An editor's tool that uses the schema accepts good rules and rejects a wrong key."""
    assert main(["schema"]) == 0
    out, err = capsys.readouterr()
    schema = json.loads(out)
    Draft202012Validator.check_schema(schema)
    judge = Draft202012Validator(schema)
    # Scalars are text until their key types them, so the judge gets them as text too.
    good = yaml.load(SMALL_RULES, yaml.BaseLoader)
    bad = yaml.load(SMALL_RULES.replace("priority: 800", "colour: red"), yaml.BaseLoader)
    assert err == ""
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert [error.message for error in judge.iter_errors(good)] == []
    assert not judge.is_valid(bad)


def test_the_commands_are_those_that_exist(capsys):
    """The help names each command, and none that is yet to be written."""
    assert main(["--help"]) == 0
    assert sorted(cli.commands) == COMMANDS
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in cli.commands)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(capsys, name):
    """``--help`` of a command says what it does."""
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: notices {name} ")


def test_the_version_is_the_packages(capsys):
    """``--version`` names the version installed."""
    assert main(["--version"]) == 0
    assert notices.__version__ in capsys.readouterr().out


@pytest.mark.parametrize("command", [["-m", "notices"], ["-m", "flask", "notices"]], ids=["python -m", "flask"])
def test_it_runs_everywhere(tmp_path, command):
    """The same command stands behind ``python -m notices`` and ``flask notices``."""
    done = subprocess.run(
        [sys.executable, *command, "check", "nowhere"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "there is no folder 'nowhere'" in done.stderr


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    """``notices schema | head -1`` ends without a traceback."""
    done = subprocess.run(
        f"{sys.executable} -m notices schema | head -1", shell=True, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "{\n"
    assert done.stderr == ""
