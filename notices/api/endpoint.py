"""What answers the endpoint's paths: one handler for each, every reply and every refusal in its form."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from notices.fragment import STYLE_SHEET

from .lookups import Lookups
from .openapi import document
from .reply import Reply, json_reply, refusal
from .reports import health_reply, rules_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIEnvironment

    from notices.service import Service

    Handler = Callable[[WSGIEnvironment], Reply]

_log = logging.getLogger("notices")
_FOREVER = ("Cache-Control", "public, max-age=31536000, immutable")
#: Seconds for which a browser may remember what another origin is allowed to send.
_PREFLIGHT_LIFETIME = "600"


class Endpoint:
    """The answers of one *service* on its *paths*, by what each is for (:data:`notices.api.app.NAMES`)."""

    def __init__(self, service: Service, prefix: str, paths: Mapping[str, str]) -> None:
        self._service = service
        self._origins = service.settings.cors
        self._logged: set[str] = set()
        handlers = self._handlers(prefix)
        self._routes = {path: handlers[name] for name, path in paths.items()}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        reply = self._reply(environ)
        headers = [*reply.headers, *self._cors_headers(environ), ("X-Content-Type-Options", "nosniff")]
        if reply.media_type is not None:
            headers.append(("Content-Type", reply.media_type))
        if reply.status is not HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", str(len(reply.body))))
        start_response(f"{reply.status.value} {reply.status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" or not reply.body else [reply.body]

    def _handlers(self, prefix: str) -> Mapping[str, Mapping[str, Handler]]:
        lookups = Lookups(self._service)
        return {
            "lookup": {"GET": lookups.get, "POST": lookups.post},
            "key": {"GET": lookups.key},
            "rules": {"GET": lambda _: json_reply(rules_reply(self._service.snapshot()))},
            "health": {"GET": self._health},
            "metrics": {"GET": self._metrics},
            "openapi": {"GET": lambda _: json_reply(document(prefix))},
            "style": {
                "GET": lambda _: Reply(body=STYLE_SHEET, media_type="text/css; charset=utf-8", headers=(_FOREVER,))
            },
        }

    def _reply(self, environ: WSGIEnvironment) -> Reply:
        handlers = self._routes.get(environ.get("PATH_INFO", ""))
        if handlers is None:
            return refusal(HTTPStatus.NOT_FOUND, "there is nothing here")
        method = environ["REQUEST_METHOD"]
        handler = handlers.get("GET" if method == "HEAD" else method)
        if handler is not None:
            return self._attempt(handler, environ)
        allowed = ("Allow", ", ".join(sorted({*handlers, "HEAD", "OPTIONS"})))
        if method == "OPTIONS":
            return Reply(HTTPStatus.NO_CONTENT, headers=(("Cache-Control", "no-store"), allowed))
        return refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"this path answers {allowed[1]}", allowed)

    def _attempt(self, handler: Handler, environ: WSGIEnvironment) -> Reply:
        try:
            return handler(environ)
        except Exception as error:  # noqa: BLE001  a fault of ours is told without its text, which may hold an address
            self._service.metrics.count_failure("endpoint")
            cause = _cause(error)
            if cause not in self._logged:
                self._logged.add(cause)
                _log.error("notices: the endpoint failed: %s", cause)
            return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "the look-up failed; the log says where")

    def _health(self, _: WSGIEnvironment) -> Reply:
        health = health_reply(self._service)
        status = HTTPStatus.OK if health.status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
        return json_reply(health, status=status)

    def _metrics(self, environ: WSGIEnvironment) -> Reply:
        body, media_type = self._service.metrics.exposition(environ.get("HTTP_ACCEPT", ""))
        return Reply(body=body, media_type=media_type)

    def _cors_headers(self, environ: WSGIEnvironment) -> list[tuple[str, str]]:
        """What lets pages of the origins in ``CORS`` read the answer; without that setting, nothing."""
        if not self._origins:
            return []
        origin = environ.get("HTTP_ORIGIN", "")
        allowed = "*" if "*" in self._origins else origin
        vary = [] if allowed == "*" else [("Vary", "Origin")]
        if allowed != "*" and origin not in self._origins:
            return vary
        headers = [*vary, ("Access-Control-Allow-Origin", allowed)]
        if environ["REQUEST_METHOD"] == "OPTIONS":
            headers += [
                ("Access-Control-Allow-Methods", "GET, HEAD, POST"),
                ("Access-Control-Allow-Headers", "Content-Type"),
                ("Access-Control-Max-Age", _PREFLIGHT_LIFETIME),
            ]
        return headers


def _cause(error: Exception) -> str:
    """The kind of an error and the place in this package where it came up, without its text."""
    place, trace = "", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"
