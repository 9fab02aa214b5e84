"""Where a notice stands on a page and how it looks (spec: rules, section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from notices.inject.selector import SelectorError, parse_selector
from notices.ruleset import BOTTOM, BUILT_IN_PLACES, TOP, Display, Place, Position, Severity

from .desk import suggest
from .record import Key, Record
from .scalars import BOOLEAN, DECIMAL, LANGUAGE, WORD_TYPES, choice, reject_text
from .shape import Either, Leaf, Many

if TYPE_CHECKING:
    from notices.document import Scalar

    from .desk import Desk
    from .record import Fields

_RELATIVE: tuple[Position, ...] = ("before", "after", "first-in", "last-in")


def _selector(position: Position) -> Leaf[str]:
    def convert(desk: Desk, node: Scalar) -> str:
        try:
            parse_selector(node.text, position)
        except SelectorError as error:
            mark = node.mark_within(1, error.offset + 1)
            fix = "write types, #id, .class, [attr] or [attr=value], with commas between several"
            raise desk.reject(mark, "bad-selector", f"{node.text!r} cannot be a place: {error}", fix) from None
        return node.text

    return Leaf(convert, "a selector such as article or '#main'", {"type": WORD_TYPES, "pattern": r"\S"})


def _relative(desk: Desk, fields: Fields) -> Place:
    written = [position for position in _RELATIVE if position in fields]
    if len(written) != 1:
        fix = "write {after: article}; several places are a list of such mappings"
        desk.error(fields.mark, "bad-place", f"a place has one of {', '.join(_RELATIVE)}", fix)
        return TOP
    return Place(written[0], fields.get(written[0]))


_PLACE_KEYS = {
    "before": Key(_selector("before"), "right before the first element that the selector finds"),
    "after": Key(_selector("after"), "right after the first element that the selector finds"),
    "first-in": Key(_selector("first-in"), "as the first thing inside of the first element that the selector finds"),
    "last-in": Key(_selector("last-in"), "as the last thing inside of the first element that the selector finds"),
}
_RELATIVE_PLACE = Record("a place", _PLACE_KEYS, _relative, rules={"minProperties": 1, "maxProperties": 1})


def _named(desk: Desk, node: Scalar) -> Place:
    place = desk.places.get(node.text)
    if place is None:
        raise reject_text(
            desk, node, "unknown-place", f"no place is called {node.text!r}", suggest(node.text, desk.places)
        )
    return place


def _edge(desk: Desk, node: Scalar) -> Place:
    if node.text in ("top", "bottom"):
        return TOP if node.text == "top" else BOTTOM
    raise reject_text(
        desk, node, "unknown-place", f"{node.text!r} is no position", "write top, bottom or {after: article}"
    )


_PLACE_NAME = Leaf(
    _named, "a place", {"anyOf": [{"enum": list(BUILT_IN_PLACES)}, {"type": WORD_TYPES, "pattern": "^[a-z0-9-]+$"}]}
)
PLACE: Either[Place] = Either("a place such as top or {after: article}", scalar=_PLACE_NAME, table=_RELATIVE_PLACE)
#: The value of a name under ``defaults.places``.
PLACE_MEANING: Either[Place] = Either(
    "a place such as {after: article}",
    scalar=Leaf(_edge, "top or bottom", {"enum": ["top", "bottom"]}),
    table=_RELATIVE_PLACE,
)


def _policy(desk: Desk, node: Scalar) -> str:
    return node.text if node.text in ("page", "visitor") else LANGUAGE.read(desk, node)


_POLICY = Leaf(
    _policy, "page, visitor or a language tag", {"anyOf": [{"enum": ["page", "visitor"]}, LANGUAGE.schema()]}
)


def _display(desk: Desk, fields: Fields) -> Display:
    del desk
    return Display(
        at=tuple(dict.fromkeys(fields.get("at", (TOP,)))),
        level=fields.get("level", "info"),
        scale=fields.get("scale"),
        first=fields.get("first", False),
        collapsible=fields.get("collapsible", False),
        languages=tuple(dict.fromkeys(fields.get("languages", ("page",)))),
    )


DISPLAY: Record[Display] = Record(
    "show",
    {
        "at": Key(Many(PLACE, "places"), "where the notice stands: at each of these places", default="top"),
        "level": Key(choice(get_args(Severity), "level"), "how grave it looks", default="info"),
        "scale": Key(DECIMAL, "the smallest font size, relative to the page's body text: 2.0 is twice as large"),
        "first": Key(BOOLEAN, "true where nothing may stand above it", default="false"),
        "collapsible": Key(BOOLEAN, "true for a notice that a reader can fold; it is open at first", default="false"),
        "languages": Key(
            Many(_POLICY, "languages"),
            "one text for each, in this order: 'page', 'visitor' or a language tag",
            default="page",
        ),
    },
    _display,
    lone="at",
)
