"""Promises of the fragment that only a browser can judge: seen, in place, still, accessible, on pages that fight it."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from notices.fragment import STYLE_SHEET, Inline, Linked, Unstyled, render_warning
from tests.browser import browser as browser
from tests.browser import visit as visit
from tests.foreign_pages import FOREIGN_PAGES
from tests.fragments import is_on_top, make_notice, put

if TYPE_CHECKING:
    from playwright.sync_api import Page

PLAIN = (
    '<!DOCTYPE html><html lang="en"><head><meta name="viewport" content="width=device-width"><title>P</title></head>'
    '<body>{notice}<main><h1>Report</h1><p id="own">Words.</p></main></body></html>'
)
each_page = pytest.mark.parametrize("skeleton", FOREIGN_PAGES.values(), ids=FOREIGN_PAGES.keys())


ARABIC = make_notice(
    language="ar",
    direction="rtl",
    title="قد تُعاقب على المشاركة",
    body="<p>قد يعاقب بالغرامة من يشارك هذه الصفحة.</p><ul><li>المشاركة</li></ul>",
    label="اعرف المزيد",
)


def findings(page: Page) -> list[str]:
    """What axe-core finds on the notice, rule by rule, with the best practices."""
    result = Axe().run(page, context=".lawtext")
    return [f"{found['id']}: {node['html'][:80]}" for found in result.response["violations"] for node in found["nodes"]]


@each_page
@pytest.mark.parametrize("width", [320, 1280])
def test_notice_is_seen_whole_and_shifts_nothing(visit, skeleton, width):
    """On every skeleton, narrow (also 400 % zoom of 1280) and wide, the notice is seen, fits and moves nothing."""
    page = visit(put(skeleton, make_notice()), viewport={"width": width, "height": 900})
    notice = page.locator("aside.lawtext")
    box = notice.bounding_box()
    assert notice.is_visible()
    assert 240 <= box["width"] <= width
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert notice.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert notice.evaluate("e => getComputedStyle(e).opacity") == "1"
    assert is_on_top(page, ".lawtext-body p")
    assert is_on_top(page, ".lawtext-more a")
    assert page.evaluate("shifts") == 0


@each_page
def test_endless_words_break(visit, skeleton):
    """A word or address longer than a phone is wide breaks inside the notice instead of widening the page."""
    body = f"<p>{'Rechtsschutzversicherung' * 4}</p><p>https://courier.example/{'a' * 90}</p>"
    page = visit(put(skeleton, make_notice(title="W" * 60, body=body)), viewport={"width": 320, "height": 900})
    box = page.locator("aside.lawtext").bounding_box()
    assert box["x"] + box["width"] <= 320
    assert page.locator("aside.lawtext").evaluate("e => e.scrollWidth <= e.clientWidth")


@each_page
def test_axe_finds_nothing_on_foreign_pages(visit, skeleton):
    """On every skeleton axe-core has nothing to say about the notices, in light and in dark."""
    levels = [make_notice(), make_notice(level="info", title=None), make_notice(level="legal", collapsible=True)]
    page = visit(put(skeleton, *levels, ARABIC), viewport={"width": 800, "height": 900}, color_scheme="light")
    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []


@each_page
def test_type_holds_against_foreign_rules(visit, skeleton):
    """Text is at least 14 px, spaced for reading, with real bullets, whatever the page says of its own."""
    page = visit(put(skeleton, make_notice()), viewport={"width": 640, "height": 900})
    style = page.locator(".lawtext li").first.evaluate(
        "e => { const s = getComputedStyle(e); return [parseFloat(s.fontSize), parseFloat(s.lineHeight),"
        " s.display, s.letterSpacing, s.textTransform, getComputedStyle(e.parentElement).listStyleType]; }"
    )
    assert style[0] >= 14
    assert style[1] >= 1.3 * style[0]
    assert style[2:] == ["list-item", "normal", "none", "disc"]
    assert page.locator(".lawtext-more a").evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"


@each_page
def test_print_keeps_the_notice(visit, skeleton):
    """On paper the notice stays, black on white, also where the page's print sheet drops every aside."""
    page = visit(put(skeleton, make_notice()))
    page.emulate_media(media="print")
    notice = page.locator("aside.lawtext")
    assert notice.is_visible()
    assert notice.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]") == [
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ]
    assert "courier.example/safety" in page.locator(".lawtext-more a").evaluate(
        "e => getComputedStyle(e, '::after').content"
    )


@pytest.mark.parametrize("level", ["info", "warning", "legal"])
def test_forced_colours_keep_a_frame_and_the_word(visit, level):
    """With forced colours the box keeps a border on all sides and the level's word."""
    page = visit(put(PLAIN, make_notice(level=level)), forced_colors="active")
    widths = page.locator("aside.lawtext").evaluate(
        "e => ['Top', 'Right', 'Bottom', 'Left'].map(s => parseFloat(getComputedStyle(e)[`border${s}Width`]))"
    )
    assert min(widths) >= 1
    assert page.locator(".lawtext-sign").inner_text() in ("Notice", "Warning", "Legal notice")
    assert findings(page) == []


