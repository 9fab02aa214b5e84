"""Rules as a whole: their keys, what the keys demand of each other, stacking, and what is wrong with them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from notices.loader import parse_documents
from notices.location import Entry, Where
from notices.page import Page
from notices.ruleset import (
    BUILT_IN_PLACES,
    Defaults,
    Display,
    Example,
    Link,
    Mark,
    PageCondition,
    Place,
    Publisher,
    Rule,
    Source,
    Text,
    TextVersion,
    Window,
)
from tests.rules_text import SOUND, findings, load, load_rule, messages, source

FOUNDING = """\
defaults: {timezone: Europe/Prague, language: en, publisher: example-courier}
publishers:
  example-courier: {name: {en: The Example Courier}, hosts: [courier.example]}
rules:
  ru-undesirable:
    title: Undesirable-organization warning      # for editors; readers never see it
    kind: reader-safety
    status: active
    where: [RU, russia-controlled-ukraine]
    unsure: show
    when: {from: 2024-02-20, timezone: Europe/Moscow}
    pages: {publishers: [example-courier]}
    action: notice
    show: {at: [after-article], level: warning, languages: [page, ru]}
    features: {share: hide, comment: warn}
    priority: 800
    group: ru-status
    supersedes: [ru-foreign-agent-info]
    text:
      en: "{publisher} is listed."
      ru: "{publisher} в списке."
    link: {href: "https://courier.example/safety", label: {en: Find out more, ru: Подробнее}}
    law: ["129-FZ of 23 May 2015", "Criminal Code art. 284.1"]
    sources: [{url: "https://law.example/129", read: 2026-11-01}]
    owner: legal-desk
    review-by: 2027-02-01
    confidence: high
    examples:
      - {visitor: {region: RU}, expect: shown}
      - {visitor: {region: UA-30}, expect: hidden}
  ru-foreign-agent-info:
    {title: T, kind: courtesy, status: draft, where: [RU], text: {en: x}}
"""


def test_the_founding_rule_becomes_exactly_this():
    """Every key of the specification's own example has its meaning."""
    rule = load(FOUNDING).rules["ru-undesirable"]
    controlled = Where(
        (Entry("UA-43"), Entry("UA-40"), *(Entry(code, part=True) for code in ("UA-09", "UA-14", "UA-23", "UA-65"))),
        (),
        "russia-controlled-ukraine",
    )
    page = Page(publisher="example-courier", gpc=False)
    assert rule == Rule(
        id="ru-undesirable",
        title="Undesirable-organization warning",
        kind="reader-safety",
        status="active",
        where=Where((Entry("RU"), controlled)),
        unsure={"anonymous": "show", "unknown": "show", "contested": "show", "coarse": "show"},
        windows=(Window(datetime(2024, 2, 19, 21, tzinfo=UTC), None, "Europe/Moscow"),),
        pages=PageCondition(publishers=frozenset({"example-courier"})),
        action="notice",
        display=Display(
            at=(Place("after", "article", "after-article", bottom_on_index=True),),
            level="warning",
            languages=("page", "ru"),
        ),
        features={"share": "hide", "comment": "warn"},
        priority=800,
        group="ru-status",
        supersedes=("ru-foreign-agent-info",),
        texts=(TextVersion({"en": Text("{publisher} is listed."), "ru": Text("{publisher} в списке.")}),),
        link=Link("https://courier.example/safety", {"en": "Find out more", "ru": "Подробнее"}),
        law=("129-FZ of 23 May 2015", "Criminal Code art. 284.1"),
        sources=(Source("https://law.example/129", date(2026, 11, 1)),),
        owner="legal-desk",
        review_by=date(2027, 2, 1),
        confidence="high",
        examples=tuple(
            Example(
                candidates=(code,),
                network=None,
                visitor_languages=(),
                page=page,
                expect_shown=shown,
                now=None,
                sure=None,
                mark=Mark("a.yaml", line, 9),
            )
            for code, shown, line in (("RU", True, 29), ("UA-30", False, 30))
        ),
        mark=Mark("a.yaml", 5, 3),
    )


