"""Cache keys: equal if and only if every page shows the same, few, and right until their end."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.index import build_index
from notices.keys import key_map, visitor_key
from notices.location import Location
from notices.page import Page
from notices.region import parents
from notices.ruleset import PageCondition
from tests import generate, judge
from tests.build import CONTROLLED, NOON, SHOW_ALL, day, pages, place, rule, ruleset, texts, where


def key(*rules, location=None, at=NOON, **fields):
    return visitor_key(build_index(ruleset(*rules, **fields)), location or Location(), at)


FOUNDING = rule("founding", where("RU", CONTROLLED), kind="reader-safety")


def test_the_founding_rule_has_two_keys():
    """Two keys for 250 countries: those who are warned, and those who are not."""
    shared = key_map(build_index(ruleset(FOUNDING)), NOON)
    warned, others = sorted(shared.values(), key=lambda one: len(one.regions))
    assert {"RU", "RU-MOW", "UA", "UA-43", "UA-40", "UA-14"} < set(warned.regions)
    assert (warned.unknown, warned.anonymous) == (True, True)
    assert {"UA-30", "DE", "BY", "US-CA"} < set(others.regions)
    assert not {"UA-30", "UA-05"} & set(warned.regions)
    assert (others.unknown, others.anonymous) == (False, False)


def test_the_map_holds_every_region_once():
    """A cache's map leaves no region out."""
    shared = key_map(build_index(ruleset(FOUNDING, rule("eu", "DE"))), NOON)
    listed = [region for one in shared.values() for region in one.regions]
    assert sorted(listed) == sorted(parents())
    assert sum(one.unknown for one in shared.values()) == sum(one.anonymous for one in shared.values()) == 1


def test_the_map_names_a_key_that_only_unknown_visitors_have():
    """Unknown visitors may be shown what no region is."""
    index = build_index(ruleset(rule("a", "RU", unsure=SHOW_ALL), rule("b", "DE", unsure=SHOW_ALL)))
    alone = key_map(index, NOON)[visitor_key(index, Location(), NOON).value]
    assert alone == ((), True, True)


def test_a_key_is_eight_hex_digits():
    """Eight digits, eight zeros for those who are shown nothing anywhere."""
    assert re.fullmatch("[0-9a-f]{8}", key(FOUNDING).value)
    assert key(FOUNDING, location=place("DE")).value == "00000000"


def test_a_key_tells_nothing_of_sureness():
    """A plain yes and a maybe are shown the same page."""
    assert key(FOUNDING, location=place("RU")) == key(FOUNDING, location=place("UA")) == key(FOUNDING)


def test_a_rule_that_is_always_displaced_makes_no_key():
    """Who is shown the same shares the copy, whatever stands behind."""
    rules = [rule("upper", supersedes=("lower",)), rule("lower", "RU")]
    assert key(*rules, location=place("RU")) == key(*rules, location=place("DE"))


def test_a_rule_that_is_displaced_on_some_pages_makes_a_key():
    """There are pages on which they see different things."""
    rules = [rule("upper", pages=pages(tags=["x"]), supersedes=("lower",)), rule("lower", "RU")]
    assert key(*rules, location=place("RU")) != key(*rules, location=place("DE"))


@pytest.mark.parametrize(
    ("upper", "lower", "same"),
    [
        pytest.param(pages(tags=["x", "y"]), pages(tags=["x"]), True, id="tags within tags"),
        pytest.param(pages(tags=["x"]), pages(tags=["x", "y"]), False, id="tags around tags"),
        pytest.param(pages(paths=["/a/**"]), pages(paths=["/a/b/**"]), True, id="a path below"),
        pytest.param(pages(), pages(surfaces=["home"]), True, id="every page"),
        pytest.param(pages(surfaces=["home"]), pages(surfaces=["home"], tags=["x"]), True, id="a fact more"),
    ],
)
def test_pages_within_pages_are_seen(upper, lower, same):
    """Whether a rule is displaced wherever it stands depends on which pages there can be."""
    rules = [rule("upper", pages=upper, supersedes=("lower",)), rule("lower", "RU", pages=lower)]
    assert (key(*rules, location=place("RU")) == key(*rules, location=place("DE"))) is same


def test_a_rule_for_no_page_makes_no_key():
    """A condition that no page meets is never shown."""
    never = rule("r", "RU", pages=PageCondition(tags=frozenset("x"), exclude=(pages(tags=["x"]),)))
    assert key(never, location=place("RU")).value == "00000000"


