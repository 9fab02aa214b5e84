"""The demonstration in a browser: who sees which notice where, on a phone and a desk, by day and night, and cleanly."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from werkzeug.serving import WSGIRequestHandler, make_server

from demo import create_app
from tests.browser import browser as browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page, Request

ROOT = Path(__file__).parent.parent
ENGLISH, RUSSIAN = "/news/archive-bill", "/ru/news/arkhiv-gazet"
UKRAINIAN, ARABIC = "/uk/news/pekarnia", "/ar/news/book-market"
each_width = pytest.mark.parametrize("width", [360, 1280])
each_scheme = pytest.mark.parametrize("scheme", ["light", "dark"])


class Quiet(WSGIRequestHandler):
    """A handler that writes no log of requests."""

    def log_request(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The demonstration, served for real; its address."""
    app = create_app(DEMO=True, NOTICES_STATE=None, NOTICES_RELOAD="off", NOTICES_RULES=str(ROOT / "rules"))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@dataclass
class Visit:
    """One page as a visitor has it, and everything that the browser complained of or asked elsewhere."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def note_failure(self, request: Request) -> None:
        """Note a request that failed, unless the browser itself let go of it since it went on to another page."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    @property
    def notices(self) -> list[Locator]:
        return [notice for notice in self.page.locator("aside[data-notices-variant]").all() if notice.is_visible()]

    @property
    def languages(self) -> list[str | None]:
        return [notice.get_attribute("lang") for notice in self.notices]


@contextmanager
def visiting(browser: Browser, site: str, path: str, region: str, **options: Any) -> Iterator[Visit]:
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
    try:
        page = context.new_page()
        visit = Visit(page)
        page.on("console", lambda message: visit.complaints.append(message.text))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("requestfailed", visit.note_failure)
        origin = urlsplit(site).netloc
        page.on("request", lambda r: visit.elsewhere.append(r.url) if urlsplit(r.url).netloc != origin else None)
        query = urlencode({"page": path, "region": region, "language": ""})
        page.goto(f"{site}/demo/visit?{query}", wait_until="load")
        yield visit
    finally:
        context.close()


def follows(upper: Locator, lower: Locator) -> bool:
    above, below = upper.bounding_box(), lower.bounding_box()
    return above is not None and below is not None and above["y"] + above["height"] <= below["y"] + 1


@pytest.mark.parametrize(
    ("path", "languages", "width", "scheme"),
    [
        pytest.param(ENGLISH, ["en", "ru"], 1280, "light", id="en, desk"),
        pytest.param(ENGLISH, ["en", "ru"], 360, "dark", id="en, phone, dark"),
        pytest.param(RUSSIAN, ["ru"], 1280, "dark", id="ru, desk, dark"),
        pytest.param(RUSSIAN, ["ru"], 360, "light", id="ru, phone"),
        pytest.param(UKRAINIAN, ["uk", "ru"], 360, "light", id="uk, phone"),
        pytest.param(ARABIC, ["ar", "ru"], 1280, "light", id="ar, desk"),
        pytest.param(ARABIC, ["ar", "ru"], 360, "dark", id="ar, phone, dark"),
    ],
)
def test_a_reader_in_russia_sees_the_notice_after_the_article(browser, site, path, languages, width, scheme):
    """It stands between article and comments, once a language, inside the window, and the browser has no complaint."""
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with visiting(browser, site, path, "RU", **options) as visit:
        assert visit.languages == languages
        article, comments = visit.page.locator("article"), visit.page.locator(".comments")
        assert follows(article, visit.notices[0])
        assert follows(visit.notices[-1], comments)
        for notice in visit.notices:
            box = notice.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["height"] > 60
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.complaints == []
        assert visit.elsewhere == []


@pytest.mark.parametrize(
    ("region", "languages"),
    [
        pytest.param("UA-43", ["ru"], id="Crimea"),
        pytest.param("UA", ["ru"], id="only Ukraine is known"),
        pytest.param("BY", ["ru"], id="Belarus, its own warning"),
        pytest.param("UA-30", [], id="Kyiv"),
        pytest.param("DE", [], id="Germany"),
    ],
)
def test_the_notice_depends_on_the_place(browser, site, region, languages):
    """One notice where it holds or may hold, none where it cannot, on article and home page."""
    with visiting(browser, site, RUSSIAN, region) as visit:
        assert visit.languages == languages
        with visit.page.expect_navigation():
            visit.page.locator(".nameplate a").click()
        assert visit.page.locator(".home").is_visible()
        assert visit.languages == languages
        assert visit.complaints == []
        assert visit.elsewhere == []


def test_who_cannot_be_located_is_warned(browser, site):
    """A reader through Tor sees every warning that may concern them."""
    with visiting(browser, site, RUSSIAN, "tor") as visit:
        assert len(visit.notices) == 2


