"""Databases answer as the reference reader does, on a private copy, and damaged ones are refused or answer nothing."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import random
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import geoip2.database
import maxminddb
import maxminddb_rust
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notices.errors import DatabaseError
from notices.gazetteer import Gazetteer
from notices.geo import private_copy, validation
from notices.geo.address import is_public
from notices.geo.claim import Claim
from notices.geo.database import Database, embedded_database_path, open_database, open_databases
from notices.geo.evidence import Said, conclude
from notices.geo.locate import Locator
from notices.geo.records import fields_of, read_claim, shape_of
from notices.settings import Settings

from .databases import bad_files, maxmind, write_database

REFERENCE = [
    pytest.param("GeoIP2-City-Test.mmdb", "city", id="City"),
    pytest.param("GeoLite2-City-Test.mmdb", "city", id="GeoLite2 City"),
    pytest.param("GeoIP2-Country-Test.mmdb", "country", id="Country"),
    pytest.param("GeoLite2-Country-Test.mmdb", "country", id="GeoLite2 Country"),
    pytest.param("GeoIP2-Enterprise-Test.mmdb", "enterprise", id="Enterprise"),
    pytest.param("GeoIP2-Anonymous-IP-Test.mmdb", "anonymous_ip", id="Anonymous-IP"),
    pytest.param("GeoIP-Anonymous-Plus-Test.mmdb", "anonymous_plus", id="Anonymous-Plus"),
]


def addresses_of(path):
    """First and last address of every network in the file (the pure Python reader cannot list all of the files)."""
    with maxminddb_rust.open_database(path, maxminddb_rust.MODE_MEMORY) as reader:
        for network, _ in reader:
            yield network.network_address
            yield network.broadcast_address


def network_of(answer):
    """The kind of network that a geoip2 model names."""
    flags = [
        ("is_tor_exit_node", "tor"), ("is_anonymous_vpn", "vpn"), ("is_public_proxy", "proxy"),
        ("is_residential_proxy", "proxy"), ("is_anonymous_proxy", "proxy"), ("is_hosting_provider", "hosting"),
        ("is_anonymous", "proxy"),
    ]  # fmt: skip
    return next((network for flag, network in flags if getattr(answer, flag, False)), None)


def reference_claim(reader, kind, address):
    """What geoip2 says, in the form of a claim."""
    answer = getattr(reader, kind)(address)
    if kind.startswith("anonymous"):
        network = network_of(answer)
        return Claim(network=network) if network else None
    network = network_of(answer.traits)
    country = answer.country.iso_code
    if country is None:
        return Claim(network=network) if network else None
    parts = () if kind == "country" else tuple(part.iso_code for part in answer.subdivisions if part.iso_code)[:2]
    return Claim(country, parts, (), network)


@pytest.mark.parametrize(("name", "kind"), REFERENCE)
def test_every_answer_equals_geoip2_s(name, kind):
    """For every network of MaxMind's test files, look-ups field by field say what geoip2 says."""
    path = maxmind(name)
    database = open_database(path)
    compared = 0
    with geoip2.database.Reader(path, mode=maxminddb.MODE_MEMORY) as reader:
        for address in addresses_of(path):
            assert database.look_up(address) == reference_claim(reader, kind, address), address
            compared += 1
    assert compared > 50
    assert database.failures == 0


@pytest.mark.parametrize(("name", "kind"), REFERENCE)
def test_records_equal_the_reference_reader_s(name, kind):
    """Whole records, for explanations, are those of MaxMind's own pure Python reader."""
    path = maxmind(name)
    database = open_database(path)
    with maxminddb.open_database(path, maxminddb.MODE_MEMORY) as reader:
        for address in addresses_of(path):
            assert database.record(address) == reader.get(address)


def test_known_places_of_the_test_file():
    """Some answers written out, so that a fault shared with the reference would show."""
    database = open_database(maxmind("GeoIP2-City-Test.mmdb"))
    assert database.look_up(ipaddress.ip_address("2.125.160.216")) == Claim("GB", ("ENG", "WBK"))
    assert database.look_up(ipaddress.ip_address("89.160.20.112")) == Claim("SE", ("E",))
    assert database.look_up(ipaddress.ip_address("2001:218::1")) == Claim("JP")
    assert database.look_up(ipaddress.ip_address("1.1.1.1")) is None