def test_everything_else_has_its_default():
    """A rule with the required keys alone stands at the top of every page, always, with its kind's answer to doubt."""
    rule = load_rule(SOUND)
    assert rule.display == Display(at=(Place("top"),), level="info", languages=("page",))
    assert (rule.pages, rule.windows, rule.priority, rule.group) == (PageCondition(), (), 0, None)
    assert (rule.supersedes, rule.features, rule.law, rule.sources, rule.link) == ((), {}, (), (), None)
    assert (rule.action, rule.verbatim, rule.confidential, rule.examples) == ("notice", None, False, ())
    assert rule.unsure == {"coarse": "show", "contested": "show", "unknown": "show", "anonymous": "show"}


def test_defaults_and_publishers_are_read():
    """What stands beside the rules is part of the ruleset, from whichever file."""
    files = {
        "a.yaml": b"defaults: {timezone: Asia/Tokyo, places: {story-end: {after: .story}}}",
        "b.yml": b"defaults: {publisher: p, language: uk, places: {masthead: top}}",
        "c.yaml": "publishers: {p: {name: {en: P, uk: П}, hosts: ['*.p.example', p.example]}}".encode(),
    }
    ruleset, problems = parse_documents(files)
    assert problems == ()
    assert ruleset.publishers == {"p": Publisher("p", {"en": "P", "uk": "П"}, ("*.p.example", "p.example"))}
    assert ruleset.defaults == Defaults(
        timezone="Asia/Tokyo",
        language="uk",
        publisher="p",
        places={
            **BUILT_IN_PLACES,
            "story-end": Place("after", ".story", "story-end"),
            "masthead": Place("top", None, "masthead"),
        },
    )


def test_a_renamed_article_place_keeps_its_manners():
    """A folder's own ``after-article`` still stands at the bottom of a page that lists articles."""
    ruleset = load("defaults: {places: {after-article: {after: main}}}")
    assert ruleset.defaults.places["after-article"] == Place("after", "main", "after-article", bottom_on_index=True)


KINDS = [
    pytest.param(
        "publisher-duty", {"coarse": "show", "contested": "show", "unknown": "hide", "anonymous": "hide"}, id="duty"
    ),
    pytest.param(
        "courtesy", {"coarse": "hide", "contested": "hide", "unknown": "hide", "anonymous": "hide"}, id="courtesy"
    ),
    pytest.param(
        "reader-safety", {"coarse": "show", "contested": "show", "unknown": "show", "anonymous": "show"}, id="safety"
    ),
]


@pytest.mark.parametrize(("kind", "expected"), KINDS)
def test_the_kind_says_what_doubt_does(kind, expected):
    """Without ``unsure``, and for the causes that a mapping leaves out, the kind's table holds."""
    assert load_rule(source(kind=kind)).unsure == expected
    assert load_rule(source("    unsure: {coarse: hide, anonymous: show}\n", kind=kind)).unsure == {
        **expected,
        "coarse": "hide",
        "anonymous": "show",
    }
    assert set(load_rule(source("    unsure: hide\n", kind=kind)).unsure.values()) == {"hide"}


def test_a_rule_that_withholds_needs_no_text():
    """The default page of a 451 answers for it; its action follows from its kind."""
    rule = load_rule(source("    unsure: hide\n", kind="withhold", text=""))
    assert (rule.action, rule.texts) == ("withhold", ())


