"""Events: moments told by region or for all, the words about them, and what becomes of a rule's periods and regions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notices.engine import decide, explain
from notices.index import build_index
from notices.location import Location
from notices.page import Page
from tests.rules_text import findings, load

EVENTS = """\
defaults: {timezone: UTC, language: en}
events:
  vote:
    timezone: Europe/Paris
    moments:
      opens: 2017-04-23T08:00
      closes:
        FR: 2017-04-23T20:00
        GP: {at: 2017-04-22T19:00, timezone: America/Guadeloupe}
        CA-ON: {at: 2017-04-23T18:00, timezone: America/Toronto}
        CA-BC: {at: 2017-04-23T18:00, timezone: America/Vancouver}
rules:
  r:
    title: T
    kind: courtesy
    status: draft
    where: [WHERE]
    when: WHEN
    text: {en: Text}
"""


def text_of(when, where="FR"):
    return EVENTS.replace("WHERE", where).replace("WHEN", when)


def at(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def holds(ruleset, region, instant):
    rule = ruleset.rules["r"]
    timely = any(window.holds(instant) for window in rule.windows)
    return timely and rule.where.locate(Location((region,)), instant, {}).truth


@pytest.mark.parametrize(
    ("words", "start"),
    [
        pytest.param("opens", at("Europe/Paris", 2017, 4, 23, 8), id="a moment"),
        pytest.param("2 days before opens", at("Europe/Paris", 2017, 4, 21), id="days go to midnight there"),
        pytest.param("1 day after opens", at("Europe/Paris", 2017, 4, 24), id="one day after"),
        pytest.param("48 hours before opens", at("Europe/Paris", 2017, 4, 21, 8), id="hours are exact"),
        pytest.param("30 minutes after opens", at("Europe/Paris", 2017, 4, 23, 8, 30), id="minutes are exact"),
        pytest.param("first closes", at("America/Guadeloupe", 2017, 4, 22, 19), id="the first of all regions"),
        pytest.param("last closes", at("America/Vancouver", 2017, 4, 23, 18), id="the last of all regions"),
        pytest.param("1 day before last closes", at("America/Vancouver", 2017, 4, 22), id="days in that one's zone"),
    ],
)
def test_an_end_is_told_by_a_moment(words, start):
    """Written out in the zone of the moment."""
    (window,) = load(text_of(f"{{event: vote, from: {words}}}")).rules["r"].windows
    assert (window.start, window.end, window.event) == (start, None, "vote")


def test_days_are_counted_on_the_calendar_where_clocks_change():
    """Paris put its clocks forward on 26 March 2017: three days before the 28th the day began an hour later in UTC."""
    text = text_of("{event: vote, from: 3 days before opens}").replace("2017-04-23T08:00", "2017-03-28T08:00")
    assert load(text).rules["r"].windows[0].start == datetime(2017, 3, 24, 23, tzinfo=UTC)


CLOSES = {
    "FR": at("Europe/Paris", 2017, 4, 23, 20),
    "FR-75C": at("Europe/Paris", 2017, 4, 23, 20),
    "GP": at("America/Guadeloupe", 2017, 4, 22, 19),
    "CA-ON": at("America/Toronto", 2017, 4, 23, 18),
    "CA-BC": at("America/Vancouver", 2017, 4, 23, 18),
}


@pytest.mark.parametrize("where", ["FR, GP, CA-ON, CA-BC", "FR, GP, CA", "world"])
@pytest.mark.parametrize("region", sorted(CLOSES))
def test_each_region_has_its_own_end(where, region):
    """That of the nearest region that holds it; a country whose parts alone have moments stands for those parts."""
    ruleset = load(text_of("{event: vote, from: 2017-04-20, until: closes}", where))
    assert holds(ruleset, region, CLOSES[region] - timedelta(seconds=1)) is True
    assert not holds(ruleset, region, CLOSES[region])
    assert not holds(ruleset, "DE", CLOSES[region] - timedelta(seconds=1))


def test_a_region_with_other_moments_inside_is_told_apart_only_where_they_differ():
    """All of the country is sure while all of it is open, and a maybe for the country while a part is."""
    text = text_of("{event: vote, from: 2017-04-20, until: closes}", "CA").replace("CA-ON:", "CA:")
    ruleset = load(text)
    assert holds(ruleset, "CA", CLOSES["CA-ON"] - timedelta(seconds=1)) is True
    assert holds(ruleset, "CA", CLOSES["CA-ON"]) is None
    assert (holds(ruleset, "CA-ON", CLOSES["CA-ON"]), holds(ruleset, "CA-BC", CLOSES["CA-ON"])) == (False, True)
    assert not holds(ruleset, "CA", CLOSES["CA-BC"])


def test_a_period_for_each_event_and_no_gap_between_them():
    """Rounds of one election are written in a line."""
    text = text_of("{event: [vote, second], from: opens, until: last closes}").replace(
        "rules:",
        "  second: {timezone: Europe/Paris, moments: {opens: 2017-05-07T08:00, closes: 2017-05-07T20:00}}\nrules:",
    )
    windows = load(text).rules["r"].windows
    assert [window.event for window in windows] == ["vote", "second"]
    assert windows[1].end == at("Europe/Paris", 2017, 5, 7, 20)


def test_the_near_miss_says_when():
    """Why a reader in Guadeloupe gets nothing any more while others do."""
    text = text_of("{event: vote, from: 2017-04-20, until: closes}", "FR, GP")
    ruleset = load(text.replace("status: draft", "status: active\n    owner: o\n    review-by: 2027-01-01"))
    index, instant = build_index(ruleset), at("Europe/Paris", 2017, 4, 23, 12)
    assert decide(index, Location(("FR",)), Page(), (), instant).until == CLOSES["FR"]
    _, (reason,) = explain(index, Location(("GP",)), Page(), (), instant)
    assert (reason.reason, reason.detail) == ("REGION", "GP is not in FR, GP since 2017-04-23 01:00 Europe/Paris")


@pytest.mark.parametrize(
    ("when", "where", "code"),
    [
        pytest.param("{event: vot, from: opens}", "FR", "unknown-event", id="no such event"),
        pytest.param("{event: vote, from: open}", "FR", "unknown-moment", id="no such moment"),
        pytest.param("{event: vote, until: closes}", "FR, DE", "no-moment", id="a region without a moment"),
        pytest.param("{from: 2 days before opens}", "FR", "missing-key", id="words without an event"),
        pytest.param("{event: vote, from: 2017-01-01}", "FR", "unused-event", id="an event without words"),
        pytest.param(
            "{event: vote, from: last closes, until: opens}", "FR", "empty-window", id="an end before the start"
        ),
        pytest.param("{from: tomorrow}", "FR", "bad-date", id="a date gone wrong"),
    ],
)
def test_mistakes_are_told(when, where, code):
    """One error each."""
    assert [found[2] for found in findings(text_of(when, where)) if found[2] != "overseas"] == [code]


def test_an_active_rule_needs_moments_that_are_confirmed():
    """Low confidence keeps it a draft."""
    text = text_of("{event: vote, from: opens}").replace("    moments:", "    confidence: low\n    moments:")
    assert "low-confidence" not in {code for *_, code in findings(text)}
    active = text.replace("status: draft", "status: active\n    owner: o\n    review-by: 2027-01-01")
    assert "low-confidence" in {code for *_, code in findings(active)}
