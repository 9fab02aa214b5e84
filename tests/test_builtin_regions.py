"""The built-in sets against what the treaties and ISO 3166 say, written out here again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notices.gazetteer import Gazetteer
from notices.loader import parse_documents
from notices.location import YES, Location
from notices.region import parents


@pytest.fixture(scope="module")
def ruleset():
    found, problems = parse_documents({})
    assert problems == ()
    return found


def members(ruleset, name: str, day: str) -> set[str]:
    """The regions that are, by a plain yes, in the set on a day at noon UTC; of the countries and US and GB parts."""
    at = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    places = {code for code in parents() if len(code) == 2 or code.startswith(("US-", "GB-", "UA-"))}
    where = ruleset.sets[name]
    return {code for code in places if where.locate(Location((code,)), at, {}) == YES} - {
        code for code in places if "-" in code and where.locate(Location((code[:2],)), at, {}) == YES
    }


SIX = "BE DE FR IT LU NL GF GP MF MQ RE"
NINE = f"{SIX} DK IE GB GI"
TEN = f"{NINE} GR"
TWELVE = f"{TEN} ES PT"
FIFTEEN = f"{TWELVE} AT FI SE AX"
TWENTY_FIVE = f"{FIFTEEN} CY CZ EE HU LT LV MT PL SI SK"
TWENTY_SEVEN = f"{TWENTY_FIVE} BG RO"
TWENTY_EIGHT = f"{TWENTY_SEVEN} HR"
NOW = f"{TWENTY_EIGHT} YT".replace(" GB GI", "")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("1957-12-31", "", id="before Rome"),
        pytest.param("1958-01-01", SIX, id="the six"),
        pytest.param("1972-12-31", SIX, id="last day of the six"),
        pytest.param("1973-01-01", NINE, id="north enlargement"),
        pytest.param("1981-01-01", TEN, id="Greece"),
        pytest.param("1985-12-31", TEN, id="last day of the ten"),
        pytest.param("1986-01-01", TWELVE, id="Spain and Portugal"),
        pytest.param("1995-01-01", FIFTEEN, id="Austria, Finland with Aland, Sweden"),
        pytest.param("2004-04-30", FIFTEEN, id="last day of the fifteen"),
        pytest.param("2004-05-01", TWENTY_FIVE, id="east enlargement"),
        pytest.param("2007-01-01", TWENTY_SEVEN, id="Bulgaria and Romania"),
        pytest.param("2013-07-01", TWENTY_EIGHT, id="Croatia"),
        pytest.param("2013-12-31", TWENTY_EIGHT, id="before Mayotte"),
        pytest.param("2014-01-01", f"{TWENTY_EIGHT} YT", id="Mayotte"),
        pytest.param("2020-01-31", f"{TWENTY_EIGHT} YT", id="last day of the United Kingdom"),
        pytest.param("2020-02-01", NOW, id="without the United Kingdom and Gibraltar"),
        pytest.param("2026-11-22", NOW, id="now"),
    ],
)
def test_the_european_union_on_any_day(ruleset, day, expected):
    """Accessions, the leaving and the overseas places stand at their dates."""
    assert members(ruleset, "eu", day) == set(expected.split())


@pytest.mark.parametrize(
    ("day", "joined", "absent"),
    [
        pytest.param("1993-12-31", "", "NO IS AT DE", id="before the agreement"),
        pytest.param("1994-01-01", "NO IS AT FI SE DE GB GI GP", "LI CH PL", id="in force"),
        pytest.param("1995-05-01", "LI AX", "CH", id="Liechtenstein"),
        pytest.param("2004-05-01", "PL MT CY", "BG RO HR", id="ten more"),
        pytest.param("2007-07-31", "", "BG RO", id="Bulgaria and Romania are in the Union alone"),
        pytest.param("2007-08-01", "BG RO", "HR", id="Bulgaria and Romania"),
        pytest.param("2014-04-12", "HR YT", "CH SJ", id="Croatia"),
        pytest.param("2020-02-01", "NO IS LI DE FR RE", "GB GI CH SJ GL FO", id="without the United Kingdom"),
    ],
)
def test_the_european_economic_area_on_any_day(ruleset, day, joined, absent):
    """The agreement's own dates, which are not always those of the Union."""
    found = members(ruleset, "eea", day)
    assert set(joined.split()) <= found
    assert not set(absent.split()) & found


