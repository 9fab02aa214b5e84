"""Rules that displace one another: supersedes first, then groups; only a plain yes displaces."""

from __future__ import annotations

import pytest

from notices.engine import decide, explain
from notices.index import build_index
from notices.index.stacking import Stacking
from notices.keys import visitor_key
from notices.location import Location
from notices.page import Page
from tests.build import CONTROLLED, NOON, SHOW_ALL, pages, place, rule, ruleset, where


def shown(*rules, location=None, page=None):
    decision = decide(build_index(ruleset(*rules)), location or Location(), page or Page(), (), NOON)
    return [one.rule.id for one in decision.shown]


def reasons(*rules, location=None):
    _, explanations = explain(build_index(ruleset(*rules)), location or Location(), Page(), (), NOON)
    return {one.rule: (one.reason, one.detail) for one in explanations if one.outcome == "hidden"}


def test_the_order_is_priority_then_id():
    """Highest first; of two equally high the one whose id comes first."""
    assert shown(rule("b"), rule("c", priority=-1), rule("a"), rule("z", priority=9)) == ["z", "a", "b", "c"]


def test_a_superseded_rule_is_dropped():
    """Those rules are dropped where this one applies, however high they stand."""
    assert shown(rule("upper", supersedes=("lower",)), rule("lower", priority=9)) == ["upper"]


def test_a_rule_supersedes_only_where_it_applies():
    """On another page, or elsewhere, the superseded rule stands."""
    upper = rule("upper", "RU", supersedes=("lower",), pages=pages(tags=["x"]))
    tagged = Page(tags=frozenset("x"))
    assert shown(upper, rule("lower"), location=place("RU"), page=tagged) == ["upper"]
    assert shown(upper, rule("lower"), location=place("RU")) == ["lower"]
    assert shown(upper, rule("lower"), location=place("DE"), page=tagged) == ["lower"]


def test_only_rules_that_themselves_stand_supersede():
    """What is superseded drops nothing, so the third of a chain is back."""
    chain = [rule("a", supersedes=("b",)), rule("b", supersedes=("c",)), rule("c")]
    assert shown(*chain) == ["a", "c"]
    assert shown(*chain[1:]) == ["b"]


def test_the_chain_is_followed_whatever_the_priorities():
    """Supersedes goes along its own order, not along the order of display."""
    chain = [rule("a", supersedes=("b",), priority=-9), rule("b", supersedes=("c",), priority=9), rule("c")]
    assert shown(*chain) == ["c", "a"]


def test_of_a_group_only_the_highest_is_shown():
    """One of a group; other groups and rules without one are left alone."""
    group = [rule("a", group="g", priority=1), rule("b", group="g", priority=5), rule("c", group="h"), rule("d")]
    assert shown(*group) == ["b", "c", "d"]


def test_of_a_group_the_highest_that_applies_is_shown():
    """A higher rule that does not apply gives way."""
    assert shown(rule("a", group="g"), rule("b", "RU", group="g", priority=5), location=place("DE")) == ["a"]


def test_ties_in_a_group_go_by_id():
    """Of two equally high the first by id."""
    assert shown(rule("b", group="g"), rule("a", group="g")) == ["a"]


def test_supersedes_comes_before_groups():
    """A rule that is superseded does not count in its group."""
    rules = [rule("gone", group="g", priority=9), rule("low", group="g"), rule("s", supersedes=("gone",))]
    assert shown(*rules) == ["low", "s"]


def test_a_rule_dropped_by_its_group_has_superseded_before():
    """Groups come after: what was superseded stays dropped."""
    rules = [rule("head", group="g", priority=9), rule("s", group="g", supersedes=("low",)), rule("low")]
    assert shown(*rules) == ["head"]


RUSSIA, BELARUS = rule("ru", "RU", unsure=SHOW_ALL, group="g", priority=1), rule("by", "BY", unsure=SHOW_ALL, group="g")


def test_a_maybe_does_not_displace_another_places_rule():
    """An unknown European must not get California's notice alone."""
    assert shown(RUSSIA, BELARUS) == ["ru", "by"]
    california = rule("ca", "US-CA", unsure=SHOW_ALL, supersedes=("eu",))
    assert shown(california, rule("eu", "DE", unsure=SHOW_ALL)) == ["ca", "eu"]


