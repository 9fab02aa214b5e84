"""IP addresses: strict parsing, unwrapping of IPv4 carried in IPv6, and which of them say where a visitor may be.

The ``is_private`` and ``is_global`` of :mod:`ipaddress` keep the addresses they are asked about in a cache of the whole
process, so they are not used here: an address lives in its request only.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_right

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Not a place on the public internet: IANA IPv4 Special-Purpose Address Registry (RFC 6890 and later), multicast
#: (RFC 5771), class E (RFC 1112) and the anycast relays of 6to4 (RFC 7526).
_SPECIAL_IPV4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/3",
)  # fmt: skip
#: The same within 2000::/3, the only global unicast space (RFC 4291, IANA IPv6 Special-Purpose Address Registry):
#: protocol assignments with Teredo, documentation, 6to4.
_SPECIAL_IPV6 = ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
_GLOBAL_UNICAST_IPV6 = 0b001

#: Every octet as it is written, without leading zeros.
_OCTETS = {str(number): number for number in range(256)}

_MAPPED = 0xFFFF  # ::ffff:0:0/96, RFC 4291 section 2.5.5.2
_NAT64 = 0x64_FF9B << 64  # 64:ff9b::/96, RFC 6052
_6TO4 = 0x2002  # RFC 3056
_TEREDO = 0x2001_0000  # RFC 4380


def _bounds(networks: tuple[str, ...]) -> list[int]:
    """First addresses of the networks and of the space after each, ascending: an odd position is inside."""
    parsed = sorted(map(ipaddress.ip_network, networks))
    return [int(bound) for net in parsed for bound in (net.network_address, int(net.broadcast_address) + 1)]


_BOUNDS_IPV4 = _bounds(_SPECIAL_IPV4)
_BOUNDS_IPV6 = _bounds(_SPECIAL_IPV6)


def read_address(text: str) -> Address | None:
    """*text* as an address in one of its standard written forms, or None.

    No octal, hexadecimal, integer or shortened IPv4 (RFC 6943 section 3.1.1); an IPv6 zone id (RFC 4007) is cut.
    """
    bare, percent, zone = text.partition("%")
    if percent and (not zone or "%" in zone or ":" not in bare):
        return None
    try:
        return ipaddress.IPv6Address(bare) if ":" in bare else _read_ipv4(bare)
    except (ValueError, KeyError):
        return None


def _read_ipv4(text: str) -> ipaddress.IPv4Address:
    """Four decimal octets; looking each one up takes a third of the library's own parser's time.

    :raises ValueError: for more or fewer parts.
    :raises KeyError: for a part that is no octet as it is written.
    """
    first, second, third, fourth = text.split(".")
    octets = _OCTETS[first] << 24 | _OCTETS[second] << 16 | _OCTETS[third] << 8 | _OCTETS[fourth]
    return ipaddress.IPv4Address(octets)


def unwrap(address: Address) -> Address | None:
    """The address that *address* stands for: IPv4 out of IPv4-mapped and NAT64 forms; None for 6to4 and Teredo.

    The last two name a relay's user by an address that anyone may claim (RFC 3964), so they say nothing.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address
    number = int(address)
    if number >> 32 in (_MAPPED, _NAT64):
        return ipaddress.IPv4Address(number & 0xFFFF_FFFF)
    if number >> 112 == _6TO4 or number >> 96 == _TEREDO:
        return None
    return address


def parse_address(text: str) -> Address | None:
    """The address that *text* stands for, or None where it is none or says nothing (spec: service, section 2)."""
    address = read_address(text)
    return None if address is None else unwrap(address)


def is_public(address: Address) -> bool:
    """Whether *address* is one of the public internet's, so that a place can be known for it."""
    number = int(address)
    if isinstance(address, ipaddress.IPv4Address):
        return bisect_right(_BOUNDS_IPV4, number) % 2 == 0
    return number >> 125 == _GLOBAL_UNICAST_IPV6 and bisect_right(_BOUNDS_IPV6, number) % 2 == 0
