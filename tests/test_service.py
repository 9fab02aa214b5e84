"""A good edit goes live as a whole, a bad one changes nothing, and a start never fails for what was good before."""

from __future__ import annotations

import gc
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import weakref
from datetime import UTC, datetime, timedelta

import pytest

from notices.engine import decide
from notices.errors import RulesetError, SettingsError
from notices.geo.database import embedded_database_path
from notices.location import Location
from notices.page import Page
from notices.service import Service
from tests.databases import write_database
from tests.endpoint import MARKED, NOW, RULES, RUSSIAN, Client, service_for, settings_for, wait_for, write_rules

OTHER = RULES.replace(MARKED, "Another text.")
BROKEN = RULES.replace("kind: reader-safety", "kind: reader-safty")


@pytest.fixture
def folder(tmp_path):
    return write_rules(tmp_path / "rules")


@pytest.fixture
def logged(caplog):
    caplog.set_level(logging.INFO, "notices")
    return caplog


class Clock:
    """A present that tests move."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now


def text_of(service):
    """What a reader in Russia is shown now."""
    decision = decide(service.snapshot().index, Location(("RU",)), Page(), (), service.now())
    return [notice.text for notice in decision.notices][:1]


def look_twice(service):
    """Two looks, which agree where nobody edits between them."""
    return service.look(), service.look()


def test_a_good_edit_is_live_after_two_looks(folder, logged):
    """The first look sees it, the second confirms and loads it; the log tells old and new."""
    service = service_for(folder)
    before = service.snapshot()
    assert text_of(service) == [MARKED]
    write_rules(folder, OTHER)
    assert service.look() is True
    assert service.snapshot() is before
    assert service.look() is False
    assert text_of(service) == ["Another text."]
    assert service.snapshot().digest != before.digest
    assert f"rules {service.snapshot().digest} are live, after {before.digest}" in logged.text


def test_a_process_that_nobody_asked_answers_its_first_request_by_the_edit(folder):
    """A worker that has been idle since it started does not answer by the rules of yesterday."""
    service = service_for(folder, reload="1m")
    write_rules(folder, OTHER)
    assert text_of(service) == ["Another text."]
    service.close()


def test_what_is_told_of_a_bad_edit_is_what_must_be_mended(folder, logged):
    """Hints at other places, which the good rules had too, are for `notices check`."""
    overseas = RULES.replace("[RU, russia-controlled-ukraine]", "[RU, FR, russia-controlled-ukraine]")
    assert overseas != RULES
    write_rules(folder, overseas)
    service = service_for(folder)
    write_rules(folder, overseas.replace("kind: reader-safety", "kind: reader-safty"))
    look_twice(service)
    assert service.rules.failure is not None
    assert {problem.level for problem in service.rules.failure.problems} == {"error"}
    assert "hint[" not in logged.text


def test_an_idle_process_refuses_a_bad_edit_too(folder):
    """The first request is answered by what was good, and its health says so."""
    service = service_for(folder, reload="1m")
    write_rules(folder, BROKEN)
    assert text_of(service) == [MARKED]
    assert service.rules.failure is not None
    service.close()


def test_a_request_keeps_the_snapshot_that_it_took(folder):
    """An edit in the middle of a request does not reach it."""
    service = service_for(folder)
    taken = service.snapshot()
    write_rules(folder, OTHER)
    look_twice(service)
    found = decide(taken.index, Location(("RU",)), Page(), (), NOW)
    assert found.notices[0].text == MARKED
    assert taken.digest == taken.ruleset.digest != service.snapshot().digest


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(lambda folder: write_rules(folder, BROKEN), "unknown-value", id="a wrong value"),
        pytest.param(lambda folder: write_rules(folder, "rules: ["), "syntax", id="no YAML"),
        pytest.param(lambda folder: write_rules(folder, RULES, "copy.yaml"), "duplicate-id", id="rules twice"),
        pytest.param(lambda folder: (folder / "rules.yaml").write_bytes(b"\xff\xfe\xff"), "not-utf8", id="no UTF-8"),
        pytest.param(lambda folder: (folder / "rules.yaml").unlink(), "no-rules", id="an empty folder"),
        pytest.param(shutil.rmtree, "missing-folder", id="no folder"),
    ],
)
def test_a_bad_edit_changes_nothing_and_is_told_once(folder, logged, spoil, code):
    """What was live stays live; the log has the positions once, health has them until the edit is put right."""
    service = service_for(folder)
    before = service.snapshot()
    logged.clear()
    spoil(folder)
    for _ in range(6):
        service.look()
    assert service.snapshot() is before
    errors = [record for record in logged.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1
    answer = Client(service).get("/notices/health")
    assert (answer.status, answer.json["status"]) == (503, "failing")
    assert answer.json["serving_last_good_rules"] is True
    failure = answer.json["last_failed_reload"]
    assert failure["resolved_at"] is None
    assert failure["problems"]
    for problem in failure["problems"]:
        assert set(problem) == {"path", "line", "column", "code"}
        assert problem["path"] in ("rules.yaml", "copy.yaml", "")
        assert f":{problem['line']}:{problem['column']}: error[{problem['code']}]" in errors[0].message
    assert Client(service).get("/notices/lookup?region=RU").json["notices"][0]["text"] == MARKED
    assert code in {problem["code"] for problem in failure["problems"]}


def test_an_edit_put_right_is_well_again_and_is_remembered(folder):
    """Health goes back to 200 and still says what had failed, and until when."""
    clock = Clock()
    service = service_for(folder, clock=clock)
    write_rules(folder, BROKEN)
    look_twice(service)
    clock.now += timedelta(minutes=5)
    write_rules(folder, OTHER)
    look_twice(service)
    answer = Client(service).get("/notices/health")
    assert (answer.status, answer.json["status"]) == (200, "ok")
    assert answer.json["serving_last_good_rules"] is False
    failure = answer.json["last_failed_reload"]
    assert (failure["at"], failure["resolved_at"]) == ("2026-11-22T12:00:00Z", "2026-11-22T12:05:00Z")
    assert text_of(service) == ["Another text."]


def test_an_edit_taken_back_is_well_again_without_a_reload(folder):
    """The rules that are live all the time are not loaded anew."""
    service = service_for(folder)
    before = service.snapshot()
    write_rules(folder, BROKEN)
    look_twice(service)
    write_rules(folder)
    look_twice(service)
    assert service.snapshot() is before
    assert Client(service).get("/notices/health").status == 200


@pytest.mark.parametrize(
    ("sound", "mistaken"),
    [
        pytest.param('law: ["Sealed Act 1999"]', "law: {sealed: Sealed Act 1999}", id="a mapping for a list"),
        pytest.param("where: [AT]", "where: [Elbonia]", id="a value that the problem quotes"),
    ],
)
def test_neither_log_nor_health_quotes_a_rule(folder, logged, sound, mistaken):
    """A confidential rule with a mistake in it stays confidential."""
    service = service_for(folder)
    assert sound in RULES
    write_rules(folder, RULES.replace(sound, mistaken))
    look_twice(service)
    body = Client(service).get("/notices/health").body.decode()
    assert service.rules.failure.standing
    for secret in ("sealed", "Sealed", "Elbonia"):
        assert secret not in logged.text
        assert secret not in body


def test_an_edit_that_goes_on_is_waited_for(folder):
    """As long as every look sees something new, nothing is loaded."""
    service = service_for(folder)
    before = service.snapshot()
    for number in range(5):
        write_rules(folder, OTHER.replace("Another text.", f"Text {number}."))
        assert service.look() is True
        assert service.snapshot() is before
    assert service.look() is False
    assert text_of(service) == ["Text 4."]


def test_an_edit_while_it_is_read_is_not_judged(folder, monkeypatch, logged):
    """Half a copy is neither live nor an error; the whole is live two looks later."""
    from notices.service import sources

    service = service_for(folder)
    read = sources.load_folder
    write_rules(folder, BROKEN)

    def load_and_go_on(path):
        try:
            return read(path)
        finally:
            monkeypatch.setattr(sources, "load_folder", read)
            write_rules(folder, OTHER)

    monkeypatch.setattr(sources, "load_folder", load_and_go_on)
    look_twice(service)
    assert service.rules.failure is None
    assert text_of(service) == [MARKED]
    look_twice(service)
    assert text_of(service) == ["Another text."]
    assert not [record for record in logged.records if record.levelno >= logging.ERROR]


def test_a_fault_of_ours_in_new_rules_leaves_the_old_ones_live(folder, monkeypatch, logged):
    """Rules that load and cannot be prepared are refused like any others, without the fault's text."""
    from notices.service import sources

    def broken(ruleset):
        raise RuntimeError("with Elbonia in it")

    service = service_for(folder)
    monkeypatch.setattr(sources, "build_index", broken)
    write_rules(folder, OTHER)
    look_twice(service)
    assert text_of(service) == [MARKED]
    health = Client(service).get("/notices/health").json
    assert [problem["code"] for problem in health["last_failed_reload"]["problems"]] == ["internal"]
    assert "Elbonia" not in logged.text


