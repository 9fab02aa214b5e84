"""What a look-up asks, understood: the question's texts become a location, a page, languages and an instant."""

from __future__ import annotations

import difflib
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from notices.errors import QuestionError
from notices.geo.locate import location_for
from notices.language import is_coded_language
from notices.page import Page
from notices.page_url import host_and_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from notices.location import Location
    from notices.ruleset import Ruleset
    from notices.snapshot import Snapshot

    from .question import Question

_T = TypeVar("_T")
_TAG = "BCP 47 tag such as ru or pt-BR, not a language's name"


class Caller(Struct, frozen=True):
    """Who asks for themselves: where they are, what they read, whether they send Sec-GPC (None: they do not say)."""

    locate: Callable[[], Location]
    languages: tuple[str, ...] = ()
    gpc: bool | None = None


class About(NamedTuple):
    """What a question is about, besides where the visitor is: further operands of :func:`notices.decide`."""

    page: Page
    languages: tuple[str, ...]
    at: datetime


class Asked(NamedTuple):
    """A question that can be decided: the operands of :func:`notices.decide`."""

    location: Location
    page: Page
    languages: tuple[str, ...]
    at: datetime


class FaultyQuestionError(QuestionError):
    """A look-up in which parameters cannot be used; ``faults`` has them all."""

    def __init__(self, faults: tuple[QuestionError, ...]) -> None:
        super().__init__(faults[0].parameter, str(faults[0]))
        self.faults = faults


def understand(question: Question, snapshot: Snapshot, caller: Caller, now: datetime) -> Asked:
    """Read *question* against the rules of *snapshot*; what it leaves out about the visitor is *caller*'s.

    :raises FaultyQuestionError: with every parameter of no use; the texts never repeat a value.
    """
    faults: list[QuestionError] = []
    location = _attempt(faults, lambda: locate(question, snapshot, caller))
    about = _about(question, snapshot, caller, now, faults)
    if faults or location is None:
        raise FaultyQuestionError(tuple(faults))
    return Asked(location, *about)


def understand_page(question: Question, snapshot: Snapshot, caller: Caller, now: datetime) -> About:
    """Read of *question* all but where the visitor is, as :func:`understand`.

    :raises FaultyQuestionError: with every parameter of no use.
    """
    faults: list[QuestionError] = []
    about = _about(question, snapshot, caller, now, faults)
    if faults:
        raise FaultyQuestionError(tuple(faults))
    return about


def _about(question: Question, snapshot: Snapshot, caller: Caller, now: datetime, faults: list[QuestionError]) -> About:
    """What can be read of the question but for the location; what cannot be goes to the *faults*."""
    own = _asks_for_caller(question)
    languages = caller.languages if own else ()
    if question.language is not None:
        languages = _attempt(faults, lambda: _languages(question)) or languages
    host, path = _attempt(faults, lambda: host_and_path(question.url)) or (None, None)
    at = now if question.at is None else _attempt(faults, lambda: read_instant("at", question.at or "", UTC))
    gpc = question.gpc
    page = Page(
        host=host,
        path=path,
        tags=_stated(question.tag),
        sections=_stated(question.section),
        mentions=_stated(question.mention),
        publisher=question.publisher and _attempt(faults, lambda: _publisher(question, snapshot.ruleset)),
        surface=question.surface,
        language=_attempt(faults, lambda: _page_language(question)),
        published=_attempt(faults, lambda: _published(question, snapshot.ruleset)),
        gpc=caller.gpc if gpc is None and own else gpc,
    )
    return About(page, languages, at or now)


def _attempt(faults: list[QuestionError], read: Callable[[], _T]) -> _T | None:
    try:
        return read()
    except QuestionError as error:
        # Kept anew: what was raised leads back by its traceback to the list that it is kept in, and to the request.
        faults.append(QuestionError(error.parameter, str(error)))
        return None


def locate(question: Question, snapshot: Snapshot, caller: Caller) -> Location:
    """Where the visitor of *question* may be.

    :raises QuestionError: for an address or regions of no use.
    """
    regions = several(question.region)
    if question.ip is not None and regions:
        raise QuestionError("region", "it stands beside ip; ask for the one or the other")
    if question.ip is not None:
        return snapshot.locator.locate_address(question.ip)
    return location_for(regions, snapshot.gazetteer) if regions else caller.locate()


def _asks_for_caller(question: Question) -> bool:
    return question.ip is None and not question.region


def _languages(question: Question) -> tuple[str, ...]:
    languages = several(question.language)
    if not all(map(is_coded_language, languages)):
        raise QuestionError("language", f"each must be a {_TAG}")
    return languages


def _page_language(question: Question) -> str | None:
    tag = question.page_language
    if tag is None:
        return next(iter(several(question.language)), None)
    if not is_coded_language(tag):
        raise QuestionError("page-language", f"it must be one {_TAG}")
    return tag


def _publisher(question: Question, ruleset: Ruleset) -> str | None:
    publisher = question.publisher
    if publisher is None or publisher in ruleset.publishers:
        return publisher
    near = difflib.get_close_matches(publisher, ruleset.publishers, n=1, cutoff=0.0)
    advice = f"the nearest is {near[0]}" if near else "they declare none"
    raise QuestionError("publisher", f"the rules declare no such publisher; {advice}")


def _published(question: Question, ruleset: Ruleset) -> datetime | None:
    if question.published is None:
        return None
    zone = ruleset.defaults.timezone
    return read_instant("published", question.published, UTC if zone is None else ZoneInfo(zone))


def read_instant(parameter: str, text: str, zone: tzinfo) -> datetime:
    """Read RFC 3339 with an offset, or a date, which begins at midnight in *zone*; the instant is in UTC.

    :raises QuestionError: for anything else; a time without an offset could mean any of a day's instants.
    """
    try:
        if len(text) == len("2026-11-22"):
            return datetime.combine(date.fromisoformat(text), time(), zone).astimezone(UTC)
        # In a query string a plus sign that nobody encoded arrives as a space; a z may be small (RFC 3339, 5.6).
        instant = datetime.fromisoformat(text[:-6] + text[-6:].replace(" ", "+").replace("z", "Z"))
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise QuestionError(parameter, "it must be an instant with an offset, such as 2026-11-22T12:00:00Z, or a date")


def several(texts: tuple[str, ...] | str | None) -> tuple[str, ...]:
    """The values of a parameter that may be given as one text; none where it is left out."""
    return (texts,) if isinstance(texts, str) else texts or ()


def _stated(texts: tuple[str, ...] | str | None) -> frozenset[str] | None:
    """The values of a fact; to leave a parameter out is not to know, an empty list in a batch is stated."""
    return None if texts is None else frozenset(several(texts))
