"""Explanations: the first reason that applies, and the near miss in words."""

from __future__ import annotations

import pytest

from notices.engine import explain
from notices.index import build_index
from notices.location import Entry, Location
from notices.page import Page
from notices.ruleset import Defaults
from tests.build import CONTROLLED, NOON, day, pages, place, rule, ruleset, texts, where


def ask(*rules, location=None, page=None, at=NOON, every=False, **fields):
    _, found = explain(
        build_index(ruleset(*rules, **fields)), location or Location(), page or Page(), (), at, every=every
    )
    return [(one.rule, one.outcome, one.reason, one.detail) for one in found]


def ask_one(made, **question):
    [(_, outcome, reason, detail)] = ask(made, **question)
    return outcome, reason, detail


MOSCOW = "Europe/Moscow"


@pytest.mark.parametrize(
    ("made", "question", "expected"),
    [
        pytest.param(
            rule("r", where("RU", CONTROLLED)),
            {"location": place("RU")},
            ("shown", "MATCH", "RU is in RU"),
            id="match",
        ),
        pytest.param(
            rule("r", where("RU", CONTROLLED), kind="reader-safety"),
            {"location": place("UA")},
            ("shown", "UNSURE_SHOWN", "UA may be in russia-controlled-ukraine (coarse)"),
            id="unsure shown",
        ),
        pytest.param(
            rule("r", "UA-43"),
            {"location": place("UA", "RU")},
            ("hidden", "UNSURE_HIDDEN", "UA and RU may be in UA-43 (coarse, contested), and the rule hides on a maybe"),
            id="unsure hidden, two causes",
        ),
        pytest.param(
            rule("r", "RU"),
            {},
            ("hidden", "UNSURE_HIDDEN", "an unknown place may be in RU (unknown), and the rule hides on a maybe"),
            id="unknown",
        ),
        pytest.param(
            rule("r", "RU"),
            {"location": Location(network="tor")},
            ("hidden", "UNSURE_HIDDEN", "an anonymous visitor may be in RU (anonymous), and the rule hides on a maybe"),
            id="anonymous",
        ),
        pytest.param(
            rule("r", "BY"),
            {"location": place("UA-43")},
            ("hidden", "REGION", "UA-43 is not in BY"),
            id="region",
        ),
        pytest.param(
            rule("r", where("UA", but=[CONTROLLED, where("UA-30", "UA-05")])),
            {"location": place("UA-43", "RU")},
            ("hidden", "REGION", "UA-43 and RU is in UA, but excepted by russia-controlled-ukraine"),
            id="region with exceptions",
        ),
        pytest.param(
            rule("r", where("RU", "BY", CONTROLLED)),
            {"location": place("UA-43", "RU")},
            ("shown", "MATCH", "UA-43 and RU is in RU, russia-controlled-ukraine"),
            id="match, each candidate by an entry of its own",
        ),
        pytest.param(
            rule("r", where("UA", "RU", but=[where("UA-30", "UA-05"), "UA-43"]), kind="reader-safety"),
            {"location": place("UA")},
            ("shown", "UNSURE_SHOWN", "UA may be in UA except (UA-30, UA-05), UA-43 (coarse)"),
            id="unsure by an exception",
        ),
        pytest.param(
            rule("r", windows=[("2026-12-01", None)]),
            {},
            ("hidden", "NOT_YET", "effective from 2026-12-01"),
            id="not yet",
        ),
        pytest.param(
            rule("r", windows=[("2026-01-01", "2026-02-01"), ("2027-12-01", None), ("2026-12-01", "2027-01-01")]),
            {},
            ("hidden", "NOT_YET", "effective from 2026-12-01"),
            id="between windows the next counts",
        ),
        pytest.param(
            rule("r", windows=[("2026-01-01", "2026-02-01"), (None, "2025-02-01")]),
            {},
            ("hidden", "OVER", "over since 2026-02-01"),
            id="over",
        ),
        pytest.param(
            rule("r", windows=[("2026-11-30T21:00", None, MOSCOW)]),
            {},
            ("hidden", "NOT_YET", "effective from 2026-12-01"),
            id="a day of the editor's zone",
        ),
        pytest.param(
            rule("r", windows=[("2026-11-30T22:30", None, MOSCOW)]),
            {},
            ("hidden", "NOT_YET", "effective from 2026-12-01 01:30 Europe/Moscow"),
            id="an hour of the editor's zone",
        ),
        pytest.param(
            rule("r", windows=[("2018-11-04T03:00", None, "America/Sao_Paulo")]),
            {"at": day("2018-01-01")},
            ("hidden", "NOT_YET", "effective from 2018-11-04"),
            id="a day whose midnight the clocks skip",
        ),
        pytest.param(
            rule("r", texts=(texts("x", "2026-12-01"), texts("y", "2027-12-01"))),
            {},
            ("hidden", "NOT_YET", "first text is from 2026-12-01"),
            id="no text yet",
        ),
        pytest.param(
            rule("r", pages=pages(tags=["gambling"], surfaces=["article"])),
            {"page": Page(tags=frozenset({"sport"}), surface="home")},
            ("hidden", "PAGE", "tag gambling missing; surface is home, not article"),
            id="page",
        ),
        pytest.param(
            rule("r", pages=pages(tags=["gambling"], surfaces=["article"])),
            {"page": Page(surface="home")},
            ("hidden", "PAGE", "surface is home, not article"),
            id="a wrong fact comes before a missing one",
        ),
        pytest.param(
            rule("r", pages=pages(tags=["gambling"], surfaces=["article"])),
            {"page": Page(surface="article")},
            ("hidden", "FACT_MISSING", "tag not stated"),
            id="fact missing",
        ),
    ],
)
def test_the_reason_in_words(made, question, expected):
    """Each reason with what a newsroom needs to hear."""
    assert ask_one(made, **question) == expected


