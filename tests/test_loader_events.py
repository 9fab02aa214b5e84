"""Events: moments told by region or for all, the words about them, and what becomes of a rule's periods and regions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from notices.engine import decide, explain
from notices.index import build_index
from notices.location import Location
from notices.page import Page
from tests.rules_text import findings, load, messages

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
        pytest.param("{event: vote, until: closes}", "DE", "no-moment", id="no region with a moment"),
        pytest.param("{event: vote, from: 2 weeks before opens}", "FR", "bad-date", id="a unit that is not counted"),
        pytest.param("{event: vote, from: Opens}", "FR", "bad-date", id="a capital"),
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


@pytest.mark.parametrize(
    ("where", "place", "said", "fix"),
    [
        pytest.param(
            "GP, DE", (17, 17), "for DE, nor for what holds it or lies in it",
            "write one for DE under the event's 'moments'", id="one",
        ),
        pytest.param(
            "IT, GP, DE", (17, 13), "for IT, DE, nor for what holds them or lies in them",
            "write one for each under the event's 'moments', or narrow 'where'", id="two",
        ),
        pytest.param(
            "nordic", (17, 12), "for DK, FI, IS, NO, SE, AX, FO, GL, SJ, DE and 2 more, nor for what holds them or "
            "lies in them", "write one for each under the event's 'moments', or narrow 'where'", id="a set of many",
        ),
    ],
)  # fmt: skip
def test_all_regions_without_a_moment_are_told_at_once(where, place, said, fix):
    """One error for each period, at the first region that is written, and not one for each member of a set."""
    nordic = "regions: {nordic: {title: N, include: [DK, FI, IS, NO, SE, AX, FO, GL, SJ, DE, PL, EE]}}\n"
    text = text_of("{event: vote, until: closes}", where)
    [(line, column, code)] = findings(text + nordic)
    assert (line, column, code) == (*place, "no-moment")
    [message] = messages(text + nordic)
    assert message == f"error[no-moment] the event 'vote' has no such moment {said}; {fix}"


def test_words_that_tell_no_moment_are_answered_with_words_that_do():
    """An editor who counts in weeks is told how to count, not what a date looks like."""
    [said] = messages(text_of("{event: vote, from: 2 weeks before opens}", "GP"))
    assert said.startswith("error[bad-date] '2 weeks before opens' tells no moment; write days, hours or minutes")


def test_a_moment_has_one_instant_for_a_region():
    """``FR-GP`` is ``GP``: of two instants neither may win in silence."""
    text = text_of("{event: vote, until: closes}").replace(
        "        GP:", "        FR-GP: 2017-04-22T19:00\n        GP:"
    )
    assert [found[2] for found in findings(text) if found[2] != "overseas"] == ["alias", "duplicate-key"]


def test_an_active_rule_needs_moments_that_are_confirmed():
    """Low confidence keeps it a draft."""
    text = text_of("{event: vote, from: opens}").replace("    moments:", "    confidence: low\n    moments:")
    assert "low-confidence" not in {code for *_, code in findings(text)}
    active = text.replace("status: draft", "status: active\n    owner: o\n    review-by: 2027-01-01")
    assert "low-confidence" in {code for *_, code in findings(active)}


ZONES = {
    "FR": "Europe/Paris",
    "GP": "America/Guadeloupe",
    "CA-ON": "America/Toronto",
    "AU-NSW": "Australia/Sydney",
}
#: Readers by the region whose moments are theirs.
READERS = {"FR": "FR", "FR-75C": "FR", "GP": "GP", "CA-ON": "CA-ON", "AU-NSW": "AU-NSW"}
#: Around these days clocks change in Europe, in America, in Australia; at four in the morning that is over.
DAYS = [
    datetime.combine(date(2017, month, number), time())
    for month in (3, 4, 10, 11)
    for number in (1, 5, 12, 25, 26, 29, 30)
]
LOCAL = st.builds(lambda day, minutes: day + timedelta(minutes=minutes), st.sampled_from(DAYS), st.integers(240, 1439))
AWAY = st.one_of(
    st.none(),
    st.tuples(st.integers(1, 40), st.sampled_from(["day", "hour", "minute"]), st.sampled_from(["before", "after"])),
)
SENTENCES = st.tuples(AWAY, st.sampled_from([None, "first", "last"]))


def sentence(away, which, moment):
    count, unit, side = away or (0, "", "")
    words = [f"{count} {unit}{'s' * (count != 1)} {side}"] if away else []
    return " ".join([*words, *filter(None, [which]), moment])


def meant(away, which, local, region):
    """The instant of a sentence for *region*, reckoned on its wall clock."""
    instants = {one: moment.replace(tzinfo=ZoneInfo(ZONES[one])) for one, moment in local.items()}
    if which is not None:
        region = sorted(instants, key=lambda one: instants[one].astimezone(UTC), reverse=which == "last")[0]
    base = instants[region]
    count, unit, side = away or (0, "minute", "after")
    count *= -1 if side == "before" else 1
    if unit == "day":
        return datetime.combine(base.date() + timedelta(count), time(), ZoneInfo(ZONES[region])).astimezone(UTC)
    return base.astimezone(UTC) + timedelta(seconds=count * {"hour": 3600, "minute": 60}[unit])


@given(
    opens=st.fixed_dictionaries(dict.fromkeys(ZONES, LOCAL)),
    closes=st.fixed_dictionaries(dict.fromkeys(ZONES, LOCAL)),
    begin=SENTENCES,
    end=SENTENCES,
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_readers_get_a_notice_when_the_words_of_the_event_say(opens, closes, begin, end):
    """Each in their own region, from the first instant that the sentences mean there until before the last."""
    closes = {region: moment + timedelta(days=250) for region, moment in closes.items()}
    bounds = {region: (meant(*begin, opens, region), meant(*end, closes, region)) for region in ZONES}
    assume(all(start < until for start, until in bounds.values()))
    for local in (opens, closes):
        assume(len({meant(None, None, local, region) for region in ZONES}) == len(ZONES))
    moments = {
        name: {
            region: {"at": f"{moment:%Y-%m-%dT%H:%M}", "timezone": ZONES[region]} for region, moment in local.items()
        }
        for name, local in (("opens", opens), ("closes", closes))
    }
    rule = {"title": "T", "kind": "courtesy", "status": "active", "where": list(ZONES), "text": {"en": "Text"}}
    rule |= {"owner": "o", "review-by": "2027-01-01"}
    rule["when"] = {"event": "vote", "from": sentence(*begin, "opens"), "until": sentence(*end, "closes")}
    folder = {"defaults": {"timezone": "UTC", "language": "en"}, "events": {"vote": {"moments": moments}}}
    index = build_index(load(json.dumps(folder | {"rules": {"r": rule}})))
    second = timedelta(seconds=1)
    for reader, region in READERS.items():
        start, until = bounds[region]
        asked = (start - second, start, until - second, until)
        shown = [bool(decide(index, Location((reader,)), Page(), (), instant).shown) for instant in asked]
        assert shown == [False, True, True, False], (reader, rule["when"])
        assert not decide(index, Location(("DE",)), Page(), (), start).shown
