"""Which pages a rule is for: the condition under ``pages`` (spec: rules, section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.page import SURFACES
from notices.ruleset import PageCondition

from .desk import suggest
from .instants import WINDOW
from .names import HOST, PATH
from .record import Fields, Key, Record
from .scalars import BOOLEAN, NAME, RANGE, choice, reject_text, words
from .shape import Leaf, Many
from .statuses import STATUSES

if TYPE_CHECKING:
    from notices.document import Scalar

    from .desk import Desk


def _publisher(desk: Desk, node: Scalar) -> str:
    if node.text in desk.publishers:
        return node.text
    message = f"no publisher {node.text!r} is declared"
    raise reject_text(desk, node, "unknown-publisher", message, suggest(node.text, desk.publishers))


PUBLISHER = Leaf(_publisher, "a publisher's id", NAME.schema())


def _signals(desk: Desk, fields: Fields) -> bool | None:
    del desk
    gpc: bool | None = fields.get("sec-gpc")
    return gpc


SIGNALS: Record[bool | None] = Record(
    "signals",
    {"sec-gpc": Key(BOOLEAN, "whether the browser sends Sec-GPC: 1 (Global Privacy Control)", required=True)},
    _signals,
)


def _condition(desk: Desk, fields: Fields) -> PageCondition:
    if not fields.nodes and not fields.misspelt:
        desk.error(fields.mark, "empty", "no fact of a page is named here", "name one, or delete the key")
    _hint_bare_host(desk, fields)
    if "mentions" in fields and "mentioned-statuses" in fields:
        message = "'mentions' and 'mentioned-statuses' stand together"
        desk.error(fields.mark_of("mentions"), "bad-condition", message, "keep one of them, or make two rules")

    def values(key: str) -> frozenset[str] | None:
        return frozenset(fields.get(key)) if key in fields.values else None

    return PageCondition(
        hosts=fields.get("hosts"),
        paths=fields.get("paths"),
        tags=values("tags"),
        sections=values("sections"),
        publishers=_with_brands(desk, values("publishers")),
        mentions=values("mentions"),
        surfaces=values("surfaces"),
        languages=fields.get("languages"),
        published=fields.get("published"),
        gpc=fields.get("signals"),
        exclude=fields.get("except", ()),
        statuses=fields.get("statuses"),
        mentioned=fields.get("mentioned-statuses"),
    )


def _with_brands(desk: Desk, named: frozenset[str] | None) -> frozenset[str] | None:
    return named and frozenset().union(*map(desk.brands_of, named))


def _hint_bare_host(desk: Desk, fields: Fields) -> None:
    hosts = fields.get("hosts", ())
    for host in hosts:
        if host.startswith("*.") and host[2:] not in hosts:
            message = f"{host!r} does not cover {host[2:]!r} itself"
            fix = f"add {host[2:]} if it is meant too"
            desk.report(fields.mark_of("hosts", host), "hint", "host-itself", message, fix)


_FACTS = {
    "hosts": Key(Many(HOST, "hosts"), "the page's host; *.courier.example is every host below, not itself"),
    "paths": Key(Many(PATH, "paths"), "the page's path; /news/** is /news and all below, * stays inside a segment"),
    "tags": Key(Many(words("a tag"), "tags"), "one of the page's tags"),
    "sections": Key(Many(words("a section"), "sections"), "one of the page's sections"),
    "publishers": Key(Many(PUBLISHER, "publishers"), "who publishes the page; their brands are meant too"),
    "statuses": Key(STATUSES, "a status that the page's publisher has at the time, or the one that it is part of"),
    "mentions": Key(Many(words("a name"), "names"), "one of those whom the page mentions"),
    "mentioned-statuses": Key(STATUSES, "a status that a publisher has whose id is among the page's mentions"),
    "surfaces": Key(Many(choice(SURFACES, "surface"), "surfaces"), "what sort of page it is"),
    "languages": Key(Many(RANGE, "languages"), "the page's language; ru matches ru-RU"),
    "published": Key(WINDOW, "when the page was published"),
    "signals": Key(SIGNALS, "what the visitor's browser signals"),
}


def _fact_of(text: str) -> str:
    """Which fact somebody most likely means who names none."""
    return "surfaces" if text in SURFACES else "paths" if "/" in text else "hosts" if "." in text else "tags"


_EXCEPT = Record("except", _FACTS, _condition, rules={"minProperties": 1}, lone=_fact_of)


PAGES: Record[PageCondition] = Record(
    "pages",
    _FACTS
    | {
        "except": Key(
            Many(_EXCEPT, "conditions"),
            "pages that are left out: all facts together; a list of such mappings leaves out any of them",
        )
    },
    _condition,
    rules={"minProperties": 1},
    lone=_fact_of,
)
