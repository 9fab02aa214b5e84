"""Damaged rules change nothing that is live, whole ones do, and files on their way are told from both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notices.engine import decide
from notices.location import Location
from notices.page import Page
from notices.service.unfinished import PATIENCE
from tests.endpoint import MARKED, NOW, OTHER_TEXT, RULES, Client, service_for, write_rules
from tests.sites import database

TREE = Path(__file__).parent.parent


@pytest.mark.parametrize("seed", [20261123, 7])
def test_damaged_rules_never_change_what_is_live(seed):
    """Under load, 500 damaged files: each is refused in health with places and codes, or is what ``check`` accepts."""
    command = [sys.executable, "-m", "tests.rule_faults", "500", str(seed)]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=False, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["damaged folders"] == 500
    assert sum(count for what, count in found.items() if what.endswith(": refused")) > 200
    assert sum(count for what, count in found.items() if what.endswith(": live")) > 100
    assert found["pages under load"] > 100


@pytest.fixture
def folder(tmp_path):
    return write_rules(tmp_path / "rules")


@pytest.fixture
def service(folder, tmp_path):
    return service_for(folder, state=tmp_path / "state", geoip=[database()])


def text_of(service):
    decision = decide(service.snapshot().index, Location(("RU",)), Page(), (), service.now())
    return decision.notices[0].text if decision.notices else None


def look(service, times=2):
    for _ in range(times):
        service.look()


def health(service):
    return Client(service).get("/notices/health")


class TestHalfWritten:
    """Files whose writing has stalled, at a place where they parse."""

    @pytest.mark.parametrize(
        "half",
        [
            pytest.param(RULES[: RULES.index("  a-draft:")], id="cut between two rules"),
            pytest.param(
                OTHER_TEXT[: OTHER_TEXT.index("  a-draft:")].rstrip("\n"), id="cut at a line, without its end"
            ),
        ],
    )
    def test_a_half_that_parses_is_waited_for(self, folder, service, half, caplog):
        """The first looks take it for unfinished; when the rest comes, the whole is live within two."""
        before = service.snapshot()
        (folder / "rules.yaml").write_text(half)
        look(service, 2 * PATIENCE - 2)
        assert service.snapshot() is before
        assert [record.message for record in caplog.records] == [
            "notices: rules.yaml looks half written; it is live when it has stood still for longer"
        ]
        (folder / "rules.yaml").write_text(OTHER_TEXT)
        look(service)
        assert text_of(service) == "Another text."
        assert health(service).status == 200

    def test_a_rule_that_is_taken_out_in_place_goes_live_a_little_later(self, folder, service):
        """An edit that only looks like a half is not held up for good."""
        (folder / "rules.yaml").write_text(RULES[: RULES.index("  a-draft:")])
        look(service, 2 * PATIENCE)
        assert "a-draft" not in service.snapshot().ruleset.rules
        assert "de-tagged" in service.snapshot().ruleset.rules

    def test_a_rename_brings_whole_files(self, folder, service):
        """What careful tools write is never waited for longer."""
        write_rules(folder, RULES[: RULES.index("  a-draft:")])
        look(service)
        assert "a-draft" not in service.snapshot().ruleset.rules

    def test_growth_starts_the_waiting_anew(self, folder, service):
        """A writer that goes on slowly is not overtaken."""
        at = RULES.index("  sealed-order:")
        for half in (RULES[:at], RULES[: RULES.index("  a-draft:")]) * 3:
            (folder / "rules.yaml").write_text(half)
            look(service, 2 * PATIENCE - 4)
        assert "a-draft" in service.snapshot().ruleset.rules

    @pytest.mark.parametrize("size", range(1, len(RULES.encode()), 97))
    def test_a_copy_that_stalls_anywhere_takes_no_warning_away(self, folder, service, size):
        """Cut at any byte, in place, and looked at for as long as half the patience: the warning stands."""
        (folder / "rules.yaml").write_bytes(RULES.encode()[:size])
        look(service, PATIENCE)
        assert text_of(service) == MARKED

    def test_nothing_at_all_is_no_edit(self, folder, service):
        """A file that was just opened for writing is empty, and refused with its place."""
        (folder / "rules.yaml").write_bytes(b"")
        look(service, 3 * PATIENCE)
        assert text_of(service) == MARKED
        [problem] = health(service).json["last_failed_reload"]["problems"]
        assert problem == {"path": "rules.yaml", "line": 1, "column": 1, "code": "empty-file"}


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([".rules.yaml.swp", ".rules.yaml.swx", "4913", "rules.yaml~"], id="vim"),
        pytest.param(["#rules.yaml#", "rules.yaml~"], id="emacs"),
        pytest.param([".goutputstream-X", "rules.yaml___jb_tmp___", "rules.yaml___jb_old___"], id="gedit, JetBrains"),
        pytest.param(["._rules.yaml", ".DS_Store", "rules.yaml.orig", "rules.yaml.rej"], id="macOS, patch"),
        pytest.param([".rules.yaml.aX3b", "rules.yaml.part", "rules.yaml.filepart"], id="rsync, scp"),
    ],
)
def test_what_editors_leave_beside_a_file_is_no_rule(folder, service, names):
    """Swap files, backups and uploads under way change nothing and break nothing."""
    before = service.snapshot()
    for name in names:
        (folder / name).write_text("rules: [")
    (folder / ".#rules.yaml").symlink_to("desk@host.1234:1700000000")  # emacs locks by a link to nowhere
    look(service)
    assert service.snapshot() is before
    assert health(service).status == 200


@pytest.mark.parametrize("backup", [False, True], ids=["new file, rename", "rename away, write anew"])
def test_the_ways_in_which_editors_save(folder, service, backup):
    """A save by rename is live at once; one that moves the old file away first may be seen without it, and mended."""
    path = folder / "rules.yaml"
    if backup:
        path.rename(folder / "rules.yaml~")
        look(service)
        assert text_of(service) == MARKED
        assert health(service).status == 503
        path.write_text(OTHER_TEXT)
    else:
        write_rules(folder, OTHER_TEXT)
    look(service)
    assert (text_of(service), health(service).status) == ("Another text.", 200)


def test_a_merge_that_is_not_resolved_is_refused_with_its_line(folder, service):
    """Git's marks are no YAML, whatever stands between them."""
    mine = RULES.replace("  ru-warning:", "<<<<<<< HEAD\n  ru-warning:\n=======\n  ru-warnings:\n>>>>>>> desk")
    (folder / "rules.yaml").write_text(mine)
    look(service)
    assert text_of(service) == MARKED
    problems = health(service).json["last_failed_reload"]["problems"]
    assert problems[0]["line"] in (RULES.split("\n").index("  ru-warning:") + offset for offset in (1, 2, 3, 4))


