"""The sites that the serving benchmarks ask: one article, bare, with notices, and with what people write by hand.

gunicorn starts ``benchmarks.site:make()`` with the variant in ``SITE``; the rules folder is in ``SITE_RULES``, the
database in ``SITE_GEOIP``. Every variant believes the peer's ``X-Forwarded-For``, as behind a proxy.
"""

from __future__ import annotations

import os
import time
from itertools import count
from pathlib import Path

from flask import Flask, Response, request

#: Seconds of processor time that the slow page takes to render.
RENDERING = 0.002
TYPE = "text/html; charset=utf-8"


def render() -> None:
    """Spend what a page with templates and a database spends."""
    until = time.thread_time() + RENDERING
    while time.thread_time() < until:
        pass


def bare() -> Flask:
    app = Flask("courier")
    body = Path(os.environ["SITE_PAGE"]).read_bytes()
    start, head, rest = body.partition(b"<head>")
    start, numbers = start + head, count()
    answer = Path(os.environ["SITE_ANSWER"])
    same = answer.read_bytes() if answer.exists() else b""

    @app.get("/constant")
    def constant():
        return Response(body, content_type=TYPE)

    @app.get("/rendered")
    def rendered():
        render()
        return Response(body, content_type=TYPE)

    @app.get("/own")
    def own():
        render()
        return Response(b"%b<!--%032x-->%b" % (start, next(numbers), rest), content_type=TYPE)

    @app.get("/same")
    def the_same_bytes():
        headers = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        return Response(same, content_type="application/json", headers=headers)

    return app


def noticed() -> Flask:
    from notices import Notices

    app = bare()
    app.config.update(
        NOTICES_RULES=os.environ["SITE_RULES"],
        NOTICES_GEOIP=[os.environ["SITE_GEOIP"]],
        NOTICES_TRUSTED_PROXIES=["127.0.0.1"],
        NOTICES_STATE=os.environ.get("SITE_STATE"),
        NOTICES_RELOAD=os.environ.get("SITE_RELOAD", "2s"),
    )
    Notices(app)
    return app


def by_hand() -> Flask:
    """What a developer writes: find the country, find the place, put the notice there."""
    import geoip2.database
    import geoip2.errors

    app = bare()
    reader = geoip2.database.Reader(os.environ["SITE_GEOIP"])
    notice = '<aside class="notice" role="region">' + "Sharing this page may be punished. " * 12 + "</aside>"

    @app.after_request
    def add_notice(response):
        address = request.headers.get("X-Forwarded-For", request.remote_addr or "").split(",")[-1].strip()
        try:
            found = reader.city(address)
            place = found.country.iso_code, found.subdivisions.most_specific.iso_code
        except geoip2.errors.AddressNotFoundError:
            place = None, None
        if response.mimetype == "text/html" and place != ("AQ", None):
            text = response.get_data().decode("utf-8")
            at = text.find("</article>")
            if at >= 0:
                at += len("</article>")
                response.set_data((text[:at] + notice + text[at:]).encode("utf-8"))
                response.headers["Cache-Control"] = "private"
        return response

    return app


def make():
    return {"bare": bare, "noticed": noticed, "by-hand": by_hand}[os.environ["SITE"]]()
