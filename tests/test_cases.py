"""Cases in ``*_test.yaml``: what they ask, what they expect, and how they fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from notices.cases import run_cases
from notices.folder import load_files, load_folder
from tests.rules_text import SOUND

TREE = Path(__file__).parent.parent

RULES = (
    SOUND
    + """\
    priority: 10
    show: {languages: [page, ru]}
    supersedes: [third]
  second:
    title: A courtesy
    kind: publisher-duty
    status: active
    where: [RU, BY]
    when: {from: 2026-06-01}
    pages: {tags: [war]}
    text: {en: War, ru: Война}
    owner: legal-desk
    review-by: 2027-01-01
  third:
    title: Superseded
    kind: courtesy
    status: active
    where: [RU, KZ]
    text: {en: Third}
    owner: legal-desk
    review-by: 2027-01-01
"""
).replace("text: {en: Hello}", "text: {en: Hello, ru: Привет}")

HEAD = "now: 2026-11-22T12:00:00Z\ncases:\n"


def found(cases: str, *, head: str = HEAD) -> list[tuple[int, int, str]]:
    loaded = load_files({"a.yaml": RULES.encode(), "a_test.yaml": (head + cases).encode()})
    return [(one.line, one.column, one.code) for one in run_cases(loaded)]


def said(cases: str) -> list[str]:
    loaded = load_files({"a.yaml": RULES.encode(), "a_test.yaml": (HEAD + cases).encode()})
    return [one.message for one in run_cases(loaded)]


def test_the_projects_own_cases_hold():
    """What the rules of this folder promise is what they do."""
    loaded = load_folder(TREE / "rules")
    assert sum(path.endswith("_test.yaml") for path in loaded.files) >= 1
    assert run_cases(loaded) == ()


HOLDING = [
    pytest.param("{name: n, visitor: {region: RU}, expect: [first], sure: true}", id="shown for sure"),
    pytest.param("{name: n, visitor: {region: DE}, expect: []}", id="nothing"),
    pytest.param("{name: n, visitor: {unknown: true}, expect: [first], sure: false}", id="shown on a maybe"),
    pytest.param("{name: n, visitor: {region: RU}, page: {tags: [war]}, expect: [first, second]}", id="two, in order"),
    pytest.param("{name: n, visitor: {region: KZ}, expect: [third]}", id="nobody supersedes it there"),
    pytest.param(
        "{name: n, visitor: {region: BY}, page: {tags: war}, now: 2026-05-31, expect: []}", id="its own instant"
    ),
    pytest.param(
        "{name: n, visitor: {region: BY}, page: {tags: war}, now: 2026-06-01, expect: [second]}", id="its zone"
    ),
    pytest.param("{name: n, visitor: {region: RU}, expect: [first], text: {en: Hel, ru: [При, вет]}}", id="texts"),
    pytest.param(
        "{name: n, visitor: {region: RU}, page: {language: ru}, expect: [first], text: {ru: Привет}}",
        id="page language",
    ),
]


@pytest.mark.parametrize("case", HOLDING)
def test_cases_that_hold_are_silent(case):
    """The whole folder is asked, at the file's instant or the case's own."""
    assert found(f"  - {case}\n") == []


def test_a_case_that_fails_says_expected_got_and_why():
    """For each rule that is missing or too many, the reason stands beside it."""
    (message,) = said("  - {name: reader in Kyiv, visitor: {region: UA-30}, expect: [first]}\n")
    assert message.startswith("'reader in Kyiv' expects [first] and got [] (first: REGION, ")
    (message,) = said("  - {name: reader in Minsk, visitor: {region: BY}, expect: [second]}\n")
    assert message.startswith("'reader in Minsk' expects [second] and got [] (second: FACT_MISSING, ")
    (message,) = said("  - {name: reader, visitor: {region: RU}, expect: [first, third]}\n")
    assert "expects [first, third] and got [first] (third: SUPERSEDED, " in message


def test_the_order_of_rules_counts():
    """Higher priority stands first."""
    case = "  - {name: n, visitor: {region: RU}, page: {tags: [war]}, expect: [second, first]}\n"
    assert said(case) == ["'n' expects [second, first] and got [first, second]"]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        pytest.param(
            "{name: n, visitor: {unknown: true}, expect: [first], sure: true}",
            "'n' expects 'sure: true', and first stands on a maybe (unknown)",
            id="not sure",
        ),
        pytest.param(
            "{name: n, visitor: {region: RU}, expect: [first], sure: false}",
            "'n' expects 'sure: false', and every answer is a plain yes",
            id="sure",
        ),
        pytest.param(
            "{name: n, visitor: {region: RU}, expect: [first], text: {ru: Прощай}}",
            "'n': no text in 'ru' contains 'Прощай'; it is 'Привет'",
            id="another text",
        ),
        pytest.param(
            "{name: n, visitor: {region: RU}, expect: [first], text: {uk: Привіт}}",
            "'n': no text in 'uk' is shown, only in [en, ru]",
            id="no text in the language",
        ),
    ],
)
def test_certainty_and_texts_are_compared(case, message):
    """What a case says beside the rules must hold as well."""
    assert said(f"  - {case}\n") == [message]


def test_every_failing_case_is_reported_at_its_line():
    """One failure hides no other."""
    cases = "".join(f"  - {{name: n{n}, visitor: {{region: DE}}, expect: [first]}}\n" for n in range(3))
    assert found(cases) == [(3, 5, "case-failed"), (4, 5, "case-failed"), (5, 5, "case-failed")]


SLIP = [(3, 24, "bad-visitor"), (3, 25, "unknown-key")]
WRONG = [
    pytest.param("  - {visitor: {region: RU}, expect: []}\n", [(3, 5, "missing-key")], id="no name"),
    pytest.param("  - {name: n, expect: []}\n", [(3, 5, "missing-key")], id="no visitor"),
    pytest.param("  - {name: n, visitor: {region: RU}}\n", [(3, 5, "missing-key")], id="nothing expected"),
    pytest.param("  - {name: n, visitor: {region: RU}, expect: [frst]}\n", [(3, 47, "unknown-rule")], id="rule"),
    pytest.param("  - {name: n, visitor: {region: Ru}, expect: []}\n", [(3, 33, "unknown-region")], id="region"),
    pytest.param("  - {name: n, visitor: {regio: RU}, expect: []}\n", SLIP, id="key"),
    pytest.param("  - {name: n, visitor: {region: RU}, expect: shown}\n", [(3, 46, "wrong-type")], id="as in examples"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), WRONG)
def test_wrong_cases_are_found_where_they_stand(case, expected):
    """A file of cases is checked like a file of rules, and blocks ``check`` alone."""
    assert found(case) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("cases: [{name: n, visitor: {region: DE}, expect: []}]", [(1, 9, "missing-key")], id="no instant"),
        pytest.param("rules: {}\n", [(1, 1, "missing-key"), (1, 1, "unknown-key")], id="rules among cases"),
        pytest.param("cases: [\n", [(2, 1, "syntax")], id="no YAML"),
        pytest.param("now: yesterday\ncases: []\n", [(1, 6, "bad-date"), (2, 8, "empty")], id="instant and no case"),
    ],
)
def test_a_file_of_cases_that_cannot_be_run(text, expected):
    """Its problems have their places; the rules load without it."""
    assert found(text, head="") == expected


def test_cases_do_not_repeat_what_is_wrong_with_rules():
    """Hints about the rules come from loading them."""
    files = {"a.yaml": RULES.replace("[RU, BY]", "[RU, FR-GP]").encode(), "a_test.yml": HEAD.encode() + b"  []\n"}
    loaded = load_files(files)
    assert [one.code for one in loaded.warnings] == ["alias"]
    assert [(one.path, one.code) for one in run_cases(loaded)] == [("a_test.yml", "empty")]


def test_a_confidential_rule_is_named_by_its_id():
    """Only the command line runs cases, and it may see what the public does not."""
    rules = RULES.replace("    priority: 10\n", "    priority: 10\n    confidential: true\n")
    cases = HEAD + "  - {name: n, visitor: {region: RU}, expect: [first]}\n"
    assert run_cases(load_files({"a.yaml": rules.encode(), "a_test.yaml": cases.encode()})) == ()
