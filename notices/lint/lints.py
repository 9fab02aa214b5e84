"""All lints: errors fail a check and never depend on the clock, warnings advise; neither stops rules from serving."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from .assertions import find_assertions
from .first import find_first_conflicts, find_useless_firsts
from .links import find_lookalike_hosts
from .periods import find_ends, find_gaps, find_overdue_reviews, find_past_windows
from .positions import located
from .reach import find_shadowed, find_unreachable
from .regions import (
    find_empty_sets,
    find_listed_subdivisions,
    find_unconfirmed_sets,
    find_unused_sets,
    find_widened,
)
from .scripts import find_wrong_scripts
from .situations import Situations
from .unconfirmed import find_unconfirmed_statuses, find_unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from notices.errors import Problem
    from notices.ruleset import Ruleset

    from .finding import Finding


def find_errors(ruleset: Ruleset, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """What no release should hold, by place: ``wrong-script``, ``asserts-place``, ``look-alike`` (in links of texts),
    ``first-conflict``.

    They fail a check and do not stop a load: a verdict on words may be wrong, and must not take a warning from readers.
    *files* are those that the ruleset was made of; they are read again only where there is something to point at.
    """
    firsts = sum(rule.display.first for rule in ruleset.active)
    conflicts = find_first_conflicts(Situations(ruleset)) if firsts > 1 else ()
    texts = chain(find_wrong_scripts(ruleset), find_assertions(ruleset), find_lookalike_hosts(ruleset))
    return _located(chain(texts, conflicts), files)


def find_warnings(ruleset: Ruleset, files: Mapping[str, bytes], now: datetime) -> tuple[Problem, ...]:
    """What is odd in a ruleset, by place, with hints; by enumeration over regions, causes, instants and pages.

    *now* is for what is over or overdue; nothing else depends on it.
    """
    situations = Situations(ruleset)
    warnings = chain(
        find_unreachable(situations),
        find_shadowed(situations),
        find_empty_sets(ruleset),
        find_unused_sets(ruleset),
        find_unconfirmed_sets(ruleset),
        find_unconfirmed_statuses(ruleset, now),
        find_unread(ruleset),
        find_widened(ruleset),
        find_useless_firsts(ruleset),
        find_listed_subdivisions(ruleset),
        find_gaps(ruleset),
        find_past_windows(ruleset, now),
        find_ends(ruleset, now),
        find_overdue_reviews(ruleset, now),
    )
    return _located(warnings, files)


def _located(findings: Iterable[Finding], files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    found = tuple(findings)
    return located(found, files) if found else ()
