"""Comparisons of two rulesets: exactly who sees what else, proven against brute force, and put into sentences."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from notices.compare import PageGroup, PageTest, Visitors, compare, sentence
from notices.compare.page_words import pages_in_words
from notices.compare.visitor_words import visitors_in_words
from notices.index import build_index
from notices.keys import visitor_key
from notices.location import Entry, Location
from notices.page import Page
from notices.region import children, parents
from notices.ruleset import (
    BUILT_IN_PLACES,
    Defaults,
    Display,
    Label,
    PageCondition,
    Place,
    Publisher,
    Text,
    Window,
)
from tests import generate, judge
from tests.build import CONTROLLED, HIDE_ALL, NOON, SHOW_ALL, day, pages, place, rule, ruleset, texts, where


def compared(old, new, **options):
    old, new = (one if hasattr(one, "rules") else ruleset(*one) for one in (old, new))
    return compare(build_index(old), build_index(new), NOON, **options)


def sentences(old, new, **options):
    return [sentence(effect) for effect in compared(old, new, **options).effects]


def below(code):
    return {code}.union(*(below(child) for child in children().get(code, ())))


# Against brute force -------------------------------------------------------------------------------------------------


def look(rules, id_, at):
    """All of a notice that a reader can see, of the rules that are generated here."""
    one = rules.rules[id_]
    words = judge.texts_of(judge.version_in_force(one, at))
    policy = one.display.languages if words and len(words) > 1 else ()
    return one.action, one.features, words, policy


def expected(old, new, location, page, at):
    """What changes for one visitor on one page at one instant, as (kind, rules)."""
    before, after = ([id_ for id_, *_ in judge.shown(rules, location, page, at)] for rules in (old, new))
    found = {("gained", (id_,)) for id_ in after if id_ not in before}
    found |= {("lost", (id_,)) for id_ in before if id_ not in after}
    common = [id_ for id_ in after if id_ in before]
    found |= {("changed", (id_,)) for id_ in common if look(old, id_, at) != look(new, id_, at)}
    return found, [id_ for id_ in before if id_ in after] != common


def concerns(visitors, location):
    if location.network:
        return visitors.anonymous
    if location.candidates == ("world",):
        return visitors.unknown
    return location.candidates[0] in visitors.regions


def on_page(group, rules, page):
    def met(test):
        return judge.page_verdict(test.condition, page, rules[test.by == "new"]) == "met"

    return all(map(met, group.meeting)) and not any(map(met, group.other))


def found_in(effects, rules, page, at):
    """The effects on a page at an instant, by the judge's reading of their own words."""
    for effect in effects:
        timely = any(judge.in_window(Window(period.start, period.end), at) for period in effect.periods)
        if timely and any(on_page(group, rules, page) for group in effect.pages):
            yield effect


def keys_of(effects):
    return {(effect.change.kind, effect.change.rules) for effect in effects if effect.change.kind != "moved"}


@st.composite
def edits(draw):
    """A ruleset, and the same with some rules taken from another one, who know its publishers' statuses."""
    one, other = draw(generate.rulesets(most=4)), draw(generate.rulesets(most=4))
    rules = {}
    for id_ in sorted(one.rules.keys() | other.rules.keys()):
        source = draw(st.sampled_from((one, one, other)))
        if id_ in source.rules:
            rules[id_] = source.rules[id_]
    around = one if draw(st.booleans()) else other
    rules = {id_: replace(r, pages=generate.resolved(r.pages, around.publishers)) for id_, r in rules.items()}
    return one, replace(around, rules=rules)


single = st.one_of(
    st.just(Location()),
    st.just(Location(network="tor")),
    st.sampled_from((*generate.REGIONS, "BR", "RU-MOW", "UA-05", "FR-75C")).map(lambda code: Location((code,))),
)


