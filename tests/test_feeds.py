"""Feeds tell their readers what pages tell them: each item its own notices, and nothing of what is withheld."""

from __future__ import annotations

import html
import json
from xml.dom import minidom

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from notices.feeds import annotate
from tests.feeds import ATOM, EN, FEEDS, JSON, LABEL, NOON, RDF, RSS, RU, RULES, decider

P = '<p lang="en" dir="ltr">If you are in Russia, sharing &amp; liking &lt;this&gt; may be punished.</p>'
each_feed = pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)


def parsed(feed: bytes):
    """The feed as an independent parser reads it, which sees nothing wrong in it; nothing is cleaned away."""
    found = feedparser.parse(feed, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


def entry_of(feed: str, number: int = 0, **how):
    """An item of a feed with its notices, as the other parser reads it."""
    return parsed(annotate(feed.encode(), decider("RU", **how)).feed).entries[number]


def test_rss_has_the_short_text_after_description_and_content():
    """Both are HTML, so the notice is a paragraph of its own at the end of each, in its language."""
    entry = entry_of(RSS)
    assert entry.summary == f"Short of <b>one</b>{P}"
    assert [content.value for content in entry.content] == [f"<p>Whole of one</p>{P}"]


def test_atom_has_it_as_each_text_is_written():
    """A summary is plain text, content says what it is."""
    entry = entry_of(ATOM)
    assert entry.summary == f"Short of one\n\n{EN}"
    assert [content.value for content in entry.content] == [f"<p>Whole of one</p>{P}"]


def test_in_xhtml_it_is_an_element_of_the_division():
    """XHTML holds elements, not escaped text: the last child of the ``div`` is the paragraph."""
    document = minidom.parseString(annotate(ATOM.encode(), decider("RU")).feed)
    entry = document.getElementsByTagName("entry")[1]
    division = entry.getElementsByTagNameNS("http://www.w3.org/1999/xhtml", "div")[0]
    first, last = division.childNodes
    assert (first.firstChild.data, last.firstChild.data) == ("About it", EN)
    assert (last.namespaceURI, last.tagName) == ("http://www.w3.org/1999/xhtml", "p")
    assert {name: last.getAttribute(name) for name in ("lang", "xml:lang", "dir")} == {
        "lang": "en",
        "xml:lang": "en",
        "dir": "ltr",
    }


def test_a_description_of_rss_1_is_plain_text():
    """RSS 1.0 knows no markup there."""
    assert entry_of(RDF).summary == f"Short of one\n\n{EN}"


def test_json_feed_has_it_in_every_text():
    """HTML in the one, plain text in the others, and the title as it was."""
    item = json.loads(annotate(JSON.encode(), decider("RU")).feed)["items"][0]
    assert item == {
        "id": "1",
        "url": "https://courier.example/news/1",
        "title": "One",
        "summary": f"Short of one\n\n{EN}",
        "content_html": f"<p>Whole of one</p>{P}",
        "content_text": f"Whole of one\n\n{EN}",
    }


@each_feed
def test_only_the_notice_is_added_byte_for_byte(feed):
    """What was there stays as it was written: taken out again, the notices leave the very bytes of the feed."""
    escaped = html.escape(EN, quote=False)
    xhtml = f'<p xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en" dir="ltr">{escaped}</p>'
    result = annotate(feed.encode(), decider("RU")).feed.decode()
    assert result != feed
    for added in (html.escape(P, quote=False), P.replace('"', '\\"'), xhtml, f"\n\n{escaped}", f"\\n\\n{EN}"):
        result = result.replace(added, "")
    assert result == feed


@each_feed
def test_a_second_time_changes_nothing(feed):
    """A feed that goes through twice has each notice once."""
    once = annotate(feed.encode(), decider("RU", tags=("advert", "whole")))
    twice = annotate(once.feed, decider("RU", tags=("advert", "whole")))
    assert twice.feed == once.feed
    assert len(twice.noticed) == len(once.noticed) == len(once.items)


@each_feed
def test_a_feed_without_notices_is_the_same_object(feed):
    """For readers whom no rule concerns not one byte changes."""
    data = feed.encode()
    result = annotate(data, decider("DE"))
    assert result.feed is data
    assert (result.reason, result.noticed, result.omitted) == (None, (), ())


@each_feed
def test_an_item_that_is_withheld_is_gone_whole(feed):
    """Neither title, text nor address of it is left, the others stand as they stood, and the feed is sound."""
    result = annotate(feed.encode(), decider("GB"))
    assert [item.title for item in result.omitted] == ["Secret"]
    assert b"ecret" not in result.feed
    assert b"About it" not in result.feed
    if feed is JSON:
        titles = [item["title"] for item in json.loads(result.feed)["items"]]
    else:
        titles = [entry.title for entry in parsed(result.feed).entries]
    assert titles == ["One", "Sport"][: len(titles)]
    assert len(titles) == len(result.items) - 1


@each_feed
def test_readers_of_whom_nothing_is_known_are_warned_and_miss_nothing(feed):
    """On a maybe a warning for safety is shown, and the order, whose ``unsure`` says hide, withholds nothing."""
    result = annotate(feed.encode(), decider())
    assert result.omitted == ()
    assert "One" in {item.title for item in result.noticed}


@pytest.mark.parametrize("kept", [(), (0,), (1,), (2,), (0, 2), (0, 1), (1, 2)], ids=str)
def test_json_stays_sound_whichever_items_go(kept):
    """Commas go with the items that they part."""
    gone = {"1", "2", "3"} - {"123"[number] for number in kept}
    source = JSON.replace("news/1", "news/secret").replace("sport/3", "news/secret")
    withhold, leave = decider("GB"), decider("DE")
    result = annotate(source.encode(), lambda item: (withhold if item.id in gone else leave)(item))
    assert [item["id"] for item in json.loads(result.feed)["items"]] == ["123"[number] for number in kept]


def test_what_stands_at_the_top_comes_before_the_text():
    """The label before, the warning after; plain text is parted by blank lines."""
    entry = entry_of(ATOM, tags=("advert",))
    label = f'<p lang="en" dir="ltr">{LABEL}</p>'
    assert entry.content[0].value == f"{label}<p>Whole of one</p>{P}"
    assert entry.summary == f"{LABEL}\n\nShort of one\n\n{EN}"


@pytest.mark.parametrize(
    ("at", "before"),
    [
        ("[top]", True),
        ("[before-article]", True),
        ("[{after: h1}]", True),
        ("[{after: '.lead, header.top'}]", True),
        ("[{first-in: main}]", True),
        ("[after-article]", False),
        ("[bottom]", False),
        ("[{after: .h1}]", False),
        ("[{last-in: footer}]", False),
        ("[bottom, top]", True),
        ("[bottom], first: true", True),
    ],
)
def test_the_rules_place_says_before_or_after(at, before):
    """Under the headline is before the text, for a feed gives the headline apart."""
    rules = RULES.replace("at: [after-article]", f"at: {at}")
    value = entry_of(ATOM, rules=rules).content[0].value
    assert value == (f"{P}<p>Whole of one</p>" if before else f"<p>Whole of one</p>{P}")


@pytest.mark.parametrize(
    "cut",
    [
        "<p>Text <a hre",
        '<p>Text <a href="https://a.example/">a</a',
        "Text <!-- a remark",
        "Text <script>let a = 1;",
        "Text <style>p {}",
        "Text <iframe src=x>",
        "Text <TEXTAREA >",
        "Text <svg><text>",
        "Text <template>",
        "Text <select><option>",
    ],
)
@pytest.mark.parametrize("kind", ["rss", "json"])
def test_no_notice_is_swallowed_by_a_text_that_was_cut(cut, kind):
    """Feeds hold the beginnings of articles: after an open tag, comment or script the notice stands before the text."""
    if kind == "rss":
        feed = RSS.replace("Short of &lt;b&gt;one&lt;/b&gt;", html.escape(cut))
        once = annotate(feed.encode(), decider("RU")).feed
        shown = parsed(once).entries[0].summary
    else:
        feed = JSON.replace("<p>Whole of \\u006fne</p>", json.dumps(cut)[1:-1])
        once = annotate(feed.encode(), decider("RU")).feed
        shown = json.loads(once)["items"][0]["content_html"]
    (notice,) = LexborHTMLParser(shown).css("body > p[dir]")
    assert notice.text() == EN
    assert shown == P + cut
    assert annotate(once, decider("RU")).feed == once


@pytest.mark.parametrize(
    "whole",
    ["a < b", "1 &lt; 2", "<!-- a --> b", "<iframe></iframe>", "<script>1</script><p>x</p>", "<p>a", "<b>a", "x <3"],
)
def test_a_whole_text_keeps_its_notice_behind_it(whole):
    """What only looks cut off is not, and what ends elements early hides nothing."""
    shown = entry_of(RSS.replace("Short of &lt;b&gt;one&lt;/b&gt;", html.escape(whole))).summary
    assert shown == whole + P
    assert LexborHTMLParser(shown).css_first("p[dir]").text() == EN


def test_without_a_short_text_it_is_title_and_body():
    """HTML keeps links and lists, plain text the words."""
    entry = entry_of(ATOM, 2, tags=("whole",))
    assert entry.content[0].value == "No rule here\n\nPlease note\n\nOne word & two.\n\n- first\n- second"
    whole = entry_of(RSS, 2, tags=("whole",)).summary
    assert whole.startswith('No rule here<div lang="en" dir="ltr"><p><strong>Please note</strong></p>')
    assert '<a href="https://a.example/?b=1&amp;c=2"' in whole
    assert "<li>first</li><li>second</li>" in whole


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        pytest.param(RSS.replace("<description>News", "<language>ru</language><description>"), RU, id="rss channel"),
        pytest.param(ATOM.replace('xml:lang="en"', 'xml:lang="ru-RU"'), RU, id="atom feed"),
        pytest.param(ATOM.replace("<entry>", '<entry xml:lang="ru">'), RU, id="atom entry"),
        pytest.param(JSON.replace('"language": "en"', '"language": "ru"'), RU, id="json feed"),
        pytest.param(JSON.replace('"id": "1",', '"id": "1", "language": "ru",'), RU, id="json item"),
        pytest.param(JSON.replace('"language": "en"', '"language": 7'), EN, id="no language"),
    ],
)
def test_the_text_is_in_the_items_language(feed, expected):
    """The item's own, else the feed's, else the rules' last resort."""
    result = annotate(feed.encode(), decider("RU")).feed.decode()
    assert html.escape(expected, quote=False) in html.unescape(result).replace("<this>", "&lt;this&gt;").replace(
        "& l", "&amp; l"
    )


