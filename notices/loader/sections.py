"""The parts of a rules file, gathered over all files so that each is read when what it refers to is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from notices.document import PackedNodes, Scalar, Table

from .adopting import ADOPTION
from .cases import CASES
from .desk import RejectedError
from .events import EVENT
from .folder_parts import CONTESTED, DEFAULTS, LABELS, PUBLISHER_ENTRY
from .glance import events_in, publishers_in
from .record import Key, report_unknown_key
from .regions import SET
from .rules import RULE
from .scalars import NAME
from .shape import Pairs, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping

    from notices.document import Node
    from notices.ruleset import Mark

    from .desk import Desk
    from .shape import Shape

T = TypeVar("T")

#: The keys of a rules file.
SECTIONS: Mapping[str, Key] = {
    "defaults": Key(DEFAULTS, "what holds where a rule says nothing"),
    "regions": Key(Pairs(NAME, SET, "region sets", least=0), "named sets of regions"),
    "labels": Key(LABELS, "what geo sources call a place, and the region that it is"),
    "contested": Key(CONTESTED, "regions that a source may mean although it names only the other country"),
    "publishers": Key(Pairs(NAME, PUBLISHER_ENTRY, "publishers", least=0), "who publishes: names and hosts"),
    "events": Key(
        Pairs(NAME, EVENT, "events", least=0), "what periods are told by, such as elections, with its moments"
    ),
    "rules": Key(Pairs(NAME, RULE, "rules", least=0), "the rules by their ids"),
    "adopt": Key(Pairs(NAME, ADOPTION, "adoptions", least=0), "rules of the pack by their ids, and for whom they hold"),
}
_NAMED = ("regions", "publishers", "events", "rules", "adopt")
#: Of those, the ones whose entries name events and publishers.
_NAMING = ("rules", "adopt")


@dataclass
class Named:
    """The entries of one section over all files: by name, with the key that names each."""

    keys: dict[str, Scalar] = field(default_factory=dict)
    nodes: MutableMapping[str, Node] = field(default_factory=dict)

    def drop(self, name: str) -> None:
        """Forget an entry that is of no use."""
        del self.keys[name], self.nodes[name]


@dataclass
class Gathered:
    """All files' sections: named entries united, others one after the other.

    Rules wait packed, since they can be many, and are read when all names are known; ``events`` and ``publishers``
    are those that they and the adoptions name.
    """

    named: dict[str, Named] = field(default_factory=lambda: {name: Named() for name in _NAMED})
    others: dict[str, list[Node]] = field(default_factory=lambda: {name: [] for name in SECTIONS if name not in _NAMED})
    events: dict[str, None] = field(default_factory=dict)
    publishers: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.named["rules"].nodes = PackedNodes()

    def note(self, node: Node) -> None:
        """Remember what a rule or an adoption names that lies elsewhere."""
        self.events.update(dict.fromkeys(events_in(node)))
        self.publishers.update(dict.fromkeys(publishers_in(node)))


def gather(desk: Desk, documents: Iterable[Node]) -> Gathered:
    """Sort the top-level keys of all files; report unknown ones and names that stand twice."""
    gathered = Gathered()
    for document in documents:
        if not isinstance(document, Table):
            if isinstance(document, Scalar) and not document.text:
                continue
            message = f"{describe(document)} stands where a rules file's keys belong"
            desk.error(document.mark, "wrong-type", message, f"write keys such as {', '.join(SECTIONS)}")
            continue
        for key, node in document.entries:
            _sort(desk, gathered, key, node)
    return gathered


def _sort(desk: Desk, gathered: Gathered, key: Scalar, node: Node) -> None:
    if key.text in CASES:
        fix = "move them to a file whose name ends with _test.yaml"
        desk.error(key.mark, "unknown-key", f"{key.text!r} belongs to cases, not to rules", fix)
    elif key.text not in SECTIONS:
        report_unknown_key(desk, key, "a rules file", SECTIONS)
    elif key.text in _NAMED:
        _unite(desk, gathered, key.text, node)
    else:
        gathered.others[key.text].append(node)


def _unite(desk: Desk, gathered: Gathered, section: str, node: Node) -> None:
    if not isinstance(node, Table):
        # The section's own shape words the complaint.
        read_or_none(desk, SECTIONS[section].shape, node)
        return
    named = gathered.named[section]
    for key, value in node.entries:
        name = read_or_none(desk, NAME, key)
        if name is None:
            continue
        if name in named.keys:
            first = named.keys[name].mark
            message = f"{name!r} is already in {first.path}:{first.line}"
            desk.error(key.mark, "duplicate-id", message, "give one of the two another name")
            continue
        named.keys[name], named.nodes[name] = key, value
        if section in _NAMING:
            gathered.note(value)


def read_or_none(desk: Desk, shape: Shape[T], node: Node) -> T | None:
    """The value of *node*; None where it was rejected."""
    try:
        return shape.read(desk, node)
    except RejectedError:
        return None


def read_named(desk: Desk, named: Named, shape: Shape[T], finish: Callable[[T, str, Mark], T]) -> dict[str, T]:
    """Every sound entry of a section; *finish* gives it its name and the mark of its key."""
    found = {}
    for name, node in named.nodes.items():
        value = read_or_none(desk, shape, node)
        if value is not None:
            found[name] = finish(value, name, named.keys[name].mark)
    return found
