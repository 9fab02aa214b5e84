"""What is kept between starts survives typos, power cuts, full disks and several writers."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from notices import state as state_module
from notices.state import Activation, LastGood, State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILES = {
    "a.yaml": b"rules: {}\n",
    "deep/\xd0\xb1.yaml".encode("latin-1").decode(): "title: Предупреждение\r\n".encode(),
}
BOTH = pytest.mark.parametrize("again", [False, True], ids=["same object", "after a restart"])


@pytest.fixture
def state(tmp_path):
    return State(tmp_path / "state", tmp_path / "rules")


@BOTH
def test_the_last_good_rules_come_back_byte_for_byte(state, tmp_path, again):
    """Line ends, names and letters of kept files are those of the folder."""
    state.activate("sha256:aa", FILES, NOON)
    reader = State(tmp_path / "state", tmp_path / "rules") if again else state
    assert reader.last_good() == LastGood("sha256:aa", FILES)


def test_only_the_rules_that_were_live_last_are_kept(state):
    """A start with broken rules goes back to what readers saw last, not to anything older."""
    state.activate("sha256:aa", FILES, NOON)
    state.activate("sha256:bb", {"b.yaml": b"x"}, NOON + timedelta(hours=1))
    assert state.last_good() == LastGood("sha256:bb", {"b.yaml": b"x"})


def test_the_journal_says_what_was_live_from_when_until_when(state):
    """What was shown when can be replayed from digests and instants."""
    state.activate("sha256:aa", FILES, NOON)
    state.activate("sha256:bb", FILES, NOON + timedelta(hours=1))
    assert state.journal() == (
        Activation(
            digest="sha256:aa", live_from="2026-11-22T12:00:00.000000Z", replaced_at="2026-11-22T13:00:00.000000Z"
        ),
        Activation(digest="sha256:bb", live_from="2026-11-22T13:00:00.000000Z", replaced_at=None),
    )
    lines = (state.folder / "journal.jsonl").read_text().splitlines()
    assert json.loads(lines[0])["replaced_at"] == "2026-11-22T13:00:00.000000Z"


def test_a_restart_with_the_same_rules_is_no_activation(state, tmp_path):
    """Workers that come and go leave one line."""
    for hour in range(3):
        State(tmp_path / "state", tmp_path / "rules").activate("sha256:aa", FILES, NOON + timedelta(hours=hour))
    assert [line.live_from for line in state.journal()] == ["2026-11-22T12:00:00.000000Z"]


def test_rules_that_come_back_are_a_new_activation(state):
    """A rolled-back edit leaves three lines."""
    for hour, digest in enumerate(["aa", "bb", "aa"]):
        state.activate(digest, FILES, NOON + timedelta(hours=hour))
    assert [(line.digest, line.replaced_at is None) for line in state.journal()] == [
        ("aa", False),
        ("bb", False),
        ("aa", True),
    ]


def test_two_sites_share_one_folder_without_meeting(tmp_path):
    """One site's typo never brings another site's rules to its readers."""
    one, two = State(tmp_path / "s", tmp_path / "one"), State(tmp_path / "s", tmp_path / "two")
    one.activate("sha256:aa", FILES, NOON)
    assert two.last_good() is None
    two.activate("sha256:bb", {"b.yaml": b"x"}, NOON)
    assert one.last_good() == LastGood("sha256:aa", FILES)


def test_what_is_kept_is_for_the_user_alone(state):
    """Confidential rules are in it, so no other user of the machine may read it."""
    state.activate("sha256:aa", FILES, NOON)
    assert stat.S_IMODE(state.folder.stat().st_mode) == 0o700
    for path in state.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_nothing_is_kept_where_nothing_may_be(tmp_path):
    """``STATE=None`` writes nothing and has nothing."""
    state = State(None, tmp_path)
    state.activate("sha256:aa", FILES, NOON)
    assert (state.last_good(), state.journal(), state.trouble) == (None, (), None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: b"", id="empty"),
        pytest.param(lambda text: text[: len(text) // 2], id="torn"),
        pytest.param(lambda text: b"[1, 2]", id="other JSON"),
        pytest.param(lambda text: b'{"digest": 5, "live_from": "x", "files": {}}', id="wrong type"),
        pytest.param(lambda text: b"\xff\xfe", id="no text"),
    ],
)
def test_a_damaged_file_is_as_good_as_none(state, damage):
    """What cannot be read is not served, and the next activation puts it right."""
    state.activate("sha256:aa", FILES, NOON)
    path = state.folder / "last-good.json"
    path.write_bytes(damage(path.read_bytes()))
    assert state.last_good() is None
    state.activate("sha256:aa", FILES, NOON)
    assert state.last_good() == LastGood("sha256:aa", FILES)


def test_a_journal_with_a_foreign_line_keeps_its_lines(state):
    """History is appended to, never thrown away."""
    state.activate("sha256:aa", FILES, NOON)
    path = state.folder / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b'{"digest": "sha2')
    state.activate("sha256:bb", FILES, NOON)
    assert [line.digest for line in state.journal()] == ["sha256:aa", "sha256:bb"]
    assert b'{"digest": "sha2\n' in path.read_bytes()


def test_a_folder_that_cannot_be_written_is_told_and_raises_nothing(tmp_path):
    """A wrong owner of a folder costs the keeping, not the serving."""
    (tmp_path / "state").write_text("a file where the folder should be")
    state = State(tmp_path / "state", tmp_path / "rules")
    state.activate("sha256:aa", FILES, NOON)
    assert state.trouble == "Not a directory"
    (tmp_path / "state").unlink()
    state.activate("sha256:aa", FILES, NOON)
    assert state.trouble is None


def test_a_full_disk_leaves_the_old_files_whole(state, monkeypatch):
    """What was kept is still there, and no scrap of the new."""
    state.activate("sha256:aa", FILES, NOON)
    before = {path.name: path.read_bytes() for path in state.folder.iterdir()}

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(state_module.os, "fsync", full)
    state.activate("sha256:bb", {"b.yaml": b"x"}, NOON)
    assert state.trouble == "No space left on device"
    assert {path.name: path.read_bytes() for path in state.folder.iterdir()} == before


def test_a_writer_that_holds_the_lock_too_long_is_not_waited_for_forever(state, monkeypatch):
    """A stuck process cannot stop the others from serving."""
    state.activate("sha256:aa", FILES, NOON)
    monkeypatch.setattr(state_module, "LOCK_PATIENCE", 0.0)
    with state_module._locked(state.folder / "lock"):
        state.activate("sha256:bb", FILES, NOON)
    assert state.trouble is not None
    assert state.last_good().digest == "sha256:aa"


WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from notices.state import State

state = State(Path(sys.argv[1]), Path(sys.argv[2]))
for number in range(10):
    at = datetime(2026, 11, 22, 12, tzinfo=UTC) + timedelta(seconds=number)
    state.activate(f"sha256:{sys.argv[3]}-{number}", {"a.yaml": b"x" * 5_000}, at)
    assert state.trouble is None, state.trouble
"""


def test_many_writers_never_tear_the_journal(tmp_path):
    """Four workers that reload at once leave whole lines, each activation once, one of them open."""
    arguments = [sys.executable, "-c", WRITER, str(tmp_path / "state"), str(tmp_path / "rules")]
    workers = [subprocess.Popen([*arguments, name]) for name in "abcd"]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]
    state = State(tmp_path / "state", tmp_path / "rules")
    journal = state.journal()
    assert sorted(line.digest for line in journal) == sorted(f"sha256:{name}-{n}" for name in "abcd" for n in range(10))
    assert [line for line in journal if line.replaced_at is None] == [journal[-1]]
    assert state.last_good().digest == journal[-1].digest
    assert len((state.folder / "journal.jsonl").read_text().splitlines()) == len(journal)
    assert not list(state.folder.glob(".*.tmp"))


def test_no_address_is_near_the_kept_files(state):
    """What is kept has the files, a digest and instants, and nothing else."""
    state.activate("sha256:aa", FILES, NOON)
    assert set(json.loads((state.folder / "last-good.json").read_text())) == {"digest", "live_from", "files"}
    assert {path.name for path in state.folder.iterdir()} == {"last-good.json", "journal.jsonl", "lock"}