def test_content_that_stands_elsewhere_is_not_touched():
    """An Atom ``content`` with a ``src`` must stay empty (RFC 4287, section 4.1.3.2)."""
    elsewhere = '<content src="https://a.example/" type="text/html"/>'
    result = annotate(ATOM.replace("<content>No rule here</content>", elsewhere).encode(), decider(tags=("advert",)))
    assert f"{elsewhere}\n <summary>{LABEL}</summary></entry>" in result.feed.decode()


def test_right_to_left_is_said():
    """An Arabic paragraph in an item in Arabic says which way it runs."""
    feed = ATOM.replace('xml:lang="en"', 'xml:lang="ar"')
    assert '<p lang="ar" dir="rtl">إذا كنت في روسيا' in entry_of(feed).content[0].value


@pytest.mark.parametrize(
    "charset", ["windows-1251", "utf-16", "koi8-r", "iso-8859-5", "gb2312", "shift_jis", "euc-kr", "utf-8-sig"]
)
def test_every_charset_that_a_feed_declares_stays(charset):
    """The feed comes back in its own charset, byte order mark included, and its old words are where they were."""
    declared = "utf-8" if charset == "utf-8-sig" else charset
    feed = (
        RSS.replace("utf-8", declared)
        .replace("<title>One", "<title>Один")
        .replace("<description>News", "<language>ru</language><description>")
    )
    data = feed.encode(charset)
    result = annotate(data, decider("RU"))
    assert result.reason is None
    assert result.items[0].title == "Один"
    text = result.feed.decode(charset)
    assert text.replace(html.escape(f'<p lang="ru" dir="ltr">{RU}</p>', quote=False), "") == feed
    assert result.feed[:2] == data[:2]
    assert parsed(result.feed).entries[0].summary.endswith(f"{RU}</p>")


