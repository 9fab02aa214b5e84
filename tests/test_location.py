"""Three-valued location against the specification's table and against Kleene's truth tables written out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.location import NO, YES, Answer, Entry, Location, Where, both, either, maybe

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
OCCUPIED = ("UA-43", "UA-40", "UA-14", "UA-09", "UA-23", "UA-65")
CONTESTED = {code: frozenset({"RU"}) for code in OCCUPIED}

CONTROLLED = Where(
    (Entry("UA-43"), Entry("UA-40"), *(Entry(code, part=True) for code in ("UA-09", "UA-14", "UA-23", "UA-65"))),
    name="russia-controlled-ukraine",
)
FOUNDING = Where((Entry("RU"), CONTROLLED))


def answer(where: Where, *candidates: str, network: str | None = None) -> Answer:
    return where.locate(Location(candidates, network=network), AT, CONTESTED)


@pytest.mark.parametrize(
    ("where", "candidates", "expected"),
    [
        pytest.param(FOUNDING, ("RU",), YES, id="any of yes and maybe"),
        pytest.param(FOUNDING, ("UA-43", "RU"), YES, id="labelled (RU, Crimea)"),
        pytest.param(FOUNDING, ("UA",), maybe("coarse"), id="only Ukraine known"),
        pytest.param(FOUNDING, ("UA-14",), maybe("contested"), id="a part entry"),
        pytest.param(FOUNDING, ("UA-30",), NO, id="Kyiv"),
        pytest.param(FOUNDING, ("DE",), NO, id="Germany"),
        pytest.param(Where((Entry("RU"),)), ("UA-43", "RU"), maybe("contested"), id="candidates differ"),
        pytest.param(Where((Entry("UA-43"),)), ("RU",), maybe("contested"), id="bare RU may mean Crimea"),
        pytest.param(Where((Entry("UA"),)), ("RU",), NO, id="not for the parents of a contested region"),
        pytest.param(Where((Entry("UA-43"),)), ("RU-MOW",), NO, id="not for a finer code than the listed one"),
        pytest.param(Where((Entry("UA"),), (CONTROLLED,)), ("UA",), maybe("coarse"), id="any with except"),
        pytest.param(Where((Entry("UA"),), (CONTROLLED,)), ("UA-30",), YES, id="outside the exception"),
        pytest.param(Where((Entry("UA"),), (CONTROLLED,)), ("UA-43",), NO, id="inside the exception"),
        pytest.param(Where((Entry("UA"),), (CONTROLLED,)), ("UA-14",), maybe("contested"), id="partly excepted"),
        pytest.param(Where((Entry("world"),)), ("world",), YES, id="world holds the unknown"),
        pytest.param(Where((Entry("world"),)), ("UA-43", "RU"), YES, id="world holds anything"),
        pytest.param(FOUNDING, ("world",), maybe("unknown"), id="no source answered"),
        pytest.param(Where((Entry("GB-ENG"),)), ("GB-KEN",), YES, id="two levels below"),
        pytest.param(Where((Entry("GB-KEN"),)), ("GB-ENG",), maybe("coarse"), id="parent of a subdivision"),
    ],
)
def test_the_specification_table(where, candidates, expected):
    """Rules, section 4, row by row and what its sentences add."""
    assert answer(where, *candidates) == expected


def test_an_anonymous_visitor_is_a_maybe_of_its_own():
    """Tor is not merely unknown."""
    assert answer(FOUNDING, "world", network="tor") == maybe("anonymous")


def test_the_causes_of_all_maybe_operands_come_together():
    """A maybe in two ways has both causes."""
    both_ways = Where((Entry("GB-ENG"), Where((Entry("GB", part=True),), name="x")))
    assert answer(both_ways, "GB") == maybe("coarse", "contested")


def test_a_dated_entry_joins_and_leaves_at_its_instants():
    """From its start on, until just before its end."""
    start, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    where = Where((Entry("GB", start=start, end=end),))
    asked = [
        where.ask("GB", anonymous=False, at=at, contested={})
        for at in (start, end, datetime(2019, 12, 31, 23, tzinfo=UTC))
    ]
    assert asked == [YES, NO, NO]
    assert where.boundaries == {start, end}


def test_the_same_entries_in_any_order_are_the_same_where():
    """Order and repetition do not make another place."""
    one = Where((Entry("RU"), CONTROLLED))
    other = Where((CONTROLLED, Entry("RU"), Entry("RU")))
    assert one.identity == other.identity
    assert one.identity != Where((Entry("RU"),)).identity


@pytest.mark.parametrize(
    ("said", "united"),
    [
        pytest.param(["world", "RU"], ("RU",), id="unknown adds nothing"),
        pytest.param(["UA", "UA-43"], ("UA-43",), id="the finer replaces the coarser"),
        pytest.param(["UA-43", "RU"], ("UA-43", "RU"), id="different places stay"),
        pytest.param(["RU", "RU"], ("RU",), id="once"),
        pytest.param([], ("world",), id="nothing is known"),
    ],
)
def test_uniting_sources(said, united):
    """Rules, section 4: uniting sources."""
    assert Location.uniting(said).candidates == united


@pytest.mark.parametrize("candidates", [(), ("world", "RU")], ids=["none", "world and more"])
def test_a_location_is_world_alone_or_some_regions(candidates):
    """A location that says both everything and something is a programming mistake."""
    with pytest.raises(ValueError, match="candidates"):
        Location(candidates)


# Kleene's strong logic, written out: rows and columns are yes, maybe, no.
OR = {
    (True, True): True,
    (True, None): True,
    (True, False): True,
    (None, None): None,
    (None, False): None,
    (False, False): False,
}
AND = {
    (True, True): True,
    (True, None): None,
    (True, False): False,
    (None, None): None,
    (None, False): False,
    (False, False): False,
}


def value(truth):
    return maybe("coarse") if truth is None else Answer(truth)


@pytest.mark.parametrize("pair", list(OR), ids=str)
@pytest.mark.parametrize("turn", [1, -1], ids=["forward", "backward"])
def test_kleene_tables(pair, turn):
    """Both connectives, both ways round."""
    operands = [value(truth) for truth in pair[::turn]]
    assert either(operands).truth is OR[pair]
    assert both(operands).truth is AND[pair]


@given(st.lists(st.sampled_from([YES, NO, maybe("coarse"), maybe("contested")]), max_size=6))
def test_or_is_a_fold_of_the_table(answers):
    """Any number of operands is the table applied from left to right, causes united."""
    truth: bool | None = False
    for one in answers:
        truth = OR[(truth, one.truth)] if (truth, one.truth) in OR else OR[(one.truth, truth)]
    expected = frozenset().union(*(one.causes for one in answers)) if truth is None else frozenset()
    assert either(answers) == Answer(truth, expected)


@pytest.mark.parametrize("candidates", [["UA-43", "RU"], iter(("UA-43", "RU"))], ids=["a list", "an iterator"])
def test_any_collection_of_codes_will_do(candidates):
    """Who asks from Python may give a list, and gets the same location as with a tuple."""
    assert Location(candidates) == Location(("UA-43", "RU"))
    assert hash(Location(["RU"])) == hash(Location(("RU",)))


@pytest.mark.parametrize(
    ("candidates", "error", "words"),
    [
        pytest.param("RU", TypeError, "write ('RU',)", id="one text, which would be two letters"),
        pytest.param(("ru",), ValueError, "'ru' is no canonical code of ISO 3166", id="lower case"),
        pytest.param(("XX",), ValueError, "'XX' is no canonical code", id="no such country"),
        pytest.param(("FR-971",), ValueError, "'FR-971' is no canonical code", id="an alias"),
    ],
)
def test_candidates_that_are_no_regions_are_refused_at_once(candidates, error, words):
    """A wrong candidate is told where it is given, not by a failing decision."""
    with pytest.raises(error, match=re.escape(words)):
        Location(candidates)
