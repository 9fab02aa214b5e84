"""Comparisons for readers whose location sources disagree: exact however many rules meet, and where not, it is said."""

from __future__ import annotations

import json
from functools import reduce
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from notices.cli import main
from notices.compare import compare, disagreeing, sentence
from notices.compare.leanings import Poll, Standpoint, footing_of, join
from notices.index import build_index, unites
from notices.keys import visitor_key
from notices.location import Entry, Location
from notices.page import Page
from notices.region import WORLD, parents
from tests import generate, judge
from tests.build import CONTROLLED, HIDE_ALL, NOON, SHOW_ALL, day, rule, ruleset, where
from tests.generate import verdicts
from tests.small_rules import SMALL_RULES, write_rules

SHOW_CONTESTED = HIDE_ALL | {"contested": "show"}
COUNTRIES = sorted(code for code, parent in parents().items() if parent == WORLD)


def compared(old, new):
    return compare(build_index(old), build_index(new), NOON)


def changes_for(old, new, candidates):
    """What the judge sees change for one visitor, as (kind, rules); another order of notices as ``moved``."""
    location = Location(candidates)
    before, after = ([id_ for id_, *_ in judge.shown(rules, location, Page(), NOON)] for rules in (old, new))
    found = {("gained", (id_,)) for id_ in after if id_ not in before}
    found |= {("lost", (id_,)) for id_ in before if id_ not in after}
    moved = [id_ for id_ in after if id_ in before] != [id_ for id_ in before if id_ in after]
    return found | ({("moved", ())} if moved else set())


def key_of(change):
    return change.kind, () if change.kind == "moved" else change.rules


FIVE = ("AT", "DE", "FR", "PL", "UA")


@st.composite
def crowds(draw):
    """Rules of one group on some of five countries, on all but one, or on parts, and the same with one rule changed."""
    wheres = [*(where(code) for code in FIVE), where("world", but=["AT"]), where("AT", "DE"), where("UA-43", "PL")]
    made = []
    for number in range(draw(st.integers(3, 6))):
        kind = draw(st.sampled_from((HIDE_ALL, SHOW_CONTESTED, SHOW_ALL, HIDE_ALL | {"coarse": "show"})))
        targets = draw(generate.subsets([one.id for one in made])) if made else ()
        made.append(
            rule(
                f"r{number}",
                draw(st.sampled_from(wheres)),
                action=draw(st.sampled_from(("notice", "notice", "withhold"))),
                unsure=kind,
                group=draw(st.sampled_from((None, "g"))),
                priority=draw(st.integers(0, 2)),
                supersedes=tuple(targets),
            )
        )
    other = draw(st.integers(0, len(made) - 1))
    edit = draw(st.sampled_from(("drop", "move", "rank")))
    if edit == "drop":
        return ruleset(*made), ruleset(*made[:other], *made[other + 1 :])
    changed = {"where": draw(st.sampled_from(wheres))} if edit == "move" else {"priority": draw(st.integers(0, 3))}
    return ruleset(*made), ruleset(*made[:other], replace(made[other], **changed), *made[other + 1 :])


@settings(max_examples=40, deadline=None)
@given(crowds())
def test_every_combination_of_two_or_three_places_is_accounted_for(rules):
    """What the judge sees change for any two or three places is listed of no more of them; what is listed happens."""
    found = compared(*rules)
    assert found.untried == ()
    told = [(key_of(effect.change), effect.visitors) for effect in found.effects]
    for change, visitors in told:
        assert list(visitors.disagreeing) == sorted(visitors.disagreeing, key=len)
        assert all(map(unites, visitors.disagreeing))
        assert all(change in changes_for(*rules, candidates) for candidates in visitors.disagreeing)
    for count in (2, 3):
        for several in filter(unites, combinations((*FIVE, "UA-43", "UA-40", "BR"), count)):
            listed = {
                change
                for change, visitors in told
                if {*several} <= {*visitors.regions} or any(len(one) <= count for one in visitors.disagreeing)
            }
            assert changes_for(*rules, several) <= listed, several


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(("notice", "withhold")), verdicts, st.integers(0, 3)), min_size=1, max_size=5)
)
def test_masks_say_what_each_rule_is_to_several_places(drawn):
    """For one place, two or three: which rules hold for sure, and which act on a maybe, as the judge has them."""
    wheres = (where("UA-43", "DE-BY"), where("DE", "UA"), where("world", but=["DE-BY"]), where(CONTROLLED, "RU"))
    made = [
        rule(f"r{n}", wheres[number], action=action, unsure=unsure, **({"texts": ()} if action == "withhold" else {}))
        for n, (action, unsure, number) in enumerate(drawn)
    ]
    rules = ruleset(*made)
    poll = Poll([Standpoint(tuple(footing_of(one, False, one.id) for one in made), rules.contested)], [NOON])
    for count in (1, 2, 3):
        for several in filter(unites, combinations(("UA", "DE", "UA-43", "UA-14", "DE-BY", "RU", "BR"), count)):
            leaning = reduce(join, map(poll.leaning, several))
            reasons = judge.reasons(rules, Location(several), Page(), NOON)
            yes, acting = (
                sum(1 << n for n, one in enumerate(made) if reasons[one.id] == reason)
                for reason in ("MATCH", "UNSURE_SHOWN")
            )
            assert poll.outcome(leaning, -1) == (yes, acting), several


