"""Run the cases of ``*_test.yaml`` files against the whole folder (spec: rules, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .engine import decide, explain
from .errors import Problem
from .index import build_index
from .loader import is_test, read_cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from .decision import Decision, Explanation
    from .folder import Loaded
    from .index import Index
    from .loader import Case


def run_cases(loaded: Loaded) -> tuple[Problem, ...]:
    """Every problem of the case files: what cannot be read, and each case that does not come out as it says."""
    if not any(map(is_test, loaded.files)):
        return ()
    cases, problems = read_cases(loaded.files, loaded.ruleset)
    index = build_index(loaded.ruleset)
    failures = [problem for case, at in cases for problem in _failures(index, case, at)]
    return tuple(sorted({*problems, *failures}))


def _failures(index: Index, case: Case, at: datetime) -> Iterator[Problem]:
    decision = decide(index, case.location, case.page, case.languages, at)
    got = tuple(shown.id for shown in decision.shown)
    if got != case.expected:
        _, reasons = explain(index, case.location, case.page, case.languages, at, every=True)
        why = "; ".join(_why(reasons, sorted(set(got) ^ set(case.expected))))
        message = f"{case.name!r} expects {_listed(case.expected)} and got {_listed(got)}{f' ({why})' if why else ''}"
        yield _failed(case, message)
    sure = all(shown.sure for shown in decision.shown)
    if case.sure is not None and got and sure != case.sure:
        unsure = ", ".join(shown.id for shown in decision.shown if not shown.sure)
        answer = "every answer is a plain yes" if sure else f"{unsure} stands on a maybe ({decision.certainty})"
        yield _failed(case, f"{case.name!r} expects 'sure: {str(case.sure).lower()}', and {answer}")
    yield from _missing_texts(case, decision)


def _missing_texts(case: Case, decision: Decision) -> Iterator[Problem]:
    texts: dict[str, list[str]] = {}
    for notice in decision.notices:
        texts.setdefault(notice.language.lower(), []).extend(filter(None, (notice.title, notice.text, notice.short)))
    for language, fragments in case.texts.items():
        found = texts.get(language.lower())
        for fragment in fragments:
            if found is None:
                shown = f"no text in {language!r} is shown, only in {_listed(sorted(texts))}"
                yield _failed(case, f"{case.name!r}: {shown}")
            elif not any(fragment in text for text in found):
                yield _failed(case, f"{case.name!r}: no text in {language!r} contains {fragment!r}; it is {found[0]!r}")


def _why(reasons: Sequence[Explanation], rules: Sequence[str]) -> Iterator[str]:
    for reason in reasons:
        if reason.rule in rules:
            yield f"{reason.rule}: {reason.reason}, {reason.detail}"


def _listed(names: Sequence[str]) -> str:
    return f"[{', '.join(names)}]"


def _failed(case: Case, message: str) -> Problem:
    mark = case.mark
    return Problem(mark.path, mark.line, mark.column, "error", "case-failed", message, "correct the rules or the case")
