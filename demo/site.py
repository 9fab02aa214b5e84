"""The site as a Flask application, and how Notices is plugged into it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

from notices import Notices

from . import bar, newsroom, views

if TYPE_CHECKING:
    from flask import Response

ROOT = Path(__file__).parent.parent
#: Everything comes from this site; the notices' style sheet too, which Notices therefore links instead of inlining.
SECURITY_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"


def create_app(**config: Any) -> Flask:
    """Build the site; *config* overrides its configuration.

    ``DEMO`` (by default on, off with ``DEMO=0`` in the environment) adds the bar that shows a page as somebody else.
    """
    app = Flask(__name__)
    app.config.from_mapping(
        DEMO=os.environ.get("DEMO", "1") != "0",
        NOTICES_RULES=os.environ.get("NOTICES_RULES", str(ROOT / "rules")),
        MAX_CONTENT_LENGTH=64 * 1024,
    )
    app.config.from_mapping(config)
    if app.config["DEMO"]:
        # Under several processes they must share one secret: then it comes from the environment.
        app.config.setdefault("NOTICES_PREVIEW", os.environ.get("NOTICES_PREVIEW") or secrets.token_urlsafe(32))
        bar.install(app)
    Notices(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    views.install(app)
    app.context_processor(lambda: {"edition": views.edition(), "editions": newsroom.editions()})
    app.after_request(_finish)
    return app


def _finish(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
