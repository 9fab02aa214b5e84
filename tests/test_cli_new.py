"""``notices new``: files of a draft that pass the check at once, asked for or from options, and nothing overwritten."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from importlib import import_module

import pytest

from notices.cli import main
from notices.folder import load_folder
from tests.small_rules import write_rules

OPTIONS = ["--title", "A title", "--owner", "legal-desk", "--review-by", "2030-01-01"]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """An empty working directory, at noon of 22 November 2026."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    monkeypatch.setattr(import_module("notices.cli.new"), "utc_now", lambda: NOON)
    return tmp_path


def made(*arguments, code=0):
    assert main(["new", *arguments]) == code


def files(desk):
    return {path.name: path.read_bytes() for path in sorted(desk.glob("rules/*"))}


def test_a_rule_and_its_cases_are_written(desk, capsys):
    """To the letter, with what may be filled in beside; the paths are printed."""
    write_rules(desk / "rules")
    made(
        "at-x",
        *OPTIONS,
        "--kind",
        "reader-safety",
        "--where",
        "RU",
        "--where",
        "eu",
        "--text",
        "en=If you are there: no.",
    )
    assert capsys.readouterr().out == "rules/at-x.yaml\nrules/at-x_test.yaml\n"
    assert (
        (desk / "rules/at-x.yaml").read_text()
        == """\
# A draft: it acts on no page until its status is active.
rules:
  at-x:
    title: "A title"
    kind: reader-safety
    status: draft
    where: [RU, eu]
    # unsure: {coarse: show, contested: show, unknown: show, anonymous: show}
    # when: {from: 2027-01-01, timezone: Europe/Prague}
    # pages: {surfaces: [article], tags: [politics]}
    # show: {at: [after-article], level: warning, languages: [page]}
    text:
      en: "If you are there: no."
    # law: ["The act and its article"]
    # sources: [{url: "https://...", read: 2026-12-31}]
    owner: "legal-desk"
    review-by: 2030-01-01
    examples:
      - {visitor: {region: AT}, expect: shown}
      - {visitor: {region: US}, expect: hidden}
"""
    )
    assert (
        (desk / "rules/at-x_test.yaml").read_text()
        == """\
# Cases ask the whole folder. Once at-x is active, add it where it is expected.
now: 2026-11-22T12:00:00Z
cases:
  - name: "at-x, a reader in AT"
    visitor: {region: AT}
    expect: []
  - name: "at-x, a reader in US"
    visitor: {region: US}
    expect: []
"""
    )


@pytest.mark.parametrize(
    ("kind", "where", "texts"),
    [
        pytest.param("courtesy", ["world"], ["en=Hello"], id="everywhere"),
        pytest.param("courtesy", ["NO"], ['en=A "quote": it\'s # no comment'], id="traps of YAML"),
        pytest.param("publisher-duty", ["UA-43"], ["uk=Привіт", "ar=مرحبا"], id="scripts"),
        pytest.param("withhold", ["russia-controlled-ukraine"], [], id="withholding"),
        pytest.param("courtesy", ["RU", "BY"], ["en=Hello"], id="beside others"),
    ],
)
def test_what_is_written_passes_the_check(desk, capsys, kind, where, texts):
    """Whatever the kind, the regions and the letters; beside other rules, whose notices the cases expect."""
    write_rules(desk / "rules")
    options = [*(("--where", one) for one in where), *(("--text", text) for text in texts)]
    made("fresh", *OPTIONS, "--kind", kind, *(word for option in options for word in option))
    loaded = load_folder(desk / "rules")
    assert loaded.ruleset.rules["fresh"].status == "draft"
    bodies = [text.body for version in loaded.ruleset.rules["fresh"].texts for text in version.texts.values()]
    assert bodies == [text.partition("=")[2] for text in texts]
    capsys.readouterr()
    assert main(["check", "--at", "2026-11-22"]) == 0
    assert "error" not in capsys.readouterr().out


def test_the_first_rule_makes_the_folder(desk, capsys):
    """Nothing need be there; the review is in half a year where nobody says."""
    made("first", "--title", "T", "--owner", "me", "--kind", "courtesy", "--where", "DE", "--text", "de=Hallo")
    assert sorted(files(desk)) == ["first.yaml", "first_test.yaml"]
    assert "review-by: 2027-05-21\n" in (desk / "rules/first.yaml").read_text()
    assert main(["check", "--at", "2026-11-22"]) == 0


