"""Small sites with real services behind the middleware, whose readers say by a header where they are."""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
import textwrap
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from mmdb_writer import MMDBWriter
from netaddr import IPSet

from notices.service import Service
from notices.settings import Settings
from notices.wsgi import NoticesMiddleware

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
PAGE = b"<!DOCTYPE html><html><head><title>News</title></head><body><article><p>Text.</p></article></body></html>"

#: One warning for readers in Russia, on every page but harmless ones.
RULES = """
defaults: {timezone: UTC, language: en}
publishers:
  courier: {name: {en: Example Courier}, hosts: [courier.example]}
  herald: {name: {en: Example Herald}, hosts: [herald.example]}
rules:
  ru-warning:
    title: Warning for readers
    kind: reader-safety
    status: active
    where: [RU]
    unsure: hide
    pages: {except: {tags: [harmless]}}
    text: {en: "Sharing this page may be an offence.", ru: "За это могут оштрафовать."}
    owner: desk
    review-by: 2030-01-01
"""


def rule(name, **changes):
    """The YAML of one more rule: an active one for readers in Russia, but for *changes*."""
    lines = {
        "title": name,
        "kind": "reader-safety",
        "status": "active",
        "where": "[RU]",
        "unsure": "hide",
        "text": f'{{en: "Text of {name}."}}',
        "owner": "desk",
        "review-by": "2030-01-01",
        **changes,
    }
    return f"  {name}:\n" + "".join(f"    {key}: {value}\n" for key, value in lines.items() if value is not None)


#: Addresses that the test's own database puts into Russia and Germany.
RUSSIAN, GERMAN = "193.232.128.6", "194.0.0.53"


@cache
def database():
    """A database of two addresses; the embedded one takes a third of a second to be checked."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, database_type="Test-Country")
    for address, country in ((RUSSIAN, "RU"), (GERMAN, "DE")):
        writer.insert_network(IPSet([f"{address}/32"]), {"country": {"iso_code": country}})
    writer.to_db_file(str(folder / "two.mmdb"))
    return folder / "two.mmdb"


def service(folder, rules=RULES, *, clock=lambda: NOON, **settings):
    """A service over *rules*, written into *folder*; its visitors' regions come from ``X-Country`` and ``X-Region``."""
    path = folder / "rules"
    path.mkdir(exist_ok=True)
    (path / "site.yaml").write_text(textwrap.dedent(rules), "utf-8")
    keywords = {
        "rules": path,
        "geoip": database(),
        "state": None,
        "reload": "off",
        "trusted_proxies": ["127.0.0.0/8"],
        "geo_header": {"country": "X-Country", "subdivision": "X-Region"},
        **settings,
    }
    return Service(Settings.from_keywords(**keywords), clock=clock)


class App:
    """An app that answers with what it is given, and notes what it was asked and how often it was closed."""

    def __init__(self, body=None, *, status="200 OK", headers=(), content_type="text/html; charset=utf-8", facts=None):
        self.body = [PAGE] if body is None else body
        self.status = status
        self.headers = [*([("Content-Type", content_type)] if content_type else []), *headers]
        self.facts = facts
        self.environ = None
        self.closed = 0

    def __call__(self, environ, start_response):
        self.environ = dict(environ)
        if self.facts is not None:
            environ["notices.page"] = self.facts
        start_response(self.status, list(self.headers))
        return Closing(self.body, self) if not isinstance(self.body, list) else self.body


class Closing:
    """An iterable of the app's that counts its closes."""

    def __init__(self, items, app):
        self.items = items
        self.app = app

    def __iter__(self):
        return iter(self.items)

    def close(self):
        self.app.closed += 1


class Answer:
    """What came back: status, headers, body, and the body's own object."""

    def __init__(self, status, headers, body, result):
        self.status = int(status[:3])
        self.headers = headers
        self.body = body
        self.result = result

    def __getitem__(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def request(path="/news/1", *, method="GET", region="RU", accept=BROWSER, peer="127.0.0.1", query="", **headers):
    """The environ of a request from *region* (``RU``, ``UA-43``; None: unknown)."""
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": peer,
        "HTTP_HOST": "courier.example",
        "wsgi.input": io.BytesIO(),
    }
    if accept is not None:
        environ["HTTP_ACCEPT"] = accept
    if region is not None:
        country, _, subdivision = region.partition("-")
        environ["HTTP_X_COUNTRY"] = country
        if subdivision:
            environ["HTTP_X_REGION"] = subdivision
    for name, value in headers.items():
        environ[f"HTTP_{name.upper()}"] = value
    setup_testing_defaults(environ)
    return environ


def ask(application, environ=None, **parts):
    """Send one request through *application*, to the last byte, and close."""
    environ = request(**parts) if environ is None else environ
    heads, pieces = [], []

    def start_response(status, headers, exc_info=None):
        heads.append((status, headers))
        return pieces.append

    result = application(environ, start_response)
    try:
        for item in result:
            pieces.append(item)
    finally:
        if hasattr(result, "close"):
            result.close()
    return Answer(*heads[-1], b"".join(pieces), result)


def checked(application, environ=None, **parts):
    """As :func:`ask`, with the standard library's validator between us and the server."""
    return ask(validator(application), environ, **parts)


def wrapped(folder, app, rules=RULES, **settings):
    """*app* behind the middleware, and the validator between the two."""
    return NoticesMiddleware(validator(app), service(folder, rules, **settings))


def counts(middleware, metric):
    """Label value -> count of one metric of the middleware's service, nothing that is zero."""
    text = middleware.service.metrics.exposition("text/plain")[0].decode()
    found = {}
    for line in text.splitlines():
        if line.startswith(f"{metric}_total{{"):
            label, value = line.partition('="')[2].split('"} ')
            found[label] = int(float(value))
    return {label: value for label, value in found.items() if value}


class Server:
    """A server's side of PEP 3333: takes the head, sends it with the first bytes that are not empty."""

    def __init__(self):
        self.head = None
        self.sent = b""
        self.items = []

    def start_response(self, status, headers, exc_info=None):
        if exc_info is not None and self.sent:
            raise exc_info[1]
        assert self.head is None or exc_info is not None
        self.head = (status, headers)
        return self.take

    def take(self, data):
        assert self.head is not None
        self.items.append(data)
        self.sent += data

    def header(self, name):
        return dict(self.head[1]).get(name)
