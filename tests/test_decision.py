"""Decisions: notices and their languages, variant, JSON, confidential rules, headers read, others who differ."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from itertools import combinations

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from notices.engine import decide
from notices.fragment import Inline, Unstyled, render_fragment
from notices.index import build_index
from notices.location import Entry, Location
from notices.page import Page
from notices.ruleset import (
    BOTTOM,
    BUILT_IN_PLACES,
    TOP,
    Defaults,
    Display,
    Link,
    Place,
    Publisher,
    Source,
    Text,
)
from tests import generate, judge
from tests.build import CONTROLLED, HIDE_ALL, NOON, SHOW_ALL, day, pages, place, rule, ruleset, texts, where

LANGUAGES = {"en": "English", "ru": "По-русски", "ar": "بالعربية"}


def ask(*rules, location=None, page=None, languages=(), at=NOON, **fields):
    return decide(build_index(ruleset(*rules, **fields)), location or Location(), page or Page(), languages, at)


def said(decision):
    return [(notice.rule, notice.language) for notice in decision.notices]


@pytest.mark.parametrize(
    ("policy", "page", "visitor", "expected"),
    [
        pytest.param(["page"], "ru", ("en",), ["ru"], id="page"),
        pytest.param(["page"], None, ("ru",), ["en"], id="a page of no stated language is in the default"),
        pytest.param(["visitor"], "ru", ("ar", "en"), ["ar"], id="visitor"),
        pytest.param(["page", "ru"], "en", (), ["en", "ru"], id="a literal tag"),
        pytest.param(["page", "ru"], "ru", (), ["ru"], id="no repeats"),
        pytest.param(["visitor", "page"], "en", ("ru",), ["ru", "en"], id="in the order of the policy"),
        pytest.param(["page"], "be", (), ["ru"], id="the nearest by CLDR"),
        pytest.param(["page"], "sw", (), ["en"], id="never nothing"),
    ],
)
def test_one_notice_for_each_text(policy, page, visitor, expected):
    """The policy's words each name one text, in that order."""
    decision = ask(
        rule("r", text=LANGUAGES, languages=policy),
        page=Page(language=page),
        languages=visitor,
        defaults=Defaults(language="en"),
    )
    assert said(decision) == [("r", language) for language in expected]


def test_notices_come_rule_by_rule():
    """All texts of the highest rule, then those of the next."""
    upper = rule("upper", text=LANGUAGES, languages=["page", "ru"], priority=1)
    assert said(ask(upper, rule("lower"), page=Page(language="en"))) == [
        ("upper", "en"),
        ("upper", "ru"),
        ("lower", "en"),
    ]


def test_a_notice_has_all_that_a_reader_needs():
    """Text, form, place and link, each in the notice's language."""
    made = rule(
        "r",
        text={"ar": Text("نص **مهم**", title="عنوان", short="قصير"), "en": Text("x")},
        law=("129-FZ", "280-FZ"),
        link=Link("https://courier.example/safety", {"en": "More", "ar": "المزيد"}),
        display=Display(at=(TOP, BOTTOM), level="legal", scale=2.0, first=True, collapsible=True),
    )
    [notice] = ask(made, page=Page(language="ar")).notices
    assert notice.rule == "r"
    assert notice.sure
    assert (notice.level, notice.at, notice.scale, notice.first, notice.collapsible) == (
        "legal",
        (TOP, BOTTOM),
        2.0,
        True,
        True,
    )
    assert (notice.language, notice.direction) == ("ar", "rtl")
    assert (notice.title, notice.text, notice.short) == ("عنوان", "نص مهم", "قصير")
    assert notice.body == "<p>نص <strong>مهم</strong></p>"
    assert (notice.href, notice.label) == ("https://courier.example/safety", "المزيد")
    assert notice.law == ("129-FZ", "280-FZ")


