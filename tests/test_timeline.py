"""Timelines: what begins, ends and changes by which rule, seen from an instant; and moments in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings

from notices.location import Entry
from notices.moments import end_in_words, last_moment, moment_in_words, start_in_words
from notices.ruleset import Defaults, Window
from notices.timeline import timeline
from tests import generate, judge
from tests.build import NOON, day, rule, ruleset, texts, where


def events(found):
    return [(event.at, event.what, event.rules) for event in (*found.past, *found.coming)]


def test_a_window_begins_and_ends():
    """What has begun is past, what ends is to come, and the rule is in force between."""
    found = timeline(ruleset(rule("a", windows=[("2026-11-01", "2026-12-31")])), NOON)
    assert [(event.at, event.what) for event in found.past] == [(day("2026-11-01"), "begins")]
    assert [(event.at, event.what) for event in found.coming] == [(day("2026-12-31"), "ends")]
    assert [(span.rule, span.start, span.end) for span in found.in_force] == [
        ("a", day("2026-11-01"), day("2026-12-31"))
    ]


def test_an_event_at_the_instant_itself_is_past():
    """What begins now has taken effect."""
    found = timeline(ruleset(rule("a", windows=[("2026-11-22", None)])), day("2026-11-22"))
    assert (len(found.past), len(found.coming), len(found.in_force)) == (1, 0, 1)


def test_windows_that_meet_are_one():
    """Where one window ends as the next begins nobody sees a change."""
    found = timeline(ruleset(rule("a", windows=[("2026-11-01", "2026-11-10"), ("2026-11-10", "2026-12-01")])), NOON)
    assert events(found) == [(day("2026-11-01"), "begins", ("a",)), (day("2026-12-01"), "ends", ("a",))]
    assert (found.in_force[0].start, found.in_force[0].end) == (day("2026-11-01"), day("2026-12-01"))


def test_a_rule_without_dates_is_always_in_force():
    """No event, no start and no end."""
    found = timeline(ruleset(rule("a")), NOON)
    assert events(found) == []
    assert (found.in_force[0].start, found.in_force[0].end) == (None, None)


def test_a_dated_text_is_an_event():
    """The first text opens the rule, each later one changes it, and one out of its windows is nothing."""
    versions = [texts("One", "2026-11-01"), texts({"en": "Two", "fr": "Deux"}, "2026-11-30"), texts("3", "2027-03-01")]
    found = timeline(ruleset(rule("a", texts=versions, windows=[(None, "2027-01-01")])), NOON)
    assert [(event.at, event.what, event.languages) for event in (*found.past, *found.coming)] == [
        (day("2026-11-01"), "begins", ()),
        (day("2026-11-30"), "text", ("en", "fr")),
        (day("2027-01-01"), "ends", ()),
    ]


def test_regions_that_join_a_set_together_are_one_event():
    """With the set's name and the rules that name it; those of rules not open then are left out."""
    union = where(
        "DE", Entry("AT", start=day("2026-12-01")), Entry("FI", start=day("2026-12-01")),
        Entry("GB", end=day("2020-02-01")), name="union",
    )  # fmt: skip
    rules = [
        rule("a", where(union)),
        rule("b", where(union)),
        rule("old", where(union), windows=[(None, "2021-01-01")]),
    ]
    found = timeline(ruleset(*rules), NOON)
    assert [(event.at, event.what, event.set, event.regions, event.rules) for event in found.coming] == [
        (day("2026-12-01"), "joins", "union", ("AT", "FI"), ("a", "b"))
    ]
    assert [(event.what, event.rules) for event in found.past] == [
        ("leaves", ("a", "b", "old")), ("ends", ("old",)),
    ]  # fmt: skip


def test_a_region_that_joins_as_the_rule_ends_is_told():
    """The rule was in force until that moment, so that people look for why nobody there was shown it."""
    union = where("DE", Entry("AT", start=day("2026-12-01")), name="union")
    found = timeline(ruleset(rule("a", where(union), windows=[(None, "2026-12-01")])), NOON)
    assert [(event.what, event.regions) for event in found.coming] == [("ends", ()), ("joins", ("AT",))]


def test_a_rule_that_begins_now_has_been_in_force_since_now():
    """Not since ever, and not since its period before."""
    windows = [("2026-01-01", "2026-02-01"), ("2026-11-22", "2027-01-01")]
    (span,) = timeline(ruleset(rule("a", windows=windows)), day("2026-11-22")).in_force
    assert (span.start, span.end) == (day("2026-11-22"), day("2027-01-01"))


