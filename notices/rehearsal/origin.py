"""Where rehearsed pages come from: a folder of files, or a site that runs on this machine; nothing beyond it."""

from __future__ import annotations

import mimetypes
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, unquote, urljoin, urlsplit

from notices.errors import PageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.client import HTTPResponse

#: A page larger than this is none that a reader waits for.
LARGEST = 32 * 1024 * 1024
_PATIENCE = 30.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORT = 80
#: Response headers that tell what a page is; all others are the site's business with its readers.
_KEPT = ("Content-Type", "Content-Language", "Content-Encoding", "Content-Disposition", "Notices-Page")


@dataclass(frozen=True, slots=True)
class Found:
    """What an origin answers: ``location`` is the path on it that a redirect leads to."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    location: str | None = None


class Origin(Protocol):
    """Pages by their paths; ``start`` is the path and query of the page asked for, ``host`` the origin's own."""

    start: str
    host: str

    def get(self, target: str, headers: Mapping[str, str]) -> Found:
        """The answer to *target*, a path with its query. :raises PageError: where there is none to be had."""


def open_origin(page: str) -> Origin:
    """The origin of *page*, a file or an ``http`` address on this machine.

    :raises PageError: for anything else.
    """
    if "://" in page:
        return LocalSite(page)
    if not Path(page).is_file():
        raise PageError(f"there is no file {page!r}; name an HTML file, or an address such as http://localhost:8000/")
    return Folder(Path(page))


class Folder:
    """A page in a file, and what lies beside it and below, so that its pictures and style sheets are found."""

    host = "localhost"

    def __init__(self, page: Path) -> None:
        self._page = page.resolve()
        self._root = self._page.parent
        self.start = "/" + quote(self._page.name)

    def get(self, target: str, headers: Mapping[str, str]) -> Found:
        """See :class:`Origin`; hidden files and those outside of the folder are not there."""
        del headers
        name = unquote(urlsplit(target).path).lstrip("/")
        path = (self._root / name).resolve()
        hidden = any(part.startswith(".") for part in Path(name).parts)
        if path != self._page and (hidden or not path.is_relative_to(self._root) or not path.is_file()):
            return Found(
                "404 Not Found", (("Content-Type", "text/plain"),), b"There is no such file beside the page.\n"
            )
        return Found("200 OK", (("Content-Type", self._type(path)),), _read(path))

    def _type(self, path: Path) -> str:
        known, _ = mimetypes.guess_type(path.name)
        # Whatever its name, what is asked for as a page is one.
        return "text/html" if path == self._page or known is None else known


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise PageError(f"{path.name!r} is larger than {LARGEST:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise PageError(f"{path.name!r} cannot be read: {error.strerror}") from error


class LocalSite:
    """A site that listens on this machine's own addresses, asked over plain HTTP."""

    def __init__(self, page: str) -> None:
        try:
            parts = urlsplit(page)
            name, self._port = parts.hostname or "", parts.port or _PORT
        except ValueError:
            raise PageError("the address cannot be read; write one such as http://localhost:8000/news/1") from None
        if parts.scheme != "http":
            raise PageError(f"a preview asks over http only, not {parts.scheme}; name a site that runs on this machine")
        if parts.username is not None or not _is_local(name):
            raise PageError(
                "a preview asks this machine only: name localhost, 127.0.0.1 or [::1], or save the page to a file"
            )
        self._name = name
        self.host = parts.netloc
        self.start = _target(page)

    def get(self, target: str, headers: Mapping[str, str]) -> Found:
        """See :class:`Origin`."""
        try:
            with closing(HTTPConnection(self._name, self._port, timeout=_PATIENCE)) as connection:
                connection.connect()
                self._check_peer(connection)
                connection.request("GET", target, headers={**headers, "Host": self.host, "Accept-Encoding": "identity"})
                return self._found(target, connection.getresponse())
        except (OSError, HTTPException) as error:
            raise PageError(f"http://{self.host} does not answer: {type(error).__name__}") from error

    def _check_peer(self, connection: HTTPConnection) -> None:
        """A name can be given any address; the one that was reached counts."""
        if not ip_address(connection.sock.getpeername()[0].partition("%")[0]).is_loopback:
            raise PageError(f"{self._name!r} is not this machine")

    def _found(self, target: str, response: HTTPResponse) -> Found:
        body = response.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise PageError(f"the page is larger than {LARGEST:,} bytes")
        if (response.getheader("Content-Encoding") or "identity") != "identity":
            raise PageError("the site compresses its pages although it was asked not to; save the page to a file")
        headers = tuple((name, value) for name in _KEPT for value in response.headers.get_all(name, []))
        status = f"{response.status} {response.reason}"
        return Found(status, headers, body, self._redirected(target, response))

    def _redirected(self, target: str, response: HTTPResponse) -> str | None:
        stated = response.getheader("Location")
        if response.status not in _REDIRECTS or stated is None:
            return None
        there = urlsplit(urljoin(f"http://{self.host}{target}", stated))
        if (there.scheme, there.netloc) != ("http", self.host):
            raise PageError(f"the site redirects to {there.scheme}://{there.netloc}, where a preview does not follow")
        return _target(there.geturl())


def _is_local(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _target(address: str) -> str:
    """Path and query of *address*, one slash at its beginning."""
    parts = urlsplit(address)
    path = "/" + quote(parts.path.lstrip("/"), safe="/%:@!$&'()*+,;=~")
    return path + (f"?{quote(parts.query, safe='/?%:@!$&()*+,;=~')}" if parts.query else "")
