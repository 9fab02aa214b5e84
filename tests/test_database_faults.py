"""A process that serves outlives every damaged database, answers from none that failed a check, and says so."""

from __future__ import annotations

import ipaddress
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from notices.errors import DatabaseError
from notices.geo import private_copy
from notices.geo.database import open_database
from notices.service import sources
from tests.databases import SHARED, bad_files, maxmind, write_database
from tests.endpoint import Client, service_for, write_rules

TREE = Path(__file__).parent.parent


def run(module, *arguments):
    """What a module of the tests prints, run as a process of its own, which must not die."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("name", "flips", "step", "cuts"),
    [
        pytest.param("GeoIP2-City-Test.mmdb", 1000, 16, 1411, id="City"),
        pytest.param("GeoIP2-Anonymous-IP-Test.mmdb", 200, 1, 4873, id="Anonymous-IP, every cut"),
    ],
)
def test_cut_and_flipped_files_kill_nothing(name, flips, step, cuts):
    """No cut is let in, no flipped bit gets past a ``.sha256``, and what is let in without one kills nothing."""
    found = run("tests.database_faults", maxmind(name), flips, step)
    assert found["cut: refused"] == cuts
    assert not [what for what in found if what.startswith("cut: answered")]
    assert found["flipped bit beside its .sha256: refused"] == flips
    assert found["whole beside its .sha256: answered rightly"] == 1
    plain = ("refused", "answered rightly", "answered wrongly")
    assert sum(found.get(f"flipped bit: {what}", 0) for what in plain) == flips


@pytest.fixture
def good(tmp_path):
    """Two good files that tell apart who answers."""
    return [
        write_database(tmp_path / name, {"5.5.0.0/16": {"country": {"iso_code": name}}, "9.9.9.0/24": {"country": {}}})
        for name in ("DE", "FR")
    ]


def test_a_service_under_load_outlives_whatever_its_database_becomes(tmp_path_factory, good):
    """Behind each fault the last good data answers, health says 503, and the next good file makes it well again."""
    here = tmp_path_factory.mktemp("site", numbered=True)
    here.chmod(0o755)  # for a fault, the process gives up root's rights
    isp = [SHARED / "GeoIP2-ISP-Test.mmdb"] if SHARED.exists() else []
    found = run("tests.database_swaps", here, *good, *isp, *bad_files())
    assert len(found["told"]) == 12 + len(isp) + len(bad_files())
    assert {name: told for name, told in found["told"].items() if told != [200, 503, True]} == {}
    assert found["answers"] == ["(200, ('DE',))", "(200, ('FR',))"]
    assert found["asked"] > len(found["told"])


def test_a_database_of_ipv4_alone_is_a_good_one(tmp_path):
    """It answers what it can, and says nothing of the rest."""
    record = {"country": {"iso_code": "DE"}}
    path = write_database(tmp_path / "four.mmdb", {"5.5.0.0/16": record}, ip_version=4)
    service = service_for(write_rules(tmp_path / "rules"), geoip=[path])
    found = [
        Client(service).get(f"/notices/lookup?ip={ip}").json["location"]["candidates"]
        for ip in ("5.5.5.5", "2a02:6b8::1", "::ffff:5.5.5.5")
    ]
    assert found == [["DE"], ["world"], ["DE"]]
    assert Client(service).get("/notices/health").status == 200


def test_a_file_larger_than_any_database_is_not_copied(tmp_path, monkeypatch, good):
    """What has no end must not take the machine's memory."""
    monkeypatch.setattr(private_copy, "MAX_BYTES", good[0].stat().st_size - 1)
    with pytest.raises(DatabaseError, match=r"DE: is larger than 0 GiB"):
        open_database(good[0])


def test_a_sparse_file_is_refused_before_it_is_copied(tmp_path, monkeypatch):
    """A terabyte of nothing costs no memory."""
    path = tmp_path / "sparse.mmdb"
    path.touch()
    os.truncate(path, 3 << 30)
    monkeypatch.setattr(private_copy, "_write_all", None)
    with pytest.raises(DatabaseError, match="is no MaxMind DB file"):
        open_database(path)


class TestPassing:
    """What the system refuses now it may grant later."""

    @pytest.fixture
    def site(self, tmp_path, good):
        path = tmp_path / "city.mmdb"
        path.write_bytes(good[0].read_bytes())
        service = service_for(write_rules(tmp_path / "rules"), geoip=[path])
        path.with_name("new").write_bytes(good[1].read_bytes())
        path.with_name("new").replace(path)
        return service

    def located(self, service):
        return Client(service).get("/notices/lookup?ip=5.5.5.5").json["location"]["candidates"]

    @pytest.mark.parametrize(
        "error", [OSError(24, "Too many open files"), MemoryError()], ids=["no descriptors", "no memory"]
    )
    def test_what_could_not_be_read_is_tried_again(self, site, monkeypatch, caplog, error):
        """A file nobody touches any more is still taken when the system can; until then it is told once."""
        with monkeypatch.context() as patch:
            patch.setattr(private_copy, "_sealed_copy", lambda _: (_ for _ in ()).throw(error))
            patch.setattr(private_copy, "_memory_copy", lambda _: (_ for _ in ()).throw(error))
            for _ in range(8):
                site.look()
            assert self.located(site) == ["DE"]
            assert Client(site).get("/notices/health").status == 503
        site.look(), site.look()
        assert self.located(site) == ["FR"]
        assert Client(site).get("/notices/health").status == 200
        assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1

    @pytest.mark.parametrize("error", [RuntimeError, MemoryError, type("PanicException", (BaseException,), {})])
    def test_a_fault_of_ours_leaves_the_old_one_answering(self, site, monkeypatch, error):
        """Also a panic of the Rust reader, which is no ``Exception``, neither ends the looking nor goes unsaid."""

        def broken(path, memory):
            raise error("at 203.0.113.7")

        monkeypatch.setattr(sources, "open_database", broken)
        site.look(), site.look()
        assert self.located(site) == ["DE"]
        health = Client(site).get("/notices/health")
        assert health.status == 503
        assert b"203.0.113.7" not in health.body

    def test_a_file_that_grows_while_it_is_read_is_not_judged(self, site, monkeypatch, tmp_path, caplog, good):
        """A copy under way is neither served nor told as damaged."""
        opened = sources.open_database

        def open_and_go_on(path, memory):
            monkeypatch.setattr(sources, "open_database", opened)
            try:
                return opened(path, memory)
            finally:
                path.write_bytes(good[0].read_bytes() + b"more")

        monkeypatch.setattr(sources, "open_database", open_and_go_on)
        site.look(), site.look()
        assert self.located(site) == ["DE"]
        assert Client(site).get("/notices/health").status == 200
        assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_the_reader_of_a_good_file_agrees_after_all_this(good):
    """The files of these tests are good ones, so that refusing everything would not pass."""
    found = [open_database(path).look_up(ipaddress.ip_address("5.5.5.5")).country for path in good]
    assert found == ["DE", "FR"]
