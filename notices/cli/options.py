"""Arguments that several commands share: which rules, which databases, which instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from notices.api.asked import read_instant
from notices.api.question import Question
from notices.loader.meant import called
from notices.page import SURFACES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEFAULT_RULES = Path("rules")
_UNTIL_REVIEW = timedelta(days=180)


def _require_folder(ctx: click.Context, parameter: click.Parameter, value: Path) -> Path:
    if not value.exists() and not ctx.meta.get("notices.past"):  # git may know a folder that is gone
        raise click.BadParameter(f"there is no folder {str(value)!r}; name one, or set NOTICES_RULES", ctx, parameter)
    ctx.meta["notices.rules"] = value
    return value


def _names_no_country(ctx: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """A country's or region's name in place of its code: what has another form is judged by whoever asks."""
    for text in value:
        meant = called(text)
        if meant is not None:
            raise click.BadParameter(f"{text!r} is no ISO 3166 code; did you mean {meant!r}?", ctx, parameter)
    return value


def region_option(command: Callable[..., None]) -> Callable[..., None]:
    """Take the visitor's regions as ``--region``, again and again."""
    return click.option(
        "--region",
        multiple=True,
        callback=_names_no_country,
        help="ISO 3166 code, unknown, tor, vpn or hosting; repeat for candidates. Default: unknown.",
    )(command)


def rules_argument(command: Callable[..., None]) -> Callable[..., None]:
    """Take the folder of rules as an argument that may be left out."""
    return click.argument(
        "rules",
        type=click.Path(path_type=Path),
        envvar="NOTICES_RULES",
        default=DEFAULT_RULES,
        required=False,
        callback=_require_folder,
    )(command)


def rules_option(command: Callable[..., None]) -> Callable[..., None]:
    """Take the folder of rules as the option ``--rules``."""
    return click.option(
        "--rules",
        type=click.Path(path_type=Path),
        envvar="NOTICES_RULES",
        default=DEFAULT_RULES,
        callback=_require_folder,
        help="Folder of rules. Default: $NOTICES_RULES, else ./rules.",
    )(command)


def optional_rules_option(command: Callable[..., None]) -> Callable[..., None]:
    """Take the folder of rules as ``--rules``, None where none is named and there is none at its usual place."""
    return click.option(
        "--rules",
        type=click.Path(path_type=Path),
        envvar="NOTICES_RULES",
        default=lambda: DEFAULT_RULES if DEFAULT_RULES.exists() else None,
        callback=lambda ctx, option, value: None if value is None else _require_folder(ctx, option, value),
        help="Folder of rules. Default: $NOTICES_RULES, else ./rules where it exists.",
    )(command)


def written_rules_option(command: Callable[..., None]) -> Callable[..., None]:
    """Take the folder of rules that a command writes to as ``--rules``; it need not be there yet."""
    return click.option(
        "--rules",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="NOTICES_RULES",
        default=DEFAULT_RULES,
        help="Folder of rules; made where there is none. Default: $NOTICES_RULES, else ./rules.",
    )(command)


def review_by_option(command: Callable[..., None]) -> Callable[..., None]:
    """Take the day on which a rule is looked at again as ``--review-by``; :func:`review_day` gives it."""
    return click.option(
        "--review-by", type=click.DateTime(["%Y-%m-%d"]), help="When it is to be looked at again. Default: in 180 days."
    )(command)


def review_day(said: datetime | None, now: datetime) -> date:
    """The day of review that was *said*, or the usual one."""
    return (now + _UNTIL_REVIEW if said is None else said).date()


def geoip_option(command: Callable[..., None]) -> Callable[..., None]:
    """Take location databases as the option ``--geoip``, which may be repeated."""
    return click.option(
        "--geoip",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        multiple=True,
        help="MMDB file; may be repeated. Default: $NOTICES_GEOIP, else the embedded country database.",
    )(command)


def _instant(ctx: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    ctx.meta["notices.past"] = True
    return read_instant((parameter.name or "").replace("_", "-"), value, UTC)


def as_of_option(command: Callable[..., None]) -> Callable[..., None]:
    """Take a past instant as ``--as-of``: the rules that stood then answer, and without ``--at`` for that instant."""
    return click.option(
        "--as-of",
        callback=_instant,
        is_eager=True,
        metavar="INSTANT",
        help="Ask the rules as they were committed to git at that instant; a date begins at midnight UTC.",
    )(command)


_PAGE_FACTS = (
    click.option("--tag", multiple=True, help="A tag of the page; repeat."),
    click.option("--section", multiple=True, help="A section that the page stands in; repeat."),
    click.option("--mention", multiple=True, help="Whom the page mentions; repeat."),
    click.option("--published", help="When the page appeared, a date or an instant."),
    click.option("--publisher", help="The publisher, one that the rules declare."),
    click.option("--surface", type=click.Choice(SURFACES), help="What kind of page it is."),
    click.option("--sec-gpc", is_flag=True, default=None, help="The visitor's browser sends Sec-GPC."),
)


def page_fact_options(command: Callable[..., None]) -> Callable[..., None]:
    """Take what is stated of a page, in the names of a look-up."""
    for option in reversed(_PAGE_FACTS):
        command = option(command)
    return command


def question_of(asked: Mapping[str, Any]) -> Question:
    """The question that a command's options ask; one that is not given states nothing, not that there is none."""
    return Question(**{name: value for name, value in asked.items() if value != ()})
