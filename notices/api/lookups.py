"""The calls ``GET`` and ``POST /lookup`` and ``GET /key``: a request in, a reply out, with bounded work in flight."""

from __future__ import annotations

import math
import threading
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec

from notices.errors import NoticesError, QuestionError
from notices.keys import visitor_key
from notices.language import parse_accept_language

from .answers import answer
from .asked import Caller, FaultyQuestionError
from .batch import answer_all
from .problem import bad_question
from .question import MOST_QUESTIONS, question_from_query, read_batch
from .reply import Reply, problem_reply, refusal, written_reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from notices.service import Service
    from notices.snapshot import Snapshot

#: The longest body of a batch, in bytes: a thousand questions of a thousand bytes each.
LONGEST_BODY = 1 << 20
#: Questions that one process answers at the same time; two full batches and some callers.
MOST_WORK = 2 * MOST_QUESTIONS + 100


class BusyError(NoticesError):
    """So much work is in flight that more would only make everybody wait."""


class Gate:
    """Lets in so much work at a time, whoever it comes from."""

    def __init__(self, capacity: int) -> None:
        self._free = capacity
        self._lock = threading.Lock()

    @contextmanager
    def work(self, amount: int) -> Iterator[None]:
        """Do *amount* of work.

        :raises BusyError: where there is no room for it.
        """
        with self._lock:
            if amount > self._free:
                raise BusyError
            self._free -= amount
        try:
            yield
        finally:
            with self._lock:
                self._free += amount


class Lookups:
    """The look-ups of one *service*; at most *capacity* questions are worked on at a time."""

    def __init__(self, service: Service, capacity: int = MOST_WORK) -> None:
        self._service = service
        self._gate = Gate(capacity)

    def get(self, environ: dict[str, Any]) -> Reply:
        """One question in the query string."""
        try:
            question = question_from_query(environ.get("QUERY_STRING", ""))
            snapshot = self._service.snapshot()
            with self._gate.work(1):
                return written_reply(answer(question, snapshot, caller_of(environ, snapshot), self._service.now()))
        except FaultyQuestionError as error:
            return problem_reply(bad_question(error.faults))
        except QuestionError as error:
            return problem_reply(bad_question((error,)))
        except BusyError:
            return _busy()

    def post(self, environ: dict[str, Any]) -> Reply:
        """Many questions in a JSON body."""
        body = _read_body(environ)
        if isinstance(body, Reply):
            return body
        try:
            questions = read_batch(body)
        except (msgspec.DecodeError, RecursionError):
            return problem_reply(bad_question((QuestionError("questions", _BATCH),)))
        snapshot = self._service.snapshot()
        try:
            with self._gate.work(max(len(questions), 1)):
                return written_reply(answer_all(questions, snapshot, caller_of(environ, snapshot), self._service.now()))
        except BusyError:
            return _busy()

    def key(self, environ: dict[str, Any]) -> Reply:
        """What a cache may key the caller's pages on, and for how long (spec: service, section 3)."""
        snapshot, now = self._service.snapshot(), self._service.now()
        key = visitor_key(snapshot.index, caller_of(environ, snapshot).locate(), now)
        # An edit is live within two periods; a key must not outlive the rules that it was made of by much more.
        longest = 2 * (self._service.settings.reload or _STEADY)
        if key.until is not None:
            longest = min(longest, (key.until - now).total_seconds())
        caching = ("Cache-Control", f"private, max-age={max(math.floor(longest), 0)}")
        return Reply(HTTPStatus.NO_CONTENT, headers=(("Notices-Key", key.value), caching))


#: Seconds; the period that stands in where rules are not looked at while serving.
_STEADY = 30.0
_BATCH = f'the body must be JSON, {{"questions": [...]}}, with at most {MOST_QUESTIONS} questions'


def caller_of(environ: dict[str, Any], snapshot: Snapshot) -> Caller:
    """Who sends the request; the address stays inside the locator."""

    def header(name: str) -> str | None:
        value: str | None = environ.get(f"HTTP_{name.upper().replace('-', '_')}")
        return value

    return Caller(
        # A batch may ask for its sender a thousand times.
        locate=cache(lambda: snapshot.locator.locate(_peer(environ), header)),
        languages=parse_accept_language(header("Accept-Language") or ""),
        gpc=True if (header("Sec-GPC") or "").strip() == "1" else None,
    )


def _peer(environ: dict[str, Any]) -> str:
    """The socket's peer as the server gave it, also where Werkzeug's ``ProxyFix`` has replaced it since."""
    original = environ.get("werkzeug.proxy_fix.orig") or environ
    return str(original.get("REMOTE_ADDR") or "")


def _busy() -> Reply:
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many look-ups are in flight; try again", ("Retry-After", "1"))


def _read_body(environ: dict[str, Any]) -> bytes | Reply:
    """The body, or why it is not read."""
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
        return refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send the questions as application/json")
    stated = environ.get("CONTENT_LENGTH") or ""
    if stated and not (stated.isascii() and stated.isdigit()):
        return refusal(HTTPStatus.BAD_REQUEST, "Content-Length is no number")
    if not stated and not environ.get("wsgi.input_terminated"):
        return refusal(HTTPStatus.LENGTH_REQUIRED, "send a Content-Length")
    length = int(stated[:20]) if stated else LONGEST_BODY + 1
    if stated and length > LONGEST_BODY:
        return _too_large()
    body = _read(environ["wsgi.input"], length)
    if len(body) > LONGEST_BODY:
        return _too_large()
    if stated and len(body) < length:
        return refusal(HTTPStatus.BAD_REQUEST, "the body is shorter than its Content-Length")
    return body


def _read(stream: Any, length: int) -> bytes:
    """Up to *length* bytes; a server may give them in pieces."""
    pieces = []
    while length > 0 and (piece := stream.read(length)):
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def _too_large() -> Reply:
    return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a batch takes at most {LONGEST_BODY} bytes; send it in parts")
