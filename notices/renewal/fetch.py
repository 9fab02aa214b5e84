"""One file over HTTP: redirects, sizes and times bounded, credentials kept to the host that they are for."""

from __future__ import annotations

import hashlib
import ssl
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, BinaryIO

from notices import __version__
from notices.errors import UpdateError

from .connection import open_connection
from .urls import follow, read_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .account import Account
    from .limits import Deadline
    from .urls import Target

    Progress = Callable[[int, int | None], None]

MAX_REDIRECTS = 5
_CHUNK = 1 << 16
_MOVED = {301, 302, 303, 307, 308}
_WORDS = {401: "the account number or the licence key is not accepted", 403: "this account may not fetch this database"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came: ``status`` 200, or 304 where nothing is new; the SHA-256 of the bytes; what to ask with next time."""

    status: int
    sha256: str = ""
    size: int = 0
    page: bool = False
    validators: Mapping[str, str]


class Client:
    """Fetches files until the *deadline*; *account* is stated to the first host of each file only."""

    def __init__(self, deadline: Deadline, account: Account | None = None) -> None:
        self._deadline = deadline
        self._account = account

    def fetch(
        self,
        url: str,
        into: BinaryIO,
        limit: int,
        *,
        validators: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Fetched:
        """Write what lies at *url* to *into*, at most *limit* bytes.

        *validators* are those of an earlier fetch; *progress* is told the bytes that have come and, where the server
        says it, how many there are.

        :raises UpdateError: whatever goes wrong; ``status`` is the answer's.
        """
        target = first = read_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            headers = {"User-Agent": f"notices/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity",
                       "Connection": "close", **(validators or {})}  # fmt: skip
            if self._account is not None and target.origin == first.origin:
                headers["Authorization"] = self._account.authorization()
            found = self._ask(target, headers, into, limit, progress)
            if isinstance(found, Fetched):
                return found
            target = found
        raise UpdateError(f"{first.host} redirects more than {MAX_REDIRECTS} times")

    def _ask(
        self, target: Target, headers: dict[str, str], into: BinaryIO, limit: int, progress: Progress | None
    ) -> Fetched | Target:
        # What these errors say may hold the URL that a redirect signed, so none of their texts is told.
        try:
            with closing(open_connection(target, self._deadline)) as connection:
                connection.request("GET", target.path, headers=headers)
                with connection.getresponse() as response:
                    return self._read(target, response, into, limit, progress)
        except TimeoutError:
            self._deadline.patience()
            raise UpdateError(f"{target.host} does not answer in time") from None
        except ssl.SSLCertVerificationError as error:
            raise UpdateError(f"the certificate of {target.host} is not valid: {error.verify_message}") from None
        except OSError as error:
            raise UpdateError(f"{target.host} cannot be reached: {_reason(error)}") from None
        except (HTTPException, ValueError) as error:
            raise UpdateError(f"{target.host} does not answer as HTTP says ({type(error).__name__})") from None

    def _read(
        self, target: Target, response: HTTPResponse, into: BinaryIO, limit: int, progress: Progress | None
    ) -> Fetched | Target:
        validators = _validators(response)
        if response.status in _MOVED and (location := response.headers.get("Location")):
            return follow(target, location)
        if response.status == 304:
            return Fetched(status=304, validators=validators)
        if response.status != 200:
            raise UpdateError(self._refusal(target, response), response.status)
        announced = response.length
        if announced is not None and announced > limit:
            raise UpdateError(f"{target.host} announces {announced:,} bytes, more than the {limit:,} that are taken")
        digest, size = hashlib.sha256(), 0
        while chunk := response.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise UpdateError(f"{target.host} sends more than the {limit:,} bytes that are taken")
            digest.update(chunk)
            _write(into, chunk)
            if progress is not None:
                progress(size, announced)
        if announced is not None and size != announced:
            raise UpdateError(f"the connection to {target.host} broke off after {size:,} of {announced:,} bytes")
        page = response.headers.get_content_type() == "text/html"
        return Fetched(status=200, sha256=digest.hexdigest(), size=size, page=page, validators=validators)

    def _refusal(self, target: Target, response: HTTPResponse) -> str:
        status = response.status
        if status == 404:
            return f"{target.host} has no such file (404)"
        if status == 429:
            return f"{target.host} says that it was asked too often (429){_wait(response.headers.get('Retry-After'))}"
        why = f": {_WORDS[status]}" if self._account is not None and status in _WORDS else ""
        return f"{target.host} answers {status}{why}"


def _validators(response: HTTPResponse) -> dict[str, str]:
    """The headers to ask with next time, so that nothing comes twice."""
    pairs = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
    found = {ask: response.headers.get(told) for ask, told in pairs}
    return {ask: value for ask, value in found.items() if value and value.isprintable() and len(value) < 200}


def _wait(retry_after: str | None) -> str:
    """What ``Retry-After`` asks for (RFC 9110, section 10.2.3), in words; nothing where it is none."""
    if retry_after is None:
        return ""
    if retry_after.isdecimal() and len(retry_after) < 10:
        return f"; wait {int(retry_after)} s"
    try:
        return f"; wait until {parsedate_to_datetime(retry_after):%Y-%m-%d %H:%M} UTC"
    except (ValueError, TypeError):
        return ""


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _write(into: BinaryIO, chunk: bytes) -> None:
    try:
        into.write(chunk)
    except OSError as error:
        raise UpdateError(f"what comes cannot be written: {_reason(error)}") from None
