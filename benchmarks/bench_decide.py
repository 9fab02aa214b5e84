"""How long does a decision take, from 10 to 10,000 rules, and beside general rule engines?

Run: ``python -m benchmarks bench_decide``. Prints tables, then one line of JSON. The same 2,000 questions each time;
``known`` is a decision for a class of pages that was asked for before, ``new`` one for a class that was not. The rivals
decide the same 1,000 rules: their answers are checked against ours first. Microseconds of processor time a decision,
median of the rounds; the best round's ratio to ours.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.pack import NOON, make_pack, make_questions
from notices.engine import decide
from notices.index import Index, build_index
from notices.location import Entry, Location, Where
from notices.page import Page
from notices.region import ancestors

if TYPE_CHECKING:
    from datetime import datetime

    from notices.decision import Decision
    from notices.ruleset import Rule, Ruleset

SIZES, QUESTIONS, ROUNDS = (10, 100, 1_000, 10_000), 2_000, 15
RIVAL_SIZE, RIVAL_QUESTIONS = 1_000, 20

Question = tuple[Location, Page]
Decider = Callable[[Location, Page], list[str]]


def timed(ask: Callable[[Location, Page], object], questions: Sequence[Question]) -> float:
    """Microseconds of processor time a question."""
    started = time.process_time()
    for location, page in questions:
        ask(location, page)
    return (time.process_time() - started) / len(questions) * 1e6


def measure(questions: Sequence[Question]) -> list[dict[str, float]]:
    """Known, new, and what building takes, by size of pack; the sizes take turns, so that all meet the same noise.

    ``growth`` is the median over the rounds of the round's own ratio to the smallest size.
    """
    rows, asks = [], []
    for size in SIZES:
        pack = make_pack(size)
        started = time.process_time()
        index = build_index(pack)
        built = time.process_time() - started
        for location in {location for location, _ in questions}:
            decide(index, location, Page(), (), NOON)
        asks.append(partial(_ask, index))
        rows.append({"rules": size, "new": timed(asks[-1], questions), "build_ms": built * 1e3})
    rounds = [[timed(ask, questions) for ask in asks] for _ in range(ROUNDS)]
    for place, row in enumerate(rows):
        row["known"] = statistics.median(one[place] for one in rounds)
        row["growth"] = statistics.median(one[place] / one[0] for one in rounds)
    return rows


def _ask(index: Index, location: Location, page: Page) -> Decision:
    return decide(index, location, page, (), NOON)


def facts(location: Location, page: Page) -> dict[str, Any]:
    """A question as the flat facts that general engines take; the world is spelled out as every region above."""
    [region] = location.candidates
    return {
        "regions": [region, *ancestors(region)],
        "tags": sorted(page.tags or ()),
        "surface": page.surface,
        "path": page.path,
        "now": NOON.timestamp(),
    }


def leaves(where: Where) -> Iterator[str]:
    """The regions of an expression."""
    for operand in where.include:
        if isinstance(operand, Entry):
            yield operand.region
        else:
            yield from leaves(operand)


def bounds(rule: Rule) -> tuple[float | None, float | None]:
    """The rule's one window as seconds."""
    [window] = rule.windows or [None]
    both: tuple[datetime | None, datetime | None] = (window.start, window.end) if window else (None, None)
    return both[0] and both[0].timestamp(), both[1] and both[1].timestamp()


def any_of(name: str, values: Sequence[str]) -> str:
    """An expression of rule-engine: one of *values* is in the list *name*."""
    return "(" + " or ".join(f"{value!r} in {name}" for value in values) + ")"


def rule_engine_decider(pack: Ruleset) -> Decider:
    import rule_engine

    def compiled(rule: Rule) -> Any:
        parts = [any_of("regions", list(leaves(rule.where)))]
        parts += [f"not {entry.region!r} in regions" for entry in rule.where.exclude if isinstance(entry, Entry)]
        start, end = bounds(rule)
        parts += [f"now >= {start}"] if start is not None else []
        parts += [f"now < {end}"] if end is not None else []
        parts += [any_of("tags", sorted(rule.pages.tags))] if rule.pages.tags else []
        parts += [f"surface == {next(iter(rule.pages.surfaces))!r}"] if rule.pages.surfaces else []
        parts += [f"path =~ '{path.removesuffix('/**')}(/.*)?$'" for path in rule.pages.paths or ()]
        return rule_engine.Rule(" and ".join(parts))

    table = [(rule.id, compiled(rule)) for rule in pack.active]

    def ask(location: Location, page: Page) -> list[str]:
        context = facts(location, page)
        return [name for name, rule in table if rule.matches(context)]

    return ask


