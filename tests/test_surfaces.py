"""Newsletters and previews of links tell what the page would tell, in forms that mail and social networks keep."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.engine import decide
from notices.location import Location
from notices.page import Page
from notices.surfaces import cut, for_newsletter, for_preview
from tests.feeds import NOON, RULES, index_of

ARTICLE = {"host": "courier.example", "path": "/news/1"}
SECRET = {"host": "courier.example", "path": "/news/secret"}
LONG = """\
  long:
    title: With everything
    kind: reader-safety
    status: active
    where: [RU]
    priority: 950
    show: {at: [top], level: legal, scale: 2.0, languages: [en, ar]}
    link: {href: "https://courier.example/safety?a=1&b=2", label: {en: Find out more, ar: المزيد}}
    text:
      en:
        title: "Please <note>"
        body: "See [the law](https://law.example/) & [write](mailto:desk@courier.example).\\n\\n1. a\\n2. b"
      ar: "إذا كنت في روسيا."
    owner: legal-desk
    review-by: 2030-01-01
""".replace("<note>", "\\\\<note>")


def decision(*candidates, rules=RULES, **page):
    return decide(index_of(rules), Location(candidates or ("world",)), Page(**page), (), NOON)


class Elements(HTMLParser):
    """The elements and attributes of HTML, and whether they nest."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_newsletter_holds_what_mail_keeps():
    """Tables with inline style, no class, no script, links to https alone, ASCII, language and direction."""
    letter = for_newsletter(decision("RU", rules=RULES + LONG, path="/"))
    assert letter.html.isascii()
    found = Elements(letter.html).found
    assert {name for _, attributes in found for name in attributes} <= {
        "role", "width", "cellpadding", "cellspacing", "border", "lang", "dir", "style", "href", "rel"
    }  # fmt: skip
    assert {tag for tag, _ in found} == {"table", "tr", "td", "p", "strong", "a", "ol", "li"}
    assert [attributes["href"] for tag, attributes in found if tag == "a"] == [
        "https://law.example/",
        "https://courier.example/safety?a=1&b=2",
        "https://courier.example/safety?a=1&b=2",
    ]
    cells = [attributes for tag, attributes in found if tag == "td"]
    assert [(cell["lang"], cell["dir"]) for cell in cells] == [("en", "ltr"), ("ar", "rtl")]
    assert all("font-size:32px" in cell["style"] for cell in cells)
    assert not re.search(r"url\(|expression|@import|position", letter.html)


def test_a_sanitizer_finds_nothing_to_remove():
    """What mail programs let through is all there is."""
    letter = for_newsletter(decision("RU", rules=RULES + LONG, path="/")).html
    kept = nh3.clean(
        letter,
        tags={"table", "tbody", "tr", "td", "p", "strong", "a", "ol", "li"},
        attributes={
            "*": {"lang", "dir", "style", "role", "width", "cellpadding", "cellspacing", "border"},
            "a": {"href", "rel"},
        },
        url_schemes={"https"},
        link_rel=None,
    )
    assert Elements(kept.replace("<tbody>", "").replace("</tbody>", "")).found == Elements(letter).found


def test_its_plain_text_says_the_same():
    """Sign, title, text and where the links lead."""
    letter = for_newsletter(decision("RU", rules=RULES + LONG, path="/"))
    assert letter.text == (
        "Legal notice\n\nPlease <note>\n\nSee the law & write.\n\n1. a\n2. b\n\n"
        "the law: https://law.example/\nFind out more: https://courier.example/safety?a=1&b=2\n\n"
        "إشعار قانوني\n\nإذا كنت في روسيا.\n\nالمزيد: https://courier.example/safety?a=1&b=2"
    )


def test_who_is_shown_nothing_gets_nothing():
    """An empty text is nothing to put in."""
    letter = for_newsletter(decision("DE", **ARTICLE))
    assert (letter.html, letter.text, letter.withheld) == ("", "", False)
    preview = for_preview(decision("DE", **ARTICLE), description="About it.")
    assert (preview.title, preview.description, preview.withheld) == (None, "About it.", False)


def test_of_a_withheld_article_nothing_is_told_but_that():
    """Neutral words: no order, no law, and not what else the page would have warned of."""
    letter = for_newsletter(decision("GB", **SECRET))
    assert letter.withheld
    assert letter.text == (
        "Notice\n\nUnavailable for legal reasons\n\nThis page cannot be shown to you for legal reasons."
    )
    assert "17" not in letter.html
    preview = for_preview(decision("GB", **SECRET), description="What it is about.")
    assert (preview.title, preview.withheld) == ("Unavailable for legal reasons", True)
    assert preview.description == "This page cannot be shown to you for legal reasons."


def test_a_preview_says_the_short_text_before_the_pages_own():
    """The notice first, in one language, and of the description what there is room for."""
    preview = for_preview(decision("RU", **ARTICLE), description="The  minister\nresigns.")
    assert preview.description == (
        "If you are in Russia, sharing & liking <this> may be punished. The minister resigns."
    )
    both = decision("RU", rules=RULES.replace("languages: [page]", "languages: [page, ru]"), **ARTICLE)
    assert for_preview(both).description == "If you are in Russia, sharing & liking <this> may be punished."


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Short.", 6, "Short."),
        ("One two three four", 18, "One two three four"),
        ("One two three four", 17, "One two three…"),
        ("One two three four", 14, "One two three…"),
        ("One two, three four", 10, "One two…"),
        ("It is so. It is not so at all.", 20, "It is so. It is not…"),
        ("It is so, they say. It is not.", 24, "It is so, they say. …"),
        ("«Это так?» Нет, это не так.", 16, "«Это так?» …"),
        ("這是一個很長的句子。後面還有。", 13, "這是一個很長的句子。 …"),
        ("這是一個很長的句子而且沒有標點", 8, "這是一個很長的…"),
        ("Unbreakable", 5, "Unbr…"),
        ("aaae\u0301\u0301bbbb", 6, "aaa…"),
    ],
)
def test_a_text_is_cut_at_a_sentence_or_a_word(text, limit, expected):
    """A late end of a sentence, else the last word that fits, else a whole character."""
    assert cut(text, limit) == expected


@given(st.text(max_size=80), st.integers(2, 60))
def test_a_cut_text_fits_and_is_a_beginning(text, limit):
    """Never longer than asked for, and nothing that was not there but the ellipsis."""
    found = cut(text, limit)
    assert len(found) <= limit
    assert found == text or (found.endswith("…") and text.startswith(found[:-1].rstrip()))


@pytest.mark.parametrize("limit", [1, 0, -5])
def test_a_limit_in_which_nothing_can_be_said_is_refused(limit):
    """A mistake of the caller is told to the caller."""
    with pytest.raises(ValueError, match="says nothing"):
        for_preview(decision("RU", **ARTICLE), limit)