def test_what_no_option_says_is_asked(desk, capsys, monkeypatch):
    """On standard error, so that the paths alone are on standard output; click before 8.4 puts blanks there."""
    monkeypatch.setattr("sys.stdin", io.StringIO("courtesy\nThe title\nDE, AT\n\nHello\ndesk\n"))
    made("asked")
    out, err = capsys.readouterr()
    assert out.split() == ["rules/asked.yaml", "rules/asked_test.yaml"]
    assert "Kind (reader-safety, publisher-duty, courtesy, withhold)" in err
    rule = load_folder(desk / "rules").ruleset.rules["asked"]
    assert (rule.title, rule.kind, rule.owner) == ("The title", "courtesy", "desk")
    assert [entry.region for entry in rule.where.include] == ["DE", "AT"]
    assert rule.texts[0].texts["en"].body == "Hello"


@pytest.mark.parametrize(
    ("answers", "unanswered"),
    [
        pytest.param(None, "Kind; Title, for editors; Where (codes or sets)", id="no input"),
        pytest.param("", "Kind; Title, for editors; Where (codes or sets)", id="an input that is empty"),
        pytest.param("courtesy\nThe title\n", "Where (codes or sets)", id="answers that end too soon"),
    ],
)
def test_where_nobody_answers_a_draft_is_written_all_the_same(desk, capsys, monkeypatch, answers, unanswered):
    """In a script there is nobody to ask: the rule is ready to be filled in, valid, and says what is missing."""
    monkeypatch.setattr("sys.stdin", None if answers is None else io.StringIO(answers))
    made("scripted")
    out, err = capsys.readouterr()
    assert out.split() == ["rules/scripted.yaml", "rules/scripted_test.yaml"]
    rest = "Language of the text; Text in en; Owner"
    assert err.endswith(f"Nobody was there to answer; fill in: {unanswered}; {rest}\n")
    assert load_folder(desk / "rules").ruleset.rules["scripted"].status == "draft"
    assert main(["check", "--at", "2026-11-22"]) == 0


def test_a_draft_says_itself_what_is_to_be_filled_in(desk, capsys, monkeypatch):
    """At its head and beside each key that holds a filler; what was said is not marked."""
    monkeypatch.setattr("sys.stdin", io.StringIO("courtesy\n"))
    made("scripted", "--title", "Said")
    lines = (desk / "rules/scripted.yaml").read_text().splitlines()
    assert lines[:2] == [
        "# A draft: it acts on no page until its status is active.",
        "# Fill in first, since nobody has said it yet: where, text, owner.",
    ]
    assert [line.strip() for line in lines if line.endswith("  # fill in")] == [
        "where: [world]  # fill in",
        "text:  # fill in",
        'owner: "nobody"  # fill in',
    ]


def test_who_ends_the_input_at_a_terminal_gives_up(desk, monkeypatch):
    """Control-D answers no question."""
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", terminal)
    made("gone", code=1)
    assert files(desk) == {}


SOUND = [*OPTIONS, "--kind", "courtesy", "--where", "DE", "--text", "en=Hello"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["hk-draft", *SOUND], "there is a rule 'hk-draft' already", id="a rule of that id"),
        pytest.param(["taken", *SOUND], "there is a file 'rules/taken_test.yaml' already", id="a file of that name"),
        pytest.param(["../out", *SOUND], "'ID': '../out': an id is lower-case letters, digits and single hyphens, "
                     "such as out", id="a path for an id"),
        pytest.param(["a", *SOUND, "--where", "XX"], "unknown-region", id="no region"),
        pytest.param(["a", *SOUND, "--text", "ru=<b>"], "a.yaml:14:12: error[html]", id="no Markdown"),
        pytest.param(["a", *SOUND, "--text", "Hello"], "--text: write LANGUAGE=TEXT", id="no language"),
        pytest.param(["a", *SOUND, "--text", "ru=Hello, reader"], "a.yaml:14:", id="a text that the check refuses"),
    ],
)  # fmt: skip
def test_nothing_is_written_where_something_is_wrong(desk, capsys, arguments, message):
    """Exit code 2, what is wrong, and every file as it was."""
    write_rules(desk / "rules")
    (desk / "rules/taken_test.yaml").write_text("now: 2026-01-01\ncases: []\n")
    before = files(desk)
    made(*arguments, code=2)
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert files(desk) == before
    assert sorted(path.name for path in desk.iterdir()) == ["rules"]
