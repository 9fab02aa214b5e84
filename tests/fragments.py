"""A notice as the browser tests show it, and where it went in a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notices.fragment import Inline, Style, Unstyled, render_fragment
from notices.notice import Notice
from notices.ruleset import BOTTOM

if TYPE_CHECKING:
    from playwright.sync_api import Page

BODY = (
    "<p>Sharing this can be <strong>punished</strong>.</p><ul><li>liking it</li><li>saving it</li></ul>"
    '<p>See <a href="https://courier.example/law" rel="noreferrer" referrerpolicy="no-referrer">the law</a>.</p>'
)


def make_notice(**changes: Any) -> Notice:
    facts: dict[str, Any] = {
        "rule": "undesirable",
        "sure": True,
        "level": "warning",
        "at": (BOTTOM,),
        "language": "en",
        "direction": "ltr",
        "title": "Sharing this page can be punished",
        "text": "Sharing this can be punished.",
        "body": BODY,
        "href": "https://courier.example/safety",
        "label": "Find out more",
    }
    return Notice(**(facts | changes))


def put(skeleton: str, *notices: Notice, style: Style | None = None) -> str:
    styles = [style or Inline(), *[Unstyled()] * len(notices)]
    parts = [
        render_fragment(notice, variant="1a2b3c4d", style=styles[index], ordinal=index + 1).decode("ascii")
        for index, notice in enumerate(notices)
    ]
    return skeleton.replace("{notice}", "".join(parts))


def is_on_top(page: Page, selector: str) -> bool:
    """Whether the middle of the element is what a finger there would touch."""
    return page.locator(selector).first.evaluate(
        """element => {
          element.scrollIntoView({block: 'center'});
          const box = element.getBoundingClientRect();
          const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
          return top !== null && (element.contains(top) || top.contains(element) && top.closest('.lawtext') !== null);
        }"""
    )
