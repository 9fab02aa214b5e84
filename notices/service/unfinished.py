"""Whether an edit that stands still looks like a file whose writing has stalled: such a one is waited for longer.

A file that is written in place and stalls for two looks is read half. Most halves do not parse, and are refused; one
that is cut between two rules, or inside a text, parses. What gives it away: it is the beginning of what was there
before, or ends in the middle of a line where the file before did not. An edit that means just that goes live too, a
little later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from notices.watch import Look

#: So many times an edit that looks unfinished has to stand still; at the usual period a quarter of a minute.
PATIENCE = 5


def unfinished(folder: Path, before: Look, old: Mapping[str, bytes], now: Look, new: Mapping[str, bytes]) -> list[str]:
    """The files of *new*, as seen in the look *now*, that look like the beginning of longer ones.

    *old* are the files that are live, *before* the look that saw them. A file that was replaced by a rename is another
    file than before, and came whole.
    """
    same = _identities(before) & _identities(now)
    places = {place for place, *_ in same}
    return [
        path
        for path, content in new.items()
        if path in old and content != old[path] and str(folder / path) in places and _is_beginning(content, old[path])
    ]


def _identities(look: Look) -> set[tuple[object, ...]]:
    """Each file's path, device and inode."""
    return {tuple(facts[:3]) for facts in look}


def _is_beginning(content: bytes, before: bytes) -> bool:
    return before.startswith(content) or (before.endswith(b"\n") and not content.endswith(b"\n"))
