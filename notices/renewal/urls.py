"""Which URLs may be asked: https, and http on this machine alone; never back from https to http."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from notices.errors import UpdateError

_SAFE = "/%:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart; ``path`` is ASCII and holds the query, ``host`` is as it is told to people."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What credentials are for."""
        return self.scheme, self.host, self.port


def read_url(url: str) -> Target:
    """Take *url* apart.

    :raises UpdateError: where it may not be asked; the text repeats no more of it than its host.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host.encode("ascii")
    except ValueError:
        raise UpdateError("this is no URL that can be asked") from None
    if parts.username is not None or parts.password is not None:
        raise UpdateError("a URL with a user name or password in it is not asked: it would show in lists of processes")
    if not host or any(char.isspace() or not char.isprintable() for char in url.strip()):
        raise UpdateError("this is no URL that can be asked; it begins with https:// and names a host")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(host)):
        raise UpdateError(f"{host[:100]} is asked by https only")
    path = quote(parts.path or "/", _SAFE) + (f"?{quote(parts.query, _SAFE)}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def follow(target: Target, location: str) -> Target:
    """Where the redirect *location* leads from *target*.

    :raises UpdateError: where it may not be followed.
    """
    host = f"[{target.host}]" if ":" in target.host else target.host
    try:
        goal = read_url(urljoin(f"{target.scheme}://{host}:{target.port}{target.path}", location))
    except ValueError:
        raise UpdateError(f"{target.host} redirects to what is no URL") from None
    if target.scheme == "https" and goal.scheme != "https":
        raise UpdateError(f"{target.host} redirects from https to http, which is not followed")
    return goal


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
