"""A database replaces the one in use only when it came whole, from where it should, and answers as it should."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import random
import resource
import subprocess
import sys
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from notices.errors import SettingsError, UpdateError
from notices.geo.database import open_database
from notices.renewal import Account, Limits, Source, Wanted, edition_named, renew
from tests.databases import write_database
from tests.publisher import NOW, Publisher, build, packed, serving, tar_gz

TREE = Path(__file__).parent.parent
KEY = "aBcDeF_0123456789_lIcEnCe_mmk"
ACCOUNT = Account("424242", KEY)
OLD, NEW = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
SHORT = Limits(seconds=1.0, idle=0.4)
DB_IP = "/free/dbip-city-lite-2026-11.mmdb.gz"
DB_IP_BEFORE = "/free/dbip-city-lite-2026-10.mmdb.gz"
PAGE = "/db/download/ip-to-city-lite"
MAXMIND = "/geoip/databases/GeoLite2-City/download?suffix=tar.gz"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The databases of the tests, each built once."""
    folder = tmp_path_factory.mktemp("made")
    return {
        "old": build(folder / "old", built=OLD),
        "new": build(folder / "new", built=NEW),
        "other type": build(folder / "type", kind="DBIP-Country-Lite"),
        "future": build(folder / "future", built=NOW + timedelta(days=30)),
        "shrunk": build(folder / "shrunk", eighths=120),
        "elsewhere": build(folder / "elsewhere", first=1),
        "maxmind": build(folder / "maxmind", kind="GeoLite2-City"),
        "answerless": build(folder / "answerless", eighths=1),
        "asn": build(folder / "asn", kind="DBIP-City-Lite"),
    }


@pytest.fixture
def publisher():
    return Publisher()


@pytest.fixture
def base(publisher):
    with serving(publisher) as url:
        yield url


@pytest.fixture
def target(tmp_path):
    return tmp_path / "data" / "dbip-city-lite.mmdb"


@pytest.fixture
def in_use(target, made):
    """The old database, in place with its sum."""
    target.parent.mkdir()
    target.write_bytes(made["old"])
    target.with_name(f"{target.name}.sha256").write_text(f"{hashlib.sha256(made['old']).hexdigest()}  {target.name}\n")
    return target


def wanted(base, name="dbip-city-lite", **more):
    edition = edition_named(name)
    account = ACCOUNT if edition.account else None
    return Wanted(**{"sources": edition.sources(NOW, base), "type": edition.type, "account": account, **more})


def update(base, target, *, name="dbip-city-lite", limits=None, progress=None, now=NOW, **more):
    return renew(wanted(base, name, **more), target, now, limits=limits, progress=progress)


def page(name, *sums):
    """The publisher's page for people, in the shape that it has."""
    rows = "".join(f"<dl><dt>MMDB</dt><dt>SHA1SUM</dt><dd class='small'>{one}</dd></dl>" for one in sums)
    return f"<html><a href='https://download.example/free/{name}'>Download</a>{rows}</html>".encode()


def sha1(content):
    return hashlib.sha1(content).hexdigest()


def tree(folder):
    """Every file below *folder* with its bytes; the lock, which stays, apart."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_a_first_fetch_puts_a_whole_database_in_place(base, publisher, target, made):
    """Fetched, unpacked, checked and in place, with its sum beside it and nothing else left behind."""
    publisher.put(DB_IP, packed(made["new"]))
    publisher.put(PAGE, page("dbip-city-lite-2026-11.mmdb.gz", "0" * 40, sha1(made["new"])))
    done = update(base, target)
    assert (done.outcome, done.notes) == ("updated", ())
    assert set(tree(target.parent)) == {target.name, f"{target.name}.sha256", f"{target.name}.origin.json"}
    assert target.read_bytes() == made["new"]
    check = subprocess.run(["sha256sum", "-c", f"{target.name}.sha256"], cwd=target.parent, capture_output=True)
    assert check.returncode == 0
    assert open_database(target).info.built == NEW


def test_the_one_in_use_becomes_the_previous_one(base, publisher, in_use, made):
    """What was there is kept under its own sum, and can be gone back to."""
    publisher.put(DB_IP, packed(made["new"]))
    assert update(base, in_use).outcome == "updated"
    assert in_use.read_bytes() == made["new"]
    previous = in_use.with_name(f"{in_use.name}.previous")
    assert previous.read_bytes() == made["old"]
    assert open_database(previous).info.built == OLD


def test_the_previous_one_can_be_left_out(base, publisher, in_use, made):
    """Some licences want old copies destroyed."""
    publisher.put(DB_IP, packed(made["new"]))
    update(base, in_use, keep_previous=False)
    assert not [name for name in tree(in_use.parent) if "previous" in name]


def test_who_may_read_the_old_file_may_read_the_new(base, publisher, in_use, made):
    """An update does not lock the service's user out, nor let others in."""
    in_use.chmod(0o640)
    publisher.put(DB_IP, packed(made["new"]))
    update(base, in_use)
    assert in_use.stat().st_mode & 0o777 == 0o640


