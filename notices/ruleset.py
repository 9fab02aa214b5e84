"""The values that a rules folder becomes: rules, windows, conditions, placements, texts; all frozen."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from .publisher import Confidence as Confidence  # noqa: TC001 - for all who read a ruleset
from .publisher import Declared as Declared
from .publisher import Publisher as Publisher  # noqa: TC001 - for all who read a ruleset
from .publisher import Source as Source  # noqa: TC001 - for all who read a ruleset
from .publisher import StatusAsked as StatusAsked  # noqa: TC001 - for all who read a ruleset
from .publisher import Window as Window  # noqa: TC001 - for all who read a ruleset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from .location import Cause, Where
    from .page import Page

Kind = Literal["reader-safety", "publisher-duty", "courtesy", "withhold"]
Status = Literal["draft", "active", "suspended", "retired"]
Action = Literal["notice", "withhold"]
Severity = Literal["info", "warning", "legal"]
Consequence = Literal["hide", "warn"]
Verdict = Literal["show", "hide"]
Position = Literal["top", "bottom", "before", "after", "first-in", "last-in"]

KINDS: tuple[Kind, ...] = ("reader-safety", "publisher-duty", "courtesy", "withhold")

#: What a maybe does where a rule does not say: kind -> cause -> verdict (``withhold`` must always say).
UNSURE_DEFAULTS: Mapping[Kind, Mapping[Cause, Verdict]] = {
    "reader-safety": {"coarse": "show", "contested": "show", "unknown": "show", "anonymous": "show"},
    "publisher-duty": {"coarse": "show", "contested": "show", "unknown": "hide", "anonymous": "hide"},
    "courtesy": {"coarse": "hide", "contested": "hide", "unknown": "hide", "anonymous": "hide"},
}


class Mark(Struct, frozen=True):
    """Where something stands in the rules: ``path`` relative to the folder, ``line`` and ``column`` from 1."""

    path: str
    line: int = 0
    column: int = 0


class PageCondition(Struct, frozen=True, kw_only=True):
    """What a page must be: any value within a fact, all facts together, and none of ``exclude`` in full.

    None means that the condition does not ask for the fact. ``statuses`` asks for publishers, and ``mentioned`` for
    mentions, that have a status; who has it changes with time, and :meth:`settled` says what is asked at an instant.
    """

    hosts: tuple[str, ...] | None = None
    paths: tuple[str, ...] | None = None
    tags: frozenset[str] | None = None
    sections: frozenset[str] | None = None
    publishers: frozenset[str] | None = None
    mentions: frozenset[str] | None = None
    surfaces: frozenset[str] | None = None
    languages: tuple[str, ...] | None = None
    published: Window | None = None
    gpc: bool | None = None
    exclude: tuple[PageCondition, ...] = ()
    statuses: StatusAsked | None = None
    mentioned: StatusAsked | None = None

    @property
    def boundaries(self) -> Mapping[datetime, str | None]:
        """Every instant at which other pages may meet the condition, with the editor's zone; mostly none."""
        found: dict[datetime, str | None] = {}
        for one in (self.statuses, self.mentioned, *self.exclude):
            if one is not None:
                found |= one.boundaries
        return found

    def settled(self, at: datetime) -> PageCondition:
        """The same condition for the instant *at*: of statuses, the publishers that then have them."""
        publishers, mentions = self.publishers, self.mentions
        if self.statuses is not None:
            having = self.statuses.at(at)
            publishers = having if publishers is None else publishers & having
        if self.mentioned is not None:
            mentions = self.mentioned.at(at)
        exclude = tuple(one.settled(at) for one in self.exclude)
        return replace(self, publishers=publishers, mentions=mentions, exclude=exclude, statuses=None, mentioned=None)

    @property
    def dated(self) -> bool:
        """Whether the condition asks for a status anywhere."""
        return bool(self.statuses or self.mentioned or any(one.dated for one in self.exclude))


class Place(Struct, frozen=True):
    """One place in a page; ``selector`` for all but ``top`` and ``bottom``; ``name`` where the editor used one.

    ``bottom_on_index``: the built-in article places stand at the bottom of a page stated as ``home`` or ``section``.
    """

    position: Position
    selector: str | None = None
    name: str | None = None
    bottom_on_index: bool = False

    def as_json(self) -> str | dict[str, str]:
        """The place as an editor writes it; one that became the bottom is called so."""
        if self.bottom_on_index and self.position == "bottom":
            return "bottom"
        if self.name is not None or self.selector is None:
            return self.name or self.position
        return {self.position: self.selector}


