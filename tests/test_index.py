"""The index: sets as masks, bounded memory, intervals, precedence, views of all rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.index import bits_of, build_index, is_open, version_of
from notices.index.bits import mask_of
from notices.location import Entry, Location
from notices.memo import Memo
from notices.page import Page
from tests import generate, judge
from tests.build import CONTROLLED, NOON, SHOW_ALL, day, place, rule, ruleset, texts, where


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 3000)))
def test_a_mask_gives_back_its_numbers(numbers):
    """Nothing is lost, and the order is ascending."""
    mask = mask_of(numbers)
    assert mask == sum(1 << number for number in numbers)
    assert list(bits_of(mask)) == sorted(numbers)


def test_a_memo_is_bounded_and_keeps_what_is_asked_for():
    """The generation that nobody asks for goes; what is in use stays."""
    memo = Memo(10)
    memo.put("used", 1)
    for number in range(1000):
        memo.put(number, number)
        assert memo.get("used") == 1
        assert len(memo) <= 20
    assert memo.get(0) is None
    assert memo.get(999) == 999


@pytest.mark.parametrize(
    ("at", "number", "opened"),
    [
        ("2025-01-01", 0, []),
        ("2026-01-01", 1, [0]),
        ("2026-01-31T23:59:59", 1, [0]),
        ("2026-02-01", 2, [0, 1]),
        ("2026-03-01", 3, [1]),
    ],
)
def test_time_is_cut_where_a_rule_changes(at, number, opened):
    """An interval begins with a change and ends before the next."""
    rules = [rule("a", windows=[("2026-01-01", "2026-03-01")]), rule("b", windows=[("2026-02-01", None)])]
    interval = build_index(ruleset(*rules)).calendar.interval_at(day(at))
    assert (interval.number, list(bits_of(interval.open))) == (number, opened)
    assert interval.holds(day(at))


@settings(max_examples=60, deadline=None)
@given(generate.rulesets(), st.lists(generate.instants, min_size=1, max_size=6))
def test_an_interval_is_right_in_whatever_order_it_is_asked_for(rules, instants):
    """Going back in time gives the old interval."""
    index = build_index(rules)
    for at in instants:
        interval = index.calendar.interval_at(at)
        assert interval.holds(at)
        assert list(bits_of(interval.open)) == [
            number for number, one in enumerate(index.rules) if judge.time_reason(one, at) is None
        ]


def test_rules_are_numbered_in_the_order_of_display():
    """Priority first, then the id; rules that are not active have no number."""
    made = [rule("b"), rule("a"), rule("z", priority=3), rule("draft", status="draft")]
    assert [one.id for one in build_index(ruleset(*made)).rules] == ["z", "a", "b"]


def test_the_version_in_force_is_the_one_that_began_last():
    """Whatever the order in which versions are written."""
    made = rule("r", texts=(texts("c", "2026-03-01"), texts("a"), texts("b", "2026-02-01")))
    said = [version_of(made, day(at)).texts["en"].body for at in ("2026-01-01", "2026-02-01", "2026-09-01")]
    assert said == ["a", "b", "c"]


def test_a_rule_without_texts_is_open():
    """A withholding rule needs none; one whose first text is to come is not open."""
    assert is_open(rule("r", action="withhold", text=None), NOON)
    assert not is_open(rule("r", texts=(texts("x", "2027-01-01"),)), NOON)


@settings(max_examples=60, deadline=None)
@given(generate.rulesets(), generate.locations(), generate.instants)
def test_a_view_is_every_rules_own_answer(rules, location, at):
    """Asking only the expressions that can answer gives what asking all of them gives."""
    index = build_index(rules)
    view = index.territory.view(location, at)
    for number, one in enumerate(index.rules):
        truth, causes = judge.region_answer(one.where, location, at, rules.contested)
        assert bool(view.sure >> number & 1) is (truth is True)
        assert bool(view.maybe >> number & 1) is (truth is None and judge.acts_on_maybe(one, causes))


def test_expressions_that_list_the_same_are_asked_once():
    """The same entries in any order are one expression."""
    made = [rule("a", where("RU", CONTROLLED)), rule("b", where(CONTROLLED, "RU")), rule("c", where("RU"))]
    territory = build_index(ruleset(*made)).territory
    assert territory.same_where(0, 1)
    assert not territory.same_where(0, 2)
    assert territory.where_of == [0, 0, 1]


def test_one_location_stands_for_each_class():
    """All countries that the rules do not name are one class, and so are the unnamed parts of each named one."""
    index = build_index(ruleset(rule("r", "UA-43", unsure=SHOW_ALL)))
    candidates = [location.candidates[0] for location in index.territory.classes([0])]
    assert candidates[:2] == ["world", "world"]
    assert candidates[2:] == ["RU", "UA", "UA-43", "RU-AD", "UA-05", "AD"]


@settings(max_examples=60, deadline=None)
@given(generate.rulesets(), generate.locations(), generate.instants)
def test_every_single_location_is_of_a_listed_class(rules, location, at):
    """No visitor with one candidate has a view that no listed location has."""
    index = build_index(rules)
    listed = index.territory.classes(range(len(index.rules)))
    views = {(view.sure, view.maybe) for view in (index.territory.view(one, at) for one in listed)}
    for candidate in location.candidates:
        view = index.territory.view(Location((candidate,), location.network), at)
        assert (view.sure, view.maybe) in views


def test_a_contested_region_is_near_who_claims_it():
    """Bare RU asks the rules for Crimea, though no line of regions leads there."""
    index = build_index(ruleset(rule("r", "UA-43", unsure=SHOW_ALL)))
    assert index.territory.view(place("RU"), NOON).maybe == 1
    assert index.territory.view(place("RU-MOW"), NOON).maybe == 0
    assert index.territory.view(place("UA-40"), NOON).maybe == 0


@settings(max_examples=80, deadline=None)
@given(
    generate.rulesets(),
    st.lists(generate.locations(), min_size=2, max_size=5),
    st.lists(generate.pages, min_size=1, max_size=2),
    generate.instants,
)
def test_visitors_on_one_ground_are_answered_alike(rules, locations, pages, at):
    """Who stands on one ground, on pages that differ only by rules out of its reach, gets one answer, also in time."""
    index = build_index(rules)
    scene = [replace(one, publisher="other", surface="article", language="ru") for one in pages]
    said = {}
    for location, page in product(locations, scene):
        ground = index.territory.ground(location, at)
        met = index.page_mask(index.classes.reduce(page)) & ground.reach
        # Anew for each: nothing that is remembered of another may answer.
        verdict = build_index(rules).verdict(location, page, ("en",), at)
        content, standing = verdict.content, verdict.standing
        answer = (content.variant, content.action, content.features, content.notices, standing.cause, standing.until)
        assert said.setdefault((ground, met), answer) == answer


@pytest.mark.parametrize(
    ("one", "other", "at", "shared"),
    [
        pytest.param("ES", "IT", "2027-06-01", True, id="no rule tells them apart"),
        pytest.param("ES", "DE", "2027-06-01", False, id="a rule is for one of them"),
        pytest.param("DE", "FR", "2027-06-01", True, id="one has become what the other was"),
        pytest.param("DE", "FR", "2026-06-01", False, id="one will become what the other is"),
        pytest.param("ES", "IT", "2026-06-01", False, id="something is to come"),
    ],
)
def test_ground_is_shared_where_nothing_parts(one, other, at, shared):
    """Visitors share a ground when no rule can part them any more; before the last change of a set none do."""
    joined = where("DE", Entry("FR", start=day("2027-01-01")), name="joined")
    territory = build_index(ruleset(rule("r", joined))).territory
    first, second = (territory.ground(place(region), day(at)) for region in (one, other))
    assert (first is second) is shared
    assert territory.ground(place(one), day(at)) is first


@pytest.mark.parametrize(
    ("location", "at", "reached"),
    [
        pytest.param(place("DE"), "2026-06-01", True, id="it holds"),
        pytest.param(place("FR"), "2026-06-01", True, id="it will hold"),
        pytest.param(Location(), "2027-06-01", True, id="it acts on a maybe"),
        pytest.param(place("IT"), "2027-06-01", False, id="it never will"),
    ],
)
def test_a_ground_reaches_what_may_be_shown_there(location, at, reached):
    """Whether a page is one of a rule's counts wherever the rule acts, or may come to act."""
    joined = where("DE", Entry("FR", start=day("2027-01-01")), name="joined")
    territory = build_index(ruleset(rule("r", joined, unsure=SHOW_ALL))).territory
    assert bool(territory.ground(location, day(at)).reach & 1) is reached