def test_maxmind_comes_with_account_checksum_and_tar(base, publisher, tmp_path, made):
    """The archive is held to the listed SHA-256, and its one database is taken out."""
    publisher.put_file(MAXMIND, tar_gz(made["maxmind"], others=[(tarfile.TarInfo("x/COPYRIGHT.txt"), b"(c)" * 400)]))
    target = tmp_path / "GeoLite2-City.mmdb"
    assert update(base, target, name="GeoLite2-City").outcome == "updated"
    assert target.read_bytes() == made["maxmind"]
    assert {headers["Authorization"] for _, headers in publisher.asked} == {ACCOUNT.authorization()}


def test_an_account_of_maxmind_s_is_not_shown_to_db_ip(base, publisher, target, made):
    """Who needs no credentials gets none."""
    publisher.put(DB_IP, packed(made["new"]))
    update(base, target)
    assert not [headers for _, headers in publisher.asked if "Authorization" in headers]


def test_the_file_of_last_month_serves_until_this_month_s_is_there(base, publisher, target, made):
    """On the first of a month nothing fails."""
    publisher.put(DB_IP_BEFORE, packed(made["old"]))
    assert update(base, target).outcome == "updated"
    assert update(base, target).outcome == "current"
    publisher.put(DB_IP, packed(made["new"]))
    assert update(base, target).outcome == "updated"
    assert target.read_bytes() == made["new"]


def test_months_are_counted_right_over_the_year(publisher):
    """In January last month is December's file."""
    names = [source.name for source in edition_named("dbip-country-lite").sources(datetime(2027, 1, 31, tzinfo=UTC))]
    assert names == ["dbip-country-lite-2027-01.mmdb.gz", "dbip-country-lite-2026-12.mmdb.gz"]


def test_nothing_new_is_not_fetched_again(base, publisher, target, made):
    """The server is asked with its own tag, and its 304 is an answer."""
    publisher.put(DB_IP, packed(made["new"]), headers={"ETag": '"v1"'})
    update(base, target)
    before = tree(target.parent)
    assert update(base, target).outcome == "current"
    assert tree(target.parent) == before
    assert publisher.asked[-1][1]["If-None-Match"] == '"v1"'


def test_a_damaged_file_in_place_is_fetched_again_whatever_the_tag(base, publisher, target, made):
    """What is remembered counts only while the file still is what was fetched."""
    publisher.put(DB_IP, packed(made["new"]), headers={"ETag": '"v1"'})
    update(base, target)
    target.write_bytes(made["new"][:-100])
    done = update(base, target)
    assert done.outcome == "updated"
    assert "cannot be used and is replaced" in done.notes[0]
    assert target.read_bytes() == made["new"]


def test_maxmind_s_archive_is_not_fetched_again_while_its_sum_is_the_same(base, publisher, tmp_path, made):
    """Downloads are counted by the publisher; the list of sums is asked first."""
    publisher.put_file(MAXMIND, tar_gz(made["maxmind"]))
    target = tmp_path / "GeoLite2-City.mmdb"
    update(base, target, name="GeoLite2-City")
    publisher.asked.clear()
    assert update(base, target, name="GeoLite2-City").outcome == "current"
    assert [path for path, _ in publisher.asked] == [f"{MAXMIND}.sha256"]


