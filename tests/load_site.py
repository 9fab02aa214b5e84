"""A site under load: whole pages, pages in pieces, packed ones, and one that is slow enough to be killed in."""

from __future__ import annotations

import gzip
import os
import time

from notices.wsgi import NoticesMiddleware

TEXT = b"<p>" + b"Words of a report. " * 20 + b"</p>"
PAGE = b"<!DOCTYPE html><html><head><title>t</title></head><body><article>" + TEXT * 8 + b"</article></body></html>"
HTML = ("Content-Type", "text/html; charset=utf-8")


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
    return NoticesMiddleware(
        site,
        rules="rules",
        geoip="place.mmdb",
        state="state",
        reload="200ms",
        on_failure=os.environ["LOAD_ON_FAILURE"],
        trusted_proxies=["127.0.0.0/8"],
    )
