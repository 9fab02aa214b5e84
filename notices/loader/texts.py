"""The texts that readers see: by language, dated, verbatim (spec: rules, section 8)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from notices.document import Scalar, Table
from notices.markdown import check_markdown
from notices.ruleset import Link, Text, TextVersion

from .instants import MOMENT, ZONE, end_of, zone_of
from .record import Key, Record
from .scalars import HREF, SHA256, TEXT_SCHEMA, by_language, words
from .shape import Either, Leaf, Made, Many, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.document import Node
    from notices.ruleset import Mark

    from .desk import Desk
    from .record import Fields

#: Characters of a text, and the faults that are reported of one.
LONGEST = 10_000
MOST_FAULTS = 20


class TextDraft(Struct, frozen=True):
    """One version of the texts with where each stands, and the sums of its own for ``verbatim``."""

    version: TextVersion
    marks: Mapping[str, Mark]
    sums: Mapping[str, tuple[str, ...]]
    mark: Mark


def _markdown(desk: Desk, node: Scalar) -> str:
    if len(node.text) > LONGEST:
        message = f"the text has {len(node.text):,} characters, and no reader takes in more than {LONGEST:,}"
        raise desk.reject(node.mark, "too-long", message, "shorten it, and link to the rest")
    for fault in check_markdown(node.text)[:MOST_FAULTS]:
        desk.error(node.mark_within(fault.line, fault.column), fault.code, fault.message, fault.fix)
    return words("a text").read(desk, node)


MARKDOWN = Leaf(_markdown, "a text", TEXT_SCHEMA, prose=True)


def _whole(desk: Desk, node: Node, body: str) -> Text:
    del desk, node
    return Text(body)


def _parts(desk: Desk, fields: Fields) -> Text:
    del desk
    return Text(fields.get("body", ""), fields.get("title"), fields.get("short"))


_TEXT: Either[Text] = Either(
    "a text or {title, body, short}",
    example="a text, in quotes where it begins with '['",
    scalar=Made(MARKDOWN, _whole),
    table=Record(
        "a text",
        {
            "title": Key(MARKDOWN, "a heading above the notice"),
            "body": Key(MARKDOWN, "the notice itself, in Markdown", required=True),
            "short": Key(
                MARKDOWN, "a sentence for feeds, previews of links, and page parts that are marked with 'warn'"
            ),
        },
        _parts,
    ),
)
_BY_LANGUAGE = by_language(_TEXT, "texts")
SUMS = by_language(Many(SHA256, "sums"), "sums")


def _marks(node: Node) -> dict[str, Mark]:
    return {key.text: value.mark for key, value in node.entries} if isinstance(node, Table) else {}


def _undated(desk: Desk, node: Node, texts: dict[str, Text]) -> tuple[TextDraft, ...]:
    del desk
    return (TextDraft(TextVersion(texts), _marks(node), {}, node.mark),)


def _dated(desk: Desk, fields: Fields) -> TextDraft:
    start = end_of(desk, fields, "from", zone_of(desk, fields))
    node = fields.nodes.get("text")
    marks = _marks(node) if node is not None else {}
    return TextDraft(TextVersion(fields.get("text", {}), start), marks, fields.get("sha256", {}), fields.mark)


_VERSION = Record(
    "a version of the text",
    {
        "from": Key(MOMENT, "from when this text holds; dates as in 'when'", required=True),
        "timezone": Key(ZONE, "the IANA zone of the date", default="defaults.timezone"),
        "text": Key(_BY_LANGUAGE, "the text by language tag", required=True),
        "sha256": Key(SUMS, "for verbatim texts: the SHA-256 sum of each language's text"),
    },
    _dated,
)


def _ordered(desk: Desk, node: Node, drafts: tuple[TextDraft, ...]) -> tuple[TextDraft, ...]:
    del node
    starts: set[Any] = set()
    for draft in drafts:
        if draft.version.start in starts:
            desk.error(
                draft.mark, "duplicate-date", "two versions of the text begin at one time", "correct one of the dates"
            )
        starts.add(draft.version.start)
    return tuple(sorted(drafts, key=lambda draft: (draft.version.start is not None, draft.version.start)))


TEXTS: Either[tuple[TextDraft, ...]] = Either(
    "texts by language tag, or a list of dated versions",
    example="the language before it: {en: ...}",
    table=Made(_BY_LANGUAGE, _undated),
    listing=Made(Many(_VERSION, "versions", single=False), _ordered),
)


def check_verbatim(desk: Desk, fields: Fields, drafts: tuple[TextDraft, ...]) -> Mapping[str, str] | None:
    """The sums of a rule's verbatim texts by language (of the latest version), None where the rule has none."""
    common: Mapping[str, tuple[str, ...]] = fields.get("sha256", {})
    if not fields.get("verbatim"):
        if ("sha256" in fields or any(draft.sums for draft in drafts)) and "verbatim" not in fields.nodes:
            desk.error(
                fields.mark_of("sha256"), "verbatim", "a sum without 'verbatim: true' guards nothing", "write it too"
            )
        return None
    sums: dict[str, str] = {}
    for draft in drafts:
        for language, text in draft.version.texts.items():
            sums[language] = _check_sum(
                desk, draft, language, text, draft.sums.get(language) or common.get(language, ())
            )
    for language in common:
        if drafts and language not in sums:
            desk.error(
                fields.mark_of("sha256"), "verbatim", f"there is no text in {language!r} for its sum", "delete the sum"
            )
    return sums


def _check_sum(desk: Desk, draft: TextDraft, language: str, text: Text, expected: tuple[str, ...]) -> str:
    found = hashlib.sha256(text.body.encode()).hexdigest()
    mark = draft.marks.get(language, draft.mark)
    if not expected:
        fix = f"write 'sha256: {{{language}: {found}}}' once the text is compared with the law"
        desk.error(mark, "verbatim", f"the verbatim text in {language!r} has no sum that guards it", fix)
    elif found not in expected:
        message = f"the verbatim text in {language!r} was changed: its SHA-256 sum is {found}"
        desk.error(mark, "verbatim-changed", message, f"restore the text whose sum is {' or '.join(expected)}")
    return found


def _label(desk: Desk, node: Scalar) -> str:
    if "{" in node.text or "}" in node.text:
        fix = "write the words themselves"
        raise desk.reject(node.mark, "unknown-slot", f"a link's words have no slots: {shorten(node.text)}", fix)
    return words("a label").read(desk, node)


_LABEL = Leaf(_label, "the link's words", TEXT_SCHEMA, prose=True)


def _link(desk: Desk, fields: Fields) -> Link:
    del desk
    return Link(fields.get("href", ""), fields.get("label", {}))


LINK: Record[Link] = Record(
    "a link",
    {
        "href": Key(HREF, "an https:// address where a reader learns more", required=True),
        "label": Key(
            by_language(_LABEL, "labels", "{en: Find out more}"),
            "the link's words by language tag",
            required=True,
        ),
    },
    _link,
    lone="href",
)
