"""Media types, charsets, codings and dispositions as heads state them."""

from __future__ import annotations

import re

from notices.language import is_language_tag

_PARAMETER = re.compile(r';\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))')
_TYPE = re.compile(r"[a-z0-9!#$%&'+.^_`|~-]+/[a-z0-9!#$%&'+.^_`|~-]+")
UNPACKED = ("gzip", "x-gzip", "deflate")


def media_type(content_type: str) -> str:
    """The bare type of a Content-Type value, lower case."""
    return content_type.partition(";")[0].strip().lower()


def type_of(stated: list[str]) -> str:
    """The bare type that browsers take from all Content-Type values: the last that is one (Fetch, 3.5).

    A proxy or an app that states it twice makes two values, or one with a comma.
    """
    if len(stated) == 1 and "," not in stated[0]:
        return media_type(stated[0])
    types = [media_type(part) for value in stated for part in value.split(",")]
    return next((one for one in reversed(types) if _TYPE.fullmatch(one)), "")


def charset(content_type: str) -> str | None:
    """The charset that a Content-Type value states, as written; the first counts (WHATWG MIME Sniffing, 4.4)."""
    for name, quoted, plain in _PARAMETER.findall(content_type):
        if name.lower() == "charset" and (quoted or plain):
            return re.sub(r"\\(.)", r"\1", quoted) or str(plain)
    return None


def is_attachment(disposition: str) -> bool:
    """Whether a Content-Disposition value makes a download: any type but ``inline`` (RFC 6266, 4.2).

    A value without a type (``filename=...``) is shown in place, as browsers do.
    """
    kind = disposition.partition(";")[0].strip().lower()
    return kind not in ("", "inline") and "=" not in kind


def coding(values: list[str]) -> str | None:
    """The one content coding of a body in lower case; "" for none, None for several or what cannot be unpacked."""
    names = [name.strip().lower() for value in values for name in value.split(",")]
    applied = [name for name in names if name not in ("", "identity")]
    if not applied:
        return ""
    return applied[0] if len(applied) == 1 and applied[0] in UNPACKED else None


def first_language(content_language: str | None) -> str | None:
    """The first tag of a Content-Language value, None where there is none of use."""
    tag = (content_language or "").partition(",")[0].strip()
    return tag if is_language_tag(tag) else None
