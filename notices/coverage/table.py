"""The table region x rule x cause as HTML: a group of rows for each class of readers, a row for each outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.region import country_of, region_names

from .fills import notice_set, swatch
from .markup import element, text
from .wording import answer_in_words, readers_in_words, reason_in_words, result_in_words, size_in_words, text_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notices.index import Index

    from .fills import Fill, NoticeSet
    from .values import Coverage, Outcome, Readers

_HEADS = ("Rule", "In its regions?", "Cause of doubt", "Notice", "Why", "Text in")
#: So many countries are named at once.
_MOST_NAMES = 8
#: An outcome for one class of readers; it has one row, whenever and on whatever pages it occurs.
Entry = tuple[int, "Outcome"]


class Table:
    """The rows of a coverage; *choices* are the languages to choose from."""

    def __init__(self, coverage: Coverage, index: Index, fills: Mapping[NoticeSet, Fill]) -> None:
        self._coverage = coverage
        self._index = index
        self._fills = fills
        found = {
            (readers, outcome): None
            for stretch in coverage.cells
            for kind in stretch
            for readers, outcomes in enumerate(kind)
            for outcome in outcomes
        }
        self._entries: dict[Entry, int] = {entry: number for number, entry in enumerate(sorted(found, key=_place))}
        self.languages = _languages(index)

    def visible(self, stretch: int, kind: int) -> list[int]:
        """The numbers of the rows to be seen for a stretch of time and a kind of page."""
        cells = self._coverage.cells[stretch][kind]
        return sorted(self._entries[readers, one] for readers, several in enumerate(cells) for one in several)

    def fills(self, stretch: int, kind: int) -> list[int]:
        """The number of the fill of each class of readers."""
        return [self._fills[notice_set(outcomes)].number for outcomes in self._coverage.cells[stretch][kind]]

    def texts(self, stretch: int) -> dict[int, list[str]]:
        """For each rule in force its texts' languages, by the choices of languages, the one of none first."""
        default, at = self._index.ruleset.defaults.language, self._coverage.stretches[stretch].at
        ruling = {one.rule for kind in self._coverage.cells[stretch] for several in kind for one in several}
        return {
            rule: [text_in_words(self._index.shown(rule, at), tag, default) for tag in (None, *self.languages)]
            for rule in sorted(ruling)
        }

    def html(self) -> str:
        """The whole table; rows that are not of the stretch asked for on all pages together are hidden."""
        seen, texts = frozenset(self.visible(self._coverage.now, 0)), self.texts(self._coverage.now)
        fills = self.fills(self._coverage.now, 0)
        rows: dict[int, list[str]] = {}
        for (readers, outcome), number in self._entries.items():
            row = self._row(outcome, number, texts, hidden=number not in seen)
            rows.setdefault(readers, []).append(row)
        filled = {entry[0] for entry, number in self._entries.items() if number in seen}
        bodies = "".join(
            self._body(number, fills[number], rows.get(number, ()), empty=number not in filled)
            for number in sorted(range(len(fills)), key=lambda number: (not rows.get(number), number))
        )
        head = element("tr", "".join(element("th", name, scope="col") for name in _HEADS))
        caption = element("caption", "Each group of readers, and every rule that they are or may be in the regions of")
        return element("table", caption + element("thead", head) + bodies, id="cells")

    def _body(self, number: int, fill: int, rows: Sequence[str], *, empty: bool) -> str:
        readers = self._coverage.readers[number]
        label = element("span", text(readers_in_words(readers.visitors)), class_="who")
        heading = element("th", swatch(fill, number) + label + _members(readers), colspan=6, scope="rowgroup")
        cell = element("td", "In the regions of no rule in force for these pages.", colspan=6)
        none = element("tr", cell, class_="none", hidden=not empty)
        return element("tbody", element("tr", heading) + "".join(rows) + none, data_readers=number)

    def _row(self, outcome: Outcome, number: int, texts: Mapping[int, Sequence[str]], *, hidden: bool) -> str:
        rules = self._index.rules
        rule = rules[outcome.rule]
        answer, causes = answer_in_words(outcome)
        by = None if outcome.by is None else rules[outcome.by]
        result = result_in_words(outcome, rule)
        said = texts.get(outcome.rule, [""])[0] if outcome.shown else "–"
        cells = [
            element("th", element("a", text(rule.id), href=f"#rule-{outcome.rule}"), scope="row"),
            element("td", answer, data_label=_HEADS[1]),
            element("td", text(causes) or "–", data_label=_HEADS[2]),
            element("td", element("strong" if outcome.shown else "span", result), data_label=_HEADS[3]),
            element("td", text(reason_in_words(outcome, rule, by)), data_label=_HEADS[4]),
            element("td", text(said), data_label=_HEADS[5], data_t=outcome.rule if outcome.shown else None),
        ]
        return element("tr", "".join(cells), data_e=number, hidden=hidden, class_="on" if outcome.shown else "off")


def _place(entry: Entry) -> tuple[object, ...]:
    readers, outcome = entry
    return readers, outcome.rule, not outcome.shown, outcome.reason, outcome.causes, outcome.by or 0


def _languages(index: Index) -> tuple[str, ...]:
    return tuple(sorted({tag for rule in index.rules for version in rule.texts for tag in version.texts}))


def _members(readers: Readers) -> str:
    """The places of a class, countries with their names; in a part that opens."""
    visitors = readers.visitors
    names = [f"{code} {region_names()[code]}" for code in visitors.regions if code == country_of(code)]
    parts = [code for code in visitors.regions if code != country_of(code)]
    pairs = [" or ".join(codes) for codes in visitors.disagreeing]
    listed = [", ".join(several) for several in (names, parts, pairs) if several]
    if not listed:
        return ""
    counted = size_in_words(len(names), len(parts)) or f"{len(pairs)} pair{'s' * (len(pairs) > 1)} of answers"
    if 0 < len(names) <= _MOST_NAMES:
        counted += f": {', '.join(region_names()[code] for code in visitors.regions if code == country_of(code))}"
    return element("details", element("summary", text(counted)) + "".join(element("p", text(one)) for one in listed))