def test_characters_that_a_charset_lacks_are_written_as_references():
    """Russian in a Latin feed reads the same."""
    data = (
        RSS.replace("utf-8", "iso-8859-1")
        .replace("<description>News", "<language>ru</language><description>Ö")
        .encode("latin-1")
    )
    result = annotate(data, decider("RU"))
    assert result.feed.isascii() is False
    assert b"&#1045;&#1089;&#1083;&#1080;" in result.feed
    assert parsed(result.feed).entries[0].summary.endswith(f"{RU}</p>")


@pytest.mark.parametrize(
    ("media_type", "changed"),
    [("application/rss+xml; charset=windows-1251", True), ('text/xml; CHARSET="cp1251"', True), ("text/xml", False)],
)
def test_the_media_types_charset_counts_above_the_declaration(media_type, changed):
    """RFC 7303: the header says it for the file, which then need not."""
    data = RSS.replace(' encoding="utf-8"', "").replace("<title>One", "<title>Один").encode("windows-1251")
    result = annotate(data, decider("RU"), media_type=media_type)
    assert (result.feed != data) is changed
    assert result.reason == (None if changed else "encoding")


@pytest.mark.parametrize(
    ("feed", "slot"),
    [
        pytest.param(RSS.replace("<description>No rule here</description>", ""), "summary", id="rss without any"),
        pytest.param(
            RSS.replace("<description>No rule here</description>", "<description/>"), "summary", id="rss empty"
        ),
        pytest.param(RSS.replace("No rule here", " \n"), "summary", id="rss blank"),
        pytest.param(ATOM.replace("<content>No rule here</content>", ""), "summary", id="atom without any"),
        pytest.param(ATOM.replace("<content>No rule here</content>", "<summary />"), "summary", id="atom empty"),
        pytest.param(
            ATOM.replace("<content>No rule here</content>", '<content src="https://a.example/" type="text/html"/>'),
            "summary",
            id="atom content elsewhere",
        ),
        pytest.param(
            ATOM.replace("<content>No rule here</content>", '<content type="image/png">aGk=</content>'),
            "summary",
            id="atom picture",
        ),
    ],
)
def test_an_item_without_a_text_is_given_one(feed, slot):
    """A notice is not lost because the item says nothing else, and is there once."""
    once = annotate(feed.encode(), decider("RU", tags=("advert",))).feed
    entry = parsed(once).entries[2]
    assert entry[slot].strip() in (LABEL, f'<p lang="en" dir="ltr">{LABEL}</p>')
    assert annotate(once, decider("RU", tags=("advert",))).feed == once


