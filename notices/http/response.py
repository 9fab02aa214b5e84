"""The response's head: why it is left alone, and how it reads where it is not (spec: service, section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from . import etags
from .caching import Sharing, kept_by_nobody, plan_caching
from .csp import has_nonce
from .heads import Headers, first, replaced, values, without
from .media import is_attachment, type_of
from .outcome import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from notices.settings import Settings

VARIANT_HEADER = "Notices-Variant"
PAGE_HEADER = "Notices-Page"
DEBUG_HEADER = "Notices-Debug"
#: The variant of a page that shows nothing.
NO_VARIANT = "00000000"
#: What speaks of bytes that are not the ones sent, or of ranges within them.
_OF_OTHER_BYTES = frozenset({"accept-ranges", "content-md5", "digest", "content-digest", "repr-digest"})
#: Partial Content.
_PART = 206
_BODILESS = frozenset({204, 205, _PART})
#: What a 304 must not repeat of the representation (RFC 9110, 15.4.5).
_OF_A_BODY = _OF_OTHER_BYTES | {
    "content-length",
    "content-type",
    "content-encoding",
    "content-language",
    "content-range",
    "content-disposition",
    "transfer-encoding",
}
_POLICY = "content-security-policy"


def reason_to_leave(status: int, headers: Headers) -> Outcome | None:
    """Why a response is no page of ours to change, from its head alone; None where it is."""
    return Outcome.STATUS if has_no_page(status) else reason_in_head(headers)


def has_no_page(status: int) -> bool:
    """Whether a response of this status is no page, whatever its head says."""
    return status < 200 or status in _BODILESS or 300 <= status < 400


def reason_in_head(headers: Headers) -> Outcome | None:
    """As :func:`reason_to_leave`, for any status that a page can have."""
    if type_of(values(headers, "Content-Type")) != "text/html":
        return Outcome.NOT_HTML
    if any(is_attachment(value) for value in values(headers, "Content-Disposition")):
        return Outcome.ATTACHMENT
    if first(headers, "Signature") is not None:
        return Outcome.SIGNED
    if first(headers, VARIANT_HEADER) is not None:
        return Outcome.ALREADY_DONE
    return None


def is_part(status: int) -> bool:
    """Whether a response is a range of what was asked for."""
    return status == _PART


class HeadPlan(Struct, frozen=True):
    """How a page's head changes: the variant it carries, whether its bytes change, and what caches must know."""

    variant: str
    changes_bytes: bool
    sharing: Sharing


def plan_head(headers: Headers, plan: HeadPlan) -> Headers:
    """The head of a page, before it is known how long it gets; ``Content-Length`` goes where bytes change."""
    if plan.changes_bytes:
        headers = without(headers, {*_OF_OTHER_BYTES, "content-length"})
    headers = tag_variant(headers, plan.variant)
    return plan_caching(replaced(headers, VARIANT_HEADER, plan.variant), plan.sharing)


def tag_variant(headers: Headers, variant: str) -> Headers:
    """The headers with the variant in their ``ETag``, where they have one."""
    tag = first(headers, "ETag")
    if tag is None or not tag.strip():
        return headers
    return replaced(headers, "ETag", etags.with_variant(tag.strip(), variant))


def is_not_modified(status: int, headers: Headers, conditions: tuple[str, ...]) -> bool:
    """Whether the client holds exactly this response: by its final ETag alone, whatever the media type."""
    tag = first(headers, "ETag")
    return status == 200 and bool(conditions) and tag is not None and etags.matches(tag.strip(), conditions)


def not_modified(headers: Headers) -> Headers:
    """The head of the 304 for a response with *headers*.

    A policy that names a nonce belongs to the body that the client no longer gets: the stored one stays with its body.
    """
    kept = without(headers, _OF_A_BODY)
    return [(key, value) for key, value in kept if key.lower() != _POLICY or not has_nonce(value)]


def withheld_headers(length: int | None, blocked_by: str, variant: str, policy: str) -> Headers:
    """The head of a 451 (RFC 7725); *length* None for HEAD; *blocked_by* is the address of who withholds."""
    head = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Link", f'<{blocked_by}>; rel="blocked-by"'),
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        (VARIANT_HEADER, variant),
    ]
    return head if length is None else [*head, ("Content-Length", str(length))]


def uncached(headers: Headers) -> Headers:
    """The head of a preview: of one newsroom, for one look."""
    kept = without(headers, {"etag", "last-modified", "expires"})
    return replaced(kept, "Cache-Control", "no-store")


def ends_now(now: datetime, sharing: Sharing) -> Sharing:
    """*sharing* for a page on which something failed: kept by nobody beyond this very answer."""
    return Sharing(now=now, mode=sharing.mode, vary_header=sharing.vary_header, varies=sharing.varies, until=now)


def unplanned(headers: Headers, settings: Settings) -> Headers:
    """The head of a page that could not be planned: it may lack its notice, so nobody is to keep it.

    What is no page, and what the site's settings leave as it is, keeps its head.
    """
    left = settings.mode != "on" or settings.cache == "keep"
    if left or type_of(values(headers, "Content-Type")) != "text/html":
        return headers
    return kept_by_nobody(headers)
