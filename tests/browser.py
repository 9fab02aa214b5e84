"""A headless Chromium for tests: import ``browser`` (one for the session) and ``page`` (a fresh one for each test).

Only where no Chromium is installed are these tests skipped. Nothing that the browser does leaves the machine.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

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
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole session."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            pytest.skip("no Chromium is installed")
        instance = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield instance
        instance.close()


@contextmanager
def open_page(browser: Browser, html: str, **options: Any) -> Iterator[Page]:
    """Show *html* in a context of its own; *options* are playwright's (viewport, color_scheme, ...)."""
    context = browser.new_context(**options)
    try:
        page = context.new_page()
        page.set_content(html, wait_until="load")
        yield page
    finally:
        context.close()
