"""The pages of a batch, without a page for each: the rules that are for it are found from what questions share."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from notices.conditions import PageClass  # noqa: TC001  msgspec may read the annotations while running
from notices.page_url import host_and_path

from .asked import several, understand_page

if TYPE_CHECKING:
    from datetime import datetime

    from notices.geo.locate import Claimed
    from notices.index import Ground
    from notices.location import Location
    from notices.snapshot import Snapshot

    from .asked import Caller
    from .question import Question, Texts

    #: What the databases claim about an address, or the regions stated; None is the caller.
    Whom = Claimed | Texts | None
    #: A location, its ground, how far that reaches, and the location's JSON.
    Place = tuple[Location, Ground, int, bytes]

#: What questions of a batch mostly share: everything but where the visitor is, the page's address and its tags.
_COMMON = attrgetter(
    "section", "mention", "publisher", "surface", "page_language", "language", "published", "sec_gpc", "at"
)


class Site(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What questions share that differ by path, tags and where the visitor is alone.

    ``page`` is their class as far as that goes, and ``mask`` has the conditions that it meets. Those of one ``voice``
    word what is shown alike, and ask at the same instant. ``places`` are those asked about at ``at``.
    """

    page: PageClass
    mask: int
    voice: int
    page_language: str | None
    languages: tuple[str, ...]
    at: datetime
    places: dict[Whom, Place]


class _Common(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What questions share of whom nothing is known but where they are, the address of the page and its tags.

    ``published``: they state who publishes the page. ``sites`` are those seen, by host.
    """

    page: PageClass
    published: bool
    page_language: str | None
    languages: tuple[str, ...]
    at: datetime
    sites: dict[str | None, Site]


class Kinds:
    """The kinds of one batch's questions, by one snapshot.

    An address and tags are looked at question by question, all else once for questions that state the same of it.
    """

    def __init__(self, snapshot: Snapshot, caller: Caller, now: datetime) -> None:
        self._snapshot, self._caller, self._now = snapshot, caller, now
        self._classes = classes = snapshot.index.classes
        self._pathed, self._settle, self._beyond = classes.pathed, classes.settle, classes.beyond
        #: Questions about the caller, who is known by more than they state, apart from those about others.
        self._own: dict[object, _Common] = {}
        self._others: dict[object, _Common] = {}
        self._paths: dict[tuple[str, ...], int] = {}
        self._tags: dict[Texts | None, int] = {}
        self._voices: dict[tuple[_Common, str | None], int] = {}
        self._places: dict[datetime, dict[Whom, Place]] = {}

    def met_by(self, question: Question) -> tuple[Site, int]:
        """The site of *question*, and a mask of the rules that are for its page.

        :raises QuestionError: for a parameter of no use; there may be more of them.
        """
        facts = _COMMON(question)
        known = self._own if question.ip is None and not question.region else self._others
        common = known.get(facts) or known.setdefault(facts, self._read(question))
        host, path = host_and_path(question.url)
        site = common.sites.get(host) or common.sites.setdefault(host, self._site(common, host))
        paths = self._pathed(path)
        at_path = self._paths.get(paths)
        if at_path is None:
            at_path = self._paths[paths] = self._classes.paths.any(paths)
        with_tags = self._tags.get(question.tag)
        if with_tags is None:
            with_tags = self._tags[question.tag] = self._classes.tags.any(several(question.tag))
        met = site.mask & at_path & with_tags
        return site, met if met < self._beyond else self._settle(met)

    def page_of(self, question: Question, site: Site) -> PageClass:
        """The whole class of the page of *question*, which is of *site*."""
        tags = self._classes.tagged(frozenset(several(question.tag)))
        return site.page.placed(self._pathed(host_and_path(question.url)[1]), tags)

    def _read(self, question: Question) -> _Common:
        bare = msgspec.structs.replace(question, url=None, tag=None)
        page, languages, at = understand_page(bare, self._snapshot, self._caller, self._now)
        return _Common(self._classes.reduce(page), page.publisher is not None, page.language, languages, at, {})

    def _site(self, common: _Common, host: str | None) -> Site:
        hosts, publisher = self._classes.hosted(host)
        if common.published:
            publisher = common.page.publisher
        page = common.page._replace(hosts=hosts, publisher=publisher)
        voice = self._voices.setdefault((common, publisher), len(self._voices))
        places = self._places.setdefault(common.at, {})
        mask = self._classes.met_anywhere(page)
        return Site(page, mask, voice, common.page_language, common.languages, common.at, places)