@pytest.mark.parametrize(
    "item",
    ["{}", '{"id": "9"}', '{"content_text": null}', '{"content_html": 7}', '{"content_html": ""}', '{"summary": "S"}'],
)
def test_a_json_item_without_a_text_is_given_one(item):
    """A JSON Feed's item must have a content; one without any gets the notice as it."""
    feed = f'{{"version": "https://jsonfeed.org/version/1", "items": [ {item} ]}}'.encode()
    once = annotate(feed, decider("RU", tags=("advert",))).feed
    (found,) = json.loads(once)["items"]
    assert LABEL in (found.get("content_text") or found.get("content_html") or "")
    assert annotate(once, decider("RU", tags=("advert",))).feed == once


def test_prefixes_of_the_feed_are_kept():
    """A feed that writes every name with a prefix gets new elements with the same."""
    feed = (
        ATOM.replace("<", "<a:")
        .replace("<a:/", "</a:")
        .replace("<a:?", "<?")
        .replace('xmlns="http://www.w3.org/2005/', 'xmlns:a="http://www.w3.org/2005/')
    )
    feed = feed.replace("a:div", "div").replace("a:p>", "p>").replace("<a:content>No rule here</a:content>", "")
    assert entry_of(feed, 2, tags=("advert",)).summary == LABEL
    assert entry_of(feed).summary == f"Short of one\n\n{EN}"


def test_tricky_markup_does_not_mislead():
    """A ``>`` in an attribute, comments, sections of character data and nested names are not taken for tags."""
    tricky = RSS.replace(
        "<description>No rule here</description>",
        "<!-- <description>x</description> --><x a='->' b=\"/>\"><description>nested</description></x>"
        '<description a="b>c" ><![CDATA[</description>]]> <i/></description >',
    )
    document = minidom.parseString(annotate(tricky.encode(), decider("RU", tags=("advert",))).feed)
    item = document.getElementsByTagName("item")[2]
    nested, own = item.getElementsByTagName("description")
    assert nested.parentNode.tagName == "x"
    assert nested.firstChild.data == "nested"
    label = f'<p lang="en" dir="ltr">{LABEL}</p>'
    assert (
        "".join(child.data for child in own.childNodes if child.nodeType != child.ELEMENT_NODE)
        == f"{label}</description> "
    )


def test_an_item_states_its_page():
    """Link, categories, dates and language become the facts by which rules choose pages."""
    feed = RSS.replace(
        "<guid>3</guid>",
        "<guid>3</guid><category>War </category><category domain='x'>advert</category>"
        "<pubDate>Sun, 22 Nov 2026 13:00:00 +0100</pubDate>",
    )
    item = annotate(feed.encode(), decider("RU")).items[2]
    assert (item.page.host, item.page.path, item.page.surface) == ("courier.example", "/sport/3", "article")
    assert item.page.tags == {"War", "advert"}
    assert item.page.published == NOON
    assert (item.id, item.title, item.page.language) == ("3", "Sport", None)


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ("<guid>https://courier.example/news/7</guid>", "/news/7"),
        ('<guid isPermaLink="false">https://courier.example/news/7</guid>', None),
        ("<link>/news/%D0%B0</link>", "/news/а"),
        ("<link>https://courier.example:443</link>", "/"),
        ("<link>mailto:a@b.example</link>", None),
        ("<link>http://[</link>", None),
        ("", None),
    ],
)
def test_where_an_items_page_is(item, path):
    """A permalink stands in for the link, a path is of the feed's own host; what is none states none."""
    feed = f"<rss><channel><link>https://courier.example/</link><item>{item}</item></channel></rss>"
    (found,) = annotate(feed.encode(), decider("DE")).items
    assert (found.page.host, found.page.path) == ("courier.example", path)


