"""Rules from git: at a revision, at a past instant, byte for byte, and never by touching the working tree."""

from __future__ import annotations

import pytest

from notices.cli import main
from notices.errors import RevisionError, RulesetError
from notices.moments import moment_in_words
from notices.revisions import read_as_of, read_rules
from tests.build import day
from tests.repository import commit, git
from tests.small_rules import SMALL_RULES, write_rules


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A repository with ./rules committed on 1 March and on 1 June 2026, and changed since."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    for number, date in ((1, "2026-03-01T12:00:00Z"), (2, "2026-06-01T12:00:00Z")):
        write_rules(tmp_path / "rules", f"version {number}\n")
        commit(tmp_path, date)
    write_rules(tmp_path / "rules", "not committed\n")
    return tmp_path


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("HEAD~1", "version 1\n"),
        ("HEAD", "version 2\n"),
        ("main", "version 2\n"),
        ("HEAD~1:rules", "version 1\n"),
        ("HEAD~1:rules/", "version 1\n"),
        ("HEAD~1:./rules", "version 1\n"),
        ("rules", "not committed\n"),
    ],
)
def test_a_spec_is_a_folder_or_a_revision(desk, spec, text):
    """A revision alone means the folder as it was then; with a path, that folder."""
    assert read_rules(spec, desk / "rules") == {"rules.yaml": text.encode()}


def test_the_working_tree_is_left_alone(desk):
    """What is not committed stays as it is."""
    read_rules("HEAD~1", desk / "rules")
    assert (desk / "rules/rules.yaml").read_text() == "not committed\n"
    assert git(desk, "status", "--short") == " M rules/rules.yaml\n"


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-03-01T12:00", "version 1\n"),
        ("2026-06-01T11:59", "version 1\n"),
        ("2026-06-01T12:00", "version 2\n"),
        ("2030-01-01", "version 2\n"),
    ],
)
def test_a_past_instant_has_the_rules_that_stood_then(desk, at, text):
    """From the second of the commit on; what is not committed never stood."""
    assert read_as_of(desk / "rules", day(at)) == {"rules.yaml": text.encode()}


def test_before_the_first_commit_nothing_is_known(desk):
    """The error says from when on something is."""
    with pytest.raises(RevisionError, match=r"the first commit is of 2026-03-01T12:00:00"):
        read_as_of(desk / "rules", day("2026-02-28"))


def test_a_branch_counts_when_it_was_merged(desk):
    """A rule written on 10 June and merged in July did not stand on 15 June."""
    git(desk, "checkout", "-q", "-f", "-b", "other", "HEAD~1")
    write_rules(desk / "rules", "version 3\n")
    commit(desk, "2026-06-10T12:00:00Z")
    git(desk, "checkout", "-q", "main")
    git(desk, "merge", "-q", "-X", "theirs", "-m", "merge", "other", date="2026-07-01T12:00:00Z")
    assert read_as_of(desk / "rules", day("2026-06-15")) == {"rules.yaml": b"version 2\n"}
    assert read_as_of(desk / "rules", day("2026-07-02")) == {"rules.yaml": b"version 3\n"}


def test_the_same_files_are_read_as_from_the_folder(tmp_path):
    """Subfolders, links and odd names count, hidden and other files do not; bytes are kept."""
    rules = tmp_path / "deep" / "rules"
    for name in ("b.yml", "a/x.yaml", "a-b.yaml", "наш файл.yaml", ".hidden.yaml", ".old/c.yaml", "notes.txt"):
        (rules / name).parent.mkdir(parents=True, exist_ok=True)
        (rules / name).write_bytes(b"\xef\xbb\xbf# " + name.encode() + b"\r\n")
    (rules / "link.yaml").symlink_to("a/x.yaml")
    commit(tmp_path, "2026-03-01T12:00:00Z")
    found = read_rules("HEAD", rules)
    assert list(found) == ["a/x.yaml", "a-b.yaml", "b.yml", "link.yaml", "наш файл.yaml"]
    assert found == read_rules(str(rules), rules)
    assert found["link.yaml"] == b"\xef\xbb\xbf# a/x.yaml\r\n"


def test_a_folder_that_is_gone_is_still_in_its_commits(desk):
    """Also when the working tree has no such folder any more."""
    (desk / "rules").rename(desk / "laws")
    assert read_rules("HEAD", desk / "rules") == {"rules.yaml": b"version 2\n"}
    with pytest.raises(RevisionError, match="no rules file in 'laws' at commit"):
        read_rules("HEAD", desk / "laws")


@pytest.mark.parametrize("spec", ["nowhere", "HEAD~9", "-p", "--output=x", "HEAD~9:rules"])
def test_what_is_neither_is_named(desk, spec):
    """A wrong name, a revision too far back, or an option in disguise."""
    with pytest.raises(RevisionError, match="is neither a folder nor a git revision"):
        read_rules(spec, desk / "rules")
    assert sorted(path.name for path in desk.iterdir()) == [".git", "rules"]


def test_a_link_that_leads_nowhere_is_an_error(desk):
    """Never an empty file."""
    (desk / "rules/z.yaml").symlink_to("gone.yaml")
    commit(desk, "2026-08-01T12:00:00Z")
    with pytest.raises(RevisionError, match=r"rules/z.yaml' cannot be read: it is a link"):
        read_rules("HEAD", desk / "rules")