def test_info_says_what_a_database_is():
    """Type, date and contents come from the file itself."""
    info = open_database(maxmind("GeoIP2-City-Test.mmdb")).info
    assert (info.type, info.file) == ("GeoIP2-City", "GeoIP2-City-Test.mmdb")
    assert info.built == datetime(2026, 2, 4, 22, 49, 29, tzinfo=UTC)
    assert (info.countries, info.subdivisions, info.network) == (True, True, False)
    flags = open_database(maxmind("GeoIP2-Anonymous-IP-Test.mmdb")).info
    assert (flags.countries, flags.subdivisions, flags.network) == (False, False, True)
    country = open_database(maxmind("GeoLite2-Country-Test.mmdb")).info
    assert (country.countries, country.subdivisions, country.network) == (True, False, False)


FLAT = {
    "5.59.0.0/16": {"country_code": "RU", "state1": "Crimea", "state2": "", "city": "Simferopol"},
    "5.60.0.0/16": {"country_code": "UA", "state1": "Zaporizhzhya Oblast", "state2": "Melitopol Raion", "city": "X"},
    "5.61.0.0/16": {"country_code": "RU", "state1": "Rostov", "state2": "", "city": "Donetsk"},
    "5.62.0.0/16": {"country_code": "GB", "state1": "England", "state2": "Kent", "city": "Dover"},
    "5.63.0.0/16": {"country_code": "ZZ", "state1": "", "state2": "", "city": ""},
    "5.64.0.0/16": {"country_code": "DE"},
    "2a02:6b8::/32": {"country_code": "RU", "state1": "Moscow", "state2": "", "city": "Moscow"},
}
FLAT_CASES = [
    ("5.59.1.1", Claim("RU", (), ("Crimea",))),
    ("5.60.1.1", Claim("UA", (), ("Zaporizhzhya Oblast", "Melitopol Raion"))),
    ("5.61.1.1", Claim("RU", (), ("Rostov",))),
    ("5.62.1.1", Claim("GB", (), ("England", "Kent"))),
    ("5.63.1.1", None),
    ("5.64.1.1", Claim("DE")),
    ("5.65.1.1", None),
    ("2a02:6b8::1", Claim("RU", (), ("Moscow",))),
]


@pytest.fixture(scope="module")
def flat(tmp_path_factory):
    return open_database(write_database(tmp_path_factory.mktemp("flat") / "dbip.mmdb", FLAT, kind="dbip-city.mmdb"))


@pytest.mark.parametrize(("address", "expected"), FLAT_CASES, ids=[address for address, _ in FLAT_CASES])
def test_flat_databases(flat, address, expected):
    """DB-IP's flat shape gives the country and its states by name, never the city."""
    assert flat.look_up(ipaddress.ip_address(address)) == expected
    assert flat.info.subdivisions
    assert flat.failures == 0


SHAPES = [
    pytest.param(
        {"country": {"iso_code": "UA"}, "subdivisions": [{"names": {"en": "Crimea"}}]},
        Claim("UA", (), ("Crimea",)),
        id="nested with names only",
    ),
    pytest.param({"country_code": "UA"}, Claim("UA"), id="flat country"),
    pytest.param({"country": "UA", "region": "Crimea"}, Claim("UA", (), ("Crimea",)), id="country as text"),
    pytest.param({"country_code": "UA", "region_code": "43"}, Claim("UA", ("43",)), id="flat with codes"),
    pytest.param(
        {"country": {"iso_code": "IR"}, "traits": {"is_anonymous_proxy": True}},
        Claim("IR", network="proxy"),
        id="flag among the traits",
    ),
    pytest.param({"country": {"iso_code": "A1"}}, Claim(network="proxy"), id="special value in a database"),
    pytest.param(
        {"registered_country": {"iso_code": "US"}, "country_code": "DE"}, Claim("DE"), id="not the registrant"
    ),
    pytest.param({"is_tor_exit_node": True, "is_hosting_provider": True}, Claim(network="tor"), id="gravest flag"),
    pytest.param({"is_hosting_provider": True}, Claim(network="hosting"), id="hosting"),
    pytest.param({"is_anonymous": True}, Claim(network="proxy"), id="anonymous, no more said"),
    pytest.param({"is_anonymous": False}, None, id="flag that is false"),
    pytest.param(
        {"is_anonymous": True, "is_anonymous_vpn": True, "provider_name": "iCloud Private Relay"},
        Claim(network="relay"),
        id="relay",
    ),
]


