"""Expressions are compiled when they are first used, and then are what ``re`` makes of them."""

from __future__ import annotations

import re
import subprocess
import sys
from copy import copy
from threading import Thread

import pytest

from notices.expressions import late
from tests.small_rules import write_rules


def compiled(expression):
    return "compiled" in vars(expression)


@pytest.mark.parametrize(
    ("use", "given"),
    [
        pytest.param(lambda one: one.match("aab").span(), (0, 2), id="match"),
        pytest.param(lambda one: one.fullmatch("aab"), None, id="fullmatch"),
        pytest.param(lambda one: one.search("baa", 2).start(), 2, id="search from a position"),
        pytest.param(lambda one: one.sub("-", "aba"), "-b-", id="sub"),
        pytest.param(lambda one: one.findall("aAb"), ["aA"], id="findall"),
        pytest.param(lambda one: one.pattern, "a+", id="its text"),
        pytest.param(lambda one: one.flags & re.IGNORECASE, re.IGNORECASE, id="its flags"),
    ],
)
def test_it_does_what_an_expression_does_when_it_is_asked(use, given):
    """Nothing is compiled before, and the answers are those of the expression with its flags."""
    expression = late("a+", re.IGNORECASE)
    assert not compiled(expression)
    assert use(expression) == given
    assert compiled(expression)


def test_bytes_are_bytes():
    """An expression over bytes is one."""
    assert late(rb"\s*+").match(b" \tx")[0] == b" \t"


def test_it_is_compiled_once_for_all_threads(monkeypatch):
    """Threads that meet over it get one and the same expression."""
    made, compile_ = [], re.compile
    monkeypatch.setattr(re, "compile", lambda *given: made.append(given) or compile_(*given))
    expression = late("ab?")
    found = []
    threads = [Thread(target=lambda: found.append(expression.match("ab")[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, len(made)) == (["ab"] * 8, 1)


def test_what_is_no_expression_is_told_when_it_is_used():
    """A fault in the pattern is an error of ``re``, and what an expression has not this has not either."""
    with pytest.raises(re.error):
        late("(").match("(")
    assert not hasattr(late("a"), "matches")
    assert copy(late("a")).match("a")


STARTED = """
import sys
from flask import Flask
from notices import Notices
from notices.expressions import LateExpression
app = Flask("paper")
app.config.update(NOTICES_RULES=sys.argv[1], NOTICES_STATE=None)
Notices(app)
held = [
    (f"{name}.{key}", one) for name, module in list(sys.modules.items()) if name.startswith("notices.")
    for key, value in vars(module).items()
    for one in (value.values() if isinstance(value, dict) else [value]) if isinstance(one, LateExpression)
]
print(len(held), *(name for name, one in held if "compiled" in vars(one)))
"""


def test_a_start_compiles_none_of_them(tmp_path):
    """What is meant for few pages, or is made ahead beside the readers, costs a start nothing."""
    command = [sys.executable, "-c", STARTED, str(write_rules(tmp_path))]
    count, *used = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert int(count) > 20
    assert used == []