def test_the_same_content_is_current_and_keeps_the_previous_one(base, publisher, in_use, made):
    """A file that was put there by hand gets its sum; nothing becomes the previous of itself."""
    publisher.put(DB_IP, packed(made["old"]))
    assert update(base, in_use).outcome == "current"
    assert not in_use.with_name(f"{in_use.name}.previous").exists()


def test_stale_data_is_said(base, publisher, target, made):
    """A mirror that stands still is noticed."""
    publisher.put(DB_IP_BEFORE, packed(made["old"]))
    done = update(base, target, now=NOW + timedelta(days=10), sources=(Source(f"{base}{DB_IP_BEFORE}"),))
    assert done.notes == ("it is 62 days old, which is stale",)


def spoil(content, position=2000):
    changed = bytearray(content)
    changed[position] ^= 0x10
    return bytes(changed)


REFUSED = [
    pytest.param(lambda made: {"body": packed(made["new"]), "fault": "cut"}, "broke off after", id="cut"),
    pytest.param(lambda made: {"body": packed(made["new"]), "fault": "claims more"}, "broke off", id="claims more"),
    pytest.param(lambda made: {"body": packed(made["new"]), "fault": "claims less"}, "is cut off", id="claims less"),
    pytest.param(
        lambda made: {"body": packed(made["new"]), "fault": "claims a terabyte"}, "announces", id="claims a terabyte"
    ),
    pytest.param(lambda made: {"body": packed(made["new"]), "fault": "no length cut"}, "off", id="no length"),
    pytest.param(lambda made: {"body": packed(made["new"]), "fault": "chunks cut"}, "IncompleteRead", id="chunks cut"),
    pytest.param(lambda made: {"fault": "nonsense"}, "does not answer as HTTP says", id="no HTTP"),
    pytest.param(lambda made: {"fault": "silence"}, "does not answer in time", id="silence"),
    pytest.param(lambda made: {"body": bytes(10_000), "fault": "drip"}, "longer than 1 s", id="a byte at a time"),
    pytest.param(lambda made: {"fault": "dripping head"}, "longer than 1 s", id="a head that never ends"),
    pytest.param(lambda made: {"body": packed(made["new"][:1500])}, "cannot be used", id="half a database"),
    pytest.param(lambda made: {"body": spoil(packed(made["new"]), 600)}, "damaged|cut off", id="a flipped bit"),
    pytest.param(lambda made: {"body": b"<!doctype html><p>Log in", "headers": {"Content-Type": "text/html"}},
                 r"no MaxMind DB file, or is truncated \(the server sent a web page\)", id="a web page"),
    pytest.param(lambda made: {"body": b""}, "the file is empty", id="nothing"),
    pytest.param(lambda made: {"body": packed(made["other type"])}, "of type 'DBIP-Country-Lite'", id="another type"),
    pytest.param(lambda made: {"body": packed(made["future"])}, "which is yet to come", id="from the future"),
    pytest.param(lambda made: {"body": packed(made["shrunk"])}, "only .* of the .* probed", id="fewer answers"),
    pytest.param(lambda made: {"body": packed(made["elsewhere"])}, "probed addresses elsewhere", id="other answers"),
    pytest.param(lambda made: {"status": 500}, "answers 500", id="500"),
    pytest.param(lambda made: {"status": 403}, r"answers 403$", id="403"),
    pytest.param(lambda made: {"status": 304}, "was not asked that", id="304 unasked"),
    pytest.param(lambda made: {"status": 206, "body": b"x"}, "answers 206", id="206"),
    pytest.param(lambda made: {"status": 302}, "answers 302", id="a redirect to nowhere"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "message"), REFUSED)
def test_what_goes_wrong_changes_nothing(base, publisher, in_use, made, answer, message):
    """Every fault of a server is told in one sentence, and leaves the files as they were."""
    before = tree(in_use.parent)
    publisher.put(DB_IP, **answer(made))
    with pytest.raises(UpdateError, match=message):
        update(base, in_use, limits=Limits(seconds=1.0, idle=0.4, archive=1 << 20, database=1 << 22))
    assert tree(in_use.parent) == before


