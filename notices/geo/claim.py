"""What one source says about a visitor, in its own words, and the special values that sources use for countries."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

Network = Literal["tor", "vpn", "proxy", "hosting", "relay"]
#: Networks that hide where their users are, the one that hides most first.
ANONYMISING: tuple[Network, ...] = ("tor", "vpn", "proxy", "hosting")

#: Values that stand where a country should and name none: unknown (``XX ZZ ?? ** ? -`` and empty), satellite (``A2``),
#: other (``O1``), a region of many countries (``EU``, ``AP``), and addresses that are nobody's (``reserved``).
_NO_COUNTRY = frozenset({"", "XX", "ZZ", "??", "**", "?", "-", "A2", "O1", "EU", "AP", "RESERVED", "NONE", "UNKNOWN"})
#: Values that name a network instead: Cloudflare's Tor, the older databases' anonymous proxy.
_NETWORK_COUNTRIES: dict[str, Network] = {"T1": "tor", "A1": "proxy"}
_NO_SUBDIVISION = frozenset({"", "?", "??", "**", "-", "XX", "ZZ", "NO REGION", "NONE", "UNKNOWN", "RESERVED"})


class Claim(NamedTuple):
    """What one source says: country and subdivisions (codes and names, coarsest first) and the network, if any.

    ``network`` is ``tor``, ``vpn``, ``proxy`` or ``hosting`` for what hides its users' places, and ``relay`` for what
    hides their addresses but states their region truly. Country and subdivisions are always of this one source.
    """

    country: str | None = None
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    network: Network | None = None


@lru_cache(maxsize=4096)  # values of databases and checked headers, never an address
def make_claim(
    country: str | None, codes: tuple[str, ...] = (), names: tuple[str, ...] = (), network: Network | None = None
) -> Claim | None:
    """The claim that these values make, special values understood; None where they say nothing."""
    code = (country or "").strip().upper()
    network = network or _NETWORK_COUNTRIES.get(code)
    if code in _NO_COUNTRY or code in _NETWORK_COUNTRIES:
        return None if network is None else Claim(network=network)
    return Claim(code, _stated(codes), _stated(names), network)


def _stated(values: tuple[str, ...]) -> tuple[str, ...]:
    """The leading values that say something: a finer one without the coarser says nothing sure."""
    kept: list[str] = []
    for value in values:
        if value.strip().upper() in _NO_SUBDIVISION:
            break
        kept.append(value.strip())
    return tuple(kept)
