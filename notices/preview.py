"""Preview links: signed tokens that show a page as a visitor from elsewhere would get it, until they expire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from itsdangerous import BadData, URLSafeSerializer
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The query parameter that carries a token.
PARAMETER = "notices-as"
LIFETIME = timedelta(hours=12)
#: A token of ours is a few hundred characters long; what is longer is not even looked at.
LONGEST_TOKEN = 2_048


class Preview(Struct, frozen=True, kw_only=True):
    """Whom a link stands for.

    ``regions`` are the values that a look-up's ``region=`` takes (codes, ``unknown``, ``tor``, ``vpn``, ``hosting``),
    ``languages`` the visitor's BCP 47 tags in their order (none: those of the browser that follows the link), ``at``
    the aware instant (None: now) and ``expires`` the aware instant from which the link is dead.
    """

    regions: tuple[str, ...]
    expires: datetime
    languages: tuple[str, ...] = ()
    at: datetime | None = None


def sign_preview(secret: str, preview: Preview) -> str:
    """The token for *preview*, safe in a query string; whoever has *secret* can make and read it."""
    facts = {
        "r": list(preview.regions),
        "l": list(preview.languages),
        "a": preview.at.timestamp() if preview.at else None,
        "e": preview.expires.timestamp(),
    }
    return _serializer(secret).dumps(facts)


def read_preview(secret: str, token: str, now: datetime) -> Preview | None:
    """The preview that *token* stands for; None where it was not signed with *secret* or has expired by *now*."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        preview = _preview_from(_checked(secret, token))
    except (BadData, KeyError, TypeError, ValueError, OverflowError):
        return None
    return preview if now < preview.expires else None


def _checked(secret: str, token: str) -> Any:
    """What *token* says, its signature checked first.

    Not by ``loads``, which keeps the error that it raises, and by that error's traceback the request with its address,
    in a circle.

    :raises BadData: for what was not signed with *secret*.
    """
    serializer = _serializer(secret)
    return serializer.load_payload(serializer.make_signer(serializer.salt).unsign(token))


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="notices-preview")


def _preview_from(facts: Mapping[str, Any]) -> Preview:
    return Preview(
        regions=tuple(str(region) for region in facts["r"]),
        languages=tuple(str(tag) for tag in facts["l"]),
        at=None if facts["a"] is None else datetime.fromtimestamp(facts["a"], UTC),
        expires=datetime.fromtimestamp(facts["e"], UTC),
    )
