"""Make rules and rulesets in a line, straight from the values that the loader would give."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from notices.location import Entry, Location, Where
from notices.ruleset import (
    UNSURE_DEFAULTS,
    Display,
    PageCondition,
    Rule,
    Ruleset,
    Text,
    TextVersion,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: The instant at which most tests ask.
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONTESTED = {region: frozenset({"RU"}) for region in ("UA-43", "UA-40", "UA-14", "UA-09", "UA-23", "UA-65")}
HIDE_ALL = dict.fromkeys(("anonymous", "unknown", "contested", "coarse"), "hide")
SHOW_ALL = dict.fromkeys(HIDE_ALL, "show")


def day(text: str) -> datetime:
    """Midnight UTC of ``2026-11-22``, or the instant of ``2026-11-22T12:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def where(*include: str | Entry | Where, but: Iterable[str | Entry | Where] = (), name: str | None = None) -> Where:
    """A region expression of codes, entries and sets."""
    return Where(tuple(map(_operand, include)), tuple(map(_operand, but)), name)


def _operand(value: str | Entry | Where) -> Entry | Where:
    return Entry(value) if isinstance(value, str) else value


#: The built-in set of the same name, written out.
CONTROLLED = where(
    "UA-43",
    "UA-40",
    *(Entry(region, part=True) for region in ("UA-09", "UA-14", "UA-23", "UA-65")),
    name="russia-controlled-ukraine",
)


def window(start: str | None = None, end: str | None = None, zone: str | None = None) -> Window:
    """A window in UTC."""
    return Window(start and day(start), end and day(end), zone)


def texts(words: str | Mapping[str, str | Text], start: str | None = None) -> TextVersion:
    """A version of texts; a bare string is English."""
    by_tag = {"en": words} if isinstance(words, str) else words
    made = {tag: Text(text) if isinstance(text, str) else text for tag, text in by_tag.items()}
    return TextVersion(made, start and day(start))


def rule(id_: str = "rule", at: Where | Sequence[str | Entry | Where] | str = "world", **fields: Any) -> Rule:
    """An active courtesy rule with an English text; *fields* are those of :class:`Rule`, with short forms.

    ``windows`` are pairs of days, ``unsure`` completes the kind's default, ``text`` is short for ``texts``,
    ``languages`` and ``places`` are short for the display's.
    """
    kind = fields.pop("kind", "withhold" if fields.get("action") == "withhold" else "courtesy")
    languages, places = fields.pop("languages", None), fields.pop("places", None)
    display = fields.pop("display", Display())
    if languages is not None:
        display = Display(at=display.at, languages=tuple(languages))
    if places is not None:
        display = Display(at=tuple(places), languages=display.languages)
    words = fields.pop("text", f"Text of {id_}")
    versions = fields.pop("texts", (texts(words),) if words is not None else ())
    return Rule(
        id=id_,
        title=f"Title of {id_}",
        kind=kind,
        status=fields.pop("status", "active"),
        where=at if isinstance(at, Where) else where(*([at] if isinstance(at, str) else at)),
        unsure={**UNSURE_DEFAULTS.get(kind, HIDE_ALL), **fields.pop("unsure", {})},
        windows=tuple(one if isinstance(one, Window) else window(*one) for one in fields.pop("windows", ())),
        display=display,
        texts=tuple(versions),
        **fields,
    )


def pages(**facts: Any) -> PageCondition:
    """A condition on pages; lists become the sets and tuples that the condition holds."""
    ordered = {"hosts", "paths", "languages", "exclude"}
    whole = {"published", "gpc"}
    made = {
        name: value if name in whole else (tuple(value) if name in ordered else frozenset(value))
        for name, value in facts.items()
    }
    return PageCondition(**made)


def ruleset(*rules: Rule, **fields: Any) -> Ruleset:
    """A ruleset of *rules* with the built-in contested table."""
    return Ruleset(
        rules={one.id: one for one in rules},
        contested=fields.pop("contested", CONTESTED),
        digest=fields.pop("digest", "sha256:" + "0" * 64),
        **fields,
    )


def place(*candidates: str, network: str | None = None) -> Location:
    """A visitor with these candidates; without any, an unknown one."""
    return Location(candidates or ("world",), network, "query")