def test_cases_beside_the_rules_reload_nothing(folder):
    """A changed case changes no digest and no snapshot."""
    service = service_for(folder)
    before = service.snapshot()
    (folder / "more_test.yaml").write_text("now: 2026-11-22T12:00:00Z\ncases: []\n")
    look_twice(service)
    assert service.snapshot() is before


@pytest.mark.parametrize("preserve", [False, True], ids=["new times", "same names, sizes and times"])
def test_a_folder_swapped_by_a_link_is_live(tmp_path, preserve):
    """A release that moves a link is an edit like any other."""
    for name, text in (("one", RULES), ("two", RULES.replace("Sharing", "Pasting"))):
        write_rules(tmp_path / name, text)
        if preserve:
            os.utime(tmp_path / name / "rules.yaml", ns=(0, 0))
    (tmp_path / "rules").symlink_to("one")
    service = service_for(tmp_path / "rules")
    (tmp_path / "next").symlink_to("two")
    (tmp_path / "next").replace(tmp_path / "rules")
    look_twice(service)
    assert text_of(service) == [MARKED.replace("Sharing", "Pasting")]


def test_reloads_are_counted(folder):
    """A monitor sees how often edits were good and bad."""
    service = service_for(folder)
    for text in (OTHER, BROKEN, RULES):
        write_rules(folder, text)
        look_twice(service)
    found = service.metrics.exposition("")[0].decode()
    assert 'notices_reloads_total{outcome="live",what="rules"} 2.0' in found
    assert 'notices_reloads_total{outcome="refused",what="rules"} 1.0' in found


