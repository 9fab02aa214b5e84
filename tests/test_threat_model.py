"""Every promise of the threat model and of the reliability page names a test or a command that is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TREE = Path(__file__).parent.parent
DOCS = TREE / "docs"
MODEL = (DOCS / "threat-model.md").read_text("utf-8")
RELIABILITY = (DOCS / "reliability.md").read_text("utf-8")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


def named_in(text):
    """Each pair of a test's name and the path that its link leads to."""
    return [(name.strip("`"), path) for name, path in LINK.findall(text) if name.startswith("`test_")]


@pytest.mark.parametrize(("name", "path"), sorted(set(named_in(MODEL) + named_in(RELIABILITY))))
def test_each_test_that_is_named_is_there(name, path):
    """A promise whose test was renamed or taken away is not held by anything."""
    source = (DOCS / path).resolve()
    assert source.is_relative_to(TREE / "tests")
    assert re.search(rf"^ *def {name}\(", source.read_text("utf-8"), flags=re.MULTILINE)


def test_every_promise_is_held_by_a_test():
    """No row under "What is promised" has an empty second cell."""
    promised = MODEL.partition("## What is promised")[2].partition("## What is not promised")[0]
    rows = [row for row in re.findall(r"^\| (.+) \|$", promised, flags=re.MULTILINE) if row != "promise | held by"]
    assert len(rows) > 30
    for row in rows:
        assert named_in(row.split(" | ")[1]), row


@pytest.mark.parametrize("name", ["SECURITY.md", "docs/threat-model.md", "docs/reliability.md", "docs/databases.md"])
def test_every_link_leads_somewhere(name):
    """Relative links point at files of the tree."""
    page = TREE / name
    for _, target in LINK.findall(page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_every_figure_has_a_command_that_is_there():
    """Who doubts a figure can make it again: the targets are the Makefile's, the test files exist."""
    targets = set(re.findall(r"^([a-z-]+):", (TREE / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    rows = re.findall(r"^\| .+ \| `([^`]+)` \|$", RELIABILITY, flags=re.MULTILINE)
    assert len(rows) > 10
    for command in rows:
        if command.startswith("make "):
            assert command.split()[1] in targets, command
        else:
            arguments = command.removeprefix(".venv/bin/python -m ").split()
            assert arguments[0] in ("pytest", "benchmarks") or (TREE / f"{arguments[0].replace('.', '/')}.py").exists()
            for argument in arguments[1:]:
                assert "/" not in argument or (TREE / argument.partition("::")[0]).exists(), command
