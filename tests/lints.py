"""Lint rules as text, for tests of what each lint finds where and of what it must not report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from notices.folder import examine_files
from notices.lint import find_errors, find_warnings
from tests.rules_text import source

if TYPE_CHECKING:
    from notices.errors import Problem

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
#: What every rule in these tests needs beside what the test is about.
REST = "owner: desk, review-by: 2030-01-01"


def lint(text: str, now: datetime = NOW) -> list[tuple[str, str]]:
    """Place and ``level[code]`` of everything that is said of one file, hints included, by place."""
    return [
        (f"{problem.path}:{problem.line}:{problem.column}", f"{problem.level}[{problem.code}]")
        for problem in findings(text, now)
    ]


def findings(text: str, now: datetime = NOW) -> list[Problem]:
    """Everything that is said of one file, by place."""
    loaded, problems = examine_files({"a.yaml": text.encode()})
    if loaded is None:
        return sorted(problems)
    lints = (*find_errors(loaded.ruleset, loaded.files), *find_warnings(loaded.ruleset, loaded.files, now))
    return sorted({*problems, *lints})


def codes(text: str, now: datetime = NOW) -> list[str]:
    """The codes alone."""
    return [level_and_code.partition("[")[2].rstrip("]") for _, level_and_code in lint(text, now)]


def messages(text: str, now: datetime = NOW) -> list[str]:
    """What is said, and the fix."""
    return [f"{problem.message}; {problem.fix}" for problem in findings(text, now)]


def rule(**changes: str) -> str:
    """One active rule in a sound folder, its lines replaced as in :func:`tests.rules_text.source`."""
    return source(**{"review_by": "2030-01-01", **changes})


def rules(*lines: str, head: str = "") -> str:
    """A folder of active courtesy rules ``a``, ``b``, ...: each line holds what is special, in flow style.

    The first rule stands in the line after ``rules:``, the next ones below.
    """
    made = "".join(
        f"  {chr(97 + number)}: {{title: T, kind: courtesy, status: active, text: {{en: Text}}, {REST}, {line}}}\n"
        for number, line in enumerate(lines)
    )
    return f"{head}rules:\n{made}"
