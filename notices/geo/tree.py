"""The search tree of a MaxMind DB file: which record an IPv4 address has, without reading the record.

Reading a record takes far longer than finding it, and many addresses share one. So the number of the record, which is
a place in the file and says nothing of the address, is what answers are remembered by.

The format is MaxMind's (MaxMind DB File Format Specification, version 2.0, "Binary Search Tree Section"): a node holds
two numbers of 24, 28 or 32 bits, one for each next bit of the address; a number below the count of nodes is the next
node, the count itself is "no record", any above is a place in the data.
"""

from __future__ import annotations

import struct
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .private_copy import Content

    #: Bytes of a node, and the four of _LAYOUTS.
    Layout = tuple[int, int, int, int, int]

_IPV4 = 32
_V4_IN_V6 = 96  # IPv4 stands under ::/96
#: How many bits are walked ahead: more in a tree of more nodes, where a step waits for memory. The table takes a
#: quarter of a megabyte, for a large tree four, and forked workers share it.
_AHEAD, _FURTHER_AHEAD, _LARGE = 16, 20, 1_000_000
#: Bits of a number -> how 64 bits that begin with a node hold its left number (shift, and bits of it that stand twelve
#: higher than they belong), and the right one (shift, mask).
_LAYOUTS = {
    24: (40, 0, 16, 0xFF_FFFF),
    28: (40, 0xF00_0000, 8, 0xFFF_FFFF),
    32: (32, 0, 0, 0xFFFF_FFFF),
}


class SearchTree:
    """The tree at the start of *content*, which must stay as it is and go on for eight bytes after the tree.

    ``record`` takes an IPv4 address as a number and gives the number of its record, the same for all that share one:
    ``count`` for no record, less where the tree does not say, which only a damaged one does. The records lie within
    ``spread`` numbers. ``table`` is what was walked ahead, by an address without its last ``skipped`` bits: a record's
    number, or a node below ``count`` from which to walk on. Given again with the same content it need not be walked.
    """

    record: Callable[[int], int]
    table: array[int]

    def __init__(
        self, content: Content, node_count: int, record_size: int, ip_version: int, table: array[int] | None = None
    ) -> None:
        self.count = node_count
        layout = (record_size // 4, *_LAYOUTS[record_size])
        self.spread = len(content) - node_count * layout[0]
        ahead = _FURTHER_AHEAD if node_count >= _LARGE else _AHEAD
        if table is None or len(table) != 1 << ahead:
            root = _leftmost(content, node_count, layout, _V4_IN_V6 if ip_version == 6 else 0)
            table = _table(content, node_count, layout, root, ahead)
        self.table = table
        self.skipped = _IPV4 - ahead
        self.record = _walker(content, node_count, layout, table)


_WORD = struct.Struct(">Q")


def _leftmost(content: Content, count: int, layout: Layout, depth: int) -> int:
    """What lies *depth* zero bits below the root."""
    width, left, high, _, _ = layout
    node = 0
    for _ in range(depth):
        if node < count:
            word = _WORD.unpack_from(content, node * width)[0]
            node = word >> left | word >> 12 & high
    return node


def _table(content: Content, count: int, layout: Layout, root: int, ahead: int) -> array[int]:
    """What lies *ahead* bits below *root*, by these bits; a whole stretch is written at once where the tree is flat."""
    (width, left, high, right, low), read = layout, _WORD.unpack_from
    table = array("I", [root if root >= count else count]) * (1 << ahead)
    nodes, firsts, span = ([root], [0], 1 << ahead) if root < count else ([], [], 1)
    while span > 1 and nodes:
        span //= 2
        level = zip(nodes, firsts, strict=True)
        nodes, firsts = [], []
        for node, first in level:
            word = read(content, node * width)[0]
            for child, start in ((word >> left | word >> 12 & high, first), (word >> right & low, first + span)):
                if child < count:
                    nodes.append(child)
                    firsts.append(start)
                elif child > count:
                    table[start : start + span] = array("I", [child]) * span
    for node, first in zip(nodes, firsts, strict=True):
        table[first] = node
    return table


def _walker(content: Content, count: int, layout: Layout, table: array[int]) -> Callable[[int], int]:
    """A walk from *table* down the tree; the step is written out in it because a call would take as long."""
    (width, left, high, right, low), read = layout, _WORD.unpack_from
    skipped = _IPV4 - (len(table).bit_length() - 1)
    first = 1 << skipped >> 1

    def walk(number: int) -> int:
        node, bit = table[number >> skipped], first
        while node < count and bit:
            word = read(content, node * width)[0]
            node = word >> right & low if number & bit else word >> left | word >> 12 & high
            bit >>= 1
        return node

    return walk
