"""``notices check``: everything that is wrong with a folder of rules, its examples and cases included."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import click

from notices.api.asked import read_instant
from notices.cases import run_cases
from notices.errors import RulesetError
from notices.folder import examine_files, read_folder
from notices.folder.touched import find_untouched
from notices.lint import find_errors, find_warnings

from .opening import utc_now
from .options import rules_argument
from .report import as_annotation, as_json, count, print_problems
from .untouched import as_dict, print_untouched

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from notices.errors import Problem
    from notices.folder import Loaded


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
@click.option("--coverage", is_flag=True, help="Say which rules, regions and causes no case or example touches.")
@click.option("--at", help="When reviews are overdue and periods over: an instant or a date. Default: now.")
@click.pass_context
def check(ctx: click.Context, rules: Path, form: str, at: str | None, *, strict: bool, coverage: bool) -> None:
    """Check the rules in the folder RULES (default: $NOTICES_RULES, else ./rules).

    Prints all problems at once, sorted by place: mistakes, the rules' examples and the cases of *_test.yaml files that
    fail, and what is odd, proven over every region, cause, instant and kind of page.
    Exit code: 0 without errors, 1 with errors (with --strict: or warnings), 2 when called wrongly.
    """
    now = utc_now() if at is None else read_instant("at", at, UTC)
    loaded, problems = find_problems(rules, now)
    touched = find_untouched(loaded) if coverage and loaded is not None else None
    if form == "json":
        click.echo(as_json(problems, rules, **({} if touched is None else {"coverage": as_dict(touched)})))
    elif form == "github":
        for problem in problems:
            click.echo(as_annotation(problem, rules))
    else:
        print_problems(problems, rules)
    if touched is not None and form != "json":
        print_untouched(touched)
    click.echo(f"{rules}: {count(problems)}", err=True)
    grave = {"error", "warning"} if strict else {"error"}
    ctx.exit(1 if any(problem.level in grave for problem in problems) else 0)


def find_problems(rules: Path, now: datetime) -> tuple[Loaded | None, tuple[Problem, ...]]:
    """The rules, None where they cannot be read, and all that is wrong with them at *now*, sorted by place."""
    try:
        files = read_folder(rules)
    except RulesetError as error:
        return None, tuple(sorted(error.problems))
    loaded, problems = examine_files(files)
    if loaded is None:
        return None, tuple(sorted(problems))
    lints = (*find_errors(loaded.ruleset, loaded.files), *find_warnings(loaded.ruleset, loaded.files, now))
    return loaded, tuple(sorted({*problems, *lints, *run_cases(loaded)}))