ONE_KEY = [
    pytest.param("    wher: [DE]\n", [(13, 5, "unknown-key")], id="unknown key"),
    pytest.param("    title: again\n", [(13, 5, "duplicate-key")], id="duplicate key"),
    pytest.param("    review_by: 2027-01-01\n", [(13, 5, "unknown-key")], id="underscore"),
    pytest.param("    <<: {group: g}\n", [(13, 5, "unknown-key")], id="merge key"),
    pytest.param("    ассept: x\n", [(13, 5, "unknown-key")], id="Cyrillic key without a near one"),
    pytest.param("    grоup: x\n", [(13, 5, "look-alike")], id="Cyrillic letter in a key"),
    pytest.param("    unsure: maybe\n", [(13, 13, "unknown-value")], id="unsure that is no verdict"),
    pytest.param("    unsure: {coarse: hid}\n", [(13, 22, "unknown-value")], id="unsure with a verdict misspelt"),
    pytest.param("    unsure: {vpn: show}\n", [(13, 14, "unknown-key")], id="unsure with a cause misspelt"),
    pytest.param("    priority: high\n", [(13, 15, "wrong-type")], id="priority in words"),
    pytest.param("    priority: 1.5\n", [(13, 15, "wrong-type")], id="broken priority"),
    pytest.param("    group: Ru Status\n", [(13, 12, "bad-name")], id="group that is no kebab"),
    pytest.param("    confidence: low\n", [(13, 17, "low-confidence")], id="low confidence and active"),
    pytest.param("    action: withhold\n", [(13, 13, "bad-action")], id="a notice that withholds"),
    pytest.param("    confidential: yes\n", [(13, 19, "wrong-type")], id="yes is no true"),
    pytest.param("    supersedes: [other]\n", [(13, 18, "unknown-rule")], id="superseding nothing"),
    pytest.param("    supersedes: [first]\n", [(13, 18, "supersedes-cycle")], id="superseding itself"),
    pytest.param("    features: {share: hde}\n", [(13, 23, "unknown-value")], id="consequence"),
    pytest.param("    features: {'a b': hide}\n", [(13, 16, "bad-name")], id="feature with a blank"),
    pytest.param("    law: []\n", [(13, 10, "empty")], id="empty list"),
    pytest.param("    law:\n", [(13, 9, "empty")], id="a key without a value"),
    pytest.param("    sources: [{url: law.example}]\n", [(13, 21, "bad-link")], id="source without a scheme"),
    pytest.param("    sources: [{read: 2026-11-31}]\n", [(13, 15, "missing-key"), (13, 22, "bad-date")], id="source"),
    pytest.param("    show: big\n", [(13, 11, "wrong-type")], id="a word where a mapping belongs"),
    pytest.param("    show: {level: loud}\n", [(13, 19, "unknown-value")], id="level"),
    pytest.param("    show: {at: [after-artcle]}\n", [(13, 17, "unknown-place")], id="place"),
    pytest.param("    show: {at: {after: 'p > a'}}\n", [(13, 27, "bad-selector")], id="selector"),
    pytest.param("    show: {at: {after: a, before: b}}\n", [(13, 16, "bad-place")], id="two places in one mapping"),
    pytest.param("    show: {scale: 40}\n", [(13, 19, "wrong-type")], id="scale"),
    pytest.param("    show: {languages: [page, ru]}\n", [(13, 30, "missing-text")], id="literal language without text"),
    pytest.param("    link: {href: 'javascript:alert(1)', label: {en: x}}\n", [(13, 18, "bad-link")], id="javascript"),
    pytest.param("    link: {href: 'http://a.example', label: {en: x}}\n", [(13, 18, "bad-link")], id="plain http"),
    pytest.param("    link: {href: 'https://a.example/ b', label: {en: x}}\n", [(13, 18, "bad-link")], id="blank"),
    pytest.param("    link: {href: “https://a.example”, label: {en: x}}\n", [(13, 18, "smart-quotes")], id="quotes"),
    pytest.param("    link: {href: 'https://a.example', label: {en: '{x}'}}\n", [(13, 51, "unknown-slot")], id="slot"),
    pytest.param("    link: {href: 'https://a.example'}\n", [(13, 11, "missing-key")], id="link without a label"),
    pytest.param("\tgroup: g\n", [(13, 1, "tab")], id="tab"),
    pytest.param("    <b>: x\n", [(13, 5, "unknown-key")], id="anything"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), ONE_KEY)