def test_a_change_that_takes_three_of_many_countries_is_found():
    """Thousands of combinations of the other countries' rules stand before the only one that sees it."""
    crowd = [rule(f"c-{code.lower()}", code, unsure=SHOW_CONTESTED, group="g") for code in COUNTRIES[:60]]
    first, second, third = "VE", "YE", "ZW"
    upper = [
        rule("u1", where("world", but=[second]), unsure=HIDE_ALL, supersedes=("low",), group="g", priority=1),
        rule("u2", where("world", but=[third]), unsure=HIDE_ALL, supersedes=("low",), group="g", priority=2),
    ]
    low = rule("low", first, unsure=SHOW_CONTESTED, group="g")
    old, new = ruleset(*crowd, *upper), ruleset(*crowd, *upper, low)
    found = compared(old, new)
    assert found.untried == ()
    (effect,) = found.effects
    assert (effect.change.kind, effect.change.rules) == ("gained", ("low",))
    assert effect.visitors.regions == ()
    assert [set(codes) for codes in effect.visitors.disagreeing] == [{first, second, third}]
    assert changes_for(old, new, (first, second, third)) == {("gained", ("low",))}


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(("DE", "FR"), id="the new rule is sure in both"),
        pytest.param(("DE-BY", "FR-IDF"), id="the new rule holds in a part of each"),
    ],
)
def test_readers_whose_places_have_rules_of_their_own_gain_what_each_alone_lacks(places):
    """In Germany and in France another rule stands above; where sources name both, neither is sure, and they gain."""
    own = [rule(code.lower(), code, unsure=HIDE_ALL, group="g", priority=1) for code in ("DE", "FR")]
    both = rule("both", where(*places), unsure=HIDE_ALL | {"coarse": "show"}, group="g")
    old, new = ruleset(*own), ruleset(*own, both)
    (effect,) = compared(old, new).effects
    assert not {"DE", "FR"} & {*effect.visitors.regions}
    assert ("DE", "FR") in effect.visitors.disagreeing
    assert changes_for(old, new, ("DE", "FR")) == {("gained", ("both",))}


@pytest.mark.parametrize("places", [("DE", "FR"), ("FR", "DE"), ("AT", "ZW"), ("ZW", "AT")], ids=" ".join)
def test_another_order_is_found_where_two_places_show_one_notice_each(places):
    """Nobody else sees both; each of the two alone is shown with any other place too."""
    one, other = (rule(f"r{n}", code, unsure=SHOW_CONTESTED, priority=n) for n, code in enumerate(places))
    moved = compared(ruleset(one, other), ruleset(replace(one, priority=5), other)).effects
    assert [(e.change.kind, e.change.rules) for e in moved] == [("moved", ("r0", "r1"))]
    assert {frozenset(places)} == {frozenset(codes) for codes in moved[0].visitors.disagreeing if len(codes) == 2}


@pytest.mark.parametrize("upper", ["coarse", "contested"])
def test_rules_of_the_same_regions_that_take_doubt_otherwise_are_tried_together(upper):
    """The upper one displaces the new one in one doubt and leaves it in the other; both are told as they are."""
    same = where("UA-43", "DE-BY", "FR-IDF")
    high = rule("high", same, unsure=HIDE_ALL | {upper: "show"}, supersedes=("low",))
    low = rule("low", same, unsure=HIDE_ALL | {"coarse": "show", "contested": "show"})
    found = compared(ruleset(high), ruleset(high, low)).effects
    assert {key_of(effect.change) for effect in found} == {("gained", ("low",))}
    listed = [Location(codes) for effect in found for codes in effect.visitors.disagreeing]
    assert bool(listed) == (upper == "coarse")
    assert all(changes_for(ruleset(high), ruleset(high, low), one.candidates) for one in listed)


