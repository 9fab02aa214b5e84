"""The request as the app gets it: what must not reach it, so that no 304 and no range revives another's page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from notices.language import parse_accept_language
from notices.memo import Memo

from . import etags
from .media import UNPACKED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_UNPACKABLE = frozenset(UNPACKED)
_TAG = r"[A-Za-z]{1,8}(?>(?:-[A-Za-z0-9]{1,8})*)"
_WISH = rf"(?:[A-Za-z*][A-Za-z*/+.-]*+|{_TAG})(?>(?:; ?[a-z]=[a-z]?[0-9](?:\.[0-9]{{1,3}})?)*)"
#: Headers as browsers send them, which may be remembered: in what else somebody puts there may be an address.
_PLAIN = re.compile(rf"[01]|{_WISH}(?>(?:, ?{_WISH})*)")


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


class Wishes(Struct, frozen=True):
    """What a request says beside who asks, and for what: the ``plan`` for it, and what its browser wishes.

    ``languages`` are the visitor's, most wanted first; ``gpc`` says whether they signal Global Privacy Control,
    ``framed`` whether the page is fetched for a frame (Fetch Metadata).
    """

    plan: RequestPlan
    languages: tuple[str, ...]
    gpc: bool
    framed: bool


_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH")
#: Of requests that browsers make all the time: by method and headers that hold nothing but wishes.
_WISHES: Memo[tuple[str | None, ...], Wishes] = Memo(512)


def read_wishes(environ: Mapping[str, Any]) -> Wishes:
    """The wishes of a request with this *environ* (PEP 3333); read once for all that are alike."""
    get = environ.get
    key = (
        get("REQUEST_METHOD"), get("HTTP_ACCEPT"), get("HTTP_ACCEPT_ENCODING"), get("HTTP_ACCEPT_LANGUAGE"),
        get("HTTP_SEC_GPC"), get("HTTP_SEC_FETCH_DEST"),
    )  # fmt: skip
    usual = environ.keys().isdisjoint(_CONDITIONS)
    return (_WISHES.get(key) if usual else None) or _read_wishes(environ, key, usual=usual)


def _read_wishes(environ: Mapping[str, Any], key: tuple[str | None, ...], *, usual: bool) -> Wishes:
    def header(name: str) -> str | None:
        value = environ.get(environ_key(name))
        return None if value is None else str(value)

    method = str(environ.get("REQUEST_METHOD") or "GET")
    wishes = Wishes(
        plan=plan_request(method, header),
        languages=parse_accept_language(header("Accept-Language") or ""),
        gpc=(header("Sec-GPC") or "").strip() == "1",
        framed=(header("Sec-Fetch-Dest") or "").strip().lower() == "iframe",
    )
    plain = all(wish is None or _PLAIN.fullmatch(wish) for wish in key)
    return _WISHES.put(key, wishes) if usual and plain and method in ("GET", "HEAD") else wishes


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