def test_a_wrong_key_is_found_where_it_stands(line, expected):
    """Each mistake in a rule is a problem at the node that is wrong, and nothing else is reported."""
    assert findings(source(line)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"title": ""}, [(6, 5, "missing-key")], id="title"),
        pytest.param({"kind": ""}, [(6, 5, "missing-key")], id="kind"),
        pytest.param({"status": ""}, [(6, 5, "missing-key")], id="status"),
        pytest.param({"where": ""}, [(6, 5, "missing-key")], id="where"),
        pytest.param({"text": ""}, [(6, 5, "missing-key")], id="text"),
        pytest.param({"owner": ""}, [(6, 5, "missing-key")], id="owner of an active rule"),
        pytest.param({"review_by": ""}, [(6, 5, "missing-key")], id="review of an active rule"),
        pytest.param({"kind": "reader-safty"}, [(7, 11, "unknown-value")], id="kind misspelt"),
        pytest.param({"status": "Active"}, [(8, 13, "unknown-value")], id="status in upper case"),
        pytest.param({"kind": "withhold"}, [(6, 5, "unsure-incomplete")], id="withhold without unsure"),
        pytest.param({"review_by": "01.02.2027"}, [(12, 16, "bad-date")], id="a date the other way round"),
        pytest.param({"title": "'  '"}, [(6, 12, "empty")], id="blank title"),
        pytest.param({"title": "[a]"}, [(6, 12, "wrong-type")], id="a list as a title"),
    ],
)
def test_required_keys_and_wrong_values(changes, expected):
    """What a rule must have is asked for at the rule, what is wrong is shown at the value."""
    assert findings(source(**changes)) == expected


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        pytest.param(source(text="Hello"), "write the language before it: {en: ...}", id="a text without language"),
        pytest.param(source(text="{en: [x]}"), "write a text, in quotes where it begins with '['", id="bracket"),
        pytest.param(
            source(title="{x}"), "write a title, in quotes where it begins with '{' or '['", id="a title in braces"
        ),
        pytest.param(source("    features: [share]\n"), "write {share: hide}", id="features as a list"),
        pytest.param(
            source('    link: {href: "https://a.example", label: More}\n'),
            "write {en: More}",
            id="a label without language",
        ),
        pytest.param(
            source("    sources: https://a.example\n"), "write a list: [{url: https://a.example}]", id="one source"
        ),
        pytest.param(
            source("    examples: {visitor: {region: RU}, expect: shown}\n"),
            "put '- ' before it, as before all in a list",
            id="one example",
        ),
        pytest.param(
            source("    examples: [{visitor: {region: unknown}, expect: shown}]\n"),
            "write {unknown: true}",
            id="unknown as a region",
        ),
        pytest.param(
            source("    examples: [{visitor: {region: tor}, expect: shown}]\n"),
            "write {anonymous: tor}",
            id="a network as a region",
        ),
        pytest.param(source("    pages: {paths: ['**']}\n"), "write '/**'", id="everything below the root"),
        pytest.param(source(review_by="31.12.2026"), "write 2026-12-31", id="a day the other way round"),
        pytest.param(source(review_by="31.2.2026"), "write it as 2026-02-28", id="no such day the other way round"),
        pytest.param(
            source("    when: {from: 2026-01-01, timezone: New York}\n"),
            "did you mean 'America/New_York'?",
            id="a city for its zone",
        ),
    ],
)
def test_the_fix_is_what_to_write(written, fix):
    """Whoever writes what the fix says has mended that mistake."""
    _, problems = parse_documents({"a.yaml": written.encode()})
    assert [problem.fix for problem in problems] == [fix]


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        pytest.param(source().replace("    text:", "    texts:"), "did you mean 'text'?", id="a required key"),
        pytest.param(source().replace("    owner:", "    owners:"), "did you mean 'owner'?", id="of an active rule"),
        pytest.param(source("    pages: {tag: [a]}\n"), "did you mean 'tags'?", id="the only fact"),
    ],
)
def test_a_misspelt_key_is_not_missing_too(written, fix):
    """One mistake is one problem: the key that is misspelt is not asked for once more."""
    _, problems = parse_documents({"a.yaml": written.encode()})
    assert [problem.fix for problem in problems] == [fix]


@pytest.mark.parametrize("mistake", ["timezone: Mars", "timezone: UTC, langage: en"])
def test_rules_are_not_to_blame_for_the_defaults(mistake):
    """Dates, slots and places that rely on defaults with a mistake in them are no mistakes."""
    defaults = f"defaults: {{{mistake}, publisher: courier, places: {{lead: top}}}}\n"
    rule = source("    when: {from: 2026-01-01}\n    show: {at: [lead]}\n", text='{en: "{publisher}"}').partition("\n")[
        2
    ]
    _, problems = parse_documents({"a.yaml": (defaults + rule).encode()})
    assert [problem.line for problem in problems] == [1]


