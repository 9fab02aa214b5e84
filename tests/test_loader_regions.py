"""Regions, sets, labels and contested places as editors write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notices.loader import parse_documents
from notices.location import Entry, Where
from notices.ruleset import Label
from tests.rules_text import findings, load, load_rule, messages, source


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


EXPRESSIONS = [
    pytest.param("[RU, UA-43]", Where((Entry("RU"), Entry("UA-43"))), id="list"),
    pytest.param("RU", Where((Entry("RU"),)), id="one code"),
    pytest.param("[NO]", Where((Entry("NO"),)), id="Norway"),
    pytest.param("world", Where((Entry("world"),)), id="everywhere"),
    pytest.param("[crimea]", Where((Where((Entry("UA-43"), Entry("UA-40")), (), "crimea"),)), id="set"),
    pytest.param("{any: [UA], except: [UA-43]}", Where((Entry("UA"),), (Entry("UA-43"),)), id="any and except"),
    pytest.param("{any: world, except: DE}", Where((Entry("world"),), (Entry("DE"),)), id="one each, without brackets"),
    pytest.param(
        "[{code: UA-14, part: true, from: 2022-09-30, until: 2024-01-01T12:00+02:00}]",
        Where((Entry("UA-14", True, utc(2022, 9, 30), utc(2024, 1, 1, 10)),)),
        id="dates are UTC, times may have an offset",
    ),
    pytest.param(
        "[{code: GB, until: 2020-02-01T10:30}]", Where((Entry("GB", end=utc(2020, 2, 1, 10, 30)),)), id="time"
    ),
]


@pytest.mark.parametrize(("written", "expected"), EXPRESSIONS)
def test_where_is_what_it_says(written, expected):
    """Every way to write ``where`` becomes the expression that it stands for."""
    assert load_rule(source(where=written)).where == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [
        pytest.param("FR-GP", "GP", id="Guadeloupe by letters"),
        pytest.param("FR-971", "GP", id="Guadeloupe by number"),
        pytest.param("CN-HK", "HK", id="Hong Kong"),
        pytest.param("US-PR", "PR", id="Puerto Rico"),
    ],
)
def test_aliases_give_their_one_place_with_a_warning(written, code):
    """A second code of a place is read as the first, and a warning says which to write."""
    ruleset, problems = parse_documents({"a.yaml": source(where=f"[{written}]").encode()})
    assert ruleset.rules["first"].where == Where((Entry(code),))
    assert [(one.line, one.column, one.level, one.code, one.fix) for one in problems] == [
        (9, 13, "warning", "alias", f"write {code}")
    ]


WRONG = [
    pytest.param("[UK]", "error[unknown-region] 'UK' is no region; did you mean 'GB'?", id="UK"),
    pytest.param("[ru]", "error[unknown-region] 'ru' is no region; did you mean 'RU'?", id="lower case"),
    pytest.param("[Germany]", "error[unknown-region] 'Germany' is no region; did you mean 'DE'?", id="English name"),
    pytest.param("[Germny]", "error[unknown-region] 'Germny' is no region; did you mean 'DE'?", id="name misspelt"),
    pytest.param("[Russia]", "error[unknown-region] 'Russia' is no region; did you mean 'RU'?", id="how a name begins"),
    pytest.param(
        "[Vienna]",
        "error[unknown-region] 'Vienna' is no region; write an ISO 3166 code such as DE or US-CA",
        id="a city is not Viet Nam",
    ),
    pytest.param("[RUS]", "error[unknown-region] 'RUS' is no region; did you mean 'RU'?", id="three letters"),
    pytest.param("[EU]", "error[unknown-region] 'EU' is no region; did you mean 'eu'?", id="a set in capitals"),
    pytest.param(
        "[Russia controlled_Ukraine]",
        "error[unknown-region] 'Russia controlled_Ukraine' is no region; did you mean 'russia-controlled-ukraine'?",
        id="a set as a title",
    ),
    pytest.param(
        "[РU]",
        "error[look-alike] in 'РU', 'Р' is the Cyrillic letter Er (U+0420); write 'RU' in Latin letters",
        id="a letter that is meant by its sound",
    ),
    pytest.param(
        "[РУ]",
        "error[look-alike] in 'РУ', 'Р' is the Cyrillic letter Er (U+0420) and 'У' is the Cyrillic letter U (U+0423); "
        "write 'PY' or 'RU' in Latin letters",
        id="letters that can be meant either way",
    ),
    pytest.param(
        "[GB-EAW]",
        "error[unknown-region] 'GB-EAW' is no region; did you mean 'england-and-wales'?",
        id="England and Wales by the code of ISO for both",
    ),
    pytest.param("[us_ca]", "error[unknown-region] 'us_ca' is no region; did you mean 'US-CA'?", id="underscore"),
    pytest.param(
        "[crimeaa]", "error[unknown-region] 'crimeaa' is no region; did you mean 'crimea'?", id="set misspelt"
    ),
    pytest.param(
        "[Atlantis]",
        "error[unknown-region] 'Atlantis' is no region; write an ISO 3166 code such as DE or US-CA",
        id="nowhere",
    ),
    pytest.param(
        "[RU, 'СУ']",
        "error[look-alike] in 'СУ', 'С' is the Cyrillic letter Es (U+0421) and 'У' is the Cyrillic letter U (U+0423); "
        "write 'CY' in Latin letters",
        id="Cyprus in Cyrillic",
    ),
    pytest.param(
        "[“RU”]",
        "error[smart-quotes] typographic quotes around 'RU' are part of the value for YAML; "
        'write "RU" with straight quotes or none',
        id="smart quotes",
    ),
    pytest.param("[]", "error[empty] this list of regions is empty; name one, or delete the key", id="nothing"),
    pytest.param(
        "[{code: eu}]",
        "error[unknown-region] 'eu' is a set of regions, not one region; "
        "write the code of one region such as DE or US-CA",
        id="a set where a region belongs",
    ),
    pytest.param(
        "[{code: DE, from: 2026-01-01, until: 2025-01-01}]",
        "error[empty-window] 'until' (2025-01-01) is not after 'from' (2026-01-01); "
        "swap them or correct one; 'until' is the first moment after",
        id="ends before it begins",
    ),
    pytest.param(
        "{except: [DE]}",
        "error[missing-key] where lacks 'any'; add 'any: ...', the regions and sets in which the rule holds; "
        "[world] is everywhere",
        id="except of nothing",
    ),
    pytest.param(
        "[FR]",
        "hint[overseas] FR does not hold its overseas places such as GP, which have codes of their own; "
        "write 'france' if they are meant too",
        id="France without its islands",
    ),
]


@pytest.mark.parametrize(("written", "expected"), WRONG)
def test_wrong_regions_come_with_the_fix(written, expected):
    """A code that is none names the nearest, the look-alike letter, or the set that would be right."""
    assert messages(source(where=written)) == [expected]


@pytest.mark.parametrize("written", ["[france]", "[FR, GP]", "[FR, france]", "{any: [world], except: [DE]}", "[US-CA]"])
def test_overseas_places_are_not_hinted_at_where_they_are_meant(written):
    """No hint where the set, one of its places, or no such country is named."""
    assert messages(source(where=written)) == []


def test_sets_nest_and_take_except():
    """A set may hold codes, other sets and dated entries, and leave some out; its facts are kept."""
    ruleset = load("""\
