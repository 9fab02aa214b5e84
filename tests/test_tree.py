"""The search tree gives each IPv4 address the record that the reference reader finds, in every layout of the format."""

from __future__ import annotations

import ipaddress
import random

import maxminddb
import maxminddb.reader
import maxminddb_rust
import mmdb_writer
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notices.geo import tree as module
from notices.geo.database import embedded_database_path
from notices.geo.tree import SearchTree

from .databases import maxmind, write_database

SIZES = [24, 28, 32]


def reference(path):
    """From the number of an IPv4 address to its record's, by MaxMind's pure Python reader; the count for none."""
    reader = maxminddb.reader.Reader(path, mode=maxminddb.MODE_MEMORY)

    def find(number):
        place, _ = reader._find_address_in_tree(bytearray(number.to_bytes(4, "big")))
        return place or reader.metadata().node_count

    return find


def tree_of(path):
    """The tree at the start of a file that the reference reader describes."""
    with maxminddb.open_database(path, maxminddb.MODE_MEMORY) as reader:
        metadata = reader.metadata()
    return SearchTree(path.read_bytes(), metadata.node_count, metadata.record_size, metadata.ip_version)


def compare(path, numbers):
    """How many of *numbers* have a record, after each has proved to be the reference's."""
    expected, tree = reference(path), tree_of(path)
    found = [tree.record(number) for number in numbers]
    assert found == [expected(number) for number in numbers]
    return sum(one > tree.count for one in found)


def edges(networks):
    """The first and last number of each network, and their neighbours."""
    bounds = [int(bound) for one in networks for bound in (one.network_address, one.broadcast_address)]
    return sorted({number % 2**32 for bound in bounds for number in (bound - 1, bound, bound + 1)})


@st.composite
def ipv4_networks(draw):
    lengths = draw(st.lists(st.integers(3, 32), min_size=1, max_size=12))
    numbers = [draw(st.integers(0, 2**32 - 1)) for _ in lengths]
    return [
        ipaddress.ip_network((number, length), strict=False) for number, length in zip(numbers, lengths, strict=True)
    ]


@pytest.mark.parametrize("ip_version", [4, 6], ids=["IPv4", "IPv4 in IPv6"])
@pytest.mark.parametrize("size", SIZES)
@given(ipv4_networks())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_layout_is_walked_as_the_reference_walks_it(tmp_path, monkeypatch, size, ip_version, networks):
    """Whatever the networks, their edges have the records that the reference reader finds, in all sizes of records."""
    adjust = mmdb_writer.TreeWriter._adjust_record_size

    def forced(self):
        adjust(self)
        self.record_size, self.data_offset = size, size / 4 * self._node_counter

    with monkeypatch.context() as patch:
        patch.setattr(mmdb_writer.TreeWriter, "_adjust_record_size", forced)
        records = {str(network): {"country_code": "DE", "n": place} for place, network in enumerate(networks)}
        path = write_database(tmp_path / "tree.mmdb", records, ip_version=ip_version)
    assert compare(path, edges(networks)) >= 1


@pytest.mark.parametrize(
    "name", ["GeoIP2-City-Test.mmdb", "GeoLite2-Country-Test.mmdb", "GeoIP2-Anonymous-IP-Test.mmdb"]
)
def test_maxmind_s_files_are_walked_as_the_reference_walks_them(name):
    """The edges of every network of MaxMind's test files have the reference's records."""
    path = maxmind(name)
    with maxminddb_rust.open_database(path, maxminddb_rust.MODE_MEMORY) as reader:
        networks = [network for network, _ in reader]
    ipv4 = [one for one in networks if isinstance(one, ipaddress.IPv4Network)]
    assert compare(path, edges(ipv4)) > 50


def test_random_addresses_of_the_embedded_database():
    """Thousands of addresses have the reference's records in the package's own database."""
    generator = random.Random(20261124)
    assert compare(embedded_database_path(), [generator.getrandbits(32) for _ in range(5000)]) > 1000


NODES = [
    pytest.param(24, "ABCDEF 987654", 0xABCDEF, 0x987654, id="24 bits"),
    pytest.param(28, "BCDEF1 A9 876543", 0xABCDEF1, 0x9876543, id="28 bits, a half byte each"),
    pytest.param(32, "FABCDEF1 98765432", 0xFABCDEF1, 0x98765432, id="32 bits"),
]


@pytest.mark.parametrize(("size", "node", "left", "right"), NODES)
def test_the_bits_of_a_node(size, node, left, right):
    """A node written out by hand holds the two numbers that the format says."""
    tree = by_hand(node, size)
    assert [tree.record(number) for number in (0, 2**31 - 1, 2**31, 2**32 - 1)] == [left, left, right, right]


def by_hand(nodes, size=24, *, ip_version=4):
    """The tree of *nodes* in hexadecimal, with the sixteen zeros that stand behind every tree."""
    content = bytes.fromhex(nodes)
    return SearchTree(content + bytes(16), len(content) * 4 // size, size, ip_version)


def test_a_tree_that_leads_nowhere_says_so():
    """A damaged tree that goes in a circle ends after the address's last bit, without an answer."""
    circle = by_hand("000000 000009")
    assert circle.record(0) < circle.count
    assert circle.record(1) == 9
    assert circle.record(2**31) == 9
    endless = by_hand("000000 000000", ip_version=6)
    assert endless.record(77) < endless.count


def test_a_tree_without_ipv4_answers_for_all_alike():
    """Where the IPv6 tree ends above ::/96, all of IPv4 has what stands there."""
    short = by_hand("000011 000009", ip_version=6)
    assert {short.record(number) for number in (0, 77, 2**32 - 1)} == {0x11}


@pytest.mark.parametrize("large", [0, 10**9], ids=["twenty bits ahead", "sixteen bits ahead"])
def test_how_far_is_walked_ahead_changes_no_answer(monkeypatch, large):
    """Large trees are walked further ahead, with the same answers."""
    monkeypatch.setattr(module, "_LARGE", large)
    path = maxmind("GeoIP2-City-Test.mmdb")
    with maxminddb_rust.open_database(path, maxminddb_rust.MODE_MEMORY) as reader:
        networks = [network for network, _ in reader]
    assert compare(path, edges(one for one in networks if isinstance(one, ipaddress.IPv4Network))) > 50