class TestStart:
    """What a start does with rules that are broken."""

    @pytest.mark.parametrize("on_failure", ["last-good", "refuse"])
    def test_without_kept_rules_it_refuses(self, folder, tmp_path, on_failure):
        """A first start with a typo tells every problem."""
        write_rules(folder, BROKEN)
        with pytest.raises(RulesetError) as caught:
            service_for(folder, state=tmp_path / "state", on_failure=on_failure)
        assert caught.value.problems[0].path == "rules.yaml"

    def test_with_kept_rules_it_serves_those(self, folder, tmp_path, logged):
        """A typo does not take the site down at the next worker recycle; health says what is served and why."""
        live = service_for(folder, state=tmp_path / "state").snapshot()
        write_rules(folder, BROKEN)
        service = service_for(folder, state=tmp_path / "state")
        assert (text_of(service), service.snapshot().digest) == ([MARKED], live.digest)
        answer = Client(service).get("/notices/health")
        assert (answer.status, answer.json["serving_last_good_rules"]) == (503, True)
        assert answer.json["last_failed_reload"]["problems"][0]["line"] > 0
        assert "serving the last good rules" in logged.text

    def test_the_edit_that_puts_it_right_is_live(self, folder, tmp_path):
        """After a start with kept rules, looking goes on."""
        service_for(folder, state=tmp_path / "state")
        write_rules(folder, BROKEN)
        service = service_for(folder, state=tmp_path / "state")
        write_rules(folder, OTHER)
        look_twice(service)
        assert text_of(service) == ["Another text."]
        health = Client(service).get("/notices/health")
        assert (health.status, health.json["serving_last_good_rules"]) == (200, False)

    def test_the_same_rules_put_back_are_no_longer_the_kept_ones(self, folder, tmp_path):
        """A typo taken back makes the folder the source again."""
        service_for(folder, state=tmp_path / "state")
        write_rules(folder, BROKEN)
        service = service_for(folder, state=tmp_path / "state")
        write_rules(folder)
        look_twice(service)
        assert Client(service).get("/notices/health").json["serving_last_good_rules"] is False

    def test_a_fault_of_ours_is_stood_in_for_as_well(self, folder, tmp_path, monkeypatch):
        """An update of this package that cannot read the rules serves the kept ones, or says where it failed."""
        from notices.service import sources

        service_for(folder, state=tmp_path / "state")

        def broken(path):
            raise RecursionError

        monkeypatch.setattr(sources, "load_folder", broken)
        assert text_of(service_for(folder, state=tmp_path / "state")) == [MARKED]
        with pytest.raises(RulesetError) as caught:
            service_for(folder)
        assert isinstance(caught.value.__cause__, RecursionError)

    def test_refuse_always_refuses(self, folder, tmp_path):
        """``ON_FAILURE=refuse`` uses no kept rules."""
        service_for(folder, state=tmp_path / "state")
        write_rules(folder, BROKEN)
        with pytest.raises(RulesetError):
            service_for(folder, state=tmp_path / "state", on_failure="refuse")

    @pytest.mark.parametrize(
        "damage",
        [
            pytest.param(lambda text: text.replace("Sharing", "Sparing"), id="another text"),
            pytest.param(lambda text: text.replace("reader-safety", "reader"), id="broken too"),
            pytest.param(lambda text: text[:100], id="torn"),
        ],
    )
    def test_kept_rules_that_are_damaged_are_not_served(self, folder, tmp_path, damage):
        """A warning that somebody changed on the disk is not the one that was good."""
        service = service_for(folder, state=tmp_path / "state")
        kept = service.state.folder / "last-good.json"
        kept.write_text(damage(kept.read_text()))
        write_rules(folder, BROKEN)
        with pytest.raises(RulesetError):
            service_for(folder, state=tmp_path / "state")

    @pytest.mark.parametrize("text", ["", "a file"], ids=["missing", "a file for a folder"])
    def test_what_is_no_folder_is_an_error_with_the_path(self, tmp_path, text):
        """The usual mistake at the first start names the path."""
        path = tmp_path / "rules"
        if text:
            path.write_text(text)
        with pytest.raises(RulesetError, match="rules"):
            service_for(path)


