"""Whatever stands in a rules folder, loading it ends in a ruleset or in problems that have a place."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.errors import RulesetError
from notices.folder import load_files
from notices.loader import parse_documents
from notices.loader.record import Record
from notices.loader.rules import RULE
from notices.loader.sections import SECTIONS
from tests.rules_text import SOUND, source

WORDS = st.sampled_from(
    [
        "RU",
        "UA-43",
        "eu",
        "[]",
        "{}",
        "world",
        "true",
        "0",
        "-1",
        "2026-02-30",
        "2026-01-01",
        "page",
        "notice",
        "withhold",
        "hide",
        "show",
        "“x”",
        "Р",
        "ru",
        "en",
        "/a/**",
        "*.x",
        "https://x.example",
        "{publisher}",
        "{law}",
        "<b>",
        "first",
        "shown",
        "tor",
        "UTC",
        "Europe/Berlin",
        "2.0",
        "./",
        "[",
        "]",
        "//",
        "http://[",
        "a@b",
        "%zz",
        "\ud7ff",
    ]
) | st.text(max_size=12)
KEYS = st.sampled_from(
    sorted(
        {
            *SECTIONS,
            *RULE.table,
            *[
                "any",
                "except",
                "code",
                "part",
                "from",
                "until",
                "timezone",
                "include",
                "title",
                "at",
                "level",
                "region",
                "unknown",
                "anonymous",
                "languages",
                "url",
                "tags",
                "expect",
                "visitor",
                "page",
                "now",
                "sure",
                "body",
                "short",
                "text",
                "href",
                "label",
                "coarse",
                "unknown",
                "hosts",
                "paths",
                "en",
                "ru",
            ],
        }
    )
)
VALUES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12
)


def check(files: dict[str, bytes]) -> None:
    ruleset, problems = parse_documents(files)
    errors = [problem for problem in problems if problem.level == "error"]
    assert (ruleset is None) == bool(errors)
    assert list(problems) == sorted(set(problems))
    for problem in problems:
        assert problem.path in files
        assert problem.line >= 1
        assert problem.column >= 1
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", problem.code)
        assert problem.message
    if ruleset is not None:
        try:
            load_files(files)
        except RulesetError as error:
            assert {problem.code for problem in error.problems if problem.level == "error"} == {"example-failed"}


@given(st.dictionaries(KEYS, VALUES, max_size=5))
@settings(max_examples=120, deadline=None)
def test_any_document_loads_or_is_explained(document):
    """Known keys with values of any kind, in any place."""
    check({"a.yaml": yaml.safe_dump(document, allow_unicode=True).encode()})


@given(key=st.sampled_from(sorted(RULE.table)), value=VALUES)
@settings(max_examples=200, deadline=None)
def test_any_value_of_any_key_loads_or_is_explained(key, value):
    """A sound rule with one value replaced."""
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000).removesuffix("...\n")
    text = source(**{key.replace("-", "_"): ""}) + f"    {key}: {written.strip()}\n"
    check({"a.yaml": text.encode()})


@given(st.integers(0, len(SOUND) - 1), st.integers(0, 30), st.text(max_size=6))
@settings(max_examples=120, deadline=None)
def test_any_slip_of_the_hand_loads_or_is_explained(start, length, typed):
    """A sound file with a piece of it overwritten."""
    check({"a.yaml": (SOUND[:start] + typed + SOUND[start + length :]).encode("utf-8", "surrogatepass")})


@given(st.binary(max_size=120))
@settings(max_examples=150, deadline=None)
def test_any_bytes_load_or_are_explained(data):
    """Not even text."""
    check({"a.yaml": data, "b.yml": data})


def test_every_shape_has_a_meaning():
    """Each key of each record says what it is for; the schema and the reference print it."""
    seen: set[int] = set()

    def walk(shape: object) -> None:
        if id(shape) in seen or shape is None:
            return
        seen.add(id(shape))
        if isinstance(shape, Record):
            for key, entry in shape.table.items():
                assert len(entry.meaning.split()) >= 2, key
                walk(entry.shape)
        for part in vars(shape).values() if hasattr(shape, "__dict__") else ():
            for inner in part.values() if isinstance(part, dict) else [part]:
                if type(inner).__module__.startswith("notices.loader"):
                    walk(inner)

    for entry in SECTIONS.values():
        walk(entry.shape)
    assert len(seen) > 60


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("rules:\n  a:\n" + "".join(f"    key{n}: x\n" for n in range(20_000)), id="keys"),
        pytest.param("regions: {a: {include: [" + ", ".join(f"q{n:05}" for n in range(20_000)) + "]}}", id="regions"),
    ],
)
def test_a_file_that_is_wrong_throughout_is_given_up(text):
    """Five hundred problems are reported, and that there are more; nobody waits for twenty thousand suggestions."""
    ruleset, problems = parse_documents({"a.yaml": text.encode()})
    assert ruleset is None
    assert len(problems) == 501
    assert [problem.code for problem in problems].count("too-many-problems") == 1
