"""Promises of the page that stands for a withheld one."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from selectolax.lexbor import LexborHTMLParser

from notices.notice import Notice
from notices.ruleset import BOTTOM
from notices.withheld import WITHHELD_CSP, withheld_page
from notices.words import WORDS
from tests.browser import browser as browser
from tests.browser import visit as visit


def make_text(**changes):
    facts = {
        "rule": "order", "sure": True, "level": "legal", "at": (BOTTOM,), "language": "fr", "direction": "ltr",
        "title": "Page retirée", "text": "Retirée.", "body": "<p>Retirée sur <strong>ordre</strong>.</p>",
    }  # fmt: skip
    return Notice(**(facts | changes))


@pytest.mark.parametrize(
    ("languages", "lang", "direction", "title"),
    [
        pytest.param(["ru"], "ru", "ltr", "Недоступно по юридическим причинам", id="Russian"),
        pytest.param(["ar-EG", "en"], "ar", "rtl", "غير متاح لأسباب قانونية", id="Arabic"),
        pytest.param(["zh-TW"], "zh-Hant", "ltr", "因法律原因無法顯示", id="traditional Chinese"),
        pytest.param(["xx", "de-AT"], "de", "ltr", "Aus rechtlichen Gründen nicht verfügbar", id="second wish"),
        pytest.param([], "en", "ltr", "Unavailable for legal reasons", id="nobody said"),
    ],
)
def test_page_speaks_the_readers_language(languages, lang, direction, title):
    """The page is in the nearest language that we have, marked with it and its direction."""
    tree = LexborHTMLParser(withheld_page(languages).decode("ascii"))
    assert tree.css_first("html").attributes == {"lang": lang, "dir": direction}
    assert tree.css_first("title").text() == tree.css_first("h1").text() == title
    assert tree.css_first("main p").text() == WORDS[lang].withheld


def test_page_names_the_law_and_the_link():
    """Law and link stand in the page, escaped, where they are given."""
    page = withheld_page(["en"], law=["Act <1>", "Order & 2"], link=("https://courier.example/?a=1&b=2", "Why & how"))
    tree = LexborHTMLParser(page.decode("ascii"))
    assert tree.css_first(".basis").text() == "Legal basis: Act <1>; Order & 2"
    assert tree.css_first("a").attributes["href"] == "https://courier.example/?a=1&b=2"
    assert tree.css_first("a").attributes["referrerpolicy"] == "no-referrer"
    assert tree.css_first("a").text() == "Why & how"


def test_page_without_facts_names_nothing():
    """Without law, texts and link (a confidential rule) only our neutral sentence is there."""
    tree = LexborHTMLParser(withheld_page(["en"]).decode("ascii"))
    assert tree.css_first("main").text().split("\n") == [
        "",
        "Unavailable for legal reasons",
        "This page cannot be shown to you for legal reasons.",
        "HTTP 451",
        "",
    ]


def test_rules_own_texts_replace_ours():
    """The rule's texts stand in their own languages and directions, the first one's title is the page's."""
    texts = [
        make_text(),
        make_text(language="ar", direction="rtl", title=None, body="<p>محجوب</p>", href="https://x.example"),
    ]
    tree = LexborHTMLParser(withheld_page(["fr"], texts=texts).decode("ascii"))
    assert tree.css_first("html").attributes["lang"] == "fr"
    assert tree.css_first("h1").text() == "Page retirée"
    assert [(node.attributes["lang"], node.attributes["dir"]) for node in tree.css("main > div")] == [
        ("fr", "ltr"),
        ("ar", "rtl"),
    ]
    assert tree.css_first("div[lang=ar] a").attributes["href"] == "https://x.example"
    assert WORDS["fr"].withheld not in tree.css_first("main").text()


@pytest.mark.parametrize("language", WORDS)
def test_page_is_whole_closed_and_bounded(language):
    """In every language: ASCII, one heading, no script, no request to anyone, readable on a phone, not indexed."""
    page = withheld_page([language], law=["§ 1"])
    text = page.decode("ascii")
    tree = LexborHTMLParser(text)
    assert text.startswith("<!DOCTYPE html>")
    assert len(tree.css("h1")) == len(tree.css("main")) == len(tree.css("title")) == 1
    assert not tree.css("script, link, img, iframe, [style], [id]")
    assert not re.search(r"url\(|@import|https?:", text)
    assert "width=device-width" in tree.css_first("meta[name=viewport]").attributes["content"]
    assert tree.css_first("meta[name=robots]").attributes["content"] == "noindex"
    assert len(page) < 8192


def test_policy_allows_exactly_its_style():
    """The policy's hash is that of the style in the page (CSP 3, section 8.3)."""
    style = re.search(rb"<style>(.*?)</style>", withheld_page(["en"]), re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode("ascii")
    assert WITHHELD_CSP.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "unsafe" not in WITHHELD_CSP


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_withheld_page_is_sound_under_its_own_policy(visit, language, scheme):
    """The 451 page is styled under its own policy, fits 320 px, and axe finds nothing on the whole of it."""
    html = withheld_page([language], law=["Court order 1/26"], link=("https://courier.example/why", "Why"))
    options = {"viewport": {"width": 320, "height": 640}, "color_scheme": scheme}
    styled = visit(html.decode("ascii"), {"Content-Security-Policy": WITHHELD_CSP}, **options)
    assert styled.evaluate("document.documentElement.scrollWidth") == 320
    colour = styled.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert colour == {"light": "rgb(250, 248, 244)", "dark": "rgb(25, 24, 22)"}[scheme]
    assert Axe().run(visit(html.decode("ascii"), **options)).response["violations"] == []
