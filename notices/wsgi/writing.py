"""From a decision to the edits of one page: fragments made at the moment of insertion, in the page's own language."""

from __future__ import annotations

from functools import partial
from itertools import chain, count, repeat
from typing import TYPE_CHECKING, NamedTuple

from notices.fragment import Inline, Style, Unstyled, render_fragment, render_warning
from notices.http.outcome import Step
from notices.inject import Edits, Feature, Insertion
from notices.language import is_language_tag
from notices.memo import Memo

if TYPE_CHECKING:
    from notices.decision import Decision
    from notices.index import Content
    from notices.inject import Seen

    from .failures import Failures
    from .showing import Showing


class PageWriter:
    """Writes the fragments of one page; only the first carries the style, and none where the page is AMP.

    *showing* is what *decision* puts into pages, *written* what was written for its content before.

    *fixed* says that the page's language was stated, so that ``<html lang>`` does not choose the texts.
    """

    def __init__(
        self,
        decision: Decision,
        showing: Showing,
        written: Written,
        style: Style,
        failures: Failures,
        *,
        fixed: bool,
    ) -> None:
        self._decision = decision
        self._showing = showing
        self._written = written
        self._style = style
        self._failures = failures
        self._fixed = fixed
        self._count = 0
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
        style = Unstyled() if self._count or seen.amp else self._style
        texts = _Texts(rule, style, self._count)
        piece, count = self._piece(texts, seen)
        self._count += count
        return piece

    def _warn(self, feature: str, seen: Seen) -> bytes:
        """The short text of the rule that warns of *feature*, in the page's language."""
        return self._piece(_Warning(feature), seen)[0]

    def _piece(self, wanted: _Texts | _Warning, seen: Seen) -> Piece:
        if not seen.document:
            return _NOTHING
        tag = None if self._fixed or seen.language is None or not is_language_tag(seen.language) else seen.language
        key = (self._decision.verdict.content, tag, wanted)
        return self._written.get(key) or self._made(key)

    def _made(self, key: WrittenKey) -> Piece:
        """Written in the language that the page shows of itself, else as it was decided; kept if nothing failed."""
        _, tag, wanted = key
        if tag is not None:
            try:
                return self._kept(key, wanted.write(self._decision.in_page_language(tag)))
            except Exception as error:  # noqa: BLE001  a page must not suffer
                self._failures.caught(Step.FRAGMENT, error)
        try:
            piece = wanted.write(self._decision)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self._failures.caught(Step.FRAGMENT, error)
            self.failed = True
            return _NOTHING
        return piece if tag is not None else self._kept(key, piece)

    def _kept(self, key: WrittenKey, piece: Piece) -> Piece:
        wanted = key[2]
        once = isinstance(wanted, _Texts) and isinstance(wanted.style, Inline) and wanted.style.nonce is not None
        return piece if once else self._written.put(key, piece)


class _Texts(NamedTuple):
    """The texts of a rule on a page that *before* others stand on."""

    rule: str
    style: Style
    before: int

    def write(self, decision: Decision) -> Piece:
        notices = [notice for notice in decision.notices if notice.rule == self.rule]
        styles = chain((self.style,), repeat(Unstyled()))
        numbered = zip(count(self.before + 1), notices, styles, strict=False)
        return b"".join(
            render_fragment(notice, variant=decision.variant, style=style, ordinal=ordinal)
            for ordinal, notice, style in numbered
        ), len(notices)


class _Warning(NamedTuple):
    """The short text of the rule that warns of a page part."""

    feature: str

    def write(self, decision: Decision) -> Piece:
        return b"".join(render_warning(notice) for notice in decision.warning(self.feature)), 0


#: What was written, and how many notices that is.
Piece = tuple[bytes, int]
WrittenKey = tuple["Content", str | None, _Texts | _Warning]
#: Pieces by all that they are written from: the content of verdicts, the page's own language, and what is wanted.
Written = Memo[WrittenKey, Piece]
_NOTHING: Piece = (b"", 0)