def test_a_key_changes_with_what_is_shown_and_not_with_the_rest():
    """A changed text empties the cache for those who read it; a rule elsewhere does not."""
    before = key(rule("r"))
    assert key(rule("r", text="Changed")).value != before.value
    assert key(rule("r"), rule("s", "DE"), location=place("RU"), digest="sha256:" + "9" * 64).value == before.value


def test_a_key_ends_when_the_visitors_answer_can_change():
    """The window that opens for them, not the one that opens for others."""
    rules = [rule("r", "RU", windows=[("2026-12-01", None)]), rule("d", "DE", windows=[("2026-11-30", None)])]
    assert key(*rules, location=place("RU")).until == day("2026-12-01")
    assert key(*rules, location=place("BR")).until is None


def test_a_key_ends_with_its_texts():
    """A new version of the text is another page."""
    made = rule("r", texts=(texts("Old"), texts("New", "2026-12-01")))
    first = key(made)
    assert first.until == day("2026-12-01")
    assert key(made, at=first.until).value != first.value


def test_a_rule_that_opens_behind_another_changes_no_key():
    """What stands is the same before and after, so kept pages stay good."""
    rules = [rule("upper", supersedes=("lower",)), rule("lower", windows=[("2026-12-01", None)])]
    before, after = key(*rules), key(*rules, at=day("2026-12-02"))
    assert (before.value, before.until) == (after.value, None)


def test_confidential_rules_are_told_apart_but_not_told():
    """Two court orders for two countries are two keys, as for any rules."""
    rules = [rule("a", "RU", confidential=True, text="a"), rule("b", "DE", confidential=True, text="b")]
    assert len({key(*rules, location=place(region)).value for region in ("RU", "DE", "BR")}) == 3


def test_a_large_group_is_told_apart_by_its_rules():
    """Where there are too many combinations to try, keys are finer than need be, never coarser."""
    many = [rule(f"r{n:02}", pages=pages(tags=[f"t{n}"]), group="g", priority=n) for n in range(16)]
    rules = [*many, rule("only", "RU", group="g", priority=-1)]
    assert key(*rules, location=place("RU")) != key(*rules, location=place("DE"))
    assert key(*rules, location=place("DE")) == key(*rules, location=place("BR"))


# A small world of pages for brute force: each value that a condition below can ask for, and one that it cannot.
ASKED = st.one_of(
    st.just(PageCondition()),
    st.builds(
        PageCondition,
        tags=st.none() | generate.subsets(("politics", "sport"), min_size=1).map(frozenset),
        surfaces=st.none() | generate.subsets(("article", "home"), min_size=1).map(frozenset),
        paths=st.none() | generate.subsets(("/news/**", "/news", "/news/1"), min_size=1).map(tuple),
        gpc=st.none() | st.none() | st.booleans(),
        exclude=st.lists(
            st.builds(lambda tag: pages(tags=[tag]), st.sampled_from(("politics", "sport"))), max_size=1
        ).map(tuple),
    ),
)
EVERY_PAGE = [
    Page(tags=frozenset(tags), surface=surface, path=path, gpc=gpc)
    for tags, surface, path, gpc in product(
        ((), ("politics",), ("sport",), ("politics", "sport")),
        ("article", "home", "form"),
        ("/about", "/news", "/news/1", "/news/2"),
        (None, True, False),
    )
]


@settings(max_examples=40, deadline=None)
@given(generate.rulesets(most=4, pages_of=ASKED, simple=True), generate.instants, st.data())
def test_keys_are_equal_if_and_only_if_every_page_shows_the_same(rules, at, data):
    """By brute force over all pages, for several visitors at once."""
    index = build_index(rules)
    visitors = data.draw(st.lists(generate.locations(), min_size=2, max_size=5))
    seen = [[[id_ for id_, *_ in judge.shown(rules, visitor, page, at)] for page in EVERY_PAGE] for visitor in visitors]
    keys = [visitor_key(index, visitor, at).value for visitor in visitors]
    for mine, my_key in zip(seen, keys, strict=True):
        assert [theirs == mine for theirs in seen] == [their_key == my_key for their_key in keys]


@settings(max_examples=60, deadline=None)
@given(generate.rulesets(most=4), generate.locations(), generate.instants)
def test_a_key_stays_until_its_end_and_not_longer(rules, location, at):
    """Every instant that stands in the rules is tried."""
    index = build_index(rules)
    found = visitor_key(index, location, at)
    later = [instant for instant in judge.instants(rules) if instant > at]
    differing = (instant for instant in later if visitor_key(build_index(rules), location, instant)[0] != found.value)
    assert found.until == next(differing, None)
