"""The request as the app gets it: what must not reach it, so that no 304 and no range revives another's page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from notices.memo import Memo

from . import etags
from .media import UNPACKED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_UNPACKABLE = frozenset(UNPACKED)
_WISH = r"[A-Za-z*][A-Za-z*/+.-]*+(?>(?:; ?[a-z]=[a-z]?[0-9](?:\.[0-9]{1,3})?)*)"
#: Headers as browsers send them, which may be remembered: in what else somebody puts there may be an address.
_PLAIN = re.compile(rf"{_WISH}(?>(?:, ?{_WISH})*)")


class RequestPlan(Struct, frozen=True):
    """``conditions`` are the tags by which we answer 304 ourselves; ``changes`` maps header names to new values.

    A change to None removes the header. Of requests that do not ask for a page only ``If-Match`` is ever changed.
    """

    conditions: tuple[str, ...] = ()
    changes: Mapping[str, str | None] = {}

    def apply(self, environ: dict[str, Any]) -> None:
        """Make the changes in *environ* (PEP 3333)."""
        for name, value in self.changes.items():
            if value is None:
                environ.pop(environ_key(name), None)
            else:
                environ[environ_key(name)] = value


@lru_cache(maxsize=256)  # the names that we and the site's settings ask for
def environ_key(name: str) -> str:
    """The environ key of the request header *name* (PEP 3333)."""
    return "HTTP_" + name.upper().replace("-", "_")


def plan_request(method: str, header: Callable[[str], str | None]) -> RequestPlan:
    """Plan for a request whose headers *header* reads by name (spec: service, section 3)."""
    changes: dict[str, str | None] = {}
    if_match = header("If-Match")
    if if_match is not None and (cut := etags.cut_variants(if_match)) != if_match:
        changes["If-Match"] = cut
    if method not in ("GET", "HEAD") or not _asks_for_page(header):
        return RequestPlan(changes=changes)
    conditions = etags.split_tags(header("If-None-Match") or "")
    if "*" in conditions:
        conditions = ()
    elif header("If-None-Match") is not None:
        changes["If-None-Match"] = None
    for name in ("If-Modified-Since", "Range", "If-Range"):
        if header(name) is not None:
            changes[name] = None
    accepted = header("Accept-Encoding")
    if accepted is not None and (struck := strike_codings(accepted)) != accepted:
        changes["Accept-Encoding"] = struck
    return RequestPlan(conditions, changes)


#: Of requests that browsers make all the time: by method and two headers that hold nothing but wishes.
_PLANS: Memo[tuple[str, str | None, str | None], RequestPlan] = Memo(256)


def plan_usual(method: str, accept: str | None, accept_encoding: str | None) -> RequestPlan:
    """As :func:`plan_request`, for a request without conditions and ranges; made once for all that are alike."""
    key = (method, accept, accept_encoding)
    return _PLANS.get(key) or _plan_usual(key)


def _plan_usual(key: tuple[str, str | None, str | None]) -> RequestPlan:
    method, *wishes = key
    plan = plan_request(method, dict(zip(("Accept", "Accept-Encoding"), wishes, strict=True)).get)
    plain = all(wish is None or _PLAIN.fullmatch(wish) for wish in wishes)
    return _PLANS.put(key, plan) if plain and method in ("GET", "HEAD") else plan


def _asks_for_page(header: Callable[[str], str | None]) -> bool:
    if _names_html(header("Accept") or ""):
        return True
    tags = (tag for name in ("If-None-Match", "If-Range", "If-Match") for tag in etags.split_tags(header(name) or ""))
    return any(etags.carries_variant(tag) for tag in tags)


def _names_html(accept: str) -> bool:
    return (_accepts_html if _PLAIN.fullmatch(accept) else _accepts_html.__wrapped__)(accept)


@lru_cache(maxsize=256)  # browsers send few different ones
def _accepts_html(accept: str) -> bool:
    return any(name == "text/html" and quality > 0 for name, quality, _ in _preferences(accept))


def strike_codings(accepted: str) -> str:
    """An Accept-Encoding value without the codings that we cannot unpack; never a wish for none.

    ``*`` would allow them all and becomes ``gzip``. A client that takes nothing but what we would strike keeps its
    header: it gets its page, unchanged, rather than an error.
    """
    return (_strike if _PLAIN.fullmatch(accepted) else _strike.__wrapped__)(accepted)


@lru_cache(maxsize=256)
def _strike(accepted: str) -> str:
    preferences = list(_preferences(accepted))
    named = {name for name, _, _ in preferences}
    kept = [_kept(*preference, named) for preference in preferences]
    struck = ", ".join(text for text in kept if text is not None)
    if all(text is not None and text == old[2] for text, old in zip(kept, preferences, strict=True)):
        return accepted
    refused = {name for name, quality, _ in preferences if quality == 0}
    leaves_something = any(quality > 0 and name in _UNPACKABLE for name, quality, _ in preferences)
    identity_refused = "identity" in refused or ("*" in refused and "identity" not in named)
    return accepted if identity_refused and not leaves_something else struck


def _kept(name: str, quality: float, text: str, named: set[str]) -> str | None:
    if name == "*" and quality > 0:
        return None if "gzip" in named else "gzip" + text[1:]
    return text if name in _UNPACKABLE or name in ("identity", "*") else None


def _preferences(value: str) -> list[tuple[str, float, str]]:
    """The items of an Accept-like value: lower-case name, quality, text as written."""
    items = []
    for part in value.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            items.append((name.lower(), _quality(parameters), part.strip()))
    return items


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, number = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(number)
            except ValueError:
                return 0.0
    return 1.0