def getter_of(record):
    """Fields of a whole record in memory by their paths, None where there is none."""

    def get(path):
        value = record
        for key in path:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    return get


@pytest.mark.parametrize(("record", "expected"), SHAPES)
def test_shapes_of_records(tmp_path, record, expected):
    """Each shape in which databases hold countries, parts and flags is understood, from file and from memory."""
    database = open_database(write_database(tmp_path / "one.mmdb", {"5.59.0.0/16": record}))
    assert database.look_up(ipaddress.ip_address("5.59.1.1")) == expected
    shape = shape_of(fields_of(record), lambda field: field in str(record))
    assert read_claim(shape, getter_of(record)) == expected


def test_an_ipv4_database_says_nothing_about_ipv6(tmp_path):
    """An address of the other family is unknown, not a failure."""
    path = write_database(tmp_path / "v4.mmdb", {"5.59.0.0/16": {"country_code": "DE"}}, ip_version=4)
    database = open_database(path)
    assert database.look_up(ipaddress.ip_address("5.59.1.1")) == Claim("DE")
    assert database.look_up(ipaddress.ip_address("2a02:6b8::1")) is None
    assert database.record(ipaddress.ip_address("2a02:6b8::1")) is None
    assert database.failures == 0


def refused(path):
    with pytest.raises(DatabaseError) as caught:
        open_database(path)
    return str(caught.value)


def test_missing_empty_and_foreign_files_are_refused(tmp_path):
    """What is no database is named with the reason."""
    assert refused(tmp_path / "none.mmdb") == "none.mmdb: cannot be read: No such file or directory"
    (tmp_path / "folder.mmdb").mkdir()
    assert refused(tmp_path / "folder.mmdb") == "folder.mmdb: is no regular file"
    os.mkfifo(tmp_path / "pipe.mmdb")
    assert refused(tmp_path / "pipe.mmdb") == "pipe.mmdb: is no regular file"
    (tmp_path / "empty.mmdb").touch()
    assert refused(tmp_path / "empty.mmdb") == "empty.mmdb: the file is empty"
    (tmp_path / "text.mmdb").write_text("country,UA\n" * 500)
    assert refused(tmp_path / "text.mmdb") == "text.mmdb: is no MaxMind DB file, or is truncated"


def test_databases_without_locations_are_refused(tmp_path):
    """A file of another kind (providers, domains) would answer nothing, so it is said at the start."""
    path = write_database(tmp_path / "isp.mmdb", {"5.59.0.0/16": {"isp": "Example"}}, kind="GeoIP2-ISP")
    assert refused(path) == "isp.mmdb: a database of type 'GeoIP2-ISP' holds neither countries nor kinds of network"