def test_the_journal_tells_what_was_live_when(folder, tmp_path):
    """Digest, live from, replaced at: enough to replay what was shown."""
    clock = Clock()
    service = service_for(folder, clock=clock, state=tmp_path / "state")
    one = service.snapshot().digest
    clock.now += timedelta(hours=1)
    write_rules(folder, OTHER)
    look_twice(service)
    two = service.snapshot().digest
    assert [(line.digest, line.live_from[:16], (line.replaced_at or "")[:16]) for line in service.state.journal()] == [
        (one, "2026-11-22T12:00", "2026-11-22T13:00"),
        (two, "2026-11-22T13:00", ""),
    ]
    assert service.state.last_good().files["rules.yaml"] == OTHER.encode()


def test_a_state_that_cannot_be_written_never_hurts_serving(folder, tmp_path, logged):
    """Logged once, told in health, tried again, and well when it works."""
    state = tmp_path / "state"
    state.write_text("in the way")
    service = service_for(folder, state=state)
    assert text_of(service) == [MARKED]
    write_rules(folder, OTHER)
    for _ in range(4):
        service.look()
    assert text_of(service) == ["Another text."]
    assert len([record for record in logged.records if "NOTICES_STATE" in record.message]) == 1
    health = Client(service).get("/notices/health")
    assert (health.status, health.json["state_kept"]) == (200, False)
    state.unlink()
    service.look()
    assert Client(service).get("/notices/health").json["state_kept"] is True
    assert service.state.last_good().digest == service.snapshot().digest


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "country.mmdb"
    shutil.copy(embedded_database_path(), path)
    return path


