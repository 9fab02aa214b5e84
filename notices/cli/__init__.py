"""The command line: parse, call what the server calls, print, and say by the exit code how it went."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from notices.errors import NoticesError, QuestionError, RulesetError

from .adopt import adopt
from .check import check
from .coverage import coverage
from .diff import diff
from .explain import explain
from .feed import feed
from .geo import geo
from .key import key
from .new import new
from .preview import preview
from .report import print_problems
from .schema import schema
from .timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Group(click.Group):
    """Commands whose errors are told to people: what was asked wrongly (2) apart from what went wrong (1)."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except QuestionError as error:
            faults: tuple[QuestionError, ...] = getattr(error, "faults", (error,))
            raise click.UsageError("\n".join(f"--{fault.parameter}: {fault}" for fault in faults)) from error
        except RulesetError as error:
            # Past rules are not those in the folder, whose lines would stand below their problems.
            folder = None if ctx.meta.get("notices.past") else ctx.meta.get("notices.rules")
            print_problems(error.problems, folder, err=True)
            raise click.ClickException("the rules cannot be used") from error
        except NoticesError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="notices")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Legal notices for readers, by region: check rules, and see who is shown what and why."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False


for _command in (adopt, check, coverage, diff, explain, feed, geo, key, new, preview, schema, timeline):
    cli.add_command(_command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line on *argv* (None: the process's arguments) and return its exit code."""
    try:
        cli.main(args=argv if argv is None else list(argv), prog_name="notices")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
