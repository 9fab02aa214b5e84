"""Reduce a page to its class, so that all pages that no rule tells apart are one key.

Reducing costs as much as the page has facts, whatever the number of rules. What a class meets is then the *and* of a
handful of masks, in which bit ``i`` is condition ``i``.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from .facts import asks
from .patterns import HostPatterns, PathPatterns

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from datetime import datetime

    from notices.page import Page
    from notices.ruleset import PageCondition, Publisher, Window

_NONE: frozenset[str] = frozenset()
#: Surfaces on which the built-in article places stand at the bottom (spec: rules, section 6).
INDEX_SURFACES = frozenset({"home", "section"})


class PageClass(NamedTuple):
    """What any rule can see of a page; hashable, and equal for pages that no rule tells apart."""

    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    tags: frozenset[str] = _NONE
    sections: frozenset[str] = _NONE
    publisher: str | None = None
    mentions: frozenset[str] = _NONE
    surface: str | None = None
    languages: tuple[str, ...] = ()
    published: int | None = None
    gpc: bool | None = None

    @property
    def is_index(self) -> bool:
        """Whether the page was stated as one that lists articles."""
        return self.surface in INDEX_SURFACES

    def placed(self, paths: tuple[str, ...], tags: frozenset[str]) -> PageClass:
        """The same but for what a page's path and tags give."""
        return _new_class(PageClass, (
            self.hosts, paths, tags, self.sections, self.publisher, self.mentions, self.surface, self.languages,
            self.published, self.gpc,
        ))  # fmt: skip


#: What the named class's own constructor ends in, which is called through a function: one is made for every page.
_new_class = tuple.__new__


def _common(known: frozenset[str], stated: frozenset[str]) -> frozenset[str]:
    """What the two share; where rules know all that is stated, the very set, which costs no other."""
    return stated if stated <= known else known & stated


class Dimension:
    """One fact in all conditions: ``unasked`` masks those that do not ask for it, ``wanting`` those by value."""

    def __init__(self, wanted: Sequence[Iterable[Hashable] | None]) -> None:
        self.unasked = 0
        self.wanting: dict[Hashable, int] = {}
        for number, values in enumerate(wanted):
            bit = 1 << number
            if values is None:
                self.unasked |= bit
                continue
            for value in values:
                self.wanting[value] = self.wanting.get(value, 0) | bit

    def one(self, value: Hashable) -> int:
        """The conditions that a page with this one value meets, as far as this fact goes."""
        return self.unasked | self.wanting.get(value, 0)

    def any(self, values: Iterable[Hashable]) -> int:
        """The conditions that a page with these values meets, as far as this fact goes."""
        mask = self.unasked
        for value in values:
            mask |= self.wanting.get(value, 0)
        return mask


