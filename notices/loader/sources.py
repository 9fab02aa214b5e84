"""Sources: where facts are published, and when they were read there (spec: rules, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.publisher import Source

from .record import Key, Record
from .scalars import DAY, URL
from .shape import Many

if TYPE_CHECKING:
    from .desk import Desk
    from .record import Fields


def _source(desk: Desk, fields: Fields) -> Source:
    del desk
    return Source(fields.get("url", ""), fields.get("read"))


_SOURCE: Record[Source] = Record(
    "a source",
    {
        "url": Key(URL, "where the fact is published", required=True),
        "read": Key(DAY, "the day on which it was read"),
    },
    _source,
    lone="url",
)
SOURCES: Many[Source] = Many(_SOURCE, "sources", single=False)
