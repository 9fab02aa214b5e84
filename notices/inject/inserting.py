"""One fragment at one place: what is asked for is checked at once, then the page streams through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from notices.expressions import late
from notices.ruleset import BOTTOM, TOP, Place

from .edits import Edits, Insertion
from .injector import Injector
from .names import HEAD_ONLY, TABLE_PARTS

if TYPE_CHECKING:
    from notices.ruleset import Position

_BARE = {"top": TOP, "bottom": BOTTOM}
_SELECTING: tuple[Position, ...] = ("before", "after", "first-in", "last-in")
_START_TAG = late(rb"<([A-Za-z][^\t\n\f\r />]*+)[^>]*+>")
#: Start tags that do not begin a body, or that a body drops.
_NO_BEGINNING = HEAD_ONLY | TABLE_PARTS | {b"html", b"head", b"body", b"frame", b"frameset"}


def insert(
    chunks: Iterable[bytes], fragment: bytes, at: str | Mapping[str, str] = "top", *, charset: str | None = None
) -> Iterator[bytes]:
    """Give the page in *chunks* with *fragment* inserted once at *at*, one item for each chunk and one for the end.

    ``at``: ``"top"``, ``"bottom"``, or a mapping of one of ``before``, ``after``, ``first-in``, ``last-in`` to a
    selector; a place that the page lacks becomes the bottom.  ``fragment``: ASCII, begins with a start tag that implies
    the body; with a link of its own it keeps out of links, but at the bottom of a page that leaves a link open it ends
    that.  Where no offset can be right (a frameset, a page that ends inside a comment) the page passes unchanged;
    `Injector.report` tells why.

    A selector finds ids, classes and values in the page's charset as its header or byte order mark tells it, also with
    signs as character references; not in a charset that only a ``<meta>`` tells, nor letters, digits, ``-`` and ``_``
    as references, nor characters above U+00FF in UTF-16, nor any but ASCII in ISO-2022-JP.

    Raises, before a chunk is asked for, ValueError for a place, a selector or a fragment
    that cannot be used, and TypeError for an argument of another type; TypeError also at a chunk that is no bytes.
    """
    if isinstance(chunks, (bytes, bytearray, memoryview, str)) or not isinstance(chunks, Iterable):
        raise TypeError(f"chunks must be an iterable of bytes, not {_type(chunks)}; put a whole page into a list")
    if not isinstance(charset, str | None):
        raise TypeError(f"charset must be a str or None, not {_type(charset)}")
    _check_fragment(fragment)
    injector = Injector(Edits((Insertion((_place(at),), lambda _: fragment),)), charset=charset)
    return _run(injector, chunks)


def _type(value: object) -> str:
    return type(value).__name__


def _run(injector: Injector, chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        if not isinstance(chunk, bytes):
            raise TypeError(f"a chunk must be bytes, not {_type(chunk)}")
        yield injector.feed(chunk)
    rest = injector.finish()
    if rest:
        yield rest


def _check_fragment(fragment: bytes) -> None:
    if not isinstance(fragment, bytes):
        raise TypeError(f"the fragment must be bytes, not {_type(fragment)}")
    if not fragment.isascii():
        raise ValueError("the fragment must be ASCII; write other characters as numeric references")
    begins = _START_TAG.match(fragment)
    if begins is None:
        raise ValueError(
            f"the fragment must begin with a start tag such as <aside>, not with {fragment[:20]!r}: what stands before"
            " it would land in the page's head"
        )
    if begins[1].lower() in _NO_BEGINNING:
        raise ValueError(
            f"the fragment must begin with a tag that begins a page's body, such as <aside>; <{begins[1].decode()}>"
            " does not"
        )


def _place(at: str | Mapping[str, str]) -> Place:
    if isinstance(at, str):
        if at in _BARE:
            return _BARE[at]
        raise ValueError(f"{at!r} is no place; use 'top', 'bottom' or a mapping such as {{'before': 'article'}}")
    if not isinstance(at, Mapping):
        raise TypeError(f"a place must be a str or a mapping such as {{'before': 'article'}}, not {_type(at)}")
    if len(at) != 1:
        raise ValueError(f"a place has one position, not {len(at)}: {dict(at)!r}")
    [(position, selector)] = at.items()
    for known in _SELECTING:
        if position == known:
            return _selected(known, selector)
    if position in _BARE:
        raise ValueError(f"{position!r} takes no selector; write at={position!r}")
    raise ValueError(f"{position!r} is no position; use before, after, first-in or last-in")


def _selected(position: Position, selector: str) -> Place:
    if not isinstance(selector, str):
        raise TypeError(f"the selector of {position!r} must be a str such as 'article', not {_type(selector)}")
    return Place(position, selector)