def test_a_maybe_displaces_rules_of_the_same_where():
    """The same entries in any order are the same where."""
    upper = rule("upper", where("RU", CONTROLLED), unsure=SHOW_ALL, supersedes=("lower",))
    lower = rule("lower", where(CONTROLLED, "RU"), unsure=SHOW_ALL)
    assert shown(upper, lower) == ["upper"]
    assert shown(upper, lower, location=place("UA")) == ["upper"]
    assert shown(upper, rule("lower", where("RU", "UA-43", "UA-40"), unsure=SHOW_ALL)) == ["lower", "upper"]


def test_a_maybe_in_a_group_displaces_the_same_where_only():
    """Groups follow the same law."""
    same = rule("ru2", "RU", unsure=SHOW_ALL, group="g")
    assert shown(RUSSIA, BELARUS, same) == ["ru", "by"]


def test_a_plain_yes_displaces_what_is_shown_on_a_maybe():
    """Who is surely there needs no second notice."""
    assert shown(rule("world", group="g", priority=5), RUSSIA, BELARUS) == ["world"]


def test_a_lower_plain_yes_does_not_displace_a_higher_maybe():
    """Within a group the order decides who may displace."""
    assert shown(rule("world", group="g"), RUSSIA) == ["ru", "world"]


def test_a_displaced_rules_features_go_with_it():
    """What is not shown does nothing to the page."""
    index = build_index(
        ruleset(
            rule("upper", supersedes=("lower",), features={"share": "warn"}),
            rule("lower", features={"share": "hide", "comment": "hide"}),
        )
    )
    assert decide(index, Location(), Page(), (), NOON).features == {"share": "warn"}


def test_the_reason_names_what_stands_instead():
    """The near miss says by which rule, and in which group."""
    rules = [rule("a", supersedes=("b",)), rule("b"), rule("c", group="g", priority=1), rule("d", group="g")]
    assert reasons(*rules) == {
        "b": ("SUPERSEDED", "superseded by a"),
        "d": ("GROUP", "c stands higher in group g"),
    }


def test_superseded_comes_before_group():
    """Of two reasons the first of the specification's order."""
    rules = [rule("a", supersedes=("d",)), rule("c", group="g", priority=1), rule("d", group="g")]
    assert reasons(*rules)["d"][0] == "SUPERSEDED"


def test_a_circle_is_refused():
    """A cycle is an error, never an endless loop."""
    with pytest.raises(ValueError, match="cycle"):
        build_index(ruleset(rule("a", supersedes=("b",)), rule("b", supersedes=("a",))))


def test_targets_that_do_not_act_are_passed_over():
    """A superseded draft, or one that is not there, is no trouble."""
    assert shown(rule("a", supersedes=("draft", "nowhere")), rule("draft", status="draft")) == ["a"]


def test_rules_along_a_chain_of_displacements_share_a_knot():
    """Whatever displaces whatever along several steps is tried together; the rest is not."""
    rules = [rule("a"), rule("b", supersedes=("a", "d")), rule("c"), rule("d", supersedes=("c",)), rule("e")]
    stacking = Stacking(rules, lambda one, other: True)
    assert sorted(map(sorted, stacking.knots(range(5)))) == [[0, 1, 2, 3], [4]]


def test_a_rule_that_is_displaced_everywhere_changes_no_key():
    """An unknown visitor and one behind Tor are shown the same, though one more rule would act for the second."""
    index = build_index(
        ruleset(
            rule("first", "RU", unsure={**SHOW_ALL, "unknown": "hide"}, priority=5),
            rule("upper", "RU", unsure=SHOW_ALL, priority=5, supersedes=("first", "middle")),
            rule("lower", "RU", unsure=SHOW_ALL),
            rule("middle", "RU", unsure=SHOW_ALL, supersedes=("lower",)),
        )
    )
    assert visitor_key(index, Location(), NOON).value == visitor_key(index, Location(network="tor"), NOON).value