@settings(max_examples=70, deadline=None)
@given(edits(), st.lists(single, min_size=3, max_size=6), st.lists(generate.pages, min_size=2, max_size=4))
def test_everybody_sees_exactly_the_changes_that_are_listed(rules, locations, asked):
    """Any visitor, page and instant: the judge's changes are those of the effects that say so, no more, no less."""
    effects = compared(*rules).effects
    every = sorted({*judge.instants(rules[0]), *judge.instants(rules[1]), day("2026-10-01")})
    for page in asked:
        for at in every:
            here = list(found_in(effects, rules, page, at))
            for location in locations:
                seen = [effect for effect in here if concerns(effect.visitors, location)]
                changes, moved = expected(*rules, location, page, at)
                assert keys_of(seen) == changes
                assert any(effect.change.kind == "moved" for effect in seen) == moved


@settings(max_examples=40, deadline=None)
@given(edits(), st.lists(generate.locations(), min_size=2, max_size=5), generate.pages)
def test_visitors_whose_sources_disagree_are_compared_too(rules, locations, page):
    """What changes for any candidates is listed for such candidates, and what is listed happens to them."""
    effects = compared(*rules).effects
    for at in sorted({*judge.instants(rules[0]), *judge.instants(rules[1]), day("2026-10-01")}):
        here = list(found_in(effects, rules, page, at))
        for location in locations:
            assert expected(*rules, location, page, at)[0] <= keys_of(here)
        for effect in here:
            for candidates in (*effect.visitors.disagreeing[:2], *effect.visitors.disagreeing[-1:]):
                changes, moved = expected(*rules, Location(candidates), page, at)
                assert (effect.change.kind, effect.change.rules) in changes or (effect.change.kind == "moved" and moved)


THREE = ("DE", "FR", "PL")
#: Whichever two countries sources name, one of the upper rules is shown for sure and displaces the lowest.
UPPER = [rule(f"r{n}", where("world", but=[THREE[n]]), unsure=HIDE_ALL, supersedes=("r0",)) for n in (1, 2)]
LOWEST = rule("r0", THREE[0], unsure=HIDE_ALL | {"contested": "show"})


@st.composite
def standoffs(draw):
    """Rules on one of three countries or on all but one that displace one another, and the same without one of them."""
    places = [place for code in THREE for place in (where(code), where("world", but=[code]))]
    made = []
    for number in range(draw(st.integers(3, 4))):
        targets = draw(generate.subsets([one.id for one in made])) if made else ()
        unsure = HIDE_ALL | {"contested": draw(st.sampled_from(("show", "hide")))}
        at = draw(st.sampled_from(places))
        made.append(rule(f"r{number}", at, unsure=unsure, supersedes=tuple(targets)))
    left = draw(st.integers(0, len(made) - 1))
    return ruleset(*made), ruleset(*made[:left], *made[left + 1 :])


@settings(max_examples=50, deadline=None)
@given(standoffs(), st.booleans())
@example((ruleset(*UPPER), ruleset(LOWEST, *UPPER)), False)
def test_what_takes_three_sources_is_listed(rules, turned):
    """Whichever two or three countries sources name, their changes are listed of no more; what is listed happens."""
    rules = rules[::-1] if turned else rules
    told = [(effect.change, effect.visitors) for effect in compared(*rules).effects]
    for change, visitors in told:
        for candidates in visitors.disagreeing:
            changes, moved = expected(*rules, Location(candidates), Page(), NOON)
            assert (change.kind, change.rules) in changes or (change.kind == "moved" and moved)
    for several in [*combinations(THREE, 2), THREE]:
        listed = {
            (change.kind, change.rules)
            for change, visitors in told
            if {*several} <= {*visitors.regions} or any(len(one) <= len(several) for one in visitors.disagreeing)
        }
        assert expected(*rules, Location(several), Page(), NOON)[0] <= listed


@settings(max_examples=40, deadline=None)
@given(generate.rulesets(most=5))
def test_a_ruleset_does_not_differ_from_itself(rules):
    """Nothing more than what changes."""
    found = compared(rules, rules)
    assert (found.effects, found.purge.keys, found.alone) == ((), (), ())


