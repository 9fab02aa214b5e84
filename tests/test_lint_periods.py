"""Gaps between periods, periods that are over, ends to come, and overdue reviews."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.lints import codes, lint, messages, rule


def dated(windows: str, **changes: str) -> str:
    return rule(where="[RU]\n    when:" + windows, **changes)


def test_a_gap_between_two_periods_is_found():
    """At the later period, in words: from when until when, and for how long."""
    text = dated("\n      - {from: 2027-01-01, until: 2027-02-01}\n      - {from: 2026-01-01, until: 2026-12-31}")
    assert ("a.yaml:11:9", "warning[window-gap]") in lint(text)
    said = next(message for message in messages(text) if "does not hold" in message)
    assert "from 31 Dec 2026, 00:00:00 Europe/Moscow until 1 Jan 2027, 00:00:00 Europe/Moscow, 1 day; " in said
    assert "'until' is the first moment after a period" in said


def test_every_gap_is_found():
    """A gap of minutes too; a period within another hides none."""
    text = dated(
        "\n      - {from: 2026-01-01, until: 2026-02-01}"
        "\n      - {from: 2026-01-10, until: 2026-01-11}"
        "\n      - {from: 2026-02-01T00:05, until: 2026-03-01}"
        "\n      - {from: 2090-01-01}"
    )
    assert [place for place, code in lint(text) if "window-gap" in code] == ["a.yaml:13:9", "a.yaml:14:9"]
    assert any("0 h 5 min" in message for message in messages(text))


@pytest.mark.parametrize(
    "windows",
    [
        pytest.param(" {from: 2020-01-01}", id="one period"),
        pytest.param("\n      - {until: 2026-01-01}\n      - {from: 2026-01-01}", id="one right after the other"),
        pytest.param("\n      - {until: 2026-02-01}\n      - {from: 2026-01-01}", id="overlapping"),
        pytest.param(
            "\n      - {until: 2026-01-01T01:00:00Z}\n      - {from: 2026-01-01T04:00, timezone: Europe/Moscow}",
            id="one instant in two zones",
        ),
        pytest.param(
            "\n      - {from: 2020-01-01}\n      - {from: 2026-01-01, until: 2026-02-01}", id="within an open one"
        ),
    ],
)
def test_periods_without_a_gap_are_not_reported(windows):
    """Half-open windows that touch leave nothing out."""
    assert set(codes(dated(windows))) <= {"last-shown"}


def test_a_retired_rule_may_have_gaps():
    """It is history."""
    text = "\n      - {until: 2026-01-01}\n      - {from: 2026-02-01}"
    assert codes(dated(text)) == ["window-gap"]
    assert codes(dated(text, status="retired")) == []


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_rule_whose_periods_are_over_is_found():
    """At its last period, with the last moment in the period's own zone."""
    text = dated("\n      - {from: 2026-01-01, until: 2026-11-22}\n      - {until: 2026-01-01}")
    assert lint(text, NOON) == [("a.yaml:11:9", "warning[past-window]")]
    assert "it was last shown 21 Nov 2026, 23:59:59 Europe/Moscow" in messages(text, NOON)[0]


@pytest.mark.parametrize(
    ("windows", "at"),
    [
        pytest.param("\n      - {until: 2026-01-01}\n      - {from: 2026-01-01}", NOON, id="an earlier one is over"),
        pytest.param(" {from: 2027-01-01}", NOON, id="to come"),
        pytest.param(" {until: 2026-11-22}", datetime(2026, 11, 21, 20, 59, 59, tzinfo=UTC), id="the last second"),
    ],
)
def test_a_rule_that_is_or_will_be_shown_is_not_over(windows, at):
    """Only when the last period has ended."""
    assert "past-window" not in codes(dated(windows), at)


def test_a_rule_is_over_from_the_instant_of_its_end():
    """One second later than the last moment shown."""
    at = datetime(2026, 11, 21, 21, tzinfo=UTC)
    assert codes(dated(" {until: 2026-11-22}"), at) == ["past-window"]


@pytest.mark.parametrize("status", ["draft", "suspended", "retired"])
def test_rules_that_do_not_act_cannot_be_over(status):
    """A rule that is retired is over, and says so itself."""
    assert codes(dated(" {until: 2020-01-01}", status=status), NOON) == []


def test_the_last_moment_shown_is_spelled_out():
    """A hint at every end to come: the moment that readers still see the notice."""
    text = dated(" {until: 2026-12-31}")
    assert lint(text, NOON) == [("a.yaml:10:19", "hint[last-shown]")]
    assert messages(text, NOON)[0].startswith("'first' is last shown 30 Dec 2026, 23:59:59 Europe/Moscow")


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (datetime(2027, 2, 1, 23, 59, tzinfo=UTC), []),
        (datetime(2027, 2, 2, tzinfo=UTC), [("a.yaml:12:16", "warning[review-overdue]")]),
    ],
    ids=["on the day", "the day after"],
)
def test_an_overdue_review_is_found(now, found):
    """A review is overdue when its day is over."""
    assert lint(rule(review_by="2027-02-01"), now) == found


@pytest.mark.parametrize(("status", "found"), [("draft", 1), ("suspended", 1), ("retired", 0)])
def test_reviews_of_retired_rules_are_not_asked_for(status, found):
    """A draft is to be looked at again too."""
    text = rule(review_by="2026-11-20", status=status)
    assert codes(text, NOON) == ["review-overdue"] * found
    assert not found or "by legal-desk is overdue by 2 days" in messages(text, NOON)[0]
