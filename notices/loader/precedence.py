"""Names of rules in rules: ``supersedes`` must lead somewhere, and never in a circle (spec: rules, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.document import scalar_in

from .desk import suggest
from .glance import value_of
from .scalars import NAME, reject_text
from .shape import Leaf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.document import Node, Scalar
    from notices.ruleset import Mark, Rule

    from .desk import Desk


def _rule_id(desk: Desk, node: Scalar) -> str:
    if node.text in desk.rule_ids:
        return node.text
    raise reject_text(desk, node, "unknown-rule", f"no rule is called {node.text!r}", suggest(node.text, desk.rule_ids))


RULE_ID = Leaf(_rule_id, "a rule's id", NAME.schema())


def check_cycles(desk: Desk, rules: Mapping[str, Rule], nodes: Mapping[str, Node]) -> None:
    """Report circles of ``supersedes``, at the name that leads into each; *nodes* holds the rules as written."""
    for cycle in find_cycles({rule.id: rule.supersedes for rule in rules.values()}):
        message = f"the rules supersede each other: {' -> '.join(cycle)}"
        mark = _mark_of(nodes[cycle[0]], cycle[1])
        desk.error(mark, "supersedes-cycle", message, "take one of these names out of 'supersedes'")


def _mark_of(node: Node, target: str) -> Mark:
    """Where under ``supersedes`` of a rule the name *target* stands."""
    written = value_of(node, "supersedes") or node
    return (scalar_in(written, target) or written).mark


def find_cycles(graph: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The circles that a walk along *graph* meets, at least one where there are any, from the first name back to it."""
    cycles: dict[frozenset[str], tuple[str, ...]] = {}
    done: set[str] = set()
    for start in sorted(graph):
        _walk(start, graph, done, cycles)
    return list(cycles.values())


def _walk(
    start: str, graph: Mapping[str, tuple[str, ...]], done: set[str], cycles: dict[frozenset[str], tuple[str, ...]]
) -> None:
    path: list[str] = []
    branches = [iter((start,))]
    while branches:
        name = next(branches[-1], None)
        if name is None:
            branches.pop()
            done.update(path[-1:])
            path = path[:-1]
        elif name in path:
            found = path[path.index(name) :]
            first = found.index(min(found))
            cycles.setdefault(frozenset(found), (*found[first:], *found[:first], min(found)))
        elif name not in done:
            path.append(name)
            branches.append(iter(graph.get(name, ())))
