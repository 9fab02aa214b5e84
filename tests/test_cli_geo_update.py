"""``notices geo update``: exit codes for a timer, what it says where, and a key that nobody ever sees."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from notices.cli import geo_update, main
from notices.errors import UpdateError
from tests.publisher import NOW, Publisher, build, packed, serving, tar_gz

TREE = Path(__file__).parent.parent
DB_IP = "/free/dbip-city-lite-2026-11.mmdb.gz"
MAXMIND = "/geoip/databases/GeoLite2-City/download?suffix=tar.gz"
KEY, NUMBER = "aBcDeF_0123456789_lIcEnCe_mmk", "424242"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A working directory, a data folder of its own, no account, the clock at noon."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith(("NOTICES_", "MAXMIND_", "GEOIPUPDATE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr(geo_update, "utc_now", lambda: NOW)
    return tmp_path


@pytest.fixture
def account(monkeypatch):
    monkeypatch.setenv("MAXMIND_ACCOUNT_ID", NUMBER)
    monkeypatch.setenv("MAXMIND_LICENSE_KEY", KEY)


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
def base(publisher):
    with serving(publisher) as url:
        yield url


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return build(tmp_path_factory.mktemp("city") / "city")


def test_an_update_and_then_nothing_new_exit_with_0(desk, base, publisher, city, capsys):
    """The result goes to stdout, what else is to be known to stderr; a second run has nothing to do."""
    publisher.put(DB_IP, packed(city), headers={"ETag": '"1"'})
    publisher.put("/db/download/ip-to-city-lite", b"no sums")
    place = desk / "share" / "notices" / "dbip-city-lite.mmdb"
    assert main(["geo", "update", "--base", base]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{place}: DBIP-City-Lite of 2026-11-01 is in place, SHA-256 ")
    assert f"NOTICES_GEOIP={place}" in err
    assert "\r" not in err
    assert main(["geo", "update", "--base", base]) == 0
    assert "DBIP-City-Lite of 2026-11-01 is the newest" in capsys.readouterr().out
    assert place.read_bytes() == city


def test_a_failure_exits_with_1(desk, base, capsys):
    """Nothing on stdout, one sentence on stderr, no file."""
    assert main(["geo", "update", "--base", base, "--to", "x.mmdb"]) == 1
    out, err = capsys.readouterr()
    assert (out, err) == ("", "Error: 127.0.0.1 has no such file (404)\n")
    assert not Path("x.mmdb").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["geolite-city"], "did you mean GeoLite2-City?", id="unknown edition"),
        pytest.param(["GeoLite2-City"], "MAXMIND_ACCOUNT_ID is not set", id="no account"),
        pytest.param(["--base", "http://mirror.example"], "asked by https only", id="plain http"),
        pytest.param(["--base", "https://me:secret@mirror.example"], "user name or password", id="password in a URL"),
        pytest.param(["--url", "https://mirror.example/x.mmdb"], "--to FILE", id="no place"),
        pytest.param(["--to", "link.mmdb"], "is a link", id="a link"),
        pytest.param(["--to", "pipe.mmdb"], "is no regular file", id="a pipe"),
        pytest.param(["--seconds", "0"], "--seconds", id="no time"),
        pytest.param([], "no home folder; say with --to", id="no home"),
    ],
)
def test_a_wrong_call_exits_with_2(desk, capsys, monkeypatch, arguments, message):
    """Nothing is asked of anybody."""
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError))
    Path("link.mmdb").symlink_to("other.mmdb")
    os.mkfifo("pipe.mmdb")
    assert main(["geo", "update", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in " ".join(err.split())
    assert "secret" not in err


def test_the_database_that_the_service_reads_is_the_one_that_is_renewed(
    desk, base, publisher, city, capsys, monkeypatch
):
    """The file of ``NOTICES_GEOIP`` with the edition's name is written over; nothing more is to be set."""
    place = desk / "geo" / "dbip-city-lite.mmdb"
    monkeypatch.setenv("NOTICES_GEOIP", f"{desk}/other.mmdb, {place}")
    publisher.put(DB_IP, packed(city))
    assert main(["geo", "update", "--base", base]) == 0
    assert place.read_bytes() == city
    assert "NOTICES_GEOIP=" not in capsys.readouterr().err


def test_a_folder_gets_the_usual_name(desk, base, publisher, city, account):
    """``--to`` may name the folder."""
    Path("geo").mkdir()
    publisher.put_file(MAXMIND, tar_gz(build(desk / "made", kind="GeoLite2-City")))
    assert main(["geo", "update", "GeoLite2-City", "--base", base, "--to", "geo"]) == 0
    assert Path("geo/GeoLite2-City.mmdb").exists()


def test_a_mirror_s_file_needs_no_account(desk, base, publisher, city, account):
    """``--url`` shows the key to nobody, though it is in the environment."""
    publisher.put_file("/some/city.mmdb.gz", packed(city))
    assert main(["geo", "update", "--url", f"{base}/some/city.mmdb.gz", "--to", "city.mmdb"]) == 0
    assert Path("city.mmdb").read_bytes() == city
    assert not [headers for _, headers in publisher.asked if "Authorization" in headers]


