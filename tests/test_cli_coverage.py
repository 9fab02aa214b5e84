"""``notices coverage``: one page on stdout or in a file, and what goes wrong is said."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from notices.cli import main
from tests.small_rules import write_rules


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    write_rules(tmp_path / "rules")
    return tmp_path


def chosen_period(page):
    return LexborHTMLParser(page).css_first("#stretch option[selected]").text()


def test_the_page_goes_to_stdout(desk, capsys):
    """Nothing else does, so that it can be piped."""
    assert main(["coverage", "--at", "2026-11-22"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("<!DOCTYPE html>")
    assert out.endswith("</html>\n")
    assert err == ""
    assert chosen_period(out) == "20 Feb 2024 to 31 Dec 2026"


def test_the_page_goes_to_a_file(desk, capsys):
    """In UTF-8, and stderr says where."""
    assert main(["coverage", "rules", "--at", "2027-01-01", "--out", "page.html"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "page.html: 4 active rules\n"
    assert chosen_period((desk / "page.html").read_text("utf-8")) == "From 1 Jan 2027 on"


def test_drafts_are_left_out_and_named(desk, capsys):
    """They change nothing for readers."""
    assert main(["coverage", "--at", "2026-11-22"]) == 0
    page = LexborHTMLParser(capsys.readouterr().out)
    assert "hk-draft (draft)" in page.css_first("#rules + p").text()
    assert "hk-draft" not in page.css_first("#cells").text()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--at", "soon"], 2, "--at: it must be an instant"),
        (["elsewhere"], 2, "there is no folder 'elsewhere'"),
        (["--out", "none/page.html"], 1, "none/page.html cannot be written: No such file or directory"),
    ],
    ids=["instant", "folder", "file"],
)
def test_what_is_wrong_is_said(desk, capsys, arguments, code, words):
    """Wrong usage is 2, a file that cannot be written 1; no page is printed."""
    assert main(["coverage", *arguments]) == code
    out, err = capsys.readouterr()
    assert words in err
    assert out == ""


def test_broken_rules_are_told_with_their_place(desk, capsys):
    """As everywhere: path, line and column."""
    (desk / "rules" / "rules.yaml").write_text("rules: {one: {title: 3}}\n", "utf-8")
    assert main(["coverage"]) == 1
    out, err = capsys.readouterr()
    assert "rules.yaml:1:" in err
    assert out == ""