def test_what_never_ends_is_stopped_at_the_limit(base, publisher, in_use, made):
    """A server that sends on and on, without saying how much, fills no disk."""
    publisher.put(DB_IP, fault="endless")
    with pytest.raises(UpdateError, match="sends more than the 100,000 bytes that are taken"):
        update(base, in_use, limits=Limits(seconds=60, archive=100_000))
    assert in_use.read_bytes() == made["old"]


def test_a_missing_file_is_said_with_the_host(base, publisher, in_use):
    """404 of all months is an error."""
    with pytest.raises(UpdateError, match=r"127\.0\.0\.1 has no such file \(404\)") as caught:
        update(base, in_use)
    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("status", "headers", "message"),
    [
        pytest.param(401, {}, "answers 401: the account number or the licence key is not accepted", id="401"),
        pytest.param(403, {}, "answers 403: this account may not fetch this database", id="403"),
        pytest.param(429, {"Retry-After": "3600"}, r"asked too often \(429\); wait 3600 s$", id="429, seconds"),
        pytest.param(
            429, {"Retry-After": "Mon, 23 Nov 2026 00:00:00 GMT"}, "wait until 2026-11-23 00:00", id="429, date"
        ),
        pytest.param(429, {"Retry-After": "soon\x1b[2J"}, r"asked too often \(429\)$", id="429, nonsense"),
        pytest.param(429, {}, r"asked too often \(429\)$", id="429, no word"),
    ],
)
@pytest.mark.parametrize("of", [MAXMIND, f"{MAXMIND}.sha256"], ids=["archive", "list"])
def test_refusals_are_told_apart(base, publisher, tmp_path, made, of, status, headers, message):
    """A wrong key, a missing right and a limit need different hands; the key is in no text."""
    publisher.put_file(MAXMIND, tar_gz(made["maxmind"]))
    publisher.put(of, status=status, headers=headers)
    with pytest.raises(UpdateError, match=message) as caught:
        update(base, tmp_path / "GeoLite2-City.mmdb", name="GeoLite2-City")
    assert caught.value.status == status
    assert KEY not in repr(caught.value)


def test_a_wrong_sha256_is_refused(base, publisher, tmp_path, made):
    """A whole, plausible archive that is not the listed one does not come in."""
    publisher.put_file(MAXMIND, tar_gz(made["maxmind"]))
    publisher.put(MAXMIND, tar_gz(made["maxmind"], others=[(tarfile.TarInfo("other"), b"x")]))
    with pytest.raises(UpdateError, match="another SHA-256"):
        update(base, tmp_path / "GeoLite2-City.mmdb", name="GeoLite2-City")
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("listed", [b"", b"not found", b"0" * 63], ids=["empty", "words", "too short"])
def test_a_list_without_a_sum_is_refused(base, publisher, tmp_path, made, listed):
    """With an account, no archive is taken on trust."""
    publisher.put(MAXMIND, tar_gz(made["maxmind"]))
    publisher.put(f"{MAXMIND}.sha256", listed)
    with pytest.raises(UpdateError, match="holds no SHA-256"):
        update(base, tmp_path / "GeoLite2-City.mmdb", name="GeoLite2-City")


def test_a_wrong_sum_on_the_page_is_refused(base, publisher, in_use, made):
    """Where DB-IP's page offers this very file, the file must be one of those it lists."""
    publisher.put(DB_IP, packed(made["new"]))
    publisher.put(PAGE, page("dbip-city-lite-2026-11.mmdb.gz", "1" * 40))
    with pytest.raises(UpdateError, match="another SHA-1"):
        update(base, in_use)
    assert in_use.read_bytes() == made["old"]


