"""A feed that cannot be read passes as it is, with the reason by name, and costs neither memory nor a connection."""

from __future__ import annotations

import codecs
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.feeds import annotate
from notices.feeds.annotate import MOST_BYTES
from notices.feeds.elements import MOST_ELEMENTS
from tests.feeds import ATOM, FEEDS, JSON, LABEL, RSS, decider

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
#: What is no feed, broken, or hostile, and why it passes.
UNREADABLE = {
    "nothing": (b"", "malformed"),
    "text": (b"No feed", "malformed"),
    "a page": (b"<!doctype html><title>t</title>", "malformed"),
    "an xhtml page": (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "not-a-feed"),
    "rss without a channel": (b"<rss version='2.0'/>", "not-a-feed"),
    "another rss": (b"<x:rss xmlns:x='u'><channel/></x:rss>", "not-a-feed"),
    "one entry": (b"<entry xmlns='http://www.w3.org/2005/Atom'/>", "not-a-feed"),
    "cut off": (RSS[:600].encode(), "malformed"),
    "more behind": (RSS.encode() + b"<rss/>", "malformed"),
    "an undeclared entity": (RSS.replace("No rule", "&nbsp;").encode(), "malformed"),
    "a control character": (RSS.replace("No rule", "\x01").encode(), "malformed"),
    "an undeclared prefix": (RSS.replace("xmlns:content", "xmlns:other").encode(), "malformed"),
    "entities of its own": (RSS.replace("<rss", '<!DOCTYPE rss [<!ENTITY nbsp "x">]><rss').encode(), "doctype"),
    "a billion laughs": (f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><rss><channel>&l29;'.encode(), "doctype"),
    "a file outside": (
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>',
        "doctype",
    ),
    "not the declared charset": (RSS.replace("News", "Новости").encode("windows-1251"), "encoding"),
    "half a pair": (RSS.replace("utf-8", "utf-16").encode("utf-16") + b"\x00", "encoding"),
    "an unknown charset": (RSS.replace("utf-8", "x-mac-klingon").encode(), "encoding"),
    "a charset that is code": (RSS.replace("utf-8", "unicode_escape").encode(), "encoding"),
    "a charset that shifts": (RSS.replace("utf-8", "utf-7").encode("utf-7"), "encoding"),
    "a charset that packs": (RSS.replace("utf-8", "zlib_codec").encode(), "encoding"),
    "a character written in two ways": (
        RSS.replace("utf-8", "shift_jis").encode().replace(b"News", b"\x87\x90"),
        "encoding",
    ),
    "utf-32": (codecs.BOM_UTF32_BE + RSS.encode("utf-32-be"), "encoding"),
    "other json": (b'{"version": "1", "items": []}', "not-a-feed"),
    "json without items": (b'{"version": "https://jsonfeed.org/version/1"}', "not-a-feed"),
    "items that are none": (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "not-a-feed"),
    "two lists of items": (JSON.replace('"items"', '"items": [], "items"').encode(), "not-a-feed"),
    "a list": (b"[]", "malformed"),
    "cut off json": (JSON[:300].encode(), "malformed"),
    "a comma too many": (JSON.replace("}\n ]", "},\n ]").encode(), "malformed"),
    "nested without end": (b'{"a": ' + b"[" * 200_000, "malformed"),
    "a long number": (b'{"a": ' + b"1" * 5000 + b"}", "malformed"),
    "json in latin-1": (JSON.replace("One", "Öne").encode("latin-1"), "encoding"),
    "too large": (RSS.encode() + b" " * MOST_BYTES, "too-large"),
    "too many elements": (b"<rss><channel>" + b"<a/>" * MOST_ELEMENTS + b"</channel></rss>", "too-large"),
}


@pytest.mark.parametrize(("feed", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_passes_with_its_reason(feed, reason):
    """Not one byte changes, and the reason says what is wrong."""
    result = annotate(feed, decider("RU", tags=("advert",)))
    assert result.feed is feed
    assert result.reason == reason
    assert (result.items, result.noticed, result.omitted) == ((), (), ())


def test_laughs_take_no_memory():
    """Entities are refused where they are declared, before one is expanded."""
    data = UNREADABLE["a billion laughs"][0]
    annotate(data, decider())
    tracemalloc.start()
    try:
        annotate(data, decider())
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_dtd_that_is_only_named_is_not_fetched(monkeypatch):
    """RSS 0.91 names Netscape's; the feed is read without it."""
    old = RSS.replace("<rss", '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd"><rss')
    result = annotate(old.encode(), decider("RU", tags=("advert",)))
    assert result.reason is None
    assert result.feed.count(LABEL.encode()) == 4


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(FEEDS.values())), st.integers(0, 2000), st.integers(0, 40), st.binary(max_size=8))
def test_no_damage_raises(feed, start, length, new):
    """Whatever is cut out of a feed or put into it: it passes, and where it is read it is read again after."""
    data = feed.encode()
    data = data[:start] + new + data[start + length :]
    result = annotate(data, decider("RU", tags=("advert",)))
    assert (result.feed == data) or result.reason is None
    again = annotate(result.feed, decider("RU", tags=("advert",)))
    assert again.reason == result.reason
    assert again.feed == result.feed


KEYS = st.sampled_from(["id", "url", "tags", "items", "content_text", "summary", "language", "date_published"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_json_of_any_shape_passes(value):
    """Values of the wrong kind are no facts and no texts."""
    version = "https://jsonfeed.org/version/1.1"
    feed = json.dumps({"version": version, "home_page_url": value, "items": [value, {"id": "x"}]})
    result = annotate(feed.encode(), decider("RU", tags=("advert",)))
    assert result.reason is None
    changed = json.loads(result.feed)
    assert LABEL in changed["items"][1]["content_text"]


def test_what_the_decider_raises_is_passed_on():
    """The pure function hides no mistake of its caller."""

    def broken(item):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        annotate(ATOM.encode(), broken)