@settings(max_examples=25, deadline=None)
@given(edits())
def test_what_one_gains_the_other_way_loses(rules):
    """There and back are mirror images."""
    turned = {"gained": "lost", "lost": "gained", "changed": "changed"}
    there, back = compared(*rules).effects, compared(*reversed(rules)).effects
    assert {(turned[kind], ids) for kind, ids in keys_of(there)} == keys_of(back)


# What a reader cannot see --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"title": "Other"}, id="title"),
        pytest.param({"owner": "other-desk"}, id="owner"),
        pytest.param({"priority": 5}, id="priority without a rival"),
        pytest.param({"group": "alone"}, id="group of one"),
        pytest.param({"where": where(CONTROLLED, "RU")}, id="the same regions in another order"),
        pytest.param({"where": where("RU", "RU-MOW", CONTROLLED)}, id="a region within a region"),
        pytest.param({"windows": (Window(None, day("2026-12-01")), Window(day("2026-12-01"), None))}, id="two windows"),
        pytest.param({"texts": (texts("Text of a"), texts("Text of a", "2026-12-01"))}, id="same words"),
        pytest.param({"pages": pages(tags=["x"], exclude=[pages(sections=[])])}, id="an exception that is no page's"),
    ],
)  # fmt: skip
def test_what_no_reader_sees_is_no_change(change):
    """Not a title, nor another way to write the same."""
    base = rule("a", where("RU", CONTROLLED), pages=change.get("pages", PageCondition()) and pages(tags=["x"]))
    assert sentences([base], [replace(base, **change)]) == []


def test_a_draft_is_no_change():
    """Until it is active."""
    assert sentences([], [rule("a", status="draft")]) == []
    assert sentences([rule("a", status="draft")], [rule("a")]) == ["Everybody: new notice a"]


def test_a_text_that_nobody_is_shown_is_no_change():
    """Of a rule that is always in Russian, the English text is nobody's."""
    one, other = (rule("a", text={"ru": "Текст", "en": word}, languages=["ru"]) for word in ("One", "Two"))
    assert sentences([one], [other]) == []


def test_a_default_language_matters_where_it_chooses():
    """Readers of pages whose language nobody stated see another text."""
    rules = [rule("a", text={"en": "One", "ru": "Один"}), rule("b", text={"en": "Alone"})]
    one, other = (ruleset(*rules, defaults=Defaults(language=tag)) for tag in ("en", "ru"))
    (effect,) = compared(one, other).effects
    assert effect.change.rules == ("a",)
    assert effect.change.differences == (("text in en, ru as shown", "One", "Один"),)


def test_a_language_that_no_text_is_in_can_choose_between_two_that_are_near():
    """Of two kinds of English the first is for readers of plain English: they alone see that the two changed places."""
    first, second = {"en-GB": "One"}, {"en-AU": "Two"}
    one, other = (
        ruleset(rule("a", text={**texts, "ru": "Три"}), defaults=Defaults(language="ru"))
        for texts in (first | second, second | first)
    )
    (effect,) = compared(one, other).effects
    assert effect.change.differences == (("text in en-GB, en-AU as shown", "One", "Two"),)


# Who, when, where ----------------------------------------------------------------------------------------------------


def test_the_founding_rule_is_told_in_one_sentence():
    """Regions by country, pages by kind, the day from which it holds."""
    dated = [Window(day("2026-11-30T21:00"), None, "Europe/Moscow")]
    new = rule("ru-x", where("RU", CONTROLLED), unsure=HIDE_ALL, windows=dated, pages=pages(surfaces=["article"]))
    assert sentences([], [new]) == [
        "Readers in RU and 2 regions of Ukraine (UA-40, UA-43), on articles, from 1 Dec 2026: new notice ru-x"
    ]