class TestFolders:
    """Folders that move, and links that are swapped as deployments do it."""

    def test_a_folder_renamed_away_and_back(self, folder, service):
        """While it is gone the rules stay live and health says so; when it is back all is well."""
        away = folder.with_name("away")
        folder.rename(away)
        look(service, 4)
        assert text_of(service) == MARKED
        [problem] = health(service).json["last_failed_reload"]["problems"]
        assert (problem["path"], problem["code"]) == ("", "missing-folder")
        away.rename(folder)
        look(service)
        assert (text_of(service), health(service).status) == (MARKED, 200)

    def test_another_folder_in_its_place(self, folder, service, tmp_path):
        """A release that renames folders is an edit."""
        write_rules(tmp_path / "next", OTHER_TEXT)
        folder.rename(tmp_path / "old")
        (tmp_path / "next").rename(folder)
        look(service)
        assert text_of(service) == "Another text."

    @pytest.mark.parametrize("spoil", ["file", "circle", "nowhere"])
    def test_something_else_in_its_place(self, folder, service, spoil):
        """A file, a link to itself or to nowhere in place of the folder leaves the rules live."""
        shutil.rmtree(folder)
        folder.write_text("x") if spoil == "file" else folder.symlink_to("rules" if spoil == "circle" else "nowhere")
        look(service, 4)
        assert text_of(service) == MARKED
        assert health(service).status == 503
        assert health(service).json["last_failed_reload"]["problems"][0]["code"]

    @pytest.mark.parametrize("kind", ["folder", "pipe", "socket link", "name that is no UTF-8"])
    def test_what_is_no_file_under_the_name_of_one(self, folder, service, kind):
        """Nothing is waited for without end, and what cannot be a rule is named or passed over."""
        match kind:
            case "folder":
                (folder / "more.yaml").mkdir()
            case "pipe":
                os.mkfifo(folder / "more.yaml")
            case "socket link":
                (folder / "more.yaml").symlink_to("/dev/null")
            case _:
                Path(os.fsdecode(os.fsencode(folder) + b"/\xff.yaml")).write_text(RULES)
        look(service, 4)
        assert text_of(service) == MARKED
        assert health(service).status == (200 if kind == "folder" else 503)

    def test_a_mounted_configuration_is_swapped_as_a_whole(self, tmp_path):
        """Kubernetes: links through ``..data``, which moves in one step; every swap is live, and nothing in between."""
        mount = tmp_path / "mount"
        mount.mkdir()

        def publish(version, text):
            write_rules(mount / f"..{version}", text)
            (mount / "..data_tmp").symlink_to(f"..{version}")
            (mount / "..data_tmp").replace(mount / "..data")

        publish("one", RULES)
        (mount / "rules.yaml").symlink_to("..data/rules.yaml")
        service = service_for(mount, geoip=[database()])
        for number in range(5):
            publish(f"v{number}", OTHER_TEXT if number % 2 == 0 else RULES)
            look(service)
            assert text_of(service) == ("Another text." if number % 2 == 0 else MARKED)
            assert len(service.rules.loaded.files) == 1
        shutil.rmtree(mount / "..v4")
        look(service, 4)
        assert text_of(service) == "Another text."
        assert health(service).json["last_failed_reload"]["problems"][0]["code"] == "unreadable"


