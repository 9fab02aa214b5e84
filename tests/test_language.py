"""Promises of the choice of languages: nearness, policy, headers, direction."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langcodes import Language, tag_is_valid

from notices.language import (
    LEFT_TO_RIGHT,
    RIGHT_TO_LEFT,
    choose_language,
    choose_texts,
    direction,
    is_language_tag,
    matches_language,
    parse_accept_language,
)


@pytest.mark.parametrize(
    ("available", "wanted", "last_resort", "expected"),
    [
        pytest.param(["en", "ru"], ["ru"], "en", "ru", id="equal"),
        pytest.param(["en", "pt-BR"], ["pt"], "en", "pt-BR", id="pt-BR for pt"),
        pytest.param(["pt-BR", "pt"], ["pt"], "en", "pt", id="the very tag first"),
        pytest.param(["en", "ru"], ["be"], "en", "ru", id="ru for be"),
        pytest.param(["ru", "be", "en"], ["be"], "en", "be", id="be for be"),
        pytest.param(["ru", "en"], ["be", "en"], "en", "en", id="a second wish that is met beats a far first"),
        pytest.param(["de", "en", "fr"], ["fr-CA", "en"], "en", "fr", id="a variety is near"),
        pytest.param(["zh-Hans", "zh-Hant"], ["zh-TW"], None, "zh-Hant", id="Taiwan reads traditional signs"),
        pytest.param(["zh-Hant", "zh-Hans"], ["zh-CN"], None, "zh-Hans", id="China reads simplified signs"),
        pytest.param(["en", "sr-Cyrl"], ["sr-Latn"], "en", "sr-Cyrl", id="Serbian in the other script"),
        pytest.param(["en", "de"], ["nl"], "de", "de", id="hopeless: last resort"),
        pytest.param(["fr", "en"], ["ja"], "de", "fr", id="hopeless, no last resort's text: first"),
        pytest.param(["fr", "en"], [], None, "fr", id="nothing wanted: first"),
        pytest.param(["fr", "en-GB"], ["x-klingon"], "en-US", "en-GB", id="last resort may be near only"),
        pytest.param(["en", "ru"], ["RU-ru"], "en", "ru", id="case is nothing"),
        pytest.param(["en", "ru"], ["ru_RU"], "en", "ru", id="underscore as pages write it"),
        pytest.param(["en", "ru"], ["not a tag", "ru"], "en", "ru", id="nonsense is passed over"),
        pytest.param(["en", "ru"], ["a" * 10_000, "ru"], "en", "ru", id="endless tags are passed over"),
        pytest.param(["en", "he"], ["iw"], "en", "he", id="old code"),
    ],
)
def test_nearest_language_is_chosen(available, wanted, last_resort, expected):
    """The text nearest to what is wanted by CLDR distance, then the last resort's, then the first."""
    assert choose_language(available, wanted, last_resort) == expected


def test_no_text_at_all_is_an_error():
    """Without any text there is nothing to choose."""
    with pytest.raises(ValueError, match="no text"):
        choose_language([], ["en"], "en")


@given(
    st.lists(st.sampled_from(["en", "ru", "be", "zh-Hant", "ar", "x-a"]), min_size=1, unique=True),
    st.lists(st.text(max_size=12) | st.sampled_from(["uk", "de-AT", "zh", "fa"]), max_size=4),
    st.none() | st.text(max_size=5) | st.just("en"),
)
def test_choice_is_always_one_of_the_available(available, wanted, last_resort):
    """Whatever is wanted, the choice is a text that exists."""
    assert choose_language(available, wanted, last_resort) in available


