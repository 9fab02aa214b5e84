"""What is to be done to a page, what is known of it at the place, and what became of it."""

from __future__ import annotations

from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from .tags import attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notices.ruleset import Place


_AT, _MARKER_NAMES = attrgetter("at"), attrgetter("marker_names")
#: The attributes by which ``<html>`` says that a page is AMP, also as mail or as an advertisement.
_AMP = frozenset(
    f"{sign}{kind}".encode() for sign in ("amp", "\N{HIGH VOLTAGE SIGN}") for kind in ("", "4email", "4ads")
)


class Seen(Struct, frozen=True):
    """What the page has shown of itself so far: ``<html lang>``, and whether it is a document and not a fragment.

    ``document`` is True once a doctype or a tag ``html``, ``head`` or ``body`` came, ``amp`` where the page is AMP.
    """

    language: str | None = None
    document: bool = False
    amp: bool = False

    def with_html(self, raw: bytes) -> Seen:
        """The same after an ``<html>`` tag with the attributes *raw*; a second one adds what the first has not."""
        stated = attributes(raw)
        language = self.language or stated.get(b"lang", "").strip() or None
        return Seen(language, document=True, amp=self.amp or not _AMP.isdisjoint(stated))


class Insertion(Struct, frozen=True):
    """One notice: where it stands, and the bytes that are asked for when the place is reached.

    ``at``: it stands at each of these; for those that the page lacks it falls back, once, to the bottom.
    ``fragment``: gives ASCII bytes that begin with a start tag which implies the body; ``b""`` declines.
    ``marker_names``: the names by which a template's marker may claim it; a marker without a name claims it too.
    """

    at: tuple[Place, ...]
    fragment: Callable[[Seen], bytes]
    marker_names: frozenset[str] = frozenset()


class Feature(Struct, frozen=True):
    """What happens to page parts of one ``data-notices-feature`` value; ``fragment`` is the text before a ``warn``."""

    action: Literal["hide", "warn"]
    fragment: Callable[[Seen], bytes] | None = None


class Edits(Struct, frozen=True):
    """All edits of one page; insertions that meet at one place stand in this order."""

    insertions: tuple[Insertion, ...] = ()
    features: Mapping[str, Feature] = {}

    @property
    def places(self) -> tuple[tuple[Place, ...], ...]:
        """The places of each insertion."""
        return tuple(map(_AT, self.insertions))

    @property
    def marker_names(self) -> tuple[frozenset[str], ...]:
        """The names of each insertion's markers."""
        return tuple(map(_MARKER_NAMES, self.insertions))


class Missed(Enum):
    """Why a notice stands nowhere in a page: no offset could be right, or it was given up."""

    FRAMESET = "the page is a frameset and has no body"
    COMMENT = "the page ends inside a comment, a doctype or a processing instruction"
    TAG = "the page ends with a lone </ in a paragraph"
    TEXT = "the page ends inside an element that holds text only, such as a title or a script"
    TEMPLATE = "the page ends inside a template"
    SELECT = "the page ends inside a select"
    FOREIGN = "the page ends inside SVG or MathML"
    CHARSET = "the page's charset is one that browsers refuse to decode"
    LIMIT = "a single token was too long to be held"
    DECLINED = "the fragment was declined for this page"


class Placed(Struct, frozen=True):
    """One notice that stands in the page: its index in ``Edits.insertions``, and how it came there.

    ``position`` is the place's position, ``marker`` for a template's marker; ``fallback`` where it moved to the bottom.
    """

    insertion: int
    position: str
    fallback: bool = False


class Report(Struct, frozen=True):
    """What became of the edits; final once the page has ended.

    ``missed`` is the reason for which at least one notice stands nowhere, None where all stand; ``features`` counts
    the page parts that were changed, by name.  ``language`` and ``document`` are of what had been read when the last
    edit was settled: nothing is read after that.
    """

    placed: tuple[Placed, ...] = ()
    missed: Missed | None = None
    language: str | None = None
    document: bool = False
    features: Mapping[str, int] = {}


def marker(name: str | None = None) -> str:
    """The constant comment by which a template says where notices go.  Raises ValueError for an unusable *name*."""
    if name is None:
        return "<!--notices-->"
    if not name or not all(c.isascii() and (c.isalnum() or c in "-_") for c in name) or "--" in name:
        raise ValueError(f"{name!r} cannot name a marker; use letters, digits and single hyphens")
    return f"<!--notices:{name}-->"
