"""Pages that were read before: edited as if read anew, and nothing of them kept that tells what they say."""

from __future__ import annotations

import gc
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.inject import Edits, Feature, Injector, Insertion, Outlines, outlines
from notices.ruleset import Place
from tests.pages import page as whole_page
from tests.test_inject_soup import PLACES, soups
from tests.trees import NOTICE

SECRET = bytes(range(32))
LINKED = b'<aside><a href="/law">N</a></aside>'
FEATURES = {"share": Feature("hide"), "comment": Feature("warn", lambda _: b"<span>W</span>")}
BUTTONS = ("", '<p data-notices-feature="share">S</p>', "<div DATA-notices-feature='comment'>C</div>")
TAILS = (*BUTTONS, "</body>" + BUTTONS[1], "<!--notices:n-->", "<!--notices-->")
#: Pages that are told apart by so few bytes of their beginning begin alike nearly always.
ALIKE = mock.patch.object(outlines, "_BEGINNING", 16)
HEAD = "<!DOCTYPE html><html lang=en><head><title>T</title></head><body>"
ARTICLE = HEAD + "<article><p>A</p></article>"
AFTER = (Place("after", "article"),)


def wanted(*places, fragment=NOTICE, features=None):
    """Edits with one insertion at *places*."""
    return Edits((Insertion(places, lambda _: fragment),), features or {})


def fresh(page, edits, charset=None):
    """The page as it streams past in two chunks, with no memory: the judge."""
    injector = Injector(edits, charset=charset)
    half = len(page) // 2
    out = injector.feed(page[:half]) + injector.feed(page[half:]) + injector.finish()
    return out, injector.report.placed, injector.report.missed, dict(injector.report.features)


def recalled(page, edits, kept, charset=None):
    """The page at once, with what is *kept* of others."""
    injector = Injector(edits, charset=charset, outlines=kept)
    return injector.edit(page), injector.report.placed, injector.report.missed, dict(injector.report.features)


def is_known(page, edits, kept, charset=None):
    """Whether *page* is edited without being read."""
    injector = Injector(edits, charset=charset, outlines=kept)
    injector.edit(page)
    return injector._coding is None


@ALIKE
@settings(max_examples=300, deadline=None)
@given(
    soup=soups,
    tails=st.lists(st.one_of(soups, st.sampled_from(TAILS)), min_size=1, max_size=3),
    place=st.sampled_from(PLACES),
    featured=st.booleans(),
    linked=st.booleans(),
)
def test_a_page_that_begins_like_another_is_edited_as_if_read_anew(soup, tails, place, featured, linked):
    """Whatever was kept of pages with the same beginning, and of this one itself."""
    kept = Outlines(SECRET)
    edits = wanted(place, fragment=LINKED if linked else NOTICE, features=FEATURES if featured else None)
    for page in [(soup + tail).encode() for tail in ("", *tails)] * 2:
        assert recalled(page, edits, kept) == fresh(page, edits)


@ALIKE
@settings(max_examples=100, deadline=None)
@given(soup=soups, places=st.lists(st.sampled_from(PLACES), min_size=2, max_size=3), data=st.data())
def test_what_is_wanted_of_a_page_tells_it_from_itself(soup, places, data):
    """The same bytes with other places, fragments, features or charsets are another page."""
    kept, page = Outlines(SECRET), soup.encode() + "".join(TAILS).encode()
    all_edits = [wanted(place, fragment=fragment) for place in places for fragment in (NOTICE, LINKED)]
    all_edits += [wanted(*places, features={"share": feature}) for feature in FEATURES.values()]
    all_edits.append(Edits(tuple(Insertion((place,), lambda _: NOTICE, frozenset("n")) for place in places)))
    asked = [(edits, charset) for edits in all_edits for charset in (None, "koi8-r", "iso-2022-jp")]
    for edits, charset in data.draw(st.permutations(asked * 2)):
        assert recalled(page, edits, kept, charset) == fresh(page, edits, charset)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("place", [*AFTER, Place("top"), Place("bottom"), Place("before", "article")], ids=str)
def test_a_whole_page_is_known_again(seed, place):
    """A page of a publishing system is read once: its second copy is edited by what is kept of the first."""
    page, kept = whole_page(seed, least=20_000, most=40_000).encode(), Outlines(SECRET)
    assert not is_known(page, wanted(place), kept)
    assert is_known(page, wanted(place), kept)
    assert recalled(page, wanted(place), kept) == fresh(page, wanted(place))


def test_a_charset_tells_a_page_from_itself():
    """A selector that means a letter means it in the page's own charset."""
    page, kept = (ARTICLE + "<p title='\u0436'>Z</p>").encode("koi8-r"), Outlines(SECRET)
    edits = wanted(Place("after", "[title='\u0436']"))
    for charset in ("koi8-r", "utf-8", "koi8-r", "utf-8"):
        assert recalled(page, edits, kept, charset) == fresh(page, edits, charset)
    assert recalled(page, edits, kept, "koi8-r")[1] != recalled(page, edits, kept, "utf-8")[1]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_what_follows_the_last_edit_need_not_be_the_same(mark):
    """A page is known by what had to be read of it, even where readers' names or counts of comments follow."""
    kept, page = Outlines(SECRET), mark + ARTICLE.replace("<p>A", "<p>A" * 2000).encode()
    assert not is_known(page + b"<p>12 comments", wanted(*AFTER), kept)
    assert is_known(page + b"<p>13 comments, and one more", wanted(*AFTER), kept)
    assert recalled(page + b"<p>none", wanted(*AFTER), kept)[0] == page + NOTICE + b"<p>none"
    for old, new in ((b"<p>A</p>", b"<p>B</p>"), (b"</article>", b"</article "), (b"</article>", b"</articles")):
        assert not is_known(page.replace(old, new) + b"<p>12 comments", wanted(*AFTER), kept)


