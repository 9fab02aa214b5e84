"""The engine against a judge that asks every rule about everything anew."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.engine import decide, explain, safe_default
from notices.errors import QuestionError
from notices.index import build_index
from notices.location import Entry, Location
from notices.page import Page
from notices.ruleset import Defaults, Publisher, Text
from tests import generate, judge
from tests.build import CONTROLLED, NOON, SHOW_ALL, day, pages, place, rule, ruleset, texts, where


def shown_ids(decision):
    return [one.rule.id for one in decision.shown]


def seen(decision):
    return [(one.rule.id, one.sure, judge.texts_of(one.version) if one.rule.texts else None) for one in decision.shown]


FOUNDING = where("RU", CONTROLLED)


@pytest.mark.parametrize(
    ("at", "candidates", "certainty", "sure"),
    [
        pytest.param(FOUNDING, ("RU",), "known", True, id="any of yes and maybe is yes"),
        pytest.param(FOUNDING, ("UA-43", "RU"), "known", True, id="both candidates lie inside"),
        pytest.param(FOUNDING, ("UA",), "coarse", False, id="only the country is known"),
        pytest.param(FOUNDING, ("UA-14",), "contested", False, id="a part of the region"),
        pytest.param(FOUNDING, ("UA-30",), "known", None, id="Kyiv"),
        pytest.param(FOUNDING, ("DE",), "known", None, id="elsewhere"),
        pytest.param(where("RU"), ("UA-43", "RU"), "contested", False, id="candidates differ"),
        pytest.param(where("UA-43"), ("RU",), "contested", False, id="contested with bare RU"),
        pytest.param(where("UA"), ("RU",), "known", None, id="not the contested region's parent"),
        pytest.param(where("UA", but=[CONTROLLED]), ("UA",), "coarse", False, id="except makes a maybe"),
        pytest.param(where("world"), ("world",), "known", True, id="the world holds everyone"),
        pytest.param(where("world"), ("DE-BY",), "known", True, id="the world holds each"),
    ],
)
def test_the_table_of_the_three_answers(at, candidates, certainty, sure):
    """Each row of the specification's table: shown and sure, shown on a maybe, or not at all."""
    index = build_index(ruleset(rule("r", at, unsure=SHOW_ALL)))
    decision = decide(index, place(*candidates), Page(), (), NOON)
    assert [one.sure for one in decision.shown] == ([] if sure is None else [sure])
    assert decision.certainty == certainty