PUBLISHERS = {
    "courier": Publisher("courier", {"en": "The Courier", "ru": "Курьер"}, ("courier.example",)),
    "other": Publisher("other", {"en": "Other"}, ("*.other.example",)),
}


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(Page(host="courier.example"), "The Courier", id="by host"),
        pytest.param(Page(host="courier.example", language="ru"), "Курьер", id="in the notice's language"),
        pytest.param(Page(host="www.other.example", language="ru"), "Other", id="the nearest name there is"),
        pytest.param(Page(host="courier.example", publisher="other"), "Other", id="stated"),
        pytest.param(Page(host="else.example"), "Other", id="the default"),
        pytest.param(Page(publisher="undeclared"), "Other", id="an undeclared one is nobody"),
    ],
)
def test_the_publisher_slot_names_the_pages_publisher(page, expected):
    """One rule serves all publishers of a house."""
    made = rule("r", text={"en": "By {publisher}.", "ru": "{publisher}."})
    decision = ask(made, page=page, publishers=PUBLISHERS, defaults=Defaults(language="en", publisher="other"))
    assert decision.notices[0].text.removeprefix("By ") == f"{expected}."


def test_remembered_texts_are_kept_apart_by_publisher():
    """One publisher's name never stands in another's page."""
    index = build_index(ruleset(rule("r", text="By {publisher}"), publishers=PUBLISHERS))
    names = [
        decide(index, Location(), Page(publisher=name), (), NOON).notices[0].text
        for name in ("courier", "other", "courier")
    ]
    assert names == ["By The Courier", "By Other", "By The Courier"]


def test_the_law_slot_lists_the_law():
    """``{law}`` is what the rule cites; slots are text, never Markdown."""
    made = rule("r", text="Under {law}", law=("Act *one*", "Act <two>"))
    [notice] = ask(made).notices
    assert notice.text == "Under Act *one*; Act <two>"
    assert notice.body == "<p>Under Act *one*; Act &lt;two&gt;</p>"


@pytest.mark.parametrize(
    ("surface", "expected"),
    [("home", True), ("section", True), ("article", False), ("search", False), (None, False)],
)
def test_the_articles_places_are_the_bottom_of_pages_that_list_articles(surface, expected):
    """A home page has many articles, and the notice belongs to none of them; its first name still claims a marker."""
    both = (BUILT_IN_PLACES["before-article"], BUILT_IN_PLACES["after-article"])
    own = Place("after", "article", "own")
    index = build_index(ruleset(rule("r", places=both), rule("s", places=[own])))
    notices = decide(index, Location(), Page(surface=surface), (), NOON).notices
    bottom = Place("bottom", name="before-article", bottom_on_index=True)
    assert [notice.at for notice in notices] == [(bottom,) if expected else both, (own,)]
    assert notices[0].at[0].as_json() == ("bottom" if expected else "before-article")


def test_of_two_rules_hide_wins():
    """A feature that one rule hides is hidden, whatever the others warn of."""
    rules = [
        rule("a", features={"share": "warn", "comment": "warn"}, priority=9),
        rule("b", features={"share": "hide"}),
        rule("c", features={"share": "warn"}),
    ]
    assert ask(*rules).features == {"share": "hide", "comment": "warn"}


def test_the_highest_rule_that_warns_gives_the_words():
    """The short text before a part of the page is that of the rule which warns of it."""
    rules = [
        rule("a", features={"share": "warn"}, text=LANGUAGES, languages=["en", "ru"], priority=1),
        rule("b", features={"share": "warn", "comment": "warn"}),
        rule("c", features={"donate": "hide"}),
    ]
    decision = ask(*rules)
    words = {name: [(one.rule, one.language) for one in decision.warning(name)] for name in ("share", "comment")}
    assert words == {"share": [("a", "en"), ("a", "ru")], "comment": [("b", "en")]}
    assert decision.warning("donate") == decision.warning("nothing") == ()


def test_withholding_is_named_among_the_notices():
    """A page may be withheld and warned of at once; the withholding rule has an entry too."""
    decision = ask(rule("court", action="withhold", text="Withheld"), rule("other"))
    assert decision.action == "withhold"
    assert [notice.rule for notice in decision.notices] == ["court", "other"]


