"""The page of ``notices coverage`` in a browser: it draws, filters, prints, fits, and asks for nothing."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from notices.coverage import cover, render_page
from notices.index import build_index
from tests.browser import browser as browser
from tests.build import CONTROLLED, NOON, pages, rule, ruleset, texts


@pytest.fixture(scope="module")
def html():
    index = build_index(
        ruleset(
            rule("safety", ["RU", CONTROLLED], kind="reader-safety", texts=(texts({"en": "x", "ru": "у"}),)),
            rule("games", ["FR"], pages=pages(tags=["gambling"])),
            rule("later", ["DE"], windows=[("2027-01-01", None)]),
            rule("state", ["US-CA"], pages=pages(surfaces=["form"])),
            rule("order", ["SG"], action="withhold", unsure={"coarse": "show"}, text=None, confidential=True),
        )
    )
    return render_page(cover(index, NOON), index)


@pytest.fixture
def opened(browser, html, tmp_path):
    """A function that opens the page from its file; in the end nothing is complained of or asked for elsewhere."""
    file = tmp_path / "coverage.html"
    file.write_text(html, "utf-8")
    complaints, asked, contexts = [], [], []

    def open_(**options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
    assert set(asked) == {file.as_uri()}


def rows(page):
    return {row.inner_text() for row in page.locator("tr[data-e]:visible th").all()}


def fill(page, code):
    return page.evaluate("code => getComputedStyle(document.querySelector(`[data-n^='${code} ']`)).fill", code)


def title(page, code):
    return page.evaluate("code => document.querySelector(`[data-n^='${code} '] title`).textContent", code)


def test_pages_are_filtered(opened):
    """Choosing a kind of page leaves its rules in the table, and repaints the map and the legend."""
    page = opened()
    assert rows(page) == {"safety", "games", "state", "order"}
    assert fill(page, "FR") != fill(page, "DE") == fill(page, "BR")
    option = next(one for one in page.locator("#kind option").all_inner_texts() if one.startswith("Forms, but"))
    page.select_option("#kind", label=option)
    assert rows(page) == {"safety", "state", "order"}
    assert fill(page, "FR") == fill(page, "BR")
    assert title(page, "FR").endswith(": No notice")
    assert page.locator("li[data-f]:visible", has_text="games").count() == 0


def test_periods_are_filtered(opened):
    """From the instant on, the later rule is there."""
    page = opened()
    assert title(page, "DE").endswith(": No notice")
    page.select_option("#stretch", label="From 1 Jan 2027 on")
    assert title(page, "DE").endswith(": later")
    assert "later" in rows(page)
    assert page.locator("li[data-f]:visible", has_text="later").inner_text().endswith("1 country, 16 parts")


def test_languages_are_filtered(opened):
    """The text that a page and reader in Russian get."""
    page = opened()
    cell = page.locator("tr[data-e]:visible", has_text="safety").last.locator("[data-t]")
    assert cell.inner_text() == "en"
    page.select_option("#language", label="ru")
    assert cell.inner_text() == "ru"
    games = page.locator("tr[data-e].on:visible", has_text="games").last.locator("[data-t]")
    assert games.inner_text() == "en (no text in ru)"


def test_what_the_script_paints_first_is_what_stood_there(opened):
    """With and without the script the page opens with the same rows, fills and counts."""
    with_script, without = opened(), opened(java_script_enabled=False)
    for page in (with_script, without):
        assert page.locator("#world").is_visible()
    assert rows(with_script) == rows(without)
    assert with_script.locator(".legend").inner_text() == without.locator(".legend").inner_text()
    assert without.locator("#filters").is_hidden()


def test_the_map_is_zoomed_and_moved(opened):
    """By buttons, and no further than the map goes; figures of fills keep their size."""
    page = opened()
    world = page.locator("#world")
    whole = world.get_attribute("viewBox")
    page.get_by_role("group", name="View of the map: world").get_by_role("button", name="Europe").click()
    assert float(world.get_attribute("viewBox").split(" ")[2]) == 190
    scale = page.evaluate("document.querySelector('pattern[id^=world-]').getAttribute('patternTransform')")
    assert float(scale[6:-1]) == pytest.approx(190 / page.evaluate("document.getElementById('world').clientWidth"))
    for _ in range(12):
        page.get_by_role("group", name="View of the map: world").get_by_role("button", name="Move up").click()
    assert float(world.get_attribute("viewBox").split(" ")[1]) == 0
    page.get_by_role("group", name="View of the map: world").get_by_role("button", name="Whole map").click()
    assert [float(one) for one in world.get_attribute("viewBox").split(" ")] == [float(one) for one in whole.split(" ")]


def test_pointing_at_a_place_names_it(opened):
    """The line on the map says what the place is shown."""
    page = opened()
    page.locator("#ukraine [data-n^='UA-14 ']").hover()
    assert page.locator("#map-UA .hint").inner_text() == "UA-14 Donetska oblast: safety (on a maybe)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_is_accessible(opened, scheme, width):
    """axe-core finds nothing, by day and night, on a phone and a desk, and nothing runs out at the side."""
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 900})
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_prints(opened):
    """Buttons go, the chosen filters stay, colours are the light ones also from a dark screen."""
    page = opened(color_scheme="dark")
    page.emulate_media(media="print")
    assert page.locator(".controls:visible").count() == 0
    assert page.locator("#filters").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("#cells").is_visible()


def test_the_table_begins_a_sheet_and_nothing_touches_its_edges(opened):
    """On paper the table stands below its heading, and the sheet has margins whatever the printer's default is."""
    page = opened()
    page.emulate_media(media="print")
    table = page.locator("section", has=page.locator("#cells")).last
    assert table.locator("h2").inner_text() == "Readers, rules and causes"
    assert table.evaluate("it => getComputedStyle(it).breakBefore") == "page"
    rules = "[...document.styleSheets].flatMap(sheet => [...sheet.cssRules])"
    margins = page.evaluate(f"{rules}.filter(rule => rule instanceof CSSPageRule).map(rule => rule.style.marginLeft)")
    assert margins == ["12mm"]


def test_small_print_is_smaller_than_what_it_belongs_to(opened):
    """On paper as on a screen: counts of places stand under names, heads over columns, not larger than they."""
    page = opened()
    page.emulate_media(media="print")
    size = "it => parseFloat(getComputedStyle(it).fontSize)"
    pairs = [(".legend li span:last-child", ".legend li span"), ("#cells summary", "#cells .who"), ("thead th", "td")]
    for small, large in pairs:
        assert page.locator(small).first.evaluate(size) <= page.locator(large).first.evaluate(size) * 1.1, small
