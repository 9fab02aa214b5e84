"""The command line: parse, call what the server calls, print, and say by the exit code how it went."""

from __future__ import annotations

import os
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from notices.errors import NoticesError, QuestionError, RulesetError

if TYPE_CHECKING:
    from collections.abc import Sequence


#: Every command, which is the function of its name in the module of its name, with the first line of its help.
COMMANDS = {
    "adopt": "Adopt a rule of the pack for your publisher.",
    "check": "Check a folder of rules, run its examples and cases.",
    "coverage": "Write a page with maps and a table of who is shown what.",
    "diff": "Show who gains, loses or sees changed which notice.",
    "explain": "Explain one decision: who is shown what, and why.",
    "feed": "Put notices into a feed.",
    "geo": "Ask the location databases, or fetch new ones.",
    "key": "Print the cache keys and which regions share them.",
    "new": "Write a new rule and its cases, ready to fill in.",
    "preview": "Show a page of this machine as a visitor would get it.",
    "schema": "Print the JSON Schema of rule files.",
    "timeline": "Show what changes when, and which reviews are due.",
}


class _Group(click.Group):
    """Commands whose errors are told to people: what was asked wrongly (2) apart from what went wrong (1).

    A command is imported when it is asked for, so that none waits for what another one needs.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f".{cmd_name}", __name__), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        near = [] if args[0] in COMMANDS else get_close_matches(args[0], COMMANDS, n=1)
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if not near:
                raise
            raise click.UsageError(f"No such command {args[0]!r}. Did you mean {near[0]!r}?", ctx) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            meant = _meant(error)
            if not meant:
                raise
            what = f"No such option {error.option_name!r}. Did you mean {' or '.join(map(repr, meant))}?"
            raise click.UsageError(what, error.ctx) from error
        except QuestionError as error:
            faults: tuple[QuestionError, ...] = getattr(error, "faults", (error,))
            raise click.UsageError("\n".join(f"--{fault.parameter}: {fault}" for fault in faults)) from error
        except RulesetError as error:
            from .report import print_problems

            # Past rules are not those in the folder, whose lines would stand below their problems.
            folder = None if ctx.meta.get("notices.past") else ctx.meta.get("notices.rules")
            print_problems(error.problems, folder, err=True)
            raise click.ClickException("the rules cannot be used") from error
        except NoticesError as error:
            raise click.ClickException(str(error)) from error


def _meant(error: click.NoSuchOption) -> list[str]:
    """The options of the command that the same thing is called by here."""
    from notices.api.question import CALLED

    names = CALLED.get(error.option_name.lstrip("-").lower().replace("_", "-"), "").split()
    known = {option for one in error.ctx.command.params for option in one.opts} if error.ctx else set()
    return [f"--{name}" for name in names if f"--{name}" in known]


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="notices")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Legal notices for readers, by region: check rules, and see who is shown what and why."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line on *argv* (None: the process's arguments) and return its exit code."""
    try:
        cli.main(args=argv if argv is None else list(argv), prog_name="notices")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
