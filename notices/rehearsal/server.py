"""A rehearsal on 127.0.0.1: the page and all that its origin has, with a bar to change the visitor."""

from __future__ import annotations

import re
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from notices.errors import PageError, QuestionError
from notices.geo.locate import location_for
from notices.language import is_coded_language

from .bar import LANGUAGE, REGION, with_bar

if TYPE_CHECKING:
    from .stage import Rendition, Stage, Visitor

_SEPARATOR = re.compile(r"[\s,;]+")
_OWN_NAMES = re.compile(r"(?:localhost|127\.0\.0\.1)(?::\d+)?")


def serve(stage: Stage, visitor: Visitor, port: int) -> RehearsalServer:
    """A server for *stage* that listens on 127.0.0.1 at *port* (0: any); ``serve_forever`` runs it.

    :raises PageError: where the port is taken.
    """
    try:
        return RehearsalServer(stage, visitor, port)
    except (OSError, OverflowError) as error:
        raise PageError(f"port {port} of 127.0.0.1 cannot be used; name another one, or 0 for any") from error


class RehearsalServer(ThreadingHTTPServer):
    """Serves one editor: the visitor chosen in the bar stays chosen on all pages."""

    daemon_threads = True

    def __init__(self, stage: Stage, visitor: Visitor, port: int) -> None:
        self.stage = stage
        self.visitor = visitor
        self.fault: str | None = None
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        """Where the page that was asked for stands."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.stage.start}"

    def choose(self, region: str, language: str) -> None:
        """Take another visitor; what cannot be understood changes nothing and is told in the bar."""
        regions = tuple(part for part in _SEPARATOR.split(region) if part) or ("unknown",)
        languages = tuple(part for part in _SEPARATOR.split(language) if part)
        try:
            location_for(regions, self.stage.snapshot.gazetteer)
            if not all(map(is_coded_language, languages)):
                raise QuestionError("language", "each language must be a tag such as pt-BR")
        except QuestionError as error:
            self.fault = str(error)
            return
        self.fault = None
        self.visitor = replace(self.visitor, regions=regions, languages=languages)


class _Handler(BaseHTTPRequestHandler):
    server: RehearsalServer

    def do_GET(self) -> None:
        """Answer with the page, or take the choice that was made in the bar."""
        # Another site's page could give this address a name of its own, and read what is rehearsed.
        if not _OWN_NAMES.fullmatch(self.headers.get("Host", "")):
            self._send("403 Forbidden", "text/plain", b"Ask for 127.0.0.1.\n")
            return
        parts = urlsplit(self.path)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        asked = dict(pairs)
        if REGION in asked:
            self.server.choose(asked[REGION], asked.get(LANGUAGE, ""))
            rest = urlencode([pair for pair in pairs if pair[0] not in (REGION, LANGUAGE)])
            self._redirect("/" + parts.path.lstrip("/") + (f"?{rest}" if rest else ""))
            return
        self._show()

    def _show(self) -> None:
        stage, visitor = self.server.stage, self.server.visitor
        target = self.path
        try:
            rendition = stage.get(target, visitor, self.headers.get("Accept-Language"))
        except PageError as error:
            self._send("502 Bad Gateway", "text/plain; charset=utf-8", f"{error}\n".encode())
            return
        if rendition.location is not None:
            self._redirect(rendition.location)
            return
        self._send(rendition.status, _type(rendition), self._body(rendition, visitor))

    def _body(self, rendition: Rendition, visitor: Visitor) -> bytes:
        if not _type(rendition).lower().startswith("text/html"):
            return rendition.body
        return with_bar(rendition, visitor, self.server.stage.snapshot.ruleset, self.server.fault)

    def _redirect(self, location: str) -> None:
        self._send("303 See Other", "text/plain", b"", ("Location", location))

    def _send(self, status: str, kind: str, body: bytes, *headers: tuple[str, str]) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name that the standard library gives
        """Log nothing: the terminal is the editor's."""


def _type(rendition: Rendition) -> str:
    return next((value for name, value in rendition.headers if name.lower() == "content-type"), "text/plain")