class PageClasses:
    """The conditions of many rules taken together; bit ``i`` of a mask is the condition number ``i``."""

    def __init__(
        self, conditions: Sequence[PageCondition], publishers: Mapping[str, Publisher], default: str | None
    ) -> None:
        self._count = len(conditions)
        #: Masks below it have no exceptions to be settled.
        self.beyond = 1 << self._count
        nodes, self._owners = _with_exceptions(conditions)
        self.hosts = Dimension([node.hosts for node in nodes])
        self.paths = Dimension([node.paths for node in nodes])
        self.tags = Dimension([node.tags for node in nodes])
        self.sections = Dimension([node.sections for node in nodes])
        self.publishers = Dimension([node.publishers for node in nodes])
        self.mentions = Dimension([node.mentions for node in nodes])
        self.surfaces = Dimension([node.surfaces for node in nodes])
        self.languages = Dimension([_lowered(node.languages) for node in nodes])
        self.published, self.dates = _published([node.published for node in nodes])
        self.gpc = Dimension([None if node.gpc is None else (node.gpc,) for node in nodes])
        self._known_hosts = HostPatterns(str(value) for value in self.hosts.wanting)
        self._known_paths = PathPatterns(str(value) for value in self.paths.wanting)
        #: The part of a page's class that its path gives.
        self.pathed = self._known_paths.matching
        self._known_surfaces = INDEX_SURFACES | self.surfaces.wanting.keys()
        self.publisher_by_host = _publisher_by_host(publishers)
        self._publisher_hosts = HostPatterns(self.publisher_by_host)
        self.declared = frozenset(publishers)
        self.default = default
        self._known = tuple(frozenset(map(str, one.wanting)) for one in (self.tags, self.sections, self.mentions))
        self._reads_paths, self._reads_languages = bool(self.paths.wanting), bool(self.languages.wanting)
        self._reads_published, self._reads_gpc = bool(self.published.wanting), bool(self.gpc.wanting)
        self._reads_hosts = bool(self.hosts.wanting or self.publisher_by_host)
        self._asks_hosts = bool(self.hosts.wanting)

    def reduce(self, page: Page) -> PageClass:
        """The class of *page*; a fact that no rule asks for is not looked at."""
        tags, sections, mentions = self._known
        language, published = page.language, page.published
        return _new_class(PageClass, (
            self._known_hosts.matching(page.host) if self._asks_hosts else (),
            self._known_paths.matching(page.path) if self._reads_paths else (),
            _common(tags, page.tags) if tags and page.tags else _NONE,
            _common(sections, page.sections) if sections and page.sections else _NONE,
            self.publisher(page) if self._reads_hosts or page.publisher is not None else self.default,
            _common(mentions, page.mentions) if mentions and page.mentions else _NONE,
            page.surface if page.surface in self._known_surfaces else None,
            self._ranges(language) if language is not None and self._reads_languages else (),
            bisect_right(self.dates, published) if published is not None and self._reads_published else None,
            page.gpc if self._reads_gpc else None,
        ))  # fmt: skip

    def hosted(self, host: str | None) -> tuple[tuple[str, ...], str | None]:
        """The part of a page's class that its host gives: hosts, and who publishes it if it does not say."""
        if not self._reads_hosts or host is None:
            return (), self.default
        found = self._publisher_hosts.matching(host)
        return self._known_hosts.matching(host), self.publisher_by_host[found[0]] if found else self.default

    def tagged(self, tags: frozenset[str] | None) -> frozenset[str]:
        """The part of a page's class that its tags give."""
        return _common(self._known[0], tags) if tags else _NONE

    def publisher(self, page: Page) -> str | None:
        """The id of the declared publisher of *page*: the stated one, else the host's, else the default."""
        if page.publisher is not None:
            return page.publisher if page.publisher in self.declared else None
        found = self._publisher_hosts.matching(page.host)
        return self.publisher_by_host[found[0]] if found else self.default

    def met(self, page: PageClass) -> int:
        """The conditions that pages of this class meet, as a mask."""
        return self.settle(self.met_anywhere(page) & self.paths.any(page.paths) & self.tags.any(page.tags))

    def met_anywhere(self, page: PageClass) -> int:
        """The conditions, exceptions among them, that the class meets but for its path and tags; not yet settled."""
        return (
            self.hosts.any(page.hosts)
            & self.sections.any(page.sections)
            & self.publishers.one(page.publisher)
            & self.mentions.any(page.mentions)
            & self.surfaces.one(page.surface)
            & self.languages.any(page.languages)
            & self.published.one(page.published)
            & self.gpc.one(page.gpc)
        )

    def settle(self, mask: int) -> int:
        """Strike from *mask* what an exception in it excepts, and the exceptions.

        An exception is numbered after what it excepts from, so that going down the numbers meets its own first.
        """
        while mask >> self._count:
            number = mask.bit_length() - 1
            mask &= ~(1 << number | 1 << self._owners[number])
        return mask

    def _ranges(self, tag: str) -> tuple[str, ...]:
        """The asked-for language ranges that cover *tag*: its beginnings, and ``*`` (RFC 4647, section 3.3.1)."""
        subtags = tag.lower().split("-")
        beginnings = ("-".join(subtags[:length]) for length in range(1, len(subtags) + 1))
        return tuple(range_ for range_ in ("*", *beginnings) if range_ in self.languages.wanting)


def _with_exceptions(conditions: Sequence[PageCondition]) -> tuple[list[PageCondition], dict[int, int]]:
    """All conditions, exceptions after what they except from, and the owner of each exception by number."""
    nodes, owners = list(conditions), {}
    for number, node in enumerate(nodes):  # grows while it is walked
        for exception in node.exclude:
            if asks(exception):
                owners[len(nodes)] = number
                nodes.append(exception)
    return nodes, owners


def _lowered(ranges: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if ranges is None else tuple(range_.lower() for range_ in ranges)


def _published(windows: Sequence[Window | None]) -> tuple[Dimension, list[datetime]]:
    """The dates at which a condition begins or ends to hold, and for each stretch between them who wants it."""
    bounds = {bound for window in windows if window for bound in (window.start, window.end) if bound is not None}
    dates = sorted(bounds)
    stretches = range(len(dates) + 1)

    def holding(window: Window) -> list[int]:
        first = 0 if window.start is None else bisect_right(dates, window.start)
        last = len(stretches) if window.end is None else bisect_right(dates, window.end)
        return list(range(first, last))

    return Dimension([None if window is None else holding(window) for window in windows]), dates


def _publisher_by_host(publishers: Mapping[str, Publisher]) -> dict[str, str]:
    return {host: publisher.id for publisher in publishers.values() for host in publisher.hosts}