TOP = Place("top")
BOTTOM = Place("bottom")
BUILT_IN_PLACES: Mapping[str, Place] = {
    "top": TOP,
    "bottom": BOTTOM,
    "before-article": Place("before", "article", "before-article", bottom_on_index=True),
    "after-article": Place("after", "article", "after-article", bottom_on_index=True),
}


class Display(Struct, frozen=True, kw_only=True):
    """How and where a notice stands.

    ``scale`` is the smallest font size relative to the page's body text; ``first`` forbids anything above it;
    ``languages`` holds ``page``, ``visitor`` or BCP 47 tags, each naming one text to show.
    """

    at: tuple[Place, ...] = (TOP,)
    level: Severity = "info"
    scale: float | None = None
    first: bool = False
    collapsible: bool = False
    languages: tuple[str, ...] = ("page",)


class Text(Struct, frozen=True):
    """One notice in one language, in the Markdown of the rule language; slots are still in it."""

    body: str
    title: str | None = None
    short: str | None = None


class TextVersion(Struct, frozen=True):
    """The texts in force from ``start`` (None: always), by BCP 47 tag in the order written."""

    texts: Mapping[str, Text]
    start: datetime | None = None


class Link(Struct, frozen=True):
    """Where a reader learns more: an ``https`` address and its label by language."""

    href: str
    label: Mapping[str, str]


class Example(Struct, frozen=True, kw_only=True):
    """One line of a rule's ``examples``: the questions's parts as written, and what is expected of the rule."""

    candidates: tuple[str, ...]
    network: str | None
    visitor_languages: tuple[str, ...]
    page: Page
    expect_shown: bool
    now: datetime | None
    sure: bool | None
    mark: Mark


class Rule(Struct, frozen=True, kw_only=True):
    """One legal situation and what is shown or withheld where it holds."""

    id: str
    title: str
    kind: Kind
    status: Status
    where: Where
    unsure: Mapping[Cause, Verdict]
    windows: tuple[Window, ...] = ()
    pages: PageCondition = PageCondition()
    action: Action = "notice"
    display: Display = Display()
    features: Mapping[str, Consequence] = {}
    priority: int = 0
    group: str | None = None
    supersedes: tuple[str, ...] = ()
    texts: tuple[TextVersion, ...] = ()
    unread: tuple[str, ...] = ()
    verbatim: Mapping[str, str] | None = None
    link: Link | None = None
    law: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    owner: str | None = None
    review_by: date | None = None
    confidence: Confidence | None = None
    confidential: bool = False
    examples: tuple[Example, ...] = ()
    mark: Mark = Mark("")

    def acts_unsure(self, causes: Iterable[Cause]) -> bool:
        """Whether the rule acts on a maybe of these *causes*: any show wins for a notice, any hide for withholding."""
        shows = (self.unsure[cause] == "show" for cause in causes)
        return all(shows) if self.action == "withhold" else any(shows)


class Label(Struct, frozen=True):
    """What location sources call a place that they may put in another country (spec: rules, section 3)."""

    countries: frozenset[str]
    names: frozenset[str]
    codes: frozenset[str]
    region: str


class SetFacts(Struct, frozen=True, kw_only=True):
    """What a named region set says of itself: its title for people, when and by which sources it was checked."""

    title: str
    as_of: date | None = None
    sources: tuple[str, ...] = ()
    confidence: Confidence | None = None
    mark: Mark = Mark("")


class Defaults(Struct, frozen=True, kw_only=True):
    """The folder's ``defaults``."""

    timezone: str | None = None
    language: str | None = None
    publisher: str | None = None
    places: Mapping[str, Place] = field(default_factory=lambda: BUILT_IN_PLACES)


class Ruleset(Struct, frozen=True, kw_only=True, dict=True):
    """Everything that a rules folder says, valid in itself; ``digest`` is ``sha256:`` and hex over the files."""

    rules: Mapping[str, Rule]
    sets: Mapping[str, Where] = {}
    set_facts: Mapping[str, SetFacts] = {}
    publishers: Mapping[str, Publisher] = {}
    labels: tuple[Label, ...] = ()
    contested: Mapping[str, frozenset[str]] = {}
    defaults: Defaults = Defaults()
    #: The ids of the rules that the folder adopts.
    adopted: frozenset[str] = frozenset()
    #: Rules of the folder as the pack has them, where the folder adopts them: for their examples alone.
    patterns: Mapping[str, Rule] = {}
    #: Of adopted rules for which the folder names regions, those in which the pack and its stances let them hold.
    extents: Mapping[str, tuple[Where, ...]] = {}
    digest: str = ""

    @cached_property
    def active(self) -> tuple[Rule, ...]:
        """The rules that act, highest priority first, ties by id."""
        rules = (rule for rule in self.rules.values() if rule.status == "active")
        return tuple(sorted(rules, key=lambda rule: (-rule.priority, rule.id)))
