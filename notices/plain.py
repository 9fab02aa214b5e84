"""A ruleset as plain rows that any process can read back: no code, only the values listed here.

A row is a kind and its parts. A part is a text, a truth, None or a whole number from 0 as it is; a number below 0
names an earlier row, counted from -1; a list of one holds a number that would read as such a name. What stands in
several places is one row, so that it is one object again.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from itertools import chain
from types import NoneType
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .errors import Problem
from .location import Entry, Where
from .markdown import Template
from .page import Page
from .ruleset import (
    Declared,
    Defaults,
    Display,
    Example,
    Label,
    Link,
    Mark,
    PageCondition,
    Place,
    Publisher,
    Rule,
    Ruleset,
    SetFacts,
    Source,
    StatusAsked,
    Text,
    TextVersion,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Row = list[Any]

#: The number of a kind is its place here, after those of _COLLECTED.
_VALUES: tuple[type[Any], ...] = (
    Declared, Defaults, Display, Entry, Example, Label, Link, Mark, Page, PageCondition, Place, Problem, Publisher,
    Rule, Ruleset, SetFacts, Source, StatusAsked, Text, TextVersion, Where, Window,
)  # fmt: skip
_AS_THEY_ARE = (str, bool, NoneType)


def to_rows(value: object) -> list[Row]:
    """*value* as rows, of which the last is the whole.

    :raises TypeError: for a value of a kind that is not listed here.
    """
    writer = _Writer()
    part = writer.part([value])
    assert isinstance(part, int)
    return writer.rows


def from_rows(rows: Sequence[Row]) -> Any:
    """What :func:`to_rows` was given; lists have become tuples.

    :raises Exception: of one kind or another, for rows that it did not write.
    """
    made: list[Any] = []
    texts: dict[str, str] = {}
    for kind, *values in rows:
        for place, part in enumerate(values):
            sort = type(part)
            if sort is str:
                values[place] = texts.setdefault(part, part)
            elif sort is int and part < 0:
                values[place] = made[-1 - part]
            elif sort is list:
                values[place] = part[0]
        made.append(_MAKERS[kind](values))
    (whole,) = made[-1]
    return whole


class _Writer:
    """Rows written so far, and which of them holds which object."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._written: dict[int, int] = {}
        self._equal: dict[str | None, int] = {}

    def part(self, value: Any) -> Any:
        kind = type(value)
        if kind in _AS_THEY_ARE or (kind is int and value >= 0):
            return value
        if kind is int or kind is float:
            return [value]
        found = self._written.get(id(value))
        if found is None:
            found = self._written[id(value)] = self._place(self._row(value), shared=kind is not dict)
        return found

    def _place(self, row: Row, *, shared: bool) -> int:
        """Where *row* stands: equal frozen values are one, a mapping stays its owner's."""
        content = repr(row) if shared else None
        if content in self._equal:
            return self._equal[content]
        self.rows.append(row)
        if content is not None:
            self._equal[content] = -len(self.rows)
        return -len(self.rows)

    def _row(self, value: Any) -> Row:
        kind = _KIND_OF.get(type(value))
        if kind is None:
            raise TypeError(f"a {type(value).__name__} is no plain value")
        return [kind, *map(self.part, _parts_of(value))]


def _parts_of(value: Any) -> Iterable[Any]:
    if isinstance(value, date):
        return (value.isoformat(),)
    if isinstance(value, dict):
        return chain.from_iterable(value.items())
    names = _NAMES.get(type(value))
    return value if names is None else (getattr(value, name) for name in names)


def _maker(kind: type[Any]) -> Callable[[list[Any]], Any]:
    names = _NAMES[kind]
    if kind.__match_args__ == names:  # all can be given by place
        return lambda values: kind(*values)
    return lambda values: kind(**dict(zip(names, values, strict=True)))


def _names_of(kind: type[Any]) -> tuple[str, ...]:
    return kind.__struct_fields__ if issubclass(kind, Struct) else tuple(field.name for field in fields(kind))


def _pairs(values: list[Any]) -> dict[Any, Any]:
    return dict(zip(values[::2], values[1::2], strict=True))


_NAMES = {kind: _names_of(kind) for kind in _VALUES}
_COLLECTED: tuple[tuple[type[Any], Callable[[list[Any]], Any]], ...] = (
    (tuple, tuple),
    (list, tuple),
    (frozenset, frozenset),
    (dict, _pairs),
    (date, lambda values: date.fromisoformat(*values)),
    (datetime, lambda values: datetime.fromisoformat(*values)),
    (Template, lambda values: Template(*values)),
)
_KIND_OF = {kind: number for number, kind in enumerate((*(kind for kind, _ in _COLLECTED), *_VALUES))}
_MAKERS = (*(maker for _, maker in _COLLECTED), *map(_maker, _VALUES))
