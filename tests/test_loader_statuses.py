"""Statuses of publishers: their days, brands, mistakes in them, and what rules that ask for them do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notices.engine import decide, explain
from notices.index import build_index
from notices.lint import find_warnings
from notices.location import Location
from notices.page import Page
from notices.timeline import timeline
from tests.build import NOON, day
from tests.rules_text import findings, load, messages

PUBLISHERS = """\
defaults: {timezone: Europe/Moscow, language: en}
publishers:
  paper:
    name: {en: Paper}
    hosts: [paper.example]
    statuses:
      - {status: listed-there, decided: 2026-02-02, announced: 2026-02-10, listed: 2026-02-20, until: 2026-06-01}
      - {status: other, listed: 2026-05-01, confidence: low}
  weekly: {name: {en: Weekly}, hosts: [weekly.example], part-of: paper}
  sunday: {name: {en: S}, hosts: [sunday.example], part-of: weekly, statuses: [{status: other, decided: 2026-03-01}]}
  radio: {name: {en: Radio}, hosts: [radio.example]}
rules:
  r:
    title: T
    kind: courtesy
    status: active
    where: [world]
    text: {en: Text}
    owner: o
    review-by: 2027-01-01
"""


def asking(pages):
    return PUBLISHERS + f"    pages: {pages}\n"


def shown(pages, at, page):
    return [one.id for one in decide(build_index(load(asking(pages))), Location(("DE",)), page, (), at).shown]


#: Moscow is three hours ahead of UTC.
def midnight(date):
    return day(date) - timedelta(hours=3)


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        pytest.param("{statuses: [listed-there]}", "2026-02-20", id="listed, by default"),
        pytest.param("{statuses: {any: listed-there, since: announced}}", "2026-02-10", id="announced"),
        pytest.param("{statuses: {any: [listed-there], since: decided}}", "2026-02-02", id="decided"),
    ],
)
@pytest.mark.parametrize("host", ["paper.example", "weekly.example", "sunday.example"])
def test_a_rule_holds_from_the_day_that_it_counts_from_for_brands_too(asked, begins, host):
    """From the first instant of the day in the status's zone, until before the end."""
    page, second = Page(host=host), timedelta(seconds=1)
    assert shown(asked, midnight(begins) - second, page) == []
    assert shown(asked, midnight(begins), page) == ["r"]
    assert shown(asked, midnight("2026-06-01") - second, page) == ["r"]
    assert shown(asked, midnight("2026-06-01"), page) == []


def test_others_have_no_status():
    """Neither another publisher nor a page of nobody's."""
    assert shown("{statuses: [listed-there]}", midnight("2026-03-01"), Page(host="radio.example")) == []
    assert shown("{statuses: [listed-there]}", midnight("2026-03-01"), Page()) == []


@pytest.mark.parametrize(
    ("host", "begins"),
    [
        pytest.param("paper.example", None, id="low confidence never acts"),
        pytest.param("sunday.example", "2026-03-01", id="a day that is not known is stood in for"),
    ],
)
def test_what_is_not_known_well(host, begins):
    """A status from memory is no status; a day that nobody wrote is the nearest one that is written."""
    asked = {at: shown("{statuses: [other]}", midnight(at), Page(host=host)) for at in ("2026-02-28", "2026-03-01")}
    assert asked == {"2026-02-28": [], "2026-03-01": ["r"] if begins else []}
    assert shown("{statuses: [other]}", midnight("2026-12-01"), Page(host=host)) == (["r"] if begins else [])


def test_mentions_have_statuses_by_the_id_of_a_publisher():
    """One of several is enough; where mentions are not stated the fact is missing."""
    at = midnight("2026-03-01")
    pages = "{mentioned-statuses: [listed-there]}"
    assert shown(pages, at, Page(mentions=frozenset({"radio", "weekly"}))) == ["r"]
    assert shown(pages, at, Page(mentions=frozenset({"radio", "nobody"}))) == []
    assert shown(pages, at, Page()) == []


def test_an_exception_by_status_ends_with_it():
    """What is excepted while the publisher has the status is shown before and after."""
    pages = "{publishers: [paper], except: {statuses: [listed-there]}}"
    days = ("2026-02-19", "2026-02-20", "2026-05-31", "2026-06-01")
    assert [shown(pages, midnight(one), Page(host="paper.example")) for one in days] == [["r"], [], [], ["r"]]


def test_a_rule_for_a_publisher_is_for_its_brands():
    """However deep they are part of it."""
    for host, expected in (("paper.example", ["r"]), ("sunday.example", ["r"]), ("radio.example", [])):
        assert shown("{publishers: [paper]}", NOON, Page(host=host)) == expected


@pytest.mark.parametrize(
    ("at", "host", "words"),
    [
        ("2026-01-01", "paper.example", "paper has no status listed-there before 2026-02-20"),
        ("2026-07-01", "weekly.example", "weekly has no status listed-there since 2026-06-01"),
        ("2026-07-01", "radio.example", "radio has no status listed-there"),
    ],
)
def test_the_near_miss_is_the_day(at, host, words):
    """Why a page gets no notice, in words that name the publisher, the status and when."""
    index = build_index(load(asking("{statuses: [listed-there]}")))
    _, (reason,) = explain(index, Location(("DE",)), Page(host=host), (), midnight(at))
    assert (reason.reason, reason.detail) == ("PAGE", words)


def test_the_timeline_has_the_days_in_their_zone():
    """The rule begins with the first publisher that has the status, and ends with the last."""
    found = timeline(load(asking("{statuses: [listed-there]}")), NOON)
    events = [(one.at, one.zone, one.what) for one in found.past]
    assert events == [
        (midnight("2026-02-20"), "Europe/Moscow", "begins"),
        (midnight("2026-06-01"), "Europe/Moscow", "ends"),
    ]


def test_a_rule_whose_publishers_never_have_the_status_is_told():
    """A hint for the publisher's entry, not for the periods."""
    ruleset = load(asking("{publishers: [radio], statuses: [listed-there]}"))
    (problem,) = find_warnings(
        ruleset, {"a.yaml": asking("{publishers: [radio], statuses: [listed-there]}").encode()}, NOON
    )
    assert (problem.code, problem.line) == ("unreachable", 21)
    assert "no publisher that it is for has the status" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("[listed-there]}", "[listed-ther]}", (21, 24, "unknown-status"), id="a status that nobody has"),
        pytest.param("part-of: weekly", "part-of: weekl", (10, 61, "unknown-publisher"), id="a part of nothing"),
        pytest.param("  radio: {", "  radio: {part-of: radio, ", (11, 20, "part-of-cycle"), id="a part of itself"),
        pytest.param("until: 2026-06-01", "until: 2026-02-20", (7, 103, "empty-window"), id="an end before the start"),
        pytest.param("decided: 2026-02-02", "decided: 2026-02-12", (7, 64, "empty-window"), id="days out of order"),
        pytest.param(", decided: 2026-03-01", "", (10, 80, "missing-key"), id="no day"),
        pytest.param(
            "{statuses: [", "{mentions: [a], mentioned-statuses: [", (21, 23, "bad-condition"), id="two facts"
        ),
    ],
)
def test_mistakes_are_told_with_their_place(old, new, expected):
    """One problem each, at the value that is wrong."""
    text = asking("{statuses: [listed-there]}")
    assert old in text
    assert findings(text.replace(old, new, 1)) == [expected]


def test_the_nearest_status_is_named():
    """A typing mistake would keep a notice from everybody."""
    assert any("did you mean 'listed-there'?" in one for one in messages(asking("{statuses: [listedthere]}")))
