"""Rules that nobody is ever shown: unreachable ones, and those that others displace everywhere.

Both are proven by enumeration (spec: rules, section 10), and where that grows beyond bounds nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from notices.conditions import is_plain
from notices.index import is_open
from notices.phases import NOBODY

from .finding import Finding, of_rule
from .regions import holds_nothing
from .shadows import MOST_QUESTIONS, Shadows
from .situations import Situations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from notices.location import Location
    from notices.ruleset import Rule

    from .finding import Spot

#: How many rules a hint names.
_MOST_NAMED = 5
_FIX_UNPROVEN = "nothing is to be done if the order among them is meant; fewer rules to a group can be proven"
_FIX_SHADOWED = "narrow what stands in its place, raise its priority, take it out of the group, or retire it"


def find_unreachable(situations: Situations) -> Iterator[Finding]:
    """Every active rule that no visitor is shown on any page at any time, taken for itself; with what is at fault."""
    rules = situations.index.rules
    for id_, numbers in situations.phases.items():
        if rules[numbers[0]].pages == NOBODY:
            yield _without_status(situations.ruleset.rules[id_])
            continue
        found = [list(_unreachable(situations, number, rules[number])) for number in numbers]
        if all(found):
            yield from found[-1]


def _without_status(rule: Rule) -> Finding:
    message = f"{rule.id!r} is never shown: no publisher that it is for has the status while it is time"
    fix = "write the status under the publisher's 'statuses', or wait for it with 'status: draft'"
    return _never(of_rule(rule.id, "pages"), message, fix)


def _unreachable(situations: Situations, number: int, rule: Rule) -> Iterator[Finding]:
    instants = [at for at in reversed(situations.instants([number])) if is_open(rule, at)]
    if not instants:
        message = f"{rule.id!r} is never shown: no text is in force in any of its periods"
        yield _never(of_rule(rule.id, "when"), message, "correct the periods, or the dates of the texts")
    elif (pages := [(number,)] if is_plain(rule.pages) else situations.worlds([number])) is None:
        message = f"whether some page is left for {rule.id!r} by its 'except' was not tried to the end"
        fix = "nothing is to be done if it is so; fewer exceptions can be proven"
        yield Finding(of_rule(rule.id, "pages"), "hint", "unproven", message, fix)
    elif pages in ([], [()]):
        message = f"{rule.id!r} is never shown: what 'except' leaves out is every page that it is for"
        yield _never(of_rule(rule.id, "pages"), message, "correct 'except', or delete it")
    elif not _anybody(situations, number, instants):
        yield _nobody(rule, instants)
    elif holds_nothing(rule.where, instants):
        message = f"{rule.id!r} holds in no region: 'except' leaves out all that is in 'any'"
        yield Finding(of_rule(rule.id, "where"), "warning", "empty-set", message, "correct 'any' or 'except'")


def _anybody(situations: Situations, number: int, instants: Sequence[datetime]) -> bool:
    """Whether some visitor is one for whom the rule acts; those whose sources disagree are asked last."""
    for at in instants:
        if _acts(situations, number, situations.visitors([number]), at):
            return True
    for at in instants:
        several = situations.disagreements([number], at)
        if several is None or _acts(situations, number, several, at):
            return True
    return False


def _acts(situations: Situations, number: int, visitors: Iterable[Location], at: datetime) -> bool:
    return any(situations.applying(1 << number, visitor, at)[0] for visitor in visitors)


def _nobody(rule: Rule, instants: Sequence[datetime]) -> Finding:
    if holds_nothing(rule.where, instants):
        message = f"{rule.id!r} is never shown: 'where' holds no region while the rule is in force"
        return _never(of_rule(rule.id, "where"), message, "correct 'where', or the periods")
    message = f"{rule.id!r} is never shown: every answer of 'where' is a maybe, on which the rule hides"
    return _never(of_rule(rule.id, "where"), message, "write 'unsure: {contested: show}', or name whole regions")


def _never(spot: Spot, message: str, fix: str) -> Finding:
    return Finding(spot, "warning", "unreachable", message, fix)


def find_shadowed(situations: Situations) -> Iterator[Finding]:
    """Every active rule that acts on some visitor, and that other rules displace wherever it does.

    Where all cannot be tried a hint says so: then nothing is said of those rules.
    """
    rules, left = situations.index.rules, MOST_QUESTIONS
    for knot in situations.index.stacking.knots(range(len(rules))):
        if len(knot) > 1:
            alone = {rules[number].id: situations.ruleset.rules[rules[number].id] for number in knot}
            shadows = Shadows(Situations(replace(situations.ruleset, rules=alone)), left)
            yield from _shadowed(shadows)
            left -= shadows.asked


def _shadowed(shadows: Shadows) -> Iterator[Finding]:
    """The same for rules of one knot, with which no other rule has to do."""
    rules = shadows.rules
    for number, displaced in shadows.found():
        rule, others = rules[number], sorted({rules[one.by].id for one in displaced})
        group = any(one.reason == "GROUP" for one in displaced)
        why = f"stands higher in the group {rule.group!r}" if group else "supersedes it"
        message = f"{rule.id!r} is never shown: wherever it applies, {' or '.join(others)} {why}"
        spot = of_rule(rule.id, *(["group"] if group else []))
        yield Finding(spot, "warning", "shadowed", message, _FIX_SHADOWED)
    if shadows.unproven:
        names = [rules[number].id for number in shadows.unproven]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        listed = f"{', '.join(names[:_MOST_NAMED])}{more}"
        message = (
            f"whether others always stand in the place of {listed} was not tried to the end: too many ways to meet"
        )
        yield Finding(of_rule(names[0], "group"), "hint", "unproven", message, _FIX_UNPROVEN)
