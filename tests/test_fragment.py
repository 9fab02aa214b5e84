"""Promises of the fragment's bytes and of its style sheet, by independent parsers and by the WCAG formula."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
import turbohtml
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from notices import fragment
from notices.fragment import (
    SCALES,
    STYLE_SHEET,
    Inline,
    Linked,
    Unstyled,
    render_fragment,
    render_warning,
)
from notices.markdown import render_markdown
from notices.notice import Notice
from notices.ruleset import BOTTOM
from notices.words import WORDS, choose_words

#: Parts of names that the common cosmetic filters look for; no class name of ours may hold one.
FILTERED = re.compile(
    "ad|banner|notice|notif|popup|modal|cookie|consent|gdpr|ccpa|privacy|promo|sponsor|alert|overlay|widget|track|social"
)
#: All class names of ours but those of the scales. In November 2026 none of 26,130 general rules of 49 filter lists
#: (EasyList, its national lists, lists of annoyances) hid one of them. Before you add a name here ask the lists again:
#: ``scripts/check_filter_lists.py``.
CLEARED = {
    "lawtext",
    "lawtext-body",
    "lawtext-info",
    "lawtext-legal",
    "lawtext-more",
    "lawtext-scaled",
    "lawtext-short",
    "lawtext-sign",
    "lawtext-title",
    "lawtext-warning",
}
STYLES = [Inline(), Inline("n0nce"), Linked("/notices/sheet.css"), Unstyled()]


def make_notice(**changes: Any) -> Notice:
    facts: dict[str, Any] = {
        "rule": "undesirable",
        "sure": True,
        "level": "warning",
        "at": (BOTTOM,),
        "language": "ru",
        "direction": "ltr",
        "title": "Внимание & <осторожно>",
        "text": "Не делитесь.",
        "body": "<p>Не <strong>делитесь</strong>.</p>",
        "href": "https://courier.example/safety?a=1&b=2",
        "label": "Подробнее",
    }
    return Notice(**(facts | changes))


def render(notice: Notice, style: Any = None, **options: Any) -> str:
    return render_fragment(notice, variant="1a2b3c4d", style=style or Unstyled(), **options).decode("ascii")


def spoken(html: str) -> str:
    """The words that a browser shows, by a parser that is not ours."""
    tree = LexborHTMLParser(f"<!DOCTYPE html><body>{html}</body>")
    tree.strip_tags(["style"])
    return " ".join(tree.body.text(separator=" ").split())


def test_fragment_is_written_as_promised():
    """The whole of a plain fragment, byte for byte."""
    notice = make_notice(language="en", title=None, body="<p>Don’t share.</p>", href=None, level="info")
    assert render_fragment(notice, variant="0badcafe", style=Unstyled()) == (
        b'<aside class="lawtext lawtext-info" role="region" aria-label="Notice" lang="en" dir="ltr" '
        b'data-notices-variant="0badcafe"><div data-nosnippet=""><p class="lawtext-sign" aria-hidden="true">Notice</p>'
        b'<div class="lawtext-body"><p>Don&#8217;t share.</p></div></div></aside>'
    )


@pytest.mark.parametrize("style", STYLES, ids=["inline", "nonce", "linked", "unstyled"])
@pytest.mark.parametrize("collapsible", [False, True], ids=["open", "fold"])
@pytest.mark.parametrize("level", ["info", "warning", "legal"])
def test_fragment_is_sound(style, collapsible, level):
    """ASCII, one well-formed ``<aside>``, without scripts, ids, ``style=`` or anything from elsewhere."""
    data = render_fragment(
        make_notice(level=level, collapsible=collapsible, scale=2.0), variant="1a2b3c4d", style=style
    )
    assert data.isascii()
    assert data.startswith(b"<aside ")
    root = ElementTree.fromstring(data)
    elements = list(root.iter())
    assert {"script", "iframe", "img", "form"}.isdisjoint(element.tag for element in elements)
    for element in elements:
        assert not [name for name in element.attrib if name in ("id", "style") or name.startswith("on")]
    assert root.attrib | {"class": ""} == {
        "class": "", "role": "region", "aria-label": WORDS["ru"]._asdict()[level], "lang": "ru", "dir": "ltr",
        "data-notices-variant": "1a2b3c4d",
    }  # fmt: skip
    assert [element.tag for element in elements if "data-nosnippet" in element.attrib] == ["div"]


@pytest.mark.parametrize("style", STYLES, ids=["inline", "nonce", "linked", "unstyled"])
def test_parsers_build_one_aside_in_body(style):
    """In a page without any tag two independent parsers put the fragment into body, as one child before the rest."""
    page = f"<!DOCTYPE html>{render(make_notice(), style)}<p>Rest"
    tree = LexborHTMLParser(page)
    assert [node.tag for node in tree.body.iter()] == ["aside", "p"]
    other = turbohtml.parse(page)
    assert [node.tag for node in other.find("body").children if hasattr(node, "tag")] == ["aside", "p"]


def test_each_text_stands_once():
    """Title, body and label are read once; the word of the level is not read twice."""
    html = render(make_notice())
    assert spoken(html) == "Предупреждение Внимание & <осторожно> Не делитесь . Подробнее"
    assert LexborHTMLParser(html).css_first("[aria-hidden=true]").text() == "Предупреждение"
    assert LexborHTMLParser(html).css_first("aside").attributes["aria-label"] == "Предупреждение"


def test_fold_is_native_and_open():
    """A collapsible notice is an open ``<details>`` whose summary has the word and the title."""
    tree = LexborHTMLParser(render(make_notice(collapsible=True)))
    assert "open" in tree.css_first("details").attributes
    assert " ".join(tree.css_first("summary").text().split()) == "Предупреждение Внимание & <осторожно>"
    assert tree.css_first("summary [aria-hidden]") is None


def test_link_leads_out_untold():
    """The link has its address whole, its label, and tells nobody where the reader comes from."""
    link = LexborHTMLParser(render(make_notice())).css_first(".lawtext-more a")
    assert link.attributes == {
        "href": "https://courier.example/safety?a=1&b=2",
        "rel": "noreferrer",
        "referrerpolicy": "no-referrer",
    }
    assert link.text() == "Подробнее"
    assert LexborHTMLParser(render(make_notice(label=None))).css_first(".lawtext-more a").text().startswith("https://")


def test_later_notices_have_names_of_their_own():
    """No two regions of a page are called the same."""
    names = {
        LexborHTMLParser(render(make_notice(), ordinal=number)).css_first("aside").attributes["aria-label"]
        for number in (1, 2, 3)
    }
    assert names == {"Предупреждение", "Предупреждение 2", "Предупреждение 3"}


def test_words_in_another_language_say_so():
    """A notice in a language without words of ours has English ones, marked as English."""
    sign = LexborHTMLParser(render(make_notice(language="th"))).css_first(".lawtext-sign")
    assert (sign.text(), sign.attributes["lang"], sign.attributes["dir"]) == ("Warning", "en", "ltr")
    assert "lang" not in LexborHTMLParser(render(make_notice(language="ru-BY"))).css_first(".lawtext-sign").attributes


@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_all_words(language):
    """Each language has all words, names its levels differently from plain text, and finds itself."""
    words = WORDS[language]
    assert all(word.strip() == word and word for word in words)
    assert len({words.info, words.warning, words.legal}) == 3
    assert choose_words([language])[0] == language


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        pytest.param(
            Inline('a"><script>x</script>'), '<style nonce="a&quot;&gt;&lt;script&gt;x&lt;/script&gt;">', id="nonce"
        ),
        pytest.param(Linked('/a"b&c'), '<link rel="stylesheet" href="/a&quot;b&amp;c"/>', id="href"),
    ],
)
def test_style_attributes_are_escaped(style, expected):
    """A nonce or address with quotes cannot leave its attribute."""
    assert expected in render(make_notice(), style)


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=20), st.text(max_size=20), st.text(min_size=1, max_size=20), st.sampled_from(STYLES), st.booleans()
)
def test_no_value_breaks_the_frame(title, label, language, style, collapsible):
    """Whatever the texts hold, the bytes are ASCII, well-formed and one element."""
    notice = make_notice(
        title=title, label=label, language=language, short=title or None, collapsible=collapsible,
        body=render_markdown("{publisher}", {"publisher": label}).html,
    )  # fmt: skip
    for data in (render_fragment(notice, variant="1a2b3c4d", style=style), render_warning(notice)):
        assert data.isascii()
        ElementTree.fromstring(re.sub(rb"&#(?:xfffe|xffff|6553[45]|\d+);", b"?", data))


def test_characters_that_html_cannot_hold_are_dropped():
    """Controls and noncharacters never become references that a parser would turn into something else."""
    html = render(make_notice(title="a\x00b\x85c\ud800d\uffffe"))
    assert "<strong>abcde</strong>" in html


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"short": "Коротко & ясно"}, "Коротко & ясно", id="short"),
        pytest.param({}, "Внимание & <осторожно>", id="title"),
        pytest.param({"title": None, "text": "Один.\n\nДва."}, "Один. Два.", id="text"),
    ],
)
def test_warning_is_short_and_inline(changes, expected):
    """The text before a feature is one ``<span>`` of words, so that it ends no paragraph."""
    data = render_warning(make_notice(**changes))
    assert data.isascii()
    assert spoken(data.decode("ascii")) == expected
    tree = LexborHTMLParser(f"<!DOCTYPE html><body><p>{data.decode('ascii')}<button>x</button></p>")
    assert [node.tag for node in tree.css_first("p").iter()] == ["span", "button"]


@pytest.mark.parametrize(
    ("scale", "step"), [(None, None), (1.0, None), (1.1, "1-25"), (2.0, "2"), (2.1, "2-5"), (99.0, "10")]
)
def test_scale_is_the_next_step_up(scale, step):
    """The class is that of the smallest known size that is large enough."""
    classes = LexborHTMLParser(render(make_notice(scale=scale))).css_first("aside").attributes["class"].split()
    assert classes[2:] == ([] if step is None else ["lawtext-scaled", f"lawtext-x{step}"])


def test_every_step_has_its_rule():
    """The sheet knows every size that the fragment may ask for, by the same number."""
    found = dict(
        re.findall(r"\.lawtext-x([\d-]+):not\(#_\):not\(#_\)\{--lawtext-scale:([\d.]+)\}", STYLE_SHEET.decode())
    )
    assert {float(value) for value in found.values()} == set(SCALES)
    assert all(name.replace("-", ".") == value for name, value in found.items())


class Classes(HTMLParser):
    """Collects class names from HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "class" and value:
                self.names |= set(value.split())