def test_a_file_that_may_not_be_read_is_tried_again(folder, service, monkeypatch, caplog):
    """Permission that comes back without any change of the file is noticed; until then it is told once."""
    from notices.folder import files

    write_rules(folder, OTHER_TEXT)
    with monkeypatch.context() as patch:
        patch.setattr(files, "_read", lambda path: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
        look(service, 8)
        assert text_of(service) == MARKED
        assert health(service).status == 503
    look(service)
    assert (text_of(service), health(service).status) == ("Another text.", 200)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.mark.parametrize("step", [timedelta(days=-4000), timedelta(days=4000), timedelta(seconds=-1)], ids=str)
def test_a_clock_that_steps_loses_no_edit_and_no_warning(folder, tmp_path, step):
    """Edits are told by what changed, not by when; what is shown follows the clock, and the journal keeps its order."""
    clock = Clock()
    service = service_for(folder, clock=clock, state=tmp_path / "state", geoip=[database()])
    clock.now = NOW + step
    write_rules(folder, OTHER_TEXT)
    os.utime(folder / "rules.yaml", (0, 0))
    look(service)
    assert service.rules.loaded.files["rules.yaml"].decode() == OTHER_TEXT
    assert text_of(service) == (None if clock.now < datetime(2024, 2, 20, tzinfo=UTC) else "Another text.")
    assert health(service).status == 200
    clock.now = NOW
    look(service)
    assert text_of(service) == "Another text."
    assert [line.replaced_at is None for line in service.state.journal()] == [False, True]


FULL = """
import json, pathlib, resource, sys
from tests.endpoint import Client, OTHER_TEXT, RULES, service_for, write_rules

folder = pathlib.Path(sys.argv[1])
write_rules(folder / "rules")
service = service_for(folder / "rules", state=folder / "state")
write_rules(folder / "rules", OTHER_TEXT)
kept = service.state.last_good()
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
seen = [service.look(), service.look()]
client = Client(service)
health = client.get("/notices/health")
text = client.get("/notices/lookup?region=RU").json["notices"][0]["text"]
print(json.dumps([text, health.status, health.json["state_kept"], service.state.last_good() == kept,
                  sorted(path.name.partition("-")[0] for path in service.state.folder.iterdir())]))
"""


def test_a_full_disk_for_the_state_costs_no_edit(tmp_path):
    """The edit goes live, health says that it is not kept, and what was kept stays whole."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path], cwd=TREE, capture_output=True, text=True, check=True, timeout=60
    )
    names = ["compiled", "database", "journal.jsonl", "last", "lock"]
    assert json.loads(done.stdout) == ["Another text.", 200, False, True, names]
