"""The demonstration's bar: any page as a visitor from elsewhere gets it, and why; absent where ``DEMO`` is off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import abort, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from notices.preview import LIFETIME, PARAMETER, Preview, read_preview, sign_preview

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

#: What the bar offers: a look-up's ``region=`` -> what an editor calls that visitor.
VISITORS = {
    "": "Myself",
    "RU": "Russia",
    "UA-43": "Crimea",
    "UA-14": "Donetsk region",
    "UA-30": "Kyiv",
    "UA": "Ukraine, no more known",
    "BY": "Belarus",
    "DE": "Germany",
    "FR": "France",
    "US-CA": "California",
    "HK": "Hong Kong",
    "unknown": "Nobody knows where",
    "tor": "Tor",
}
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
class Visit:
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
    token = {} if region == "" else {PARAMETER: _token(region, language)}
    return redirect(url_for(endpoint, **dict(arguments), **token), 303)


def _token(region: str, language: str) -> str:
    expires = datetime.now(UTC) + LIFETIME
    languages = (language,) if language else ()
    secret: str = current_app.config["NOTICES_PREVIEW"]
    return sign_preview(secret, Preview(regions=(region,), languages=languages, expires=expires))


def _current_visit() -> Visit | None:
    token = request.args.get(PARAMETER, "")
    preview = read_preview(current_app.config["NOTICES_PREVIEW"], token, datetime.now(UTC))
    if preview is None:
        return None
    return Visit(token, preview.regions[0], next(iter(preview.languages), ""))


def _keep_visitor(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in PAGES and PARAMETER in request.args:
        values.setdefault(PARAMETER, request.args[PARAMETER])


def _values() -> dict[str, Any]:
    return {"demo": {"visitors": VISITORS, "languages": LANGUAGES, "pages": PAGES, "visit": _current_visit()}}
