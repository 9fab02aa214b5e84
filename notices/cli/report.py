"""How problems of the rules are printed: with their line for people, as JSON, and as GitHub annotations."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from notices.errors import Level, Problem

_COLOURS: Mapping[Level, str] = {"error": "red", "warning": "yellow", "hint": "cyan"}
_ANNOTATIONS: Mapping[Level, str] = {"error": "error", "warning": "warning", "hint": "notice"}
#: How much of a long line is shown around its problem, in characters.
_WIDTH = 100


def print_problems(problems: Iterable[Problem], folder: Path | None, *, err: bool = False) -> None:
    """Print each problem with the line that it stands in, a caret under its column, and the fix below."""
    read = cache(_lines)  # for this printing only: a file may have many problems, and may change afterwards
    for problem in problems:
        place = f"{_path(problem, folder)}:{problem.line}:{problem.column}:"
        level = click.style(f"{problem.level}[{problem.code}]", fg=_COLOURS[problem.level], bold=True)
        click.echo(f"{place} {level} {problem.message}", err=err)
        for line in _excerpt(problem, folder, read):
            click.echo(line, err=err)
        if problem.fix:
            click.echo(f"    {click.style('fix:', bold=True)} {problem.fix}", err=err)


def as_json(problems: Sequence[Problem], folder: Path, **more: object) -> str:
    """The problems and their number by level, and *more*, as one JSON document."""
    numbers = Counter(problem.level for problem in problems)
    return json.dumps(
        {
            "errors": numbers["error"],
            "warnings": numbers["warning"],
            "hints": numbers["hint"],
            "problems": [asdict(problem) | {"path": _path(problem, folder)} for problem in problems],
            **more,
        },
        indent=2,
        ensure_ascii=False,
    )


def as_annotation(problem: Problem, folder: Path) -> str:
    """The problem as a GitHub workflow command, which marks the line in a change's review."""
    properties = {
        "file": _path(problem, folder),
        "line": str(max(problem.line, 1)),
        "col": str(max(problem.column, 1)),
        "title": problem.code,
    }
    listed = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
    advice = f"; {problem.fix}" if problem.fix else ""
    return f"::{_ANNOTATIONS[problem.level]} {listed}::{_escape(problem.message + advice)}"


def count(problems: Iterable[Problem]) -> str:
    """The numbers by level in words, ``2 errors, 1 warning``; ``no problems`` where there are none."""
    numbers = Counter(problem.level for problem in problems)
    words = [f"{numbers[level]} {level}{'s' * (numbers[level] != 1)}" for level in _COLOURS if numbers[level]]
    return ", ".join(words) or "no problems"


def _path(problem: Problem, folder: Path | None) -> str:
    """The path as somebody in the working directory writes it; the folder's own where the problem is no file's."""
    if folder is None:
        return problem.path
    path = folder / problem.path
    return str(folder if problem.line < 1 and not path.exists() else path)


def _lines(file: Path) -> list[str]:
    """The lines of *file*; none where it cannot be read any more."""
    try:
        return file.read_text("utf-8", errors="replace").split("\n")
    except OSError:
        return []


def _excerpt(problem: Problem, folder: Path | None, read: Callable[[Path], list[str]]) -> tuple[str, ...]:
    """The problem's line and a caret under its column; nothing where the file has no such line any more."""
    if folder is None or problem.line < 1:
        return ()
    lines = read(folder / problem.path)
    if problem.line > len(lines):
        return ()
    column = max(problem.column, 1)
    start = max(0, column - _WIDTH * 3 // 4)
    shown = "".join(_printable(char) for char in lines[problem.line - 1].rstrip("\r")[start : start + _WIDTH])
    caret = " " * (column - 1 - start) + click.style("^", fg=_COLOURS[problem.level], bold=True)
    margin = f"{problem.line:>5} | "
    return f"{margin}{shown}", f"{' ' * (len(margin) - 2)}| {caret}"


def _printable(char: str) -> str:
    """The character, or one of the same width for what could steer a terminal."""
    return char if char.isprintable() else " " if char == "\t" else "\ufffd"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
