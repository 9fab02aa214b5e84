"""Build the embedded country database from Debian's ``tor-geoipdb`` files.

The source is the IPFire Location database as Tor converts it (https://location.ipfire.org/, CC BY-SA 4.0): one text
file of inclusive ranges for IPv4 (integers) and one for IPv6. Ranges without a country (``??``) and those that name no
country (``EU``, ``AP``, other codes outside ISO 3166-1) are left out. The result follows the MaxMind DB format 2.0
(https://maxmind.github.io/MaxMind-DB/), with equal subtrees stored once.

Run with the package installed: ``python scripts/build_country_database.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import ipaddress
import json
import re
import struct
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notices.region import country_of, parents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
Range = tuple[int, int, str]
MARKER = b"\xab\xcd\xefMaxMind.com"
RECORD_SIZE = 24
TYPE = "Notices-Country"
TITLE = "Country by address, from the IPFire Location database (CC BY-SA 4.0)"
ATTRIBUTION = "IPFire Location database, https://location.ipfire.org/, CC BY-SA 4.0"


def read_ranges(lines: Iterable[str], parse: Any) -> Iterator[Range]:
    """The ranges of one file that name an ISO country, in order, neighbours of one country merged."""
    known = {code for code in parents() if country_of(code) == code}
    current: Range | None = None
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        first, last, country = line.strip().split(",")
        if country not in known:
            continue
        start, end = parse(first), parse(last)
        if current and current[2] == country and current[1] + 1 == start:
            current = (current[0], end, country)
            continue
        if current:
            yield current
        current = (start, end, country)
    if current:
        yield current


def generated(text: str) -> datetime:
    """The date in the header of a source file."""
    match = re.search(r"^# Generated: (.+)$", text, re.MULTILINE)
    if match is None:
        raise SystemExit("the source file does not say when it was generated")
    return parsedate_to_datetime(match[1]).astimezone(UTC)


class Tree:
    """A binary search tree over addresses in which equal subtrees are one node."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[Any, Any], int] = {}

    def node(self, left: Any, right: Any) -> Any:
        """The record for a pair: the pair's own value where both halves agree, else its node."""
        if left == right and not isinstance(left, int):
            return left
        return self.nodes.setdefault((left, right), len(self.nodes))

    def build(self, ranges: Sequence[Range]) -> Any:
        """The record of the whole space of 128 bits: a country, None for no data, or a node's number."""
        return self._build(ranges, 0, len(ranges), 0, 128)

    def _build(self, ranges: Sequence[Range], low: int, high: int, start: int, bits: int) -> Any:
        """The record for the ranges ``[low, high)`` within the block of ``2 ** bits`` addresses at *start*."""
        if low == high:
            return None
        if high - low == 1 and ranges[low][0] <= start and ranges[low][1] >= start + (1 << bits) - 1:
            return ranges[low][2]
        middle = start + (1 << (bits - 1))
        left_end = _first(ranges, low, high, lambda item: item[0] >= middle)
        right_start = _first(ranges, low, high, lambda item: item[1] >= middle)
        left = self._build(ranges, low, left_end, start, bits - 1)
        right = self._build(ranges, right_start, high, middle, bits - 1)
        return self.node(left, right)


def _first(ranges: Sequence[Range], low: int, high: int, true: Any) -> int:
    """The first index in ``[low, high)`` from which *true* holds, by bisection."""
    while low < high:
        middle = (low + high) // 2
        if true(ranges[middle]):
            high = middle
        else:
            low = middle + 1
    return low


def encode(value: Any) -> bytes:
    """One value in the data format of MaxMind DB: text, unsigned integers, lists and mappings."""
    if isinstance(value, str):
        text = value.encode()
        return _control(2, len(text)) + text
    if isinstance(value, dict):
        return _control(7, len(value)) + b"".join(encode(key) + encode(item) for key, item in value.items())
    if isinstance(value, list):
        return _control(11, len(value)) + b"".join(map(encode, value))
    kind, number = value
    digits: bytes = number.to_bytes(16, "big").lstrip(b"\0")
    return _control({"uint16": 5, "uint32": 6, "uint64": 9}[kind], len(digits)) + digits


