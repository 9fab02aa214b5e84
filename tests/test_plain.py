"""What a ruleset holds comes back from plain rows as it was, and nothing but values ever does."""

from __future__ import annotations

import dataclasses
import typing
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import notices.location
import notices.page
import notices.publisher
import notices.ruleset
from notices.errors import Problem
from notices.folder import load_files, load_folder
from notices.plain import _VALUES, from_rows, to_rows
from notices.ruleset import Mark, Place, Ruleset
from tests.small_rules import SMALL_RULES

TREE = Path(__file__).parent.parent


def there_and_back(value):
    return from_rows(msgspec.msgpack.decode(msgspec.msgpack.encode(to_rows(value))))


@pytest.mark.parametrize("name", ["rules", "demo/rules"])
def test_every_ruleset_of_the_project_comes_back_equal(name):
    """Rules, sets, publishers, windows, texts, marks and warnings are what they were."""
    folder = TREE / name
    if not folder.is_dir():
        pytest.skip("a release without it")
    loaded = load_folder(folder)
    ruleset, warnings = there_and_back((loaded.ruleset, loaded.warnings))
    assert ruleset == loaded.ruleset
    assert warnings == loaded.warnings
    assert list(ruleset.rules) == list(loaded.ruleset.rules)
    assert ruleset.active == loaded.ruleset.active


def is_value(kind):
    return dataclasses.is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, msgspec.Struct))


def values_in(kind, found):
    """The frozen classes that values of *kind* can hold, by its annotations."""
    for inner in typing.get_args(kind):
        values_in(inner, found)
    if is_value(kind) and kind not in found:
        found.add(kind)
        names = {}
        for module in (notices.publisher, notices.ruleset, notices.location, notices.page):
            names |= vars(module)
        names |= {"Mapping": typing.Mapping, "datetime": datetime, "date": date}
        for hint in typing.get_type_hints(kind, names).values():
            values_in(hint, found)
    return found


def test_every_kind_that_a_ruleset_can_hold_is_known():
    """A field added to a rule with a type of its own is not forgotten here."""
    assert values_in(Ruleset, set()) == set(_VALUES) - {Problem}


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**31), 2**31)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.dates()
    | st.datetimes().map(lambda moment: moment.replace(tzinfo=UTC, fold=0))
    | st.builds(Mark, st.text(max_size=3), st.integers(0, 9), st.integers(-9, 9))
    | st.builds(Place, st.text(max_size=3), st.none() | st.text(max_size=3)),
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200)
@given(value=PLAIN)
def test_values_keep_their_kind(value):
    """No truth becomes a number, no number the name of a row, no whole number a fraction."""
    assert repr(there_and_back(value)) == repr(value)


def test_what_stands_in_several_places_is_one_object_again():
    """A region set that a hundred rules name is kept, and held, once."""
    where = load_files({"a.yaml": SMALL_RULES.encode()}).ruleset.rules["ru-readers"].where
    first, second = there_and_back((where, where))
    assert first is second


def test_equal_mappings_stay_apart():
    """A mapping belongs to its owner."""
    first, second = there_and_back(({"a": "b"}, {"a": "b"}))
    assert first == second == {"a": "b"}
    assert first is not second


def test_what_is_no_value_of_a_ruleset_is_refused():
    """Nothing is written that could not be read back as itself."""
    with pytest.raises(TypeError, match="Path is no plain value"):
        to_rows((Path("a.yaml"),))