def test_drafts_need_neither_owner_nor_review():
    """Only an active rule does; a draft may be of low confidence too."""
    assert findings(source("    confidence: low\n", status="draft", owner="", review_by="")) == []


@pytest.mark.parametrize(
    ("unsure", "expected"),
    [
        pytest.param(
            "{coarse: hide, contested: hide, unknown: hide}", [(13, 13, "unsure-incomplete")], id="one missing"
        ),
        pytest.param("{coarse: hide, contested: hide, unknown: hide, anonymous: show}", [], id="all four"),
        pytest.param("hide", [], id="one word for all"),
    ],
)
def test_withholding_answers_every_cause(unsure, expected):
    """A rule that withholds says what it does for each cause of doubt."""
    assert findings(source(f"    unsure: {unsure}\n", kind="withhold")) == expected


def test_withhold_is_both_kind_and_action():
    """``action: notice`` contradicts the kind."""
    text = source("    unsure: hide\n    action: notice\n", kind="withhold")
    assert findings(text) == [(14, 13, "bad-action")]


def test_problems_come_all_at_once():
    """One reading finds what is wrong in different keys, rules and files, sorted by place."""
    files = {
        "b.yaml": source(kind="nothing", where="[Germany]", review_by="soon").encode(),
        "a.yaml": b"regions: {x: {include: [ZZ]}}\nrule: {}\n",
    }
    ruleset, problems = parse_documents(files)
    assert ruleset is None
    assert [(one.path, one.line, one.column, one.code) for one in problems] == [
        ("a.yaml", 1, 25, "unknown-region"),
        ("a.yaml", 2, 1, "unknown-key"),
        ("b.yaml", 7, 11, "unknown-value"),
        ("b.yaml", 9, 13, "unknown-region"),
        ("b.yaml", 12, 16, "bad-date"),
    ]


def test_messages_say_what_which_and_what_to_do():
    """What is wrong, the value, and the fix are in one line."""
    text = source("    wher: [DE]\n    suprsedes: [a]\n", kind="curtesy", confidence="", review_by="2027-02-30")
    assert messages(text) == [
        "error[unknown-value] 'curtesy' is no kind; did you mean 'courtesy'?",
        "error[bad-date] the day '2027-02-30' does not exist; the last day of that month is 2027-02-28",
        "error[unknown-key] a rule has no key 'wher'; did you mean 'where'?",
        "error[unknown-key] a rule has no key 'suprsedes'; did you mean 'supersedes'?",
    ]


def test_look_alike_letters_are_named():
    """The letter that only looks Latin is told by name and number."""
    assert messages(source(where="[RА]")) == [
        "error[look-alike] in 'RА', 'А' is the Cyrillic letter A (U+0410); write 'RA' in Latin letters"
    ]


def rules(**supersedes: str) -> str:
    head = "rules:\n"
    return head + "".join(
        f"  {name}:\n    {{title: T, kind: courtesy, status: draft, where: [DE], text: {{en: x}},"
        f" supersedes: {targets}}}\n"
        for name, targets in supersedes.items()
    )


def test_circles_of_supersedes_name_the_circle():
    """The message walks around the circle, from its first name back to it, at the name that leads into it."""
    ruleset, problems = parse_documents({"a.yaml": rules(c="[a]", a="[b]", b="[c, d]", d="[e]", e="[d]").encode()})
    assert ruleset is None
    assert [(one.line, one.column, one.code, one.message) for one in problems] == [
        (5, 88, "supersedes-cycle", "the rules supersede each other: a -> b -> c -> a"),
        (9, 88, "supersedes-cycle", "the rules supersede each other: d -> e -> d"),
    ]


def test_a_chain_that_meets_itself_again_is_no_circle():
    """Two ways to one rule are fine."""
    assert (
        findings(rules(a="[b, c]", b="[d]", c="[d]", d="[e]", e="[f]", f="[g]").replace(", supersedes: [g]", "")) == []
    )


def test_a_ladder_of_rules_is_walked_once():
    """Forty rungs with two ways each are eighty steps, not a million million ways."""
    rungs = {f"{side}{n}": f"[a{n + 1}, b{n + 1}]" for n in range(40) for side in "ab"}
    assert findings(rules(**rungs, a40="[b40]", b40="[c]", c="[a40]"))[0][2] == "supersedes-cycle"


