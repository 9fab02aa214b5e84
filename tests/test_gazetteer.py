"""The gazetteer finds the region that a source means by its country, codes and names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices import gazetteer
from notices.gazetteer import Gazetteer, core_name, normal_name
from notices.region import WORLD, ancestors, contains, parents, region_names
from notices.ruleset import Label


def label(countries, names, codes, region):
    return Label(frozenset(countries), frozenset(names), frozenset(codes), region)


LABELS = (
    label(["RU", "UA"], ["Crimea", "Krym"], ["CR", "43"], "UA-43"),
    label(["RU", "UA"], ["Sevastopol"], ["SEV", "40"], "UA-40"),
    label(["RU"], ["Donetsk"], [], "UA-14"),
    label(["MD"], ["Transnistria", "Stînga Nistrului"], ["TN"], "MD-SN"),
)
CONTESTED = {code: frozenset({"RU"}) for code in ("UA-43", "UA-40", "UA-14")}
GAZETTEER = Gazetteer(LABELS, CONTESTED)
BARE = Gazetteer()

COUNTRIES = [
    ("UA", "UA"), ("ua", "UA"), (" UA ", "UA"), ("XK", "XK"), ("UK", "GB"), ("FX", "FR"), ("IC", "ES-CN"),
    ("AC", "SH-AC"), ("TW", "TW"), ("FR-GP", "GP"), ("CN-HK", "HK"),
    ("QQ", WORLD), ("AN", WORLD), ("EU", WORLD), ("", WORLD), (None, WORLD), ("world", WORLD), ("Ukraine", WORLD),
]  # fmt: skip


@pytest.mark.parametrize(("country", "expected"), COUNTRIES, ids=[repr(country) for country, _ in COUNTRIES])
def test_countries(country, expected):
    """ISO codes in any case, the reserved ones that sources use, and aliases; anything else is unknown."""
    assert BARE.resolve(country) == (expected,)


CODES = [
    pytest.param("UA", ["43"], "UA-43", id="bare"),
    pytest.param("UA", ["UA-43"], "UA-43", id="full"),
    pytest.param("UA", ["UA43"], "UA-43", id="without hyphen"),
    pytest.param("UA", ["ua_43"], "UA-43", id="lower case and underscore"),
    pytest.param("UA", ["5"], "UA-05", id="zero is added"),
    pytest.param("UA", ["05"], "UA-05", id="zero is there"),
    pytest.param("UA", ["005"], "UA-05", id="a zero too many"),
    pytest.param("FR", ["1"], "FR-01", id="French department"),
    pytest.param("SI", ["1"], "SI-001", id="three digits"),
    pytest.param("US", ["ca"], "US-CA", id="letters in lower case"),
    pytest.param("US", ["USCA"], "US-CA", id="CLDR's form"),
    pytest.param("GB", ["ENG", "WBK"], "GB-WBK", id="two levels"),
    pytest.param("GB", ["ENG"], "GB-ENG", id="one of two levels"),
    pytest.param("GB", ["ENG", "XXX"], "GB-ENG", id="unknown second level"),
    pytest.param("GB", ["XXX", "WBK"], "GB", id="unknown first level"),
    pytest.param("GB", ["SCT", "KEN"], "GB-SCT", id="second level elsewhere"),
    pytest.param("FR", ["971"], "GP", id="a department with a country code"),
    pytest.param("FR", ["GP"], "GP", id="alias"),
    pytest.param("US", ["PR"], "PR", id="a territory with a country code"),
    pytest.param("CN", ["HK"], "HK", id="Hong Kong"),
    pytest.param("HK", ["CN-HK"], "HK", id="Hong Kong as such, with its other code"),
    pytest.param("UA", ["99"], "UA", id="unknown code falls back"),
    pytest.param("UA", [""], "UA", id="empty code"),
    pytest.param("UA", ["UA"], "UA", id="country repeated"),
    pytest.param("DE", ["UA-43"], "DE", id="another country's code"),
    pytest.param("QQ", ["43"], WORLD, id="unknown country"),
]


@pytest.mark.parametrize(("country", "codes", "expected"), CODES)
def test_subdivision_codes(country, codes, expected):
    """Codes as sources write them lead to the ISO region; what is not known falls back to the country."""
    assert BARE.resolve(country, codes) == (expected,)


#: What location sources call Ukraine's 27 units; the right column is ISO 3166-2:UA.
UKRAINE = [
    ("Vinnytsia", "UA-05"), ("Vinnytsya Oblast", "UA-05"), ("Vinnyts’ka Oblast’", "UA-05"), ("Volyn", "UA-07"),
    ("Volyn Oblast", "UA-07"), ("Luhansk", "UA-09"), ("Luhansk Oblast", "UA-09"), ("Luhans’ka Oblast’", "UA-09"),
    ("Lugansk", "UA-09"), ("Dnipropetrovsk Oblast", "UA-12"), ("Dnipropetrovs'k", "UA-12"), ("Donetsk", "UA-14"),
    ("Donetsk Oblast", "UA-14"), ("Donets’k", "UA-14"), ("Donets'ka Oblast'", "UA-14"), ("Zhytomyr", "UA-18"),
    ("Zhytomyr Oblast", "UA-18"), ("Zakarpattia Oblast", "UA-21"), ("Transcarpathia", "UA-21"),
    ("Zakarpats’ka Oblast’", "UA-21"), ("Zaporizhzhia", "UA-23"), ("Zaporizhia", "UA-23"),
    ("Zaporizhzhya Oblast", "UA-23"), ("Zaporiz’ka Oblast’", "UA-23"), ("Zaporizhzhia Oblast", "UA-23"),
    ("Ivano-Frankivsk Oblast", "UA-26"), ("Ivano-Frankivs'k", "UA-26"), ("Kyiv City", "UA-30"), ("Kyiv", "UA-30"),
    ("Misto Kyyiv", "UA-30"), ("Kyiv Oblast", "UA-32"), ("Kyivs’ka Oblast’", "UA-32"), ("Kiev Oblast", "UA-32"),
    ("Kirovohrad", "UA-35"), ("Kirovohrad Oblast", "UA-35"), ("Sebastopol City", "UA-40"), ("Sevastopol", "UA-40"),
    ("Sevastopol'", "UA-40"), ("Gorod Sevastopol", "UA-40"), ("Misto Sevastopol’", "UA-40"), ("Crimea", "UA-43"),
    ("Autonomous Republic of Crimea", "UA-43"), ("Avtonomna Respublika Krym", "UA-43"),
    ("Republic of Crimea", "UA-43"), ("Lviv", "UA-46"), ("L'viv", "UA-46"), ("Lviv Oblast", "UA-46"),
    ("Mykolaiv", "UA-48"), ("Mykolayiv Oblast", "UA-48"), ("Odesa", "UA-51"), ("Odessa Oblast", "UA-51"),
    ("Poltava", "UA-53"), ("Poltava Oblast", "UA-53"), ("Rivne", "UA-56"), ("Rivnens'ka Oblast'", "UA-56"),
    ("Sumy", "UA-59"), ("Sums’ka Oblast’", "UA-59"), ("Ternopil", "UA-61"), ("Ternopil's'ka Oblast'", "UA-61"),
    ("Kharkiv", "UA-63"), ("Kharkivs’ka Oblast’", "UA-63"), ("Kherson", "UA-65"), ("Khersons'ka Oblast'", "UA-65"),
    ("Kherson Oblast", "UA-65"), ("Khmelnytskyi Oblast", "UA-68"), ("Khmel'nyts'kyy", "UA-68"), ("Cherkasy", "UA-71"),
    ("Cherkasy Oblast", "UA-71"), ("Chernihiv", "UA-74"), ("Chernihivs'ka Oblast'", "UA-74"),
    ("Chernivtsi", "UA-77"), ("Chernivets’ka Oblast’", "UA-77"), ("Автономна Республіка Крим", "UA-43"),
    ("Донецька область", "UA-14"), ("місто Севастополь", "UA-40"), ("ZAPORIZHZHYA OBLAST", "UA-23"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), UKRAINE, ids=[name for name, _ in UKRAINE])
def test_names_of_ukrainian_units(name, expected):
    """Every spelling that sources use for a unit of Ukraine gives its code."""
    assert BARE.resolve("UA", (), [name]) == (expected,)


def test_every_ukrainian_unit_has_a_spelling_in_the_cases():
    """The cases above cover all 27 units."""
    units = {code for code in parents() if code.startswith("UA-")}
    assert len(units) == 27
    assert {expected for _, expected in UKRAINE} == units


NAMES = [
    pytest.param("US", ["California"], "US-CA", id="state"),
    pytest.param("DE", ["Bayern"], "DE-BY", id="land"),
    pytest.param("DE", ["Land Bayern"], "DE", id="a word that is part of no name"),
    pytest.param("MX", ["Estado de Jalisco"], "MX", id="a kind in a language that is not known"),
    pytest.param("JP", ["Hokkaido Prefecture"], "JP-01", id="a kind that the ISO name lacks"),
    pytest.param("AZ", ["Şəki"], "AZ", id="a name of two units"),
    pytest.param("ES", ["Asturias"], "ES-AS", id="a name of two levels"),
    pytest.param("LT", ["Vilnius County"], "LT-VL", id="a county, not its town"),
    pytest.param("LT", ["Vilnius County", "Vilnius"], "LT-58", id="a town in its county"),
    pytest.param("GB", ["Kent"], "GB-KEN", id="second level alone"),
    pytest.param("GB", ["Kent Region"], "GB", id="second level alone, with words around"),
    pytest.param("AR", ["Buenos Aires"], "AR-B", id="province and capital"),
    pytest.param("CZ", ["jihocesky kraj"], "CZ-31", id="without accents"),
    pytest.param("CA", ["Québec"], "CA-QC", id="with accents"),
    pytest.param("GB", ["England", "Kent"], "GB-KEN", id="two levels"),
    pytest.param("GB", ["Scotland", "Kent"], "GB-SCT", id="second level elsewhere"),
    pytest.param("GB", ["Nowhere", "Kent"], "GB", id="unknown first level"),
    pytest.param("DE", ["Bavaria"], "DE-BY", id="English name"),
    pytest.param("IT", ["Lombardy"], "IT-25", id="English name of a region"),
    pytest.param("RU", ["Moscow"], "RU-MOW", id="English name of a city that is a unit"),
    pytest.param("RU", ["Moscow Oblast"], "RU", id="a name that a city and its oblast share"),
    pytest.param("RU", ["Rostov", "Donetsk"], "RU-ROS", id="a city's name in the second level"),
    pytest.param("UA", ["Odesa Oblast", "Crimea"], "UA-51", id="a namesake in the second level"),
    pytest.param("US", ["Crimea"], "US", id="a name of another country"),
    pytest.param("DE", [""], "DE", id="empty"),
    pytest.param("DE", ["Oblast"], "DE", id="nothing but a kind"),
]


@pytest.mark.parametrize(("country", "names", "expected"), NAMES)
def test_subdivision_names(country, names, expected):
    """Names lead to the ISO region by their normal form, from coarse to fine, never by a finer name alone."""
    assert BARE.resolve(country, (), names) == (expected,)


def test_codes_come_before_names():
    """A code that is known decides; the name helps only where no code does."""
    assert BARE.resolve("UA", ["43"], ["Kyiv"]) == ("UA-43",)
    assert BARE.resolve("UA", ["99"], ["Kyiv"]) == ("UA-30",)


LABELLED = [
    pytest.param("RU", ["CR"], [], ("UA-43", "RU"), id="label's code under RU"),
    pytest.param("RU", ["43"], [], ("UA-43", "RU"), id="ISO code's number under RU"),
    pytest.param("RU", ["UA-43"], [], ("UA-43", "RU"), id="full ISO code under RU"),
    pytest.param("RU", ["RU-CR"], [], ("UA-43", "RU"), id="made-up full code"),
    pytest.param("ru", ["cr"], [], ("UA-43", "RU"), id="lower case"),
    pytest.param("RU", [], ["Crimea"], ("UA-43", "RU"), id="label's name"),
    pytest.param("RU", [], ["Republic of Crimea"], ("UA-43", "RU"), id="with words around"),
    pytest.param("RU", [], ["Respublika Krym"], ("UA-43", "RU"), id="romanised Russian"),
    pytest.param("RU", [], ["Sebastopol City"], ("UA-40", "RU"), id="DB-IP's spelling of a label's unit"),
    pytest.param("RU", [], ["Sevastopol’"], ("UA-40", "RU"), id="apostrophe"),
    pytest.param("RU", [], ["Donetsk Oblast"], ("UA-14", "RU"), id="state by name"),
    pytest.param("UA", [], ["Crimea"], ("UA-43",), id="the other country is no second candidate"),
    pytest.param("UA", ["CR"], [], ("UA-43",), id="label's code under UA"),
    pytest.param("MD", ["TN"], [], ("MD-SN",), id="not contested: the region alone"),
    pytest.param("MD", [], ["Stinga Nistrului"], ("MD-SN",), id="accents"),
    pytest.param("RU", [], ["Rostov Oblast", "Donetsk"], ("RU-ROS",), id="a city called like a label"),
    pytest.param("RU", ["MOW", "43"], [], ("RU-MOW",), id="finer codes can be namesakes"),
    pytest.param("RU", ["MOW"], [], ("RU-MOW",), id="not labelled"),
    pytest.param("RU", [], [], ("RU",), id="bare RU"),
    pytest.param("BY", ["CR"], [], ("BY",), id="another country's label"),
]


@pytest.mark.parametrize(("country", "codes", "names", "expected"), LABELLED)
def test_labels_and_contested_places(country, codes, names, expected):
    """A label gives its region, and the named country with it only where the contested table says so."""
    assert GAZETTEER.resolve(country, codes, names) == expected


def test_without_tables_nothing_is_contested():
    """The labels and the contested table come from the rules, not from the gazetteer."""
    assert BARE.resolve("RU", ["CR"], ["Crimea"]) == ("RU",)
    assert BARE.resolve("RU", ["UA-43"]) == ("RU",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Zaporiz’ka Oblast’", "zaporizka oblast", id="U+2019"),
        pytest.param("L'viv", "lviv", id="ASCII apostrophe"),
        pytest.param("Québec", "quebec", id="accent"),
        pytest.param("  Ivano-Frankivs’k ", "ivano frankivsk", id="hyphen and spaces"),
        pytest.param("STRASSE", normal_name("straße"), id="case folding"),
        pytest.param("!!", "", id="nothing left"),
    ],
)
def test_normal_names(name, expected):
    """Case, accents, apostrophes and punctuation do not tell names apart."""
    assert normal_name(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Zaporizhzhya Oblast", "zaporizhzhya", id="behind"),
        pytest.param("Autonomous Republic of Crimea", "crimea", id="before"),
        pytest.param("Приморский край", normal_name("Приморский"), id="a kind with a letter that is taken apart"),
        pytest.param("Oblast", "oblast", id="nothing else left"),
    ],
)
def test_core_names(name, expected):
    """Words for the kind of unit do not tell names apart, unless they are all there is."""
    assert core_name(name) == expected


def test_every_iso_code_means_itself():
    """Over the whole ISO tree: country and bare code give the region, whatever the labels are."""
    for code in parents():
        country, _, rest = code.partition("-")
        assert GAZETTEER.resolve(country, [rest] if rest else []) == (code,), code


def test_every_iso_name_means_its_region_or_less():
    """Over the whole ISO tree: a name gives its own unit, or a coarser one that holds it; never another place."""
    own = 0
    for code, name in region_names().items():
        found = BARE.resolve(code[:2], (), [name])[0] if "-" in code else code
        assert found == code or contains(found, code), (code, name, found)
        own += found == code
    assert own > 4500


def test_english_names_are_of_regions_that_exist_and_come_with_their_licence():
    """Every entry of the CLDR table leads to its own region where no two units share the name; source and licence are
    stated."""
    data = Path(gazetteer.__file__).parent / "data"
    table = json.loads((data / "subdivisions-en.json").read_text("utf-8"))
    assert (table["license"], table["source"][:12]) == ("Unicode-3.0", "Unicode CLDR")
    assert "UNICODE LICENSE V3" in (data / "subdivisions-en.LICENSE.txt").read_text("utf-8")
    assert len(table["names"]) > 1000
    for code, name in table["names"].items():
        found = BARE.resolve(code[:2], (), [name])[0]
        assert found == code or contains(found, code), (code, name, found)
    assert not any(code.startswith("IR-") for code in table["names"])


@settings(deadline=None)
@given(
    st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["RU", "UA", "FR", "GB"])),
    st.lists(st.one_of(st.text(max_size=6), st.sampled_from(["43", "CR", "UA-43", "971", "ENG", "KEN"])), max_size=3),
    st.lists(st.one_of(st.text(max_size=12), st.sampled_from(["Crimea", "Kyiv", "England", "Kent"])), max_size=3),
)
def test_anything_gives_regions_of_the_tree(country, codes, names):
    """Whatever a source says, the candidates are known regions, none containing another, or the world alone."""
    candidates = GAZETTEER.resolve(country, codes, names)
    assert candidates
    assert all(code == WORLD or code in parents() for code in candidates)
    assert candidates == (WORLD,) or WORLD not in candidates
    assert not any(contains(a, b) for a in candidates for b in candidates)
    assert all(WORLD in ancestors(code) for code in candidates if code != WORLD)
