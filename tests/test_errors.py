"""The error tree and the one-line form of a problem."""

from __future__ import annotations

import pytest

from notices import errors
from notices.errors import NoticesError, Problem, RulesetError


def test_a_problem_prints_as_one_parsable_line():
    """path:line:column, level with code, message, then the fix."""
    problem = Problem("a.yaml", 3, 7, "error", "unknown-region", "no region 'RUS'", "write RU")
    assert str(problem) == "a.yaml:3:7: error[unknown-region] no region 'RUS'; write RU"


def test_a_ruleset_error_holds_all_problems_in_order():
    """Everything that was found is there, sorted by place."""
    second = Problem("b.yaml", 1, 1, "error", "x", "m")
    first = Problem("a.yaml", 9, 1, "error", "x", "m")
    error = RulesetError([second, first])
    assert error.problems == (first, second)
    assert str(error) == "2 problem(s) in the rules; first: a.yaml:9:1: error[x] m"


def test_a_ruleset_error_names_the_first_error_not_a_hint():
    """Whoever reads a refused start is sent to what refused it."""
    hint = Problem("a.yaml", 1, 1, "hint", "h", "m")
    fault = Problem("b.yaml", 2, 1, "error", "x", "m")
    error = RulesetError([fault, hint])
    assert str(error) == "1 problem(s) in the rules; first: b.yaml:2:1: error[x] m"
    assert (error.problems, error.errors) == ((hint, fault), (fault,))


@pytest.mark.parametrize("name", [name for name in vars(errors) if name.endswith("Error")])
def test_every_error_is_in_the_tree(name):
    """One except clause catches all that this package raises."""
    assert issubclass(getattr(errors, name), NoticesError)