@pytest.mark.parametrize(
    ("content", "note"),
    [
        pytest.param(page("dbip-city-lite-2026-12.mmdb.gz", "1" * 40), "lists no checksum", id="about another month"),
        pytest.param(page("dbip-city-lite-2026-11.mmdb.gz"), "lists no checksum", id="without sums"),
        pytest.param(b"\xff" * 5_000_000, "cannot be read", id="endless"),
    ],
)
def test_a_page_without_the_sum_is_said_and_no_hindrance(base, publisher, in_use, made, content, note):
    """The page is for people and may change its shape; gzip's checksum and our checks remain."""
    publisher.put(DB_IP, packed(made["new"]))
    publisher.put(PAGE, content)
    done = update(base, in_use)
    assert done.outcome == "updated"
    assert note in done.notes[0]


def test_a_mirror_s_file_is_held_to_the_sum_beside_it(base, publisher, in_use, made):
    """``--url`` takes sha256sum's list where there is one, and says where there is none."""
    publisher.put_file("/mirror/city.mmdb", made["new"])
    publisher.put("/mirror/city.mmdb", spoil(made["new"]))
    source = (Source(f"{base}/mirror/city.mmdb", sha256=f"{base}/mirror/city.mmdb.sha256"),)
    with pytest.raises(UpdateError, match="another SHA-256"):
        update(base, in_use, sources=source, type=None)
    publisher.put("/mirror/city.mmdb", made["new"])
    assert update(base, in_use, sources=source, type=None).notes == ()
    del publisher.answers["/mirror/city.mmdb.sha256"]
    assert "no .sha256 beside it" in update(base, in_use, sources=source, type=None).notes[0]


@pytest.mark.parametrize("what", ["older", "other type", "shrunk", "elsewhere", "future"])
def test_force_takes_what_is_whole_and_says_why_it_was_doubted(base, publisher, target, made, what):
    """An operator may go back or change the source; the doubt is told, before and after."""
    target.parent.mkdir()
    target.write_bytes(made["new" if what == "older" else "old"])
    publisher.put(DB_IP, packed(made["old" if what == "older" else what]))
    with pytest.raises(UpdateError, match=r"--force takes it all the same$"):
        update(base, target)
    done = update(base, target, force=True)
    assert done.outcome == "updated"
    assert [note for note in done.notes if note.startswith("taken all the same: what came ")]


def test_force_takes_nothing_damaged(base, publisher, in_use, made):
    """A file that fails its checks is not to be had at any price."""
    publisher.put(DB_IP, packed(made["new"][:-300]))
    with pytest.raises(UpdateError, match="cannot be used"):
        update(base, in_use, force=True)


def test_a_database_without_any_answer_is_refused(base, publisher, target, made):
    """An empty shell passes every check of structure."""
    record = {"country": {"iso_code": "DE"}}
    few = write_database(target.parent.parent / "few", {"5.5.5.4/30": record}, kind="DBIP-City-Lite")
    publisher.put(DB_IP, packed(few.read_bytes()))
    with pytest.raises(UpdateError, match="knows none of 4,096 addresses"):
        update(base, target)


