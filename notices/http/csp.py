"""Whether a style of ours may stand in the page: what a response's Content-Security-Policy says of styles (CSP 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from notices.expressions import late

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Later ones apply where the earlier are missing (CSP 3, 6.8.3, for a ``<style>`` element).
_GOVERNING = ("style-src-elem", "style-src", "default-src")
_NONCE = late(r"'nonce-([A-Za-z0-9+/_-]+={0,2})'", re.IGNORECASE)


class StylePolicy(Struct, frozen=True):
    """``enforced``: there is a policy at all; ``nonce``: one that every policy that governs styles allows."""

    enforced: bool = False
    nonce: str | None = None


def style_policy(values: Iterable[str]) -> StylePolicy:
    """Read all enforced Content-Security-Policy values of a response; a value may hold several policies.

    Only a nonce of the CSP grammar is returned: base64 characters, so it cannot leave an attribute.
    """
    policies = [policy for value in values for policy in value.split(",") if policy.strip()]
    if not policies:
        return StylePolicy()
    allowed = [_NONCE.findall(sources) for policy in policies if (sources := _governing(policy)) is not None]
    usable = [nonce for nonce in allowed[0] if all(nonce in others for others in allowed)] if allowed else []
    return StylePolicy(True, usable[0] if usable else None)


def has_nonce(value: str) -> bool:
    """Whether a policy names any nonce, so that it belongs to one body alone."""
    return _NONCE.search(value) is not None


def _governing(policy: str) -> str | None:
    """The source list of *policy* that decides on ``<style>``; None where the policy leaves styles alone."""
    directives: dict[str, str] = {}
    for directive in policy.split(";"):
        name, *sources = directive.split(maxsplit=1)[:2] or [""]
        directives.setdefault(name.lower(), "".join(sources))
    return next((directives[name] for name in _GOVERNING if name in directives), None)
