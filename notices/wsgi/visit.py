"""One request as the server gave it: who asks, by which way, for which page (spec: service, section 2).

The host is that of the ``Host`` header, not of ``X-Forwarded-Host``; where Werkzeug's ``ProxyFix`` ran outside of us
its record of the original environ is read, so that the order of wrapping changes nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

from msgspec import Struct

from notices.expressions import late
from notices.http.request import Wishes, environ_key, read_wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ORIGINAL = "werkzeug.proxy_fix.orig"
_PORT = late(r":\d*$")
_PLAIN_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_HOST = late(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")


class Visit(Struct, frozen=True):
    """The environ of one request before the app saw it, and what the request wishes."""

    #: Never shown: the visitor's address is in it.
    environ: Mapping[str, Any]
    wishes: Wishes

    def __repr__(self) -> str:
        return "Visit()"

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> Visit:
        """Take the environ as the server made it; later changes to it are not seen."""
        wishes = read_wishes(environ)
        if _ORIGINAL not in environ:
            return cls(dict(environ), wishes)
        merged = {**environ, **_originals(environ)}
        return cls({key: value for key, value in merged.items() if value is not None}, wishes)

    @property
    def method(self) -> str:
        """The request method."""
        return str(self.environ.get("REQUEST_METHOD") or "GET")

    @property
    def peer(self) -> str:
        """The socket's peer; empty for a unix socket."""
        return str(self.environ.get("REMOTE_ADDR") or "")

    def header(self, name: str) -> str | None:
        """The value of the request header *name*, None where it is absent."""
        value = self.environ.get(environ_key(name))
        return None if value is None else str(value)

    @property
    def host(self) -> str | None:
        """The host asked for: lower case, no port, A-labels; None where it is none."""
        stated = self.environ.get("HTTP_HOST") or self.environ.get("SERVER_NAME") or ""
        return normal_host(str(stated))

    @property
    def path(self) -> str:
        """The path asked for, decoded, mount point included."""
        path = _decoded(str(self.environ.get("SCRIPT_NAME") or "") + str(self.environ.get("PATH_INFO") or ""))
        return path if path.startswith("/") else f"/{path}"

    @property
    def languages(self) -> tuple[str, ...]:
        """The visitor's languages, most wanted first."""
        return self.wishes.languages

    @property
    def gpc(self) -> bool:
        """Whether the visitor signals Global Privacy Control."""
        return self.wishes.gpc

    @property
    def framed(self) -> bool:
        """Whether the page is fetched for a frame (Fetch Metadata)."""
        return self.wishes.framed

    @property
    def origin(self) -> str:
        """The address of the site's front page, for a link to who withholds a page."""
        scheme = "https" if self.environ.get("wsgi.url_scheme") == "https" else "http"
        host = self.header("Host") or ""
        return f"{scheme}://{host.lower()}/" if _HOST.fullmatch(_PORT.sub("", host.lower())) else "/"

    def parameter(self, name: str) -> str | None:
        """The first value of the query parameter *name*."""
        query = str(self.environ.get("QUERY_STRING") or "")
        if name not in query:
            return None
        return next((value for key, value in parse_qsl(query, max_num_fields=1000) if key == name), None)


def mount_point(environ: Mapping[str, Any]) -> Callable[[], str]:
    """Where the application is mounted, as a URL path without a slash at its end: to be asked once the app has begun.

    A ``ProxyFix`` within us learns only then under which prefix the proxy shows the whole site to its readers.
    """
    mount = str(environ.get("SCRIPT_NAME") or "")
    outer = environ.get(_ORIGINAL)

    def seen_from_outside() -> str:
        prefix = "" if environ.get(_ORIGINAL) is outer else _prefix(environ)
        if not prefix and not mount:
            return ""
        path = quote(_decoded(prefix.rstrip("/") + mount)).strip("/")
        return f"/{path}" if path else ""

    return seen_from_outside


def normal_host(stated: str) -> str | None:
    """*stated* without port and final dot, lower case, in A-labels; None for what is no host."""
    if _PLAIN_HOST.fullmatch(stated):
        return stated
    host = _PORT.sub("", _decoded(stated).strip().lower()).rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return host if _HOST.fullmatch(host) else None


def _decoded(text: str) -> str:
    """UTF-8 that WSGI passes as Latin-1 (PEP 3333)."""
    return text if text.isascii() else text.encode("latin-1", "replace").decode("utf-8", "replace")


def _originals(environ: Mapping[str, Any]) -> dict[str, Any]:
    """What ``ProxyFix`` replaced, as it was."""
    kept = environ.get(_ORIGINAL)
    if not isinstance(kept, dict):
        return {}
    return {**kept, "SCRIPT_NAME": _without_prefix(environ, str(kept.get("SCRIPT_NAME") or ""))}


def _without_prefix(environ: Mapping[str, Any], original: str) -> str:
    """The mount point without the prefix that ``ProxyFix`` put there, but with what was mounted below since."""
    present = str(environ.get("SCRIPT_NAME") or "")
    prefix = _prefix(environ)
    return original + present[len(prefix) :] if prefix else present


def _prefix(environ: Mapping[str, Any]) -> str:
    """The prefix that ``ProxyFix`` took for the mount point; empty where it took none."""
    present = str(environ.get("SCRIPT_NAME") or "")
    stated = (prefix.strip() for prefix in str(environ.get("HTTP_X_FORWARDED_PREFIX") or "").split(","))
    return next((one for one in stated if one and (present == one or present.startswith(f"{one}/"))), "")
