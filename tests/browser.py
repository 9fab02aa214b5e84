"""A headless Chromium for tests: import ``browser`` (one for the session) and ``visit`` (opens HTML as a page).

Only where no Chromium is installed are these tests skipped. Nothing that the browser does leaves the machine.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright

from notices.fragment import STYLE_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = "http://page.test/"
#: Shifts are counted from the first frame on, also those before the page has loaded.
WATCH_SHIFTS = (
    "window.shifts = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())"
    " window.shifts += entry.value; }).observe({type: 'layout-shift', buffered: true});"
)
#: A playwright runs once in a process, so its browser is kept beyond any one fixture.
INSTANCE = pytest.StashKey[Browser]()
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium(playwright: Playwright) -> str | None:
    """Find a Chromium: the system's, else the one that playwright has installed."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Browser:
    """One headless Chromium for the session, the same for every module that imports this fixture."""
    stash = request.config.stash
    if INSTANCE not in stash:
        stash[INSTANCE] = _start(request.config)
    return stash[INSTANCE]


def _start(config: pytest.Config) -> Browser:
    playwright = sync_playwright().start()
    path = find_chromium(playwright)
    if path is None:
        playwright.stop()
        pytest.skip("no Chromium is installed")
    config.add_cleanup(playwright.stop)
    instance = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
    config.add_cleanup(instance.close)
    return instance


def serve(page: Page, html: str, headers: dict[str, str] | None = None) -> None:
    """Answer the page and the notices' style sheet from memory, and nothing else."""

    def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers or {})
        elif route.request.url == f"{ADDRESS}sheet.css":
            route.fulfill(body=STYLE_SHEET, content_type="text/css")
        else:
            route.abort()

    page.route("**/*", answer)
    page.add_init_script(WATCH_SHIFTS)
    page.goto(ADDRESS)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Any]:
    """A function that opens HTML with headers and playwright's context options, and gives the page."""
    contexts = []

    def open_(html: str, headers: dict[str, str] | None = None, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        serve(page, html, headers)
        return page

    yield open_
    for context in contexts:
        context.close()
