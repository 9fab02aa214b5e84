"""Two rules that both want to stand first on one page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.lint.first import find_first_conflicts
from notices.lint.paths import meeting_paths
from notices.lint.situations import Situations
from notices.location import Location
from notices.ruleset import Display, PageCondition
from tests import judge
from tests.build import ruleset
from tests.lints import codes, lint, messages, rules
from tests.test_lint_reach import INSTANTS, PAGES, SINGLES, small_rules

FIRST = "show: {at: [top], first: true}"
HEAD = "defaults: {timezone: UTC}\npublishers:\n  p: {name: {en: P}}\n  q: {name: {en: Q}}\n"


def two(one: str, other: str) -> str:
    return rules(f"{FIRST}, {one}", f"{FIRST}, {other}", head=HEAD)


MEETING = [
    pytest.param("where: [RU]", "where: [RU]", id="one region"),
    pytest.param("where: [world]", "where: [RU]", id="everywhere and a region"),
    pytest.param("where: [UA]", "where: [UA-43]", id="a country and a part of it"),
    pytest.param("where: [RU], unsure: show", "where: [BY], unsure: show", id="nobody knows where the reader is"),
    pytest.param("where: [UA-14], unsure: {coarse: show}", "where: [UA-09], unsure: {coarse: show}", id="coarse"),
    pytest.param("where: [RU]", "where: [UA-43], unsure: {contested: show}", id="a contested place"),
    pytest.param(
        "where: [RU], unsure: {contested: show}",
        "where: {any: [world], except: [RU]}, unsure: {contested: show}",
        id="a place that a label puts in two countries",
    ),
    pytest.param("where: [RU], pages: {tags: [a]}", "where: [RU], pages: {tags: [b]}", id="a page with both tags"),
    pytest.param(
        "where: [RU], pages: {hosts: ['*.x.example']}", "where: [RU], pages: {hosts: [a.x.example]}", id="hosts"
    ),
    pytest.param("where: [RU], pages: {paths: ['/*/live']}", "where: [RU], pages: {paths: ['/news/*']}", id="stars"),
    pytest.param("where: [RU], when: {until: 2090-01-02}", "where: [RU], when: {from: 2090-01-01}", id="for a day"),
    pytest.param("where: [RU], group: g", "where: [RU], group: h", id="two groups"),
    pytest.param(
        "where: [RU], group: g, unsure: show", "where: [RU, BY], group: g, unsure: show", id="a maybe displaces nobody"
    ),
]
APART = [
    pytest.param(
        "where: [DE], unsure: {contested: show}",
        "where: {any: [world], except: [DE]}, unsure: {contested: show}",
        id="a country that nobody contests",
    ),
    pytest.param("where: [RU]", "where: [BY]", id="two regions"),
    pytest.param(
        "where: [DE], unsure: {contested: show}", "where: [PL], unsure: {contested: show}", id="no source says both"
    ),
    pytest.param("where: [RU], pages: {surfaces: [home]}", "where: [RU], pages: {surfaces: [form]}", id="surfaces"),
    pytest.param("where: [RU], pages: {publishers: [p]}", "where: [RU], pages: {publishers: [q]}", id="publishers"),
    pytest.param("where: [RU], pages: {hosts: [a.example]}", "where: [RU], pages: {hosts: [b.example]}", id="hosts"),
    pytest.param("where: [RU], pages: {paths: [/a/**]}", "where: [RU], pages: {paths: [/b/**]}", id="paths"),
    pytest.param("where: [RU], pages: {paths: ['/a*']}", "where: [RU], pages: {paths: ['/b*']}", id="paths with stars"),
    pytest.param("where: [RU], pages: {tags: [a]}", "where: [RU], pages: {except: {tags: [a]}}", id="an exception"),
    pytest.param("where: [RU], pages: {languages: [ru]}", "where: [RU], pages: {languages: [en]}", id="languages"),
    pytest.param(
        "where: [RU], pages: {signals: {sec-gpc: true}}",
        "where: [RU], pages: {signals: {sec-gpc: false}}",
        id="signals",
    ),
    pytest.param(
        "where: [RU], when: {until: 2090-01-01}", "where: [RU], when: {from: 2090-01-01}", id="one after the other"
    ),
    pytest.param("where: [RU], group: g", "where: [RU], group: g", id="one group"),
    pytest.param("where: [RU], supersedes: [b]", "where: [RU]", id="one supersedes the other"),
    pytest.param("where: [RU], status: draft", "where: [RU]", id="a draft"),
]


@pytest.mark.parametrize(("one", "other"), MEETING)
def test_two_that_can_meet_are_an_error(one, other):
    """At the second one's ``first``, naming the other; the folder does not load."""
    text = two(one, other)
    line = text.splitlines()[6]
    found = [problem for problem in lint(text) if "hint" not in problem[1]]
    assert found == [(f"a.yaml:7:{line.index('first: ') + 8}", "error[first-conflict]")]
    assert any(message.startswith("'b' and 'a' both want to stand first") for message in messages(text))


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_that_never_meet_are_not_reported(one, other):
    """Other readers, pages or times, or one that displaces the other."""
    text = two(one, other)
    if "draft" in one:
        text = text.replace("status: active, ", "", 1)
    assert set(codes(text)) <= {"last-shown", "shadowed"}


