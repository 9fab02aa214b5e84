"""Regions, named sets of them, and what a rule's ``where`` makes of both (spec: rules, section 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from notices.document import scalar_in
from notices.errors import RegionError
from notices.location import Entry, Where
from notices.region import WORLD, parse_region
from notices.ruleset import SetFacts

from .instants import MOMENT, check_order, resolve
from .lookalikes import latinised, name_lookalikes, readings
from .meant import is_code, region_called, suggest_region
from .record import Key, Record
from .scalars import BOOLEAN, DAY, choice, reject_text, words
from .shape import Either, Leaf, Made, Many

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from notices.document import Node, Scalar
    from notices.errors import Level
    from notices.ruleset import Mark

    from .desk import Desk, RejectedError
    from .record import Fields
    from .shape import Json

_CODES: Json = {"$ref": "#/$defs/region"}
#: Sets in sets, and the entries of a set with those of the sets in it.
MAX_DEPTH = 20
MAX_SIZE = 10_000
_OVERSEAS = {"FR": ("france", "GP"), "US": ("united-states", "PR")}


class SetName(Struct, frozen=True):
    """A set that an entry names; what is in it is known when all sets are read."""

    name: str
    mark: Mark


References = tuple[Entry | SetName, ...]


class Expression(Struct, frozen=True):
    """Regions and names of sets as written: any of ``include``, none of ``exclude``."""

    include: References
    exclude: References = ()


class SetDraft(Struct, frozen=True):
    """A named set before the names in it are resolved."""

    expression: Expression
    facts: SetFacts


def canonical(desk: Desk, node: Scalar, level: Level = "warning") -> str:
    """The region of a code; an alias gives its one place, and is told.  Raises RejectedError with the nearest code."""
    try:
        code = parse_region(node.text)
    except RegionError:
        raise unknown_region(desk, node, ()) from None
    if code != node.text:
        message = f"{node.text!r} is a second code of {code!r}"
        desk.report(node.mark, level, "alias", message, f"write {code}")
    return code


def unknown_region(desk: Desk, node: Scalar, names: Collection[str]) -> RejectedError:
    """Report that *node* is neither a region nor one of *names* (of sets), with what it most resembles."""
    if node.text in desk.sets:
        fix = "write the code of one region such as DE or US-CA"
        return desk.reject(node.mark, "unknown-region", f"{node.text!r} is a set of regions, not one region", fix)
    alike, meant = name_lookalikes(node.text), [one for one in readings(node.text) if is_code(one)]
    if alike and meant:
        fix = f"write {' or '.join(map(repr, meant))} in Latin letters"
        return desk.reject(node.mark, "look-alike", f"in {node.text!r}, {alike}", fix)
    several = [part for part in re.split(r"[\s,;/\uff0c]+", node.text) if part]
    if len(several) > 1 and all(is_code(part) or part in names for part in several):
        fix = f"write a list: [{', '.join(several)}]"
        return desk.reject(node.mark, "unknown-region", f"{node.text!r} is no region", fix)
    near = suggest_region(node.text if region_called(node.text) else latinised(node.text), names)
    fix = f"did you mean {near!r}?" if near else "write an ISO 3166 code such as DE or US-CA"
    return reject_text(desk, node, "unknown-region", f"{node.text!r} is no region", fix)


def _reference(desk: Desk, node: Scalar) -> Entry | SetName:
    text = node.text
    if is_code(text):
        return Entry(canonical(desk, node))
    if text in desk.sets:
        return SetName(text, node.mark)
    raise unknown_region(desk, node, desk.sets)


def _dated_entry(desk: Desk, fields: Fields) -> Entry:
    start, end = _utc(desk, fields, "from"), _utc(desk, fields, "until")
    check_order(desk, fields, start, end)
    return Entry(fields.get("code", WORLD), bool(fields.get("part", False)), start, end)


def _utc(desk: Desk, fields: Fields, end: Any) -> datetime | None:
    moment = fields.get(end)
    return resolve(desk, moment, "UTC", end) if moment is not None else None


REGION = Leaf(canonical, "a region code such as DE or US-CA", _CODES)
_DATED = Record(
    "an entry",
    {
        "code": Key(REGION, "the region's ISO 3166 code", required=True),
        "part": Key(
            BOOLEAN, "true where only a part of the region is meant: a plain yes becomes a maybe", default="false"
        ),
        "from": Key(MOMENT, "from when the region belongs here (bare dates are UTC)"),
        "until": Key(MOMENT, "the first moment when it no longer belongs here (bare dates are UTC)"),
    },
    _dated_entry,
)
_NAMED = Leaf(_reference, "a region code or the name of a set", {"anyOf": [_CODES, {"$ref": "#/$defs/set"}]})
ENTRY: Either[Entry | SetName] = Either("a region, a set's name or {code: ...}", scalar=_NAMED, table=_DATED)
ENTRIES = Many(ENTRY, "regions")


def _draft(desk: Desk, fields: Fields) -> SetDraft:
    del desk
    facts = SetFacts(
        title=fields.get("title", ""),
        as_of=fields.get("as-of"),
        sources=fields.get("source", ()),
        confidence=fields.get("confidence"),
        mark=fields.mark,
    )
    return SetDraft(Expression(fields.get("include", ()), fields.get("except", ())), facts)


SET = Record(
    "a region set",
    {
        "title": Key(words("a title"), "what readers and editors call the set", default="its name"),
        "include": Key(ENTRIES, "what is in it: codes, names of sets, or {code, part, from, until}", required=True),
        "except": Key(ENTRIES, "what is not in it although 'include' names it"),
        "as-of": Key(DAY, "the day for which the set was checked"),
        "source": Key(Many(words("a source"), "sources"), "where the facts come from"),
        "confidence": Key(choice(("high", "medium", "low"), "confidence"), "how well the facts are known"),
    },
    _draft,
    lone="include",
)


def resolve_sets(desk: Desk, drafts: Mapping[str, SetDraft]) -> dict[str, Where]:
    """Put every set's members in the place of its name; what closes a circle is reported and left out."""
    resolver = _Resolver(desk, drafts)
    for name in drafts:
        resolver.resolve(name, ())
    return resolver.done