def test_regions_that_join_what_is_excepted_are_told():
    """They leave the rule's regions by it."""
    found = timeline(ruleset(rule("a", where("world", but=[Entry("AT", start=day("2026-12-01"))]))), NOON)
    assert [(event.at, event.what, event.regions) for event in found.coming] == [(day("2026-12-01"), "joins", ("AT",))]


@pytest.mark.parametrize(
    ("at", "days", "overdue"),
    [
        pytest.param("2027-01-31T22:59", 0, False, id="the last minute of the day"),
        pytest.param("2027-01-31T23:00", -1, True, id="the day is over in Prague"),
        pytest.param("2027-01-30T22:59", 1, False, id="the day before"),
    ],
)
def test_a_review_is_due_until_its_day_is_over(at, days, overdue):
    """In the folder's zone, whatever the time of day."""
    rules = ruleset(
        rule("a", review_by=date(2027, 1, 31), owner="desk"),
        rule("b", status="draft", review_by=date(2020, 1, 1)),
        defaults=Defaults(timezone="Europe/Prague"),
    )
    (review,) = timeline(rules, day(at)).reviews
    assert (review.rule, review.owner, review.days, review.overdue) == ("a", "desk", days, overdue)


def test_rules_that_are_not_active_are_named_apart():
    """A draft's dates change nothing for any reader."""
    found = timeline(ruleset(rule("a", status="suspended", windows=[("2026-11-01", None)])), NOON)
    assert (events(found), found.in_force, found.inactive) == ([], (), (("a", "suspended"),))


@settings(max_examples=60, deadline=None)
@given(generate.rulesets(most=4))
def test_rules_begin_and_end_at_their_events_and_only_there(rules):
    """Judged by asking at every instant in the rules, and just before, whether it is each rule's time.

    A rule that asks for a status begins when the first publisher has it.
    """

    def timely(one, at):
        return judge.time_reason(one, at) is None and judge.somebody(one.pages, rules, at)

    active = [one for one in rules.rules.values() if one.status == "active"]
    expected = set()
    for one in active:
        for instant in judge.instants(rules):
            before, after = timely(one, instant - timedelta(seconds=1)), timely(one, instant)
            expected |= {(instant, "begins" if after else "ends", (one.id,))} if before != after else set()
    found = {event for event in events(timeline(rules, NOON)) if event[1] in ("begins", "ends")}
    assert found == expected


@pytest.mark.parametrize(
    ("end", "zone", "words"),
    [
        ("2026-12-30T21:00", "Europe/Moscow", "30 Dec 2026, 23:59:59 Europe/Moscow"),
        ("2026-12-31", None, "30 Dec 2026, 23:59:59 UTC"),
        ("2026-10-25T00:00", "Europe/Prague", "25 Oct 2026, 01:59:59 Europe/Prague"),
        ("2026-10-25T00:30", "Europe/Prague", "25 Oct 2026, 02:29:59 Europe/Prague (+0200)"),
        ("2026-10-25T01:30", "Europe/Prague", "25 Oct 2026, 02:29:59 Europe/Prague (+0100)"),
    ],
)
def test_the_last_moment_is_spelled_out(end, zone, words):
    """In the editor's zone, to the second; an hour that comes twice says which one is meant."""
    assert moment_in_words(last_moment(day(end)), zone) == words


def test_the_last_second_before_a_fraction_is_the_whole_one():
    """An end within a second leaves that second's beginning."""
    assert last_moment(datetime(2026, 1, 1, 12, 0, 0, 5, UTC)) == datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "zone", "begins", "ends"),
    [
        ("2026-11-30T21:00", "Europe/Moscow", "1 Dec 2026", "30 Nov 2026"),
        ("2026-12-01", None, "1 Dec 2026", "30 Nov 2026"),
        ("2026-12-01T18:00", None, "1 Dec 2026, 18:00:00 UTC", "1 Dec 2026, 17:59:59 UTC"),
    ],
)
def test_a_whole_day_is_named_by_its_date(start, zone, begins, ends):
    """A period that begins or ends with a day needs no time."""
    assert (start_in_words(day(start), zone), end_in_words(day(start), zone)) == (begins, ends)


def test_windows_keep_the_zone_of_their_editor():
    """What ends in Moscow is spelled out in Moscow."""
    dated = Window(day("2024-02-19T21:00"), day("2026-12-30T21:00"), "Europe/Moscow")
    found = timeline(ruleset(rule("a", windows=[dated]), defaults=Defaults(timezone="Europe/Prague")), NOON)
    assert [event.zone for event in (*found.past, *found.coming)] == ["Europe/Moscow"] * 2
    assert found.in_force[0].zone == "Europe/Moscow"
