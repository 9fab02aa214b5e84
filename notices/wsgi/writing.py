"""From a decision to the edits of one page: fragments made at the moment of insertion, in the page's own language."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from notices.fragment import Unstyled, render_fragment, render_warning
from notices.http.outcome import Step
from notices.inject import Edits, Feature, Insertion
from notices.language import is_language_tag

if TYPE_CHECKING:
    from notices.decision import Decision
    from notices.fragment import Style
    from notices.inject import Seen
    from notices.notice import Notice

    from .failures import Failures
    from .showing import Showing


class PageWriter:
    """Writes the fragments of one page; only the first carries the style, and none where the page is ``amp``.

    *showing* is what *decision* puts into pages.

    *fixed* says that the page's language was stated, so that ``<html lang>`` does not choose the texts.
    """

    def __init__(self, decision: Decision, showing: Showing, style: Style, failures: Failures, *, fixed: bool) -> None:
        self._decision = decision
        self._showing = showing
        self._style = style
        self._failures = failures
        self._fixed = fixed
        self._written = 0
        self._styled = False
        self.amp = False
        self.failed = False
        self.rules = showing.rules

    def edits(self) -> Edits:
        """All edits of the page."""
        shown = self._showing
        insertions = tuple(
            Insertion(notice.at, partial(self._write, notice.rule), names)
            for notice, names in zip(shown.leading, shown.names, strict=True)
        )
        return Edits(insertions, {name: self._feature(name, act) for name, act in shown.features.items()})

    def _feature(self, name: str, action: str) -> Feature:
        return Feature("hide") if action == "hide" else Feature("warn", partial(self._warn, name))

    def _write(self, rule: str, seen: Seen) -> bytes:
        """All texts of *rule*, one after the other; ``b""`` on a page that is a piece of one."""
        if not seen.document:
            return b""
        written = (self._written, self._styled)
        for decision in self._attempts(seen):
            try:
                return b"".join(self._text(notice) for notice in decision.notices if notice.rule == rule)
            except Exception as error:  # noqa: BLE001  a page must not suffer
                self._failures.caught(Step.FRAGMENT, error)
                self._written, self._styled = written
        self.failed = True
        return b""

    def _attempts(self, seen: Seen) -> list[Decision]:
        """The decision in the language that the page shows of itself, then as it was made."""
        tag = seen.language
        if self._fixed or tag is None or not is_language_tag(tag):
            return [self._decision]
        try:
            return [self._decision.in_page_language(tag), self._decision]
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self._failures.caught(Step.FRAGMENT, error)
            return [self._decision]

    def _text(self, notice: Notice) -> bytes:
        self._written += 1
        style = Unstyled() if self._styled or self.amp else self._style
        self._styled = True
        return render_fragment(notice, variant=self._decision.variant, style=style, ordinal=self._written)

    def _warn(self, feature: str, seen: Seen) -> bytes:
        """The short text of the rule that warns of *feature*, in the page's language."""
        if not seen.document:
            return b""
        for decision in self._attempts(seen):
            try:
                return b"".join(render_warning(notice) for notice in decision.warning(feature))
            except Exception as error:  # noqa: BLE001  a page must not suffer
                self._failures.caught(Step.FRAGMENT, error)
        self.failed = True
        return b""