def _control(kind: int, size: int) -> bytes:
    extended = bytes([kind - 7]) if kind > 7 else b""
    number = kind if kind <= 7 else 0
    if size < 29:
        return bytes([number << 5 | size]) + extended
    if size < 285:
        return bytes([number << 5 | 29]) + extended + bytes([size - 29])
    return bytes([number << 5 | 30]) + extended + struct.pack(">H", size - 285)


def country_record(code: str) -> dict[str, Any]:
    """What a look-up answers for a country, in MaxMind's shape."""
    return {"country": {"iso_code": code}}


def write(tree: Tree, root: int, built: datetime) -> bytes:
    """The file: the tree with its root first, the data section and the metadata."""
    numbering = _from_root(tree, root)
    count = len(numbering)
    data, offsets = _data_section(tree)

    def record(value: Any) -> int:
        if value is None:
            return count
        return numbering[value] if isinstance(value, int) else count + 16 + offsets[value]

    pairs = list(tree.nodes)
    body = b"".join(
        record(left).to_bytes(3, "big") + record(right).to_bytes(3, "big")
        for left, right in (pairs[n] for n in numbering)
    )
    return body + bytes(16) + data + MARKER + encode(_metadata(count, built))


def _from_root(tree: Tree, root: int) -> dict[int, int]:
    """Number the nodes in depth-first order, so that a look-up touches neighbouring pages."""
    pairs = list(tree.nodes)
    numbering: dict[int, int] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node in numbering:
            continue
        numbering[node] = len(numbering)
        left, right = pairs[node]
        stack.extend(child for child in (right, left) if isinstance(child, int))
    return numbering


def _data_section(tree: Tree) -> tuple[bytes, Mapping[str, int]]:
    countries = sorted({value for pair in tree.nodes for value in pair if isinstance(value, str)})
    data = b""
    offsets = {}
    for code in countries:
        offsets[code] = len(data)
        data += encode(country_record(code))
    return data, offsets


def _metadata(node_count: int, built: datetime) -> dict[str, Any]:
    return {
        "binary_format_major_version": ("uint16", 2),
        "binary_format_minor_version": ("uint16", 0),
        "build_epoch": ("uint64", int(built.timestamp())),
        "database_type": TYPE,
        "description": {"en": TITLE},
        "ip_version": ("uint16", 6),
        "languages": ["en"],
        "node_count": ("uint32", node_count),
        "record_size": ("uint16", RECORD_SIZE),
    }


def build(geoip: Path, geoip6: Path) -> tuple[bytes, dict[str, Any]]:
    """The database and the facts about it."""
    text4, text6 = geoip.read_text(encoding="utf-8"), geoip6.read_text(encoding="utf-8")
    built = min(generated(text4), generated(text6))
    ranges4 = list(read_ranges(text4.splitlines(), int))
    ranges6 = list(read_ranges(text6.splitlines(), lambda text: int(ipaddress.IPv6Address(text))))
    tree = Tree()
    # IPv4 lies under ::/96, where the format wants it; nothing of IPv6 is there.
    root = tree.build([*ranges4, *(item for item in ranges6 if item[0] >> 32)])
    facts = {
        "type": TYPE,
        "generated": built.isoformat(),
        "source": "Debian package tor-geoipdb, files geoip and geoip6",
        "attribution": ATTRIBUTION,
        "license": "CC-BY-SA-4.0",
        "ranges": {"ipv4": len(ranges4), "ipv6": len(ranges6)},
        "source-sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (geoip, geoip6)},
    }
    return write(tree, root, built), facts


def main(argv: Sequence[str] | None = None) -> int:
    """Write ``country.mmdb`` with its checksum and facts beside it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--geoip", type=Path, default=Path("/usr/share/tor/geoip"))
    parser.add_argument("--geoip6", type=Path, default=Path("/usr/share/tor/geoip6"))
    parser.add_argument("--output", type=Path, default=ROOT / "notices" / "data" / "country.mmdb")
    options = parser.parse_args(argv)
    database, facts = build(options.geoip, options.geoip6)
    digest = hashlib.sha256(database).hexdigest()
    output: Path = options.output
    output.write_bytes(database)
    output.with_name(f"{output.name}.sha256").write_text(f"{digest}  {output.name}\n", encoding="ascii")
    facts |= {"bytes": len(database), "sha256": digest}
    output.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(f"{output}: {len(database):,} bytes, generated {facts['generated']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