def located(service):
    return Client(service).get(f"/notices/lookup?ip={RUSSIAN}").json["location"]["candidates"]


class TestDatabases:
    """What becomes of location data that is missing, broken, replaced."""

    @pytest.mark.parametrize("content", [None, b"", b"no database"], ids=["missing", "empty", "something else"])
    def test_a_start_without_usable_data_serves_and_says_so(self, folder, tmp_path, logged, content):
        """Visitors are unknown, which shows every warning for readers' safety; log and health name the trouble."""
        path = tmp_path / "broken.mmdb"
        if content is not None:
            path.write_bytes(content)
        service = service_for(folder, geoip=[path])
        answer = Client(service).get(f"/notices/lookup?ip={RUSSIAN}").json
        assert answer["location"]["certainty"] == "unknown"
        assert [notice["rule"] for notice in answer["notices"]] == ["ru-warning", "ru-warning"]
        health = Client(service).get("/notices/health")
        assert health.status == 503
        assert health.json["serving_last_good_rules"] is False  # it is a database that is refused
        [found] = health.json["databases"]
        assert (found["type"], found["stale"]) == (None, True)
        assert found["last_failed_reload"]["problems"] == [
            {"path": "broken.mmdb", "line": 0, "column": 0, "code": "database"}
        ]
        assert "broken.mmdb" in logged.text

    def test_refuse_refuses_it(self, folder, tmp_path):
        """``ON_FAILURE=refuse`` starts with data or not at all, and names the setting and the file."""
        with pytest.raises(SettingsError, match=r"NOTICES_GEOIP: .*none\.mmdb"):
            service_for(folder, geoip=[tmp_path / "none.mmdb"], on_failure="refuse")

    def test_a_database_that_comes_later_is_used(self, folder, tmp_path):
        """A download that finishes after the start is live after two looks; the rules are as old as they were."""
        path, clock = tmp_path / "late.mmdb", Clock()
        service = service_for(folder, geoip=[path], clock=clock)
        shutil.copy(embedded_database_path(), path)
        clock.now += timedelta(hours=1)
        look_twice(service)
        assert located(service) == ["RU"]
        assert Client(service).get("/notices/health").status == 200
        assert service.snapshot().loaded_at == NOW

    def test_what_is_remembered_of_a_database_goes_with_it(self, folder, tmp_path):
        """The same address in the same place of a new file is where the new file says, also when asked often before."""
        network = RUSSIAN.rpartition(".")[0] + ".0/24"
        path = write_database(tmp_path / "city.mmdb", {network: {"country_code": "DE"}})
        service = service_for(folder, geoip=[path])
        assert [located(service) for _ in range(3)] == [["DE"]] * 3
        write_database(tmp_path / "new", {network: {"country_code": "FR"}}).replace(path)
        look_twice(service)
        assert [located(service) for _ in range(3)] == [["FR"]] * 3

    @pytest.mark.parametrize("truncate", [False, True], ids=["replaced", "truncated in place"])
    def test_a_broken_file_leaves_the_last_good_one_answering(self, folder, database, logged, truncate):
        """A failed update costs nothing but its news; a later good one is taken."""
        service = service_for(folder, geoip=[database])
        before = service.snapshot()
        if truncate:
            os.truncate(database, 10_000)
        else:
            other = database.with_name("new")
            other.write_bytes(b"torn")
            other.replace(database)
        for _ in range(5):
            service.look()
        assert service.snapshot() is before
        assert located(service) == ["RU"]
        assert Client(service).get("/notices/health").status == 503
        assert len([record for record in logged.records if "country.mmdb" in record.message]) == 1
        shutil.copy(embedded_database_path(), database)
        look_twice(service)
        assert Client(service).get("/notices/health").status == 200
        assert service.snapshot() is not before

    def test_a_checksum_that_does_not_fit_is_refused(self, folder, database):
        """A file that fails its checksum answers nothing."""
        service = service_for(folder, geoip=[database])
        database.with_name("country.mmdb.sha256").write_text("0" * 64 + "  country.mmdb\n")
        look_twice(service)
        assert Client(service).get("/notices/health").status == 503
        digest = hashlib.sha256(database.read_bytes()).hexdigest()
        database.with_name("country.mmdb.sha256").write_text(f"{digest}  country.mmdb\n")
        look_twice(service)
        assert Client(service).get("/notices/health").status == 200

    def test_one_broken_database_of_two_leaves_the_other(self, folder, database, tmp_path):
        """What can answer answers."""
        service = service_for(folder, geoip=[tmp_path / "none.mmdb", database])
        assert located(service) == ["RU"]
        assert [found["type"] is None for found in Client(service).get("/notices/health").json["databases"]] == [
            True,
            False,
        ]