@ALIKE
def test_a_page_whose_end_matters_is_known_whole_only():
    """The bottom is another where anything follows; so is a page with marked parts."""
    page = (ARTICLE + "</body></html>").encode()
    for edits in (wanted(Place("bottom")), wanted(*AFTER, features=FEATURES)):
        kept = Outlines(SECRET)
        assert not is_known(page, edits, kept)
        assert is_known(page, edits, kept)
        assert not is_known(page + BUTTONS[1].encode(), edits, kept)
        assert recalled(page + BUTTONS[1].encode(), edits, kept) == fresh(page + BUTTONS[1].encode(), edits)


def test_texts_are_those_of_the_present_edits():
    """Of a fragment nothing is kept: a page that is known takes the one that is asked for now, or its absence."""
    kept, page = Outlines(SECRET), ARTICLE.encode()
    recalled(page, wanted(*AFTER), kept)
    assert recalled(page, wanted(*AFTER, fragment=b"<aside>Other</aside>"), kept)[0] == page + b"<aside>Other</aside>"
    declined = wanted(*AFTER, fragment=b"")
    assert recalled(page, declined, kept) == fresh(page, declined)


def test_edits_that_one_tag_settles_stand_in_the_order_of_the_page():
    """What stands after an element may be settled before what stands last in it."""
    page, kept = ARTICLE.encode(), Outlines(SECRET)
    places = (Place("after", "article"), Place("last-in", "article"))
    edits = Edits(tuple(Insertion((place,), lambda _, at=place: b"<i>%a</i>" % at.position) for place in places))
    for _ in range(2):
        assert recalled(page, edits, kept) == fresh(page, edits)
    assert is_known(page, edits, kept)


def test_the_names_of_markers_tell_a_page_from_itself():
    """A marker with a name claims a notice for which that name is one."""
    page, kept = (HEAD + "<!--notices:n--><article>A</article>").encode(), Outlines(SECRET)
    for names in (frozenset(), frozenset("n"), frozenset()):
        edits = Edits((Insertion(AFTER, lambda _: NOTICE, names),))
        assert recalled(page, edits, kept) == fresh(page, edits)


def test_a_page_whose_places_hang_on_the_fragment_is_read_anew():
    """Within a link a notice with a link goes elsewhere: what one fragment has found is not for another."""
    page = (HEAD + "<article><a href=x><div>A</div></a></article>").encode()
    kept, inside = Outlines(SECRET), (Place("after", "div"), *AFTER)
    for fragment in (NOTICE, LINKED, NOTICE, LINKED):
        assert recalled(page, wanted(*inside, fragment=fragment), kept) == fresh(
            page, wanted(*inside, fragment=fragment)
        )
        assert not is_known(page, wanted(*inside, fragment=fragment), kept)


def test_nothing_of_a_page_is_kept():
    """Neither its text nor an address in it, not even one that stands for a language."""
    kept = Outlines(SECRET)
    page = (ARTICLE + "<p>You come from 203.0.113.7</p>").encode()
    for lang in ("en", "203.0.113.7"):
        recalled(page.replace(b"lang=en", b"lang=" + lang.encode()), wanted(*AFTER, Place("bottom")), kept)
    reached, texts = [kept], []
    while reached:
        for one in gc.get_referents(reached.pop()):
            if isinstance(one, str | bytes):
                texts.append(one if isinstance(one, bytes) else one.encode())
            elif isinstance(one, list | tuple | dict | frozenset) or type(one).__module__.startswith("notices"):
                reached.append(one)
    kept_of_the_page = [text for text in texts if text in page and len(text) > 2]
    assert set(kept_of_the_page) <= {b"article", b"utf-8"}
    assert not any(b"203.0.113.7" in text for text in texts)
    assert max(map(len, texts)) == 32


def test_pages_are_kept_by_a_secret():
    """Who writes into a page cannot know by what it will be found."""
    page, one, other = ARTICLE.encode(), Outlines(SECRET), Outlines(SECRET[::-1])
    recalled(page, wanted(*AFTER), one)
    recalled(page, wanted(*AFTER), other)
    assert one._outlines._younger.keys().isdisjoint(other._outlines._younger)


def test_only_so_many_pages_are_kept(monkeypatch):
    """The oldest go."""
    monkeypatch.setattr(outlines, "_PAGES", 4)
    kept = Outlines(SECRET)
    pages = [ARTICLE.replace("A", f"A{number}").encode() for number in range(40)]
    for page in pages:
        recalled(page, wanted(*AFTER), kept)
    assert len(kept._outlines) <= 8
    assert len(kept._depths) <= 8
    assert [is_known(page, wanted(*AFTER), kept) for page in (pages[-1], pages[0])] == [True, False]
