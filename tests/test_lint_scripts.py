"""Texts in the wrong script for their language."""

from __future__ import annotations

import pytest

from notices.lint.scripts import foreign_word, scripts_of
from tests.lints import lint, rule
from tests.rules_text import source

RUSSIAN = "Если вы в России, за репост могут наказать."


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        pytest.param("If you are in Russia", "ru", 3, id="English under ru, the capital If apart"),
        pytest.param(RUSSIAN, "en", 0, id="Russian under en"),
        pytest.param("Подробнее", "en", 0, id="one Russian word under en"),
        pytest.param("Sharing this can be punished", "ar", 8, id="English under ar"),
        pytest.param("Sharing this can be punished", "zh-Hant", 8, id="English under zh-Hant"),
        pytest.param("Sharing this can be punished", "ka", 8, id="English under ka"),
        pytest.param(RUSSIAN, "uz-Latn", 0, id="a tag that names the other script"),
        pytest.param("Esli vy v Rossii", "ru", 5, id="transliteration without its script in the tag"),
        pytest.param("إذا كنت في روسيا", "fr", 0, id="Arabic under fr"),
        pytest.param("{publisher}: **see the list**", "uk", 15, id="slots are no words"),
    ],
)
def test_a_text_in_another_script_is_found(text, language, place):
    """The first word in foreign letters is pointed at; capitalised Latin words may be names."""
    assert foreign_word(text, language) == place


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param(RUSSIAN, "ru", id="Russian under ru"),
        pytest.param("Власти объявили Radio Free Europe нежелательной", "ru", id="a Latin name within"),
        pytest.param("Telegram", "ru", id="nothing but a name"),
        pytest.param("RSF, IPI: BBC", "ar", id="acronyms"),
        pytest.param("см. the list of", "ru", id="words of its own, as many as a third of the others"),
        pytest.param("{publisher}", "ru", id="nothing but a slot"),
        pytest.param("[здесь](https://example.org/some/where)", "ru", id="the target of a link"),
        pytest.param("zona.media и mail@example.org", "ru", id="hosts and addresses"),
        pytest.param("§ 12 – 2026", "ru", id="no letters at all"),
        pytest.param("Ako ste u Rusiji", "sr", id="Serbian in Latin"),
        pytest.param("Ако сте у Русији", "sr", id="Serbian in Cyrillic"),
        pytest.param("Agar siz Rossiyada", "uz", id="Uzbek in Latin"),
        pytest.param("Агар сиз Россияда", "uz", id="Uzbek in Cyrillic"),
        pytest.param("Esli vy v Rossii", "ru-Latn", id="a tag that says so"),
        pytest.param("如果您在俄罗斯，请注意 VPN the", "zh", id="Chinese"),
        pytest.param("もしロシアにいるなら", "ja", id="Japanese in three scripts"),
        pytest.param("러시아에 있다면", "ko", id="Korean"),
        pytest.param("אויב איר זענט אין רוסלאנד", "yi", id="Yiddish"),
        pytest.param("anything at all", "x-private", id="a private tag"),
        pytest.param("anything at all", "und", id="an undetermined language"),
        pytest.param("ＦＵＬＬ ｗｉｄｔｈ", "en", id="full-width letters are Latin ones"),
    ],
)
def test_a_text_that_may_be_right_is_not_reported(text, language):
    """Names, slots, links, and languages of several scripts or of none that is known."""
    assert foreign_word(text, language) is None


@pytest.mark.parametrize(
    ("language", "scripts"),
    [
        ("ru", {"CYRILLIC"}),
        ("ru-RU", {"CYRILLIC"}),
        ("sr", {"CYRILLIC", "LATIN"}),
        ("zh-TW", {"CJK"}),
        ("ja", {"CJK", "HIRAGANA", "KATAKANA"}),
        ("pa-PK", {"ARABIC", "GURMUKHI"}),
        ("az-Cyrl", {"CYRILLIC"}),
        ("qaa", set()),
    ],
)
def test_the_scripts_of_a_language(language, scripts):
    """By the tag's script, else by the registry's and CLDR's, else unknown."""
    assert scripts_of(language) == scripts


def test_each_text_has_its_place():
    """Bodies, titles, short texts, dated ones and link labels are pointed at where the first foreign word stands."""
    text = source(
        "    link: {href: 'https://a.example', label: {ru: 'find out more'}}\n",
        text=(
            "\n      ru: {body: 'Текст', title: 'a title', short: 'short'}\n"
            "      en: >-\n        First line\n        [ещё](https://a.example) строка"
        ),
    )
    assert lint(text) == [
        ("a.yaml:11:35", "error[wrong-script]"),
        ("a.yaml:11:53", "error[wrong-script]"),
        ("a.yaml:17:52", "error[wrong-script]"),
    ]


def test_dated_texts_are_told_apart():
    """Of several versions the one with the fault is pointed at, whatever the order in which they stand."""
    versions = (
        "\n      - {from: 2025-01-01, text: {ru: 'Второй'}}\n      - {from: 2024-01-01, text: {ru: 'all in English'}}"
    )
    assert lint(rule(text=versions)) == [("a.yaml:12:40", "error[wrong-script]")]


@pytest.mark.parametrize(("status", "found"), [("draft", 1), ("suspended", 1), ("retired", 0)])
def test_what_is_retired_is_history(status, found):
    """A draft is checked before it goes live, and a retired rule stays as it was."""
    assert len(lint(rule(status=status, text="{ru: in English}"))) == found