@each_width
def test_the_home_page_has_its_notice_in_view(browser, site, width):
    """On the home page it stands below the leading report, above the others."""
    with visiting(browser, site, "/ru/", "RU", viewport={"width": width, "height": 800}) as visit:
        (notice,) = visit.notices
        assert follows(visit.page.locator(".lead"), notice)
        assert follows(notice, visit.page.locator(".river"))
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@each_scheme
def test_the_notice_has_its_style(browser, site, scheme):
    """The linked style sheet is loaded under the site's policy, and follows the reader's colours."""
    with visiting(browser, site, RUSSIAN, "RU", color_scheme=scheme) as visit:
        colours = visit.notices[0].evaluate("n => [getComputedStyle(n).backgroundColor, getComputedStyle(n).color]")
        paper, ink = (sum(int(part) for part in colour[4:-1].split(",")) for colour in colours)
        assert (paper > 600 > 300 > ink) if scheme == "light" else (paper < 200 < 500 < ink)


def test_arabic_runs_from_right_to_left(browser, site):
    """Page and notice are set right to left; the Russian text in the same page is not."""
    with visiting(browser, site, ARABIC, "RU") as visit:
        arabic, russian = visit.notices
        assert arabic.evaluate("n => getComputedStyle(n).direction") == "rtl"
        assert russian.evaluate("n => getComputedStyle(n).direction") == "ltr"
        title, main = visit.page.locator("h1").bounding_box(), visit.page.locator("main").bounding_box()
        assert title["x"] + title["width"] == pytest.approx(main["x"] + main["width"], abs=40)


def test_sharing_is_out_of_reach_where_it_is_punished(browser, site):
    """In Russia the share links are neither seen nor reached by keyboard; in Germany they are."""
    with visiting(browser, site, ENGLISH, "RU") as visit:
        link = visit.page.locator(".share a").first
        assert not link.is_visible()
        link.evaluate("link => link.focus()")
        assert not link.evaluate("link => link === document.activeElement")
    with visiting(browser, site, ENGLISH, "DE") as visit:
        assert visit.page.locator(".share a").first.is_visible()


def test_commenting_is_warned_of_where_it_is_punished(browser, site):
    """A short warning stands right before the comment form, which stays usable."""
    with visiting(browser, site, RUSSIAN, "RU") as visit:
        form = visit.page.locator("form[data-notices-feature=comment]")
        warning = form.evaluate("form => form.previousElementSibling.innerText")
        assert "вас могут наказать за репост, комментарий" in warning
        form.locator("textarea").fill("Спасибо")
        with visit.page.expect_navigation():
            form.locator("button").click()
        assert visit.page.locator("h1").inner_text() == "Спасибо"


def test_the_bar_works_with_the_keyboard_alone(browser, site):
    """Region chosen, sent and the reasons opened without a mouse or a script; the next page keeps the visitor."""
    with visiting(browser, site, RUSSIAN, "DE", java_script_enabled=False) as visit:
        page = visit.page
        page.locator("select[name=region]").focus()
        page.locator("select[name=region]").select_option("RU")
        page.locator(".demo-form button").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert visit.languages == ["ru"]
        page.locator(".demo summary").focus()
        page.keyboard.press("Enter")
        panel = page.locator(".demo-panel")
        assert panel.is_visible()
        assert "RU is in RU" in panel.inner_text()
        with page.expect_navigation():
            page.locator(".sections a").first.click()
        assert page.locator("select[name=region]").input_value() == "RU"
        assert visit.languages == ["ru"]


def test_the_notice_is_printed_and_the_bar_is_not(browser, site):
    """On paper stands what concerns the reader, without what can only be clicked."""
    with visiting(browser, site, RUSSIAN, "RU") as visit:
        visit.page.emulate_media(media="print")
        assert visit.languages == ["ru"]
        for hidden in (".demo", ".search", ".comments form"):
            assert not visit.page.locator(hidden).is_visible()


@pytest.mark.parametrize(
    "path", ["/", ENGLISH, RUSSIAN, ARABIC, "/uk/contact", "/section/culture", "/ar/search?q=x", "/ru/nowhere"]
)
def test_the_site_is_accessible(browser, site, path):
    """axe finds nothing on any kind of page, by day and by night, the bar's panel open, on a phone's width."""
    with visiting(browser, site, ENGLISH, "RU", viewport={"width": 360, "height": 800}) as visit:
        token = urlsplit(visit.page.url).query
        visit.page.goto(f"{site}{path}{'&' if '?' in path else '?'}{token}")
        visit.page.locator(".demo summary").click()
        for scheme in ("light", "dark"):
            visit.page.emulate_media(color_scheme=scheme)
            results = Axe().run(visit.page)
            assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("path", ["/", ENGLISH, ARABIC, "/contact"])
def test_nothing_is_wider_than_the_smallest_screen(browser, site, path):
    """At 320 pixels, or a desk's width zoomed four times, nobody scrolls sideways (WCAG 1.4.10)."""
    with visiting(browser, site, path, "tor", viewport={"width": 320, "height": 640}) as visit:
        visit.page.locator(".demo summary").click()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
