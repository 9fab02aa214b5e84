"""Why a previewed page shows what it shows, in one response header (spec: service, section 1, ``PREVIEW``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.engine import explain
from notices.http.outcome import Outcome, Step

if TYPE_CHECKING:
    from http_sf.types import BareItemType

    from notices.page import Page

    from .deciding import Decider
    from .failures import Failures

#: Servers and proxies take heads of 8 KiB at least; the rest is for the app.
_LONGEST = 2048


def why(decider: Decider, page: Page | None, outcome: Outcome, failures: Failures) -> str:
    """The page's outcome so far and each active public rule's reason, as an RFC 9651 list.

    *page* is None where no decision was needed.
    What the body tells (a fragment, no place) cannot stand here: the head has gone by then.
    """
    items = [f"page;outcome={outcome.value}"]
    try:
        items += _reasons(decider, page) if page is not None else []
    except Exception as error:  # noqa: BLE001  a page must not suffer
        failures.caught(Step.PREVIEW, error)
    text = items[0]
    for item in items[1:]:
        if len(text) + len(item) > _LONGEST:
            break
        text += f", {item}"
    return text


def _reasons(decider: Decider, page: Page) -> list[str]:
    _, explanations = explain(decider.snapshot.index, decider.location, page, decider.languages, decider.at)
    return [_item(one.rule, one.reason, one.detail) for one in explanations]


def _item(rule: str, reason: str, detail: str) -> str:
    import http_sf  # only previews need it

    printable = "".join(letter if " " <= letter <= "~" else "?" for letter in detail)
    parameters: dict[str, BareItemType] = {"reason": http_sf.Token(reason), "detail": printable}
    return http_sf.ser([(http_sf.Token(rule), parameters)])
