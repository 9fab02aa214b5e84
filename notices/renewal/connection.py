"""One connection whose every read ends with the deadline, however slowly the other side drips."""

from __future__ import annotations

import io
import ssl
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from notices.errors import UpdateError

from .account import Account

if TYPE_CHECKING:
    from socket import socket

    from .limits import Deadline
    from .urls import Target


class _Patient(io.RawIOBase):
    """Reads from *raw*, waiting each time no longer than the deadline leaves."""

    def __init__(self, raw: io.RawIOBase, sock: socket, deadline: Deadline) -> None:
        self._raw = raw
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.patience())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    """A response that is read patiently from its first line on."""

    def __init__(self, deadline: Deadline, sock: socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        self.fp = io.BufferedReader(_Patient(self.fp.detach(), sock, deadline))


def open_connection(target: Target, deadline: Deadline) -> HTTPConnection:
    """A connection to ask *target* over; by the proxy that the environment names (``HTTPS_PROXY``), where one is.

    :raises UpdateError: where the proxy is none.
    """
    patience = deadline.patience()
    if target.scheme == "http":
        connection = HTTPConnection(target.host, target.port, timeout=patience)
    elif proxy := _proxy_for(target.host):
        connection = _tunnel(proxy, target, patience)
    else:
        connection = HTTPSConnection(target.host, target.port, timeout=patience, context=ssl.create_default_context())
    connection.response_class = partial(_Response, deadline)  # type: ignore[assignment]
    return connection


def _proxy_for(host: str) -> str | None:
    return None if proxy_bypass(host) else getproxies().get("https")


def _tunnel(proxy: str, target: Target, patience: float) -> HTTPSConnection:
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        host, port = parts.hostname, parts.port or 3128
    except ValueError:
        host = None
    if not host or parts.scheme != "http":
        raise UpdateError("HTTPS_PROXY names no http:// proxy")
    connection = HTTPSConnection(host, port, timeout=patience, context=ssl.create_default_context())
    headers = {}
    if parts.username is not None:
        who = Account(unquote(parts.username), unquote(parts.password or ""))
        headers["Proxy-Authorization"] = who.authorization()
    connection.set_tunnel(target.host, target.port, headers)
    return connection
