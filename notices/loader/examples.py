"""A rule's ``examples``: a visitor, a page, and whether the rule is shown (spec: rules, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.location import Location
from notices.ruleset import Example

from .instants import MOMENT, end_of, zone_of
from .record import Key, Record
from .scalars import BOOLEAN, choice
from .shape import Many
from .visits import PAGE, VISITOR, Visit, default_page

if TYPE_CHECKING:
    from .desk import Desk
    from .record import Fields


def _example(desk: Desk, fields: Fields) -> Example:
    visit: Visit = fields.get("visitor", Visit(Location(), ()))
    return Example(
        candidates=visit.location.candidates,
        network=visit.location.network,
        visitor_languages=visit.languages,
        page=fields.get("page") or default_page(desk),
        expect_shown=fields.get("expect") == "shown",
        now=end_of(desk, fields, "now", zone_of(desk, fields)),
        sure=fields.get("sure"),
        mark=fields.mark,
    )


EXAMPLES: Many[Example] = Many(
    Record(
        "an example",
        {
            "visitor": Key(VISITOR, "who asks", required=True),
            "page": Key(PAGE, "what page is asked for", default="one that states nothing but the default publisher"),
            "expect": Key(choice(("shown", "hidden"), "outcome"), "whether the rule is shown", required=True),
            "now": Key(MOMENT, "the instant of the question", default="the start of the rule's last window"),
            "sure": Key(BOOLEAN, "whether the answer is a plain yes"),
        },
        _example,
    ),
    "examples",
    single=False,
)
