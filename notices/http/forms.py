"""Heads of one form: their lines that plans read are the same, so that what follows from them is found out once.

Remembered by exactly these lines, and only where they are plain words: what else a site writes into a line, an address
for instance, is never kept. Of all other lines a form knows the place alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notices.memo import Memo

from . import media
from .heads import Headers, first, values, without
from .response import PAGE_HEADER, HeadPlan, plan_head, reason_in_head, tag_variant

if TYPE_CHECKING:
    from .outcome import Outcome

    #: A line that is read stands as it is, one of which only the name counts as that, any other as None.
    Key = tuple[tuple[str, str] | str | None, ...]
    #: The lines of a planned head; a number is the line of the app's head that stands there.
    Recipe = tuple[tuple[str, str] | int, ...]

#: What becomes of a line by its name: not read, read, read for its name alone, or too rare to remember.
_UNREAD, _TOLD, _NAMED, _RARE = range(4)
_BY_NAME = {
    **dict.fromkeys(("Content-Type", "Content-Encoding", "Content-Language", "Cache-Control", "Vary"), _TOLD),
    **dict.fromkeys(("Surrogate-Control", "X-Accel-Expires", "Edge-Control"), _TOLD),
    **dict.fromkeys(("Content-Length", "ETag", "Last-Modified", "Expires", "Content-Security-Policy"), _NAMED),
    **dict.fromkeys(("Accept-Ranges", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest"), _NAMED),
    **dict.fromkeys(("Content-Disposition", "Signature", "Notices-Variant", "Notices-Page"), _RARE),
}
_ROLES = {**_BY_NAME, **{name.lower(): role for name, role in _BY_NAME.items()}}
_CDN = "cdn-cache-control"
#: Lines that say until when something may be kept, beside a ``Cache-Control`` with a number.
_TIMES = ("last-modified", "expires", "surrogate-control", "x-accel-expires", "edge-control", _CDN)
#: What no address can be written in: neither dots before digits nor colons.
_PLAIN = re.compile(r"""(?:[A-Za-z0-9 ,;=/*+_"'-]|\.(?![0-9]))*""")
#: A stand-in for a line of which only the name is known; no value of the app's begins so.
_STAND_IN = "\0"


class Form:
    """What all heads of one form have in common.

    ``kept``: the lines without ``Notices-Page``, None where they are those of the head in hand; ``stated``: the values
    of that; ``reason``: why such a response is left alone, whatever its status. Of a page also ``language``, that of
    its ``Content-Language``, the ``coding`` and ``charset`` of its body, and whether it has
    a policy; ``tagged``: whether the head has an ``ETag``.
    """

    __slots__ = (
        "_lines",
        "_recipes",
        "_timed",
        "charset",
        "coding",
        "has_policy",
        "kept",
        "language",
        "reason",
        "stated",
        "tagged",
    )

    def __init__(self, lines: Headers, *, whole: bool) -> None:
        """*lines* are all of a head, where *whole* as they came, else with stand-ins for what is not read."""
        self.stated = values(lines, PAGE_HEADER)
        self._lines = without(lines, {PAGE_HEADER.lower()}) if self.stated else lines
        self.kept = self._lines if whole else None
        self.reason: Outcome | None = reason_in_head(lines)
        self.language = first(lines, "Content-Language")
        page = self.reason is None
        self.coding = media.coding(values(lines, "Content-Encoding")) if page else None
        self.charset = media.charset(first(lines, "Content-Type") or "") if page else None
        self.has_policy = first(lines, "Content-Security-Policy") is not None
        self.tagged = first(lines, "ETag") is not None
        self._timed = not whole and _states_times(lines)
        self._recipes: Memo[tuple[object, ...], Recipe] = Memo(64)

    def plan(self, head: Headers, plan: HeadPlan) -> Headers:
        """*head*, which is of this form, as :func:`plan_head` changes it."""
        sharing = plan.sharing
        if self.kept is not None or (self._timed and sharing.until is not None):
            return plan_head(head, plan)
        # Without times in the head nothing is cut, so that neither the instant nor the end of the answer counts.
        key = (
            plan.variant, plan.changes_bytes, sharing.mode, sharing.vary_header, sharing.others_differ, sharing.varies
        )  # fmt: skip
        recipe = self._recipes.get(key) or self._recipes.put(key, self._recipe(plan))
        planned: Headers = [line if isinstance(line, tuple) else head[line] for line in recipe]
        return tag_variant(planned, plan.variant) if self.tagged else planned

    def _recipe(self, plan: HeadPlan) -> Recipe:
        lines = [(name if name.lower() != "etag" else "", value) for name, value in self._lines]
        planned = plan_head(lines, plan)
        return tuple(int(value[1:]) if value.startswith(_STAND_IN) else (name, value) for name, value in planned)


class Forms:
    """The forms of the heads that an app gives, a bounded number of them."""

    def __init__(self) -> None:
        self._known: Memo[Key, Form] = Memo(256)

    def of(self, head: Headers) -> Form:
        """The form of *head*."""
        key = _key(head)
        if key is None:
            return Form(head, whole=True)
        return self._known.get(key) or self._learn(key, head)

    def _learn(self, key: Key, head: Headers) -> Form:
        lines: Headers = []
        for place, line in enumerate(key):
            if not isinstance(line, tuple):
                lines.append((line or "", f"{_STAND_IN}{place}"))
            elif _is_plain(line[1]):
                lines.append(line)
            else:
                return Form(head, whole=True)
        return self._known.put(key, Form(lines, whole=False))


def _is_plain(value: object) -> bool:
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None


def _key(head: Headers) -> Key | None:
    """What a head's form is remembered by; None for one that is too rare."""
    key: list[tuple[str, str] | str | None] = []
    for name, value in head:
        role = _ROLES.get(name)
        if role is None:
            role = _role(name)
        if role == _UNREAD:
            key.append(None)
        elif role == _RARE:
            return None
        else:
            key.append((name, value) if role == _TOLD else name)
    return tuple(key)


def _role(name: object) -> int:
    if not isinstance(name, str):  # as some apps have it, and some servers take it
        return _UNREAD
    lowered = name.lower()
    return _TOLD if lowered.endswith(_CDN) else _ROLES.get(lowered, _UNREAD)


def _states_times(lines: Headers) -> bool:
    numbered = any("=" in value for value in values(lines, "Cache-Control"))
    return numbered or any(name.lower().endswith(_TIMES) for name, _ in lines)
