"""``notices check``: everything that is wrong with a folder of rules, its examples and cases included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notices.cases import run_cases
from notices.errors import RulesetError
from notices.folder import load_folder

from .options import rules_argument
from .report import as_annotation, as_json, count, print_problems

if TYPE_CHECKING:
    from pathlib import Path

    from notices.errors import Problem


@click.command(short_help="Check a folder of rules, run its examples and cases.")
@rules_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How problems are printed; github marks them in a change's review.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.pass_context
def check(ctx: click.Context, rules: Path, form: str, *, strict: bool) -> None:
    """Check the rules in the folder RULES (default: $NOTICES_RULES, else ./rules).

    Prints all problems at once, sorted by place, then runs the rules' examples and the cases of *_test.yaml files.
    Exit code: 0 without errors, 1 with errors (with --strict: or warnings), 2 when called wrongly.
    """
    problems = find_problems(rules)
    if form == "json":
        click.echo(as_json(problems, rules))
    elif form == "github":
        for problem in problems:
            click.echo(as_annotation(problem, rules))
    else:
        print_problems(problems, rules)
    click.echo(f"{rules}: {count(problems)}", err=True)
    grave = {"error", "warning"} if strict else {"error"}
    ctx.exit(1 if any(problem.level in grave for problem in problems) else 0)


def find_problems(rules: Path) -> tuple[Problem, ...]:
    """All that is wrong with the rules, sorted by place; cases are run where the rules themselves can be used."""
    try:
        loaded = load_folder(rules)
    except RulesetError as error:
        return tuple(sorted(error.problems))
    return tuple(sorted((*loaded.warnings, *run_cases(loaded))))