@pytest.mark.parametrize("part", range(0, 100, 5))
def test_truncated_files_are_refused(tmp_path, part):
    """A file cut at any point is refused, with its name."""
    content = maxmind("GeoIP2-City-Test.mmdb").read_bytes()
    path = tmp_path / "cut.mmdb"
    path.write_bytes(content[: len(content) * part // 100])
    assert refused(path).startswith("cut.mmdb: ")


@pytest.mark.parametrize("path", bad_files() or [pytest.param(None, marks=pytest.mark.skip("no such files"))], ids=str)
def test_maxmind_s_broken_files_are_refused(path):
    """Each file that MaxMind broke on purpose is refused with its name, and kills nothing."""
    assert refused(path).startswith(f"{path.name}: ")


def test_records_that_do_not_decode_are_found(tmp_path):
    """A data section with broken values is found before the file is used."""
    assert refused(maxmind("GeoIP2-City-Test-Broken-Double-Format.mmdb")).endswith("records cannot be decoded")


@pytest.mark.parametrize("network", ["128.0.0.0/2", "2a00::/12"], ids=["IPv4", "IPv6"])
def test_damage_far_from_the_start_is_found(tmp_path, monkeypatch, network):
    """Addresses all over the space are looked up too: a broken record behind those walked refuses the file."""
    monkeypatch.setattr(validation, "WALKED", 2)
    good = {f"5.{number}.0.0/16": {"country_code": "DE"} for number in range(9)}
    path = write_database(tmp_path / "far.mmdb", {**good, network: {"country_code": "FR", "note": "zzzz"}})
    open_database(path)
    content = bytearray(path.read_bytes())
    content[content.find(b"zzzz") - 1] = 0x5F  # a text of several megabytes, says the changed control byte
    path.write_bytes(content)
    assert refused(path) == "far.mmdb: the data is damaged: records cannot be decoded"


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_flipped_bits_are_refused_or_survived(tmp_path, data):
    """A database with one flipped bit is refused, or answers every look-up without raising anything.

    What is remembered by record is what the reader says, even where the tree is damaged: also when asked again.
    """
    content = bytearray(maxmind("GeoLite2-Country-Test.mmdb").read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path / "flipped.mmdb"
    path.write_bytes(content)
    try:
        database = open_database(path)
    except DatabaseError as error:
        assert str(error).startswith("flipped.mmdb: ")
        return
    locator = Locator(Settings(rules=Path("rules")), [database], Gazetteer())
    for number in [*range(200), *range(200)]:
        address = ipaddress.IPv4Address(number * 21_474_836)
        claim = database.look_up(address) if is_public(address) else None
        assert locator.locate_address(str(address)) == conclude(
            [Said("database", "flipped.mmdb", claim)], Gazetteer(), unite=False
        )
        database.look_up(ipaddress.IPv6Address((0x2001 << 112) + (number << 100)))


def listed(path, line):
    path.with_name(f"{path.name}.sha256").write_text(line)
    return path


@pytest.mark.parametrize("place", range(16))
def test_what_parts_tree_and_data_must_be_whole(small, place):
    """Sixteen zero bytes stand between the two (MaxMind DB format, 2.0); else the tree is not as long as it says."""
    content = bytearray(small.read_bytes())
    metadata = maxminddb.open_database(small).metadata()
    content[metadata.node_count * metadata.record_size // 4 + place] ^= 1
    small.write_bytes(content)
    assert refused(small) == "small.mmdb: the file is damaged between search tree and data"


def sparse(path):
    path.touch()
    os.truncate(path, 1 << 40)


@pytest.fixture
def small(tmp_path):
    return write_database(tmp_path / "small.mmdb", {"5.59.0.0/16": {"country_code": "DE"}})


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("{digest}  small.mmdb\n", id="sha256sum"),
        pytest.param("{digest} *small.mmdb\n", id="sha256sum --binary"),
        pytest.param("{digest}", id="digest alone"),
        pytest.param("{upper}  ./data/small.mmdb\n", id="upper case, with folder"),
        pytest.param("{zeros}  other.mmdb\n{digest}  small.mmdb\n", id="several files"),
    ],
)
def test_a_right_checksum_is_accepted(small, line):
    """A ``.sha256`` in sha256sum's format is understood."""
    digest = hashlib.sha256(small.read_bytes()).hexdigest()
    listed(small, line.format(digest=digest, upper=digest.upper(), zeros="0" * 64))
    assert open_database(small).look_up(ipaddress.ip_address("5.59.1.1")) == Claim("DE")


def test_a_wrong_checksum_is_refused(small):
    """One flipped bit, which no reader notices, is noticed where there is a checksum."""
    listed(small, f"{hashlib.sha256(small.read_bytes()).hexdigest()}  small.mmdb\n")
    content = bytearray(small.read_bytes())
    content[content.find(b"DE") + 1] ^= 0x02
    small.write_bytes(content)
    assert refused(small) == "small.mmdb: the SHA-256 is not the one in small.mmdb.sha256; fetch the file again"
    small.with_name("small.mmdb.sha256").unlink()
    assert open_database(small).look_up(ipaddress.ip_address("5.59.1.1")) == Claim("DG")


@pytest.mark.parametrize("line", ["", "no digest", "0" * 63 + "  small.mmdb", "0" * 64 + "  other.mmdb"])
def test_a_checksum_file_without_a_line_for_the_file_is_refused(small, line):
    """A checksum file that says nothing is a mistake, not a permission."""
    assert refused(listed(small, line)) == "small.mmdb: small.mmdb.sha256 holds no line of sha256sum's for it"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        pytest.param(os.mkfifo, "small.mmdb.sha256 is no regular file", id="a pipe"),
        pytest.param(Path.mkdir, "small.mmdb.sha256 is no regular file", id="a folder"),
        pytest.param(sparse, "small.mmdb.sha256 holds no line of sha256sum's for it", id="a sparse terabyte"),
    ],
)
def test_a_checksum_that_is_no_file_is_refused_at_once(small, make, told):
    """Nobody waits for a pipe, or reads for ever: the last good database stays, and health says why."""
    make(small.with_name("small.mmdb.sha256"))
    assert refused(small) == f"small.mmdb: {told}"


