"""The pages of a batch, without a page for each: what no rule tells apart, of one instant and reader, is one kind."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from notices.conditions import PageClass  # noqa: TC001  msgspec may read the annotations while running
from notices.page_url import host_and_path

from .asked import stated, understand_page

if TYPE_CHECKING:
    from datetime import datetime

    from notices.snapshot import Snapshot

    from .asked import Caller
    from .question import Question, Texts

#: What questions of a batch mostly share: everything but where the visitor is, the page's address and its tags.
_COMMON = attrgetter(
    "section", "mention", "publisher", "surface", "page_language", "language", "published", "sec_gpc", "at"
)


class Kind(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A class of pages, and what else a question is about besides where the visitor is; one object for equal ones."""

    page: PageClass
    page_language: str | None
    languages: tuple[str, ...]
    at: datetime


class Kinds:
    """The kinds of one batch's questions, by one snapshot.

    An address and tags are looked at question by question, all else once for questions that state the same of it.
    """

    def __init__(self, snapshot: Snapshot, caller: Caller, now: datetime) -> None:
        self._snapshot, self._caller, self._now = snapshot, caller, now
        self._classes = snapshot.index.classes
        self._common: dict[tuple[object, ...], tuple[Kind, bool]] = {}
        self._tags: dict[Texts | None, frozenset[str]] = {}
        self._kinds: dict[tuple[object, ...], Kind] = {}

    def kind_of(self, question: Question) -> Kind:
        """The kind of *question*.

        :raises QuestionError: for a parameter of no use; there may be more of them.
        """
        key = (question.ip is None and not question.region, *_COMMON(question))
        common, published = self._common.get(key) or self._common.setdefault(key, self._read(question))
        hosts, paths, publisher = self._classes.addressed(*host_and_path(question.url))
        tags = self._tags.get(question.tag)
        if tags is None:
            tags = self._tags[question.tag] = self._classes.tagged(stated(question.tag))
        if published:
            publisher = common.page.publisher
        place = (common, hosts, paths, publisher, tags)
        return self._kinds.get(place) or self._kinds.setdefault(place, _narrowed(*place))

    def _read(self, question: Question) -> tuple[Kind, bool]:
        """What a question is about without address and tags, and whether it states who publishes the page."""
        bare = msgspec.structs.replace(question, url=None, tag=None)
        page, languages, at = understand_page(bare, self._snapshot, self._caller, self._now)
        return Kind(self._classes.reduce(page), page.language, languages, at), page.publisher is not None


def _narrowed(
    kind: Kind, hosts: tuple[str, ...], paths: tuple[str, ...], publisher: str | None, tags: frozenset[str]
) -> Kind:
    page = kind.page.placed(hosts, paths, publisher, tags)
    return Kind(page, kind.page_language, kind.languages, kind.at)
