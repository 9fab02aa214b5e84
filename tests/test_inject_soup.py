"""Pages that nobody would write, cut everywhere: the tree, the place and the chunks, judged by independent parsers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.inject import Edits, Injector, Insertion
from notices.ruleset import Place
from tests.trees import NOTICE, lexbor_tree, notices, turbo_tree, without_notices

NAMES = [
    "div",
    "p",
    "article",
    "section",
    "span",
    "b",
    "a",
    "i",
    "ul",
    "li",
    "ol",
    "table",
    "tr",
    "td",
    "th",
    "tbody",
    "caption",
    "h1",
    "h2",
    "form",
    "button",
    "select",
    "option",
    "svg",
    "g",
    "path",
    "title",
    "desc",
    "foreignobject",
    "math",
    "mi",
    "template",
    "main",
    "aside",
    "dl",
    "dd",
    "dt",
    "pre",
    "em",
    "img",
    "br",
    "hr",
    "input",
    "script",
    "style",
    "textarea",
    "head",
    "body",
    "html",
    "nobr",
    "object",
    "ruby",
    "rt",
    "center",
    "font",
    "details",
    "summary",
    "li",
    "p",
    "div",
    "a",
    "span",
]
ATTRIBUTES = (
    "",
    " class=x",
    ' class="a x"',
    ' id="k"',
    " data-x",
    " title='a>b'",
    ' a="<p>"',
    " b=c/",
    "/",
    ' q"r="s"',
)
TEXTS = ("t", " ", "\n", "x y ", "&#32;", "&amp;", "<", "</", "&#3", "1 > 2", "</>")
ODD = (
    "<!--c-->", "<!-->", "<!--->", "<!-- a --!>", "<!--a->b-->", "<?php x ?>", "<!x>", "</ x>", "<![CDATA[x]]>",
    "<!doctype html>", "<script><!--<script></script>--></script>", "<script>'<body>'</script>",
    "<style>a>b{}</style>", "<title><body></title>", "<svg><path d='M0'/><g></g></svg>",
    "<svg><title><div></title></svg>",
    "<p>one <b>two</b> <a href=x>three</a></p>", "<ul><li>a</li><li><a href='y'>b</a></li></ul>", "<div><p>z</p></div>",
    "<textarea></div></textarea>", "</br>", "</p>",
)  # fmt: skip
PLACES = (
    Place("top"),
    Place("bottom"),
    *(
        Place(position, selector)
        for position in ("before", "after")
        for selector in ("article,section", ".x", "p,table,h1", "div")
    ),
    *(
        Place(position, selector)
        for position in ("first-in", "last-in")
        for selector in ("article,section", "[data-x]", "li,td,div")
    ),
)

start_tags = st.builds("<{}{}>".format, st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES))
end_tags = st.builds("</{}>".format, st.sampled_from(NAMES))
tokens = st.one_of(start_tags, start_tags, end_tags, end_tags, st.sampled_from(TEXTS), st.sampled_from(ODD))
soups = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(("", "<!doctype html>", "<!doctype html><body>")), st.lists(tokens, max_size=25).map("".join)
    ),
)


def run(page, place, cuts=()):
    injector = Injector(Edits((Insertion((place,), lambda _: NOTICE),)))
    bounds = [0, *sorted(cuts), len(page)]
    out = b"".join(injector.feed(page[a:b]) for a, b in pairwise(bounds))
    return out + injector.finish(), injector.report


@settings(max_examples=300, deadline=None)
@given(soup=soups, place=st.sampled_from(PLACES))
def test_soup_keeps_its_tree(soup, place):
    """Whatever the page, what a browser builds is the page's own tree and at most one notice."""
    out, report = run(soup.encode(), place)
    before, after = turbo_tree(soup), turbo_tree(out.decode())
    assert len(notices(after)) == len(report.placed)
    assert without_notices(after).lines() == before.lines()


@settings(max_examples=300, deadline=None)
@given(soup=soups.filter(lambda soup: "noscript" not in soup), place=st.sampled_from(PLACES))
def test_soup_keeps_its_tree_for_a_second_parser(soup, place):
    """A second parser, of another family, agrees."""
    out, report = run(soup.encode(), place)
    before, after = lexbor_tree(soup), lexbor_tree(out.decode())
    assert len(notices(after)) == len(report.placed)
    assert without_notices(after).lines() == before.lines()


@settings(max_examples=250, deadline=None)
@given(soup=soups, place=st.sampled_from(PLACES), data=st.data())
def test_chunks_do_not_matter(soup, place, data):
    """The result and the report are the same however the page is cut, to single bytes."""
    page = soup.encode()
    whole = run(page, place)
    assert run(page, place, range(1, len(page))) == whole
    cuts = data.draw(st.lists(st.integers(0, len(page)), max_size=6))
    assert run(page, place, cuts) == whole


@pytest.mark.parametrize("place", PLACES[:6], ids=lambda place: f"{place.position} {place.selector or ''}".strip())
def test_truncation_at_every_byte(place):
    """A page that breaks off anywhere keeps its tree."""
    page = (
        b"<!doctype html><html lang=en><head><title>a</title><script>if (a<b) '<body>'</script></head><body class='k'>"
        b'<ul><li>1</ul><p>t<article class="x y"><h1>h</h1><p>p <b>b</b></article><svg><g/></svg><!-- c '
        b"--></body></html>"
    )
    for size in range(len(page) + 1):
        out, report = run(page[:size], place)
        after = turbo_tree(out.decode())
        assert len(notices(after)) == len(report.placed), size
        assert without_notices(after).lines() == turbo_tree(page[:size].decode()).lines(), size
