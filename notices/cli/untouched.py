"""How ``notices check --coverage`` says what cases and examples leave untouched."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notices.folder.touched import Touched, Untouched

_MOST = 8


def as_dict(touched: Touched) -> dict[str, Any]:
    """The coverage as JSON values; rules in the order of display, those that are covered included.

    ``unread`` has the languages that wait for a native editor by rule, and is there only where some do.
    """
    rules = [{name: value for name, value in asdict(rule).items() if name != "unread"} for rule in touched.rules]
    waiting = {rule.rule: rule.unread for rule in touched.rules if rule.unread}
    return {
        "cases": touched.cases,
        "examples": touched.examples,
        "rules": rules,
        **({"unread": waiting} if waiting else {}),
    }


def print_untouched(touched: Touched) -> None:
    """A line for each rule of which cases leave something, one for all, and one for texts that wait for a reader."""
    for rule in touched.rules:
        if not rule.complete:
            click.echo(f"coverage: {rule.rule}: {'; '.join(_gaps(rule))}")
    whole = sum(rule.complete for rule in touched.rules)
    asked = f"{_count(touched.cases, 'case')} and {_count(touched.examples, 'example')}"
    click.echo(f"coverage: {whole} of {_count(len(touched.rules), 'active rule')} touched whole by {asked}")
    waiting = [rule for rule in touched.rules if rule.unread]
    if waiting:
        texts = _count(sum(len(rule.unread) for rule in waiting), "text")
        click.echo(f"coverage: {texts} of {_count(len(waiting), 'active rule')} not yet read by a native editor")


def _gaps(rule: Untouched) -> Iterator[str]:
    if not rule.shown:
        yield "never shown"
    if not rule.hidden:
        yield "never hidden"
    if rule.regions:
        yield f"nobody is in {_listed(rule.regions)}"
    if rule.causes:
        yield f"no doubt that is {_listed(rule.causes)}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
