"""Edits are seen whatever way they come, acted on once they stand still, and looked for in each process."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import threading
import time

import pytest

from notices.watch import Settling, Watch, look_at_files, look_at_folder

DEADLINE = 20.0


def wait_for(claim):
    """Wait until *claim* holds, with a deadline that only a failure meets."""
    end = time.monotonic() + DEADLINE
    while not claim():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.005)


@pytest.fixture
def folder(tmp_path):
    rules = tmp_path / "rules"
    (rules / "deep").mkdir(parents=True)
    (rules / "a.yaml").write_text("rules: {}\n")
    (rules / "deep" / "b.yml").write_text("regions: {}\n")
    (rules / "notes.txt").write_text("no rule\n")
    return rules


def test_a_folder_left_alone_looks_the_same(folder):
    """Looking is no edit, and reading is none."""
    look = look_at_folder(folder)
    (folder / "a.yaml").read_bytes()
    assert look_at_folder(folder) == look


def _touch_back(folder):
    """Change the content, keep size and time of writing, as a copying tool may."""
    path = folder / "a.yaml"
    before = path.stat()
    path.write_text("rules: []\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replace(folder):
    other = folder / "a.new"
    other.write_text("rules: {}\n")
    before = (folder / "a.yaml").stat()
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(folder / "a.yaml")


EDITS = [
    pytest.param(lambda folder: (folder / "a.yaml").write_text("regions: {}\n"), id="written in place"),
    pytest.param(_touch_back, id="same size and time"),
    pytest.param(_replace, id="replaced by a rename"),
    pytest.param(lambda folder: (folder / "c.yaml").write_text(""), id="a new file"),
    pytest.param(lambda folder: (folder / "deep" / "b.yml").unlink(), id="a file less"),
    pytest.param(lambda folder: (folder / "a.yaml").rename(folder / "z.yaml"), id="another name"),
    pytest.param(lambda folder: (folder / "deep").rename(folder / "deeper"), id="another folder"),
    pytest.param(lambda folder: folder.rename(folder.with_name("gone")), id="the folder gone"),
]


@pytest.mark.parametrize("edit", EDITS)
def test_every_kind_of_edit_is_seen(folder, edit):
    """However a rule file changes, the next look differs."""
    look = look_at_folder(folder)
    edit(folder)
    assert look_at_folder(folder) != look


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda folder: (folder / "notes.txt").write_text("still no rule\n"), id="another kind of file"),
        pytest.param(lambda folder: (folder / ".a.yaml.swp").write_text(""), id="an editor's swap file"),
        pytest.param(lambda folder: (folder / "new").mkdir(), id="an empty folder"),
        pytest.param(lambda folder: (folder / ".hidden.yaml").write_text("x"), id="a hidden file"),
    ],
)
def test_what_is_no_rule_is_no_edit(folder, edit):
    """Editors' side files reload nothing."""
    look = look_at_folder(folder)
    edit(folder)
    assert look_at_folder(folder) == look


def test_a_folder_swapped_by_a_link_is_seen(tmp_path):
    """A release that moves a link brings new rules, though name, size and times of the files may be equal."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.yaml").write_text(f"{name}\n")
        os.utime(tmp_path / name / "a.yaml", ns=(0, 0))
    (tmp_path / "rules").symlink_to("one")
    look = look_at_folder(tmp_path / "rules")
    (tmp_path / "next").symlink_to("two")
    (tmp_path / "next").replace(tmp_path / "rules")
    assert look_at_folder(tmp_path / "rules") != look


def test_a_link_inside_the_folder_that_moves_is_seen(tmp_path, folder):
    """The way a container's mounted configuration is swapped: each file a link through one that moves."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "c.yaml").write_text(f"{name}\n")
    (folder / "data").symlink_to(tmp_path / "one")
    (folder / "c.yaml").symlink_to("data/c.yaml")
    look = look_at_folder(folder)
    (folder / "next").symlink_to(tmp_path / "two")
    (folder / "next").replace(folder / "data")
    assert look_at_folder(folder) != look