def test_json_and_atom_state_the_same_facts():
    """Tags, dates and relative links are read in every format."""
    feed = json.loads(JSON)
    feed["items"] = [{"id": 5, "url": "/news/5", "tags": ["a", "b", 3], "date_published": "2026-11-22T12:00:00Z"}]
    (item,) = annotate(json.dumps(feed).encode(), decider("DE")).items
    assert (item.page.path, item.page.tags, item.page.published, item.id) == ("/news/5", {"a", "b"}, NOON, "5")
    atom = ATOM.replace(
        '<link href="https://courier.example/sport/3"/>',
        '<link href="../news/5" xml:base="/x/y/"/>'
        '<category term="a"/><category term="b" label="B"/><published>2026-11-22T12:00:00Z</published>',
    )
    item = annotate(
        atom.replace("<feed ", '<feed xml:base="https://courier.example/q" ').encode(), decider("DE")
    ).items[2]
    assert (item.page.host, item.page.path) == ("courier.example", "/x/news/5")
    assert (item.page.tags, item.page.published) == ({"a", "b"}, NOON)


def test_until_is_when_the_feed_may_change():
    """No cache may keep it longer."""
    assert annotate(RSS.encode(), decider("RU")).until.isoformat() == "2027-06-01T00:00:00+00:00"
    assert annotate(RSS.encode(), lambda item: None).until is None


def test_an_item_may_be_left_alone():
    """Where no decision is given nothing is put in or taken out."""
    data = RSS.encode()
    assert annotate(data, lambda item: None).feed is data


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=30)


@st.composite
def feeds(draw):
    """Feeds with any texts in their items, in any of the four kinds."""
    items = draw(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=4))
    kind = draw(st.sampled_from(["rss", "atom", "json"]))
    if kind == "json":
        rows = [{"id": a, "title": a, "summary": b, "content_html": c} for a, b, c in items]
        return json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "items": rows}, ensure_ascii=draw(st.booleans())
        ).encode()
    quote = draw(st.sampled_from([html.escape, lambda text: f"<![CDATA[{text.replace(']]>', '')}]]>"]))
    if kind == "rss":
        body = "".join(
            f"<item><title>{quote(a)}</title><description>{quote(b)}</description></item>" for a, b, _ in items
        )
        return f"<rss version='2.0'><channel><title>t</title>{body}</channel></rss>".encode(
            draw(st.sampled_from(["utf-8", "utf-16"]))
        )
    body = "".join(
        f"<entry><title>{quote(a)}</title><summary>{quote(b)}</summary>"
        f"<content type='html'>{quote(c)}</content></entry>"
        for a, b, c in items
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title>{body}</feed>".encode()


def texts_of(feed: bytes) -> list[tuple[str, str, str]]:
    """Title, summary and content of each item, by parsers that are not ours."""
    if feed.startswith(b"{"):
        return [(item["title"], item["summary"], item["content_html"]) for item in json.loads(feed)["items"]]
    document = minidom.parseString(feed)
    items = document.getElementsByTagName("item") or document.getElementsByTagName("entry")
    names = (("title",), ("description", "summary"), ("content",))
    return [
        tuple(
            "".join(
                child.data
                for name in group
                for element in item.getElementsByTagName(name)
                for child in element.childNodes
            )
            for group in names
        )
        for item in items
    ]


@settings(max_examples=150, deadline=None)
@given(feeds())
def test_but_for_the_notice_the_feed_says_what_it_said(feed):
    """Whatever texts there are: the label is before each, once, and behind it stands the old text."""
    result = annotate(feed, decider("DE", tags=("advert",)))
    assert result.reason is None
    found, old = texts_of(result.feed), texts_of(feed)
    assert len(found) == len(old)
    notice = f'<p lang="en" dir="ltr">{LABEL}</p>'
    for (title, summary, content), was in zip(found, old, strict=True):
        assert title == was[0]
        for text, before in ((summary, was[1]), (content, was[2])):
            assert text in {notice + before, f"{LABEL}\n\n{before}", LABEL + before, ""}
            assert before or text in {notice, LABEL, ""}
        assert LABEL in summary
    assert annotate(result.feed, decider("DE", tags=("advert",))).feed == result.feed