def test_regions_are_listed_whole():
    """Every subdivision of Russia; those of Ukraine that the set lists, and Ukraine where no more is known."""
    (effect,) = compared([], [rule("a", where("RU", CONTROLLED), kind="reader-safety")]).effects
    assert set(effect.visitors.regions) == below("RU") | {
        "UA", "UA-09", "UA-14", "UA-23", "UA-40", "UA-43", "UA-65",
    }  # fmt: skip
    assert (effect.visitors.unknown, effect.visitors.anonymous) == (True, True)
    assert sentence(effect).startswith(
        "Readers in RU and 6 regions of Ukraine (UA-09, UA-14, UA-23, UA-40, UA-43, UA-65), of whom only Ukraine is "
        "known, of unknown place, behind Tor or a VPN or whose sources disagree (such as "
    )


@pytest.mark.parametrize(
    ("at", "words"),
    [
        pytest.param("world", "Everybody: new notice a", id="everybody"),
        pytest.param("DE", "Readers in DE: new notice a", id="one country"),
        pytest.param("DE-BY", "Readers in DE-BY (Bayern): new notice a", id="one region"),
        pytest.param(["AT-1", "AT-2"], "Readers in 2 regions of Austria (AT-1, AT-2): new notice a", id="regions"),
        pytest.param(
            where("world", but=["DE", "AT-1"]),
            "Readers in every country but AT and DE and 8 regions of Austria (AT-2, AT-3, AT-4, AT-5, AT-6, AT-7, "
            "AT-8, AT-9): new notice a",
            id="exceptions",
        ),
    ],
)
def test_places_are_named_as_people_name_them(at, words):
    """Whole countries by code, parts by number and code, nearly all by what is left out."""
    assert sentences([], [rule("a", at, unsure=HIDE_ALL)]) == [words]


def test_a_change_of_unsure_alone_concerns_those_in_doubt():
    """Only visitors of whom it is not known."""
    one, other = (rule("a", "UA-43", unsure=unsure) for unsure in (HIDE_ALL, HIDE_ALL | {"coarse": "show"}))
    (effect,) = compared([one], [other]).effects
    assert (effect.visitors.regions, effect.visitors.unknown, effect.visitors.anonymous) == (("UA",), False, False)
    assert sentence(effect).startswith("Readers of whom only Ukraine is known or whose sources disagree (such as ")


def test_a_cause_that_only_disagreeing_sources_have_is_found():
    """No single region of Germany's rule is contested, two sources that differ are."""
    one, other = (rule("a", "DE", unsure=unsure) for unsure in (HIDE_ALL, HIDE_ALL | {"contested": "show"}))
    (effect,) = compared([one], [other]).effects
    assert effect.visitors == Visitors(disagreeing=(("DE", "FR"),))
    assert sentence(effect) == "Readers whose sources disagree (such as FR and DE): new notice a"


def test_a_set_entry_with_dates_changes_its_region_then():
    """Romania, and those of whom both of its sources said that they are in the set."""
    one = rule("a", where("DE", Entry("RO", start=day("2027-01-01"))), unsure=HIDE_ALL)
    other = rule("a", where("DE", Entry("RO", start=day("2028-01-01"))), unsure=HIDE_ALL)
    assert sentences([one], [other]) == [
        "Readers in RO or whose sources disagree (such as RO and DE), from 1 Jan 2027 to 31 Dec 2027: no more notice a"
    ]


def test_windows_are_compared_to_the_moment():
    """From the first moment that differs to the last, and both ends at once where a window moves."""
    one, other = (rule("a", "DE", unsure=HIDE_ALL, windows=[w]) for w in
                  (("2026-12-01", "2026-12-10"), ("2026-12-05", "2026-12-12T18:00")))  # fmt: skip
    assert sentences([one], [other]) == [
        "Readers in DE, from 10 Dec 2026 to 12 Dec 2026, 17:59:59 UTC: new notice a",
        "Readers in DE, from 1 Dec 2026 to 4 Dec 2026: no more notice a",
    ]


