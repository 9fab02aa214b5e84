"""Addresses that must not be found again, in the spellings in which they are sent, and where to look for them."""

from __future__ import annotations

import base64
import ipaddress
import json
import re

#: Public addresses of a Russian network operator, so that a database knows them; nobody's by their last digits.
V4, V6 = ipaddress.ip_address("77.88.253.117"), ipaddress.ip_address("2a02:6b8:0:c3a:7e57::5eed")
NUMBER = int(V4)
#: Addresses from which the tests' client speaks: any of 127.0.0.0/8 may be one's own.
PEERS = ("127.66.77.88", "127.66.77.89", "127.99.88.77")
OTHER_V4 = "95.108.213.59"

#: How an address may be written in a header or a query; those that are refused must not be kept either.
SPELLINGS = (
    str(V4), f"{V4}:4711", f"::ffff:{V4}", f"::ffff:{NUMBER >> 16:x}:{NUMBER & 0xFFFF:x}", f"64:ff9b::{V4}",
    "0115.0130.0375.0165", "0x4d.0x58.0xfd.0x75", f"0x{NUMBER:x}", str(NUMBER), "77.88.253.0117",
    str(V6), str(V6).upper(), V6.exploded, f"[{V6}]:443", f"{V6}%eth0", f"{V4}x", f"{OTHER_V4}, {V4}",
)  # fmt: skip
NEEDLES = (
    *SPELLINGS[:-1], *PEERS, OTHER_V4, V6.exploded.replace(":", ""), f"{NUMBER:x}",
    *(f"::ffff:{int(ipaddress.ip_address(peer)) >> 16:x}:{int(ipaddress.ip_address(peer)) & 0xFFFF:x}"
      for peer in PEERS),
)  # fmt: skip
NUMBERS = frozenset({NUMBER, int(V6), *(int(ipaddress.ip_address(one)) for one in (*PEERS, OTHER_V4))})


def found_in(text, needles=NEEDLES):
    """The needles that *text* (bytes too) holds, whatever their case, percent-encoded or not."""
    plain = text.decode("latin-1") if isinstance(text, bytes) else text
    plain = re.sub("%(3a|5b|5d|25)", lambda match: chr(int(match[1], 16)), plain, flags=re.IGNORECASE).lower()
    return sorted({needle for needle in needles if needle.lower() in plain})


def veiled():
    """The needles as a text that holds none of them, for a process whose memory is to be searched."""
    return base64.b64encode(json.dumps([NEEDLES, sorted(NUMBERS)]).encode()).decode()
