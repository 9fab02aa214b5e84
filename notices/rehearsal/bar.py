"""The bar at the foot of a served rehearsal: for whom the page is shown, and a form to choose somebody else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from notices.inject import insert
from notices.location import Where
from notices.region import WORLD, region_names

from .words import outcome_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notices.location import Entry
    from notices.ruleset import Ruleset

    from .stage import Rendition, Visitor

REGION, LANGUAGE = "notices-region", "notices-language"
_LOOK = (
    ".notices-rehearsal,.notices-rehearsal *{all:revert;box-sizing:border-box;font:14px/1.4 system-ui,sans-serif}"
    ".notices-rehearsal{position:fixed;inset:auto 0 0 0;z-index:2147483647;padding:8px 12px;background:#1d2733;"
    "color:#fff;border-top:3px solid #f2b705}"
    ".notices-rehearsal form{display:flex;flex-wrap:wrap;gap:6px 12px;align-items:center;margin:0}"
    ".notices-rehearsal input{width:11em;padding:2px 6px;color:#000;background:#fff;border:1px solid #8795a5}"
    ".notices-rehearsal button{padding:2px 12px}.notices-rehearsal output{font-weight:600;color:#ffd95c}"
    "body{padding-bottom:6em}@media print{.notices-rehearsal{display:none}}"
)


def with_bar(rendition: Rendition, visitor: Visitor, ruleset: Ruleset, fault: str | None) -> bytes:
    """The page with the bar at its end, where a fault of the last choice is told too."""
    charset = next((value for name, value in rendition.headers if name.lower() == "content-type"), "")
    label = charset.partition("charset=")[2].strip(' "') or None
    return b"".join(insert([rendition.body], _bar(rendition, visitor, ruleset, fault), "bottom", charset=label))


def _bar(rendition: Rendition, visitor: Visitor, ruleset: Ruleset, fault: str | None) -> bytes:
    said = f"Not understood: {fault}" if fault else outcome_in_words(rendition)
    text = (
        f'<aside class="notices-rehearsal" aria-label="Preview"><style>{_LOOK}</style><form method="get">'
        f"<strong>Preview</strong>"
        f"{_field('Reader in', REGION, ', '.join(visitor.regions), _regions(ruleset))}"
        f"{_field('reading', LANGUAGE, ', '.join(visitor.languages), [(tag, '') for tag in _languages(ruleset)])}"
        f"<button>Show</button><output>{escape(said)}</output></form></aside>"
    )
    return text.encode("ascii", "xmlcharrefreplace")


def _field(label: str, name: str, value: str, offered: Iterable[tuple[str, str]]) -> str:
    options = "".join(f'<option value="{escape(code)}">{escape(meaning)}</option>' for code, meaning in offered)
    return (
        f'<label>{label} <input name="{name}" value="{escape(value)}" list="{name}-offered" autocomplete="off"></label>'
        f'<datalist id="{name}-offered">{options}</datalist>'
    )


def _regions(ruleset: Ruleset) -> list[tuple[str, str]]:
    """What the form offers: no place, the regions that the rules name, and every country."""
    names = region_names()
    named = {code for rule in ruleset.rules.values() for code in _codes(rule.where)} - {WORLD}
    countries = {code for code in names if len(code) == len("RU")}
    hidden = [("unknown", "nobody knows where"), ("tor", "through Tor"), ("vpn", "through a VPN")]
    return [*hidden, *((code, names[code]) for code in (*sorted(named), *sorted(countries - named)))]


def _codes(operand: Entry | Where) -> set[str]:
    if not isinstance(operand, Where):
        return {operand.region}
    return {code for inner in (*operand.include, *operand.exclude) for code in _codes(inner)}


def _languages(ruleset: Ruleset) -> list[str]:
    return sorted({tag for rule in ruleset.rules.values() for version in rule.texts for tag in version.texts})