def test_a_period_keeps_the_zone_of_its_first_moment():
    """Also where something else of the rule changes within it, at a moment that is told in another zone."""
    dated = [Window(day("2026-11-30T21:00"), None, "Europe/Moscow")]
    new = rule("a", "DE", unsure=HIDE_ALL, windows=dated, texts=[texts("One"), texts("Two", "2026-12-05T10:00")])
    assert sentences([], [new]) == ["Readers in DE, from 1 Dec 2026: new notice a"]


def test_periods_that_do_not_meet_are_told_apart():
    """One sentence for all of them, and nothing for the time between."""
    new = rule("a", "DE", unsure=HIDE_ALL, windows=[("2026-12-01", "2026-12-05"), ("2026-12-10", "2026-12-15")])
    assert sentences([], [new]) == [
        "Readers in DE, from 1 Dec 2026 to 4 Dec 2026 and from 10 Dec 2026 to 14 Dec 2026: new notice a"
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(
            {"tags": ["a"]},
            {"tags": ["a", "b"]},
            ["on pages tagged a or b, but not on pages tagged a: new notice r"],
            id="one more tag",
        ),
        pytest.param(
            {}, {"surfaces": ["article"]}, ["on all pages, but not on articles: no more notice r"], id="only articles"
        ),
        pytest.param(
            {"paths": ["/a/**"]},
            {"paths": ["/a/**"], "tags": ["x"]},
            ["on pages with path /a/**, but not on pages with path /a/** tagged x: no more notice r"],
            id="a narrower condition",
        ),
        pytest.param(
            {"tags": ["a"]},
            {"sections": ["b"]},
            [
                "on pages in section b, but not on pages tagged a: new notice r",
                "on pages tagged a, but not on pages in section b: no more notice r",
            ],
            id="another condition",
        ),
    ],
)
def test_pages_are_described_by_their_conditions(old, new, words):
    """By what the rules ask, with what is left out after it."""
    said = sentences(*([rule("r", "DE", unsure=HIDE_ALL, pages=pages(**asked))] for asked in (old, new)))
    assert said == [f"Readers in DE, {one}" for one in words]


def test_a_rule_that_hides_another_is_seen_by_those_who_lose_it():
    """What a new rule of the group displaces is lost where both would stand, and there alone."""
    old = rule("low", "world", group="g", unsure=HIDE_ALL)
    new = rule("top", "DE", group="g", priority=9, unsure=HIDE_ALL, pages=pages(tags=["x"]))
    assert sentences([old], [old, new]) == [
        "Readers in DE, on pages tagged x: no more notice low",
        "Readers in DE, on pages tagged x: new notice top",
    ]


def test_another_order_is_a_change_where_both_stand():
    """Only for readers who see both."""
    old = [rule("a", "DE", priority=1, unsure=HIDE_ALL), rule("b", "world", unsure=HIDE_ALL)]
    new = [old[0], replace(old[1], priority=2)]
    assert sentences(old, new) == ["Readers in DE: another order of notices: b, a"]


def test_a_publishers_hosts_decide_whose_pages_change():
    """Where the publishers' hosts differ, a condition says by whose it is read."""
    rules = [rule("a", "DE", unsure=HIDE_ALL, pages=pages(publishers=["x"]))]
    one, other = (
        ruleset(*rules, publishers={"x": Publisher("x", {"en": "X"}, hosts)})
        for hosts in (("a.example",), ("b.example",))
    )
    assert sentences(one, other) == [
        f"Readers in DE, on pages of publisher x (by the {mine} publishers), "
        f"but not on pages of publisher x (by the {other} publishers): {what} notice a"
        for mine, other, what in (("new", "old", "new"), ("old", "new", "no more"))
    ]


def test_a_publishers_name_changes_the_pages_that_say_it():
    """Only that publisher's pages, only the notices with the slot; told as it is shown."""
    rules = [rule("a", text="By {publisher}.", unsure=HIDE_ALL), rule("b")]
    one, other = (
        ruleset(*rules, publishers={"x": Publisher("x", {"en": name}), "y": Publisher("y", {"en": "Y"})},
                defaults=Defaults(publisher="y"))
        for name in ("X", "New X")
    )  # fmt: skip
    (effect,) = compared(one, other).effects
    assert sentence(effect) == "Everybody, on pages of publisher x: notice a changed (text in en as shown)"
    assert effect.change.differences == (("text in en as shown", "By X.", "By New X."),)