def test_a_set_that_changes_with_time_is_asked_in_each_of_its_times():
    """Sources that name Germany and Romania both name the set once Romania has joined it: until then they disagree."""
    base = rule("a", where("DE", Entry("RO", start=day("2027-01-01"))), unsure=SHOW_CONTESTED)
    old, new = ruleset(base), ruleset(replace(base, unsure=HIDE_ALL))
    (effect,) = [one for one in compared(old, new).effects if one.periods[0].end is not None]
    assert sentence(effect) == "Readers whose sources disagree (such as RO and DE), to 31 Dec 2026: no more notice a"


# What is too much ----------------------------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch):
    """Hardly any combination is tried."""
    monkeypatch.setattr(disagreeing, "_MOST_COMBINATIONS", 2)


def test_what_was_not_tried_is_named(few):
    """The rules of the group that was cut short, and no others; the rest of the comparison is as ever."""
    others = [rule(f"c{n}", code, unsure=SHOW_CONTESTED, group="g") for n, code in enumerate(FIVE)]
    apart = rule("apart", "BR", unsure=HIDE_ALL)
    found = compared(ruleset(*others), ruleset(*others, apart, rule("new", "world", unsure=SHOW_ALL, group="g")))
    assert found.untried == ("c0", "c1", "c2", "c3", "c4", "new")
    assert [effect.change for effect in found.effects if "apart" in effect.change.rules]


def test_the_command_says_what_was_not_tried(few, tmp_path, capsys):
    """In a line at the end, also where nothing was found, and in the JSON."""
    write_rules(tmp_path / "old")
    write_rules(tmp_path / "new", SMALL_RULES.replace("where: [FR]", "where: [FR, US, BR, JP-13]"))
    assert main(["diff", str(tmp_path / "old"), str(tmp_path / "new")]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Not every combination of disagreeing sources was asked, for they are too many: fr-gambling; of readers with "
        "such sources something may be missing"
    )
    assert main(["diff", str(tmp_path / "old"), str(tmp_path / "new"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["untried"] == ["fr-gambling"]


def test_a_whole_comparison_names_nothing(tmp_path, capsys):
    """Nothing is left out of the same two folders when all is tried."""
    write_rules(tmp_path / "old")
    write_rules(tmp_path / "new", SMALL_RULES.replace("where: [FR]", "where: [FR, US, BR, JP-13]"))
    main(["diff", str(tmp_path / "old"), str(tmp_path / "new"), "--json"])
    assert json.loads(capsys.readouterr().out)["untried"] == []


# Caches --------------------------------------------------------------------------------------------------------------


def key(rules, *codes):
    return visitor_key(build_index(rules), Location(codes), NOON).value


@pytest.mark.parametrize(
    ("at", "windows"),
    [
        pytest.param("DE", (), id="always"),
        pytest.param("DE", [(None, "2027-01-01")], id="for some time yet"),
        pytest.param(where(Entry("DE", start=day("2027-01-01"))), (), id="from some day on"),
    ],
)
def test_the_keys_of_disagreeing_sources_count_rules_of_other_groups(at, windows):
    """Of two places whose own rules do not change each is another key together with the place that does."""
    others = [rule("f", "FR", unsure=SHOW_ALL), rule("p", "PL", unsure=SHOW_ALL)]
    old = ruleset(*others)
    found = compared(old, ruleset(*others, rule("d", at, unsure=SHOW_CONTESTED, windows=windows)))
    mixed = {key(old, "DE", "BR"), key(old, "DE", "FR"), key(old, "DE", "PL"), key(old, "DE", "FR", "PL")}
    assert len(mixed) == 4
    assert mixed == set(found.purge.keys)
    assert not found.purge.more


def test_what_is_over_for_disagreeing_sources_is_in_no_cache():
    """Whoever is shown the pair's own notice saw a change that is past; a change that lasts is for others."""
    pair = rule("pair", where("PL", "DE"), unsure=HIDE_ALL)
    over = rule("over", "PL", unsure=SHOW_CONTESTED, windows=[(None, "2026-01-01")])
    old = ruleset(pair)
    found = compared(old, ruleset(pair, over, rule("lasts", "BR", unsure=SHOW_CONTESTED)))
    assert key(old, "PL", "DE") != key(old, "BR", "PL") == key(old, "BR")
    assert found.purge.keys == (key(old, "BR"),)


def test_of_too_many_keys_it_is_said_that_there_are_more(tmp_path, capsys):
    """Thirty countries with notices of their own make hundreds of keys: then the pages go under every key."""
    crowd = [rule(f"c-{code.lower()}", code, unsure=SHOW_CONTESTED) for code in COUNTRIES[:30]]
    found = compared(ruleset(*crowd), ruleset(*crowd, rule("new", "ZW", unsure=SHOW_CONTESTED)))
    assert found.purge.more
    assert len(found.purge.keys) < 30
    assert not compared(ruleset(*crowd), ruleset(*crowd, rule("new", "ZW", unsure=HIDE_ALL))).purge.more
