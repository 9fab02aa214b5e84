"""``notices new``: a rule and its cases as files, asked for or taken from options, that pass the check as a draft."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from notices.cases import run_cases
from notices.drafting import Draft, write_draft
from notices.errors import RulesetError
from notices.folder import load_files, read_folder
from notices.lint import find_errors
from notices.ruleset import KINDS

from .asking import Asking
from .opening import utc_now
from .options import review_by_option, review_day, written_rules_option
from .report import print_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from notices.errors import Problem
    from notices.ruleset import Kind

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@click.command(short_help="Write a new rule and its cases, ready to fill in.")
@click.argument("id_", metavar="ID")
@written_rules_option
@click.option("--title", help="What editors call the rule; readers never see it.")
@click.option("--kind", type=click.Choice(KINDS), help="Whom the rule protects or obliges.")
@click.option("--where", multiple=True, help="A region's code, a set's name or world; repeat.")
@click.option("--text", multiple=True, metavar="LANGUAGE=TEXT", help="What readers see, in Markdown; repeat.")
@click.option("--owner", help="Who answers for the rule.")
@review_by_option
def new(*, id_: str, rules: Path, review_by: datetime | None, **said: Any) -> None:
    """Write the rule ID, as a draft, and cases for it; ask for what no option says, where there is somebody to ask.

    The files are ID.yaml and ID_test.yaml in the folder of rules; nothing that is there is ever overwritten, and
    nothing is written where `notices check` would find an error in it. Exit code: 0, 2 when called wrongly.
    """
    if not _ID.fullmatch(id_):
        raise click.BadParameter(
            f"{id_!r}: an id is lower-case letters, digits and single hyphens, such as {_plain(id_)}", param_hint="'ID'"
        )
    files = read_folder(rules) if rules.exists() and any(rules.iterdir()) else {}
    if files and id_ in load_files(files).ruleset.rules:
        raise click.UsageError(f"there is a rule {id_!r} already")
    now = utc_now()
    draft = _ask(id_, said, review_day(review_by, now))
    try:
        written = write_draft(draft, files, now)
    except RulesetError as error:
        raise refused([one for one in error.problems if one.path == f"{id_}.yaml"]) from error
    loaded = load_files({**files, **written})
    problems = (*find_errors(loaded.ruleset, loaded.files), *run_cases(loaded))
    errors = [problem for problem in problems if problem.level == "error" and problem.path in written]
    if errors:
        raise refused(errors)
    save(rules, written)


def _plain(text: str) -> str:
    """The id that is most like *text*."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())) or "ru-warning"


def refused(problems: Sequence[Problem]) -> click.UsageError:
    """Say what is wrong with the draft, at its place in the file that was to be."""
    print_problems(problems, None, err=True)
    return click.UsageError("nothing was written")


def _ask(id_: str, said: Mapping[str, Any], review_by: date) -> Draft:
    """What the options say, and answers to questions for the rest."""
    desk = Asking()
    kind: Kind = said["kind"] or desk.ask("Kind", KINDS[0], "kind", type=click.Choice(KINDS), default=KINDS[0])
    title = said["title"] or desk.ask("Title, for editors", f"Title of {id_}", "title")
    where = said["where"] or re.split(r"[,\s]+", desk.ask("Where (codes or sets)", "world", "where").strip(", "))
    texts = dict(map(tagged("--text"), said["text"]))
    if not texts and kind != "withhold":
        language = desk.ask("Language of the text", "en", "text", default="en")
        texts = {language: desk.ask(f"Text in {language}", f"Text of {id_}", "text")}
    owner = said["owner"] or desk.ask("Owner", "nobody", "owner")
    desk.tell()
    told = {"title": title, "kind": kind, "where": where, "texts": texts, "owner": owner}
    return Draft(id=id_, **told, review_by=review_by, fillers=tuple(desk.filled))


def tagged(option: str) -> Callable[[str], tuple[str, str]]:
    """How *option* is read: a language tag, and a text in that language."""

    def read(said: str) -> tuple[str, str]:
        language, equals, text = said.partition("=")
        if not equals or not text:
            raise click.UsageError(f'{option}: write LANGUAGE=TEXT, such as en="...", not {said!r}')
        return language, text

    return read


def save(folder: Path, written: Mapping[str, bytes]) -> None:
    """Write all of the files, or none where one of them is there already."""
    for name in written:
        if (folder / name).exists():
            raise click.UsageError(f"there is a file {str(folder / name)!r} already; nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in written.items():
        with (folder / name).open("xb") as file:
            file.write(content)
        click.echo(folder / name)