def test_a_withholding_rule_without_a_text_has_neutral_words():
    """The reader's own language, and no word of the matter."""
    [notice] = ask(rule("court", action="withhold", text=None), languages=("ru",)).notices
    assert (notice.language, notice.title) == ("ru", "Недоступно по юридическим причинам")
    assert notice.text == "Эту страницу нельзя показать вам по юридическим причинам."


SECRET = {
    "confidential": True,
    "law": ("Order 7/2026 of the Court",),
    "sources": (Source("https://court.example/secret-7"),),
    "owner": "secret-desk",
}


def test_a_confidential_rule_leaves_no_trace():
    """Neither id nor title nor law nor source in anything public."""
    secret = rule("secret-order", text="Not available. {law}", action="withhold", **SECRET)
    decision = ask(secret, rule("open", priority=1))
    text = repr(decision.as_dict())
    for word in ("secret-order", "Title of secret", "7/2026", "court.example", "secret-desk"):
        assert word not in text
    [_, notice] = decision.notices
    assert re.fullmatch(r"confidential-[0-9a-f]{16}", notice.rule)
    assert notice.law == ()
    assert decision.as_dict()["notices"][1]["rule"] == notice.rule


def test_a_token_is_one_for_each_rule_and_ruleset():
    """The same in every worker, another for each rule, another with each ruleset."""
    rules = [rule("a", **SECRET), rule("b", **SECRET)]
    first = [notice.rule for notice in ask(*rules).notices]
    assert first == [notice.rule for notice in ask(*rules).notices]
    later = [notice.rule for notice in ask(*rules, digest="sha256:" + "1" * 64).notices]
    assert len({*first, *later}) == 4


def test_a_token_cannot_be_guessed_from_a_guessed_id():
    """The ruleset's digest is public, and ids can be guessed: what nobody knows of the rule must enter."""
    one, other = rule("a", **SECRET), replace(rule("a", **SECRET), title="Another title")
    assert ask(one).notices[0].rule != ask(other).notices[0].rule


def test_a_page_that_turns_out_to_be_in_another_language():
    """Texts whose policy says page are chosen again; the variant, which went out before, stays."""
    index = build_index(
        ruleset(rule("r", text=LANGUAGES, languages=["page", "ru"]), rule("s", text=LANGUAGES, languages=["en"]))
    )
    decision = decide(index, Location(), Page(), (), NOON)
    arabic = decision.in_page_language("ar")
    assert said(decision) == [("r", "en"), ("r", "ru"), ("s", "en")]
    assert said(arabic) == [("r", "ar"), ("r", "ru"), ("s", "en")]
    assert arabic.variant == decision.variant
    assert said(arabic.in_page_language("en-GB")) == said(decision)
    assert (decision.page_language, arabic.page_language) == (None, "ar")


def test_the_visitors_language_stays_where_the_pages_is_read():
    """Reading the page's language changes nothing for those who get their own."""
    index = build_index(ruleset(rule("r", text=LANGUAGES, languages=["visitor", "page"])))
    decision = decide(index, Location(), Page(), ("ru",), NOON).in_page_language("ar")
    assert said(decision) == [("r", "ru"), ("r", "ar")]


BASE = {"text": LANGUAGES, "languages": ["page"]}


def variant_of(made, **question):
    return ask(made, **question).variant


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"text": {**LANGUAGES, "ru": "Иначе"}}, id="a text"),
        pytest.param({"text": {**LANGUAGES, "uk": "Українською"}}, id="another text"),
        pytest.param({"text": {**LANGUAGES, "en": Text("English", title="Title")}}, id="a title"),
        pytest.param({"text": {**LANGUAGES, "en": Text("English", short="Short")}}, id="a short text"),
        pytest.param({"languages": ["page", "ru"]}, id="the language policy"),
        pytest.param({"places": [BOTTOM]}, id="the place"),
        pytest.param({"features": {"share": "hide"}}, id="features"),
        pytest.param({"action": "withhold"}, id="the action"),
        pytest.param({"display": Display(level="warning")}, id="the level"),
        pytest.param({"display": Display(scale=2.0)}, id="the scale"),
        pytest.param({"display": Display(collapsible=True)}, id="the form"),
        pytest.param({"link": Link("https://x.example", {"en": "More"})}, id="the link"),
    ],
)
def test_the_variant_holds_all_that_a_page_gets(changed):
    """What changes a byte of the page changes the variant."""
    display = changed.get("display")
    languages = {} if display else {"languages": ["page"]}
    assert variant_of(rule("r", **{"text": LANGUAGES, **languages, **changed})) != variant_of(rule("r", **BASE))


