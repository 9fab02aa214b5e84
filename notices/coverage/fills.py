"""Give each set of notices a fill: colours of different lightness with figures on them, and stripes for a maybe."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .markup import element

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notices.index import Index

    from .values import Coverage, Outcomes

_COLOURS = 8
_FIGURES = (
    "",
    '<circle cx="4" cy="4" r="1.5"/>',
    '<path d="M0 4h8"/>',
    '<path d="M4 0v8M0 4h8"/>',
    '<path d="M4 0v8"/>',
    '<path d="M2 2l4 4M6 2l-4 4"/>',
    '<circle cx="4" cy="4" r="2.4" fill="none"/>',
)
#: Selector -> prefix of the patterns used within: each map scales its own as it is zoomed.
SCOPES = {"": "p", "#world ": "world-", "#ukraine ": "ukraine-"}
_STRIPES = '<path class="stripe" d="M-2 2l4 -4M0 8l8 -8M6 10l4 -4"/>'
#: Rules shown, by number, and whether each is sure.
NoticeSet = tuple[tuple[int, bool], ...]


class Fill(NamedTuple):
    """A set of notices with its number, which is its CSS class ``f<number>``, and its name for people."""

    number: int
    notices: NoticeSet
    label: str


def notice_set(outcomes: Outcomes) -> NoticeSet:
    """What of the outcomes is seen."""
    return tuple((one.rule, one.reason == "MATCH") for one in outcomes if one.shown)


def fills(coverage: Coverage, index: Index) -> dict[NoticeSet, Fill]:
    """Every set of notices that occurs, the one of none first, then in the order of rules, sure ones first."""
    found = {notice_set(outcomes) for stretch in coverage.cells for kind in stretch for outcomes in kind}
    order = sorted(found - {()}, key=lambda one: ([rule for rule, _ in one], [not sure for _, sure in one]))
    return {one: Fill(number, one, _label(one, index)) for number, one in enumerate([(), *order])}


def _label(notices: NoticeSet, index: Index) -> str:
    words = [_notice(index, rule, sure=sure) for rule, sure in notices]
    return " + ".join(words) or "No notice"


def _notice(index: Index, number: int, *, sure: bool) -> str:
    rule = index.rules[number]
    withheld = "page withheld by " if rule.action == "withhold" else ""
    return f"{withheld}{rule.id}{'' if sure else ' (on a maybe)'}"


def patterns(several: Sequence[Fill]) -> str:
    """The definitions of all fills but the one of no notice, as an SVG of no size."""
    looks = list(_looks(several))
    drawn = "".join(_pattern(f"{scope}{number}", *look) for scope in SCOPES.values() for number, look in looks)
    return element(
        "svg", f"<defs>{drawn}</defs>", width=0, height=0, aria_hidden="true", focusable="false", class_="defs"
    )


def _looks(several: Sequence[Fill]) -> Iterator[tuple[int, tuple[int, str]]]:
    """Colour and figures by number; sets of the same rules have the same colour, a maybe in one has stripes."""
    places: dict[tuple[int, ...], int] = {}
    for fill in several:
        if fill.notices:
            place = places.setdefault(tuple(rule for rule, _ in fill.notices), len(places))
            stripes = "" if all(sure for _, sure in fill.notices) else _STRIPES
            yield fill.number, (place % _COLOURS, _FIGURES[place % len(_FIGURES)] + stripes)


def _pattern(name: str, colour: int, figures: str) -> str:
    return (
        f'<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse" class="k{colour}">'
        f'<rect class="ground" width="8" height="8"/><g class="figure">{figures}</g></pattern>'
    )


def fill_rules(several: Sequence[Fill]) -> str:
    """The CSS that fills what has a fill's class."""
    filled = [fill.number for fill in several if fill.notices]
    return "".join(
        f"{selector}.f{number}{{fill:url(#{scope}{number})}}" for selector, scope in SCOPES.items() for number in filled
    )


def swatch(number: int, readers: int | None = None) -> str:
    """A small square with the fill, beside words that say the same; of *readers*, if it changes with them."""
    return element(
        "svg",
        element("rect", class_=f"f{number}", width=20, height=14, data_c=readers),
        class_="swatch", viewBox="0 0 20 14", width=20, height=14, aria_hidden="true", focusable="false",
    )  # fmt: skip
