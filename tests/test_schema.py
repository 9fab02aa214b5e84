"""The JSON Schema against the loader: what one takes, the other takes, over changed documents."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.folder import load_files
from notices.loader import parse_documents, read_cases
from notices.schema import DIALECT, case_schema, rule_schema

TREE = Path(__file__).parent
#: A document with every key; all scalars are texts, as the loader reads them.
RICH = yaml.load((TREE / "data" / "every_key.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
SCHEMA = rule_schema()

#: What the loader calls a mistake of structure; the schema must refuse each.
STRUCTURAL = {
    "unknown-key", "missing-key", "wrong-type", "empty", "unknown-value", "unsure-incomplete", "low-confidence",
    "bad-action", "bad-place", "bad-visitor",
}  # fmt: skip


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft202012Validator(rule_schema())


def typed(value):
    """What YAML 1.2's core schema, which editors' plug-ins use, makes of the texts."""
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    if value in ("true", "false"):
        return value == "true"
    if re.fullmatch("[-+]?[0-9]+", value):
        return int(value)
    return float(value) if re.fullmatch(r"[-+]?[0-9]*\.[0-9]+", value) else (value or None)


def codes(document) -> set[str]:
    _, problems = parse_documents({"a.yaml": json.dumps(document, ensure_ascii=False).encode()})
    return {problem.code for problem in problems if problem.level == "error"}


def test_it_is_a_schema_of_its_dialect():
    """Draft 2020-12, checked by its own meta-schema."""
    for schema in (rule_schema(), case_schema()):
        assert schema["$schema"] == DIALECT == "https://json-schema.org/draft/2020-12/schema"
        jsonschema.Draft202012Validator.check_schema(schema)


def test_the_rich_document_has_every_key(validator):
    """What the other tests change is sound for both but for a sum that is made up, and leaves no key of a rule out."""
    assert codes(RICH) == {"verbatim-changed"}
    assert list(validator.iter_errors(RICH)) == []
    assert list(validator.iter_errors(typed(RICH))) == []
    rules = rule_schema()["properties"]["rules"]["additionalProperties"]["properties"]
    assert set(rules) == set(RICH["rules"]["first"]) | set(RICH["rules"]["second"])


def paths(value, here=()):
    yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from paths(one, (*here, key))


PATHS = [path for path in paths(RICH) if path]
WORDS = (
    "RU eu world true false 800 1.5 2026-01-01 soon hide show notice withhold active draft page ru high low courier top"
)
SCALARS = st.sampled_from([*WORDS.split(), ""])
VALUES = (
    SCALARS
    | st.lists(SCALARS, max_size=2)
    | st.dictionaries(
        st.sampled_from(
            [
                "any",
                "code",
                "from",
                "until",
                "timezone",
                "region",
                "unknown",
                "body",
                "href",
                "coarse",
                "tags",
                "at",
                "en",
                "text",
                "x",
            ]
        ),
        SCALARS | st.lists(SCALARS, max_size=2),
        max_size=2,
    )
)


@st.composite
def changed(draw):
    """The rich document with one or two parts deleted, replaced, or added to."""
    document = copy.deepcopy(RICH)
    for _ in range(draw(st.integers(1, 2))):
        *above, last = draw(st.sampled_from(PATHS))
        parent = document
        try:
            for key in above:
                parent = parent[key]
            how = draw(st.sampled_from(["delete", "replace", "add"]))
            if how == "delete":
                del parent[last]
            elif how == "replace" or isinstance(parent, list):
                parent[last] = draw(VALUES)
            else:
                parent[draw(st.sampled_from(["x", "texts", "from", "until", "code", "unsure", "owner", "body"]))] = (
                    draw(VALUES)
                )
        except (KeyError, IndexError, TypeError):
            continue
    return document


@given(changed())
@settings(max_examples=150, deadline=None)
def test_schema_and_loader_agree(document):
    """What loads is accepted, typed or as texts; a mistake of structure is refused either way."""
    schema = jsonschema.Draft202012Validator(SCHEMA)
    found = codes(document)
    if not found - {"verbatim-changed"}:
        assert [error.message for error in schema.iter_errors(document)] == []
        assert [error.message for error in schema.iter_errors(typed(document))] == []
    elif found & STRUCTURAL:
        assert not schema.is_valid(document), found
        assert not schema.is_valid(typed(document)), found


#: What no schema can know: whether a name is declared elsewhere in the folder, or a text written elsewhere in the rule.
ELSEWHERE = {
    "unknown-place", "unknown-region", "unknown-rule", "unknown-publisher", "unknown-status", "unknown-stance",
    "unknown-event", "unknown-moment", "no-timezone", "missing-text", "verbatim", "verbatim-changed",
}  # fmt: skip


@pytest.mark.parametrize("value", [None, {}], ids=["deleted", "emptied"])
def test_every_part_that_is_left_out_is_judged_alike(value, validator):
    """Whatever is deleted or emptied, one part at a time: the schema refuses what the loader blames in that place."""
    for *above, last in (path for path in PATHS if len(path) < 5 and path[-1] in (0, *map(str, path))):
        document = copy.deepcopy(RICH)
        part = document
        for key in above:
            part = part[key]
        if value is None:
            del part[last]
        else:
            part[last] = value
        found = codes(document)
        if found - ELSEWHERE or not found - {"verbatim-changed"}:
            assert validator.is_valid(document) is not bool(found - ELSEWHERE), (*above, last)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_an_unknown_key_is_refused_everywhere(path, validator):
    """Every mapping with known keys is closed, however deep; one with keys of the editor's own refuses the value."""
    document = copy.deepcopy(RICH)
    part = document
    for key in path:
        part = part[key]
    if isinstance(part, dict):
        part["no such key"] = ["x"]
        assert codes(document) - {"verbatim-changed"}
        assert not validator.is_valid(document)


