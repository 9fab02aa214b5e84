"""Match hosts and paths against the patterns of the rule language (spec: rules, section 5).

All patterns of a kind are asked at once, in time that depends on the host or path alone and not on their number.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

#: No name in the DNS is longer (RFC 1035, section 2.3.4); a longer one is hostile and only costs time.
_LONGEST_HOST = 253
_DEEP = "**"


class HostPatterns:
    """A set of hosts: exact ones, and ``*.x``, which is every host below ``x`` and not ``x`` itself."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = frozenset(patterns)

    def matching(self, host: str | None) -> tuple[str, ...]:
        """The patterns that *host* meets, closest first."""
        if host is None or not self._patterns or len(host) > _LONGEST_HOST:
            return ()
        found = [host] if host in self._patterns else []
        rest = host
        while "." in rest:
            rest = rest.partition(".")[2]
            if f"*.{rest}" in self._patterns:
                found.append(f"*.{rest}")
        return tuple(found)


def host_matches(pattern: str, host: str) -> bool:
    """Whether *host*, lower case and in A-labels, is what *pattern* means."""
    return bool(HostPatterns((pattern,)).matching(host))


class _Node(Struct):
    """One segment of the patterns: what follows it by text or by glob, and what ends at or below it."""

    literal: dict[str, _Node] = {}
    globs: dict[str, _Node] = {}
    repeats: bool = False
    deeper: _Node | None = None
    ends: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()


class PathPatterns:
    """A set of path patterns: ``/news/**`` is ``/news`` and all below, ``*`` stays inside a segment.

    Walked segment by segment, all patterns together; ``**`` elsewhere than at the end is any number of segments.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._root = _Node()
        self._plain = True
        for pattern in sorted(set(patterns)):
            self._add(pattern)
        above = self._root.covers
        #: By a path up to its second slash what covers all below, what is met where the path ends there, and the node.
        self._firsts = {
            f"/{segment}": (above + node.covers, above + node.covers + node.ends, node)
            for segment, node in self._root.literal.items()
        }

    def _add(self, pattern: str) -> None:
        *segments, last = pattern.removeprefix("/").split("/")
        node = self._root
        self._plain &= not any("*" in segment for segment in (*segments, last if last != _DEEP else ""))
        for segment in segments:
            node = _step(node, segment)
        if last == _DEEP:
            node.covers += (pattern,)
        else:
            end = _step(node, last)
            end.ends += (pattern,)

    def matching(self, path: str | None) -> tuple[str, ...]:
        """The patterns that *path*, percent-decoded, meets."""
        if path is None:
            return ()
        if not self._plain:
            return self._search(path)
        end = path.find("/", 1)
        first = self._firsts.get(path if end < 0 else path[:end])
        if first is None:  # as for most paths, where there are few patterns
            return self._root.covers if path.startswith("/") else self.matching(f"/{path}")
        covers, whole, node = first
        if end < 0:
            return whole
        return _walk(node, covers, path, end + 1) if node.literal else covers

    def _search(self, path: str) -> tuple[str, ...]:
        """The same where stars stand elsewhere than at the ends: all ways at once."""
        active = _closed([self._root])
        found: list[str] = [pattern for node in active for pattern in node.covers]
        for segment in path.removeprefix("/").split("/"):
            active = _closed(_advance(active, segment))
            if not active:
                return tuple(found)
            found += (pattern for node in active for pattern in node.covers)
        found += (pattern for node in active for pattern in node.ends)
        return tuple(dict.fromkeys(found))


def _walk(node: _Node, found: tuple[str, ...], path: str, start: int) -> tuple[str, ...]:
    """Go on from *node* where no pattern has a star but at its end: one way to go, and mostly a short one."""
    while node.literal:
        end = path.find("/", start)
        below = node.literal.get(path[start:] if end < 0 else path[start:end])
        if below is None:
            break
        found += below.covers
        if end < 0:
            return found + below.ends
        node, start = below, end + 1
    return found


def _step(node: _Node, segment: str) -> _Node:
    if segment == _DEEP:
        if node.deeper is None:
            node.deeper = _Node(repeats=True)
        return node.deeper
    return (node.globs if "*" in segment else node.literal).setdefault(segment, _Node())


def _closed(nodes: list[_Node]) -> list[_Node]:
    """Add the nodes that ``**`` reaches without a segment; each once."""
    found = {id(node): node for node in nodes}
    for node in nodes:
        follow = node.deeper
        while follow is not None and id(follow) not in found:
            found[id(follow)] = follow
            follow = follow.deeper
    return list(found.values())


def _advance(nodes: list[_Node], segment: str) -> list[_Node]:
    following: list[_Node] = []
    for node in nodes:
        if node.repeats:
            following.append(node)
        if segment in node.literal:
            following.append(node.literal[segment])
        following += (below for glob, below in node.globs.items() if _segment_matches(glob, segment))
    return following


def _segment_matches(glob: str, segment: str) -> bool:
    """Whether *segment* is *glob* with any text for each ``*``; greedy from the left, so linear in the stars."""
    first, *middle, last = glob.split("*")
    if len(segment) < len(first) + len(last) or not segment.startswith(first) or not segment.endswith(last):
        return False
    place, end = len(first), len(segment) - len(last)
    for part in middle:
        place = segment.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True


@lru_cache(maxsize=256)
def _alone(pattern: str) -> PathPatterns:
    return PathPatterns((pattern,))


def path_matches(pattern: str, path: str) -> bool:
    """Whether *path*, percent-decoded, is what *pattern* means."""
    return bool(_alone(pattern).matching(path))
