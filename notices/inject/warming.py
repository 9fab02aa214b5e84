"""Making ahead what the first pages need: the expressions of runs take a tenth of a second each."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING

from .opening import read_opening
from .placing import search_for
from .runs import CONTROLS, prepare_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from notices.ruleset import Place

#: How many sets of sought types are prepared for at most; more are made when a page needs them.
MOST = 6


def warm(at: Collection[tuple[Place, ...]], *, features: bool = False) -> Callable[[], None]:
    """The work of making what pages need with insertions *at* these places, any of them together, or with *features*.

    Call what it gives once, in a thread beside the readers': pages that come until it is done take the slower way
    instead of waiting.  A place with a selector that cannot be used raises ValueError.
    """
    if not features and all(place.position == "top" for places in at for place in places):
        return _reading_openings(prepare_runs(()))
    sought = _sought(at)
    return _reading_openings(prepare_runs(chain(sought, (types | CONTROLS for types in sought))))


def _reading_openings(work: Callable[[], None]) -> Callable[[], None]:
    """Begin the *work* with what a page begins with: a first reading makes the expressions for it."""

    def begun() -> None:
        read_opening(b"")
        work()

    return begun


def _sought(at: Collection[tuple[Place, ...]]) -> list[frozenset[bytes]]:
    """The sets of types that may be looked for at once, those of the most places, which come first in a page, first."""
    single = {search_for(((place,),), features=False).types for places in at for place in places}
    several = sorted(single - {frozenset()}, key=sorted)
    some = chain.from_iterable(combinations(several, size) for size in (len(several), *range(len(several))))
    found = dict.fromkeys(frozenset().union(*types) for types, _ in zip(some, range(MOST), strict=False))
    return list(found)