def test_the_variant_is_eight_hex_digits():
    """Eight digits; eight zeros for nothing."""
    assert re.fullmatch(r"[0-9a-f]{8}", ask(rule("r")).variant)
    assert ask(rule("r", "RU")).variant == "00000000"


def test_the_variant_holds_the_format_of_the_fragment(monkeypatch):
    """A new form of the fragment makes every kept page another."""
    before = ask(rule("r")).variant
    monkeypatch.setattr("notices.index.contents.FORMAT", 10_000)
    assert ask(rule("r")).variant != before


def test_the_variant_holds_the_order():
    """The same rules in another order are another page."""
    assert ask(rule("a", priority=1), rule("b")).variant != ask(rule("a"), rule("b", priority=1)).variant


def test_the_variant_holds_the_publishers_name_where_a_text_names_it():
    """Another publisher is another text, unless no text speaks of them."""
    for text, differs in (("By {publisher}", True), ("By us", False)):
        variants = {variant_of(rule("r", text=text), publishers=PUBLISHERS, page=Page(publisher=p)) for p in PUBLISHERS}
        assert (len(variants) == 2) is differs


def test_the_variant_is_not_over_region_sureness_or_time():
    """Everyone who is shown the same shares the page."""
    made = rule("r", where("RU", CONTROLLED), unsure=SHOW_ALL, windows=[("2026-01-01", None)], **BASE)
    questions = [(place("RU"), NOON), (place("UA"), NOON), (Location(network="tor"), day("2027-01-01"))]
    assert len({variant_of(made, location=location, at=at) for location, at in questions}) == 1


def test_the_variant_is_not_over_rules_that_are_not_shown_nor_over_the_ruleset():
    """An edit elsewhere leaves kept pages good, also those of confidential rules."""
    made = rule("r", confidential=True, **BASE)
    alone = ask(made)
    beside = ask(made, rule("other", "DE"), rule("lost", pages=pages(tags=["x"])), digest="sha256:" + "2" * 64)
    assert alone.variant == beside.variant


def test_the_variant_is_not_over_the_pages_language():
    """The policy says ``page``; the language may be read only when the head is gone."""
    variants = {variant_of(rule("r", **BASE), page=Page(language=language)) for language in (None, "ru", "ar")}
    assert len(variants) == 1


def test_the_variant_holds_the_text_that_the_visitors_language_chose():
    """A changed Accept-Language must not revive the page in the old language."""
    made = rule("r", text=LANGUAGES, languages=["visitor"])
    assert variant_of(made, languages=("ru",)) != variant_of(made, languages=("en",))
    assert variant_of(made, languages=("ru",)) == variant_of(made, languages=("ru-RU", "en"))


@settings(max_examples=100, deadline=None)
@given(generate.rulesets(simple=True), generate.locations(), generate.locations(), generate.pages, generate.instants)
def test_equal_variants_are_equal_pages(rules, one, other, page, at):
    """Two visitors of one page share the variant if and only if the same rules are shown in the same order."""
    index = build_index(rules)
    decisions = [decide(index, location, page, ("ru",), at) for location in (one, other)]
    same = len({tuple(shown.rule.id for shown in decision.shown) for decision in decisions}) == 1
    assert (decisions[0].variant == decisions[1].variant) is same