def all_classes() -> set[str]:
    parser = Classes()
    for collapsible in (False, True):
        for level in ("info", "warning", "legal"):
            parser.feed(render(make_notice(level=level, collapsible=collapsible, scale=1.5)))
    parser.feed(render_warning(make_notice()).decode("ascii"))
    return parser.names


def test_no_class_name_is_what_blockers_hide():
    """No class name holds a word that cosmetic filters look for, and the filter lists were asked of each."""
    names = all_classes()
    assert {name for name in names if not re.fullmatch(r"lawtext-x[\d-]+", name)} == CLEARED
    assert not [name for name in names if FILTERED.search(name)]


def test_every_class_is_styled_and_every_rule_is_used():
    """The sheet and the fragment know the same classes."""
    styled = set(re.findall(r"\.(lawtext[a-z-]*)(?![\w-])", re.sub(r"\.lawtext-x[\d-]+", "", STYLE_SHEET.decode())))
    # An info notice is the plain one: it has a class for sites, and no rule of its own.
    assert {name for name in all_classes() if "-x" not in name} - styled == {"lawtext-info"}
    assert styled <= all_classes()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"body": "<p>Another text</p>", "text": "Another text"}, id="text"),
        pytest.param({"level": "info"}, id="level"),
        pytest.param({"language": "de"}, id="language"),
        pytest.param({"href": "https://other.example/"}, id="link"),
        pytest.param({"collapsible": True}, id="fold"),
        pytest.param({"scale": 2.0}, id="scale"),
    ],
)
def test_a_remembered_fragment_never_stands_for_another(change):
    """Two notices that differ in anything written get each its own fragment, in whatever order they are asked for."""
    one, other = make_notice(), make_notice(**change)
    first = [render(one), render(other)]
    assert first[0] != first[1]
    assert [render(one), render(other)] == first
    assert render_fragment(one, variant="00000001", style=Unstyled()) != render_fragment(
        one, variant="00000002", style=Unstyled()
    )
    assert render(one, Linked("/a.css")) != render(one, Linked("/b.css"))
    assert render(one, ordinal=2) != first[0]


def test_a_nonce_is_not_remembered():
    """What belongs to one response is kept nowhere."""
    before = fragment._remembered.cache_info().currsize
    assert 'nonce="Zm9v"' in render(make_notice(), Inline("Zm9v"))
    assert fragment._remembered.cache_info().currsize == before