class TestRedirects:
    """MaxMind redirects to a store of another host; nothing else is owed to anybody."""

    def test_the_key_stays_with_the_host_that_it_is_for(self, base, publisher, tmp_path, made):
        """The store is asked without credentials, though the publisher was asked with them."""
        store = Publisher()
        store.put("/signed", tar_gz(made["maxmind"]))
        publisher.put_file(MAXMIND, tar_gz(made["maxmind"]))
        with serving(store) as elsewhere:
            publisher.put(MAXMIND, status=302, headers={"Location": f"{elsewhere}/signed?X-Signature=s3cr3t"})
            update(base, tmp_path / "GeoLite2-City.mmdb", name="GeoLite2-City")
        [(path, headers)] = store.asked
        assert path == "/signed?X-Signature=s3cr3t"
        assert "Authorization" not in headers
        assert b"s3cr3t" not in b"".join(tree(tmp_path).values())

    def test_a_redirect_on_the_same_host_keeps_it(self, base, publisher, tmp_path, made):
        """Another path of the same origin is the same publisher."""
        publisher.put_file(MAXMIND, tar_gz(made["maxmind"]))
        publisher.put("/elsewhere", tar_gz(made["maxmind"]))
        publisher.put(MAXMIND, status=307, headers={"Location": "/elsewhere"})
        update(base, tmp_path / "GeoLite2-City.mmdb", name="GeoLite2-City")
        assert publisher.asked[-1][1]["Authorization"] == ACCOUNT.authorization()

    @pytest.mark.parametrize(
        ("location", "message"),
        [
            pytest.param(DB_IP, "redirects more than 5 times", id="in a circle"),
            pytest.param("http://mirror.example/x", "mirror.example is asked by https only", id="to http"),
            pytest.param("http://127.0.0.1.mirror.example/x", "asked by https only", id="to http, loopback by name"),
            pytest.param("https://user:pw@mirror.example/", "user name or password", id="with credentials"),
            pytest.param("file:///etc/passwd", "no URL that can be asked", id="to a file"),
            pytest.param("https://[::1", "redirects to what is no URL", id="to nonsense"),
            pytest.param("https://b\u00fccher.example/", "no URL that can be asked|cannot be reached", id="not ASCII"),
        ],
    )
    def test_where_it_may_not_lead_it_ends(self, base, publisher, in_use, made, location, message):
        """Circles, http and other schemes are refused by name of the host alone."""
        publisher.put(DB_IP, status=301, headers={"Location": location.encode().decode("latin-1")})
        with pytest.raises(UpdateError, match=message):
            update(base, in_use, limits=SHORT)
        assert in_use.read_bytes() == made["old"]


class TestHttps:
    """The same over TLS, with certificates that are right and wrong."""

    @pytest.fixture
    def authority(self, tmp_path, monkeypatch):
        """A certificate authority that this process trusts for once."""
        made = trustme.CA()
        made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        return made

    def test_a_trusted_host_is_asked(self, publisher, authority, target, made):
        """The usual way."""
        publisher.put(DB_IP, packed(made["new"]))
        with serving(publisher, authority.issue_cert("localhost")) as base:
            assert update(base, target).outcome == "updated"

    @pytest.mark.parametrize("whose", ["nobody's", "another host's"])
    def test_a_certificate_that_is_not_its_own_is_refused(self, publisher, authority, in_use, made, whose):
        """Nothing is asked of a host that cannot prove its name: the key is not even sent."""
        issuer = authority if whose == "another host's" else trustme.CA()
        name = "mirror.example" if whose == "another host's" else "localhost"
        publisher.put(DB_IP, packed(made["new"]))
        with serving(publisher, issuer.issue_cert(name)) as base, pytest.raises(UpdateError, match="certificate of"):
            update(base, in_use)
        assert publisher.asked == []

    def test_https_is_never_left_for_http(self, publisher, authority, in_use, made):
        """Not even for this machine's own http."""
        with serving(Publisher()) as plain, serving(publisher, authority.issue_cert("localhost")) as base:
            publisher.put(DB_IP, status=302, headers={"Location": f"{plain}/x"})
            with pytest.raises(UpdateError, match="from https to http"):
                update(base, in_use)

    def test_plain_http_to_a_tls_port_is_told(self, publisher, authority, in_use):
        """A wrong scheme is an error in words."""
        with (
            serving(publisher, authority.issue_cert("localhost")) as base,
            pytest.raises(UpdateError, match="localhost"),
        ):
            update(base.replace("https", "http"), in_use, limits=SHORT)

    def test_a_dripping_tls_server_is_given_up(self, publisher, authority, in_use):
        """The deadline holds inside TLS too."""
        publisher.put(DB_IP, bytes(10_000), fault="drip")
        with (
            serving(publisher, authority.issue_cert("localhost")) as base,
            pytest.raises(UpdateError, match="than 1 s"),
        ):
            update(base, in_use, limits=SHORT)


def test_nobody_there_is_told(in_use):
    """A host that is down is an error in words."""
    with pytest.raises(UpdateError, match=r"127\.0\.0\.1 cannot be reached: Connection refused"):
        update("http://127.0.0.1:9", in_use)


