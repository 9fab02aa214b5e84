"""Examine one page against one condition, and say what is wrong or missing (spec: rules, section 5)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from notices.language import matches_language

from .finding import Finding, either_of
from .patterns import HostPatterns, host_matches, path_matches
from .statuses import status_findings, statuses_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from notices.page import Page
    from notices.ruleset import PageCondition, Publisher, Window

#: When pages are examined by conditions that ask for no status.
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class _Fact(Struct, frozen=True):
    """One fact: the fields that hold it, whether a stated value meets what is asked, and the near miss in words."""

    noun: str
    asked: str
    stated: str
    holds: Callable[[Any, Any], bool]
    near_miss: Callable[[Any, Any], str]


def publisher_of(page: Page, publishers: Mapping[str, Publisher], default: str | None) -> str | None:
    """The id of the page's publisher: the stated one, else the one with the closest host pattern, else *default*."""
    if page.publisher is not None:
        return page.publisher
    owners = {host: publisher.id for publisher in publishers.values() for host in publisher.hosts}
    found = HostPatterns(owners).matching(page.host)
    return owners[found[0]] if found else default


def examine(condition: PageCondition, page: Page, publisher: str | None, at: datetime = _ANY_TIME) -> Finding:
    """Compare *page*, whose publisher's id is *publisher*, with *condition*, fact by fact, statuses as of *at*.

    A fact that the page does not state never meets and never excepts; an empty set is stated.
    """
    wrong, missing = [], []
    for fact in _FACTS:
        asked = getattr(condition, fact.asked)
        if asked is None:
            continue
        stated = publisher if fact.stated == "publisher" else getattr(page, fact.stated)
        if stated is None:
            missing.append(f"{fact.noun} not stated")
        elif not fact.holds(asked, stated):
            wrong.append(fact.near_miss(asked, stated))
    for found in status_findings(condition, page, publisher, at):
        wrong += found.wrong
        missing += found.missing
    wrong += (_exception(one) for one in condition.exclude if asks(one) and examine(one, page, publisher, at).met)
    return Finding(tuple(wrong), tuple(missing))


def asks(condition: PageCondition) -> bool:
    """Whether *condition* asks for anything: an exception that does not excepts no page."""
    return (
        condition.dated or bool(condition.exclude) or any(getattr(condition, fact.asked) is not None for fact in _FACTS)
    )


def _exception(condition: PageCondition) -> str:
    asked = ((fact, getattr(condition, fact.asked)) for fact in _FACTS)
    parts = [f"{fact.noun} {_worded(value)}" for fact, value in asked if value is not None]
    return "excepted by " + " and ".join([*parts, *statuses_in_words(condition)])


def _worded(asked: Any) -> str:
    if isinstance(asked, (tuple, frozenset)):
        return either_of(asked)
    return str(asked).lower() if isinstance(asked, bool) else _period(asked)


def _period(window: Window) -> str:
    start = f"from {window.start:%Y-%m-%d}" if window.start else ""
    end = f"until {window.end:%Y-%m-%d}" if window.end else ""
    return " ".join(part for part in (start, end) if part) or "at any time"


def _lacks(noun: str) -> Callable[[frozenset[str], frozenset[str]], str]:
    return lambda asked, _: f"{noun} {either_of(asked)} missing"


def _differs(noun: str) -> Callable[[Iterable[str], str], str]:
    return lambda asked, stated: f"{noun} is {stated}, not {either_of(asked)}"


def _shares(asked: frozenset[str], stated: frozenset[str]) -> bool:
    return not asked.isdisjoint(stated)


def _host_holds(asked: tuple[str, ...], stated: str) -> bool:
    return any(host_matches(pattern, stated) for pattern in asked)


def _path_holds(asked: tuple[str, ...], stated: str) -> bool:
    return any(path_matches(pattern, stated) for pattern in asked)


def _language_holds(asked: tuple[str, ...], stated: str) -> bool:
    return any(matches_language(range_, stated) for range_ in asked)


# A host or path comes from the visitor's request, where anything may stand: it is not repeated.
_FACTS: tuple[_Fact, ...] = (
    _Fact("host", "hosts", "host", _host_holds, lambda asked, _: f"host is not {either_of(asked)}"),
    _Fact("path", "paths", "path", _path_holds, lambda asked, _: f"path is not {either_of(asked)}"),
    _Fact("tag", "tags", "tags", _shares, _lacks("tag")),
    _Fact("section", "sections", "sections", _shares, _lacks("section")),
    _Fact("publisher", "publishers", "publisher", lambda asked, stated: stated in asked, _differs("publisher")),
    _Fact("mention", "mentions", "mentions", _shares, _lacks("mention")),
    _Fact("surface", "surfaces", "surface", lambda asked, stated: stated in asked, _differs("surface")),
    _Fact("page language", "languages", "language", _language_holds, _differs("page language")),
    _Fact(
        "publication date",
        "published",
        "published",
        lambda asked, stated: asked.holds(stated),
        lambda asked, stated: f"published {stated:%Y-%m-%d}, not {_period(asked)}",
    ),
    _Fact(
        "sec-gpc",
        "gpc",
        "gpc",
        lambda asked, stated: asked is stated,
        lambda asked, _: f"sec-gpc is {'not ' if asked else ''}sent",
    ),
)
