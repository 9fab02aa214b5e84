"""``notices schema`` and the command as a whole: help, version, Flask."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from jsonschema import Draft202012Validator

import notices
import notices.cli as cli_package
from notices.cli import COMMANDS as SHORT
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
    out = capsys.readouterr().out
    listed = re.findall(r"^  ([a-z]+) {2,}\S", out.partition("Commands:")[2], flags=re.MULTILINE)
    assert listed == COMMANDS
    context = click.Context(cli)
    assert cli.list_commands(context) == COMMANDS
    files = {path.stem for path in Path(cli_package.__file__).parent.glob("*.py")}
    made = {name for name in files if isinstance(cli.get_command(context, name), click.Command)}
    assert sorted(made) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_each_command_what_it_says_itself(name):
    """The list's line is the command's own, which the list does not import."""
    command = cli.get_command(click.Context(cli), name)
    assert command.get_short_help_str(limit=100) == SHORT[name]


def test_the_list_of_commands_imports_none():
    """Who asks for help, or for another Flask command, does not wait for parsers, lints and databases."""
    code = "import sys; from notices.cli import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"notices.cli", "click"} <= loaded
    assert not loaded & {"yaml", "markdown_it", "flask", "langcodes", "msgspec", "notices.cli.check", "notices.lint"}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(capsys, name):
    """``--help`` of a command says what it does."""
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: notices {name} ")


@pytest.mark.parametrize("name", ["explain", "preview", "feed"])
def test_the_help_says_where_a_visitor_is_of_whom_nothing_is_said(capsys, name):
    """Without ``--region`` a visitor is unknown, not at home, and the help tells it."""
    assert main([name, "--help"]) == 0
    _, _, said = capsys.readouterr().out.partition("--region TEXT")
    assert "repeat for candidates. Default: unknown. --" in " ".join(said.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_names_the_environment_that_counts(capsys, name):
    """Where a variable stands in for what is left out, ``--help`` says so."""
    command = cli.get_command(click.Context(cli), name)
    read = {one.envvar for one in command.params if isinstance(one.envvar, str)}
    assert main([name, "--help"]) == 0
    said = capsys.readouterr().out
    assert {variable for variable in read if f"${variable}" not in said} == set()


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
