"""The visitor's address comes from the peer, or past trusted hops from the one header that the site named."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notices.geo.forwarding import Proxies, client_address, is_trusted

XFF, FORWARDED = "X-Forwarded-For", "Forwarded"
TRUSTED = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8:1::/48"), "unix")


def address(text):
    return None if text is None else ipaddress.ip_address(text)


XFF_CASES = [
    pytest.param("81.2.69.160", "9.9.9.9", "81.2.69.160", id="an untrusted peer's header is not believed"),
    pytest.param("81.2.69.160", None, "81.2.69.160", id="a direct visitor"),
    pytest.param("10.1.1.1", "81.2.69.160", "81.2.69.160", id="one trusted proxy"),
    pytest.param("10.1.1.1", "9.9.9.9, 81.2.69.160", "81.2.69.160", id="left of the visitor is the visitor's own"),
    pytest.param("10.1.1.1", "81.2.69.160, 10.2.2.2, 10.3.3.3", "81.2.69.160", id="several trusted hops"),
    pytest.param("10.1.1.1", "9.9.9.9,\t81.2.69.160 ,10.2.2.2", "81.2.69.160", id="spaces and tabs"),
    pytest.param("2001:db8:1::5", "2a02:6b8::1", "2a02:6b8::1", id="IPv6 everywhere"),
    pytest.param("::ffff:10.1.1.1", "81.2.69.160", "81.2.69.160", id="an IPv4-mapped peer is its IPv4 address"),
    pytest.param("", "81.2.69.160", "81.2.69.160", id="an empty peer is a unix socket"),
    pytest.param("10.1.1.1", "81.2.69.160:4711", "81.2.69.160", id="IPv4 with port"),
    pytest.param("10.1.1.1", "[2a02:6b8::1]:4711", "2a02:6b8::1", id="IPv6 with port"),
    pytest.param("10.1.1.1", "[2a02:6b8::1]", "2a02:6b8::1", id="IPv6 in brackets"),
    pytest.param("10.1.1.1", "192.168.7.7", "192.168.7.7", id="a private visitor is read as such"),
    pytest.param("10.1.1.1", "81.2.69.160, unknown", None, id="a hop that is no address is not passed by"),
    pytest.param("10.1.1.1", "81.2.69.160, 0121.2.69.160", None, id="octal hop"),
    pytest.param("10.1.1.1", "81.2.69.160, ", None, id="empty hop"),
    pytest.param("10.1.1.1", "81.2.69.160, garbage, 10.2.2.2", None, id="a broken hop behind a trusted one"),
    pytest.param("10.1.1.1", "81.2.69.160, 2002:a01:101::1", None, id="6to4 hop"),
    pytest.param("10.1.1.1", "", None, id="empty header"),
    pytest.param("10.1.1.1", None, None, id="a proxy is never the visitor"),
    pytest.param("10.1.1.1", "10.2.2.2, 10.3.3.3", None, id="nothing but proxies"),
    pytest.param("10.1.1.1", "[81.2.69.160]", None, id="IPv4 in brackets"),
    pytest.param("10.1.1.1", "81.2.69.160:", None, id="port missing"),
    pytest.param("10.1.1.1", "81.2.69.160:123456", None, id="port too long"),
    pytest.param("not-an-address", "81.2.69.160", None, id="a peer that is no address"),
]


@pytest.mark.parametrize(("peer", "header", "expected"), XFF_CASES)
def test_x_forwarded_for(peer, header, expected):
    """The header is read from the right past trusted hops; one that does not parse means unknown."""
    assert client_address(peer, header, XFF, TRUSTED) == address(expected)


FORWARDED_CASES = [
    pytest.param("for=81.2.69.160", "81.2.69.160", id="token"),
    pytest.param("For=81.2.69.160;Proto=https;by=10.1.1.1", "81.2.69.160", id="names in any case"),
    pytest.param('for="81.2.69.160:4711"', "81.2.69.160", id="quoted with port"),
    pytest.param('for="[2a02:6b8::1]"', "2a02:6b8::1", id="IPv6"),
    pytest.param('for="[2a02:6b8::1]:4711"', "2a02:6b8::1", id="IPv6 with port"),
    pytest.param('for="[2a02:6b8::1]:_port"', "2a02:6b8::1", id="obfuscated port"),
    pytest.param(r'for="\8\1.2.69.160"', "81.2.69.160", id="escapes in a quoted string"),
    pytest.param("for=9.9.9.9, for=81.2.69.160, for=10.2.2.2", "81.2.69.160", id="past trusted hops"),
    pytest.param('for=81.2.69.160;host="a,b;for=9.9.9.9"', "81.2.69.160", id="separators inside quotes"),
    pytest.param("for=81.2.69.160 ; proto=http ,for=10.2.2.2", "81.2.69.160", id="spaces"),
    pytest.param("proto=https;;for=81.2.69.160", "81.2.69.160", id="empty pair"),
    pytest.param("for=81.2.69.160, for=unknown", None, id="unknown"),
    pytest.param("for=81.2.69.160, for=_hidden", None, id="obfuscated"),
    pytest.param("for=81.2.69.160, proto=https", None, id="an element without for"),
    pytest.param("for=81.2.69.160,", None, id="empty element"),
    pytest.param("for=81.2.69.160, for=10.2.2.2 x", None, id="garbage behind a good element"),
    pytest.param("for=81.2.69.160, =x", None, id="a value without a name"),
    pytest.param("for=2a02:6b8::1", None, id="IPv6 without brackets and quotes"),
    pytest.param('for="2a02:6b8::1"', None, id="IPv6 without brackets"),
    pytest.param('for="[81.2.69.160]"', None, id="IPv4 in brackets"),
    pytest.param("for=81.2.69.160:80", None, id="port without quotes"),
    pytest.param('for="9.9.9.9, for=81.2.69.160', None, id="an open quotation swallows no hop"),
    pytest.param('for="evil, for=81.2.69.160;by="10.1.1.1:80"', None, id="a quotation closed by a later one"),
    pytest.param("for=9.9.9.9;for=81.2.69.160", None, id="twice in one element"),
    pytest.param("81.2.69.160", None, id="the other header's form"),
    pytest.param("for", None, id="no value"),
    pytest.param("for=", None, id="empty value"),
    pytest.param("", None, id="empty header"),
    pytest.param('for="a\x01b"', None, id="control character"),
]


@pytest.mark.parametrize(("header", "expected"), FORWARDED_CASES)
def test_forwarded(header, expected):
    """RFC 7239 in full: quoted strings, bracketed IPv6, ports, obfuscated identifiers; malformed means unknown."""
    assert client_address("10.1.1.1", header, FORWARDED, TRUSTED) == address(expected)


@pytest.mark.parametrize(
    ("peer", "trusted", "expected"),
    [
        pytest.param("", ("unix",), True, id="unix named"),
        pytest.param("", (ipaddress.ip_network("0.0.0.0/0"),), False, id="unix not named"),
        pytest.param("10.1.1.1", ("unix",), False, id="only unix named"),
        pytest.param("10.1.1.1", (), False, id="nobody trusted"),
        pytest.param("10.1.1.1", TRUSTED, True, id="within a network"),
        pytest.param("2001:db8:1::1", TRUSTED, True, id="within an IPv6 network"),
        pytest.param("11.1.1.1", TRUSTED, False, id="outside"),
    ],
)
def test_trust_is_by_network(peer, trusted, expected):
    """A peer is trusted when one of the named networks holds it; the empty peer when ``unix`` is named."""
    assert is_trusted(peer, trusted) is expected


addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))


def _reference(hops):
    """Brute force over parsed hops: the first from the right that no trusted network holds."""
    for hop in reversed(hops):
        if not any(hop in network for network in TRUSTED[:2]):
            return hop
    return None


proxies = st.integers(0, 2**24 - 1).map(lambda number: ipaddress.IPv4Address(0x0A000000 | number))
visitors = st.integers(0x50000000, 0x60000000).map(ipaddress.IPv4Address)


@settings(deadline=None)
@given(st.lists(st.one_of(proxies, visitors), max_size=8))
def test_both_headers_agree_with_brute_force(hops):
    """For any chain of addresses both forms give the rightmost that is not trusted."""
    expected = _reference(hops)
    plain = ", ".join(map(str, hops))
    tagged = ", ".join(f'for="{hop}:80";proto=https' for hop in hops)
    assert client_address("10.0.0.1", plain, XFF, TRUSTED) == expected
    assert client_address("10.0.0.1", tagged, FORWARDED, TRUSTED) == expected


@settings(deadline=None)
@given(st.text('for=;," \\\t[]:_.019ab', max_size=60))
@example('for="\\')
def test_a_forger_cannot_choose_the_hop_that_a_proxy_adds(forged):
    """Whatever stands before it, the element that the trusted proxy appended is the one that counts, or none."""
    header = f"{forged}, for=81.2.69.160"
    assert client_address("10.0.0.1", header, FORWARDED, TRUSTED) in (None, ipaddress.ip_address("81.2.69.160"))
    quoted = f'{forged}, for="[2a02:6b8::1]:80"'
    assert client_address("10.0.0.1", quoted, FORWARDED, TRUSTED) in (None, ipaddress.ip_address("2a02:6b8::1"))


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from([XFF, FORWARDED]))
def test_any_text_is_survived(header, form):
    """No header raises anything."""
    client_address("10.0.0.1", header, form, TRUSTED)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("\t " * 40_000, id="spaces"),
        pytest.param("for=" * 20_000, id="names"),
        pytest.param('for="' + "\\" * 80_000, id="escapes"),
        pytest.param("a" * 80_000, id="one token"),
        pytest.param("for=10.0.0.1," * 8_000, id="elements"),
        pytest.param("," * 80_000, id="empty elements"),
    ],
)
def test_hostile_headers_end_unknown(header):
    """80 kB of any one thing gives nothing, in linear time (this would not end soon otherwise)."""
    assert client_address("10.0.0.1", header, FORWARDED, TRUSTED) is None
    assert client_address("10.0.0.1", header, XFF, TRUSTED) is None


def plainly(peer, header, form=XFF, trusted=TRUSTED):
    number = Proxies(trusted, form).visitor(peer, lambda name: header if name == form else None)
    return None if number is None else ipaddress.IPv4Address(number)


PLAIN = [
    pytest.param("81.2.69.160", "9.9.9.9", "81.2.69.160", id="an untrusted peer"),
    pytest.param("10.1.1.1", "81.2.69.160", "81.2.69.160", id="one hop"),
    pytest.param("", "9.9.9.9, 81.2.69.160\t", "81.2.69.160", id="the last of two hops, behind a socket"),
    pytest.param("10.1.1.1", "81.2.69.160, 10.2.2.2", None, id="a trusted hop at the end"),
    pytest.param("10.1.1.1", "81.2.69.160:80", None, id="a port"),
    pytest.param("10.1.1.1", "2a02:6b8::1", None, id="IPv6"),
    pytest.param("10.1.1.1", None, None, id="no header"),
    pytest.param("2a02:6b8::1", None, None, id="a peer of IPv6"),
    pytest.param("nonsense", "81.2.69.160", None, id="no peer"),
]


@pytest.mark.parametrize(("peer", "header", "expected"), PLAIN)
def test_plain_visitors_are_seen_at_once(peer, header, expected):
    """The usual peers and last hops are read without the long way; everything else is left to that."""
    assert plainly(peer, header) == address(expected)


def test_a_proxy_with_a_public_address_is_no_visitor():
    """A content network's own addresses are trusted, public, and nobody's place: neither peer nor hop is taken."""
    networks = (ipaddress.ip_network("81.2.69.0/24"),)
    assert plainly("81.2.69.160", None, trusted=networks) is None
    assert plainly("81.2.69.160", "9.9.9.9, 81.2.69.7", trusted=networks) is None
    assert plainly("81.2.69.160", "9.9.9.9", trusted=networks) == address("9.9.9.9")
    assert plainly("", "9.9.9.9", trusted=networks) is None


HOPS = st.sampled_from(["81.2.69.160", "10.1.1.1", "10.2.2.2:80", "9.9.9.9", "", "unix", "[2a02:6b8::1]", "unknown"])


@settings(deadline=None, max_examples=300)
@given(HOPS, st.none() | st.lists(HOPS, max_size=3).map(",".join), st.sampled_from([XFF, FORWARDED]))
def test_what_is_seen_at_once_is_what_the_long_way_finds(peer, header, form):
    """Where the plain reading answers at all, it is the visitor that reading all hops gives."""
    found = plainly(peer, header, form)
    assert found is None or found == client_address(peer, header, form, TRUSTED)