def test_the_safe_default_follows_the_clock(tmp_path):
    """What is shown when a decision fails is what an unknown visitor gets today, not at the start."""
    window = "when: {from: 2024-02-20, until: 2026-12-01, timezone: UTC}"
    text = RULES.replace("when: {from: 2024-02-20, timezone: Europe/Moscow}", window)
    clock = Clock()
    service = service_for(write_rules(tmp_path / "rules", text), clock=clock)
    assert [shown.text for shown in service.snapshot().safe_default.notices][:1] == [MARKED]
    assert service.snapshot().safe_default.until == datetime(2026, 12, 1, tzinfo=UTC)
    clock.now = datetime(2026, 12, 1, tzinfo=UTC)
    service.look()
    assert service.snapshot().safe_default.notices == ()


class TestThread:
    """The looking while serving."""

    def test_an_edit_goes_live_by_itself(self, folder):
        """With a period set, the first request starts the thread, and edits go live."""
        service = service_for(folder, reload="20ms")
        service.snapshot()
        write_rules(folder, OTHER)
        wait_for(lambda: text_of(service) == ["Another text."])
        service.close()

    def test_nothing_runs_before_the_first_request(self, folder):
        """A process that only forks others has no thread."""
        service = service_for(folder, reload="10ms")
        assert "notices-watch" not in {thread.name for thread in threading.enumerate()}
        service.snapshot()
        assert "notices-watch" in {thread.name for thread in threading.enumerate()}
        service.close()
        wait_for(lambda: "notices-watch" not in {thread.name for thread in threading.enumerate()})

    def test_off_is_off(self, folder):
        """``RELOAD=off`` starts no thread."""
        service = service_for(folder)
        service.snapshot()
        assert "notices-watch" not in {thread.name for thread in threading.enumerate()}

    def test_a_service_that_nobody_has_any_more_is_gone(self, folder):
        """The thread keeps nothing alive."""
        service = service_for(folder, reload="10ms")
        service.snapshot()
        ref = weakref.ref(service)
        del service

        def is_gone():
            gc.collect()
            return ref() is None

        wait_for(is_gone)

    def test_requests_in_threads_see_whole_snapshots(self, folder):
        """While edits come and go, every request sees one ruleset, its index and its digest together."""
        service = service_for(folder, reload="10ms")
        good = {service.snapshot().digest: MARKED}
        write_rules(folder, OTHER)
        wait_for(lambda: service.snapshot().digest not in good)
        good[service.snapshot().digest] = "Another text."
        stop, faults, asked = threading.Event(), [], []

        def ask():
            while not stop.is_set():
                reply = Client(service).get("/notices/lookup?region=RU").json
                asked.append(reply["ruleset"]["digest"])
                if good[reply["ruleset"]["digest"]] != reply["notices"][0]["text"]:
                    faults.append(reply)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for text in (RULES, OTHER, RULES):
            write_rules(folder, text)
            wait_for(lambda wanted=MARKED if text is RULES else "Another text.": text_of(service) == [wanted])
        stop.set()
        for thread in threads:
            thread.join()
        service.close()
        assert faults == []
        assert set(asked) == set(good)


