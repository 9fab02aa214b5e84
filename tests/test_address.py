"""Addresses are read strictly, unwrapped where they carry IPv4, and known to be public or not."""

from __future__ import annotations

import ipaddress
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notices.geo.address import PLAINLY_PUBLIC, ipv4_number, is_public, parse_address, read_address

WRITTEN = [
    pytest.param("77.88.55.88", "77.88.55.88", id="IPv4"),
    pytest.param("0.0.0.0", "0.0.0.0", id="IPv4 zero"),
    pytest.param("2a02:6b8::1", "2a02:6b8::1", id="IPv6"),
    pytest.param("2A02:06B8:0:0:0:0:0:1", "2a02:6b8::1", id="IPv6 long and upper case"),
    pytest.param("fe80::1%eth0", "fe80::1", id="zone id is cut"),
    pytest.param("::ffff:77.88.55.88", "77.88.55.88", id="IPv4-mapped, dotted"),
    pytest.param("::ffff:4d58:3758", "77.88.55.88", id="IPv4-mapped, hexadecimal"),
    pytest.param("64:ff9b::77.88.55.88", "77.88.55.88", id="NAT64"),
    pytest.param("64:ff9b::4d58:3758", "77.88.55.88", id="NAT64, hexadecimal"),
    pytest.param("64:ff9b:1::4d58:3758", "64:ff9b:1::4d58:3758", id="local-use NAT64 stays as it is"),
    pytest.param("::77.88.55.88", "::4d58:3758", id="deprecated IPv4-compatible stays IPv6"),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_standard_forms_are_read(text, expected):
    """Every standard written form gives its address, IPv4 out of its IPv6 wrappings."""
    assert parse_address(text) == ipaddress.ip_address(expected)


REFUSED = [
    pytest.param("0121.2.69.160", id="octal"),
    pytest.param("81.02.69.160", id="leading zero"),
    pytest.param("0x51.2.69.160", id="hexadecimal"),
    pytest.param("1359103392", id="integer"),
    pytest.param("0x51024500", id="hexadecimal integer"),
    pytest.param("127.1", id="short"),
    pytest.param("81.2.69", id="three parts"),
    pytest.param("81.2.69.160.1", id="five parts"),
    pytest.param("81.2.69.256", id="part too large"),
    pytest.param("81.2.69.160%eth0", id="zone on IPv4"),
    pytest.param("fe80::1%", id="empty zone"),
    pytest.param("fe80::1%a%b", id="two zones"),
    pytest.param("81.2.69.160:80", id="port"),
    pytest.param("[2a02:6b8::1]", id="brackets"),
    pytest.param("81.2.69.160/24", id="network"),
    pytest.param(" 81.2.69.160", id="space before"),
    pytest.param("81.2.69.160\n", id="line end"),
    pytest.param("８１.2.69.160", id="full-width digits"),
    pytest.param("2a02:6b8:::1", id="three colons"),
    pytest.param("2a02:6b8::1::2", id="two gaps"),
    pytest.param("::ffff:0121.2.69.160", id="octal in a mapped address"),
    pytest.param("localhost", id="name"),
    pytest.param("unknown", id="word"),
    pytest.param("", id="empty"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_other_forms_are_refused(text):
    """What C libraries take for an address, and what nobody should, is none here."""
    assert read_address(text) is None
    assert parse_address(text) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2002:4d58:3758::1", id="6to4"),
        pytest.param("2002::", id="6to4, first"),
        pytest.param("2001:0:4d58:3758::1", id="Teredo"),
        pytest.param("2001::ffff", id="Teredo, first"),
    ],
)
def test_tunnels_that_anyone_may_claim_are_unknown(text):
    """6to4 and Teredo addresses are addresses, but say nothing about their user."""
    assert read_address(text) is not None
    assert parse_address(text) is None


@settings(deadline=None)
@given(st.one_of(st.text(max_size=40), st.text("0123456789abcdefx.:%[]/ ", max_size=40)))
@example("1.2.3.4")
@example("::1%lo")
def test_agrees_with_the_standard_library(text):
    """Whatever the standard library refuses is refused, and what it reads is read alike (zone ids apart)."""
    bare, percent, zone = text.partition("%")
    try:
        expected = ipaddress.ip_address(text)
    except ValueError:
        expected = None
    if percent and expected is not None:
        expected = ipaddress.ip_address(bare)
        assert zone
    assert read_address(text) == expected


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_every_ipv4_address_is_read_in_all_wrappings(number):
    """An address means the same bare, mapped and behind NAT64."""
    address = ipaddress.IPv4Address(number)
    assert parse_address(str(address)) == address
    assert parse_address(f"::ffff:{address}") == address
    assert parse_address(str(ipaddress.IPv6Address((0x64_FF9B << 96) | number))) == address


PUBLIC = [
    ("8.8.8.8", True), ("1.0.0.1", True), ("9.255.255.255", True), ("11.0.0.0", True), ("172.15.255.255", True),
    ("172.32.0.0", True), ("192.0.1.0", True), ("198.17.255.255", True), ("198.20.0.0", True),
    ("223.255.255.255", True), ("100.63.255.255", True), ("100.128.0.0", True), ("2a02:6b8::1", True),
    ("2001:200::", True), ("2001:db7::", True), ("2001:db9::", True), ("2003::", True), ("2000::", True),
    ("0.0.0.0", False), ("0.255.255.255", False), ("10.0.0.0", False), ("10.255.255.255", False),
    ("100.64.0.0", False), ("100.127.255.255", False), ("127.0.0.1", False), ("169.254.1.1", False),
    ("172.16.0.0", False), ("172.31.255.255", False), ("192.0.0.1", False), ("192.0.2.1", False),
    ("192.88.99.1", False), ("192.168.1.1", False), ("198.18.0.0", False), ("198.19.255.255", False),
    ("198.51.100.1", False), ("203.0.113.1", False), ("224.0.0.1", False), ("255.255.255.255", False),
    ("::", False), ("::1", False), ("::808:808", False), ("fe80::1", False), ("fc00::1", False), ("fd12::1", False),
    ("ff02::1", False), ("2001:db8::1", False), ("2001:10::1", False), ("2001:1ff:ffff::", False), ("3fff::1", False),
    ("4000::", False), ("64:ff9b:1::1", False), ("100::1", False), ("5f00::1", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PUBLIC, ids=[text for text, _ in PUBLIC])
def test_only_the_public_internet_has_places(text, expected):
    """Private, reserved, documentation and multicast addresses are nobody's place; their neighbours are."""
    assert is_public(ipaddress.ip_address(text)) is expected


@settings(deadline=None)
@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_public_addresses_are_global_by_the_standard_library(address):
    """Nothing is called public that the standard library's IANA tables call private, multicast or reserved."""
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


def test_no_address_stays_in_the_standard_library_s_caches():
    """Reading and judging addresses leaves none of them behind in a cache of the process."""
    caches = [
        kind.__dict__[name].fget
        for kind in (ipaddress.IPv4Address, ipaddress.IPv6Address)
        for name in ("is_private", "is_global")
    ]
    watched = [cache for cache in caches if hasattr(cache, "cache_info")]
    before = [cache.cache_info().currsize + cache.cache_info().misses for cache in watched]
    for _ in range(50):
        address = parse_address(str(ipaddress.IPv4Address(random.getrandbits(32))))
        assert address is not None
        is_public(address)
        is_public(ipaddress.IPv6Address(random.getrandbits(128)))
    assert [cache.cache_info().currsize + cache.cache_info().misses for cache in watched] == before


@given(st.integers(0, 2**32 - 1))
@example(int(ipaddress.ip_address("192.0.2.1")))
@example(int(ipaddress.ip_address("100.63.255.255")))
@example(int(ipaddress.ip_address("100.64.0.0")))
def test_plainly_public_addresses_are_public(number):
    """What is seen from the first half is so; what is not is special, or shares its half with what is."""
    address = ipaddress.IPv4Address(number)
    half = ipaddress.ip_network((number, 16), strict=False)
    shared = ("192.0.0.0/16", "192.88.0.0/16", "198.51.0.0/16", "203.0.0.0/16")
    expected = is_public(address) and str(half) not in shared
    assert PLAINLY_PUBLIC[number >> 16] == expected


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_as_a_number(number):
    """Four octets are the number that the standard library makes of them; nothing else is one."""
    text = str(ipaddress.IPv4Address(number))
    assert ipv4_number(text) == number
    assert ipv4_number(f"{text}\0") is None
    assert ipv4_number(f"0{text}") is None
    assert ipv4_number("\ud800") is None


@given(
    st.lists(
        st.sampled_from(["", "", "0", "1", "00", "ab", "ffff", "12345", "1.2.3.4", "01.2.3.4", "1.2.3"]),
        min_size=2,
        max_size=10,
    )
)
def test_ipv6_is_read_as_by_the_standard_library(parts):
    """The system's parser, which is asked first, takes nothing else."""
    text = ":".join(parts)
    try:
        expected = ipaddress.IPv6Address(text)
    except ValueError:
        expected = None
    assert read_address(text) == expected
