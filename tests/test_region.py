"""The ISO 3166 tree: codes, aliases, ancestors, and the nearest code for a wrong one."""

from __future__ import annotations

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.errors import RegionError
from notices.region import (
    ALIASES,
    WORLD,
    ancestors,
    children,
    contains,
    country_of,
    parents,
    parse_region,
    region_names,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("NO", "NO", id="Norway is a country, not a truth value"),
        pytest.param("UA-43", "UA-43", id="subdivision"),
        pytest.param("XK", "XK", id="Kosovo, user-assigned"),
        pytest.param("world", "world", id="everywhere"),
        pytest.param("FR-971", "GP", id="numeric code of an overseas department"),
        pytest.param("FR-GP", "GP", id="letters of an overseas department"),
        pytest.param("CN-HK", "HK", id="Hong Kong under China"),
        pytest.param("US-PR", "PR", id="Puerto Rico under the United States"),
        pytest.param("FI-01", "AX", id="Aland under Finland"),
    ],
)
def test_parse_region_gives_the_canonical_code(text, code):
    """Every code is itself, every alias is its one place."""
    assert parse_region(text) == code


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        pytest.param("ru", "RU", id="lower case"),
        pytest.param("UK", "GB", id="the United Kingdom's other abbreviation"),
        pytest.param("US-CAL", "US-CA", id="no such subdivision"),
        pytest.param("ua_43", "UA-43", id="underscore"),
        pytest.param("RU-CR", "UA-43", id="Crimea has one ISO code"),
        pytest.param("RUS", "RU", id="a code of three letters"),
        pytest.param("gbr-eng", "GB-ENG", id="a part of a country of three letters"),
        pytest.param("UK-SCT", "GB-SCT", id="a part of another abbreviation"),
        pytest.param("XX", "XK", id="for a country a country, not a part of one"),
        pytest.param("ZZZZZZZZ", None, id="nothing near"),
    ],
)
def test_a_wrong_code_names_the_nearest(text, nearest):
    """A code that ISO does not have is refused, and the error proposes one that it has."""
    with pytest.raises(RegionError) as caught:
        parse_region(text)
    assert caught.value.text == text
    assert caught.value.nearest == nearest


def test_subdivisions_have_parents():
    """GB-KEN lies under GB-ENG under GB under world."""
    assert ancestors("GB-KEN") == ("GB-ENG", "GB", WORLD)
    assert ancestors("FR-75C") == ("FR-IDF", "FR", WORLD)
    assert ancestors("RU") == (WORLD,)
    assert ancestors(WORLD) == ()


def test_places_with_two_codes_stand_directly_under_world():
    """France does not hold Guadeloupe, nor China Hong Kong: each alpha-2 place lies under world."""
    assert ancestors("GP") == (WORLD,)
    assert ancestors("HK") == (WORLD,)
    assert not contains("FR", "GP")
    assert "FR-971" not in parents()


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        pytest.param("world", "DE", True, id="world holds all"),
        pytest.param("UA", "UA-43", True, id="country holds subdivision"),
        pytest.param("GB", "GB-KEN", True, id="grandparent"),
        pytest.param("UA", "UA", False, id="strictly"),
        pytest.param("RU", "UA-43", False, id="other country"),
        pytest.param("UA-43", "UA", False, id="not upwards"),
    ],
)
def test_contains_is_strict(outer, inner, expected):
    """A region contains what lies below it and not itself."""
    assert contains(outer, inner) is expected


def test_the_tree_is_pycountrys():
    """Every country and subdivision that pycountry lists is in the tree, but for the aliases; and Kosovo."""
    listed = {country.alpha_2 for country in pycountry.countries}
    listed |= {subdivision.code for subdivision in pycountry.subdivisions}
    assert set(parents()) == (listed - set(ALIASES)) | {"XK"}


def test_parents_agree_with_pycountry():
    """The parent of each subdivision is pycountry's parent, or its country."""
    for subdivision in pycountry.subdivisions:
        if subdivision.code not in ALIASES:
            assert parents()[subdivision.code] == (subdivision.parent_code or subdivision.country_code)


def test_every_alias_points_at_a_code_of_the_tree():
    """An alias gives a place that exists and is no alias itself."""
    for code in ALIASES.values():
        assert code in parents()


def test_children_are_the_tree_turned_round():
    """Each region stands once, under its parent."""
    below = [code for codes in children().values() for code in codes]
    assert sorted(below) == sorted(parents())
    assert "UA-43" in children()["UA"]


def test_every_region_has_a_name():
    """Editors' tools can name each code."""
    assert set(region_names()) == set(parents()) | {WORLD}
    assert region_names()["XK"] == "Kosovo"


def test_country_of():
    """A subdivision lies in the country before its hyphen."""
    assert [country_of(code) for code in ("UA-43", "RU", WORLD)] == ["UA", "RU", "world"]


@given(st.text(max_size=8))
def test_any_text_is_a_code_or_a_region_error(text):
    """Nothing but RegionError comes out of a wrong text."""
    try:
        assert parse_region(text) in {*parents(), WORLD}
    except RegionError as error:
        assert error.nearest is None or error.nearest in parents()