def test_codes_sets_and_keys_are_offered():
    """Completion knows every region with its name, the built-in sets and, of a folder, its own."""
    regions = rule_schema()["$defs"]["region"]
    assert {"world", "RU", "UA-43", "US-CA", "XK", "FR-971"} <= set(regions["enum"])
    assert dict(zip(regions["enum"], regions["enumDescriptions"], strict=True))["DE"] == "Germany"
    assert len(regions["enum"]) == len(set(regions["enum"])) > 5000
    own = load_files({"a.yaml": b"regions: {north: {include: [NO]}}"}).ruleset
    assert "eu" in rule_schema()["$defs"]["set"]["anyOf"][0]["enum"]
    assert {"eu", "north"} <= set(rule_schema(own)["$defs"]["set"]["anyOf"][0]["enum"])
    rule = rule_schema()["properties"]["rules"]["additionalProperties"]
    assert rule["properties"]["kind"]["enum"] == ["reader-safety", "publisher-duty", "courtesy", "withhold"]
    assert rule["required"] == ["title", "kind", "status", "where"]
    assert rule["properties"]["where"]["description"].startswith("the regions in which it holds")


def test_the_projects_own_rules_are_accepted(validator):
    """By the schema that its editors use."""
    for path in (TREE.parent / "rules").rglob("*.yaml"):
        document = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        schema = jsonschema.Draft202012Validator(case_schema()) if path.name.endswith("_test.yaml") else validator
        assert [error.message for error in schema.iter_errors(document)] == [], path.name
        assert [error.message for error in schema.iter_errors(typed(document))] == [], path.name


@pytest.mark.parametrize(
    "text",
    [
        "cases: []",
        "now: 2026-01-01T00:00Z",
        "{now: 2026-01-01T00:00Z, cases: [{name: n, visitor: {region: DE}}]}",
        "{now: 2026-01-01T00:00Z, cases: [{name: n, visitor: {region: DE}, expect: shown}]}",
        "{now: 2026-01-01T00:00Z, cases: [{name: n, visitor: {}, expect: []}]}",
        "{now: 2026-01-01T00:00Z, cases: [{name: n, visitor: {region: DE}, expect: [], sure: yes}]}",
        "{now: soon, cases: [{name: n, visitor: {region: DE}, expect: []}]}",
    ],
)
def test_wrong_files_of_cases_are_refused_by_both(text):
    """The schema of cases closes what the loader closes."""
    _, problems = read_cases({"a_test.yaml": text.encode()})
    assert problems
    assert not jsonschema.Draft202012Validator(case_schema()).is_valid(yaml.load(text, Loader=yaml.BaseLoader))
