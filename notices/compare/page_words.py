"""Say which pages a change is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.conditions import either_of
from notices.moments import end_in_words, start_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from notices.ruleset import PageCondition, Window

    from .values import PageGroup, PageTest

_SURFACES = {
    "article": "articles",
    "home": "home pages",
    "section": "section pages",
    "search": "search pages",
    "form": "forms",
    "comments": "comment pages",
}
_FACTS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "hosts": lambda asked: f"at {either_of(asked)}",
    "paths": lambda asked: f"with path {either_of(asked)}",
    "tags": lambda asked: f"tagged {either_of(asked)}",
    "sections": lambda asked: f"in section {either_of(asked)}",
    "publishers": lambda asked: f"of publisher {either_of(asked)}",
    "mentions": lambda asked: f"that mention {either_of(asked)}",
    "languages": lambda asked: f"in language {either_of(asked)}",
}


def pages_in_words(pages: Sequence[PageGroup]) -> str:
    """``on articles``, ``on pages tagged a or b, but not on home pages, nor on forms``; nothing for every page."""
    return "; or ".join(filter(None, map(_group, pages)))


def _group(group: PageGroup) -> str:
    if not group.meeting and not group.other:
        return ""
    first, *more = [_test(one) for one in group.meeting] or ["all pages"]
    wanted = f"{first} that are also {' and also '.join(more)}" if more else first
    left_out = ", nor on ".join(map(_test, group.other))
    return f"on {wanted}" + (f", but not on {left_out}" if left_out else "")


def _test(test: PageTest) -> str:
    return condition_in_words(test.condition) + (f" (by the {test.by} publishers)" if test.by else "")


def condition_in_words(condition: PageCondition) -> str:
    """The pages that meet *condition*: ``articles tagged politics``."""
    facts = [(words, getattr(condition, fact)) for fact, words in _FACTS.items()]
    said = [words(asked) for words, asked in facts if asked is not None]
    if condition.published is not None:
        said.append(f"published {_period(condition.published)}")
    if condition.gpc is not None:
        said.append(f"asked for {'with' if condition.gpc else 'without'} Sec-GPC")
    nouns = [_SURFACES.get(surface, surface) for surface in condition.surfaces or ()]
    noun = "pages" if condition.surfaces is None else either_of(nouns)
    excepted = (condition_in_words(one) for one in condition.exclude)
    return " ".join([noun, *said]) + "".join(f" (except {words})" for words in excepted)


def _period(window: Window) -> str:
    start = f"from {start_in_words(window.start, window.zone)}" if window.start else ""
    end = f"to {end_in_words(window.end, window.zone)}" if window.end else ""
    return " ".join(filter(None, (start, end))) or "at any time"
