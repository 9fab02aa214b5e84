"""Workers of one site share one copy of a database, and believe nothing of one another."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from notices.geo import siblings
from notices.geo.siblings import NAME, SEALS, find_shared
from tests.databases import write_database

TREE = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sealed files are Linux's")

WORKER = """
import ipaddress, sys
from pathlib import Path
from notices.geo.database import open_database
database = open_database(Path(sys.argv[1]))
maps = Path("/proc/self/maps").read_text().splitlines()
inodes = {line.split()[4] for line in maps if "memfd:notices-geo" in line}
print(*inodes, database.look_up(ipaddress.ip_address("5.5.5.5")).country, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path):
    return write_database(tmp_path / "x.mmdb", {"5.0.0.0/8": {"country": {"iso_code": "DE"}}})


class Workers:
    """Processes that have opened a database, all of one parent: this one."""

    def __init__(self, stack):
        self._stack = stack

    def start(self, path, count=1):
        """Start *count* at once; each with what it says."""
        command = [sys.executable, "-c", WORKER, str(path)]
        pipe = subprocess.PIPE
        started = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=TREE) for _ in range(count)]
        for process in started:
            self._stack.callback(self.end, process)
        return [(process, process.stdout.readline().split()) for process in started]

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.communicate("", timeout=20)


@pytest.fixture
def workers():
    with ExitStack() as stack:
        yield Workers(stack)


def test_workers_that_start_one_after_the_other_share_one_copy(workers, path):
    """Also with one that has it from another that has ended since."""
    ((first, said),) = workers.start(path)
    assert said[1] == "DE"
    assert workers.start(path)[0][1] == said
    workers.end(first)
    assert workers.start(path)[0][1] == said


def test_workers_that_start_at_once_share_one_copy(workers, path):
    """As gunicorn starts them."""
    assert len({tuple(said) for _, said in workers.start(path, 4)}) == 1


def test_another_file_has_another_copy(workers, path):
    """A new database is not answered from the old one's bytes, of the same size though they are."""
    old = workers.start(path)[0][1]
    path.write_bytes(path.read_bytes().replace(b"DE", b"FR"))
    new = workers.start(path)[0][1]
    assert (old[1], new[1]) == ("DE", "FR")
    assert old[0] != new[0]


def held(content, seals=SEALS, name=NAME):
    """A descriptor of this process that looks like a copy."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(descriptor, content)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor


CONTENT = os.urandom(3 << 20)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        pytest.param((CONTENT,), True, id="the same, sealed"),
        pytest.param((CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]),), False, id="the last bit is another"),
        pytest.param((CONTENT[:-1],), False, id="shorter"),
        pytest.param((CONTENT + b"x",), False, id="longer"),
        pytest.param((CONTENT, 0), False, id="not sealed"),
        pytest.param((CONTENT, SEALS & ~fcntl.F_SEAL_WRITE), False, id="may be written to"),
        pytest.param((CONTENT, SEALS & ~fcntl.F_SEAL_SHRINK), False, id="may be shortened"),
        pytest.param((CONTENT, SEALS, "other"), False, id="of another kind"),
    ],
)
def test_only_what_is_sealed_and_equal_is_shared(arguments, found, tmp_path, monkeypatch):
    """Whoever holds it, and whatever it is called."""
    monkeypatch.setattr(siblings, "_processes", lambda: iter([Path("/proc/self")]))
    path = tmp_path / "x"
    path.write_bytes(CONTENT)
    descriptor = held(*arguments)
    try:
        with path.open("rb") as source:
            shared = find_shared(source)
        assert (shared is not None) is found
        if shared is not None:
            assert os.fstat(shared).st_ino == os.fstat(descriptor).st_ino
            with pytest.raises(OSError, match=r"not permitted|Bad file"):
                os.write(shared, b"x")
            os.close(shared)
    finally:
        os.close(descriptor)


def test_without_proc_each_has_its_own(workers, path, monkeypatch, tmp_path):
    """A process that cannot look at others looks at none."""
    monkeypatch.setattr(siblings, "Path", lambda *_: tmp_path / "nowhere")
    with path.open("rb") as source:
        assert find_shared(source) is None


def test_a_lock_that_nobody_gives_up_is_not_waited_for_without_end(path, monkeypatch):
    """Who may read the file can hold its lock; a start comes all the same."""
    monkeypatch.setattr(siblings, "_TURNS", 3)
    with path.open("rb") as other, path.open("rb") as source:
        fcntl.flock(other, fcntl.LOCK_EX)
        with siblings.one_at_a_time(source):
            assert source.read(1)
