"""The stage: an origin's pages behind the middleware, for a visitor, a moment and page facts of one's choice."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

from notices.errors import PageError
from notices.http.facts import read_header
from notices.metrics import Metrics
from notices.preview import PARAMETER, Preview, sign_preview
from notices.service import Service
from notices.wsgi import NoticesMiddleware
from notices.wsgi.current import DECISION
from notices.wsgi.statement import FACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from notices.decision import Decision
    from notices.settings import Settings, StyleMode
    from notices.snapshot import Snapshot

    from .origin import Found, Origin

_FOUND = "notices.rehearsal.found"
_MOST_REDIRECTS = 5
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """For whom a page is rehearsed: ``regions`` as a look-up's ``region=`` takes them, ``at`` None for now."""

    regions: tuple[str, ...] = ("unknown",)
    languages: tuple[str, ...] = ()
    at: datetime | None = None
    gpc: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """Where readers will find the page; what is None is as the origin has it."""

    host: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Rendition:
    """A page as the visitor gets it; ``outcome`` and ``failures`` are what the server would have counted."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    decision: Decision | None
    outcome: str | None
    failures: tuple[str, ...]
    location: str | None = None


class _Tally(Metrics):
    """The server's counts, and what was counted for the page in hand."""

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def begin(self) -> None:
        """Forget the page before."""
        self.outcome: str | None = None
        self.failures: list[str] = []

    def count_page(self, outcome: str) -> None:
        """Count one page."""
        self.outcome = outcome

    def count_failure(self, step: str) -> None:
        """Count one failure."""
        self.failures.append(step)


@dataclass(slots=True)
class _Head:
    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)


class Stage:
    """Rehearses pages of *origin* by the rules that *settings* name; *facts* are stated of every page.

    Nothing is written to ``STATE``, and what the origin states of its pages yields to *facts*.

    :raises RulesetError: when the rules cannot be used. :raises SettingsError: when a database cannot.
    """

    def __init__(self, origin: Origin, settings: Settings) -> None:
        self._secret = secrets.token_urlsafe(32)
        style: StyleMode = "none" if settings.style == "none" else "inline"
        own = replace(settings, mode="on", state=None, url_prefix=None, preview=self._secret, style=style)
        self._origin = origin
        self._service = Service(replace(own, on_failure="refuse"))
        self._tally = self._service.metrics = _Tally()
        self._middleware = NoticesMiddleware(self._answer, self._service)
        self._lock = threading.Lock()
        self.facts: Mapping[str, Any] = {}
        self.address = Address()

    @property
    def snapshot(self) -> Snapshot:
        """The rules that are rehearsed."""
        return self._service.snapshot()

    @property
    def start(self) -> str:
        """Path and query of the page that was asked for."""
        return self._origin.start

    def close(self) -> None:
        """End the looking for edits of the rules."""
        self._service.close()

    def follow(self, visitor: Visitor) -> Rendition:
        """The page that was asked for, where redirects within its site lead.

        :raises PageError: where it cannot be had.
        """
        target = self.start
        for _ in range(_MOST_REDIRECTS):
            rendition = self.get(target, visitor)
            if rendition.location is None:
                return rendition
            target = rendition.location
        raise PageError("the site redirects in circles")

    def get(self, target: str, visitor: Visitor, accept_language: str | None = None) -> Rendition:
        """The answer to *target* as *visitor* gets it; who names no language reads *accept_language*."""
        languages = ", ".join(visitor.languages) or accept_language
        sent = {"Accept": "text/html,*/*;q=0.8"} | ({"Accept-Language": languages} if languages else {})
        found = self._origin.get(target, sent | ({"Sec-GPC": "1"} if visitor.gpc else {}))
        environ = self._environ(target, visitor, sent) | {_FOUND: found}
        with self._lock:
            self._tally.begin()
            head, body = _ask(self._middleware, environ)
            return Rendition(
                head.status,
                tuple(head.headers),
                body,
                environ.get(DECISION),
                self._tally.outcome,
                tuple(self._tally.failures),
                found.location,
            )

    def _environ(self, target: str, visitor: Visitor, sent: Mapping[str, str]) -> dict[str, Any]:
        """The request as a server would give it, had the visitor followed a preview link."""
        parts = urlsplit(target)
        asked_for = target == self.start
        path = self.address.path if asked_for else None
        raw = unquote_to_bytes(parts.path) if path is None else path.encode()
        environ: dict[str, Any] = {
            "HTTP_HOST": self.address.host or self._origin.host,
            "PATH_INFO": raw.decode("latin-1"),
            "QUERY_STRING": f"{PARAMETER}={self._token(visitor)}",
            FACTS: dict(self.facts),
        }
        environ |= {"HTTP_" + name.upper().replace("-", "_"): value for name, value in sent.items()}
        if visitor.gpc:
            environ["HTTP_SEC_GPC"] = "1"
        setup_testing_defaults(environ)
        return environ

    def _token(self, visitor: Visitor) -> str:
        expires = self._service.now() + _MINUTE
        return sign_preview(
            self._secret,
            Preview(regions=visitor.regions, languages=visitor.languages, at=visitor.at, expires=expires),
        )

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        """The application behind the middleware: what the origin has found."""
        found: Found = environ[_FOUND]
        stated = read_header([value for name, value in found.headers if name.lower() == "notices-page"]).facts
        environ[FACTS] = {**stated, **environ[FACTS]}
        kept = [(name, value) for name, value in found.headers if name.lower() != "notices-page"]
        start_response(found.status, [*kept, ("Content-Length", str(len(found.body)))])
        return [found.body]


def _ask(app: NoticesMiddleware, environ: dict[str, Any]) -> tuple[_Head, bytes]:
    """Ask *app* as a server does (PEP 3333)."""
    head = _Head()
    pieces: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        del exc_info
        head.status, head.headers = status, headers
        return pieces.append

    result = app(environ, start_response)
    try:
        pieces.extend(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    return head, b"".join(pieces)
