"""No page of ours makes a browser, or this machine, ask anybody else for anything (spec: service, section 7)."""

from __future__ import annotations

import json
import re
import socket

import pytest
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from demo import create_app
from notices.coverage import cover, render_page
from notices.fragment import STYLE_SHEET_NAME
from notices.index import build_index
from notices.rehearsal import Stage, Visitor, open_origin
from notices.rehearsal.bar import with_bar
from notices.wsgi import NoticesMiddleware
from tests.build import CONTROLLED, NOON, ruleset, where
from tests.build import rule as built
from tests.sites import RULES, App, ask, request, rule, service

SEALED = rule("sealed", kind="withhold", action="withhold", text=None, where="[DE]", pages=None)
#: Attributes by which an element loads something, or goes somewhere by itself.
LOADING = ("src", "srcset", "poster", "data", "action", "formaction", "background", "ping", "manifest", "archive")
CSS = re.compile(r"url\(\s*['\"]?(?!#)[^)]*|@import[^;]*|image-set\([^)]*")
SCRIPTED = re.compile(r"fetch\(|XMLHttp|import\(|sendBeacon|WebSocket|EventSource|RTCPeer|https?:|importScripts")


def loads(page):
    """What a browser loads or goes to by itself for *page*."""
    tree = LexborHTMLParser(page)
    for node in tree.css("*"):
        yield from (node.attributes[name] for name in LOADING if node.attributes.get(name))
        if node.tag in ("link", "base", "use", "image", "feimage", "script"):
            yield from (value for name, value in node.attributes.items() if name.endswith("href") and value)
        if node.tag == "meta" and (node.attributes.get("http-equiv") or "").lower() == "refresh":
            yield node.attributes["content"]
        for name, value in node.attributes.items():
            if name == "style" or name.startswith("on"):
                yield from CSS.findall(value or "") + SCRIPTED.findall(value or "")
    for style in tree.css("style"):
        yield from CSS.findall(style.text())
    for script in tree.css("script"):
        if (script.attributes.get("type") or "module") in ("module", "text/javascript"):
            yield from SCRIPTED.findall(script.text())


def styles(folder):
    """Notices in every style, on the page and on an error page, and the page that is withheld."""
    for style in ("auto", "inline", "link", "none"):
        for status in ("200 OK", "404 Not Found", "500 Internal Server Error"):
            site = NoticesMiddleware(App(status=status), service(folder, RULES + SEALED, style=style))
            yield ask(site, request(region="RU")).body
            yield ask(site, request(region="DE")).body


def sheets(folder):
    """The sheet that a fragment links, as the style of a page."""
    site = NoticesMiddleware(App(), service(folder))
    answer = ask(site, request(f"/notices/{STYLE_SHEET_NAME}", accept="text/css"))
    assert answer.status == 200
    assert answer["Content-Type"].startswith("text/css")
    yield b"<style>" + answer.body + b"</style>"
    linked = NoticesMiddleware(App(), service(folder, style="link"))
    found = re.search(rb'<link[^>]*href="([^"]+)"', ask(linked, request(region="RU")).body)
    assert ask(linked, request(found[1].decode(), accept="text/css")).body == answer.body


def errors(folder):
    """What the endpoint answers to questions of no use, and to those that it does not know."""
    site = NoticesMiddleware(App(), service(folder))
    asked = [("/notices/lookup", "ip=x"), ("/notices/lookup", "nonsense=1"), ("/notices/lookup", "region=XY&explain=1")]
    for path, query in (*asked, ("/notices/health", ""), ("/notices/rules", "")):
        yield ask(site, request(path, query=query)).body
    for method in ("POST", "DELETE", "OPTIONS"):
        yield ask(site, request("/notices/lookup", method=method)).body


def demonstration(_folder):
    """The demonstration newspaper, as visitors from elsewhere, by its switch, and where nothing is."""
    demo = create_app(NOTICES_STATE=None, NOTICES_RELOAD="off", TESTING=True).test_client()
    for path in ("/", "/news/archive-bill", "/contact", "/nowhere", "/ar/", "/?as=RU", "/?as=UA-43"):
        yield demo.get(path).get_data()


def rehearsals(folder):
    """A page as an editor previews it, with the bar that switches the region, and with what was not understood."""
    (folder / "page.html").write_bytes(App().body[0])
    stage = Stage(open_origin(str(folder / "page.html")), service(folder).settings)
    try:
        for regions in (("RU",), ("DE",), ("unknown",), ("tor",)):
            visitor = Visitor(regions=regions)
            rendition = stage.follow(visitor)
            yield rendition.body
            for fault in (None, "region 'XY' is no ISO 3166 code <script src=//evil.example>"):
                yield with_bar(rendition, visitor, stage.snapshot.ruleset, fault)
    finally:
        stage.close()


def coverages(_folder):
    """Maps and tables of who is shown what."""
    written = replace(built("c", where("UA")), title="<img src=//a.example>")
    rules = ruleset(built("a", where("RU", CONTROLLED)), built("b", where("DE")), written)
    index = build_index(rules)
    yield render_page(cover(index, NOON), index).encode()


#: What is made by whom, and how a page of it is told.
MADE = {
    "styles": (styles, b"<aside"), "the sheet": (sheets, b".lawtext"), "errors": (errors, b"openapi.json#"),
    "the demonstration": (demonstration, b"<aside"), "a rehearsal": (rehearsals, b"notices-rehearsal"),
    "coverage": (coverages, b"<svg"),
}  # fmt: skip


@pytest.fixture
def offline(monkeypatch):
    """Nothing in this process can ask for a name or open a connection; what tried to is listed."""
    tried = []

    def refuse(*args, **_):
        tried.append(args[-1])
        raise OSError("offline")

    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    return tried


@pytest.mark.parametrize("what", MADE)
def test_nothing_is_loaded_from_elsewhere(tmp_path, offline, what):
    """No address of another origin is anywhere where a browser loads from; making the pages connects to nobody."""
    make, told_by = MADE[what]
    found = list(make(tmp_path))
    assert any(told_by in page for page in found)
    loaded = {one for page in found for one in loads(page)}
    assert {one for one in loaded if not re.match(r"/(?!/)|#|data:|http://localhost/", one)} == set()
    assert offline == []


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<img src='https://a.example/x'>", ["https://a.example/x"]),
        ("<style>@import 'x';</style>", ["@import 'x'"]),
        ("<p style='background: url(//a.example)'>", ["url(//a.example"]),
        ("<meta http-equiv=Refresh content='0; url=//a.example'>", ["0; url=//a.example"]),
        ("<svg><use href='//a.example#b'/></svg>", ["//a.example#b"]),
        ("<script>new WebSocket('x')</script>", ["WebSocket"]),
        ("<form action=//a.example>", ["//a.example"]),
        ("<p onclick='fetch(1)'>", ["fetch("]),
    ],
)
def test_what_would_load_is_found(page, told):
    """The search is no formality."""
    assert list(loads(page)) == told


def test_the_only_addresses_in_problems_are_paths_of_ours(tmp_path):
    """A problem's ``type`` leads to our own document, not to somebody's."""
    for body in errors(tmp_path):
        if body.startswith(b'{"type"'):
            assert re.fullmatch(r"openapi\.json#/components/responses/[A-Z_]+", json.loads(body)["type"])