class _Resolver:
    """Resolves sets in sets; ``sizes`` and ``depths`` keep a few lines from becoming a question without end."""

    def __init__(self, desk: Desk, drafts: Mapping[str, SetDraft]) -> None:
        self._desk = desk
        self._drafts = drafts
        self._sizes: dict[str, int] = {}
        self._depths: dict[str, int] = {}
        self.done: dict[str, Where] = {}

    def resolve(self, name: str, path: tuple[str, ...]) -> None:
        if name in self.done:
            return
        draft = self._drafts[name]
        self._sizes[name], self._depths[name] = 1, 1
        include = self._operands(name, draft.expression.include, path)
        exclude = self._operands(name, draft.expression.exclude, path)
        self.done[name] = Where(include, exclude, name)

    def _operands(self, name: str, entries: References, path: tuple[str, ...]) -> tuple[Entry | Where, ...]:
        found: list[Entry | Where] = []
        for entry in entries:
            if isinstance(entry, Entry):
                found.append(entry)
                self._sizes[name] += 1
            elif entry.name in (*path, name):
                _report_cycle(self._desk, entry, (*path, name))
            elif self._fits(name, entry, path):
                found.append(self.done[entry.name])
        return tuple(found)

    def _fits(self, name: str, entry: SetName, path: tuple[str, ...]) -> bool:
        """Resolve the set that *entry* names, if it is not too much for the set *name*."""
        if len(path) < MAX_DEPTH:
            self.resolve(entry.name, (*path, name))
            self._depths[name] = max(self._depths[name], 1 + self._depths[entry.name])
            self._sizes[name] += self._sizes[entry.name]
        if len(path) < MAX_DEPTH and self._depths[name] <= MAX_DEPTH and self._sizes[name] <= MAX_SIZE:
            return True
        message = f"with this set, {name!r} is more than {MAX_DEPTH} sets deep or {MAX_SIZE:,} regions large"
        self._desk.error(entry.mark, "set-too-large", message, "list the regions in fewer sets")
        self._sizes[name] = self._depths[name] = 1
        return False


def _report_cycle(desk: Desk, entry: SetName, path: tuple[str, ...]) -> None:
    cycle = (*path[path.index(entry.name) :], entry.name)
    message = f"the sets hold each other: {' -> '.join(cycle)}"
    desk.error(entry.mark, "set-cycle", message, "take one of these names out of its set")


def _plain(desk: Desk, node: Node, entries: References) -> Expression:
    del desk, node
    return Expression(entries)


def _any_except(desk: Desk, fields: Fields) -> Expression:
    del desk
    return Expression(fields.get("any", ()), fields.get("except", ()))


_EXPRESSION: Either[Expression] = Either(
    "a list of regions or {any: [...], except: [...]}",
    scalar=Made(ENTRIES, _plain),
    listing=Made(ENTRIES, _plain),
    table=Record(
        "where",
        {
            "any": Key(ENTRIES, "the regions and sets in which the rule holds; [world] is everywhere", required=True),
            "except": Key(ENTRIES, "regions and sets in which it does not hold"),
        },
        _any_except,
    ),
)


def _where(desk: Desk, node: Node, expression: Expression) -> Where:
    _hint_overseas(desk, node, expression.include)

    def operands(entries: References) -> tuple[Entry | Where, ...]:
        return tuple(entry if isinstance(entry, Entry) else desk.sets[entry.name] for entry in entries)

    def written(entries: References) -> tuple[Entry | str, ...]:
        return tuple(desk.share(entry) if isinstance(entry, Entry) else entry.name for entry in entries)

    # By the names of sets: to hash a set takes as long as it is large.
    key = written(expression.include), written(expression.exclude)
    return desk.share(Where(operands(expression.include), operands(expression.exclude)), key)


def _hint_overseas(desk: Desk, node: Node, entries: References) -> None:
    codes = {entry.region for entry in entries if isinstance(entry, Entry)}
    names = {entry.name for entry in entries if isinstance(entry, SetName)}
    for code, (name, example) in _OVERSEAS.items():
        if code in codes and example not in codes and not names & {name, "eu", "eea"} and WORLD not in codes:
            message = f"{code} does not hold its overseas places such as {example}, which have codes of their own"
            fix = f"write {name!r} if they are meant too"
            desk.report((scalar_in(node, code) or node).mark, "hint", "overseas", message, fix)


WHERE: Made[Expression, Where] = Made(_EXPRESSION, _where)
