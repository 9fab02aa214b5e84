"""Selectors of places: what is understood, and what is refused with a reason and a position."""

from __future__ import annotations

import pytest

from notices.inject import SelectorError, insert, parse_selector


@pytest.mark.parametrize(
    ("text", "name", "attributes", "expected"),
    [
        pytest.param("article", b"article", {}, True, id="type"),
        pytest.param("ARTICLE", b"article", {}, True, id="type in any case"),
        pytest.param("article", b"section", {}, False, id="another type"),
        pytest.param("#main", b"div", {b"id": "main"}, True, id="id"),
        pytest.param("#main", b"div", {b"id": "Main"}, False, id="id in another case"),
        pytest.param(".a", b"div", {b"class": "b a\tc"}, True, id="class"),
        pytest.param(".a", b"div", {b"class": "ab"}, False, id="part of a class"),
        pytest.param("div.a.b", b"div", {b"class": "b a"}, True, id="two classes"),
        pytest.param("[role]", b"p", {b"role": ""}, True, id="attribute"),
        pytest.param("[role=main]", b"p", {b"role": "main"}, True, id="value"),
        pytest.param("[role='main x']", b"p", {b"role": "main x"}, True, id="quoted value"),
        pytest.param('[ ROLE = "main" ]', b"p", {b"role": "main"}, True, id="spaces"),
        pytest.param("article, .story", b"div", {b"class": "story"}, True, id="list"),
        pytest.param("article#a.b[c]", b"article", {b"id": "a", b"class": "b"}, False, id="all parts of a compound"),
        pytest.param(r".md\:grid", b"div", {b"class": "md:grid"}, True, id="escape"),
        pytest.param("my-card", b"my-card", {}, True, id="custom element"),
    ],
)
def test_matches(text, name, attributes, expected):
    """A selector means what CSS says it means."""
    assert parse_selector(text).matches(name, attributes) is expected


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        pytest.param("main article", 5, "a space combines", id="descendant"),
        pytest.param("main > article", 5, "'>' combines", id="child"),
        pytest.param("p + p", 2, "'\\+' combines", id="sibling"),
        pytest.param("p:first-child", 1, "pseudo-classes", id="pseudo-class"),
        pytest.param("p::before", 1, "pseudo", id="pseudo-element"),
        pytest.param("*", 0, "everything", id="universal"),
        pytest.param("", 0, "missing", id="empty"),
        pytest.param("article,", 8, "missing", id="trailing comma"),
        pytest.param(",article", 0, "missing", id="leading comma"),
        pytest.param("[a^=b]", 0, "only \\[attr\\]", id="operator"),
        pytest.param("[data-x=1]", 0, 'quote the value, which is no plain name: \\[data-x="1"\\]', id="digit unquoted"),
        pytest.param("div[href=/a]", 3, 'quote the value.*\\[href="/a"\\]', id="sign unquoted"),
        pytest.param("a!", 1, "'!' cannot stand here", id="other"),
        pytest.param("#a#b", 0, "one id", id="two ids"),
    ],
)
def test_refusals(text, offset, message):
    """What is not understood is refused with its position and what to write instead."""
    with pytest.raises(SelectorError, match=message) as raised:
        parse_selector(text)
    assert raised.value.offset == offset
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize(
    ("position", "text", "message"),
    [
        pytest.param("before", "li", "list", id="before an item"),
        pytest.param("after", "tr", "table", id="after a row"),
        pytest.param("before", "article, dd", "description list", id="second of a list"),
        pytest.param("before", "option", "select", id="before an option"),
        pytest.param("before", "body", "top or bottom", id="before body"),
        pytest.param("first-in", "ul", "lists and tables", id="in a list"),
        pytest.param("last-in", "p", "paragraph", id="in a paragraph"),
        pytest.param("first-in", "h1", "heading", id="in a heading"),
        pytest.param("first-in", "img", "cannot hold", id="in a void element"),
        pytest.param("first-in", "details", "summary", id="before a summary"),
        pytest.param("after", "script", "not a part", id="after a script"),
    ],
)
def test_targets_that_no_block_may_stand_at(position, text, message):
    """Where the type alone tells that no block may stand there, the selector is refused."""
    with pytest.raises(SelectorError, match=message):
        parse_selector(text, position)


@pytest.mark.parametrize(
    ("position", "text"),
    [
        ("first-in", "li"),
        ("last-in", "td"),
        ("first-in", "dd"),
        ("before", "p"),
        ("after", "h1"),
        ("last-in", "details"),
    ],
)
def test_targets_that_are_fine(position, text):
    """A block may stand inside items and cells, and beside paragraphs and headings."""
    assert parse_selector(text, position).matches(text.encode(), {})


WRITTEN = {
    "reference in a class": (".a\\&b", "<div class='x a&amp;b'>", "utf-8", "utf-8"),
    "numeric reference for a sign": ("#a\\:b", "<div id=a&#58;b>", "utf-8", "utf-8"),
    "named reference for a letter": ("#café-x", "<div id='caf&eacute;-x'>", "utf-8", "utf-8"),
    "reference in a value": ("[title='a & b']", "<div title='a &amp; b'>", "utf-8", "utf-8"),
    "UTF-8": ("#новости", "<div id=новости>", "utf-8", None),
    "windows-1251": ("#новости", "<div id=новости>", "windows-1251", "Windows-1251"),
    "windows-1251, class and ASCII": (".дело-12", "<div class='a дело-12'>", "windows-1251", "cp1251"),
    "KOI8-R": (".новости", "<div class='a новости b'>", "koi8-r", "koi8-r"),
    "Shift_JIS": ("#表示", "<div id=表示>", "shift_jis", "shift_jis"),
    "Latin-1, as browsers read it": (".“x”", "<div class=“x”>", "windows-1252", "iso-8859-1"),
    "GBK": ("[title=育]", "<div title=育>", "gbk", "gb2312"),
    "UTF-16, Latin-1 letters": ("#café", "<div id=café>", "utf-16-le", "utf-16le"),
}


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize(("selector", "tag", "codec", "label"), WRITTEN.values(), ids=WRITTEN)
def test_names_as_a_page_may_write_them(selector, tag, codec, label, size):
    """Ids, classes and values are found in the page's charset, also where their signs are character references."""
    page = f"<!doctype html><body><p>x</p>{tag}y</div>"
    data = page.encode(codec)
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    out = b"".join(insert(chunks, b"<aside>N</aside>", {"before": selector}, charset=label))
    assert out.decode(codec) == page.replace("<div", "<aside>N</aside><div")


def test_a_mark_beats_the_header_also_for_names():
    """Where a byte order mark says UTF-8, names are read as UTF-8 whatever the header says."""
    page = "\ufeff<!doctype html><body><p>x</p><div id=новости>y</div>".encode()
    out = b"".join(insert([page], b"<aside>N</aside>", {"before": "#новости"}, charset="windows-1251"))
    assert out == page.replace(b"<div", b"<aside>N</aside><div")


@pytest.mark.parametrize("label", ["idna", "punycode", "base64", "unicode_escape", "utf-7", "x\0", "é", "hex"])
def test_a_label_that_no_browser_knows_is_read_as_utf_8(label):
    """A label that means something to Python only is no charset of a page."""
    page = "<!doctype html><body><p>x\\N</p><div id=новости title='+AA \\x'>y</div>".encode()
    out = b"".join(insert([page], b"<aside>N</aside>", {"before": "#новости"}, charset=label))
    assert out == page.replace(b"<div", b"<aside>N</aside><div")
