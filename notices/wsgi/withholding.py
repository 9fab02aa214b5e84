"""The answer in place of a page that a law withholds (RFC 7725; spec: rules, section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.http.outcome import Step
from notices.http.response import withheld_headers
from notices.withheld import WITHHELD_CSP, withheld_page

if TYPE_CHECKING:
    from notices.decision import Decision
    from notices.http.heads import Headers

    from .failures import Failures
    from .visit import Visit

STATUS = "451 Unavailable For Legal Reasons"
#: Where the page itself cannot be written: what is withheld must not be given out for that.
_BARE = b'<!DOCTYPE html>\n<html lang="en"><title>451</title><p>Unavailable for legal reasons.</p></html>\n'


def withheld_answer(
    decision: Decision, visit: Visit, languages: tuple[str, ...], failures: Failures
) -> tuple[Headers, bytes]:
    """Head and body of the 451; the body is empty for HEAD."""
    try:
        page = _page(decision, languages)
    except Exception as error:  # noqa: BLE001  a page must not suffer
        failures.caught(Step.WITHHELD, error)
        page = _BARE
    head = visit.method == "HEAD"
    length = None if head else len(page)
    return withheld_headers(length, visit.origin, decision.variant, WITHHELD_CSP), b"" if head else page


def _page(decision: Decision, languages: tuple[str, ...]) -> bytes:
    """The texts and laws of the rules that withhold; of a confidential one the notice holds only what may be said."""
    names = {shown.name for shown in decision.shown if shown.rule.action == "withhold"}
    notices = [notice for notice in decision.notices if notice.rule in names]
    law = tuple(dict.fromkeys(law for notice in notices for law in notice.law))
    return withheld_page(languages, law=law, texts=notices)