regions:
  north: {title: The north, include: [NO, baltic], except: [LV], as-of: 2026-01-01, source: [one, two]}
  baltic: {include: [EE, LV, {code: LT, from: 1991-09-06}]}
""")
    baltic = Where((Entry("EE"), Entry("LV"), Entry("LT", start=utc(1991, 9, 6))), (), "baltic")
    assert ruleset.sets["baltic"] == baltic
    assert ruleset.sets["north"] == Where((Entry("NO"), baltic), (Entry("LV"),), "north")
    facts = ruleset.set_facts["north"]
    assert (facts.title, facts.sources, facts.mark.line) == ("The north", ("one", "two"), 2)
    assert facts.as_of.isoformat() == "2026-01-01"


def test_a_built_in_set_gives_way_to_the_folders():
    """A set of a built-in name takes its place, also inside of other sets and rules."""
    text = source("regions:\n  crimea: {include: [UA-43]}\n  both: {include: [crimea, RU]}\n", where="[crimea]")
    ruleset = load(text)
    assert ruleset.sets["crimea"] == Where((Entry("UA-43"),), (), "crimea")
    assert ruleset.sets["both"].include[0] == ruleset.sets["crimea"]
    assert ruleset.rules["first"].where.include == (ruleset.sets["crimea"],)


def test_circles_of_sets_name_the_circle():
    """The message walks around, and stands at the name that closes the circle."""
    text = "regions:\n  a: {include: [b]}\n  b: {include: [DE], except: [c]}\n  c: {include: [a, FR]}\n"
    ruleset, problems = parse_documents({"a.yaml": text.encode()})
    assert ruleset is None
    assert [(one.line, one.column, one.code, one.message) for one in problems] == [
        (4, 17, "set-cycle", "the sets hold each other: a -> b -> c -> a")
    ]
    assert findings("regions: {a: {include: [a]}}") == [(1, 25, "set-cycle")]


def test_sets_that_blow_up_are_refused():
    """Twenty lines of sets must not become a million questions for each visitor."""
    doubling = "".join(f"  s{n}: {{include: [s{n + 1}, s{n + 1}]}}\n" for n in range(15))
    assert findings(f"regions:\n{doubling}  s15: {{include: [DE]}}\n")[0][2] == "set-too-large"
    for order in (1, -1):
        names = list(range(40))[::order]
        chain = "".join(f"  s{n}: {{include: [s{n + 1}]}}\n" for n in names)
        assert {code for *_, code in findings(f"regions:\n{chain}  s40: {{include: [DE]}}\n")} == {"set-too-large"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("regions: {a: {title: A}}", [(1, 14, "missing-key")], id="a set of nothing"),
        pytest.param("regions: {world: {include: [DE]}}", [(1, 11, "bad-name")], id="world is no set"),
        pytest.param("regions: {RU: {include: [DE]}}", [(1, 11, "bad-name")], id="a set named like a code"),
        pytest.param("regions: {a: {include: [DE], members: [FR]}}", [(1, 30, "unknown-key")], id="unknown key"),
        pytest.param("regions: {a: {include: [DE], as-of: today}}", [(1, 37, "bad-date")], id="as-of"),
        pytest.param("regions: {a: {include: [{code: DE, part: yes}]}}", [(1, 42, "wrong-type")], id="part"),
        pytest.param("labels: [{country: RU, name: Krym}]", [(1, 10, "missing-key")], id="label without a region"),
        pytest.param("labels: [{country: RU, region: UA-43}]", [(1, 10, "missing-key")], id="label by nothing"),
        pytest.param(
            "labels: [{country: UA-43, code: x, region: UA-43}]", [(1, 20, "bad-label")], id="label in no country"
        ),
        pytest.param("labels: {country: RU}", [(1, 9, "wrong-type")], id="labels as a mapping"),
        pytest.param("contested: {UA-99: [RU]}", [(1, 13, "unknown-region")], id="contested nowhere"),
        pytest.param("contested: {MD-SN: [Ru]}", [(1, 21, "unknown-region")], id="contested by nobody"),
    ],
)
def test_wrong_sets_labels_and_contested_places(text, expected):
    """Each mistake stands at its node."""
    assert findings(text) == expected


def test_labels_and_contested_places_are_added_to_the_built_in():
    """What a folder lists joins the tables, and one place may be contested by more."""
    ruleset = load("""\
labels:
  - {country: [GE, RU], name: [Abkhazia, Apsny], code: [AB, "05"], region: GE-AB}
contested: {MD-SN: [RU], UA-43: [UA]}
""")
    built_in = load("rules: {}")
    assert ruleset.labels == (
        *built_in.labels,
        Label(frozenset({"GE", "RU"}), frozenset({"Abkhazia", "Apsny"}), frozenset({"AB", "05"}), "GE-AB"),
    )
    assert ruleset.contested["MD-SN"] == {"RU"}
    assert ruleset.contested["UA-43"] == {"RU", "UA"}
    assert ruleset.contested["UA-40"] == {"RU"}