def test_rules_in_a_linked_folder_are_looked_at(tmp_path, folder):
    """What is read through a link is watched through it."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "c.yaml").write_text("rules: {}\n")
    (folder / "shared").symlink_to(tmp_path / "shared")
    look = look_at_folder(folder)
    (tmp_path / "shared" / "c.yaml").write_text("regions: {}\n")
    assert look_at_folder(folder) != look


def test_a_link_that_leads_back_up_ends(folder):
    """A folder that holds itself is looked at once."""
    (folder / "deep" / "again").symlink_to(folder)
    assert len(look_at_folder(folder)) == 3


def test_a_missing_folder_is_a_look_too(tmp_path):
    """A folder that is away for a moment is an edit and a way back, not an error."""
    assert look_at_folder(tmp_path / "none") == look_at_folder(tmp_path / "none")


def test_a_database_and_its_checksum_are_looked_at(tmp_path):
    """A new checksum beside an old file asks for a new judgement."""
    path = tmp_path / "city.mmdb"
    path.write_bytes(b"data")
    look = look_at_files((path,))
    assert look_at_files((path,)) == look
    (tmp_path / "city.mmdb.sha256").write_text("0  city.mmdb\n")
    beside = look_at_files((path,))
    assert beside != look
    path.write_bytes(b"more")
    assert look_at_files((path,)) != beside


def looks(*letters):
    return [((letter,),) for letter in letters]


@pytest.mark.parametrize(
    ("seen", "changed"),
    [
        pytest.param("aaa", "...", id="nothing new"),
        pytest.param("bb", ".b", id="two looks agree"),
        pytest.param("bcc", "..c", id="the edit goes on"),
        pytest.param("bab", "...", id="there and back and there"),
        pytest.param("ba", "..", id="taken back before it counted"),
        pytest.param("bbb", ".b.", id="acted on once"),
        pytest.param("bbaa", ".b.a", id="taken back after it counted"),
    ],
)
def test_an_edit_counts_when_two_looks_agree(seen, changed):
    """Half an edit is not acted on, and a whole one is acted on once."""
    settling = Settling((("a",),))
    assert [look[0][0] if settling.changed(look) else "." for look in looks(*seen)] == list(changed)


def test_something_moves_only_between_its_two_looks():
    """The second look comes sooner only where there is something to confirm."""
    settling = Settling((("a",),))
    found = []
    for look in looks(*"abba"):
        settling.changed(look)
        found.append(settling.moving)
    assert found == [False, True, False, True]


class Looker:
    """Something that is looked for, and counts."""

    def __init__(self):
        self.looks = 0
        self.threads = set()
        self.fail = None

    def look(self):
        self.looks += 1
        self.threads.add(threading.current_thread().name)
        if self.fail is not None:
            raise self.fail
        return False


@pytest.fixture
def looker():
    return Looker()


@pytest.fixture
def watch(looker):
    watch = Watch(0.01, looker.look)
    yield watch
    watch.stop()


def test_the_thread_looks_again_and_again(looker, watch):
    """Once started it goes on by itself, in one daemon thread however often it is started."""
    for _ in range(5):
        watch.start()
    wait_for(lambda: looker.looks >= 3)
    assert looker.threads == {threading.current_thread().name, "notices-watch"}
    assert len([t for t in threading.enumerate() if t.name == "notices-watch" and t.daemon]) == 1


def test_a_start_looks_before_anything_is_answered(looker):
    """What was edited while nobody was asking is caught up with, not served for two more periods."""
    watch = Watch(3600, looker.look)
    watch.start()
    watch.start()
    assert looker.looks == 1
    watch.stop()


def test_a_look_that_fails_is_logged_once_and_the_next_one_comes(looker, watch, caplog):
    """Whatever goes wrong in a look, the thread lives; the log says it once, without the error's text."""
    looker.fail = ValueError("from 203.0.113.7")
    with caplog.at_level(logging.ERROR, "notices"):
        watch.start()
        wait_for(lambda: looker.looks >= 4)
    assert [record.message for record in caplog.records] == [
        "notices: looking for edits failed (ValueError); what is live stays live"
    ]


def test_the_thread_ends_with_what_it_looks_for(looker):
    """An application that is thrown away takes its thread along."""
    watch = Watch(0.005, looker.look)
    watch.start()
    wait_for(lambda: looker.looks >= 1)
    thread = next(t for t in threading.enumerate() if t.name == "notices-watch")
    del watch
    gc.collect()
    thread.join(DEADLINE)
    assert not thread.is_alive()


def test_a_stopped_watch_does_not_start_again(looker, watch):
    """What was closed stays closed."""
    watch.stop()
    watch.start()
    assert not watch.running
    assert looker.looks == 0


FORKING = """
import os, sys, threading, time
from notices.watch import Watch

class Looker:
    looks = 0
    def look(self):
        self.looks += 1
        time.sleep(0.002)
        return False

looker = Looker()
watch = Watch(0.001, looker.look)
watch.start()
for _ in range(int(sys.argv[1])):
    child = os.fork()
    if not child:
        ok = not watch.running
        looker.looks = 0
        watch.start()
        end = time.monotonic() + 20
        while looker.looks < 2 and time.monotonic() < end:
            time.sleep(0.001)
        os._exit(0 if ok and looker.looks >= 2 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
seen = looker.looks
end = time.monotonic() + 20
while looker.looks == seen and time.monotonic() < end:
    time.sleep(0.001)
assert watch.running and looker.looks > seen
"""


def test_each_forked_process_looks_for_itself():
    """A fork in the middle of a look leaves no lock behind: the child starts its own thread, the parent's goes on."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORKING, "20"],
        capture_output=True, timeout=120, check=False, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
