"""Who is asking: the socket's peer, or what trusted proxies say about the hops before them.

Only the one header that the site named is read; the other of ``X-Forwarded-For`` and ``Forwarded`` passes through a
proxy as the client wrote it. Hops are read from the right, past every trusted one; whatever stands left of the first
hop that is not trusted was written by strangers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from notices.expressions import late

from .address import Address, ipv4_number, parse_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from notices.settings import Network

    Trusted = Sequence[Network | Literal["unix"]]
    Header = Callable[[str], str | None]
Form = Literal["X-Forwarded-For", "Forwarded"]

UNIX = "unix"
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_QUOTED = r'"(?>(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[^\x00-\x08\x0a-\x1f\x7f])*)"'
#: One ``name=value`` (or nothing) and what ends it; possessive, so that hostile input takes linear time.
_PAIR = late(rf"[ \t]*+(?:({_WORD})=({_WORD}|{_QUOTED}))?[ \t]*+([;,]|\Z)")
_ESCAPED = late(r"\\(.)")
_WITH_PORT = late(r"(?:\[([^\[\]]*)\]|([^:\[\]]*))(?::(\d{1,5}|_[A-Za-z0-9._-]+))?")


class Proxies:
    """The proxies that a site trusts, for the plain cases: IPv4 addresses as numbers, and unix sockets."""

    def __init__(self, trusted: Trusted, form: Form) -> None:
        networks = [network for network in trusted if not isinstance(network, str)]
        self._trusted = trusted
        self._unix = UNIX in trusted
        self._ipv4 = [(int(one.netmask), int(one.network_address)) for one in networks if one.version == 4]
        self._hosts = {str(one.network_address) for one in networks if one.version == 4 and one.prefixlen == 32}
        self._form = form

    def visitor(self, peer: str, header: Header) -> int | None:
        """The visitor's IPv4 address as a number where it is plain, else None: then :func:`client_address` judges.

        Plain are a peer that is no proxy, and the last hop of ``X-Forwarded-For`` that a trusted peer wrote there.
        """
        if peer in self._hosts:
            return self._last_hop(header)
        number = ipv4_number(peer)
        if number is None:
            return self._last_hop(header) if self._unix and peer in ("", UNIX) else None
        return self._last_hop(header) if self._ipv4 and self._hold(number) else number

    def trust(self, peer: str) -> bool:
        """Whether headers of a request from *peer* are believed, as :func:`is_trusted`."""
        if peer in self._hosts:
            return True
        number = ipv4_number(peer)
        return is_trusted(peer, self._trusted) if number is None else self._hold(number)

    def _last_hop(self, header: Header) -> int | None:
        hops = header(self._form) if self._form == "X-Forwarded-For" else None
        number = None if hops is None else ipv4_number(hops.rpartition(",")[2].strip(" \t"))
        return None if number is None or self._hold(number) else number

    def _hold(self, number: int) -> bool:
        # A loop, since every request comes by here: any() and what it is given would take twice its time.
        for mask, network in self._ipv4:  # noqa: SIM110
            if number & mask == network:
                return True
        return False


def is_trusted(peer: str, trusted: Trusted) -> bool:
    """Whether headers of a request from *peer* are believed; the empty peer is a unix socket's."""
    if not trusted:
        return False
    if peer in ("", UNIX):
        return UNIX in trusted
    address = parse_address(peer)
    return address is not None and _within(address, trusted)


def _within(address: Address, trusted: Trusted) -> bool:
    return any(not isinstance(network, str) and address in network for network in trusted)


def client_address(peer: str, header: str | None, form: Form, trusted: Trusted) -> Address | None:
    """The visitor's address, or None where it is not known.

    *peer* is the socket's, empty for a unix socket; *header* the value of the header *form*. A trusted peer is a proxy
    and never the visitor itself, so without a header, or with trusted hops only, nothing is known.
    """
    if not is_trusted(peer, trusted):
        return parse_address(peer)
    if header is None:
        return None
    for hop in _hops(header, form):
        address = None if hop is None else parse_hop(hop, form)
        if address is None or not _within(address, trusted):
            return address
    return None


def _hops(header: str, form: Form) -> Iterable[str | None]:
    """The hops from the right; None for one that the header does not give."""
    hops = header.split(",") if form == "X-Forwarded-For" else forwarded_for(header)
    return reversed(hops)


def parse_hop(hop: str, form: Form) -> Address | None:
    """One hop as an address; a port behind it is cut (some load balancers add one), brackets around IPv6 too.

    ``Forwarded`` demands the brackets (RFC 7239 section 6); ``X-Forwarded-For`` takes bare IPv6. Obfuscated
    identifiers and ``unknown`` are no address.
    """
    text = hop.strip(" \t")
    match = _WITH_PORT.fullmatch(text)
    if match is None:
        return parse_address(text) if form == "X-Forwarded-For" else None
    bracketed, plain, _port = match.groups()
    if bracketed is not None:
        return parse_address(bracketed) if ":" in bracketed else None
    return parse_address(plain)


def forwarded_for(header: str) -> list[str | None]:
    """The ``for`` of every element of a ``Forwarded`` header (RFC 7239), None for an element without one.

    A header that is malformed anywhere gives ``[None]``: after a broken quotation nobody can say where a hop ends.
    """
    hops: list[str | None] = []
    element: dict[str, str] = {}
    position = 0
    while True:
        match = _PAIR.match(header, position)
        if match is None:
            return [None]
        name, value, end = match.groups()
        if name is not None and element.setdefault(name.lower(), value) is not value:
            return [None]
        if end != ";":
            hops.append(_unquoted(element.get("for")))
            element = {}
        if end == "":
            return hops
        position = match.end()


def _unquoted(value: str | None) -> str | None:
    if value is None or not value.startswith('"'):
        return value
    return _ESCAPED.sub(r"\1", value[1:-1])