def test_the_json_of_a_decision():
    """Exactly the shape of the endpoint."""
    made = rule(
        "ru-undesirable",
        where("RU", CONTROLLED),
        text={"ru": Text("Осторожно.", title="Внимание")},
        display=Display(at=(BUILT_IN_PLACES["after-article"], Place("before", "main > p")), level="warning"),
        features={"share": "hide"},
        law=("129-FZ",),
        link=Link("https://courier.example/safety", {"ru": "Подробнее"}),
        windows=[(None, "2027-01-01")],
    )
    decision = ask(made, location=Location(("UA-43", "RU"), None, "header"))
    [notice] = decision.notices
    html = render_fragment(notice, variant=decision.variant, style=Unstyled()).decode("ascii")
    assert decision.as_dict() == {
        "ruleset": {"digest": "sha256:" + "0" * 64},
        "location": {"candidates": ["UA-43", "RU"], "certainty": "known", "source": "header"},
        "at": "2026-11-22T12:00:00Z",
        "until": "2027-01-01T00:00:00Z",
        "variant": decision.variant,
        "action": "notice",
        "features": {"share": "hide"},
        "notices": [
            {
                "rule": "ru-undesirable",
                "sure": True,
                "level": "warning",
                "at": ["after-article", {"before": "main > p"}],
                "language": "ru",
                "direction": "ltr",
                "title": "Внимание",
                "text": "Осторожно.",
                "html": html,
                "link": {"href": "https://courier.example/safety", "label": "Подробнее"},
                "law": ["129-FZ"],
            }
        ],
    }
    assert html.startswith("<aside ")


def test_the_json_where_nothing_is_shown():
    """No notice, no link, no end: nulls and empty lists, not absent keys."""
    found = ask(rule("r", "RU", unsure=HIDE_ALL)).as_dict()
    assert found["location"] == {"candidates": ["world"], "certainty": "unknown", "source": "none"}
    assert (found["until"], found["variant"], found["action"]) == (None, "00000000", "none")
    assert (found["features"], found["notices"]) == ({}, [])
    assert ask(rule("r")).as_dict()["notices"][0]["link"] is None


def test_json_that_is_changed_changes_no_other_answer():
    """Who alters the JSON they were given alters their own."""
    index = build_index(
        ruleset(rule("r", law=("a",), link=Link("https://x.example", {"en": "x"}), places=[Place("after", "p")]))
    )
    first = decide(index, Location(), Page(), (), NOON).as_dict()
    [notice] = first["notices"]
    notice["at"][0]["after"] = notice["link"]["href"] = notice["text"] = "changed"
    notice["law"].append("changed")
    assert "changed" not in repr(decide(index, Location(), Page(), (), NOON).as_dict())


def test_a_style_goes_into_the_first_notice_only():
    """One style sheet a page is enough."""
    decision = ask(rule("a"), rule("b"))
    pieces = [notice["html"].count("<style>") for notice in decision.as_dict(Inline())["notices"]]
    assert pieces == [1, 0]


def test_a_decision_is_frozen():
    """What was decided is not changed afterwards."""
    decision = ask(rule("r"))
    with pytest.raises(FrozenInstanceError):
        decision.at = NOON


VISITORS = rule("v", text=LANGUAGES, languages=["visitor"], pages=pages(tags=["x"]))
SIGNAL = rule("g", "US-CA", pages=pages(gpc=True, tags=["y"]))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [("", set()), ("x", {"Accept-Language"}), ("y", {"Sec-GPC"}), ("xy", {"Accept-Language", "Sec-GPC"})],
)
@pytest.mark.parametrize("gpc", [None, False, True])
def test_the_headers_that_decide_a_page(tags, expected, gpc):
    """Only where a rule for such a page reads them, whoever asks."""
    decision = ask(VISITORS, SIGNAL, page=Page(tags=frozenset(tags), gpc=gpc), location=place("DE"))
    assert decision.varies == expected