class TestArchives:
    """What archives can do to whoever opens them."""

    def ask(self, base, publisher, target, body, **limits):
        publisher.put_file(MAXMIND, body)
        return update(base, target, name="GeoLite2-City", limits=Limits(**limits) if limits else None)

    def test_a_bomb_is_stopped_at_the_limit(self, base, publisher, tmp_path):
        """A small archive that would fill the disk costs no more than what is allowed."""
        bomb = gzip.compress(bytes(32 << 20), 9)
        assert len(bomb) < 1 << 19
        with pytest.raises(UpdateError, match="more than the 4,194,304 bytes"):
            self.ask(base, publisher, tmp_path / "GeoLite2-City.mmdb", bomb, database=4 << 20)
        assert tree(tmp_path) == {}

    def test_a_bomb_before_the_database_counts_too(self, base, publisher, tmp_path, made):
        """Other members of a tar are bounded with it."""
        archive = tar_gz(made["maxmind"], others=[(tarfile.TarInfo("x/zeros"), bytes(64 << 20))])
        with pytest.raises(UpdateError, match="more than the 4,194,304 bytes"):
            self.ask(base, publisher, tmp_path / "GeoLite2-City.mmdb", archive, database=4 << 20)

    @pytest.mark.parametrize("name", ["../../evil.mmdb", "/tmp/evil.mmdb", "a/../../GeoLite2-City.mmdb"])
    def test_names_lead_nowhere(self, base, publisher, tmp_path, made, name):
        """The member's content is taken, its name is not."""
        target = tmp_path / "a" / "b" / "GeoLite2-City.mmdb"
        self.ask(base, publisher, target, tar_gz(made["maxmind"], name))
        assert target.read_bytes() == made["maxmind"]
        assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} == {"a"}

    def test_a_link_called_like_a_database_is_none(self, base, publisher, tmp_path):
        """Links of an archive are passed over."""
        link = tarfile.TarInfo("GeoLite2-City.mmdb")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            archive.addfile(link)
        with pytest.raises(UpdateError, match="holds no database"):
            self.ask(base, publisher, tmp_path / "GeoLite2-City.mmdb", out.getvalue())

    def test_damaged_archives_are_refused_or_give_the_whole_database(self, base, publisher, tmp_path, made):
        """Cuts and flipped bits anywhere in an archive whose list is forged along never bring a damaged file."""
        whole, dice = tar_gz(made["maxmind"]), random.Random(7)
        target = tmp_path / "GeoLite2-City.mmdb"
        outcomes = set()
        for number in range(60):
            at = dice.randrange(len(whole))
            body = (
                whole[:at]
                if number % 2
                else whole[:at] + bytes([whole[at] ^ (1 << dice.randrange(8))]) + whole[at + 1 :]
            )
            try:
                self.ask(base, publisher, target, body)
            except UpdateError:
                outcomes.add("refused")
            else:  # a bit of the gzip header's own date, for one
                outcomes.add("whole")
                assert target.read_bytes() == made["maxmind"]
        assert "refused" in outcomes


class TestDisk:
    """What the disk does not let us do."""

    def test_a_full_disk_changes_nothing(self, base, publisher, in_use, made):
        """A limit on the size of files stands in for a full disk, in a process of its own."""
        publisher.put(DB_IP, packed(made["new"]))
        before = tree(in_use.parent)
        for size in (100, len(made["new"]) - 1):
            done = subprocess.run(
                [sys.executable, "-m", "notices", "geo", "update", "--to", in_use, "--url", f"{base}{DB_IP}"],
                cwd=TREE, capture_output=True, text=True, check=False, timeout=60,
                preexec_fn=lambda size=size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
            )  # fmt: skip
            assert (done.returncode, done.stdout) == (1, "")
            assert "File too large" in done.stderr
            assert "Traceback" not in done.stderr
            assert tree(in_use.parent) == before

    def test_a_folder_that_cannot_be_written_is_told(self, base, publisher, tmp_path, made):
        """A file where the folder should be stands for every folder that lets nobody in."""
        (tmp_path / "data").write_text("in the way")
        with pytest.raises(UpdateError, match="cannot be written to"):
            update(base, tmp_path / "data" / "x.mmdb")

    def test_without_hard_links_the_previous_one_is_a_copy(self, base, publisher, in_use, made, monkeypatch):
        """File systems without second names keep it all the same."""

        def refuse(*_):
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)
        publisher.put(DB_IP, packed(made["new"]))
        update(base, in_use)
        assert in_use.with_name(f"{in_use.name}.previous").read_bytes() == made["old"]


