"""Texts: by language, dated, verbatim, in the Markdown of the rule language."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from notices.ruleset import Text, TextVersion
from tests.rules_text import findings, load_rule, messages, source


def texts(written: str, add: str = "") -> tuple[TextVersion, ...]:
    return load_rule(source(add, text=written)).texts


def test_a_text_is_a_body_or_has_parts():
    """A plain text is the body; a mapping may add a title and a short form."""
    assert texts("{en: Hello, pt-BR: {title: T, body: B, short: S}, zh-Hant: {body: B}}") == (
        TextVersion({"en": Text("Hello"), "pt-BR": Text("B", "T", "S"), "zh-Hant": Text("B")}),
    )


def test_dated_texts_come_in_order_of_time():
    """Versions begin at instants in the zone, whatever order they are written in."""
    written = (
        "\n      - {from: 2022-10-02, text: {en: new}}\n      - {from: 2010-06-09, timezone: UTC, text: {en: old}}"
    )
    assert texts(written) == (
        TextVersion({"en": Text("old")}, datetime(2010, 6, 9, tzinfo=UTC)),
        TextVersion({"en": Text("new")}, datetime(2022, 10, 1, 21, tzinfo=UTC)),
    )


ONE = "{from: 2026-01-01, text: {en: x}}"
WRONG = [
    pytest.param("Hello", [(10, 11, "wrong-type")], id="a text without its language"),
    pytest.param("{}", [(10, 11, "empty")], id="no language"),
    pytest.param("{en: ''}", [(10, 16, "empty")], id="an empty text"),
    pytest.param("{en: [a]}", [(10, 16, "wrong-type")], id="a list as a text"),
    pytest.param("{en: {title: T}}", [(10, 16, "missing-key")], id="a title alone"),
    pytest.param("{en: {body: B, headline: H}}", [(10, 26, "unknown-key")], id="unknown part"),
    pytest.param("{english: Hello}", [(10, 12, "bad-language")], id="a language by name"),
    pytest.param('{"a\\0": Hello}', [(10, 12, "bad-language")], id="a control character, escaped"),
    pytest.param("{en_US: Hello}", [(10, 12, "bad-language")], id="an underscore"),
    pytest.param("{ua: Hello}", [(10, 12, "unregistered-language")], id="a country for a language"),
    pytest.param("{еn: Hello}", [(10, 12, "look-alike")], id="a Cyrillic letter in a tag"),
    pytest.param("{en: a, EN: b}", [(10, 19, "duplicate-key")], id="one language in two cases"),
    pytest.param("{en: '<b>x</b>'}", [(10, 17, "html"), (10, 21, "html")], id="raw HTML"),
    pytest.param("{en: 'a {publisher} {foo}'}", [(10, 31, "unknown-slot")], id="a slot that does not exist"),
    pytest.param("{en: {title: '<i>', body: B}}", [(10, 25, "html")], id="raw HTML in a title"),
    pytest.param("{en: '[a](javascript:alert(1))'}", [(10, 17, "link-scheme")], id="javascript in a link"),
    pytest.param("{en: \"{law}\"}", [(10, 16, "empty-slot")], id="law of a rule without law"),
    pytest.param("{en: “Hello”}", [(10, 16, "smart-quotes")], id="smart quotes around the text"),
    pytest.param("[]", [(10, 11, "empty")], id="no version"),
    pytest.param("[{text: {en: x}}]", [(10, 12, "missing-key")], id="a version without a date"),
    pytest.param(f"[{ONE}, {ONE}]", [(10, 47, "duplicate-date")], id="two at once"),
    pytest.param("[{from: 2026-02-30, text: {en: x}}]", [(10, 19, "bad-date")], id="no such day"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), WRONG)
def test_wrong_texts_are_found_where_they_stand(written, expected):
    """Also within a text: at the character that is wrong."""
    assert findings(source(text=written)) == expected


def test_faults_in_blocks_are_found_in_the_file():
    """A text block's faults have the lines and columns of the file, not of the text."""
    block = "\n      en: >-\n        first line\n        second <b>\n\n        third {slot}"
    assert findings(source(text=block)) == [(13, 16, "html"), (15, 15, "unknown-slot")]


def test_smart_quotes_within_a_text_are_fine():
    """Only quotes around a whole text are suspect, and only where YAML's own are missing."""
    assert findings(source(text="{en: 'Say “yes” twice'}")) == []
    assert findings(source(text="{en: '“Yes”'}")) == []