ORDERED = [
    ("STATUS", {"status": "draft"}),
    ("NOT_YET", {"windows": [("2026-12-01", None)]}),
    ("PAGE", {"pages": pages(surfaces=["home"])}),
    ("REGION", {"at": "DE"}),
    ("SUPERSEDED", {}),
]


@pytest.mark.parametrize("first", range(len(ORDERED)), ids=[reason for reason, _ in ORDERED])
def test_the_first_reason_that_applies_is_given(first):
    """All that stand in the way, and those before taken away one by one."""
    fields = {}
    for _, more in ORDERED[first:]:
        fields |= more
    found = ask(
        rule("upper", supersedes=("lower",)),
        rule("lower", fields.pop("at", "RU"), **fields),
        location=place("RU"),
        page=Page(surface="article"),
        every=True,
    )
    assert [(name, reason) for name, _, reason, _ in found] == [("lower", ORDERED[first][0]), ("upper", "MATCH")]


def test_a_texts_date_is_the_folders():
    """A version's first day is read in the folder's zone."""
    made = rule("r", texts=(texts("x", "2026-11-30T21:00"),))
    assert ask_one(made, defaults=Defaults(timezone=MOSCOW))[2] == "first text is from 2026-12-01"


def test_rules_come_in_the_order_of_display():
    """Highest first, as they would stand."""
    assert [name for name, *_ in ask(rule("a"), rule("b", priority=5))] == ["b", "a"]


def test_the_public_hears_of_active_public_rules_only():
    """Drafts are nobody's business, confidential rules least of all."""
    secret = rule("secret", confidential=True, supersedes=("open",))
    found = ask(secret, rule("draft", status="draft"), rule("open"))
    assert [name for name, *_ in found] == ["open"]
    assert "secret" not in repr(found)
    assert found[0][2] == "SUPERSEDED"


def test_the_command_line_hears_everything():
    """Every rule of every status, by its own name."""
    secret = rule("secret", confidential=True, supersedes=("open",), priority=1)
    found = ask(secret, rule("draft", status="draft"), rule("open"), every=True)
    assert found == [
        ("secret", "shown", "MATCH", "an unknown place is in world"),
        ("draft", "hidden", "STATUS", "status is draft"),
        ("open", "hidden", "SUPERSEDED", "superseded by secret"),
    ]


def test_a_dated_set_is_asked_at_the_instant():
    """Once a country has left, the reason is the region, with the day on which it left."""
    made = rule("r", where(where(Entry("GB", end=day("2020-02-01")), name="eu")))
    assert ask_one(made, location=place("GB")) == ("hidden", "REGION", "GB is not in eu since 2020-02-01")
    assert ask_one(made, location=place("GB"), at=day("2020-01-01"))[1] == "MATCH"