def test_a_thousand_rules_in_a_chain_load():
    """A chain as long as the folder needs no stack."""
    chain = {f"r{n}": f"[r{n + 1}]" for n in range(1500)} | {"r1500": "r1499x"}
    assert findings(rules(**chain)) == [(3003, 87, "unknown-rule")]


def test_ids_are_unique_over_all_files():
    """The second rule, set or publisher of one name is an error that says where the first is."""
    first = source().encode()
    second = b"rules: {first: {title: T, kind: courtesy, status: draft, where: [DE], text: {en: x}}}\n"
    _, problems = parse_documents({"a.yaml": first, "b.yaml": second})
    assert [str(one) for one in problems] == [
        "b.yaml:1:9: error[duplicate-id] 'first' is already in a.yaml:5; give one of the two another name"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("rules: [a]", [(1, 8, "wrong-type")], id="rules as a list"),
        pytest.param("just a text", [(1, 1, "wrong-type")], id="a text"),
        pytest.param("- a\n- b\n", [(1, 1, "wrong-type")], id="a list"),
        pytest.param("cases: []\n", [(1, 1, "unknown-key")], id="cases among rules"),
        pytest.param("ruls: {}\n", [(1, 1, "unknown-key")], id="a section misspelt"),
        pytest.param("rules: {My Rule: {}}\n", [(1, 9, "bad-name")], id="an id that is no kebab"),
        pytest.param("rules: {}\n", [], id="no rules yet"),
        pytest.param("defaults: {publisher: nobody}\n", [(1, 23, "unknown-publisher")], id="default publisher"),
        pytest.param("defaults: {timezone: Europe/Moskow}\n", [(1, 22, "unknown-timezone")], id="zone"),
        pytest.param("defaults: {timezone: moscow}\n", [(1, 22, "unknown-timezone")], id="zone without its continent"),
        pytest.param("defaults: {language: english}\n", [(1, 22, "bad-language")], id="language by name"),
        pytest.param("defaults: {language: ua}\n", [(1, 22, "unregistered-language")], id="Ukrainian is uk"),
        pytest.param("defaults: {places: {top: {after: a}}}\n", [(1, 21, "bad-name")], id="top is built in"),
        pytest.param("defaults: {places: {end: after-article}}\n", [(1, 26, "unknown-place")], id="place of a place"),
        pytest.param(
            "publishers: {p: {hosts: [a.example]}}\n", [(1, 17, "missing-key")], id="publisher without a name"
        ),
        pytest.param(
            "publishers: {p: {name: {pt-br: x, pt-BR: y}}}\n", [(1, 35, "duplicate-key")], id="a name in two cases"
        ),
        pytest.param(
            "contested: {FR-GP: [RU], GP: [BY]}\n",
            [(1, 13, "alias"), (1, 26, "duplicate-key")],
            id="a region by both its codes",
        ),
        pytest.param("publishers: {p: {name: {en: x}, hosts: ['a.example:80']}}\n", [(1, 41, "bad-host")], id="port"),
        pytest.param(
            "publishers:\n  p: {name: {en: x}, hosts: a.example}\n  q: {name: {en: y}, hosts: [b.example, a.example]}",
            [(3, 41, "duplicate-host")],
            id="one host of two publishers",
        ),
    ],
)
def test_what_stands_beside_the_rules_is_checked(text, expected):
    """Sections, defaults and publishers have their errors at their places."""
    assert findings(text) == expected


def test_a_default_is_said_once():
    """Two files that set one default are an error at the second, which names the first."""
    _, problems = parse_documents({"a.yaml": b"defaults: {language: en}", "b.yaml": b"defaults: {language: de}"})
    assert [str(one) for one in problems] == [
        "b.yaml:1:22: error[duplicate-id] the default language is already in a.yaml:1; delete one of the two"
    ]


def test_a_rule_that_names_a_broken_publisher_is_not_to_blame():
    """One mistake is one problem."""
    text = source("    pages: {publishers: [courier]}\n").replace("name: {en: The Courier}, ", "")
    assert findings(text) == [(3, 12, "missing-key")]
