"""What the keys of one rule demand of each other, and the same as conditions of JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notices.location import CAUSES
from notices.markdown import slots_in
from notices.ruleset import Display

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notices.ruleset import PageCondition

    from .desk import Desk
    from .periods import Period
    from .record import Fields
    from .shape import Json
    from .texts import TextDraft

#: What an active rule needs beside what every rule does, as an editor may write it, and what it is for.
_ACTIVE_NEEDS = (
    ("owner: legal-desk", "for who answers for it"),
    ("review-by: 2027-02-01", "for the day of its next review"),
)


def check_rule(desk: Desk, fields: Fields) -> None:
    """Report every clash between the keys of a rule."""
    _check_status(desk, fields)
    _check_events(desk, fields)
    _check_kind(desk, fields)
    _check_languages(desk, fields)
    _check_unread(desk, fields)
    _check_slots(desk, fields)


def _check_status(desk: Desk, fields: Fields) -> None:
    if fields.get("status") != "active":
        return
    for line, meaning in _ACTIVE_NEEDS:
        key = line.partition(":")[0]
        if fields.lacks(key):
            desk.error(fields.mark, "missing-key", f"an active rule lacks {key!r}", f"add such as '{line}', {meaning}")
    if fields.get("confidence") == "low":
        message = "a rule of low confidence may not be active"
        desk.error(
            fields.mark_of("confidence"), "low-confidence", message, "confirm its facts, or write 'status: draft'"
        )


def _check_events(desk: Desk, fields: Fields) -> None:
    """An active rule must not open or close by moments that nobody has confirmed."""
    periods: tuple[Period, ...] = fields.get("when", ())
    for id_ in dict.fromkeys(period.event for period in periods if period.event is not None):
        if fields.get("status") == "active" and desk.events[id_].confidence == "low":
            message = f"the event {id_!r} is of low confidence, and sets the time of an active rule"
            fix = "confirm its moments, or write 'status: draft'"
            desk.error(fields.mark_of("when", id_), "low-confidence", message, fix)


def _check_kind(desk: Desk, fields: Fields) -> None:
    kind, action = fields.get("kind"), fields.get("action")
    if kind is None:
        return
    if kind != "withhold":
        if action == "withhold":
            message = f"a rule of the kind {kind!r} cannot withhold"
            desk.error(fields.mark_of("action"), "bad-action", message, "write 'kind: withhold', or 'action: notice'")
        if fields.lacks("text"):
            desk.error(fields.mark, "missing-key", "a rule lacks 'text'", "add 'text: {en: ...}', a text by language")
        return
    if action == "notice":
        desk.error(
            fields.mark_of("action"),
            "bad-action",
            "a rule of the kind 'withhold' withholds",
            "write 'action: withhold'",
        )
    missing = [cause for cause in CAUSES if cause not in fields.get("unsure", {})]
    if missing and ("unsure" not in fields or "unsure" in fields.values):
        message = f"a rule that withholds must say what it does when unsure; {', '.join(missing)} lack an answer"
        desk.error(
            fields.mark_of("unsure"),
            "unsure-incomplete",
            message,
            "write 'unsure: hide', or such as {coarse: show, contested: hide, unknown: hide, anonymous: hide}",
        )


def _check_languages(desk: Desk, fields: Fields) -> None:
    display: Display = fields.get("show", Display())
    drafts: tuple[TextDraft, ...] = fields.get("text", ())
    for language in display.languages:
        for draft in drafts:
            if language in ("page", "visitor") or language.lower() in map(str.lower, draft.version.texts):
                continue
            start = f" from {draft.version.start:%Y-%m-%d %H:%M} UTC on" if draft.version.start else ""
            message = f"there is no text in {language!r}{start}, which 'show' asks for"
            fix = f"write the text in {language!r}, or take it from 'languages'"
            desk.error(fields.mark_of("show", language), "missing-text", message, fix)


def _check_unread(desk: Desk, fields: Fields) -> None:
    """A language that waits for a reader must be one in which there is a text."""
    drafts: tuple[TextDraft, ...] = fields.get("text", ())
    written = {tag.lower() for draft in drafts for tag in draft.version.texts}
    for tag in fields.get("unread", ()) if drafts else ():
        if tag.lower() not in written:
            message = f"there is no text in {tag!r} that could be read"
            desk.error(fields.mark_of("unread", tag), "missing-text", message, "take it from 'unread'")


def _texts(drafts: tuple[TextDraft, ...]) -> Iterator[tuple[TextDraft, str, str]]:
    for draft in drafts:
        for language, text in draft.version.texts.items():
            for part in (text.body, text.title, text.short):
                if part:
                    yield draft, language, part


def _check_slots(desk: Desk, fields: Fields) -> None:
    pages: PageCondition | None = fields.get("pages")
    named = (pages is not None and bool(pages.publishers or pages.statuses)) or ("pages" in fields and pages is None)
    for draft, language, part in _texts(fields.get("text", ())):
        mark = draft.marks.get(language, draft.mark)
        slots = slots_in(part)
        if "law" in slots and fields.get("confidential"):
            message = "the text names {law}, which a confidential rule must not show"
            desk.error(mark, "confidential-law", message, "write a neutral text")
        elif "law" in slots and "law" not in fields:
            desk.error(mark, "empty-slot", "the text names {law}, and the rule has no 'law'", "write 'law: [...]'")
        if "publisher" in slots and desk.publisher is None and not named:
            message = "the text names {publisher}, and on some pages none is known"
            fix = "set 'publisher' under 'defaults', or 'publishers' under 'pages'"
            desk.error(mark, "empty-slot", message, fix)


def _when(key: str, value: str) -> Json:
    return {"properties": {key: {"const": value}}, "required": [key]}


_ACTIVE: dict[str, Any] = {
    "if": _when("status", "active"),
    "then": {"required": ["owner", "review-by"], "properties": {"confidence": {"not": {"const": "low"}}}},
}
_KIND: dict[str, Any] = {
    "if": _when("kind", "withhold"),
    "then": {
        "required": ["unsure"],
        "properties": {
            "action": {"const": "withhold"},
            "unsure": {"anyOf": [{"type": "string"}, {"type": "object", "required": list(CAUSES)}]},
        },
    },
    "else": {"required": ["text"], "properties": {"action": {"not": {"const": "withhold"}}}},
}
#: The same demands for editors' completion, as far as JSON Schema can say them.
RULE_CONDITIONS: Json = {"allOf": [_ACTIVE, _KIND], "dependentRequired": {"sha256": ["verbatim"]}}