def test_one_alone_is_no_conflict():
    """Rules that do not ask to be first stand below the one that does."""
    assert codes(rules(f"{FIRST}, where: [RU]", "where: [RU]", "show: {first: false}, where: [RU]")) == []


def test_a_third_rule_can_keep_two_apart():
    """Where a third displaces one of them on every page that both are for, nobody gets both."""
    lines = [f"{FIRST}, where: [RU]", f"{FIRST}, where: [RU]", "where: [RU], supersedes: [b]"]
    assert codes(rules(*lines)) == ["shadowed"]
    lines[2] = "where: [RU], pages: {tags: [a]}, supersedes: [b]"
    assert codes(rules(*lines)) == ["first-conflict"]


@pytest.mark.parametrize(
    ("mine", "theirs", "path"),
    [
        ("/*/live", "/news/*", "/news/live"),
        ("/news/**", "/*/live", "/news/live"),
        ("/**", "/a*b", "/axb"),
        ("/news/*/live", "/news/**", "/news/x/live"),
        ("/a/**", "/a", "/a"),
    ],
)
def test_paths_that_meet_two_patterns_are_real(mine, theirs, path):
    """The judge, which makes regular expressions of patterns, says so too."""
    found = list(meeting_paths(PageCondition(paths=(mine,)), PageCondition(paths=(theirs,))))
    assert found == [path]
    assert judge.path_met(mine, path)
    assert judge.path_met(theirs, path)


ONE_SOURCE = [
    Location(),
    Location(network="tor"),
    *(Location((region,)) for region in (*SINGLES, "UA-14")),
    *(Location((region, "RU")) for region in ("UA-43", "UA-40", "UA-14", "UA-09", "UA-23", "UA-65")),
]


@st.composite
def firsts(draw):
    made = []
    for number in range(draw(st.integers(2, 3))):
        display = Display(first=draw(st.integers(0, 3)) > 0)
        one = draw(small_rules(number))
        made.append(type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"display": display}))
    return ruleset(*made)


@settings(max_examples=60, deadline=None)
@given(firsts())
def test_exactly_the_rules_that_meet_an_earlier_one_are_reported(rules_):
    """Brute force over visitors, instants and pages by the judge finds the same rules, neither more nor fewer."""
    expected = set()
    for location in ONE_SOURCE:
        for at in INSTANTS:
            for page in PAGES:
                shown = [id_ for id_, _, _ in judge.shown(rules_, location, page, at)]
                expected |= set([id_ for id_ in shown if rules_.rules[id_].display.first][1:])
    assert sorted(finding.spot.name for finding in find_first_conflicts(Situations(rules_))) == sorted(expected)


@pytest.mark.parametrize("at", ["[bottom]", "[after-article]", "[{before: h1}]", "[bottom, after-article]", "foot"])
def test_first_without_a_place_at_the_top_is_told(at):
    """One hint at the value: nothing of the page is above the top alone."""
    head = "defaults: {places: {foot: bottom}}\n"
    text = rules(f"where: [DE], show: {{first: true, at: {at}}}", head=head)
    assert lint(text) == [(f"a.yaml:3:{text.splitlines()[2].index('true') + 1}", "hint[first-not-top]")]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("show: {first: true}", id="at the top, where nothing is written"),
        pytest.param("show: {first: true, at: [top, bottom]}", id="at the top as well"),
        pytest.param("show: {first: true, at: [head]}", id="at a place that is the top"),
        pytest.param("show: {first: false, at: [bottom]}", id="not first"),
    ],
)
def test_first_at_the_top_is_not_told(line):
    """By whatever name the top is called."""
    assert lint(rules(f"where: [DE], {line}", head="defaults: {places: {head: top}}\n")) == []
    assert lint(rules("where: [DE], show: {first: true, at: [bottom]}").replace("active", "retired")) == []


def test_pairs_that_were_not_tried_are_named(monkeypatch):
    """Beyond the bound no conflict is claimed, and a hint at the rule says that not all was tried."""
    text = rules("where: [DE], show: {first: true}", "where: [DE], show: {first: true}")
    place = f"a.yaml:3:{text.splitlines()[2].index('true') + 1}"
    assert lint(text) == [(place, "error[first-conflict]")]
    monkeypatch.setattr("notices.lint.first._MOST_PAIRS", 0)
    assert lint(text) == [(place, "hint[unproven]")]


def test_too_many_pages_to_try_are_told():
    """Whether one of a crowd stands in the place of either is not known where their pages are too many."""
    crowd = [f"where: [RU], group: g, priority: {n}, pages: {{tags: [t{n}, u{n}]}}" for n in range(1, 15)]
    firsts = [f"where: [RU], group: g, pages: {{tags: [{tag}]}}, show: {{at: [top], first: true}}" for tag in "ab"]
    text = rules(*crowd, *firsts)
    told = [message for message in messages(text) if "first" in message and "not tried" in message]
    assert len(told) == 1
    assert [message for message in messages(rules(*crowd[:3], *firsts)) if "not tried" in message] == []