@pytest.mark.parametrize("prefix", ["MAXMIND", "GEOIPUPDATE"])
@pytest.mark.parametrize("by_file", [False, True], ids=["value", "file"])
def test_the_account_comes_from_the_environment(desk, base, publisher, monkeypatch, prefix, by_file):
    """By value or from a file, as service managers hand secrets over, under our names or those of MaxMind's program."""
    for name, value in (("ACCOUNT_ID", NUMBER), ("LICENSE_KEY", f"{KEY}\n")):
        (desk / name).write_text(value)
        monkeypatch.setenv(f"{prefix}_{name}" + ("_FILE" if by_file else ""), str(desk / name) if by_file else value)
    publisher.put_file(MAXMIND, tar_gz(build(desk / "made", kind="GeoLite2-City")))
    assert main(["geo", "update", "GeoLite2-City", "--base", base, "--to", "x.mmdb"]) == 0
    assert publisher.asked[0][1]["Authorization"] == "Basic NDI0MjQyOmFCY0RlRl8wMTIzNDU2Nzg5X2xJY0VuQ2VfbW1r"


def test_a_key_file_that_cannot_be_read_is_named(desk, monkeypatch, capsys):
    """By its variable, not by what stands in it."""
    monkeypatch.setenv("MAXMIND_ACCOUNT_ID_FILE", str(desk / "none"))
    assert main(["geo", "update", "GeoLite2-City", "--to", "x.mmdb"]) == 2
    assert "MAXMIND_ACCOUNT_ID_FILE: the file cannot be read: FileNotFoundError" in " ".join(
        capsys.readouterr().err.split()
    )


FAULTS = [
    pytest.param({"status": 401}, id="401"),
    pytest.param({"status": 403}, id="403"),
    pytest.param({"status": 404}, id="404"),
    pytest.param({"status": 429, "headers": {"Retry-After": "60"}}, id="429"),
    pytest.param({"status": 302, "headers": {"Location": "http://mirror.example/?Signature=s1gned"}}, id="redirect"),
    pytest.param({"status": 302, "headers": {"Location": "https://127.0.0.1:9/?Signature=s1gned"}}, id="dead end"),
    pytest.param({"fault": "nonsense"}, id="no HTTP"),
    pytest.param({"body": b"x" * 5000, "fault": "cut"}, id="cut"),
    pytest.param({"body": b"no archive"}, id="no archive"),
]


@pytest.mark.parametrize("answer", FAULTS)
@pytest.mark.parametrize("of", [MAXMIND, f"{MAXMIND}.sha256"], ids=["archive", "list"])
def test_the_key_is_in_no_output_and_no_file(desk, base, publisher, account, capsys, caplog, city, of, answer):
    """Whatever fails, neither key, nor number, nor a signed URL shows: not in output, logs, errors or files."""
    publisher.put_file(MAXMIND, tar_gz(city))
    publisher.put(of, **answer)
    with caplog.at_level(0):
        assert main(["geo", "update", "GeoLite2-City", "--base", base, "--to", "x.mmdb"]) == 1
    captured = capsys.readouterr()
    left = b"".join(path.read_bytes() for path in desk.rglob("*") if path.is_file() and path.name != "city")
    seen = captured.out + captured.err + caplog.text + left.decode("latin-1")
    assert captured.err.startswith("Error: ")
    for secret in (KEY, NUMBER, "NDI0MjQy", "s1gned"):
        assert secret not in seen


CRASHING = """
import sys
from notices.renewal import unpack, renew
sys.modules["notices.renewal.renew"].unpack = lambda *args: 1 / 0
from notices.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_traceback_of_a_fault_of_ours_holds_no_key(desk, base, publisher, account):
    """Even what nobody has thought of prints no secret, and the arguments of the process hold none."""
    publisher.put_file(MAXMIND, tar_gz(b"x" * 3000))
    command = [sys.executable, "-X", "dev", "-c", CRASHING, "geo", "update", "GeoLite2-City", "--base", base]
    done = subprocess.run(
        [*command, "--to", desk / "x.mmdb"], cwd=TREE, capture_output=True, text=True, check=False, timeout=60
    )
    assert "ZeroDivisionError" in done.stderr
    for secret in (KEY, NUMBER, "NDI0MjQy"):
        assert secret not in done.stderr + done.stdout


def test_progress_is_drawn_on_a_terminal(desk, base, publisher, city):
    """There, and there only, a line tells how much has come."""
    publisher.put(DB_IP, packed(city))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "notices", "geo", "update", "--url", f"{base}{DB_IP}", "--to", desk / "x.mmdb"]
    done = subprocess.run(command, cwd=TREE, stderr=theirs, stdout=subprocess.PIPE, check=False, timeout=60)
    os.close(theirs)
    drawn = os.read(ours, 10_000)
    os.close(ours)
    assert done.returncode == 0
    assert b"\r0.0 of 0.0 MiB\r\n" in drawn
    assert b"\r" not in done.stdout


def test_nothing_that_serves_can_connect_to_anywhere():
    """Only the command ``geo update`` imports the room that fetches."""
    imports = re.compile(r"^\s*(?:from|import) .*\brenewal\b", re.MULTILINE)
    modules = (path for path in (TREE / "notices").rglob("*.py") if path.parent.name != "renewal")
    assert [path.name for path in modules if imports.search(path.read_text("utf-8"))] == ["geo_update.py"]


def documented():
    text = (TREE / "docs" / "databases.md").read_text("utf-8")
    found = re.findall(r"notices geo update(.*?)(?:  #| >/dev|\n|`)", text)
    return sorted({line.strip() for line in found})


@pytest.mark.parametrize("line", documented())
def test_the_documented_calls_are_right(desk, account, monkeypatch, line):
    """Every call in the documentation, the timer's and cron's among them, gets as far as fetching."""
    asked = []

    def note(wanted, place, *_, **__):
        asked.append((wanted.sources[0].url, place.name))
        raise UpdateError("no network in tests")

    monkeypatch.setattr(geo_update, "renew", note)
    assert main(["geo", "update", *line.split()]) == 1
    assert asked[0][0].startswith("https://")
    assert len(documented()) == 4