def test_changing_the_file_in_place_changes_nothing(small):
    """A file that is truncated or overwritten in place neither kills the process nor changes an answer."""
    database = open_database(small)
    small.write_bytes(b"")
    assert database.look_up(ipaddress.ip_address("5.59.1.1")) == Claim("DE")
    os.truncate(small, 0)
    small.write_bytes(b"x" * 10_000)
    assert database.look_up(ipaddress.ip_address("5.59.1.1")) == Claim("DE")


def _forbidden(*_):
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize(
    "lack",
    [
        pytest.param(lambda patch: patch.setattr(private_copy, "_SEALED", False), id="no memfd in the system"),
        pytest.param(lambda patch: patch.setattr(os, "memfd_create", _forbidden), id="memfd forbidden"),
        pytest.param(lambda patch: patch.setattr(private_copy, "_SEALED_FILES", "/nowhere/{}"), id="no /proc"),
    ],
)
def test_without_a_memfd_the_copy_is_in_memory(monkeypatch, small, lack):
    """Where the system or a sandbox has no sealed files, memory does the same."""
    if not hasattr(os, "memfd_create"):
        pytest.skip("this system has no memfd_create")
    lack(monkeypatch)
    database = open_database(small)
    small.write_bytes(b"")
    assert database.look_up(ipaddress.ip_address("5.59.1.1")) == Claim("DE")


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="this system has no memfd_create")
def test_the_copy_is_sealed(monkeypatch, small):
    """Nobody who gets hold of the copy's descriptor can write to it or shorten it."""
    kept = []
    make = os.memfd_create
    monkeypatch.setattr(os, "memfd_create", lambda *args: kept.append(os.dup(make(*args))) or kept[-1])
    with private_copy.private_copy(small):
        with pytest.raises(PermissionError):
            os.truncate(kept[0], 0)
        with pytest.raises(PermissionError):
            os.pwrite(kept[0], b"x", 0)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list descriptors")
def test_opening_leaves_no_descriptor_behind(small, tmp_path):
    """An open database holds one descriptor and lets it go, a refused one none: they are reopened for months."""
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(small.read_bytes()[:-9])
    open_database(small)
    before = len(list(Path("/proc/self/fd").iterdir()))
    kept = [open_database(small) for _ in range(5)]
    for _ in range(5):
        refused(broken)
    assert len(list(Path("/proc/self/fd").iterdir())) == before + len(kept)
    del kept
    assert len(list(Path("/proc/self/fd").iterdir())) == before


class Panic(BaseException):
    """Stands for what the Rust reader raises when it panics."""


