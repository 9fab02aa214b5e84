"""Errors as the endpoint tells them: one shape, RFC 9457, with the parameters that were of no use."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  msgspec reads the annotations while running
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from notices.errors import QuestionError

MEDIA_TYPE = "application/problem+json"


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter that cannot be used, and what to write instead; its value is not repeated."""

    parameter: str
    detail: str


class ProblemReply(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong with a request (RFC 9457)."""

    type: Annotated[str, Meta(description="a reference to this problem's documentation")]
    title: str
    status: int
    detail: str
    errors: Sequence[Fault] = ()


def bad_question(faults: Sequence[QuestionError]) -> ProblemReply:
    """The problem of a look-up that cannot be understood."""
    errors = [Fault(parameter=fault.parameter, detail=str(fault)) for fault in faults]
    detail = "; ".join(f"{fault.parameter}: {fault.detail}" for fault in errors)
    return problem(HTTPStatus.BAD_REQUEST, detail, errors)


def problem(status: HTTPStatus, detail: str, errors: Sequence[Fault] = ()) -> ProblemReply:
    """A problem of this *status*; *detail* says what to do about it."""
    return ProblemReply(
        type=f"openapi.json#/components/responses/{status.name}",
        title=status.phrase,
        status=status.value,
        detail=detail,
        errors=errors,
    )
