"""Rules that nobody is shown: unreachable ones and shadowed ones, by examples and against brute force."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.lint.reach import find_shadowed, find_unreachable
from notices.lint.shadows import Shadows
from notices.lint.situations import Situations
from notices.location import Entry, Location
from notices.page import Page
from notices.region import contains
from notices.ruleset import PageCondition
from tests import judge
from tests.build import day, pages, rule, ruleset, where
from tests.generate import verdicts
from tests.lints import codes, lint, messages, rules


@pytest.mark.parametrize(
    ("line", "place"),
    [
        pytest.param(
            "where: [RU], when: {until: 2020-01-01, timezone: UTC}, text: [{from: 2021-01-01, text: {en: Text}}]",
            ":2:",
            id="no text in any period",
        ),
        pytest.param("where: [RU], pages: {tags: [a], except: {tags: [a]}}", ":2:", id="every page is excepted"),
        pytest.param("where: {any: [RU], except: [RU]}", ":2:", id="no region is left"),
        pytest.param("where: [{code: UA-14, part: true}]", ":2:", id="nothing but parts, and maybes hide"),
        pytest.param("where: [{code: GB, until: 2020-02-01}], when: {from: 2021-01-01}", ":2:", id="the region left"),
    ],
)
def test_a_rule_that_nobody_is_shown_is_unreachable(line, place):
    """Time, pages or regions leave nothing: one warning, at the key that is at fault."""
    flow = rules(line, head="defaults: {timezone: UTC}\n").replace(
        "text: {en: Text}, ", "" if "text:" in line else "text: {en: Text}, "
    )
    found = [one for one in lint(flow) if "hint" not in one[1] and "past-window" not in one[1]]
    assert [code for _, code in found] == ["warning[unreachable]"]


def test_the_key_at_fault_is_pointed_at():
    """Windows, pages and where each have their own column."""
    text = rules(
        "where: [RU], pages: {tags: [a], except: {tags: [a]}}",
        "where: [{code: UA-14, part: true}]",
        head="defaults: {timezone: UTC}\n",
    )
    columns = [
        line.index(key) + len(key) + 1 for line, key in zip(text.splitlines()[2:], ("pages: ", "where: "), strict=True)
    ]
    assert lint(text) == [
        (f"a.yaml:3:{columns[0]}", "warning[unreachable]"),
        (f"a.yaml:4:{columns[1]}", "warning[unreachable]"),
    ]
    assert "every page that it is for" in messages(text)[0]
    assert "unsure: {contested: show}" in messages(text)[1]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("where: [RU]", id="a plain rule"),
        pytest.param("where: [{code: UA-14, part: true}], unsure: {contested: show}", id="parts, shown on a maybe"),
        pytest.param("where: [{code: GB, until: 2020-02-01}]", id="a region that has left"),
        pytest.param("where: [RU], when: {from: 2090-01-01}", id="a period to come"),
        pytest.param("where: [RU], pages: {tags: [a], except: {tags: [b]}}", id="an exception of other pages"),
        pytest.param("where: [RU], pages: {paths: [/a/*/b], except: {paths: ['/*/c/b']}}", id="paths with stars"),
        pytest.param("where: [RU], pages: {hosts: [a.example], publishers: [p]}", id="a host of nobody's"),
        pytest.param("where: {any: [UA], except: [UA-43]}", id="a part excepted"),
        pytest.param("where: {any: [UA], except: [{code: UA, part: true}]}, unsure: show", id="a maybe of a region"),
    ],
)
def test_a_rule_that_somebody_is_shown_is_not_reported(line):
    """However few they are, and however far in the future."""
    head = "defaults: {timezone: UTC}\npublishers: {p: {name: {en: P}, hosts: [p.example]}}\n"
    assert codes(rules(line, head=head)) == []


@pytest.mark.parametrize("status", ["draft", "suspended", "retired"])
def test_rules_that_do_not_act_are_not_reported(status):
    """Only active rules are expected to be shown."""
    assert codes(rules("where: {any: [RU], except: [RU]}").replace("active", status)) == []


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("where: [RU], group: g, priority: 2", "where: [RU], group: g"), id="group"),
        pytest.param(("where: [RU], supersedes: [b]", "where: [RU]"), id="supersedes"),
        pytest.param(("where: [world], group: g, priority: 2", "where: [RU], group: g"), id="everywhere"),
        pytest.param(
            ("where: [RU], group: g, priority: 2", "where: [RU], group: g, pages: {tags: [a]}"), id="on fewer pages"
        ),
        pytest.param(
            ("where: [RU], group: g, priority: 2", "where: [RU], group: g, when: {from: 2025-01-01}"),
            id="for less time",
        ),
    ],
)
def test_a_rule_that_another_displaces_everywhere_is_shadowed(lines):
    """One warning, at the group or the rule, that names the rule that stands instead."""
    text = rules(*lines, head="defaults: {timezone: UTC}\n")
    second = text.splitlines()[3]
    column = second.index("group: ") + 8 if "group" in second else 3
    assert lint(text) == [(f"a.yaml:4:{column}", "warning[shadowed]")]
    assert "wherever it applies, a " in messages(text)[0]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("where: [RU], group: g, priority: 2", "where: [BY], group: g"), id="elsewhere"),
        pytest.param(("where: [RU], group: g, priority: 2", "where: [RU, BY], group: g"), id="in more regions"),
        pytest.param(
            ("where: [DE, PL], group: g, priority: 2", "where: [DE], group: g, unsure: {contested: show}"),
            id="to readers whose sources disagree",
        ),
        pytest.param(("where: [RU], group: g, priority: 2", "where: [RU]"), id="in no group"),
        pytest.param(
            ("where: [RU], group: g, priority: 2, pages: {tags: [a]}", "where: [RU], group: g"), id="on more pages"
        ),
        pytest.param(
            ("where: [RU], group: g, priority: 2, when: {until: 2090-01-01}", "where: [RU], group: g"), id="for longer"
        ),
        pytest.param(
            ("where: [BY], unsure: show, supersedes: [b]", "where: [BY, RU-MOW], unsure: show"), id="on a maybe"
        ),
        pytest.param(
            ("where: [RU], supersedes: [b]", "where: [RU], supersedes: [c]", "where: [RU]"),
            id="what displaces it falls",
        ),
    ],
)
def test_a_rule_that_stands_somewhere_is_not_shadowed(lines):
    """Elsewhere, on other pages, at other times, or where the stronger rule itself falls."""
    found = codes(rules(*lines, head="defaults: {timezone: UTC}\n"))
    assert [code for code in found if code != "last-shown"] == (["shadowed"] if len(lines) == 3 else [])


def test_a_large_group_is_judged_by_pairs():
    """Where pages are too many to try, rules that one without conditions covers are found all the same."""
    lines = [f"where: [RU], group: g, priority: {number}, pages: {{tags: [t{number}]}}" for number in range(1, 20)]
    found = [message.partition("'")[2][0] for message in messages(rules(*lines, "where: [RU], group: g, priority: 99"))]
    assert found == list("abcdefghijklmnopqrs")
    assert codes(rules(*lines, "where: [RU], group: g, priority: 0")) == []


def test_what_was_not_tried_to_the_end_is_named():
    """Rules of one group on too many kinds of pages: that two of them together cover a third is not seen, and told."""
    lines = [f"where: [RU], group: g, priority: {number}, pages: {{tags: [t{number}]}}" for number in range(1, 20)]
    text = rules(*lines, "where: [RU], group: g, pages: {tags: [t1, t2]}")
    assert lint(text) == [(f"a.yaml:21:{text.splitlines()[20].index('group: ') + 8}", "hint[unproven]")]
    assert "in the place of t was not tried to the end" in messages(text)[0]
    assert codes(rules(*lines, "where: [RU], group: g, pages: {tags: [t1, t2, t99]}")) == []


def test_exceptions_without_number_are_named():
    """Whether they leave a page is not known, and told; nothing is claimed."""
    pairs = ", ".join(f"{{tags: [a{number}], sections: [b{number}], mentions: [c{number}]}}" for number in range(14))
    text = rules(f"where: [RU], pages: {{except: [{pairs}]}}")
    assert lint(text) == [(f"a.yaml:2:{text.splitlines()[1].index('pages: ') + 8}", "hint[unproven]")]


REGIONS = ("RU", "UA", "UA-43", "DE", "world")
DAYS = (day("2026-11-01"), day("2026-11-03"))
SINGLES = ("RU", "RU-MOW", "UA", "UA-43", "UA-30", "DE", "DE-BE", "BR")
PAGES = [Page(tags=frozenset(tags)) for tags in ((), ("a",), ("b",), ("a", "b"))]
INSTANTS = (DAYS[0] - timedelta(days=1), *DAYS)
CONDITIONS = st.builds(
    lambda tags, but: PageCondition(
        tags=None if tags is None else frozenset(tags),
        exclude=() if but is None else (PageCondition(tags=frozenset(but)),),
    ),
    st.sampled_from((None, None, ("a",), ("b",), ("a", "b"))),
    st.sampled_from((None, None, None, ("a",), ("b",))),
)


def visitors() -> list[Location]:
    """Everybody: unknown, anonymous, and with up to three regions of which none contains another."""
    found = [Location(), Location(network="tor")]
    for count in (1, 2, 3):
        for several in combinations(SINGLES, count):
            if not any(contains(one, other) for one in several for other in several):
                found.append(Location(several))
    return found


@st.composite
def small_rules(draw, number):
    names = st.lists(st.sampled_from(REGIONS), min_size=1, max_size=2, unique=True)
    entries = [Entry(code, part=draw(st.integers(0, 5)) == 0) for code in draw(names)]
    but = draw(st.lists(st.sampled_from(REGIONS[:4]), max_size=1))
    below = [f"r{other}" for other in range(number)]
    starts, ends = draw(st.sampled_from((None, None, DAYS[0]))), draw(st.sampled_from((None, None, DAYS[1])))
    windows = [] if starts is ends is None else [(starts and "2026-11-01", ends and "2026-11-03")]
    return rule(
        f"r{number}",
        where(*entries, but=but),
        unsure=draw(verdicts),
        windows=windows,
        pages=draw(CONDITIONS),
        priority=draw(st.sampled_from((0, 5))),
        group=draw(st.sampled_from((None, "g", "g"))),
        supersedes=tuple(draw(st.lists(st.sampled_from(below), unique=True, max_size=1))) if below else (),
    )


@st.composite
def small_rulesets(draw):
    return ruleset(*[draw(small_rules(number)) for number in range(draw(st.integers(2, 3)))])


@settings(max_examples=40, deadline=None)
@given(small_rulesets())
def test_exactly_the_rules_that_nobody_is_shown_are_reported(rules_):
    """Brute force over visitors, instants and pages by the judge finds the same rules, neither more nor fewer."""
    shown = {
        one[0]
        for location in visitors()
        for at in INSTANTS
        for page in PAGES
        for one in judge.shown(rules_, location, page, at)
    }
    situations = Situations(rules_)
    found = [
        finding.spot.name
        for lint_ in (find_unreachable, find_shadowed)
        for finding in lint_(situations)
        if finding.code != "empty-set"
    ]
    assert sorted(found) == sorted(rules_.rules.keys() - shown)


@settings(max_examples=40, deadline=None)
@given(
    small_rulesets(),
    st.sampled_from(("situations._MOST_WORLDS", "shadows._MOST_SITUATIONS", "situations._MOST_DISAGREEMENTS")),
)
def test_a_bound_never_makes_a_lint_wrong(rules_, bound):
    """Where a bound is hit, what is claimed is still true, and every rule that is passed over is told as unproven."""
    exact = {one.spot.name for one in find_shadowed(Situations(rules_))}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"notices.lint.{bound}", 1)
        patch.setattr("notices.lint.reach._MOST_NAMED", 1)
        found = list(find_shadowed(Situations(rules_)))
    claimed = {one.spot.name for one in found if one.code == "shadowed"}
    assert claimed <= exact
    assert claimed == exact or any(one.code == "unproven" for one in found)


def test_what_is_remembered_of_too_many_pages_holds_of_no_fewer_rules():
    """Asked about many rules and then about few, a search says what a new one says."""
    made = [rule(f"r{n:02}", pages=pages(tags=[f"t{n}", f"t{n + 1}"]), windows=[(f"20{n + 10}-01-01", None)])
            for n in range(40)]  # fmt: skip
    asked = Situations(ruleset(*made))
    chosen = [range(40), range(39), range(10), range(24, 40), range(30, 40), range(16), range(5, 21), range(12)]
    found = [asked.worlds(list(numbers)) for numbers in chosen]
    assert found == [Situations(ruleset(*made)).worlds(list(numbers)) for numbers in chosen]
    assert [kinds is None for kinds in found] == [True, True, False, True, False, True, True, False]


STATUSES = """\
publishers:
  one: {name: {en: One}, hosts: [one.example], statuses: [{status: listed, listed: 2026-01-01, timezone: UTC}]}
  two: {name: {en: Two}, hosts: [two.example], statuses: [{status: listed, listed: 2026-12-01, timezone: UTC}]}
