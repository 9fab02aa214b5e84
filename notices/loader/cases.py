"""Cases in ``*_test.yaml``: a question to the whole folder and what must come out (spec: rules, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from notices.location import Location

from .instants import MOMENT, end_of, zone_of
from .precedence import RULE_ID
from .record import Key, Record
from .scalars import BOOLEAN, by_language, words
from .shape import Many
from .visits import PAGE, VISITOR, Visit, default_page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from notices.page import Page
    from notices.ruleset import Mark

    from .desk import Desk
    from .record import Fields


class Case(Struct, frozen=True, kw_only=True):
    """One question and the rules expected, in the order shown; ``sure`` and ``texts`` where the case speaks of them."""

    name: str
    location: Location
    languages: tuple[str, ...]
    page: Page
    at: datetime | None
    expected: tuple[str, ...]
    sure: bool | None
    texts: Mapping[str, tuple[str, ...]]
    mark: Mark


def _case(desk: Desk, fields: Fields) -> Case:
    visit: Visit = fields.get("visitor", Visit(Location(), ()))
    return Case(
        name=fields.get("name", ""),
        location=visit.location,
        languages=visit.languages,
        page=fields.get("page") or default_page(desk),
        at=end_of(desk, fields, "now", zone_of(desk, fields)),
        expected=fields.get("expect", ()),
        sure=fields.get("sure"),
        texts=fields.get("text", {}),
        mark=fields.mark,
    )


CASE: Record[Case] = Record(
    "a case",
    {
        "name": Key(words("a name"), "what the case shows", required=True),
        "visitor": Key(VISITOR, "who asks", required=True),
        "page": Key(PAGE, "what page is asked for", default="one that states nothing but the default publisher"),
        "expect": Key(
            Many(RULE_ID, "rules", single=False, least=0), "the rules shown, in order; [] for none", required=True
        ),
        "sure": Key(BOOLEAN, "whether every answer is a plain yes"),
        "text": Key(
            by_language(Many(words("a text"), "texts"), "texts"),
            "what the notices in a language must contain",
        ),
        "now": Key(MOMENT, "the instant of the question", default="the file's"),
    },
    _case,
)
#: The keys of a file of cases.
CASES: Mapping[str, Key] = {
    "now": Key(MOMENT, "the instant of all questions that name none"),
    "cases": Key(Many(CASE, "cases", single=False), "the cases", required=True),
}


def _dated(desk: Desk, fields: Fields) -> tuple[tuple[Case, datetime], ...]:
    cases: tuple[Case, ...] = fields.get("cases", ())
    common = end_of(desk, fields, "now", desk.zone)
    found = []
    for case in cases:
        at = case.at or common
        if at is None and "now" not in fields:
            desk.error(case.mark, "missing-key", f"no instant is given for the case {case.name!r}", "write 'now:'")
        elif at is not None:
            found.append((case, at))
    return tuple(found)


_EVERY_CASE_DATED = {"properties": {"cases": {"items": {"required": ["now"]}}}}
#: A file of cases: each with the instant of its question.
CASE_FILE: Record[tuple[tuple[Case, datetime], ...]] = Record(
    "a file of cases", CASES, _dated, rules={"anyOf": [{"required": ["now"]}, _EVERY_CASE_DATED]}
)
