"""Visitors and pages as examples and cases write them (spec: rules, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from notices.location import Location
from notices.page import SURFACES, Page
from notices.region import WORLD

from .instants import MOMENT, resolve
from .names import ADDRESS
from .pages import PUBLISHER, SIGNALS
from .record import Key, Record
from .regions import REGION, canonical
from .scalars import BOOLEAN, LANGUAGE, choice, words
from .shape import Leaf, Many

if TYPE_CHECKING:
    from notices.document import Scalar

    from .desk import Desk
    from .record import Fields

NETWORKS = ("tor", "vpn", "hosting", "proxy")
_WAYS = ("region", "unknown", "anonymous")


class Visit(Struct, frozen=True):
    """Who asks: the place, and the languages that the browser names."""

    location: Location
    languages: tuple[str, ...]


def _visit(desk: Desk, fields: Fields) -> Visit:
    ways = [way for way in _WAYS if way in fields]
    if len(ways) != 1:
        message = "a visitor has one of 'region', 'unknown' and 'anonymous'"
        desk.error(fields.mark, "bad-visitor", message, "write {region: DE}, {unknown: true} or {anonymous: tor}")
    return Visit(_location(fields), fields.get("languages", ()))


def _location(fields: Fields) -> Location:
    if fields.get("anonymous"):
        return Location((WORLD,), fields.get("anonymous"), "query")
    return Location.uniting(fields.get("region", ()), source="query" if "region" in fields else "none")


def _region(desk: Desk, node: Scalar) -> str:
    """A region's code; of the words that a look-up takes in its place, their own keys are told."""
    instead = "{unknown: true}" if node.text == "unknown" else f"{{anonymous: {node.text}}}"
    if node.text == "unknown" or node.text in NETWORKS:
        raise desk.reject(node.mark, "unknown-region", f"{node.text!r} is no region", f"write {instead}")
    # An alias is what a source may say: a case may ask for it on purpose.
    return canonical(desk, node, "hint")


def _true(desk: Desk, node: Scalar) -> bool:
    if not BOOLEAN.read(desk, node):
        raise desk.reject(node.mark, "bad-visitor", "'unknown: false' says nothing", "write the region instead")
    return True


_TRUE = Leaf(_true, "true", {"enum": [True, "true"]})
_REGION = Leaf(_region, "a region code such as DE or US-CA", REGION.schema())
VISITOR: Record[Visit] = Record(
    "a visitor",
    {
        "region": Key(Many(_REGION, "regions"), "the region's code, or several where sources disagree"),
        "unknown": Key(_TRUE, "true where nobody knows the region"),
        "anonymous": Key(choice(NETWORKS, "network"), "the network that hides the region"),
        "languages": Key(Many(LANGUAGE, "languages"), "the browser's languages, most wanted first"),
    },
    _visit,
    rules={"oneOf": [{"required": [way]} for way in _WAYS]},
    lone="region",
)


def _page(desk: Desk, fields: Fields) -> Page:
    host, path = fields.get("url", (None, None))
    published = fields.get("published")

    def values(*keys: str) -> frozenset[str] | None:
        written = [fields.get(key) for key in keys if key in fields.values]
        return frozenset(value for one in written for value in one) if written else None

    return Page(
        host=host,
        path=path,
        tags=values("tags"),
        sections=values("section", "sections"),
        publisher=fields.get("publisher"),
        mentions=values("mentions"),
        surface=fields.get("surface"),
        language=fields.get("language"),
        published=resolve(desk, published, desk.zone, "from") if published is not None else None,
        gpc=bool(fields.get("signals", False)),
    )


def default_page(desk: Desk) -> Page:
    """The page of an example that names none: it states nothing but the default publisher."""
    return Page(publisher=desk.publisher, gpc=False)


_SECTIONS = Many(words("a section"), "sections", least=0)
PAGE: Record[Page] = Record(
    "a page",
    {
        "url": Key(ADDRESS, "the page's address, for the host and path"),
        "tags": Key(Many(words("a tag"), "tags", least=0), "the page's tags"),
        "section": Key(_SECTIONS, "the page's section or sections"),
        "sections": Key(_SECTIONS, "the page's sections"),
        "publisher": Key(PUBLISHER, "who publishes it", default="the host's, else the default publisher"),
        "mentions": Key(Many(words("a name"), "names", least=0), "whom the page mentions"),
        "surface": Key(choice(SURFACES, "surface"), "what sort of page it is"),
        "language": Key(LANGUAGE, "the page's language"),
        "published": Key(MOMENT, "when it was published"),
        "signals": Key(SIGNALS, "what the visitor's browser signals"),
    },
    _page,
    lone=lambda text: "url" if "/" in text else "surface" if text in SURFACES else "tags",
)
