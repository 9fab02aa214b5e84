"""A site at full speed whose rules, databases and workers change under it loses no notice and doubles none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("gunicorn", reason="gunicorn is a development dependency")

TREE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def told():
    command = [sys.executable, "-m", "tests.load", "18"]
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
