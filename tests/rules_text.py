"""Rules as text for tests of the loader: one sound folder, and changes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.loader import parse_documents

if TYPE_CHECKING:
    from notices.ruleset import Rule, Ruleset

SOUND = """\
defaults: {timezone: Europe/Moscow, language: en, publisher: courier}
publishers:
  courier: {name: {en: The Courier}, hosts: [courier.example]}
rules:
  first:
    title: A warning
    kind: reader-safety
    status: active
    where: [RU]
    text: {en: Hello}
    owner: legal-desk
    review-by: 2027-01-01
"""


def source(add: str = "", **changes: str) -> str:
    """The sound folder with *add* below, and the rule's lines in *changes* replaced (``_`` for ``-``; empty: none)."""
    lines = []
    for line in SOUND.splitlines(keepends=True):
        key = line.strip().partition(":")[0].replace("-", "_")
        if line.startswith("    ") and key in changes:
            lines.append(f"    {key.replace('_', '-')}: {changes[key]}\n" if changes[key] else "")
        else:
            lines.append(line)
    return "".join(lines) + add


def findings(text: str | bytes, *, path: str = "a.yaml") -> list[tuple[int, int, str]]:
    """Line, column and code of every problem."""
    data = text.encode() if isinstance(text, str) else text
    return [(problem.line, problem.column, problem.code) for problem in parse_documents({path: data})[1]]


def messages(text: str) -> list[str]:
    """Every problem as it is printed, without the place."""
    return [str(problem).split(" ", 1)[1] for problem in parse_documents({"a.yaml": text.encode()})[1]]


def load(text: str) -> Ruleset:
    """The ruleset of a text without errors."""
    ruleset, problems = parse_documents({"a.yaml": text.encode()})
    assert ruleset is not None, [str(problem) for problem in problems]
    return ruleset


def load_rule(text: str) -> Rule:
    """Its first rule."""
    return load(text).rules["first"]