def test_differences_name_each_thing_and_both_values():
    """Form by form and text by text, as editors write them."""
    old = rule("a", text={"en": Text("One", "Title"), "ru": "Один"}, features={"share": "hide"}, law=("Act 1",))
    new = replace(
        old, texts=(texts({"en": Text("Two", None, "Short"), "ru": "Один"}),), features={},
        display=Display(level="legal", scale=2.0, first=True, at=(Place("after", "h1"), BUILT_IN_PLACES["bottom"])),
    )  # fmt: skip
    (effect,) = compared([old], [new]).effects
    assert effect.change.differences == (
        ("level", "info", "legal"),
        ("place", "top", '{"after": "h1"}, bottom'),
        ("scale", None, "2.0"),
        ("first", None, "yes"),
        ("features", "share: hide", None),
        ("text in en", "One", "Two"),
        ("title in en", "Title", None),
        ("short text in en", None, "Short"),
    )


def test_withheld_pages_are_called_so():
    """451 is no notice."""
    order = rule("o", "DE", action="withhold", texts=())
    assert sentences([], [order]) == ["Readers in DE: page newly withheld by o"]
    assert sentences([order], []) == ["Readers in DE: page no longer withheld by o"]


def test_a_confidential_rule_that_is_unchanged_is_the_same():
    """Its public token is another in every ruleset; its readers see nothing of it."""
    secret = rule("s", confidential=True)
    one, other = (ruleset(secret, digest=f"sha256:{digit * 64}") for digit in "12")
    other = replace(other, contested={})
    assert compared(one, other).effects == ()


def test_one_instant_alone_can_be_compared():
    """What comes later is left out."""
    new = rule("a", "DE", windows=[("2026-12-01", None)], unsure=HIDE_ALL)
    assert compared([], [new], at=day("2026-11-30")).effects == ()
    (effect,) = compared([], [new], at=day("2026-12-01")).effects
    assert sentence(effect, timeless=True) == "Readers in DE: new notice a"


def test_a_label_moves_those_of_whom_it_is_said():
    """Only where the two places are shown something else; the candidates of both rulesets are named."""
    label = Label(frozenset({"RU"}), frozenset({"Crimea"}), frozenset({"CR"}), "UA-43")
    for at, moved in (("UA", True), ("DE", False)):
        rules = [rule("a", at, unsure=HIDE_ALL | {"contested": "show"})]
        found = compared(ruleset(*rules), ruleset(*rules, labels=(label,)))
        assert found.effects == ()
        assert found.same is not moved
        names = [(one.country, one.said, one.old, set(one.new)) for one in found.labels]
        both = {"UA-43", "RU"}
        assert names == ([("RU", "Crimea", ("RU",), both), ("RU", "CR", ("RU",), both)] if moved else [])


@pytest.mark.parametrize("windows", [[("2027-01-01", None)], [(None, "2026-01-01")]], ids=["to come", "past"])
def test_a_label_counts_whenever_it_would_move_somebody(windows):
    """Not only now: what a rule shows later, or showed before, is told; of one instant alone nothing else is."""
    label = Label(frozenset({"RU"}), frozenset({"Crimea"}), frozenset(), "UA-43")
    only = rule("a", "UA", unsure=HIDE_ALL | {"contested": "show"}, windows=windows)
    old, new = ruleset(only), ruleset(only, labels=(label,))
    assert [one.said for one in compared(old, new).labels] == ["Crimea"]
    assert compared(old, new, at=NOON).labels == ()


