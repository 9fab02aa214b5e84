"""Foreign pages behind the middleware, served and seen in a real browser: one notice in its place, and nothing else."""

from __future__ import annotations

import contextlib

import pytest
import waitress.server

from notices.wsgi import NoticesMiddleware
from tests.browser import WATCH_SHIFTS
from tests.browser import browser as browser
from tests.foreign_pages import FOREIGN_PAGES
from tests.servers import serving
from tests.sites import RULES, service

PAGES = {f"/{name.replace(' ', '-')}": text.replace("{notice}", "") for name, text in FOREIGN_PAGES.items()}
POLICIES = {
    "/strict": "default-src 'none'; style-src 'self'",
    "/nonce": "default-src 'none'; style-src 'nonce-bm9uY2U='",
}
PLAIN = "<!DOCTYPE html><html lang=en><title>P</title><body><main><article><p>Text.</p></article></main></body></html>"


def site(environ, start_response):
    path = environ["PATH_INFO"]
    policy = [("Content-Security-Policy", POLICIES[path])] if path in POLICIES else []
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), *policy])
    return [PAGES.get(path, PLAIN).encode()]


@pytest.fixture(scope="module", params=["top", "bottom"])
def place(request):
    return request.param


@pytest.fixture(scope="module")
def address(place, tmp_path_factory):
    rules = RULES.replace("text:", f"show: {{at: [{place}]}}\n    text:")
    made = NoticesMiddleware(site, service(tmp_path_factory.mktemp(place), rules))
    server = waitress.server.create_server(made, host="127.0.0.1", port=0, threads=2)
    with serving(server.run, lambda: server.trigger.pull_trigger(server.close)):
        yield f"http://127.0.0.1:{server.effective_port}"
    server.task_dispatcher.shutdown()


@contextlib.contextmanager
def reader(browser, region, **options):
    context = browser.new_context(extra_http_headers={"X-Country": region}, **options)
    page = context.new_page()
    page.complaints, page.asked = [], []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("request", lambda request: page.asked.append(request.url))
    page.add_init_script(WATCH_SHIFTS)
    yield page
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_one_notice_in_its_place(browser, address, place, path):
    """First or last in the body, seen, still; no request, no storage and no complaint comes of it."""
    with reader(browser, "RU", viewport={"width": 1280, "height": 900}) as page:
        page.goto(address + path)
        notice = page.locator(".lawtext")
        assert notice.count() == 1
        end = "firstElementChild" if place == "top" else "lastElementChild"
        assert page.evaluate(f"document.body.{end}.classList.contains('lawtext')")
        notice.scroll_into_view_if_needed()
        assert notice.is_visible()
        assert notice.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
        # Without a doctype the body is as tall as the window, and has the notice's margin only once its style is read:
        # where the browser paints in between, the empty page moves by 8 of 900 pixels.
        assert page.evaluate("document.compatMode === 'BackCompat' && shifts < 0.01 || shifts") in (True, 0)
        assert page.complaints == []
        assert [url for url in page.asked if not url.endswith("favicon.ico")] == [address + path]
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_readers_elsewhere_see_the_page_alone(browser, address):
    """No notice, and no trace of one."""
    with reader(browser, "DE") as page:
        page.goto(address + next(iter(PAGES)))
        assert page.locator(".lawtext").count() == 0
        assert page.evaluate("document.body.textContent.includes('offence')") is False


@pytest.mark.parametrize("path", POLICIES)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_strict_policies_are_kept(browser, address, path, scripts):
    """By a nonce or a linked sheet of the site itself the notice has its style, and the browser has no complaint."""
    with reader(browser, "RU", java_script_enabled=scripts) as page:
        page.goto(address + path)
        assert page.locator(".lawtext").is_visible()
        wide = page.locator(".lawtext").bounding_box()["width"]
        assert 240 <= wide <= 46 * 16
        assert [text for text in page.complaints if "favicon" not in text] == []
        sheets = [url for url in page.asked if "/notices/lawtext-" in url]
        assert len(sheets) == (path == "/strict")
