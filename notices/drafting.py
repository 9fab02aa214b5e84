"""Write a new rule and its cases as files: a draft that is valid at once, ready to be filled in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .engine import decide
from .folder import load_files
from .folder.examples import usual_instant
from .index import build_index, told_apart
from .location import Location
from .page import Page
from .region import WORLD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from .ruleset import Kind, Ruleset

_NAME = re.compile(r"[A-Za-z0-9-]+")
#: Whom to ask about first for an example that is hidden; any other place where all of these are shown it.
_ELSEWHERE = ("DE", "US", "JP", "BR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an editor says of a new rule; ``where`` are codes and names of sets, ``texts`` Markdown by language.

    ``fillers`` are the keys of which nobody has said anything yet.
    """

    id: str
    title: str
    kind: Kind
    where: Sequence[str]
    texts: Mapping[str, str]
    owner: str
    review_by: date
    fillers: Collection[str] = ()


def write_draft(draft: Draft, files: Mapping[str, bytes], now: datetime) -> dict[str, bytes]:
    """The files of the new rule by path: ``<id>.yaml``, and ``<id>_test.yaml`` with cases that ask at *now*.

    *files* are those of the folder already. Examples show where the rule acts; cases expect what the folder shows
    while the rule is a draft.

    :raises RulesetError: when what the draft says is of no use, or the folder's own files are not.
    """
    path = f"{draft.id}.yaml"
    ruleset = load_files({**files, path: _encoded(_rule(draft, ()))}).ruleset
    examples = tuple(_examples(ruleset, draft.id))
    index = build_index(ruleset)
    page = Page(publisher=ruleset.defaults.publisher, gpc=False)
    cases = [(code, [one.id for one in decide(index, Location((code,)), page, (), now).shown]) for code, _ in examples]
    return {path: _encoded(_rule(draft, examples)), f"{draft.id}_test.yaml": _encoded(_cases(draft, cases, now))}


def _encoded(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _quoted(text: str) -> str:
    """A scalar that means exactly *text*, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def _plain(name: str) -> str:
    return name if _NAME.fullmatch(name) else _quoted(name)


def _unsaid(draft: Draft, key: str) -> str:
    """What stands beside a key that holds a filler."""
    return "  # fill in" if key in draft.fillers else ""


def _rule(draft: Draft, examples: Sequence[tuple[str, bool]]) -> Iterator[str]:
    yield "# A draft: it acts on no page until its status is active."
    if draft.fillers:
        yield f"# Fill in first, since nobody has said it yet: {', '.join(dict.fromkeys(draft.fillers))}."
    yield "rules:"
    yield f"  {draft.id}:"
    yield f"    title: {_quoted(draft.title)}{_unsaid(draft, 'title')}"
    yield f"    kind: {draft.kind}{_unsaid(draft, 'kind')}"
    yield "    status: draft"
    yield f"    where: [{', '.join(map(_plain, draft.where))}]{_unsaid(draft, 'where')}"
    if draft.kind == "withhold":
        yield "    action: withhold"
        yield "    unsure: hide"
    else:
        yield "    # unsure: {coarse: show, contested: show, unknown: show, anonymous: show}"
    yield "    # when: {from: 2027-01-01, timezone: Europe/Prague}"
    yield "    # pages: {surfaces: [article], tags: [politics]}"
    yield "    # show: {at: [after-article], level: warning, languages: [page]}"
    if draft.texts:
        yield f"    text:{_unsaid(draft, 'text')}"
        yield from (f"      {tag}: {_quoted(text)}" for tag, text in draft.texts.items())
    yield '    # law: ["The act and its article"]'
    yield '    # sources: [{url: "https://...", read: 2026-12-31}]'
    yield f"    owner: {_quoted(draft.owner)}{_unsaid(draft, 'owner')}"
    yield f"    review-by: {draft.review_by.isoformat()}"
    if examples:
        yield "    examples:"
    for code, shown in examples:
        yield f"      - {{visitor: {{region: {code}}}, expect: {'shown' if shown else 'hidden'}}}"


def _cases(draft: Draft, cases: Sequence[tuple[str, Sequence[str]]], now: datetime) -> Iterator[str]:
    yield f"# Cases ask the whole folder. Once {draft.id} is active, add it where it is expected."
    yield f"now: {now:%Y-%m-%dT%H:%M:%SZ}"
    yield "cases:"
    for code, shown in cases:
        yield f"  - name: {_quoted(f'{draft.id}, a reader in {code}')}"
        yield f"    visitor: {{region: {code}}}"
        yield f"    expect: [{', '.join(shown)}]"


def _examples(ruleset: Ruleset, id_: str) -> Iterator[tuple[str, bool]]:
    """A region where the rule, alone and active, acts for sure, and one where it does not; as far as there are any."""
    rule = replace(ruleset.rules[id_], status="active")
    index = build_index(replace(ruleset, rules={id_: rule}))
    page, at = Page(publisher=ruleset.defaults.publisher, gpc=False), usual_instant(rule)
    named = sorted(told_apart([rule.where], {}) - {WORLD})
    shown = {code: decide(index, Location((code,)), page, (), at).shown for code in (*named, *_ELSEWHERE)}
    inside = next((code for code, found in shown.items() if found and found[0].sure), None)
    outside = next((code for code in (*_ELSEWHERE, *named) if not shown[code]), None)
    yield from ((code, code == inside) for code in (inside, outside) if code is not None)