def test_today_the_area_is_the_union_and_three_more(ruleset):
    """Iceland, Liechtenstein and Norway."""
    assert members(ruleset, "eea", "2026-11-22") == set(NOW.split()) | {"IS", "LI", "NO"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("crimea", "UA-43 UA-40", id="crimea"),
        pytest.param("russia-controlled-ukraine", "UA-43 UA-40", id="whole regions alone are a plain yes"),
        pytest.param("france-metropolitan", "FR", id="metropolitan France"),
        pytest.param("france", "FR BL GF GP MF MQ NC PF PM RE TF WF YT", id="France"),
        pytest.param("united-states", "US AS GU MP PR UM VI", id="United States"),
        pytest.param(
            "us-gpc-states", "US-CA US-CO US-CT US-DE US-MD US-MN US-MT US-NE US-NH US-NJ US-OR US-TX", id="gpc"
        ),
    ],
)
def test_the_other_sets(ruleset, name, expected):
    """What the specification lists, and nothing else."""
    assert members(ruleset, name, "2026-11-22") == set(expected.split())


def test_england_and_wales_hold_their_parts(ruleset):
    """Kensington lies in England, Cardiff in Wales, Glasgow and Belfast in neither."""
    found = members(ruleset, "england-and-wales", "2026-11-22")
    assert {"GB-ENG", "GB-WLS", "GB-KEC", "GB-CRF"} <= found
    assert not {"GB-SCT", "GB-NIR", "GB-GLG", "GB-BFS", "GB"} & found


def test_four_regions_are_parts_undated(ruleset):
    """The front runs through them: their own yes is a maybe, on any day."""
    where = ruleset.sets["russia-controlled-ukraine"]
    parts = {entry.region for entry in where.include if entry.part}
    assert parts == {"UA-09", "UA-14", "UA-23", "UA-65"}
    assert where.boundaries == frozenset()


def test_contested_places(ruleset):
    """A source that says bare Russia excludes none of the six."""
    assert ruleset.contested == {
        code: frozenset({"RU"}) for code in ("UA-43", "UA-40", "UA-14", "UA-09", "UA-23", "UA-65")
    }


def test_every_set_has_a_title_a_day_and_a_source(ruleset):
    """Nothing built in goes without saying where it comes from."""
    assert len(ruleset.set_facts) == 9
    for facts in ruleset.set_facts.values():
        assert facts.title
        assert facts.sources
        assert facts.as_of.isoformat() == "2026-11-22"
    assert ruleset.set_facts["us-gpc-states"].confidence == "low"


@pytest.mark.parametrize(
    ("country", "codes", "names", "expected"),
    [
        pytest.param("RU", (), ("Crimea",), ("UA-43", "RU"), id="Russia, Crimea"),
        pytest.param("RU", (), ("Respublika Krym",), ("UA-43", "RU"), id="Russia, Krym"),
        pytest.param("RU", ("CR",), (), ("UA-43", "RU"), id="Russia, CR"),
        pytest.param("UA", ("43",), (), ("UA-43",), id="Ukraine, 43"),
        pytest.param("UA", (), ("Sebastopol City",), ("UA-40",), id="Ukraine, Sebastopol City"),
        pytest.param("RU", (), ("Sevastopol",), ("UA-40", "RU"), id="Russia, Sevastopol"),
        pytest.param("RU", (), ("Donetsk People's Republic",), ("UA-14", "RU"), id="Russia, Donetsk"),
        pytest.param("RU", (), ("Rostov Oblast", "Donetsk"), ("RU-ROS",), id="the town of Donetsk in Russia"),
        pytest.param("UA", (), ("Kherson Oblast",), ("UA-65",), id="Ukraine, Kherson"),
    ],
)
def test_labels_give_what_sources_mean(ruleset, country, codes, names, expected):
    """A labelled place comes with the country that the source named, where that is contested."""
    assert Gazetteer(ruleset.labels, ruleset.contested).resolve(country, codes, names) == expected