@pytest.mark.parametrize(
    ("policy", "page", "visitor", "default", "expected"),
    [
        pytest.param(("page",), "ru", (), "en", ("ru",), id="page"),
        pytest.param(("page",), None, ("ru",), "en", ("en",), id="unstated page counts as the default"),
        pytest.param(("page",), None, (), None, ("uk",), id="nothing known: first text"),
        pytest.param(("page", "ru"), "en", (), "en", ("en", "ru"), id="page and a literal tag"),
        pytest.param(("page", "ru"), "ru-RU", (), "en", ("ru",), id="without repeats"),
        pytest.param(("ru", "page"), "en", (), "en", ("ru", "en"), id="in the order written"),
        pytest.param(("visitor", "page"), "en", ("be", "ru"), "en", ("ru", "en"), id="visitor first"),
        pytest.param(("visitor",), "ru", (), "en", ("en",), id="silent visitor gets the default"),
    ],
)
def test_policy_names_texts(policy, page, visitor, default, expected):
    """Each word of `languages` names one text, in order, without repeats."""
    assert choose_texts(["uk", "en", "ru"], policy, page, visitor, default) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("ru", ("ru",), id="one"),
        pytest.param("be, ru;q=0.5, en-US;q=0.9", ("be", "en-US", "ru"), id="by weight"),
        pytest.param("en;q=0.5,ru;q=0.5", ("en", "ru"), id="ties as written"),
        pytest.param("de;q=0, en, *;q=0.1", ("en",), id="refused and any are left out"),
        pytest.param("ru ; Q=0.7 , EN;q=1.000", ("EN", "ru"), id="spaces and case"),
        pytest.param("ru;q=2, en;q=x, de;q=0.1234, fr", ("fr",), id="bad weights"),
        pytest.param("en_US, 123, -, en-, fr", ("fr",), id="no tags"),
        pytest.param("ru, RU, ru;q=0.1", ("ru",), id="without repeats"),
        pytest.param("", (), id="empty"),
        pytest.param("ru" + ",x" * 5000, ("ru",), id="flood of nonsense"),
        pytest.param(
            ",".join(f"{a}{b}" for a in "abcdef" for b in "abcdef"),
            ("aa", "ab", "ac", "ad", "ae", "af", "ba", "bb", "bc", "bd", "be", "bf"),
            id="flood of tags",
        ),
        pytest.param("a" * 2000, (), id="endless tag"),
    ],
)
def test_accept_language_is_read(header, expected):
    """Tags come most wanted first; what cannot be used is left out; a flood is cut."""
    assert parse_accept_language(header) == expected


@pytest.mark.parametrize(
    "tag",
    [
        "en",
        "ru-RU",
        "zh-Hant-HK",
        "sr-Latn",
        "de-CH-1996",
        "sl-rozaj-biske",
        "es-419",
        "x-any",
        "en-a-bbb-x-a",
        "i-klingon",
        "zh-cmn-Hans-CN",
        "EN-gb-OED",
        "de-1901",
    ],
)
def test_well_formed_tags(tag):
    """Tags of RFC 5646's grammar, grandfathered ones too, are well-formed."""
    assert is_language_tag(tag)


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "e",
        "en_US",
        "en-",
        "-en",
        "englishlanguage",
        "de-419-DE",
        "en-x",
        "en--US",
        "a-DE",
        "en\n",
        "рус",
        "page visitor",
    ],
)
def test_ill_formed_tags(tag):
    """Anything else is not."""
    assert not is_language_tag(tag)


@pytest.mark.parametrize(
    ("range_", "tag", "expected"),
    [
        ("ru", "ru-RU", True),
        ("ru", "ru", True),
        ("RU", "ru-ru", True),
        ("ru", "run", False),
        ("ru-RU", "ru", False),
        ("zh-Hant", "zh-Hant-TW", True),
        ("zh-TW", "zh-Hant-TW", False),
        ("*", "be", True),
        ("de-de", "de-DE-1996", True),
    ],
)
def test_basic_filtering(range_, tag, expected):
    """A range covers itself and what extends it at a hyphen (RFC 4647, section 3.3.1)."""
    assert matches_language(range_, tag) is expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "ltr"),
        ("ru-RU", "ltr"),
        ("ar", "rtl"),
        ("fa-IR", "rtl"),
        ("he", "rtl"),
        ("iw", "rtl"),
        ("ur", "rtl"),
        ("ckb", "rtl"),
        ("az", "ltr"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
        ("pa-PK", "rtl"),
        ("pa", "ltr"),
        ("yi", "rtl"),
        ("dv", "rtl"),
        ("ug", "rtl"),
        ("zh-Hant", "ltr"),
        ("?", "ltr"),
        ("ar_EG", "rtl"),
        pytest.param("x" * 9999, "ltr", id="endless"),
    ],
)
def test_direction_is_the_scripts(tag, expected):
    """The direction is that of the tag's script, stated or likely."""
    assert direction(tag) == expected


def test_import_leaves_the_language_data_for_later():
    """Importing the module does not load the CLDR data, which costs a server's start."""
    code = "import sys, notices.language; sys.exit('langcodes' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("tag", sorted(LEFT_TO_RIGHT | RIGHT_TO_LEFT))
def test_directions_known_ahead_are_those_of_the_cldr(tag):
    """What is not asked of langcodes while serving is what langcodes would say."""
    assert tag_is_valid(tag)
    assert (
        (Language.get(tag).maximize().script in {"Arab", "Hebr", "Thaa"})
        == (direction(tag) == "rtl")
        == (tag in RIGHT_TO_LEFT)
    )
