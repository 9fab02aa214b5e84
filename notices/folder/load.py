"""Files -> a ruleset that may be served, or the error that says why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from notices.errors import Problem, RulesetError
from notices.loader import parse_documents
from notices.loader.paths import PREFIX, is_test
from notices.loader.shelf import Shelf

from .examples import failing_examples
from .files import read_folder
from .loaded import Loaded, digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def load_folder(path: Path | str) -> Loaded:
    """Read and check the rules folder at *path*.

    :raises RulesetError: with every problem found; also where the folder cannot be read or an example fails. What
        blocks loading never depends on the clock, nor on lints (:mod:`notices.lint`), which weigh words and may err.
    """
    return load_files(read_folder(Path(path)))


def load_files(files: Mapping[str, bytes]) -> Loaded:
    """The same from memory: path with ``/`` -> bytes.

    :raises RulesetError: as :func:`load_folder`.
    """
    loaded, problems = examine_files(files)
    if loaded is None or any(problem.level == "error" for problem in problems):
        raise RulesetError(problems)
    return loaded


def examine_files(files: Mapping[str, bytes]) -> tuple[Loaded | None, tuple[Problem, ...]]:
    """The rules with everything that is said of them by place; None where they cannot even be read.

    Rules with an error among their problems are for editors' tools alone: they may not be served.
    """
    if not any(not is_test(path) for path in files):
        fix = "put the rules into a file whose name does not end with _test.yaml"
        first, line = (min(files), 1) if files else (".", 0)
        return None, (Problem(first, line, line, "error", "no-rules", "there are cases here and no rules", fix),)
    shelf = Shelf(files)
    ruleset, problems = parse_documents(files, shelf=shelf)
    if ruleset is None:
        return None, problems
    if not ruleset.rules:
        first = min(path for path in files if not is_test(path))
        message = "there is no rule in the folder, so that nothing is ever shown"
        problems = (*problems, Problem(first, 1, 1, "warning", "no-rules", message, "write one under 'rules'"))
    files = {**{path: data for path, data in files.items() if not path.startswith(PREFIX)}, **shelf.used}
    found = tuple(sorted((*problems, *failing_examples(ruleset))))
    return Loaded(replace(ruleset, digest=digest_of(files)), found, files), found