def test_two_updates_at_once_do_not_meet(base, publisher, in_use, made):
    """The second one says that the first is at work, and leaves it alone."""
    publisher.put(DB_IP, packed(made["new"]))
    seen = []

    def start_another(size, whole):
        if not seen:
            with pytest.raises(UpdateError, match="another update of this file is at work") as caught:
                update(base, in_use)
            seen.append(caught.value)

    assert update(base, in_use, progress=start_another).outcome == "updated"
    assert seen


def test_progress_is_told_to_the_end(base, publisher, target, made):
    """Bytes come in order, and the last call names all of them."""
    body = packed(made["new"])
    publisher.put(DB_IP, body)
    told = []
    update(base, target, progress=lambda size, whole: told.append((size, whole)))
    assert told == sorted(told)
    assert told[-1] == (len(body), len(body))


KILLED = """
import hashlib, os, signal, sys, traceback
from datetime import UTC, datetime
from pathlib import Path
from notices.geo.database import open_database
from notices.renewal import Source, Wanted, probe, renew

probe.PROBED = 64
url, target, old, new = sys.argv[1], *map(Path, sys.argv[2:])
whole = {old.read_bytes(): "old", new.read_bytes(): "new"}

def update():
    return renew(Wanted(sources=(Source(url),), type=None), target, datetime(2026, 11, 22, tzinfo=UTC))

def mortal(act):
    def wrapped(*args, **named):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*args, **named)
    return wrapped

def update_and_die(steps):
    global left
    left = steps
    for name in ("fsync", "link", "replace", "rename", "unlink", "mkdir", "chmod", "rmdir"):
        setattr(os, name, mortal(getattr(os, name)))
    try:
        update()
        os._exit(0)
    finally:
        traceback.print_exc()
        os._exit(1)

for steps in range(100):
    target.write_bytes(old.read_bytes())
    digest = hashlib.sha256(old.read_bytes()).hexdigest()
    target.with_name(target.name + ".sha256").write_text(f"{digest}  {target.name}")
    child = os.fork() or update_and_die(steps)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    open_database(target)
    print(code, whole[target.read_bytes()], end=" ")
    update()
    open_database(target)
    print(whole[target.read_bytes()], any(path.name.endswith(".update") for path in target.parent.iterdir()))
    if code == 0:
        break
"""


def test_killed_at_any_step_the_file_is_whole(base, publisher, in_use, made, tmp_path):
    """After ``kill -9`` before any change on the disk, old or new opens with its checks, and the next run mends all."""
    publisher.put(DB_IP, packed(made["new"]))
    for name in ("old", "new"):
        (tmp_path / name).write_bytes(made[name])
    command = [sys.executable, "-c", KILLED, f"{base}{DB_IP}", in_use, tmp_path / "old", tmp_path / "new"]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=False, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert {tuple(row[2:]) for row in rows} == {("new", "False")}
    assert [row[0] for row in rows] == ["-9"] * (len(rows) - 1) + ["0"]
    assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True)
    assert len(rows) > 12
    assert {row[1] for row in rows[:-1]} == {"old", "new"}


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        pytest.param("dbip-asn-lite", "dbip-", id="holds no places"),
        pytest.param("geolite2-city", "GeoLite2-City", id="lower case"),
        pytest.param("../../etc/passwd", "", id="a path"),
        pytest.param("GeoLite2-City?x=", "GeoLite2-City", id="a query"),
    ],
)
def test_an_unknown_edition_is_an_error_with_the_nearest(name, proposed):
    """Only names that can stand in a path are asked for."""
    with pytest.raises(SettingsError, match=f"did you mean {proposed}"):
        edition_named(name)
