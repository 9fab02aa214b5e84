"""A site under load: whole pages, pages in pieces, packed ones, and one that is slow enough to be killed in."""

from __future__ import annotations

import gzip
import os
import time
from datetime import UTC, datetime

from notices.engine import decide
from notices.folder import load_files
from notices.fragment import Inline, render_fragment
from notices.index import build_index
from notices.location import Location
from notices.page import Page
from notices.wsgi import NoticesMiddleware
from tests.sites import rule

TEXT = b"<p>" + b"Words of a report. " * 20 + b"</p>"
PAGE = b"<!DOCTYPE html><html><head><title>t</title></head><body><article>" + TEXT * 8 + b"</article></body></html>"
HTML = ("Content-Type", "text/html; charset=utf-8")


RULES = "defaults: {timezone: UTC, language: en}\nrules:\n"
BROKEN_EVERY = 4
#: More editions than any table of texts remembers.
FILLING = 1_100


def edition(number):
    """The rules of one second; every fourth edition is broken."""
    if number % BROKEN_EVERY == BROKEN_EVERY - 1:
        return "rules: ["
    return RULES + rule("ru-warning", text=f'{{en: "Edition {number} warns."}}', show="{at: [after-article]}")


def fill_tables():
    """Meet as many editions as the tables of texts remember, so that what grows later is no table being filled."""
    for number in range(-4 * FILLING, 0, 4):
        index = build_index(load_files({"site.yaml": edition(number).encode()}).ruleset)
        decision = decide(index, Location(("RU",)), Page(), (), datetime.now(UTC))
        render_fragment(decision.notices[0], variant=decision.variant, style=Inline())


def pieces(pause):
    for at in range(0, len(PAGE), 512):
        yield PAGE[at : at + 512]
        time.sleep(pause)


def site(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/packed":
        body = gzip.compress(PAGE, 1)
        start_response("200 OK", [HTML, ("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))])
        return [body]
    start_response("200 OK", [HTML, ("Content-Length", str(len(PAGE)))])
    return [PAGE] if path == "/whole" else pieces(0.02 if path == "/slow" else 0)


def application():
    """The site behind the middleware, with rules and database in the folder of the start."""
    if os.environ["LOAD_FILLED"]:
        fill_tables()
    return NoticesMiddleware(
        site,
        rules="rules",
        geoip="place.mmdb",
        state="state",
        reload="200ms",
        on_failure=os.environ["LOAD_ON_FAILURE"],
        trusted_proxies=["127.0.0.0/8"],
    )