def test_levels_differ_without_colour(visit):
    """Each level has its own word and its own rule above: thin, thick, double."""
    notices = [make_notice(level=level) for level in ("info", "warning", "legal")]
    page = visit(put(PLAIN, *notices))
    shapes = page.locator("aside").evaluate_all(
        "all => all.map(e => { const s = getComputedStyle(e); return [s.borderTopStyle, s.borderTopWidth,"
        " e.querySelector('.lawtext-sign').innerText]; })"
    )
    assert shapes == [["solid", "1px", "Notice"], ["solid", "5px", "Warning"], ["double", "4px", "Legal notice"]]


def test_right_to_left_starts_at_the_right(visit):
    """An Arabic notice on an English page runs from the right: text, bullets and link."""
    page = visit(put(PLAIN, ARABIC), viewport={"width": 800, "height": 600})
    edges = page.evaluate(
        """() => { const right = s => { const range = document.createRange();
          range.selectNodeContents(document.querySelector(s)); return range.getBoundingClientRect().right; };
          return [right('.lawtext-title'), right('.lawtext-more'), right('.lawtext li'),
                  document.querySelector('.lawtext-body').getBoundingClientRect().right]; }"""
    )
    assert edges[0] == pytest.approx(edges[3], abs=1)
    assert edges[1] == pytest.approx(edges[3], abs=1)
    assert edges[2] < edges[3] - 10


def test_keyboard_reaches_links_and_fold(visit):
    """Tab goes through the fold and the links in order, each with a visible focus; Enter closes and opens."""
    page = visit(put(PLAIN, make_notice(collapsible=True)))
    seen = []
    for _ in range(3):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("[document.activeElement.localName, getComputedStyle(document.activeElement).outlineWidth]")
        )
    assert seen == [["summary", "3px"], ["a", "3px"], ["a", "3px"]]
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    assert not page.locator(".lawtext-body").is_visible()
    page.keyboard.press("Enter")
    assert page.locator(".lawtext-body").is_visible()


@pytest.mark.parametrize(
    ("scale", "size"), [(1.25, "21px"), (2.0, "12px"), (2.0, "16px"), (2.2, "16px"), (3.0, "21px")]
)
def test_scale_is_a_minimum_for_every_word(visit, scale, size):
    """With `scale` no text in the notice is smaller than that many times the page's, and it still fits 320 px."""
    html = put(PLAIN, make_notice(scale=scale)).replace("</head>", f"<style>body{{font-size:{size}}}</style></head>")
    page = visit(html, viewport={"width": 320, "height": 900})
    own = page.locator("#own").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    sizes = page.locator(".lawtext :is(p, li, a, strong)").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= scale * own
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize(
    ("style", "policy"),
    [
        pytest.param(Inline("r4nd0m"), "default-src 'none'; style-src 'nonce-r4nd0m'", id="nonce"),
        pytest.param(Linked("/sheet.css"), "default-src 'none'; style-src 'self'", id="linked"),
    ],
)
def test_style_passes_strict_policies(visit, style, policy):
    """Under a policy that forbids inline styles and all scripts the notice looks the same as without one."""
    strict = visit(put(PLAIN, make_notice(), style=style), {"Content-Security-Policy": policy})
    free = visit(put(PLAIN, make_notice()))
    look = (
        "e => { const s = getComputedStyle(e), b = e.getBoundingClientRect();"
        " return [s.backgroundColor, s.borderTopWidth, s.fontSize, b.width, b.height]; }"
    )
    assert strict.locator("aside").evaluate(look) == free.locator("aside").evaluate(look)
    assert free.locator("aside").evaluate(look)[0] == "rgb(253, 245, 228)"


@pytest.mark.parametrize("style", [Inline(), Linked("/sheet.css"), Unstyled()], ids=["inline", "linked", "unstyled"])
def test_nothing_shifts_and_scripts_are_not_needed(visit, style):
    """Whatever the style's way, with scripts off the text is there; with them on nothing has moved."""
    html = put(PLAIN, make_notice(), style=style)
    assert visit(html, java_script_enabled=False).locator("aside").is_visible()
    page = visit(html)
    page.wait_for_function("performance.getEntriesByType('paint').length > 0")
    assert page.evaluate("shifts") == 0


@pytest.mark.parametrize(
    "place", ["<p>{}<button>Share</button></p>", "<li>{}<button>Share</button></li>"], ids=["p", "li"]
)
def test_warning_stands_before_its_feature(visit, place):
    """The short text is seen right before the button, in the same parent, and axe has nothing to say."""
    warning = render_warning(make_notice(short="Sharing can be punished.")).decode("ascii")
    page = visit(put(PLAIN, make_notice()).replace("</main>", f"<ul>{place.format(warning)}</ul></main>"))
    short = page.locator(".lawtext-short")
    assert short.is_visible()
    assert short.evaluate("e => e.nextElementSibling.localName") == "button"
    assert short.bounding_box()["y"] < page.locator("button").bounding_box()["y"]


def test_minified_sheet_means_what_is_written(visit):
    """A browser reads the same rules from the sheet that pages get as from the one that people edit."""
    written = files("notices").joinpath("static/notices.css").read_text("ascii")
    # A custom property keeps the spaces it is written with; after a comma they mean nothing.
    read = (
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
        " return [...s.cssRules].map(r => r.cssText.replaceAll(', ', ',')); }"
    )
    page = visit(PLAIN)
    rules = page.evaluate(read, written)
    assert len(rules) > 30
    assert page.evaluate(read, STYLE_SHEET.decode("ascii")) == rules
