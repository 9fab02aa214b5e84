"""One rule: its keys, and what they demand of each other (spec: rules, sections 2 and 4 to 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from notices.location import CAUSES
from notices.ruleset import (
    KINDS,
    UNSURE_DEFAULTS,
    Action,
    Confidence,
    Consequence,
    Display,
    PageCondition,
    Rule,
    Status,
    Verdict,
)

from .display import DISPLAY
from .examples import EXAMPLES
from .pages import PAGES
from .periods import PERIODS
from .precedence import RULE_ID
from .record import Fields, Key, Record
from .regions import WHERE
from .rule_checks import RULE_CONDITIONS, check_rule
from .scalars import BOOLEAN, DAY, FEATURE, LANGUAGE, NAME, WHOLE, choice, words
from .shape import Either, Made, Many, Pairs
from .sources import SOURCES
from .spreading import spread
from .texts import LINK, SUMS, TEXTS, check_verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.document import Node
    from notices.location import Cause
    from notices.ruleset import Kind

    from .desk import Desk

_VERDICT = choice(get_args(Verdict), "verdict")


def _every_cause(desk: Desk, node: Node, verdict: Verdict) -> dict[Cause, Verdict]:
    del desk, node
    return dict.fromkeys(CAUSES, verdict)


def _by_cause(desk: Desk, fields: Fields) -> dict[Cause, Verdict]:
    del desk
    return {cause: fields.get(cause) for cause in CAUSES if cause in fields.values}


_CAUSE_MEANINGS: Mapping[Cause, str] = {
    "coarse": "only the country, or a region that holds the rule's, is known",
    "contested": "sources disagree, or the place is contested",
    "unknown": "nobody knows where the visitor is",
    "anonymous": "the visitor comes through Tor, a VPN or a hosting network",
}
UNSURE: Either[Mapping[Cause, Verdict]] = Either(
    "show, hide, or a mapping of causes to them",
    scalar=Made(_VERDICT, _every_cause),
    table=Record("unsure", {cause: Key(_VERDICT, meaning) for cause, meaning in _CAUSE_MEANINGS.items()}, _by_cause),
)


def _rule(desk: Desk, fields: Fields) -> Rule | None:
    """The rule without its id; None where a value is of no use, after everything that can be checked was."""
    drafts = fields.get("text", ())
    check_rule(desk, fields)
    verbatim = check_verbatim(desk, fields, drafts)
    kind: Kind | None = fields.get("kind")
    if kind is None or not fields.sound or "where" not in fields or "status" not in fields:
        return None
    windows, where = spread(desk, fields.nodes["where"], fields.get("where"), fields.get("when", ()))
    unsure = {**UNSURE_DEFAULTS.get(kind, {}), **fields.get("unsure", {})}
    features: dict[str, Consequence] = fields.get("features", {})
    return Rule(
        id="",
        title=fields.get("title", ""),
        kind=kind,
        status=fields.get("status"),
        where=where,
        unsure=desk.share(unsure, tuple(unsure.items())),
        windows=desk.share(windows),
        pages=desk.share(fields.get("pages", PageCondition())),
        action="withhold" if kind == "withhold" else "notice",
        display=desk.share(fields.get("show", Display())),
        features=desk.share(features, tuple(features.items())),
        priority=fields.get("priority", 0),
        group=fields.get("group"),
        supersedes=fields.get("supersedes", ()),
        texts=tuple(draft.version for draft in drafts),
        unread=desk.share(fields.get("unread", ())),
        verbatim=verbatim,
        link=fields.get("link"),
        law=desk.share(fields.get("law", ())),
        sources=desk.share(fields.get("sources", ())),
        owner=fields.get("owner"),
        review_by=fields.get("review-by") and desk.share(fields.get("review-by")),
        confidence=fields.get("confidence"),
        confidential=fields.get("confidential", False),
        examples=fields.get("examples", ()),
        mark=fields.mark,
    )


LAWS = Many(words("a law"), "laws")
FEATURES = Pairs(FEATURE, choice(get_args(Consequence), "consequence"), "features", example="{share: hide}")
_KEYS: Mapping[str, Key] = {
    "title": Key(words("a title"), "what editors call the rule; readers never see it", required=True),
    "kind": Key(choice(KINDS, "kind"), "whom the rule protects or obliges; it sets what 'unsure' does", required=True),
    "status": Key(choice(get_args(Status), "status"), "only active rules act", required=True),
    "where": Key(WHERE, "the regions in which it holds: a list, or {any: [...], except: [...]}", required=True),
    "unsure": Key(UNSURE, "what a maybe does: show, hide, or a mapping of causes to them", default="by kind"),
    "when": Key(PERIODS, "when it holds: one period or a list of them", default="always"),
    "pages": Key(PAGES, "the pages on which it holds", default="all"),
    "action": Key(
        choice(get_args(Action), "action"), "withhold answers HTTP 451", default="notice; withhold for that kind"
    ),
    "show": Key(DISPLAY, "where the notice stands and how it looks"),
    "features": Key(FEATURES, "what happens to page parts marked data-notices-feature"),
    "priority": Key(WHOLE, "higher stands first", default="0"),
    "group": Key(NAME, "of one group, only the highest priority that applies is shown"),
    "supersedes": Key(Many(RULE_ID, "rules"), "rules that are dropped where this one applies"),
    "text": Key(TEXTS, "what readers see, by language tag, or a list of dated versions"),
    "unread": Key(
        Many(LANGUAGE, "languages", least=0), "languages whose text no native editor has read yet", default="none"
    ),
    "verbatim": Key(BOOLEAN, "true for a text that the law prescribes; 'sha256' then guards it", default="false"),
    "sha256": Key(SUMS, "the SHA-256 sum of each verbatim text, by language tag"),
    "link": Key(LINK, "where a reader learns more"),
    "law": Key(LAWS, "the law behind the rule, as {law} shows it"),
    "sources": Key(SOURCES, "where the rule's facts come from"),
    "owner": Key(words("an owner"), "who answers for the rule"),
    "review-by": Key(DAY, "by when it is to be looked at again"),
    "confidence": Key(
        choice(get_args(Confidence), "confidence"), "how well its facts are known; low may not be active"
    ),
    "confidential": Key(BOOLEAN, "true for court orders: nothing of the rule is in any public answer", default="false"),
    "examples": Key(EXAMPLES, "visitors and whether they see it; the folder does not load where one fails"),
}
#: What a stance may say otherwise than its rule; the rest is of the rule as a whole, or the adopting site's.
_OF_STANCE = (
    "title", "kind", "where", "unsure", "when", "pages", "action", "show", "features", "priority", "group",
    "supersedes", "text", "unread", "verbatim", "sha256", "link", "law",
)  # fmt: skip


_NEED = choice(("link", "law", "pages", "sources", "text", "when", "where"), "key that an adoption can be asked for")


def _stance(desk: Desk, fields: Fields) -> None:
    """A stance is read as a part of the rule that takes it; an empty one says what is not to be adopted at all."""
    del desk, fields


_STANCE = Record("a stance", {name: _KEYS[name] for name in _OF_STANCE}, _stance, partial=True)
_STANCES = Pairs(NAME, _STANCE, "stances", example="{inform: {kind: courtesy}}")
RULE: Record[Rule | None] = Record(
    "a rule",
    {
        **_KEYS,
        "needs": Key(Many(_NEED, "keys"), "keys that whoever adopts the rule must write, before it may be active"),
        "stances": Key(_STANCES, "sets of keys that replace the rule's own; who adopts the rule may take one"),
    },
    _rule,
    rules=RULE_CONDITIONS,
)
