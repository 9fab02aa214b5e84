"""Records: mappings whose keys are known, each with its shape and a sentence about what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from notices.document import Scalar, Table, scalar_in
from notices.ruleset import Mark

from .desk import RejectedError, nearest
from .lookalikes import latinised, name_lookalikes
from .shape import describe, in_braces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notices.document import Node

    from .desk import Desk
    from .shape import Json, Shape

T = TypeVar("T")

#: What editors write for a key, and the key.
_SYNONYMS = {
    "to": "until", "till": "until", "end": "until", "start": "from", "since": "from", "begin": "from",
    "tz": "timezone", "zone": "timezone", "due": "review-by", "region": "where visitor",
    "country": "where region visitor coarse", "countries": "where region", "regions": "where",
    "include": "any", "in": "any include", "only": "any include", "url": "href paths", "domain": "hosts",
    "disputed": "contested", "position": "at", "place": "at", "not": "except", "exclude": "except",
    "tor": "anonymous", "vpn": "anonymous",
}  # fmt: skip
#: Every key, with the records that have it: for keys that stand in another place than theirs.
_HOMES: dict[str, set[str]] = {}


class Key(Struct, frozen=True):
    """One key of a record: what may stand there, and what it means; ``default`` is for the reference only."""

    shape: Shape[Any]
    meaning: str
    required: bool = False
    default: str | None = None


class Fields(Struct, frozen=True):
    """The values of one record; a key whose value was rejected is there without a value.

    ``misspelt`` are the keys that unknown ones most likely mean.
    """

    values: Mapping[str, Any]
    nodes: Mapping[str, Node]
    keys: Mapping[str, Scalar]
    place: tuple[str, int, int]
    misspelt: frozenset[str] = frozenset()

    @property
    def mark(self) -> Mark:
        """Where the record begins."""
        return Mark(*self.place)

    def __contains__(self, key: str) -> bool:
        return key in self.nodes

    def lacks(self, key: str) -> bool:
        """Whether *key* is not there, not even misspelt: then the other spelling is the mistake, and told already."""
        return key not in self.nodes and key not in self.misspelt

    def get(self, key: str, default: Any = None) -> Any:
        """The value of *key*, *default* where it is not written or was rejected."""
        return self.values.get(key, default)

    def mark_of(self, key: str, text: str | None = None) -> Mark:
        """Where the value of *key* stands, or *text* in it; the record itself where it is not written."""
        if key not in self.nodes:
            return self.mark
        found = scalar_in(self.nodes[key], text) if text is not None else None
        return (found or self.nodes[key]).mark

    @property
    def sound(self) -> bool:
        """Whether every value that is written was read."""
        return len(self.values) == len(self.nodes)


class Record(Generic[T]):
    """A mapping with the keys of *table*; *build* makes the value and checks what keys demand of each other.

    *build* runs even where a value was rejected, so that all problems are found at once; its result counts only
    where it added no error. A *partial* record may lack any key. *lone* says which key a value most likely belongs to
    that stands in the record's place: its name, or a function that takes the value's text.
    """

    def __init__(
        self,
        name: str,
        table: Mapping[str, Key],
        build: Callable[[Desk, Fields], T],
        *,
        rules: Json | None = None,
        partial: bool = False,
        lone: str | Callable[[str], str] | None = None,
    ) -> None:
        self.name = name
        self.table = table
        self._build = build
        self._required = [key for key, entry in table.items() if entry.required and not partial]
        self._rules = rules or {}
        self._lone = lone
        for key in () if partial else table:  # a part of another record, whose keys they are
            _HOMES.setdefault(key, set()).add(name)

    def read(self, desk: Desk, node: Node) -> T:
        """See :class:`Shape`."""
        if not isinstance(node, Table):
            message = f"{describe(node)} stands where {self.name} belongs"
            raise desk.reject(node.mark, "wrong-type", message, f"write {self.sample(node)}")
        before = sum(problem.level == "error" for problem in desk.problems)
        fields = self._fields(desk, node)
        for key in self._required:
            if fields.lacks(key):
                fix = f"add '{key}: ...', {self.table[key].meaning}"
                desk.error(node.mark, "missing-key", f"{self.name} lacks {key!r}", fix)
        value = self._build(desk, fields)
        if not fields.sound or sum(problem.level == "error" for problem in desk.problems) > before:
            raise RejectedError
        return value

    def sample(self, node: Node) -> str:
        """How to write the record, with what stands at *node* in its place."""
        value = in_braces(node)
        keys = self._required or list(self.table)[:2]
        if value is None or self._lone is None:
            return f"{{{', '.join(f'{key}: ...' for key in keys)}}}"
        lone = self._lone if isinstance(self._lone, str) else self._lone(_first_text(node))
        others = (f", {key}: ..." for key in self._required if key != lone)
        return f"{{{lone}: {value}{''.join(others)}}}"

    def _fields(self, desk: Desk, node: Table) -> Fields:
        values: dict[str, Any] = {}
        nodes: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        misspelt = set()
        for key, value in node.entries:
            if key.text not in self.table:
                misspelt.add(report_unknown_key(desk, key, self.name, self.table))
                continue
            nodes[key.text], keys[key.text] = value, key
            try:
                values[key.text] = self.table[key.text].shape.read(desk, value)
            except RejectedError:
                continue
        return Fields(values, nodes, keys, node.place, frozenset(filter(None, misspelt)))

    def schema(self) -> Json:
        """See :class:`Shape`."""
        properties = {key: described(entry) for key, entry in self.table.items()}
        schema: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        return schema | ({"required": self._required} if self._required else {}) | self._rules


def _first_text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def described(key: Key) -> Json:
    """The schema of a key's value with its meaning, for an editor's completion."""
    meaning = key.meaning + (f" (default: {key.default})" if key.default else "")
    return {"description": meaning, **key.shape.schema()}


def report_unknown_key(desk: Desk, key: Scalar, name: str, table: Mapping[str, Key]) -> str | None:
    """Report *key* with the nearest of *table*, which is given back, and the letters in it that only look Latin."""
    alike = name_lookalikes(key.text)
    meant = next((one for one in _SYNONYMS.get(key.text, "").split() if one in table), None)
    near = meant or nearest(latinised(key.text), table)
    if alike and near:
        desk.error(key.mark, "look-alike", f"in {key.text!r}, {alike}", f"write {near!r} in Latin letters")
    else:
        fix = f"did you mean {near!r}?" if near else f"keys here are {_some(table, 20)}{_at_home(key.text, name)}"
        desk.error(key.mark, "unknown-key", f"{name} has no key {key.text!r}", fix)
    return near


def _at_home(key: str, name: str) -> str:
    """Whose key it is, where only one record has it."""
    homes = _HOMES.get(key, set()) - {name}
    return f"; {key!r} is a key of {homes.pop()}" if len(homes) == 1 else ""


def _some(table: Mapping[str, Key], most: int = 4) -> str:
    names = list(table)
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")
