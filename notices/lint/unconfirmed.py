"""What active rules rest on and nobody has confirmed: texts that wait for a reader, statuses known from memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .finding import Finding, Spot, of_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from notices.publisher import Declared, Publisher, StatusAsked, Window
    from notices.ruleset import Ruleset

_CONFIRM = (
    "confirm its days by a source and write 'confidence: high' or 'medium'; "
    "a publisher of the pack by declaring it under your own 'publishers'"
)


def find_unread(ruleset: Ruleset) -> Iterator[Finding]:
    """Hints: every active rule with texts that no native editor has read yet, once, with their languages."""
    for rule in ruleset.active:
        if rule.unread:
            message = f"{rule.id!r} is active, and no native editor has read its text in {', '.join(rule.unread)}"
            adopted = rule.id in ruleset.adopted
            left = "write those still to be read under 'unread' here" if adopted else "take it from 'unread'"
            fix = f"let somebody who grew up with the language read it, then {left}"
            spot = of_rule(rule.id) if adopted else of_rule(rule.id, "unread")
            yield Finding(spot, "hint", "unread", message, fix)


def find_unconfirmed_statuses(ruleset: Ruleset, now: datetime) -> Iterator[Finding]:
    """Every status of low confidence by which an active rule would act at *now* or later, and does not.

    What is over is history, and where a status that is sure says the same nothing is missing. In an exception such a
    status takes nothing from readers.
    """
    for rule in ruleset.active:
        pages = rule.pages
        own = ruleset.publishers if pages.publishers is None else pages.publishers
        for asked, publishers in ((pages.statuses, own), (pages.mentioned, ruleset.publishers)):
            if asked is None:
                continue
            for id_ in publishers:
                for spot, status in _unconfirmed(ruleset.publishers, asked, id_, now):
                    message = (
                        f"{rule.id!r} does not act by the status {status!r} of {spot.name!r}: its confidence is low"
                    )
                    yield Finding(spot, "warning", "unconfirmed-status", message, _CONFIRM)


def _unconfirmed(
    publishers: Mapping[str, Publisher], asked: StatusAsked, id_: str, now: datetime
) -> Iterator[tuple[Spot, str]]:
    """The statuses from memory that *id_* has, itself or from what it is part of, and where their doubt is written."""
    name: str | None = id_
    while name is not None and name in publishers:
        for number, one in enumerate(publishers[name].statuses):
            if one.status in asked.names and one.confidence == "low" and not _is_idle(one, asked, id_, now):
                yield Spot("publishers", name, ("statuses", number, "confidence")), one.status
        name = publishers[name].part_of


def _is_idle(one: Declared, asked: StatusAsked, id_: str, now: datetime) -> bool:
    """Whether it is over, or a status that is sure holds from no later until no earlier."""
    window = one.window(asked.since)
    if window.end is not None and window.end <= now:
        return True
    return any(_covers(sure, window) for sure in asked.windows_of(id_))


def _covers(one: Window, other: Window) -> bool:
    begins = one.start is None or (other.start is not None and one.start <= other.start)
    return begins and (one.end is None or (other.end is not None and other.end <= one.end))
