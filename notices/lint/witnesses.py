"""Pages that show what rules do: for a condition, pages that meet it and little else. What they show is proven."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Any

from notices.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from notices.ruleset import PageCondition, Window

#: How many pages are made of one condition.
_MOST_PAGES = 32
_ANY = "x"


def pages_for(condition: PageCondition) -> Iterator[Page]:
    """Pages with one value of each fact that *condition* asks for, and no other fact; a few of them.

    They need not meet what it excepts, and of a fact that nothing meets there is no page.
    """
    choices: dict[str, Iterable[Any]] = {}
    for name, values, make in (
        ("host", condition.hosts, _host),
        ("path", condition.paths, _path),
        ("tags", condition.tags, _alone),
        ("sections", condition.sections, _alone),
        ("publisher", condition.publishers, str),
        ("mentions", condition.mentions, _alone),
        ("surface", condition.surfaces, str),
        ("language", condition.languages, _language),
    ):
        if values is not None:
            choices[name] = [make(value) for value in sorted(values)]
    if condition.published is not None:
        choices["published"] = _instants(condition.published)
    if condition.gpc is not None:
        choices["gpc"] = [condition.gpc]
    for chosen in islice(product(*choices.values()), _MOST_PAGES):
        yield Page(**dict(zip(choices, chosen, strict=True)))


def _host(pattern: str) -> str:
    return pattern.replace("*", _ANY)


def _path(pattern: str) -> str:
    return pattern.removesuffix("/**").replace("*", _ANY) or "/"


def _alone(value: str) -> frozenset[str]:
    return frozenset((value,))


def _language(range_: str) -> str:
    return range_.replace("*", "en")


def _instants(period: Window) -> list[datetime]:
    """An instant in *period*: its first, or the last but none of a microsecond."""
    bound = period.start or (period.end and period.end - period.end.resolution)
    return [] if bound is None else [bound]
