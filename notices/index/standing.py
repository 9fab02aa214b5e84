"""What stands on one class of pages for one visitor in one interval, before any language is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from notices.location import Cause
    from notices.ruleset import Action, Consequence

    from .shown import Shown


class Standing(Struct, frozen=True, eq=False):
    """The rules shown, highest first, and until when they, their texts and the certainty stay as they are.

    ``cause`` is the gravest cause of any maybe for this visitor, None where there is no maybe. The end, which costs
    more than all else, is looked for when it is first asked.
    """

    shown: tuple[Shown, ...]
    cause: Cause | None
    find_until: Callable[[], datetime | None]
    _found: list[datetime | None] = []

    @property
    def until(self) -> datetime | None:
        """The next instant at which this can change, or None."""
        return self._found[0] if self._found else self._look()

    def _look(self) -> datetime | None:
        until = self.find_until()
        self._found.append(until)
        return until

    @property
    def features(self) -> Mapping[str, Consequence]:
        """Name of the page's part -> what happens to it: of two rules ``hide`` wins."""
        joined: dict[str, Consequence] = {}
        for one in self.shown:
            for feature, consequence in one.rule.features.items():
                if joined.get(feature) != "hide":
                    joined[feature] = consequence
        return joined

    @property
    def action(self) -> Action | str:
        """``withhold`` where one of the rules does, else ``notice``, and ``none`` where nothing is shown."""
        if any(one.rule.action == "withhold" for one in self.shown):
            return "withhold"
        return "notice" if self.shown else "none"

    def warner(self, feature: str) -> Shown | None:
        """The highest rule that warns of *feature*, if warning is what happens to it."""
        if self.features.get(feature) != "warn":
            return None
        return next(one for one in self.shown if feature in one.rule.features)
