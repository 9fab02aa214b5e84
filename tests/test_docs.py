"""README and code say the same."""

from __future__ import annotations

import importlib
import inspect
import re
import shlex
from pathlib import Path

import pytest

from notices import describe_page
from notices.loader.display import DISPLAY
from notices.loader.pages import PAGES
from notices.loader.rules import RULE
from notices.settings import KEYS

TREE = Path(__file__).parent.parent
README = (TREE / "README.md").read_text("utf-8")
WRITING = (TREE / "docs" / "writing-rules.md").read_text("utf-8")


def blocks(language: str, text: str = README) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def test_every_setting_is_in_the_table_and_no_other():
    """Each ``NOTICES_`` key has its row."""
    table = README.partition("## Settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([A-Z_]+)` \|", table, flags=re.MULTILINE)
    assert [f"NOTICES_{row}" for row in rows] == list(KEYS)


def test_the_two_commands_come_first():
    """A new user meets them before anything else."""
    assert blocks("sh")[0].split("\n")[0].startswith("make run")
    assert "make test" in blocks("sh")[0]
    for target in ("run", "test"):
        assert re.search(rf"^{target}:", (TREE / "Makefile").read_text(), flags=re.MULTILINE)


def test_the_example_is_short_and_runs(tmp_path, monkeypatch):
    """The first example is twelve lines, and does what the next paragraph says."""
    source = blocks("python")[0]
    assert len(source.strip().splitlines()) <= 12
    monkeypatch.chdir(TREE)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("NOTICES_RELOAD", "off")
    (tmp_path / "readme_example.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    client = importlib.import_module("readme_example").app.test_client()
    russian = client.get("/news/1", headers={"Accept": "text/html"}, environ_overrides={"REMOTE_ADDR": "77.88.8.8"})
    german = client.get("/news/1", headers={"Accept": "text/html"}, environ_overrides={"REMOTE_ADDR": "46.4.0.1"})
    assert b"</article><aside" in russian.data
    assert german.data == b"<!doctype html><title>Report 1</title><article><h1>Report 1</h1></article>"


def test_the_example_of_feeds_runs(tmp_path, monkeypatch):
    """Its feed is a feed with the warning in it, whoever fetches it; letter and card say what the page says."""
    import feedparser

    (source,) = blocks("python", (TREE / "docs" / "feeds.md").read_text("utf-8"))
    monkeypatch.chdir(TREE)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("NOTICES_RELOAD", "off")
    (tmp_path / "readme_feeds.py").write_text(source, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    example = importlib.import_module("readme_feeds")
    client = example.app.test_client()
    feeds = [
        client.get("/feed.xml", environ_overrides={"REMOTE_ADDR": peer}).data for peer in ("77.88.8.8", "46.4.0.1")
    ]
    assert feeds[0] == feeds[1] != (TREE / "docs" / "feed.xml").read_bytes()
    (entry,) = feedparser.parse(feeds[0]).entries
    assert entry.summary.startswith("<p>After nine days the cranes move again.</p><p")
    assert "If you are in Russia" in entry.summary
    assert "Russia" in example.letter.text
    assert example.letter.html.startswith("<table ")
    assert example.card.description.startswith("If you are in Russia")
    assert len(example.card.description) <= 200


def test_the_example_of_preview_links_shows_the_page_as_that_reader_gets_it(tmp_path):
    """Whoever has the secret makes a link that a site with that secret takes, and the reasons stand in a header."""
    from flask import Flask

    from notices import Notices

    (source,) = blocks("python", (TREE / "docs" / "serving.md").read_text("utf-8"))
    made: dict[str, str] = {}
    exec(source, made)
    app = Flask("site")
    app.config.update(
        NOTICES_RULES=TREE / "rules", NOTICES_STATE=None, NOTICES_RELOAD="off", NOTICES_PREVIEW=made["secret"]
    )
    Notices(app)

    @app.get("/news/1")
    def article():
        describe_page(surface="article", publisher="example-courier")
        return "<!doctype html><title>Report</title><article>Report</article>"

    german = {"REMOTE_ADDR": "46.4.0.1"}
    shown = app.test_client().get(made["link"], headers={"Accept": "text/html"}, environ_overrides=german)
    assert b"</article><aside" in shown.data
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Notices-Debug"].startswith("page;outcome=shown, ")
    forged = app.test_client().get(made["link"][:-1], headers={"Accept": "text/html"}, environ_overrides=german)
    assert b"<aside" not in forged.data


def test_every_fact_that_a_page_states_is_named():
    """An engineer finds in the README what ``describe_page`` takes."""
    (told,) = re.findall(r"^Facts are (.*); `skip=True` leaves a page alone\.$", README, flags=re.MULTILINE)
    assert {*re.findall(r"`(\w+)`", told), "skip"} == set(inspect.signature(describe_page).parameters)


def test_the_readme_stays_short():
    """It is read at one go: 20 KB, what is longer has its page under docs/."""
    assert len(README.encode()) <= 20 * 1024


def test_the_example_rule_loads():
    """The rule in the README is a whole folder that loads without a finding."""
    from notices.folder import load_files

    loaded = load_files({"readme.yaml": blocks("yaml")[0].encode()})
    assert list(loaded.ruleset.rules) == ["ru-undesirable"]
    assert loaded.warnings == ()


def test_the_longer_example_and_its_cases_hold():
    """The folder with sets, places and dated texts loads without a finding, and each of its cases comes out."""
    from notices.cases import run_cases
    from notices.folder import load_files

    rules, cases = blocks("yaml", WRITING)
    loaded = load_files({"gambling.yaml": rules.encode(), "gambling_test.yaml": cases.encode()})
    assert loaded.warnings == ()
    assert run_cases(loaded) == ()
    wrong = cases.replace("sure: false", "sure: true")
    assert len(run_cases(load_files({"gambling.yaml": rules.encode(), "gambling_test.yaml": wrong.encode()}))) == 1


def test_every_key_of_a_rule_is_in_the_table_and_no_other():
    """An editor finds each key that a rule can have, and none that it cannot."""
    table = WRITING.partition("| key of a rule |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (`.*?`) \|", table, flags=re.MULTILINE)
    named = [key for cell in cells for key in re.findall(r"`([a-z0-9-]+)`", cell)]
    assert sorted(named) == sorted(RULE.table)


def test_every_fact_of_pages_and_key_of_show_is_told():
    """Of the two keys that hold keys of their own, each is in its row."""
    rows = dict(re.findall(r"^\| `(pages|show)` \| (.*)$", WRITING, flags=re.MULTILINE))
    assert all(f"`{key}`" in rows["pages"] for key in PAGES.table)
    assert all(f"`{key}`" in rows["show"] for key in DISPLAY.table)


def command_lines() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line.split("  #")[0].split(" > ")[0].strip() for line in lines if line.startswith("notices ")]


@pytest.mark.parametrize("line", command_lines())
def test_the_commands_in_the_readme_run(line, capsys, monkeypatch):
    """Each command line of the README exits cleanly from the tree; what it finds there may change with the day."""
    from notices.cli import main

    monkeypatch.chdir(TREE)
    finds = line.split()[1] in ("diff", "timeline")
    assert main(shlex.split(line)[1:]) in ((0, 1) if finds else (0,))
    assert capsys.readouterr().out or line.startswith(("notices check", "notices diff"))


def test_every_dependency_is_listed_with_its_reason():
    """No library comes in without a line that says why."""
    project = (TREE / "pyproject.toml").read_text("utf-8").partition("dependencies = [")[2].partition("]\n")[0]
    names = re.findall(r'"([a-z0-9-]+)', project)
    listed = README.partition("## What it stands on")[2].partition("\n## ")[0]
    assert names
    for name in names:
        assert f"`{name}`" in listed


def test_the_licence_of_the_data_stands_beside_it():
    """The embedded database brings its licence, source and date."""
    beside = {path.name for path in (TREE / "notices" / "data").iterdir()}
    assert any("LICENSE" in name for name in beside)


@pytest.mark.parametrize("path", ["README.md", *(f"docs/{page.name}" for page in (TREE / "docs").glob("*.md"))])
def test_links_of_the_readme_and_the_pages_behind_it_exist(path):
    """Every relative link or picture points at a file of the tree."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (TREE / path).read_text("utf-8")):
        assert (TREE / path).parent.joinpath(target).exists(), target


def test_every_command_is_in_the_list_of_commands():
    """Whoever runs a site finds each command of the command line, and none that is gone."""
    from notices.cli import COMMANDS

    listed = re.findall(r"^\| `([a-z]+)", (TREE / "docs" / "commands.md").read_text("utf-8"), flags=re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


STRAY = re.compile(r"/(?:work|root|home|farm)/[a-z]|\b(?:TODO|FIXME|XXX)\b")


def test_no_file_names_a_machine_or_leaves_work_undone():
    """No path of a machine, no open end."""
    for path in [*TREE.glob("*.md"), *(TREE / "notices").rglob("*.py"), *(TREE / "docs").rglob("*.md")]:
        assert not STRAY.search(path.read_text("utf-8")), path