def test_a_slot_of_the_publisher_needs_one():
    """With neither a default publisher nor publishers under ``pages``, the slot would stay empty on some pages."""
    text = source(text="{en: '{publisher} says'}").replace(", publisher: courier", "")
    assert findings(text) == [(10, 16, "empty-slot")]
    assert findings(text + "    pages: {publishers: [courier]}\n") == []
    assert findings(source(text="{en: '{publisher} says'}")) == []


def test_a_confidential_rule_does_not_show_its_law():
    """The law of a confidential rule is in no public answer, its own text included."""
    add = "    law: Act 1\n    confidential: true\n"
    assert findings(source(add, text="{en: '{law} holds'}")) == [(10, 16, "confidential-law")]


def test_every_version_has_the_literal_languages():
    """A tag under ``languages`` needs a text in each version; the message says from when one is missing."""
    written = "[{from: 2025-01-01, text: {en: a, fr: b}}, {from: 2026-01-01, text: {en: c}}]"
    (message,) = messages(source("    show: {languages: [visitor, fr]}\n", text=written))
    assert "there is no text in 'fr' from 2025-12-31 21:00 UTC on, which 'show' asks for" in message


LAW = "Les jeux d'argent sont dangereux.\n"


def verbatim(body: str, total: str) -> str:
    add = f"    verbatim: true\n    sha256: {{fr: {total}}}\n"
    return source(add, text=f"\n      fr: |\n        {body}")


def test_verbatim_texts_are_kept_byte_for_byte():
    """The sum is over the UTF-8 bytes of the text as YAML gives it, here with its line end."""
    total = hashlib.sha256(LAW.encode()).hexdigest()
    rule = load_rule(verbatim(LAW.strip(), total))
    assert rule.texts[0].texts["fr"].body == LAW
    assert rule.verbatim == {"fr": total}


@pytest.mark.parametrize(
    "changed",
    ["Les jeux d’argent sont dangereux.", "Les jeux d'argent sont dangereux .", "les jeux d'argent sont dangereux."],
)
def test_a_changed_verbatim_text_does_not_load(changed):
    """One character is enough."""
    total = hashlib.sha256(LAW.encode()).hexdigest()
    assert findings(verbatim(changed, total)) == [(11, 11, "verbatim-changed")]


@pytest.mark.parametrize(
    ("add", "expected"),
    [
        pytest.param("    verbatim: true\n", [(10, 16, "verbatim")], id="no sum"),
        pytest.param(
            "    verbatim: true\n    sha256: {en: a}\n",
            [(10, 16, "verbatim"), (14, 18, "bad-sum")],
            id="what is no sum",
        ),
        pytest.param(f"    sha256: {{en: {'0' * 64}}}\n", [(13, 13, "verbatim")], id="a sum that guards nothing"),
    ],
)
def test_sums_and_verbatim_belong_together(add, expected):
    """Neither goes without the other."""
    assert findings(source(add)) == expected


def test_a_sum_of_a_language_that_is_not_there():
    """A sum for a text that was deleted is an error: the deletion is the change."""
    total = hashlib.sha256(b"Hello").hexdigest()
    add = f"    verbatim: true\n    sha256: {{en: {total}, fr: {total}}}\n"
    assert findings(source(add)) == [(14, 13, "verbatim")]


def test_dated_verbatim_texts_have_their_own_sums():
    """Each version is guarded by its own sum, or by one of several under the rule."""
    old, new = (hashlib.sha256(text).hexdigest() for text in (b"old", b"new"))
    versions = (
        f"[{{from: 2010-06-09, text: {{fr: old}}, sha256: {{fr: {old}}}}}, {{from: 2022-10-02, text: {{fr: new}}}}]"
    )
    assert findings(source(f"    verbatim: true\n    sha256: {{fr: {new}}}\n", text=versions)) == []
    both = "[{from: 2010-06-09, text: {fr: old}}, {from: 2022-10-02, text: {fr: new}}]"
    assert findings(source(f"    verbatim: true\n    sha256: {{fr: [{old}, {new}]}}\n", text=both)) == []
    assert findings(source(f"    verbatim: true\n    sha256: {{fr: {new}}}\n", text=both)) == [
        (10, 42, "verbatim-changed")
    ]


def test_right_to_left_texts_are_kept():
    """Arabic comes out as it went in."""
    assert texts("{ar: 'القراءة وحدها ليست مخالفة'}")[0].texts["ar"].body == "القراءة وحدها ليست مخالفة"


def test_a_text_as_long_as_a_book_is_refused():
    """No notice is that long, and checking one must not take the server's start."""
    assert findings(source(text="{en: '" + "word " * 3000 + "'}")) == [(10, 16, "too-long")]