def test_a_table_of_contested_places_changes_who_is_shown_what():
    """Equal rules, read by another table: readers of whom sources say Russia may be in Crimea, or are not."""
    only = rule("a", "UA-43", unsure=HIDE_ALL | {"contested": "show"})
    (effect,) = compared(ruleset(only, contested={}), ruleset(only, contested={"UA-43": frozenset({"RU"})})).effects
    assert sentence(effect) == (
        "Readers of whom only Russian Federation is known or whose sources disagree (such as RU and DE): new notice a"
    )


def test_a_later_version_of_a_text_is_compared_for_itself():
    """The first version is the same in both; the change begins with the second."""
    one, other = (
        rule("a", "DE", unsure=HIDE_ALL, texts=[texts("First"), texts(words, "2026-12-01")])
        for words in ("Second", "Another second")
    )
    (effect,) = compared([one], [other]).effects
    assert sentence(effect) == "Readers in DE, from 1 Dec 2026: notice a changed (text in en)"
    assert effect.change.differences == (("text in en", "Second", "Another second"),)


def test_what_happens_to_page_parts_is_a_change_though_no_word_is():
    """A share button that goes away is seen by readers."""
    one = rule("a", "DE", unsure=HIDE_ALL, features={"share": "warn"})
    assert sentences([one], [replace(one, features={"share": "hide"})]) == [
        "Readers in DE: notice a changed (features)"
    ]


def test_publishers_count_in_exceptions_too():
    """Where the publishers' hosts differ, pages that an exception leaves out are others."""
    rules = [rule("a", "DE", unsure=HIDE_ALL, pages=pages(exclude=[pages(publishers=["x"])]))]
    one, other = (
        ruleset(*rules, publishers={"x": Publisher("x", {"en": "X"}, hosts)})
        for hosts in (("a.example",), ("b.example",))
    )
    said = sentences(one, other)
    assert len(said) == 2
    assert all("(by the old publishers)" in line and "(by the new publishers)" in line for line in said)


def test_a_publishers_name_in_a_title_alone_is_a_change():
    """Only on pages of that publisher."""
    rules = [rule("a", text={"en": Text("Words", "From {publisher}")}, unsure=HIDE_ALL)]
    one, other = (
        ruleset(*rules, publishers={"x": Publisher("x", {"en": name}), "y": Publisher("y", {"en": "Y"})},
                defaults=Defaults(publisher="y"))
        for name in ("X", "New X")
    )  # fmt: skip
    assert sentences(one, other)[0].startswith("Everybody, on pages of publisher x: notice a changed")


def test_every_part_of_a_country_without_the_country_is_called_so():
    """Where the country's own code is not among them, for of it more is not known."""
    parts = sorted(code for code in parents() if code.startswith("AT-"))
    assert sentences([], [rule("a", parts, unsure=HIDE_ALL)]) == ["Readers in every region of Austria: new notice a"]


# Caches --------------------------------------------------------------------------------------------------------------


def test_the_keys_of_those_concerned_are_purged():
    """Under the old rules, for whatever they had; with the paths where the change is on some alone."""
    common = rule("c", "FR", unsure=HIDE_ALL)
    new = rule("a", where("FR", "DE"), unsure=HIDE_ALL, pages=pages(paths=["/news/**", "/about"]))
    found = compared([common], [common, new])
    keys = {visitor_key(build_index(ruleset(common)), place(code), NOON).value for code in ("FR", "DE")}
    assert set(found.purge.keys) == keys
    assert "00000000" in keys
    assert (found.purge.paths, found.purge.hosts) == (("/about", "/news/**"), ())


@pytest.mark.parametrize(
    ("cause", "location"),
    [("unknown", Location()), ("anonymous", Location(network="tor"))],
    ids=["unknown", "anonymous"],
)
def test_the_keys_of_those_of_whom_nothing_is_known_are_purged(cause, location):
    """What they had of another rule is stored under a key of theirs."""
    had = rule("had", "FR", unsure=HIDE_ALL | {cause: "show"})
    found = compared([had], [had, rule("new", "DE", unsure=HIDE_ALL | {cause: "show"})])
    theirs = visitor_key(build_index(ruleset(had)), location, NOON).value
    assert theirs != "00000000"
    assert theirs in found.purge.keys


