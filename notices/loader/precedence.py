"""Names of rules in rules: ``supersedes`` must lead somewhere, and never in a circle (spec: rules, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .desk import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.document import Node
    from notices.ruleset import Rule

    from .desk import Desk


def check_supersedes(desk: Desk, rules: Mapping[str, Rule], nodes: Mapping[str, Node]) -> None:
    """Report targets that do not exist and circles; *nodes* holds every rule that is written, sound or not."""
    for rule in rules.values():
        for target in rule.supersedes:
            if target not in nodes:
                fix = suggest(target, nodes)
                desk.error(
                    rule.mark, "unknown-rule", f"the rule {rule.id!r} supersedes {target!r}, which does not exist", fix
                )
    for cycle in find_cycles({rule.id: rule.supersedes for rule in rules.values()}):
        message = f"the rules supersede each other: {' -> '.join(cycle)}"
        desk.error(rules[cycle[0]].mark, "supersedes-cycle", message, "take one of these names out of 'supersedes'")


def find_cycles(graph: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Every circle that a walk along *graph* meets, each once, from its first name in order back to it."""
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