def test_a_folder_without_git_has_no_past(tmp_path):
    """The error is git's own."""
    write_rules(tmp_path / "rules")
    with pytest.raises(RevisionError, match="not a git repository"):
        read_as_of(tmp_path / "rules", day("2026-01-01"))
    with pytest.raises(RulesetError):
        read_rules(str(tmp_path / "rules/rules.yaml"), tmp_path / "rules")


def test_explain_replays_a_past_instant(desk, capsys):
    """The rules that stood then answer, for that instant."""
    write_rules(desk / "rules", SMALL_RULES.replace("can be punished", "was punished"))
    commit(desk, "2026-07-01T12:00:00Z")
    write_rules(desk / "rules", SMALL_RULES)
    assert main(["explain", "--region", "RU", "--as-of", "2026-07-02T18:00:00Z"]) == 0
    out = capsys.readouterr().out
    assert "At          2026-07-02T18:00:00Z, no change to come" in out
    assert "Sharing what The Gazette writes was punished." in out
    assert main(["explain", "--region", "RU", "--as-of", "2026-07-02", "--at", "2020-01-01"]) == 0
    assert "effective from 2024-02-20" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["timeline", "key", "coverage"])
def test_other_commands_go_back_too(desk, capsys, command):
    """The instant is that of the rules."""
    write_rules(desk / "rules", SMALL_RULES)
    commit(desk, "2026-07-01T12:00:00Z")
    (desk / "rules/rules.yaml").write_text("rules: {}")
    assert main([command, "--as-of", "2026-07-02"]) == 0
    out = capsys.readouterr().out
    said = {
        "timeline": moment_in_words(day("2026-07-02"), None),
        "key": "at 2026-07-02T00:00:00Z",
        "coverage": moment_in_words(day("2026-07-02"), None),
    }
    assert said[command] in out


def test_an_instant_before_git_is_told(desk, capsys):
    """In one sentence, without a traceback."""
    assert main(["explain", "--region", "RU", "--as-of", "2020-01-01"]) == 1
    assert "the first commit is of 2026-03-01" in capsys.readouterr().err


def test_dates_of_commits_are_instants(desk):
    """A commit made in Tokyo on the morning of the 11th is one of the evening of the 10th in UTC."""
    write_rules(desk / "rules", "from Tokyo\n")
    commit(desk, "2026-06-11T03:00:00+0900")
    write_rules(desk / "rules", "from Honolulu\n")
    commit(desk, "2026-06-10T20:00:00-1000")
    for at, text in {
        "2026-06-10T17:59": "version 2\n",
        "2026-06-10T18:00": "from Tokyo\n",
        "2026-06-11T05:59": "from Tokyo\n",
        "2026-06-11T06:00": "from Honolulu\n",
    }.items():
        assert read_as_of(desk / "rules", day(at)) == {"rules.yaml": text.encode()}


def test_a_deleted_file_stood_until_it_was_deleted(desk):
    """Neither before it was written nor after is it among the rules."""
    (desk / "rules/more.yaml").write_text("more\n")
    commit(desk, "2026-07-01T12:00:00Z")
    (desk / "rules/more.yaml").unlink()
    commit(desk, "2026-08-01T12:00:00Z")
    stood = {at: sorted(read_as_of(desk / "rules", day(at))) for at in ("2026-06-30", "2026-07-02", "2026-08-02")}
    assert stood == {
        "2026-06-30": ["rules.yaml"],
        "2026-07-02": ["more.yaml", "rules.yaml"],
        "2026-08-02": ["rules.yaml"],
    }


def test_a_renamed_folder_is_asked_by_its_old_name(desk, capsys):
    """Under the new name the error says where rules stood; the old name answers although no such folder is left."""
    write_rules(desk / "rules", SMALL_RULES)
    commit(desk, "2026-07-01T12:00:00Z")
    (desk / "rules").rename(desk / "laws")
    commit(desk, "2026-08-01T12:00:00Z")
    assert main(["explain", "--region", "RU", "--rules", "laws", "--as-of", "2026-07-02"]) == 1
    assert "no rules file in 'laws' at commit" in (told := capsys.readouterr().err)
    assert told.rstrip().endswith("; files of that kind stood in rules")
    assert main(["explain", "--as-of", "2026-07-02", "--region", "RU", "--rules", "rules"]) == 0
    assert main(["explain", "--region", "RU", "--rules", "rules", "--as-of", "2026-07-02"]) == 0
    assert "Sharing what The Gazette writes" in capsys.readouterr().out
    assert main(["explain", "--region", "RU", "--rules", "rules"]) == 2
    assert "there is no folder 'rules'" in capsys.readouterr().err


def test_mistakes_of_the_past_are_not_shown_in_present_lines(desk, capsys):
    """A mistake in rules that stood then has its place and fix; the line that stands there today is another one."""
    write_rules(desk / "rules", SMALL_RULES.replace("reader-safety", "reader-safty"))
    commit(desk, "2026-07-01T12:00:00Z")
    write_rules(desk / "rules", "# new\n" * 50)
    assert main(["explain", "--region", "RU", "--as-of", "2026-07-02"]) == 1
    told = capsys.readouterr().err
    assert "did you mean 'reader-safety'?" in told
    assert "# new" not in told