def test_all_pages_stand_for_those_that_are_among_them():
    """Where one change is on every page, the pages of another need no line of their own."""
    found = compared([], [rule("a", "FR", unsure=HIDE_ALL), rule("b", "DE", unsure=HIDE_ALL, pages=pages(tags=["x"]))])
    assert found.purge.pages == (PageGroup(),)


def test_what_is_over_is_in_no_cache():
    """A change of the past alone asks for nothing."""
    old = rule("a", "DE", windows=[("2020-01-01", "2021-01-01")], unsure=HIDE_ALL)
    found = compared([old], [])
    assert len(found.effects) == 1
    assert (found.purge.keys, found.purge.pages) == ((), ())


def test_too_many_pages_are_said_so():
    """Where rules cannot be enumerated together each is compared alone, and named."""
    many = [rule(f"r{n:02}", unsure=SHOW_ALL, pages=pages(tags=[f"t{n}"]), group="g") for n in range(16)]
    found = compared(many, [*many, rule("new", "DE", group="g", pages=pages(tags=["x"]))])
    assert set(found.alone) == {"new", *(one.id for one in many)}
    assert [effect.change.rules for effect in found.effects] == [("new",)]


def test_no_region_is_left_out():
    """Everybody is every code there is."""
    (effect,) = compared([], [rule("a")]).effects
    assert set(effect.visitors.regions) == set(parents())
    assert expected(ruleset(), ruleset(rule("a")), Location(), Page(), NOON) == ({("gained", ("a",))}, False)


def test_several_conditions_on_pages_are_one_sentence():
    """What a page must also be is joined by and, what it must not be by nor."""
    article, news = (
        PageTest(PageCondition(surfaces=frozenset({"article"}))),
        PageTest(PageCondition(paths=("/news/**",))),
    )
    tagged, gpc = PageTest(PageCondition(tags=frozenset({"a"}))), PageTest(PageCondition(gpc=True))
    assert pages_in_words([PageGroup((article, news, tagged), (gpc,))]) == (
        "on articles that are also pages with path /news/** and also pages tagged a, "
        "but not on pages asked for with Sec-GPC"
    )
    assert (
        pages_in_words([PageGroup((), (article, tagged))]) == "on all pages, but not on articles, nor on pages tagged a"
    )
    assert pages_in_words([PageGroup((), ())]) == ""


def test_what_a_condition_excepts_stands_behind_it():
    """In brackets, one after the other; and whether the browser signals is said either way."""
    asked = pages(tags=["x"], exclude=[pages(sections=["s"]), pages(surfaces=["home"], gpc=False)])
    assert pages_in_words([PageGroup((PageTest(asked),))]) == (
        "on pages tagged x (except pages in section s) (except home pages asked for without Sec-GPC)"
    )


def test_three_kinds_of_disagreement_are_named_and_the_others_counted():
    """The codes that people know least first, for they are what the rule is about."""
    several = (("DE", "AT"), ("FR", "PL"), ("RU", "UA-43"), ("BR", "AQ"), ("DE", "FR", "PL"))
    assert visitors_in_words(Visitors(disagreeing=several)) == (
        "readers whose sources disagree (such as AT and DE; PL and FR; RU and UA-43; and 2 more kinds)"
    )
    assert visitors_in_words(Visitors(disagreeing=several[:3])) == (
        "readers whose sources disagree (such as AT and DE; PL and FR; RU and UA-43)"
    )


def test_two_places_by_the_article_are_one_on_pages_that_list_articles():
    """There both are the bottom, where the notice stands once: nothing changes on home and section pages."""
    one, other = (
        rule("a", "DE", unsure=HIDE_ALL, display=Display(at=tuple(BUILT_IN_PLACES[name] for name in names)))
        for names in (["after-article"], ["after-article", "before-article"])
    )
    assert sentences([one], [other]) == [
        "Readers in DE, on all pages, but not on home pages or section pages: notice a changed (place)"
    ]
