"""Comparisons for readers whose location sources disagree: exact however many rules meet, and where not, it is said."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.cli import main
from notices.compare import compare, disagreeing, sentence
from notices.index import build_index, unites
from notices.keys import visitor_key
from notices.location import Entry, Location
from notices.page import Page
from notices.region import WORLD, parents
from tests import generate, judge
from tests.build import HIDE_ALL, NOON, SHOW_ALL, day, rule, ruleset, where
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


def test_the_keys_of_disagreeing_sources_count_rules_of_other_groups():
    """Of two places whose own rules do not change each is another key together with the place that does."""
    others = [rule("f", "FR", unsure=SHOW_ALL), rule("p", "PL", unsure=SHOW_ALL)]
    old = ruleset(*others)
    found = compared(old, ruleset(*others, rule("d", "DE", unsure=SHOW_CONTESTED)))
    mixed = {key(old, "DE", "BR"), key(old, "DE", "FR"), key(old, "DE", "PL"), key(old, "DE", "FR", "PL")}
    assert len(mixed) == 4
    assert mixed == set(found.purge.keys)
    assert not found.purge.more


def test_of_too_many_keys_it_is_said_that_there_are_more(tmp_path, capsys):
    """Thirty countries with notices of their own make hundreds of keys: then the pages go under every key."""
    crowd = [rule(f"c-{code.lower()}", code, unsure=SHOW_CONTESTED) for code in COUNTRIES[:30]]
    found = compared(ruleset(*crowd), ruleset(*crowd, rule("new", "ZW", unsure=SHOW_CONTESTED)))
    assert found.purge.more
    assert len(found.purge.keys) < 30
    assert not compared(ruleset(*crowd), ruleset(*crowd, rule("new", "ZW", unsure=HIDE_ALL))).purge.more