class Failing:
    """A reader that raises."""

    def __init__(self, error):
        self.error = error

    def get_path(self, address, path):
        raise self.error(f"no record for {address}")

    get = get_path


@pytest.mark.parametrize("error", [ValueError, RuntimeError, KeyError, TypeError, OSError, MemoryError, Panic])
def test_whatever_a_reader_raises_is_unknown_and_counted(small, error):
    """A look-up that fails gives no answer, raises nothing, and shows in the count."""
    good = open_database(small)
    database = Database(Failing(error), good.info, good._shape)
    assert database.look_up(ipaddress.ip_address("5.59.1.1")) is None
    assert database.record(ipaddress.ip_address("5.59.1.1")) is None
    assert database.failures == 2


def test_an_interrupt_is_no_failure(small):
    """A keyboard interrupt passes through."""
    good = open_database(small)
    with pytest.raises(KeyboardInterrupt):
        Database(Failing(KeyboardInterrupt), good.info, good._shape).look_up(ipaddress.ip_address("5.59.1.1"))


def test_threads_share_a_database():
    """Four threads that look up at once all get what one gets alone."""
    path = maxmind("GeoIP2-City-Test.mmdb")
    database = open_database(path)
    addresses = list(addresses_of(path))
    expected = [database.look_up(address) for address in addresses]
    answers = {}

    def ask(number):
        answers[number] = [database.look_up(address) for address in addresses]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answers[number] for number in range(4)] == [expected] * 4


FORKING = """
import ipaddress, os, sys
from pathlib import Path
from notices.geo.database import open_database
database = open_database(Path(sys.argv[1]))
address = ipaddress.ip_address("5.59.1.1")
children = []
for _ in range(3):
    child = os.fork()
    if not child:
        os._exit(0 if database.look_up(address).country == "DE" else 1)
    children.append(child)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
print(codes, database.look_up(address).country)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_children_of_a_fork_go_on_reading(small):
    """Workers forked after the database was opened read it, and so does their parent afterwards."""
    command = [sys.executable, "-c", FORKING, str(small)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.split() == ["[0,", "0,", "0]", "DE"]


def test_no_text_of_a_database_holds_an_address(small):
    """What may be logged names the file and its kind only."""
    database = open_database(small)
    database.look_up(ipaddress.ip_address("5.59.1.1"))
    assert repr(database) == "<Database small.mmdb (Test-City)>"
    assert "5.59" not in f"{database!r}{database.info!r}"


def test_a_site_s_databases_or_the_embedded_one(small):
    """Without a database of its own a site gets the one in the package."""
    assert [database.info.file for database in open_databases([small, small])] == ["small.mmdb", "small.mmdb"]
    assert [database.info.file for database in open_databases(())] == [embedded_database_path().name]


def test_random_addresses_agree_with_the_reference_in_the_embedded_database():
    """The embedded file, written by the package's own script, reads the same through MaxMind's pure Python reader."""
    database = open_database(embedded_database_path())
    generator = random.Random(20261123)
    with maxminddb.open_database(embedded_database_path(), maxminddb.MODE_MEMORY) as reader:
        for _ in range(3000):
            for address in (
                ipaddress.IPv4Address(generator.getrandbits(32)),
                ipaddress.IPv6Address((1 << 125) | generator.getrandbits(121)),
            ):
                record = reader.get(address)
                expected = Claim(record["country"]["iso_code"]) if record else None
                assert database.look_up(address) == expected


@pytest.mark.parametrize(
    "name", ["GeoIP2-City-Test.mmdb", "GeoIP2-Anonymous-IP-Test.mmdb", "GeoLite2-Country-Test.mmdb"]
)
def test_a_record_repeats_no_address(name):
    """The whole record is geoip2's, without the address and the network that its models repeat."""
    database = open_database(Path(__file__).parent / "data" / "maxmind" / name)
    record = database.record(ipaddress.ip_address("81.2.69.160" if "Anonymous" not in name else "81.2.69.0"))
    assert record
    assert "81.2.69" not in repr(record)
