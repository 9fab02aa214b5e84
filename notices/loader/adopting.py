"""One adoption: its keys, which are those of a rule that a site may say otherwise than the pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from notices.ruleset import Status

from .display import DISPLAY
from .pages import PAGES, PUBLISHER
from .periods import PERIODS
from .record import Fields, Key, Record
from .regions import WHERE
from .rules import FEATURES, LAWS, UNSURE
from .scalars import BOOLEAN, DAY, LANGUAGE, NAME, WHOLE, choice, words
from .shape import Many
from .sources import SOURCES
from .texts import LINK, SUMS, TEXTS

if TYPE_CHECKING:
    from .desk import Desk


def _adoption(desk: Desk, fields: Fields) -> Fields:
    del desk
    return fields


ADOPTION: Record[Fields] = Record(
    "an adoption",
    {
        "publishers": Key(
            Many(PUBLISHER, "publishers"), "on whose pages it holds; their brands are meant too", required=True
        ),
        "rule": Key(NAME, "the pack's rule, where the adoption has an id of its own", default="the adoption's id"),
        "status": Key(choice(get_args(Status), "status"), "only active rules act", default="active"),
        "owner": Key(words("an owner"), "who answers for the rule"),
        "review-by": Key(DAY, "by when it is to be looked at again"),
        "stance": Key(NAME, "one of the pack rule's stances", default="the rule as the pack writes it"),
        "where": Key(WHERE, "the regions in which it holds, of those of the pack's rule"),
        "pages": Key(PAGES, "what is asked of pages besides what the pack asks"),
        "when": Key(PERIODS, "when it holds, instead of the pack's periods"),
        "unsure": Key(UNSURE, "what a maybe does, instead of the pack's answer"),
        "show": Key(DISPLAY, "where the notice stands and how it looks, instead of the pack's answer"),
        "features": Key(FEATURES, "what happens to page parts, instead of the pack's answer"),
        "priority": Key(WHOLE, "higher stands first", default="the pack's"),
        "text": Key(TEXTS, "texts by language tag that join the pack's or take their places"),
        "unread": Key(
            Many(LANGUAGE, "languages", least=0),
            "languages whose text no native editor has read yet; [] for none",
            default="the pack's, without those whose text you write",
        ),
        "verbatim": Key(BOOLEAN, "true for a text that the law prescribes, instead of the pack's answer"),
        "sha256": Key(SUMS, "the SHA-256 sum of each verbatim text that you write, by language tag"),
        "link": Key(LINK, "where a reader learns more, instead of the pack's"),
        "law": Key(LAWS, "the law behind the rule, instead of the pack's"),
        "sources": Key(SOURCES, "where the facts come from, instead of the pack's"),
        "confidential": Key(BOOLEAN, "true for court orders", default="the pack's"),
    },
    _adoption,
)