def test_an_anonymous_visitor_has_another_ground():
    """Whoever hides where they are stands apart from those of whom the same region is known."""
    territory = build_index(ruleset(rule("r", "DE"))).territory
    assert territory.ground(Location(), NOON) is not territory.ground(Location(network="tor"), NOON)


def test_one_value_stands_for_a_rule_a_sureness_and_a_version():
    """Whoever asks for whatever page, what is shown of a rule is the same object; each version has its own."""
    dated = rule("dated", ["RU"], texts=(texts("Old"), texts("New", "2027-01-01")))
    index = build_index(ruleset(rule("plain", ["RU"], unsure=SHOW_ALL), dated))

    def shown(at, *candidates):
        found = index.verdict(place(*candidates), Page(path="/a"), (), at).standing.shown
        return {one.id: one for one in found}

    here, later, unsure = shown(NOON, "RU"), shown(day("2028-01-01"), "RU"), shown(NOON)
    assert here["plain"] is shown(NOON, "RU-MOW")["plain"] is later["plain"]
    assert here["plain"] is not unsure["plain"]
    assert (here["plain"].sure, unsure["plain"].sure) == (True, False)
    assert here["dated"] is not later["dated"]
    assert here["dated"].version.start is None
    assert later["dated"].version.start == day("2027-01-01")