"""


def test_a_rule_that_nobody_is_shown_for_a_time_is_reached_later():
    """Until another publisher has the status its exception leaves no page, or from when one has it no more."""
    line = "where: [RU], pages: {statuses: [listed], except: {publishers: [one]}}"
    assert codes(rules(line, head=STATUSES)) == []
    assert codes(rules(line.replace("[one]", "[one, two]"), head=STATUSES)) == ["unreachable"]
    ended = STATUSES.replace("2026-01-01,", "2026-01-01, until: 2026-12-20,")
    assert codes(rules(line.replace("[one]", "[two]"), head=ended)) == []


def test_a_rule_that_is_displaced_for_a_time_stands_later():
    """Until another publisher has the status a higher rule is on all its pages; then it stands on that one's."""
    upper = "where: [RU], group: g, priority: 9, pages: {publishers: [one]}"
    lower = "where: [RU], group: g, pages: {statuses: [listed]}"
    assert codes(rules(upper, lower, head=STATUSES)) == []
    assert codes(rules(upper.replace("[one]", "[one, two]"), lower, head=STATUSES)) == ["shadowed"]


def test_the_questions_of_all_groups_together_are_bounded(monkeypatch):
    """What one group has used up is not there for the next, of which it is then said that nothing is known."""

    def group(name):
        return [rule(f"{name}{n}", "RU", priority=n, group=name) for n in (1, 2)]

    first = Shadows(Situations(ruleset(*group("a"))))
    assert len(first.found()) == 1
    both = Situations(ruleset(*group("a"), *group("b")))
    assert [one.code for one in find_shadowed(both)] == ["shadowed", "shadowed"]
    monkeypatch.setattr("notices.lint.reach.MOST_QUESTIONS", first.asked)
    assert [one.code for one in find_shadowed(both)] == ["shadowed", "unproven"]
