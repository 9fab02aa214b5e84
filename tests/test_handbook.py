"""The handbook for editors is played from its first line to its last: files written, lines changed, commands run."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

TREE = Path(__file__).parent.parent
DOCS = TREE / "docs"
TEXT = (DOCS / "editors.md").read_text("utf-8")


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("build_handbook", TREE / "scripts" / "build_handbook.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path):
    """An empty folder of an editor."""
    newsroom = tmp_path / "newsroom"
    newsroom.mkdir()
    return newsroom


@pytest.mark.skipif(shutil.which("git") is None, reason="the handbook reviews changes with git")
def test_every_command_of_the_handbook_prints_what_stands_below_it(script, folder):
    """In order, in a folder that the handbook builds itself; ``scripts/build_handbook.py`` writes the outputs anew."""
    assert TEXT.count("\n```sh\n") > 12
    assert script.played(TEXT, folder).splitlines() == TEXT.splitlines()
    assert "If you are in Russia" in (folder / "seen.html").read_text("utf-8")


def test_a_command_that_prints_something_else_is_found_out(script, folder):
    """A wrong output, a missing one and one too many are all put right, so that the comparison sees them."""
    for wrong in ("```text\nother\n```\n", "", "```text\n```\n"):
        text = f"```sh\nprintf 'one\\ntwo'\n```\n\n{wrong}"
        assert script.played(text, folder).startswith("```sh\nprintf 'one\\ntwo'\n```\n\n```text\none\ntwo\n```")
    assert script.played("```sh\ntrue\n```\n\n```text\nx\n```\n", folder) == "```sh\ntrue\n```\n"


def test_blocks_write_and_change_files(script, folder):
    """A named block is a file, a named ``diff`` changes it, and the commands see the result."""
    text = "```yaml a/b.yaml\nx: 1\ny: 2\n```\n```diff a/b.yaml\n-x: 1\n+x: 3\n y: 2\n```\n```sh\ncat a/b.yaml\n```\n"
    assert script.play(text, folder) == ["x: 3\ny: 2\n"]


@pytest.mark.parametrize("change", ["-gone\n+c\n", "-a\n+c\n"], ids=["nowhere", "twice"])
def test_a_change_stands_in_one_place(script, change):
    """Lines that are not there any more, or more than once, are an error."""
    with pytest.raises(ValueError, match=r"stands [02] times"):
        script.apply_change("a\na\n", change)


@pytest.mark.parametrize("command", ["new", "check", "explain", "timeline", "preview", "diff", "coverage", "schema"])
def test_every_command_for_editors_is_run(command):
    """An editor meets each command that is theirs in a block that the test plays."""
    assert re.search(rf"^```sh\n(?:.*\n)*?notices {command}\b", TEXT, re.MULTILINE)


def test_pictures_and_links_exist_and_are_small():
    """Each picture has a description and less than 200 KB; each relative link leads somewhere."""
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", TEXT)
    assert len(pictures) >= 2
    for words, target in pictures:
        assert len(words) > 20
        assert (DOCS / target).stat().st_size < 200_000
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (DOCS / target).exists(), target
