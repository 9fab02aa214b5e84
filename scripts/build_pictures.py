"""Make the pictures of README and handbook anew, as a headless Chromium shows the pages now.

The handbook is played in a folder of its own, the demo served on this machine.
Run: ``python scripts/build_pictures.py``.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Iterator

TREE = Path(__file__).resolve().parent.parent
PICTURES = TREE / "docs" / "img"
#: The handbook's page as a reader in Russia gets it, with the bar below it.
PREVIEW = ("preview", "page.html", "--surface", "article", "--at", "2026-12-02", "--region", "RU", "--language", "ru",
           "--serve", "--port", "0")  # fmt: skip


def module(name: str, path: Path) -> Any:
    """A script of this folder as a module."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@contextmanager
def served(app: Any) -> Iterator[str]:
    """*app* on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@contextmanager
def opened(browser: Browser, address: str, width: int, height: int) -> Iterator[Page]:
    """*address* in a window of that size, by day."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.goto(address)
    yield page
    page.close()


def demo(browser: Browser) -> None:
    """An article as a reader in Russia gets it, and why a reader of whom only Ukraine is known is warned."""
    sys.path.insert(0, str(TREE))
    from app import app  # the demo stands in the tree, not in the package

    with served(app) as site:
        visit = urlencode({"page": "/news/archive-bill", "region": "RU"})
        with opened(browser, f"{site}/demo/visit?{visit}", 1120, 860) as page:
            notice = page.locator("article + aside, aside.lawtext").first
            notice.evaluate("it => window.scrollTo(0, it.getBoundingClientRect().top + scrollY - 330)")
            page.screenshot(path=PICTURES / "article-ru.png")
        with opened(browser, f"{site}/demo/visit?{urlencode({'page': '/', 'region': 'UA'})}", 1120, 780) as page:
            page.locator("summary").first.click()
            page.screenshot(path=PICTURES / "why.png")


def handbook(browser: Browser, folder: Path) -> None:
    """The page and the map of the handbook, at the places where it shows them."""
    played = module("build_handbook", TREE / "scripts" / "build_handbook.py")
    played.play(played.HANDBOOK.read_text("utf-8"), folder)
    with opened(browser, (folder / "coverage.html").as_uri(), 900, 820) as page:
        page.locator("#where").evaluate("it => window.scrollTo(0, it.getBoundingClientRect().top + scrollY - 110)")
        page.screenshot(path=PICTURES / "coverage.png")
    with previewed(folder) as address, opened(browser, address, 900, 560) as page:
        page.screenshot(path=PICTURES / "preview.png")


@contextmanager
def previewed(folder: Path) -> Iterator[str]:
    """The address at which ``notices preview`` serves the handbook's page."""
    command = [sys.executable, "-u", "-m", "notices", *PREVIEW]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split(" ", 1)[0]
        process.terminate()


def main() -> None:
    """Every picture, in one browser."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        folder = Path(scratch) / "newsroom"
        folder.mkdir()
        handbook(browser, folder)
        demo(browser)
        browser.close()


if __name__ == "__main__":
    main()
