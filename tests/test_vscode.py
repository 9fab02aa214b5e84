"""Completion in editors: the sample settings, and the schema of cases against the loader over changed documents."""

from __future__ import annotations

import copy
import json
import re
from fnmatch import fnmatch
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.cli import main
from notices.folder import load_folder
from notices.loader import read_cases
from notices.schema import case_schema

TREE = Path(__file__).parent.parent
SETTINGS = json.loads((TREE / "docs" / "vscode.json").read_text("utf-8"))
CASES = yaml.load((TREE / "docs" / "reference" / "rules_test.yaml").read_text("utf-8"), yaml.BaseLoader)
RULESET = load_folder(TREE / "docs" / "reference").ruleset
SCHEMA = jsonschema.Draft202012Validator(case_schema())
#: What the loader calls a mistake of structure; the schema must refuse each.
STRUCTURAL = {"unknown-key", "missing-key", "wrong-type", "empty", "unknown-value", "bad-visitor"}


def schemas_of(path):
    """The schemas that VS Code's YAML extension applies to *path*: one pattern matches, none with ! does."""
    found = []
    for schema, patterns in SETTINGS["yaml.schemas"].items():
        wanted = [p for p in patterns if not p.startswith("!")]
        hidden = [p[1:] for p in patterns if p.startswith("!")]
        if any(fnmatch(path, p.replace("**/", "*")) for p in wanted) and not any(fnmatch(path, p) for p in hidden):
            found.append(schema)
    return found


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        pytest.param("rules/a.yaml", "./rules.schema.json", id="rules"),
        pytest.param("rules/notices/ru/a.yml", "./rules.schema.json", id="deep"),
        pytest.param("rules/a_test.yaml", "./cases.schema.json", id="cases"),
        pytest.param("rules/tests/a_test.yml", "./cases.schema.json", id="cases deep"),
    ],
)
def test_each_file_has_the_one_schema_that_is_for_it(path, schema):
    """Two at once would mark every line."""
    assert schemas_of(path) == [schema]


def test_the_projects_own_files_get_the_schema_that_takes_them(capsys):
    """The commands of the handbook write the two files that the settings name."""
    made = {}
    for name, options in {"./rules.schema.json": [], "./cases.schema.json": ["--cases"]}.items():
        assert main(["schema", *options]) == 0
        made[name] = jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out))
    assert set(made) == set(SETTINGS["yaml.schemas"])
    for path in (TREE / "rules").rglob("*.yaml"):
        (schema,) = schemas_of(path.relative_to(TREE).as_posix())
        assert made[schema].is_valid(yaml.load(path.read_text("utf-8"), yaml.BaseLoader)), path.name
    assert not made["./rules.schema.json"].is_valid(CASES)


def test_nothing_is_fetched_and_no_is_no_boolean():
    """The extension asks no catalogue on the net, and reads YAML as the loader does: spaces, UTF-8, NO is Norway."""
    assert SETTINGS["yaml.schemaStore.enable"] is False
    assert SETTINGS["yaml.yamlVersion"] == "1.2"
    assert SETTINGS["[yaml]"]["editor.insertSpaces"] is True
    assert SETTINGS["files.encoding"] == "utf8"
    assert not re.search("https?:", json.dumps(SETTINGS))


def test_a_folders_own_sets_are_offered(tmp_path, capsys):
    """``notices schema --rules`` knows what the built-in sets do not have."""
    (tmp_path / "r.yaml").write_text("regions: {baltics: {include: [EE, LV, LT]}}")
    assert main(["schema", "--rules", str(tmp_path)]) == 0
    assert "baltics" in json.loads(capsys.readouterr().out)["$defs"]["set"]["anyOf"][0]["enum"]


def parts(value, here=()):
    """The path of every part of *value*."""
    yield here
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from parts(one, (*here, key))


VALUES = st.sampled_from(
    ["", "x", "true", "7", "RU", "2026-01-01", [], ["x"], [["x"]], {}, {"x": "y"}, {"region": "DE"}, {"en": "x"}]
)


