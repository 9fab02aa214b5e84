"""A site at full speed whose rules, databases and workers change under it loses no notice and doubles none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.load import held

pytest.importorskip("gunicorn", reason="gunicorn is a development dependency")

TREE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def told():
    command = [sys.executable, "-m", "tests.load", "24"]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=True, timeout=300)
    return json.loads(done.stdout)


@pytest.mark.parametrize("phase", ["steady", "storm, last-good", "storm, refuse"])
def test_every_page_under_load_is_whole_and_right(told, phase):
    """Editions of the rules each second, broken ones too, databases swapped, workers killed: each answer is right."""
    figures = told[phase]
    assert figures["up"], "the site went down"
    assert figures["wrong"] == []
    assert figures["with a notice"] > 10
    assert figures["without"] > 5
    assert figures["editions"] >= 3
    if phase == "steady":
        assert figures.get("cut off", 0) == 0
        assert figures["workers"] == 1
        assert figures["files"][1] - figures["files"][0] <= 8
    else:
        assert figures["kills"] >= 1
        assert figures["workers"] > 3


LEVEL = [(100_000 + at % 7, 15) for at in range(900)]
LEAKING = [(100_000 + 20 * at, 15 + at // 100) for at in range(900)]
SAWTOOTH = [(100_000 + 40 * (at % 60), 15 + at % 60 // 20) for at in range(900)]


@pytest.mark.parametrize(
    ("samples", "memory", "files", "a_minute"),
    [
        pytest.param(LEVEL, "level", "level", 0, id="level"),
        pytest.param(LEAKING, "rising", "rising", 1200, id="rising"),
        pytest.param(SAWTOOTH, "level", "level", 24, id="up and down"),
        pytest.param(LEAKING[:500], "too short to tell", "too short to tell", 1200, id="short"),
    ],
)
def test_the_verdict_is_of_a_later_half_that_is_long_enough(samples, memory, files, a_minute):
    """What one worker holds is called level or rising after minutes of it only, and its slope is told."""
    found = held(samples)
    assert (found["memory"], found["open files"]) == (memory, files)
    assert abs(found["kib a minute"] - a_minute) <= 24
