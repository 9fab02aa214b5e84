"""One reply of the endpoint, before it is WSGI: status, headers and a body in hand."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from . import problem

if TYPE_CHECKING:
    from collections.abc import Iterable

NO_STORE = ("Cache-Control", "no-store")


class Reply(Struct, frozen=True):
    """What is sent; ``headers`` come beside those that every reply of ours has."""

    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    media_type: str | None = None
    headers: tuple[tuple[str, str], ...] = (NO_STORE,)


def json_reply(value: Any, *, status: HTTPStatus = HTTPStatus.OK) -> Reply:
    """*value* as JSON."""
    return Reply(status, msgspec.json.encode(value), "application/json")


def written_reply(body: bytes) -> Reply:
    """JSON that is written already."""
    return Reply(body=body, media_type="application/json")


def problem_reply(found: problem.ProblemReply, headers: Iterable[tuple[str, str]] = ()) -> Reply:
    """*found* as a problem (RFC 9457)."""
    return Reply(HTTPStatus(found.status), msgspec.json.encode(found), problem.MEDIA_TYPE, (NO_STORE, *headers))


def refusal(status: HTTPStatus, detail: str, *headers: tuple[str, str]) -> Reply:
    """A problem of this *status*, told in a sentence."""
    return problem_reply(problem.problem(status, detail), headers)
