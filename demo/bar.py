"""The demonstration's bar: any page as a visitor from elsewhere gets it, and why; absent where ``DEMO`` is off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import abort, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from notices import current
from notices.engine import explain
from notices.extension import service_of
from notices.http.facts import read_facts
from notices.preview import LIFETIME, PARAMETER, Preview, read_preview, sign_preview
from notices.wsgi.statement import page_of
from notices.wsgi.visit import Visit

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

    from notices.decision import Decision, Explanation

#: What the bar offers: a look-up's ``region=`` -> what an editor calls that visitor.
VISITORS = {
    "": "Myself",
    "RU": "Russia",
    "UA-43": "Crimea",
    "UA-14": "Donetsk region",
    "UA-30": "Kyiv",
    "UA": "Ukraine",
    "BY": "Belarus",
    "DE": "Germany",
    "FR": "France",
    "US-CA": "California",
    "HK": "Hong Kong",
    "unknown": "Unknown place",
    "tor": "Tor",
}
SUMMARIES = {"none": "No notice here", "notice": "A notice is shown", "withhold": "This page is withheld"}
#: Links are signed with a secret that lives as long as the process, unless ``NOTICES_PREVIEW`` names one.
DEAD_LINK = "This link has expired; you see the page as yourself"
#: The pages that can be seen as somebody else; links to them keep the visitor.
PAGES = frozenset({"home", "section", "article", "search", "contact"})
LANGUAGES = {
    "": "the browser’s",
    "en": "English",
    "ru": "Russian",
    "uk": "Ukrainian",
    "ar": "Arabic",
    "be": "Belarusian",
    "de": "German",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The visitor whom this request stands for: the token in its address, and what the token says."""

    token: str
    region: str
    language: str


def install(app: Flask) -> None:
    """Add the bar, its address and the preview links to *app*."""
    app.add_url_rule("/demo/visit", view_func=visit)
    app.context_processor(_values)
    app.url_defaults(_keep_visitor)


def visit() -> Response:
    """Send the reader of the bar to the chosen page, as the chosen visitor."""
    page, region, language = (request.args.get(name, "") for name in ("page", "region", "language"))
    try:
        endpoint, arguments = current_app.url_map.bind("").match(page, method="GET")
    except HTTPException:
        endpoint, arguments = "", {}
    if endpoint not in PAGES or region not in VISITORS or language not in LANGUAGES:
        abort(400, "The bar offers no such page, place or language.")
    # The address is built anew from what was matched, so that it cannot lead to another site.
    values: dict[str, Any] = dict(arguments)
    if region:
        values[PARAMETER] = _token(region, language)
    return redirect(url_for(endpoint, **values), 303)


def _token(region: str, language: str) -> str:
    expires = datetime.now(UTC) + LIFETIME
    languages = (language,) if language else ()
    secret: str = current_app.config["NOTICES_PREVIEW"]
    return sign_preview(secret, Preview(regions=(region,), languages=languages, expires=expires))


def _choice() -> Choice | None:
    token = request.args.get(PARAMETER, "")
    preview = read_preview(current_app.config["NOTICES_PREVIEW"], token, datetime.now(UTC))
    if preview is None:
        return None
    return Choice(token, preview.regions[0], next(iter(preview.languages), ""))


def _keep_visitor(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in PAGES and PARAMETER in request.args:
        values.setdefault(PARAMETER, request.args[PARAMETER])


def _values() -> dict[str, Any]:
    decision, choice = current(), _choice()
    dead = choice is None and PARAMETER in request.args
    return {
        "demo": {
            "visitors": VISITORS,
            "languages": LANGUAGES,
            "pages": PAGES,
            "visit": choice,
            "decision": decision,
            "reasons": _reasons(decision),
            "summary": DEAD_LINK if dead else SUMMARIES[decision.action],
        }
    }


def _reasons(decision: Decision) -> tuple[Explanation, ...]:
    """Why each rule does or does not act, by the facts that the view has stated."""
    index = service_of(current_app).snapshot().index
    facts = read_facts(request.environ.get("notices.page", {})).facts
    page = page_of(Visit.of(request.environ), facts, None)
    return explain(index, decision.location, page, (), decision.at)[1]
