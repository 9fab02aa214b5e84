"""Ask the common filter lists of content blockers whether they would hide a notice, in Chromium; from an npm package.

Run: ``npm pack @adguard/dnr-rulesets``, then ``python scripts/check_filter_lists.py adguard-dnr-rulesets-*.tgz``.

The package holds EasyList with its national lists, and lists of cookie notices, popups, annoyances and widgets. Only
rules for every site count: a list that names one site speaks of what it has seen there.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tarfile
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from notices.fragment import SCALES, Inline, render_fragment, render_warning
from notices.notice import Notice

_RULE = re.compile(r"([^#|/$!@]*)##(?!\+js|\^|%#)(.+)")
_HITS = """selectors => selectors.filter(s => { try {
  return [...document.querySelectorAll(s)].some(e => e.closest('aside, span'));
} catch { return false; } })"""
_LEVELS: tuple[Literal["info", "warning", "legal"], ...] = ("info", "warning", "legal")
#: What the judge itself must find, or it is blind.
_BAIT = '<aside class="AdBox160">bait</aside>'


def general_selectors(package: Path) -> tuple[int, set[str]]:
    """How many lists *package* holds, and the selectors that these hide on every site."""
    lists, selectors = 0, set()
    with tarfile.open(package) as archive:
        for member in archive:
            if not re.fullmatch(r".*/declarative/ruleset_\d+/ruleset_\d+\.json", member.name):
                continue
            data = archive.extractfile(member)
            rules = json.load(data) if data else []
            text = rules[0]["metadata"].get("rawFilterList", "") if rules else ""
            lists += bool(text)
            found = (match for line in text.splitlines() if (match := _RULE.fullmatch(line)))
            selectors |= {match[2] for match in found if _is_general(match[1])}
    return lists, selectors


def _is_general(domains: str) -> bool:
    return all(domain == "*" or domain.startswith("~") for domain in domains.split(",") if domain)


def notices() -> str:
    """Every kind of notice, and the short text before a feature."""
    text = ""
    for level, collapsible, scale in product(_LEVELS, (False, True), (None, *SCALES)):
        notice = Notice(
            rule="rule", sure=True, level=level, at=(), language="en", direction="ltr", title="Title", text="Text.",
            body="<p>Text.</p>", href="https://courier.example/", label="More", collapsible=collapsible, scale=scale,
        )  # fmt: skip
        text += render_fragment(notice, variant="1a2b3c4d", style=Inline()).decode("ascii")
        text += render_warning(notice).decode("ascii")
    return text


def hidden(html: str, selectors: set[str]) -> list[str]:
    """The *selectors* that hide anything of *html*, by Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(f"<!DOCTYPE html><title>Notices</title><body>{html}")
        found: list[str] = page.evaluate(_HITS, sorted(selectors))
        browser.close()
    return found


def main(package: str) -> int:
    """Print what was asked and found; 1 where a notice would be hidden."""
    lists, selectors = general_selectors(Path(package))
    if not hidden(_BAIT, selectors):
        print("the bait was not found: the lists are not what this script reads", file=sys.stderr)
        return 1
    found = hidden(notices(), selectors)
    print(f"{len(selectors):,} general rules of {lists} lists; those that hide a notice: {found or 'none'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