KINDS = {
    "reader-safety": {"coarse", "contested", "unknown", "anonymous"},
    "publisher-duty": {"coarse", "contested"},
    "courtesy": set(),
}
BY_CAUSE = {
    "coarse": place("UA"),
    "contested": place("UA-14"),
    "unknown": Location(),
    "anonymous": Location(network="tor"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cause", BY_CAUSE)
def test_a_kind_says_what_a_maybe_does(kind, cause):
    """The defaults of the table of section 4, cause by cause."""
    index = build_index(ruleset(rule("r", FOUNDING, kind=kind)))
    decision = decide(index, BY_CAUSE[cause], Page(), (), NOON)
    assert shown_ids(decision) == (["r"] if cause in KINDS[kind] else [])
    assert decision.certainty == cause


BOTH_CAUSES = {"coarse": "show", "contested": "hide"}


@pytest.mark.parametrize(("action", "expected"), [("notice", ["r"]), ("withhold", [])])
def test_of_several_causes_show_wins_for_notices_and_hide_for_withholding(action, expected):
    """A warning too many is better than one too few; a page withheld too many is not."""
    index = build_index(ruleset(rule("r", "UA-43", action=action, unsure=BOTH_CAUSES)))
    decision = decide(index, place("UA", "RU"), Page(), (), NOON)
    assert shown_ids(decision) == expected
    assert decision.certainty == "contested"


def test_a_dated_set_holds_at_its_time():
    """The EU with and without GB, for any instant."""
    union = where(Entry("DE"), Entry("GB", end=day("2020-02-01")), name="eu")
    index = build_index(ruleset(rule("r", where(union))))
    before = decide(index, place("GB"), Page(), (), day("2020-01-31T23:59:59"))
    assert (shown_ids(before), before.until) == (["r"], day("2020-02-01"))
    after = decide(index, place("GB"), Page(), (), day("2020-02-01"))
    assert (shown_ids(after), after.until) == ([], None)


def test_windows_are_half_open():
    """A notice begins with its first instant and is gone with its last."""
    index = build_index(ruleset(rule("r", windows=[("2026-11-01", "2026-11-02")])))
    answers = {
        instant: shown_ids(decide(index, Location(), Page(), (), day(instant)))
        for instant in ("2026-10-31T23:59:59", "2026-11-01", "2026-11-01T23:59:59", "2026-11-02")
    }
    assert list(answers.values()) == [[], ["r"], ["r"], []]


def test_dated_texts_replace_one_another():
    """The version in force counts, and before the first nothing is shown."""
    versions = (texts("Old", "2026-11-01"), texts("New", "2026-11-10"))
    index = build_index(ruleset(rule("r", texts=versions)))
    said = [
        [notice.text for notice in decide(index, Location(), Page(), (), day(instant)).notices]
        for instant in ("2026-10-31", "2026-11-01", "2026-11-09T23:00", "2026-11-10")
    ]
    assert said == [[], ["Old"], ["Old"], ["New"]]


def test_until_passes_over_versions_that_say_the_same():
    """A new version of the same words changes nothing for the reader."""
    versions = (texts("Same"), texts("Same", "2026-12-01"), texts("New", "2026-12-24"))
    index = build_index(ruleset(rule("r", texts=versions)))
    assert decide(index, Location(), Page(), (), NOON).until == day("2026-12-24")


def test_until_is_none_where_only_others_will_see_a_change():
    """A window for Russia is no reason to ask again in Germany."""
    index = build_index(ruleset(rule("r", "RU", windows=[("2026-12-01", None)])))
    assert decide(index, place("DE"), Page(), (), NOON).until is None
    assert decide(index, place("RU"), Page(), (), NOON).until == day("2026-12-01")


def test_until_counts_a_turn_of_the_certainty():
    """The certainty is part of the answer, also where nothing is shown."""
    crimea = where(Entry("UA-43", start=day("2026-12-01")))
    index = build_index(ruleset(rule("r", crimea)))
    decision = decide(index, place("UA"), Page(), (), NOON)
    assert (decision.certainty, decision.until) == ("known", day("2026-12-01"))


def test_until_is_the_earlier_of_a_turn_of_the_certainty_and_of_what_is_shown():
    """Whichever comes first ends the answer."""
    doubt = rule("doubt", where(Entry("UA-43", start=day("2026-12-01"))), pages=pages(tags=["x"]))
    ending = rule("ending", windows=[(None, "2026-12-24")])
    assert decide(build_index(ruleset(doubt, ending)), place("UA"), Page(), (), NOON).until == day("2026-12-01")
    sooner = rule("ending", windows=[(None, "2026-11-30")])
    assert decide(build_index(ruleset(doubt, sooner)), place("UA"), Page(), (), NOON).until == day("2026-11-30")


def test_until_sees_a_displacing_rule_go():
    """What stands above ends, and what it displaced comes back."""
    upper = rule("upper", supersedes=("lower",), windows=[(None, "2026-12-01")])
    index = build_index(ruleset(upper, rule("lower")))
    decision = decide(index, Location(), Page(), (), NOON)
    assert (shown_ids(decision), decision.until) == (["upper"], day("2026-12-01"))
    assert shown_ids(decide(index, Location(), Page(), (), day("2026-12-01"))) == ["lower"]


@pytest.mark.parametrize("at", [None, NOON.replace(tzinfo=None)], ids=["missing", "without a zone"])
def test_an_instant_that_is_none_is_refused(at):
    """There is no hidden clock, and no hidden time zone."""
    with pytest.raises(QuestionError) as error:
        decide(build_index(ruleset(rule())), Location(), Page(), (), at)
    assert error.value.parameter == "at"


def test_an_instant_counts_in_any_zone():
    """An instant is the same one, however it is written."""
    index = build_index(ruleset(rule("r", windows=[("2026-11-22", None)])))
    eastern = timezone(timedelta(hours=3))
    assert shown_ids(decide(index, Location(), Page(), (), day("2026-11-22").astimezone(eastern))) == ["r"]
    before = (day("2026-11-22") - timedelta(seconds=1)).astimezone(eastern)
    assert shown_ids(decide(index, Location(), Page(), (), before)) == []


def test_inactive_rules_do_nothing():
    """Drafts, suspended and retired rules neither show nor displace."""
    others = [
        rule(status, status=status, supersedes=("r",), priority=9) for status in ("draft", "suspended", "retired")
    ]
    assert shown_ids(decide(build_index(ruleset(*others, rule("r"))), Location(), Page(), (), NOON)) == ["r"]


def test_without_rules_nothing_is_shown():
    """An empty ruleset answers, and says nothing."""
    decision = decide(build_index(ruleset()), Location(), Page(path="/"), ("en",), NOON)
    assert (decision.action, decision.variant, decision.notices, decision.until) == ("none", "00000000", (), None)


def test_the_safe_default_is_what_an_unknown_visitor_gets_and_never_withholds():
    """Where a decision fails all warnings stand, also those that a withholding rule displaces."""
    index = build_index(
        ruleset(
            rule("safety", "RU", kind="reader-safety"),
            rule("hidden", "RU"),
            rule("court", action="withhold", supersedes=("displaced",), features={"share": "hide"}),
            rule("displaced", features={"share": "warn"}),
            rule("tagged", pages=pages(tags=["x"])),
        )
    )
    decision = safe_default(index, NOON)
    assert shown_ids(decision) == ["displaced", "safety"]
    assert (decision.action, dict(decision.features)) == ("notice", {"share": "warn"})
    assert shown_ids(decide(index, Location(), Page(), (), NOON)) == ["court", "safety"]


def test_the_safe_default_has_the_default_publisher():
    """The default facts of a page are its default publisher."""
    index = build_index(
        ruleset(
            rule("r", pages=pages(publishers=["courier"]), text="By {publisher}"),
            publishers={"courier": Publisher("courier", {"en": "The Courier"})},
            defaults=Defaults(publisher="courier"),
        )
    )
    assert [notice.text for notice in safe_default(index, NOON).notices] == ["By The Courier"]


def test_a_remembered_answer_never_outlives_its_window():
    """The same question a moment later is another question."""
    index = build_index(ruleset(rule("r", windows=[("2026-11-01", "2026-11-02")])))
    last, next_ = day("2026-11-02") - timedelta(microseconds=1), day("2026-11-02")
    for _ in range(3):
        assert shown_ids(decide(index, Location(), Page(), (), last)) == ["r"]
        assert shown_ids(decide(index, Location(), Page(), (), next_)) == []


def test_a_remembered_answer_never_serves_another_page_fact():
    """Each fact that a rule asks for separates the answers."""
    index = build_index(ruleset(rule("r", pages=pages(tags=["a"])), rule("s", pages=pages(gpc=True))))
    for _ in range(2):
        assert shown_ids(decide(index, Location(), Page(tags=frozenset("a")), (), NOON)) == ["r"]
        assert shown_ids(decide(index, Location(), Page(tags=frozenset("b")), (), NOON)) == []
        assert shown_ids(decide(index, Location(), Page(gpc=True), (), NOON)) == ["s"]


def test_what_is_remembered_is_bounded(monkeypatch):
    """However many questions come, the tables do not grow."""
    monkeypatch.setattr("notices.index.index._MEMORY", 8)
    index = build_index(ruleset(rule("r", text={"en": "a", "ru": "б"}, languages=["visitor"])))
    for number in range(200):
        decide(index, Location(), Page(), (f"en-x-{number:04}",), NOON)
    assert len(index._verdicts) <= 16


questions = st.tuples(generate.rulesets(), generate.locations(), generate.pages, generate.instants)


@settings(max_examples=100, deadline=None)
@given(questions)
def test_decide_is_what_the_judge_says(question):
    """Rules, order, sureness, texts, features, action and certainty, by brute force."""
    rules, location, page, at = question
    decision = decide(build_index(rules), location, page, ("ru",), at)
    assert seen(decision) == judge.shown(rules, location, page, at)
    assert dict(decision.features) == judge.features(rules, location, page, at)
    assert decision.action == judge.action(rules, location, page, at)
    assert decision.certainty == judge.certainty(rules, location, at)


@settings(max_examples=100, deadline=None)
@given(questions)
def test_until_is_the_first_instant_at_which_the_answer_changes(question):
    """Every instant that stands in the rules is tried."""
    rules, location, page, at = question
    assert decide(build_index(rules), location, page, (), at).until == judge.until(rules, location, page, at)


@settings(max_examples=100, deadline=None)
@given(questions)
def test_explain_is_decide_with_reasons(question):
    """Each rule's reason is the judge's, and the shown ones are those of the decision."""
    rules, location, page, at = question
    index = build_index(rules)
    decision, explanations = explain(index, location, page, (), at, every=True)
    assert decision == decide(index, location, page, (), at)
    assert {one.rule: one.reason for one in explanations} == judge.reasons(rules, location, page, at)
    assert [one.rule for one in explanations if one.outcome == "shown"] == shown_ids(decision)


@settings(max_examples=30, deadline=None)
@given(generate.rulesets(), st.lists(st.tuples(generate.locations(), generate.pages, generate.instants), max_size=12))
def test_what_was_asked_before_changes_no_answer(rules, asked):
    """One index that remembers gives what fresh ones give."""
    index = build_index(rules)
    for location, page, at in asked * 2:
        fresh = decide(build_index(rules), location, page, ("en",), at)
        again = decide(index, location, page, ("en",), at)
        assert again.as_dict() == fresh.as_dict()
        assert again.others_differ == fresh.others_differ


def test_titles_are_the_texts_never_the_rules():
    """A rule's title is for editors; readers never see it."""
    index = build_index(ruleset(rule("r", text={"en": Text("Body", title="For readers")})))
    decision = decide(index, Location(), Page(), (), NOON)
    assert "Title of r" not in repr(decision.as_dict())
    assert decision.notices[0].title == "For readers"
