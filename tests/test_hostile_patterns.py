"""No pattern of the package can be kept busy by what somebody writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TREE = Path(__file__).parent.parent


def test_no_pattern_takes_more_than_linear_time():
    """Each pattern, as it is called, ends early on long strings that are made for its own repetitions."""
    command = [sys.executable, "-m", "tests.hostile_patterns"]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=True, timeout=500)
    told = json.loads(done.stdout)
    assert told["slow"] == {}
    assert told["patterns"] > 100
    assert told["strings"] > 10_000


def test_a_pattern_in_quadratic_time_is_found():
    """The search itself finds what it is for."""
    code = (
        "import re, signal; from tests.hostile_patterns import *; signal.signal(signal.SIGVTALRM, late); "
        "print([bool(tried(re.compile(one), (call,), LENGTH)[1]) for one, call in "
        "((r'(?:a+)+b', 'match'), (r'[:.]*:[:.]+', 'fullmatch'), (r'\\S+@', 'findall'), (r'a*+b', 'match'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=TREE, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "[True, True, True, False]"
