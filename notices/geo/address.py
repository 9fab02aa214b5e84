"""IP addresses: strict parsing, unwrapping of IPv4 carried in IPv6, and which of them say where a visitor may be.

The ``is_private`` and ``is_global`` of :mod:`ipaddress` keep the addresses they are asked about in a cache of the whole
process, so they are not used here: an address lives in its request only.
"""

from __future__ import annotations

import ipaddress
import struct
from bisect import bisect_right
from socket import AF_INET, AF_INET6, inet_pton

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

_MAPPED = 0xFFFF  # ::ffff:0:0/96, RFC 4291 section 2.5.5.2

_NAT64 = 0x64_FF9B << 64  # 64:ff9b::/96, RFC 6052
_6TO4 = 0x2002  # RFC 3056
_TEREDO = 0x2001_0000  # RFC 4380


def _bounds(networks: tuple[str, ...]) -> list[int]:
    """First addresses of the networks and of the space after each, ascending: an odd position is inside."""
    parsed = sorted(map(ipaddress.ip_network, networks))
    return [int(bound) for net in parsed for bound in (net.network_address, int(net.broadcast_address) + 1)]


def _beginnings(networks: tuple[str, ...]) -> bytes:
    """For each beginning of sixteen bits 1 where no IPv4 address with it is in the networks, else 0."""
    free = bytearray(b"\1" * (1 << 16))
    for net in map(ipaddress.ip_network, networks):
        first, last = int(net.network_address) >> 16, int(net.broadcast_address) >> 16
        free[first : last + 1] = bytes(last + 1 - first)
    return bytes(free)


_BOUNDS_IPV4 = _bounds(_SPECIAL_IPV4)
_BOUNDS_IPV6 = _bounds(_SPECIAL_IPV6)
#: By the first sixteen bits of an IPv4 address 1 where all with them are public, else 0: then :func:`is_public` judges.
PLAINLY_PUBLIC = _beginnings(_SPECIAL_IPV4)


_NUMBER = struct.Struct(">I").unpack


def read_address(text: str) -> Address | None:
    """*text* as an address in one of its standard written forms, or None.

    No octal, hexadecimal, integer or shortened IPv4 (RFC 6943 section 3.1.1); an IPv6 zone id (RFC 4007) is cut.
    """
    bare, percent, zone = text.partition("%")
    if percent and (not zone or "%" in zone or ":" not in bare):
        return None
    if ":" in bare:
        return _read_ipv6(bare)
    number = ipv4_number(bare)
    return None if number is None else ipaddress.IPv4Address(number)


def ipv4_number(text: str) -> int | None:
    """*text* as four decimal octets, as a number; None where it is none. A fifth of the standard library's time."""
    try:
        number: int = _NUMBER(inet_pton(AF_INET, text))[0]
    except (OSError, ValueError):
        return None
    return number


def _read_ipv6(text: str) -> ipaddress.IPv6Address | None:
    """By the system's parser, for speed; what that refuses the standard library's judges."""
    try:
        return ipaddress.IPv6Address(int.from_bytes(inet_pton(AF_INET6, text), "big"))
    except (OSError, ValueError):
        pass
    try:
        return ipaddress.IPv6Address(text)
    except ValueError:
        return None


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
