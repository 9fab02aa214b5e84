"""Real paths for conditions whose patterns have stars inside, so that a conflict is never claimed where none can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from notices.conditions import path_matches
from notices.ruleset import PageCondition

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY = "x"
_DEEP = "**"


def decided_by_path(condition: PageCondition) -> bool:
    """Whether the condition, or an exception from it, has a path with a star other than at its end."""
    own = any("*" in path.removesuffix("/**") for path in condition.paths or ())
    return own or any(decided_by_path(exception) for exception in condition.exclude)


def on_path(condition: PageCondition, path: str) -> PageCondition | None:
    """What is left of the condition on a page with this path; None where it is not met there."""
    if condition.paths is not None and not any(path_matches(pattern, path) for pattern in condition.paths):
        return None
    exceptions = tuple(left for exception in condition.exclude if (left := on_path(exception, path)) is not None)
    if PageCondition() in exceptions:
        return None
    return replace(condition, paths=None, exclude=exceptions)


def meeting_paths(one: PageCondition, other: PageCondition) -> Iterator[str]:
    """Paths that may meet both conditions: one for each pair of their patterns that have one in common.

    Of two segments with stars in both, one is taken as it is; a path that both mean may then be missed.
    """
    for mine in one.paths or ("/**",):
        for theirs in other.paths or ("/**",):
            for path in (_merged(mine, theirs), _merged(theirs, mine)):
                if path_matches(mine, path) and path_matches(theirs, path):
                    yield path
                    break


def _merged(mine: str, theirs: str) -> str:
    """A path in which each segment is the plainer one of the two; what is deeper in one is taken from it."""
    ours, others = mine.split("/")[1:], theirs.split("/")[1:]
    segments = []
    for place in range(max(len(ours), len(others))):
        pair = [part[place] for part in (ours, others) if place < len(part)]
        plain = next((segment for segment in pair if "*" not in segment), None)
        partial = next((segment for segment in pair if segment.strip("*")), _ANY if len(pair) > 1 else pair[0])
        segments.append(partial.replace("*", _ANY) if plain is None else plain)
    while len(segments) > 1 and (ours[-1:] == [_DEEP] or others[-1:] == [_DEEP]) and segments[-1] == _ANY * 2:
        segments.pop()
    return "/" + "/".join(segments)
