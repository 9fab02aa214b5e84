"""Dates and times: instants, zones, clock changes, and what is no date (expected instants from the tz database)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.loader import parse_documents
from tests.rules_text import SOUND, findings, load_rule, messages, source


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def window(written: str):
    (found,) = load_rule(source(f"    when: {written}\n")).windows
    return found


WINDOWS = [
    pytest.param("{from: 2024-02-20}", utc(2024, 2, 19, 21), None, id="a date in the default zone"),
    pytest.param("{from: 2024-02-20, timezone: UTC}", utc(2024, 2, 20), None, id="a date in its own zone"),
    pytest.param("{until: 2026-12-31, timezone: Asia/Tokyo}", None, utc(2026, 12, 30, 15), id="until alone"),
    pytest.param("{from: 2024-02-20T12:30}", utc(2024, 2, 20, 9, 30), None, id="a local time"),
    pytest.param(
        "{from: 2024-02-20 12:30:15.5}", datetime(2024, 2, 20, 9, 30, 15, 500000, UTC), None, id="with a blank"
    ),
    pytest.param("{from: 2024-02-20T12:30Z}", utc(2024, 2, 20, 12, 30), None, id="a time in UTC"),
    pytest.param("{from: 2024-02-20T12:30-05:00}", utc(2024, 2, 20, 17, 30), None, id="a time with an offset"),
    pytest.param(
        "{from: 2024-02-29, until: 2024-03-01, timezone: UTC}", utc(2024, 2, 29), utc(2024, 3, 1), id="leap day"
    ),
    pytest.param(
        "{from: 2018-11-04, timezone: America/Sao_Paulo}", utc(2018, 11, 4, 3), None, id="midnight is skipped"
    ),
    pytest.param("{from: 2024-11-03, timezone: America/Havana}", utc(2024, 11, 3, 4), None, id="midnight comes twice"),
    pytest.param(
        "{from: 2011-12-30, timezone: Pacific/Apia}", utc(2011, 12, 30, 10), None, id="the whole day is skipped"
    ),
    pytest.param("{from: 2011-12-31, timezone: Pacific/Apia}", utc(2011, 12, 30, 10), None, id="the day after that"),
    pytest.param(
        "{from: 1919-03-31, timezone: America/Toronto}", utc(1919, 3, 31, 4, 30), None, id="a gap over midnight"
    ),
]


@pytest.mark.parametrize(("written", "start", "end"), WINDOWS)
def test_windows_begin_and_end_at_these_instants(written, start, end):
    """A date is the first instant of its day in the zone, a time is local to it or has its offset."""
    found = window(written)
    assert (found.start, found.end) == (start, end)
    assert findings(source(f"    when: {written}\n")) == []


def test_the_zone_stays_the_editors():
    """What the last moment shown is printed in."""
    assert window("{from: 2024-02-20, timezone: Europe/Kyiv}").zone == "Europe/Kyiv"
    assert window("{from: 2024-02-20}").zone == "Europe/Moscow"


def test_several_windows_stay_in_order():
    """A list of periods is as it is written."""
    rule = load_rule(source("    when:\n      - {until: 2024-01-01T00:00Z}\n      - {from: 2025-01-01T00:00Z}\n"))
    assert [(one.start, one.end) for one in rule.windows] == [(None, utc(2024, 1, 1)), (utc(2025, 1, 1), None)]


GONE, TWICE = "does not exist", "comes twice"
CHANGES = [
    pytest.param("from", "2026-03-29", (0, 30), GONE, "01:30 +0100", "03:30 +0200", id="skipped from"),
    pytest.param("until", "2026-03-29", (1, 30), GONE, "03:30 +0200", "01:30 +0100", id="skipped until"),
    pytest.param("from", "2026-10-25", (0, 30), TWICE, "02:30 +0200", "02:30 +0100", id="repeated from"),
    pytest.param("until", "2026-10-25", (1, 30), TWICE, "02:30 +0100", "02:30 +0200", id="repeated until"),
]


@pytest.mark.parametrize(("key", "day", "clock", "what", "holds", "other"), CHANGES)
def test_of_a_clock_change_the_reading_that_shows_longer_holds(key, day, clock, what, holds, other):
    """Berlin, last Sundays of March and October: from the earlier, until the later, and the warning names both."""
    text = source(f"    when: {{{key}: {day}T02:30, timezone: Europe/Berlin}}\n")
    ruleset, problems = parse_documents({"a.yaml": text.encode()})
    (found,) = ruleset.rules["first"].windows
    assert (found.start if key == "from" else found.end) == datetime.fromisoformat(day).replace(
        hour=clock[0], minute=clock[1], tzinfo=UTC
    )
    assert [(one.line, one.level, one.code) for one in problems] == [(13, "warning", "clock-change")]
    assert what in problems[0].message
    assert f"{day} {holds} holds" in problems[0].message
    assert f"not {day} {other}" in problems[0].message


def test_a_written_offset_needs_no_warning():
    """Whoever writes the offset has said which."""
    assert findings(source("    when: {from: 2026-10-25T02:30+01:00, timezone: Europe/Berlin}\n")) == []


WRONG = [
    pytest.param("{from: 2026-02-30}", "bad-date", "the last day of that month is 2026-02-28", id="30 February"),
    pytest.param("{from: 2026-13-01}", "bad-date", "months go from 01 to 12", id="13th month"),
    pytest.param("{from: 20.2.2024}", "bad-date", "write 2024-02-20", id="as in German"),
    pytest.param("{from: 2024/2/20}", "bad-date", "write 2024-02-20", id="with slashes"),
    pytest.param("{from: 2024-02-20T24:00}", "bad-date", "midnight at a day's end is 00:00 of the next", id="24:00"),
    pytest.param("{from: 2024-02-20T12:00+25:00}", "bad-date", "write hours from 00 to 23", id="offset of a day"),
    pytest.param("{from: 0001-01-01}", "bad-date", "write a year from 1900 to 2200", id="year one"),
    pytest.param("{from: 2024-02-2О}", "look-alike", "write '2024-02-2O' in Latin letters", id="letter for a digit"),
    pytest.param("{from: ２０２４-02-20}", "bad-date", "write 2026-02-28, or", id="full-width digits"),
    pytest.param("{from: tomorrow}", "bad-date", "write 2026-02-28, or", id="a word"),
    pytest.param("{from: 2026-01-01, until: unknown}", "bad-date", "leave it out", id="an end that nobody knows"),
    pytest.param("{timezone: UTC}", "empty-window", "write one of them, or delete it", id="no ends"),
    pytest.param("{from: 2026-01-02, until: 2026-01-02}", "empty-window", "swap them or correct one", id="no moment"),
    pytest.param("{from: 2026-01-01, timezone: Europe/Kiew}", "unknown-timezone", "'Europe/Kiev'", id="misspelt"),
    pytest.param("{from: 2026-01-01, timezone: MSK}", "unknown-timezone", "such as Europe/Moscow", id="abbreviation"),
    pytest.param("{from: 2026-01-01, timezone: +03:00}", "unknown-timezone", "such as Europe/Moscow", id="an offset"),
]


@pytest.mark.parametrize(("written", "code", "fix"), WRONG)
def test_what_is_no_period_comes_with_the_fix(written, code, fix):
    """Impossible dates, habits of other countries and empty periods are errors, with what to write."""
    ruleset, (problem,) = parse_documents({"a.yaml": source(f"    when: {written}\n").encode()})
    assert ruleset is None
    assert (problem.line, problem.code) == (13, code)
    assert fix in problem.fix


def test_without_any_zone_a_date_is_an_error():
    """No zone is guessed; a time with an offset needs none."""
    text = source("    when: {from: 2026-01-01, until: 2026-02-01T00:00Z}\n").replace("timezone: Europe/Moscow, ", "")
    (message,) = messages(text)
    assert message.startswith("error[no-timezone] no time zone says when '2026-01-01' is; write 'timezone:")


ZONES = (
    "Europe/Berlin America/Sao_Paulo America/Havana Pacific/Apia Asia/Kathmandu Africa/Cairo Australia/Lord_Howe "
    "Asia/Gaza UTC"
)


@given(day=st.dates(date(1970, 1, 2), date(2037, 12, 30)), zone=st.sampled_from(ZONES.split()))
@settings(max_examples=120, deadline=None)
def test_a_date_is_the_first_instant_of_its_day(day, zone):
    """Minute by minute around it: at the instant the local day has begun, right before it had not."""
    start = window(f"{{from: {day}, timezone: {zone}}}").start
    assert start.astimezone(ZoneInfo(zone)).date() >= day
    earlier = [start - timedelta(minutes=minutes) for minutes in (*range(1, 120), 1000)]
    assert all(instant.astimezone(ZoneInfo(zone)).date() < day for instant in earlier)


def test_review_dates_need_no_zone():
    """They are days, and stand without a zone."""
    assert findings(SOUND.replace("timezone: Europe/Moscow, ", "")) == []