def test_a_signal_in_an_exception_is_read_too():
    """``except: {signals: ...}`` depends on the header as much."""
    made = rule("r", pages=pages(exclude=[pages(gpc=True)]))
    assert ask(made).varies == {"Sec-GPC"}


@pytest.mark.parametrize(
    ("rules", "page", "expected"),
    [
        pytest.param([rule("r")], Page(), False, id="everyone is shown the same"),
        pytest.param([rule("r", "RU")], Page(), True, id="one country"),
        pytest.param([rule("r", "RU", pages=pages(tags=["x"]))], Page(), False, id="not on this page"),
        pytest.param([rule("r", "RU", windows=[(None, "2026-01-01")])], Page(), False, id="over"),
        pytest.param([rule("r", "RU", windows=[("2027-01-01", None)])], Page(), True, id="to come"),
        pytest.param([rule("r", windows=[("2027-01-01", None)])], Page(), False, id="to come for everyone"),
        pytest.param([rule("r", "RU"), rule("s", supersedes=("r",))], Page(), False, id="displaced everywhere"),
        pytest.param([rule("r", where("world", but=["DE-BY"]))], Page(), True, id="all but one subdivision"),
        pytest.param([rule("r", where(CONTROLLED))], Page(), True, id="a set"),
        pytest.param([rule("r", where(Entry("UA-14", part=True)))], Page(), False, id="a part, and no maybe is shown"),
        pytest.param(
            [rule("r", where(Entry("UA-14", part=True)), unsure={"contested": "show"})], Page(), True, id="a part shown"
        ),
        pytest.param([rule("r", "RU", unsure=SHOW_ALL), rule("s", "DE", unsure=SHOW_ALL)], Page(), True, id="two"),
    ],
)
def test_whether_others_differ(rules, page, expected):
    """A page that is the same for the whole world may be kept for all of it."""
    assert ask(*rules, page=page).others_differ is expected


def test_others_differ_where_only_united_sources_tell():
    """Two sources that disagree can be the only ones to whom a rule shows."""
    strange = where("RU", Entry("world", part=True))
    rules = [
        rule("upper", strange, unsure=SHOW_ALL, supersedes=("lower",)),
        rule("lower", "RU", unsure={**HIDE_ALL, "contested": "show"}),
    ]
    every = [place("RU"), place("DE"), Location(), Location(network="tor")]
    assert {tuple(one.rule.id for one in ask(*rules, location=location).shown) for location in every} == {("upper",)}
    assert [one.rule.id for one in ask(*rules, location=place("RU", "DE")).shown] == ["lower", "upper"]
    assert ask(*rules).others_differ


UNSPOKEN = ("BR", "UA-05", "UA-40", "UA-09", "GB-SCT", "GB-BKM", "RU-MOW", "DE-BY")
ELSEWHERE = (
    Location(),
    Location(network="tor"),
    *(place(region) for region in (*generate.REGIONS, *UNSPOKEN)),
    *(
        place(*pair)
        for pair in combinations((*generate.REGIONS, *UNSPOKEN), 2)
        if not (set(judge.line_of(pair[0])) & set(pair) > {pair[0]} or pair[0] in judge.line_of(pair[1]))
    ),
)


@settings(max_examples=60, deadline=None)
@given(generate.rulesets(most=3), generate.pages, generate.instants)
def test_others_differ_exactly_where_two_visitors_are_shown_different_rules(rules, page, at):
    """By brute force over all places, pairs of them and instants to come."""
    instants = [at, *(instant for instant in judge.instants(rules) if instant > at)]

    def shown(location, instant):
        return [id_ for id_, *_ in judge.shown(rules, location, page, instant)]

    differ = any(
        shown(location, instant) != shown(Location(), instant) for instant in instants for location in ELSEWHERE
    )
    assert decide(build_index(rules), Location(), page, (), at).others_differ is differ


def test_a_dated_text_is_the_one_in_force():
    """What is shown names the version."""
    made = rule("r", texts=(texts("Old", "2010-06-09"), texts("New", "2022-10-02")))
    assert ask(made).shown[0].version.start == day("2022-10-02")
