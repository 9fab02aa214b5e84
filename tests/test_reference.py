"""The reference of keys is what the loader reads, and its examples load."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from notices.cases import run_cases
from notices.folder import load_folder
from notices.schema import case_schema, rule_schema

DOCS = Path(__file__).parent.parent / "docs"
TEXT = (DOCS / "reference.md").read_text("utf-8")
SPEC = importlib.util.spec_from_file_location("build_reference", DOCS.parent / "scripts" / "build_reference.py")
#: key, meaning, what is written, required, default, example
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (.+?) \| (.+?) \| (yes)? ?\| (.*?) ?\| (below|`.+`) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def script():
    module = importlib.util.module_from_spec(SPEC)
    import sys

    sys.modules[SPEC.name] = module
    SPEC.loader.exec_module(module)
    return module


def test_the_reference_is_up_to_date(script):
    """After a change to the keys, ``python scripts/build_reference.py`` writes it anew."""
    assert script.reference() == TEXT


def test_its_examples_are_a_sound_folder_of_rules():
    """They load without error or warning, and their cases hold."""
    loaded = load_folder(DOCS / "reference")
    assert [problem for problem in loaded.warnings if problem.level != "hint"] == []
    assert run_cases(loaded) == ()


def keys_of(schema):
    """Every name that a mapping with known keys has, however deep in *schema*."""
    if isinstance(schema, list):
        return {name for inner in schema for name in keys_of(inner)}
    if not isinstance(schema, dict):
        return set()
    own = set(schema["properties"]) if schema.get("additionalProperties") is False else set()
    return own | {name for key, inner in schema.items() if key != "$defs" for name in keys_of(inner)}


def test_every_key_has_its_meaning_and_an_example():
    """What editors' completion offers is in the reference, each row whole."""
    rows = ROW.findall(TEXT)
    assert {row[0] for row in rows} == keys_of(rule_schema()) | keys_of(case_schema())
    assert len(rows) == sum(line.count(" | ") == 5 and not line.startswith("| key") for line in TEXT.splitlines())
    assert not [row for row in rows if "null" in row[5]]


def section(path):
    return TEXT.partition(f"\n## `{path}`\n")[2].partition("\n## ")[0]


def test_what_is_required_and_what_holds_by_default_is_said():
    """Written out for the keys of a rule."""
    rows = {name: (need, default) for name, _, _, need, default, _ in ROW.findall(section("rules.*"))}
    assert {name for name, (need, _) in rows.items() if need} == {"title", "kind", "status", "where"}
    assert (rows["priority"][1], rows["when"][1], rows["verbatim"][1]) == ("0", "always", "false")
    assert "| `unknown` | show | hide | hide | must be written |" in TEXT


def test_each_example_is_the_line_that_it_says(script):
    """A written-out row, with what may stand there in words."""
    assert (
        "| `review-by` | by when it is to be looked at again | a date such as 2026-02-28 |  |  "
        "| `review-by: 2027-02-01` |"
    ) in section("rules.*")
    assert script.written({"a": ["x: y", "NO", "#"]}) == '{a: ["x: y", NO, "#"]}'
