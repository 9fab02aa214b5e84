"""Texts that assert where their reader is."""

from __future__ import annotations

import pytest

from notices.lint.assertions import assertion_in
from notices.lint.phrases import PHRASES
from tests.lints import lint, messages, rule

ASSERTING = [
    ("en", "You are in Russia.", 0),
    ("en", "Because you're currently in the United Kingdom, this applies.", 8),
    ("en", "This is banned. You are *now* in **Russia**, be careful.", 16),
    ("en", "You are reading this from Germany.", 0),
    ("en", "Your location is France.", 0),
    ("en", "As a reader in Belarus, you risk a fine.", 0),
    ("en", "Since you are in this country, do not share it.", 6),
    ("en", "You live in California.", 0),
    ("en", "You are in the EU.", 0),
    ("en", "You are in\nRussia.", 0),
    ("en", "If in doubt, ask. You are in Crimea.", 18),
    ("en-GB", "You are in Russia, and if you share this you can be fined.", 0),
    ("ru", "Вы находитесь в России.", 0),
    ("ru", "Вы в России, и за репост накажут.", 0),
    ("ru", "Поскольку вы живёте в Беларуси, не делитесь.", 10),
    ("ru", "Вы сейчас в Крыму.", 0),
    ("uk", "Ви перебуваєте в Росії.", 0),
    ("be", "Вы знаходзіцеся ў Беларусі.", 0),
    ("de", "Sie befinden sich derzeit in Russland.", 0),
    ("de", "Das ist verboten, weil Sie sich in Russland aufhalten.", 18),
    ("fr", "Vous êtes en France.", 0),
    ("fr", "Vous vous trouvez actuellement en Russie et le partage est puni.", 0),
    ("es", "Usted se encuentra en España.", 0),
    ("it", "Ti trovi in Italia.", 0),
    ("pt-BR", "Você está no Brasil.", 0),
    ("pl", "Znajdujesz się w Rosji.", 0),
    ("nl", "U bent nu in Nederland.", 0),
    ("tr", "Rusya'dasınız.", 0),
    ("ar", "أنت في روسيا.", 0),
    ("zh", "您位于俄罗斯。", 0),
]


@pytest.mark.parametrize(("language", "text", "place"), ASSERTING, ids=[text for _, text, _ in ASSERTING])
def test_an_assertion_is_found_where_it_begins(language, text, place):
    """Whatever the language, the mark-up and the words around it, a sentence that says where the reader is."""
    assert assertion_in(text, language, frozenset({"Crimea"})) == place


CONDITIONAL = [
    ("en", "If you are in Russia, sharing can be punished."),
    ("en", "If you are a citizen, and you are in Russia, beware."),
    ("en", "Whether or not you are in Russia, read this."),
    ("en", "Only while you are in Russia can this be punished."),
    ("en", "When you are in Russia, do not share this."),
    ("en", "If so (i.e. you are in Russia), do not share this."),
    ("en", "This concerns you if:\n\n- You are a citizen.\n- You are in Russia.\n"),
    ("en", "This concerns you if\n- you are in Russia\n- you are in Belarus"),
    ("en", "You are in Russia? Then read this."),
    ("en", "Are you in Russia? Read this."),
    ("en", "We do not know whether you are in Russia."),
    ("en", "Perhaps you are in Russia."),
    ("ru", "Если вы в России, не делитесь."),
    ("ru", "Неизвестно, находитесь ли вы в России."),
    ("uk", "Якщо ви в Росії, не поширюйте."),
    ("be", "Калі вы ў Беларусі, не дзяліцеся."),
    ("de", "Wenn Sie sich in Russland befinden, teilen Sie dies nicht."),
    ("fr", "Si vous êtes en France, ne partagez pas."),
    ("es", "Si usted se encuentra en España, no lo comparta."),
    ("tr", "Rusya'daysanız paylaşmayın."),
    ("ar", "إذا كنت في روسيا، فلا تشارك."),
    ("zh", "如果您位于俄罗斯，请不要分享。"),
]
ELSEWHERE = [
    ("en", "You are in breach of the law."),
    ("en", "You are in good company."),
    ("en", "We are in Russia."),
    ("en", "Readers in Russia can be punished."),
    ("en", "You are in danger. Do not travel to Russia."),
    ("en", "You are not alone in Russia."),
    ("en", "In Russia, you can be punished for sharing this."),
    ("ru", "За репост вы в России можете получить штраф."),
    ("ru", "Вы в Роскомнадзор можете написать."),
    ("ru", "Вы в Telegram."),
    ("de", "Sie sind in Russland verboten."),
    ("de", "Unsere Server sind sicher. Sie befinden sich in Deutschland."),
    ("fr", "Vous êtes en France tenu de le signaler."),
    ("es", "El editor está en Rusia."),
    ("zh", "您在俄罗斯可能会被罚款。"),
    ("ja", "あなたはロシアにいます。"),
]


@pytest.mark.parametrize(("language", "text"), CONDITIONAL, ids=[text for _, text in CONDITIONAL])
def test_a_condition_is_no_assertion(language, text):
    """What a text says of readers who may or may not be there is how it should be."""
    assert assertion_in(text, language) is None


@pytest.mark.parametrize(("language", "text"), ELSEWHERE, ids=[text for _, text in ELSEWHERE])
def test_what_says_something_else_is_not_reported(language, text):
    """Other places, other people, other meanings of 'in', and languages that are not judged."""
    assert assertion_in(text, language) is None


@pytest.mark.parametrize("language", PHRASES)
def test_the_advice_is_no_assertion(language):
    """What an editor is told to write instead passes, and every language has a sentence above that is found."""
    assert assertion_in(PHRASES[language].condition.replace("...", "Xxx"), language) is None
    assert language in {tag.partition("-")[0] for tag, _, _ in ASSERTING}


def test_the_place_is_the_sentence():
    """Line and column of the first word of the assertion, within a block of text."""
    text = rule(text="\n      en: |\n        Sharing is punished.\n        You are in Russia.")
    assert lint(text) == [("a.yaml:13:9", "error[asserts-place]")]
    assert "'You are in Russia.'" in messages(text)[0]
    assert "If you are in ..." in messages(text)[0]


def test_the_folders_own_places_count():
    """What labels call a place, and the titles of sets, are places too."""
    head = "regions:\n  lands: {title: the Far Lands, include: [RU]}\n"
    text = rule(text='{en: "You are in the Far Lands."}', where="[lands]")
    assert lint(head + text) == [("a.yaml:12:17", "error[asserts-place]")]


def test_a_text_of_the_law_is_not_blamed():
    """What a law prescribes word by word cannot be put otherwise."""
    sums = "c8152b1ee06a7158d6d6be3524c5dd9af8fae807e759264709aa84e5969d5d6e"
    text = rule(text='{en: "You are in Russia."}') + f"    verbatim: true\n    sha256: {{en: {sums}}}\n"
    assert lint(text) == []
    assert [code for _, code in lint(rule(text='{en: "You are in Russia."}'))] == ["error[asserts-place]"]
