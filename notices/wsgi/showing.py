"""What one verdict puts into pages and tells caches: found out once, for all pages that it answers for."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notices.decision import Decision


class Showing:
    """What *decision* puts into a page, and with it every decision of the same verdict.

    A verdict is one of one ruleset, one page class and one stretch of time in which no rule changes, so that nothing
    here can outlive what it was found out from. ``leading`` is the first notice of each rule, in the order in which
    they stand, ``rules`` are their names, and ``names`` those by which a marker claims each.
    """

    __slots__ = ("changes", "features", "leading", "names", "others_differ", "rules", "until", "variant", "varies")

    def __init__(self, decision: Decision) -> None:
        first = {rule: next(group) for rule, group in groupby(decision.notices, lambda notice: notice.rule)}
        self.leading = tuple(sorted(first.values(), key=lambda notice: not notice.first))
        self.rules = tuple(notice.rule for notice in self.leading)
        self.names = tuple(frozenset(place.name or place.position for place in notice.at) for notice in self.leading)
        self.features = decision.features
        self.changes = bool(self.leading or self.features)
        self.variant = decision.variant
        self.others_differ = decision.others_differ
        self.varies = decision.varies
        self.until = decision.until