def json_logic_decider(pack: Ruleset) -> Decider:
    from json_logic import jsonLogic

    def variable(name: str) -> dict[str, str]:
        return {"var": name}

    def one_of(name: str, values: Sequence[str]) -> dict[str, Any]:
        return {"or": [{"in": [value, variable(name)]} for value in values]}

    def written(rule: Rule) -> dict[str, Any]:
        parts: list[dict[str, Any]] = [one_of("regions", list(leaves(rule.where)))]
        parts += [{"!": [{"in": [e.region, variable("regions")]}]} for e in rule.where.exclude if isinstance(e, Entry)]
        start, end = bounds(rule)
        parts += [{">=": [variable("now"), start]}] if start is not None else []
        parts += [{"<": [variable("now"), end]}] if end is not None else []
        parts += [one_of("tags", sorted(rule.pages.tags))] if rule.pages.tags else []
        parts += [{"==": [variable("surface"), next(iter(rule.pages.surfaces))]}] if rule.pages.surfaces else []
        parts += [{"in": [path.removesuffix("**"), variable("path")]} for path in rule.pages.paths or ()]
        return {"and": parts}

    table = [(rule.id, written(rule)) for rule in pack.active]

    def ask(location: Location, page: Page) -> list[str]:
        context = facts(location, page)
        return [name for name, rule in table if jsonLogic(rule, context)]

    return ask


POLICY = """
package notices
import rego.v1
region_met(rule) if { some region in input.regions; region in rule.regions }
excepted(rule) if { some region in input.regions; region in rule.excepted }
begun(rule) if rule.start == null
begun(rule) if input.now >= rule.start
lasting(rule) if rule.end == null
lasting(rule) if input.now < rule.end
tagged(rule) if rule.tags == null
tagged(rule) if { some tag in input.tags; tag in rule.tags }
surfaced(rule) if rule.surface == null
surfaced(rule) if rule.surface == input.surface
placed(rule) if rule.path == null
placed(rule) if startswith(input.path, rule.path)
shown contains rule.id if {
    some rule in data.rules
    region_met(rule)
    not excepted(rule)
    begun(rule)
    lasting(rule)
    tagged(rule)
    surfaced(rule)
    placed(rule)
}
"""


def rego_decider(pack: Ruleset) -> Decider:
    import regopy

    def row(rule: Rule) -> dict[str, Any]:
        start, end = bounds(rule)
        return {
            "id": rule.id,
            "regions": list(leaves(rule.where)),
            "excepted": [entry.region for entry in rule.where.exclude if isinstance(entry, Entry)],
            "start": start,
            "end": end,
            "tags": sorted(rule.pages.tags) if rule.pages.tags else None,
            "surface": next(iter(rule.pages.surfaces)) if rule.pages.surfaces else None,
            "path": rule.pages.paths[0].removesuffix("**") if rule.pages.paths else None,
        }

    interpreter = regopy.Interpreter()
    interpreter.add_module("notices", POLICY)
    interpreter.add_data({"rules": [row(rule) for rule in pack.active]})

    def ask(location: Location, page: Page) -> list[str]:
        interpreter.set_input(facts(location, page))
        found = json.loads(str(interpreter.query("data.notices.shown")))
        return sorted(found["expressions"][0])

    return ask


def ours(index: Index) -> Decider:
    return lambda location, page: [one.rule.id for one in decide(index, location, page, (), NOON).shown]


RIVALS = {"rule-engine": rule_engine_decider, "panzi-json-logic": json_logic_decider, "regopy": rego_decider}


def against_rivals(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Each rival on the same rules and questions; one that is not installed is left out, and said so."""
    pack = make_pack(RIVAL_SIZE)
    index = build_index(pack)
    expected = [sorted(ours(index)(*question)) for question in questions]
    known = statistics.median(timed(ours(index), questions * 50) for _ in range(ROUNDS))
    rows: list[dict[str, Any]] = [{"engine": "notices", "us": known, "ratio": 1.0}]
    for name, build in RIVALS.items():
        try:
            ask = build(pack)
        except ModuleNotFoundError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        wrong = sum(sorted(ask(*question)) != right for question, right in zip(questions, expected, strict=True))
        took = statistics.median(timed(ask, questions) for _ in range(3))
        rows.append({"engine": name, "us": took, "ratio": took / known, "wrong": wrong})
    return rows


def main() -> None:
    questions = make_questions(QUESTIONS)
    sizes = measure(questions)
    print(f"{'rules':>8}{'known us':>10}{'x10':>6}{'new us':>10}{'build ms':>10}")
    for row in sizes:
        print(f"{row['rules']:>8}{row['known']:>10.2f}{row['growth']:>6.2f}{row['new']:>10.1f}{row['build_ms']:>10.0f}")
    rivals = against_rivals(questions[:RIVAL_QUESTIONS])
    print(f"\n{RIVAL_SIZE} rules{'us':>22}{'times ours':>14}{'wrong':>8}")
    for rival in rivals:
        print(f"{rival['engine']:<20}{rival['us']:>12.1f}{rival['ratio']:>14.0f}{rival.get('wrong', 0):>8}")
    print(json.dumps({"sizes": sizes, "rivals": rivals}))


if __name__ == "__main__":
    main()
