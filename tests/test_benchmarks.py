"""What the benchmarks find is set beside the goals as it is: no figure is bent, none is left out unsaid."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from benchmarks import __main__ as harness
from benchmarks.goals import GOALS, outcomes
from benchmarks.plot import draw, write

SVG = "{http://www.w3.org/2000/svg}"
PAGES = {"results": [{"page": "constant body", "variant": "notice", "us": 400, "kept": 0.93, "times_by_hand": 2.0}]}
LOAD = {
    "results": [
        {"rules": 1_000, "load": 1.5, "resident": 64.0, "before": 31.0},
        {"rules": 10_000, "load": 18.0, "resident": 253.0, "before": 31.0},
    ]
}
DECIDE = {
    "sizes": [{"rules": 10, "known": 2.0, "growth": 1.0}, {"rules": 10_000, "known": 2.8, "growth": 1.4}],
    "rivals": [{"engine": "notices", "ratio": 1.0}, {"engine": "regopy", "ratio": 40_000.0, "wrong": 0}],
}


def found(**reports):
    return {(goal.what, goal.against): (figure, goal.met(figure)) for goal, figure in outcomes(reports)}


def test_figures_are_read_and_judged():
    """Each goal takes its own figure: more is better for some, less for others."""
    assert found(bench_pages=PAGES) == {
        ("page of 180 KB with a notice", "bare app"): (0.93, True),
        ("page of 180 KB with a notice", "written by hand"): (2.0, False),
    }
    assert found(bench_load=LOAD) == {
        ("load 1,000 rules", "-"): (1.5, True),
        ("load 10,000 rules", "-"): (18.0, True),
        ("memory of 10,000 rules", "before loading"): (222.0, False),
    }


def test_a_rival_that_is_not_installed_has_no_figure():
    """What was not measured is not in the table, and nothing is made up for it."""
    assert found(bench_decide=DECIDE) == {
        ("decide with 10,000 rules", "itself with 10"): (1.4, True),
        ("decide, 1,000 rules", "regopy"): (40_000.0, True),
        ("rivals' other answers", "the same rules"): (0, True),
    }


def test_the_summary_says_what_was_missed():
    """The table for people and the values for programs say the same."""
    table, rows = harness.summary({"bench_load": LOAD})
    lines = table.splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ["yes", "yes", "NO"]
    assert [row["met"] for row in rows] == [True, True, False]
    assert json.loads(json.dumps(rows))[2]["most"] == 60.0


def test_the_plot_has_a_bar_for_each_goal():
    """A drawing that any program for SVG can read: green where the goal is reached, red where not."""
    drawing = ElementTree.fromstring(draw(list(outcomes({"bench_load": LOAD, "bench_pages": PAGES}))))
    bars = [path.get("stroke") for path in drawing.iter(f"{SVG}path") if path.get("stroke-width") == "15"]
    assert sorted(bars) == ["#2b7a4b"] * 3 + ["#b3382c"] * 2
    texts = [text.text for text in drawing.iter(f"{SVG}text")]
    assert "memory of 10,000 rules / before loading" in texts
    assert "222 MiB" in texts


@pytest.mark.parametrize(("figure", "expected"), [(0.9345, "0.934"), (123456.7, "123,457"), (2.0, "2"), (5.36, "5.36")])
def test_figures_have_three_digits(figure, expected):
    """Nobody is told more digits than were measured."""
    assert write(figure) == expected


def test_every_goal_is_of_a_benchmark_that_exists():
    """No goal waits for a file that is not there."""
    assert {goal.benchmark for goal in GOALS} <= {path.stem for path in harness.HERE.glob("bench_*.py")}


def test_the_summary_names_what_was_measured_beside():
    """Figures of another day's rivals can be told apart."""
    known = harness.machine()
    assert known["rivals"]["geoip2"]
    assert known["processors"] >= 1