@st.composite
def changed(draw):
    """A sound file of cases with one or two parts deleted, replaced or added to."""
    document = copy.deepcopy(CASES)
    for _ in range(draw(st.integers(1, 2))):
        *above, last = draw(st.sampled_from([path for path in parts(CASES) if path]))
        parent = document
        try:
            for key in above:
                parent = parent[key]
            how = draw(st.sampled_from(["delete", "replace", "add"]))
            if how == "delete":
                del parent[last]
            elif how == "replace" or isinstance(parent, list):
                parent[last] = copy.deepcopy(draw(VALUES))
            else:
                parent[draw(st.sampled_from(["x", "unknown", "anonymous", "tags", "now", "sure", "case"]))] = draw(
                    VALUES
                )
        except (KeyError, IndexError, TypeError):
            continue
    return document


def codes(document):
    """The loader's errors, by their codes."""
    _, problems = read_cases({"a_test.yaml": json.dumps(document, ensure_ascii=False).encode()}, RULESET)
    return {problem.code for problem in problems if problem.level == "error"}


def test_the_cases_that_are_changed_are_sound():
    """Both take them."""
    assert codes(CASES) == set()
    assert SCHEMA.is_valid(CASES)


@given(changed())
@settings(max_examples=150, deadline=None)
def test_schema_and_loader_agree_on_cases(document):
    """What the loader takes is accepted; a mistake of structure is refused."""
    found = codes(document)
    if not found:
        assert [error.message for error in SCHEMA.iter_errors(document)] == []
    elif found & STRUCTURAL:
        assert not SCHEMA.is_valid(document), found


EVERY_KEY = yaml.load((TREE / "tests" / "data" / "every_key.yaml").read_text("utf-8"), yaml.BaseLoader)


def branches(schema, root):
    """The schema with all that stands in its place: references followed, alternatives laid side by side."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        target = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        yield from branches(target, root)
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(word, ()):
            yield from branches(one, root)


def below(schemas, key, root):
    """What is offered and checked below a key, or below an item of a list."""
    for schema in schemas:
        if isinstance(key, int):
            found = [schema["items"]] if "items" in schema else []
        else:
            named = schema.get("properties", {}).get(key)
            found = [schema.get("additionalProperties")] if named is None else [named]
        for one in found:
            yield from branches(one, root)


def offered(path, root):
    """What completion knows at *path*: the schemas of the mapping there."""
    schemas = list(branches(root, root))
    for key in path:
        schemas = list(below(schemas, key, root))
    return schemas


def test_every_key_is_completed_with_its_meaning(capsys):
    """Newer ones too (events, statuses, adopt, stances, unread): where a mapping has set keys, each is described."""
    main(["schema"])
    root = json.loads(capsys.readouterr().out)
    seen = set()
    for path in filter(None, parts(EVERY_KEY)):
        *above, key = path
        if isinstance(key, int):
            continue
        mappings = [one for one in offered(above, root) if one.get("properties")]
        described = [one["properties"][key] for one in mappings if key in one["properties"]]
        if mappings and not any(isinstance(one.get("additionalProperties"), dict) for one in offered(above, root)):
            assert described, path
            assert all(one.get("description") for one in described), path
            seen.add(key)
    newer = {"adopt", "events", "moments", "statuses", "mentioned-statuses", "since", "part-of", "unread", "stances"}
    assert newer | {"needs", "rule", "event", "decided", "announced", "listed", "verbatim", "sha256"} <= seen


@pytest.mark.parametrize(
    ("path", "values"),
    [
        pytest.param(("rules", "first", "status"), {"draft", "active"}, id="status"),
        pytest.param(("adopt", "fourth", "status"), {"draft", "active"}, id="status of an adoption"),
        pytest.param(("adopt", "fourth", "where", 0), {"DE", "UA-43", "eu", "world"}, id="regions of an adoption"),
        pytest.param(("publishers", "courier", "statuses", 0, "confidence"), {"high", "low"}, id="confidence"),
        pytest.param(("rules", "first", "pages", "surfaces", 0), {"article", "form"}, id="surfaces"),
    ],
)
def test_values_of_a_few_are_completed(path, values, capsys):
    """What may stand there is listed."""
    main(["schema"])
    root = json.loads(capsys.readouterr().out)
    listed = {value for one in offered(path, root) for value in (*one.get("enum", ()), one.get("const"))}
    assert values <= listed
