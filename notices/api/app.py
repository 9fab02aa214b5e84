"""The endpoint as a WSGI application: exact paths under the prefix, and nothing else (spec: service, section 5)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from notices.fragment import STYLE_SHEET_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from notices.service import Service

    from .endpoint import Endpoint

#: What each path is for -> its last part.
NAMES = {
    "lookup": "lookup",
    "key": "key",
    "rules": "rules",
    "health": "health",
    "metrics": "metrics",
    "openapi": "openapi.json",
    "style": STYLE_SHEET_NAME,
}


class Api:
    """The endpoint of one *service*; answers only what :meth:`handles` names.

    What answers is imported at the first question: many workers are never asked one.
    """

    def __init__(self, service: Service) -> None:
        self._service = service
        self._prefix = service.settings.url_prefix
        self._paths = {} if self._prefix is None else {one: f"{self._prefix}/{last}" for one, last in NAMES.items()}
        self._known = frozenset(self._paths.values())
        self._endpoint: Endpoint | None = None
        self._making = threading.Lock()

    def handles(self, path: str) -> bool:
        """Whether *path* (``PATH_INFO``) is one of the endpoint's own."""
        return path in self._known

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path of the endpoint's own."""
        return tuple(self._paths.values())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        answer = self._endpoint or self._make()
        return answer(environ, start_response)

    def _make(self) -> Endpoint:
        from .endpoint import Endpoint

        with self._making:  # one alone: it bounds the work in flight
            if self._endpoint is None:
                self._endpoint = Endpoint(self._service, self._prefix or "", self._paths)
            return self._endpoint