ENDING = """
import pathlib, sys, time
from notices.service import Service
from notices.settings import Settings
from notices.state import State

activate = State.activate

def slowly(self, *arguments):
    time.sleep(0.5)
    activate(self, *arguments)

folder = pathlib.Path(sys.argv[1])
service = Service(Settings.from_keywords(rules=folder, state=folder.parent / "state", reload="20ms"))
State.activate = slowly
before = service.snapshot().digest
(folder / "new").write_text((folder / "rules.yaml").read_text().replace("punished", "fined"))
(folder / "new").replace(folder / "rules.yaml")
end = time.monotonic() + 30
while service.snapshot().digest == before and time.monotonic() < end:
    time.sleep(0.001)
print(service.snapshot().digest)
"""


def test_a_process_that_ends_writes_down_what_went_live(folder):
    """A worker that is recycled right after an edit went live still leaves its line in the journal."""
    done = subprocess.run([sys.executable, "-c", ENDING, str(folder)], capture_output=True, timeout=100, check=True)
    [journal] = (folder.parent / "state").glob("*/journal.jsonl")
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert (len(lines), lines[-1]["digest"]) == (2, done.stdout.decode().strip())


def test_services_share_nothing(tmp_path):
    """Several sites in one process: one's edit, counts and health are not another's."""
    one = service_for(write_rules(tmp_path / "one"), state=tmp_path / "state")
    two = service_for(write_rules(tmp_path / "two", OTHER), state=tmp_path / "state")
    write_rules(tmp_path / "one", BROKEN)
    look_twice(one), look_twice(two)
    assert [Client(service).get("/notices/health").status for service in (one, two)] == [503, 200]
    assert (text_of(one), text_of(two)) == ([MARKED], ["Another text."])


def test_a_service_has_the_systems_clock_by_default(folder):
    """Without another clock the present is the present, with its zone."""
    service = Service(settings_for(folder))
    before = datetime.now(UTC)
    assert before <= service.now() <= datetime.now(UTC)


def test_a_start_imports_nothing_that_only_checking_needs(tmp_path):
    """A worker that serves a site's rules has neither lints nor language tables nor the command line."""
    code = (
        "import sys, flask, notices\n"
        "app = flask.Flask('paper')\n"
        "app.config.update(NOTICES_RULES=sys.argv[1], NOTICES_STATE=None)\n"
        "notices.Notices(app)\n"
        "print(*sys.modules)\n"
    )
    command = [sys.executable, "-c", code, str(write_rules(tmp_path))]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert "notices.loader" in loaded
    assert not loaded & {"langcodes", "pycountry", "geoip2", "notices.lint", "notices.cli", "notices.compare"}
