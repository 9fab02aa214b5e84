"""Several edits in one pass: places, markers, features, fallbacks exactly once, and what is told to whom."""

from __future__ import annotations

import pytest

from notices.inject import Edits, Feature, Injector, Insertion, Placed, marker
from notices.ruleset import BOTTOM, TOP, Place

AFTER = Place("after", "article", "after-article")
BEFORE = Place("before", "article", "before-article")
D = "<!doctype html><html lang=ru><body>"


def notice(text, *places, names=()):
    return Insertion(places, lambda _: f"<aside>{text}</aside>".encode(), frozenset(names))


def run(page, *insertions, **features):
    edits = Edits(insertions, features)
    page = page.encode()
    whole = Injector(edits)
    out = whole.feed(page) + whole.finish()
    single = Injector(edits)
    assert b"".join(single.feed(page[i : i + 1]) for i in range(len(page))) + single.finish() == out
    assert single.report == whole.report
    return out.decode(), whole.report


def filled(marked):
    """The page with ``{A}`` standing for the notice A."""
    for letter in "ABCW":
        marked = marked.replace(f"{{{letter}}}", f"<aside>{letter}</aside>")
    return marked


def emptied(marked):
    for letter in "ABCW":
        marked = marked.replace(f"{{{letter}}}", "")
    return marked


PLACES = {
    "several at one place keep their order": ("{A}{B}x", [("A", TOP), ("B", TOP)]),
    "each at its own": ("{B}<article></article>{A}", [("A", AFTER), ("B", TOP)]),
    "one at each of its places": ("{A}x<article></article>{A}y", [("A", TOP, AFTER)]),
    "places that are lacking become one bottom": ("{A}x{A}</body>", [("A", TOP, AFTER, BEFORE)]),
    "a bottom is not doubled": ("x{A}</body>", [("A", BOTTOM, AFTER)]),
    "fallbacks and bottoms stand in order": ("x{A}{B}{C}</body>", [("A", AFTER), ("B", BOTTOM), ("C", BEFORE)]),
    "after one and before the next": ("<article></article>{A}{B}<nav>", [("B", Place("before", "nav")), ("A", AFTER)]),
    "last in and after": ("<article>{A}</article>{B}", [("B", AFTER), ("A", Place("last-in", "article"))]),
    "the same target for two": ("{A}{B}<article></article>", [("A", BEFORE), ("B", BEFORE)]),
    "two targets of different selectors": (
        "{A}<nav></nav>{B}<article></article>",
        [("A", Place("before", "nav,article")), ("B", BEFORE)],
    ),
}


@pytest.mark.parametrize(("marked", "wanted"), PLACES.values(), ids=PLACES)
def test_places(marked, wanted):
    """All notices of a page find their places in one pass."""
    out, report = run(D + emptied(marked), *(notice(text, *places) for text, *places in wanted))
    assert out == D + filled(marked)
    assert len(report.placed) == sum(marked.count(f"{{{letter}}}") for letter in "ABC")
    assert report.missed is None


def test_the_report_says_where_each_notice_stands():
    """The report names each notice's positions, in page order, and what fell back."""
    _, report = run(D + "<article></article>", notice("A", AFTER, TOP), notice("B", Place("before", ".none")))
    assert report.placed == (Placed(0, "top"), Placed(0, "after"), Placed(1, "bottom", fallback=True))
    assert report.language == "ru"
    assert report.document


M, MA = marker(), marker("after-article")

MARKERS = {
    "filled": (f"<p>x</p>{M}{{A}}<p>y</p>", [("A", BOTTOM)]),
    "left where nothing is wanted": (f"{{A}}x{M}", [("A", TOP)]),
    "claims all that stand nowhere": (f"x{M}{{A}}{{B}}y", [("A", AFTER), ("B", BOTTOM)]),
    "by its name": (f"x{MA}{{A}}y{{B}}", [("A", AFTER), ("B", BOTTOM)]),
    "first in page order wins: marker": (f"x{MA}{{A}}<article></article>", [("A", AFTER)]),
    "first in page order wins: place": (f"<article></article>{{A}}{MA}", [("A", AFTER)]),
    "second marker stays empty": (f"{M}{{A}}{M}", [("A", BOTTOM)]),
    "of another name": (f"{marker('elsewhere')}x{{A}}", [("A", BOTTOM)]),
    "in a paragraph: no place": (f"<p>{M}x</p>{{A}}", [("A", BOTTOM)]),
    "in a list: no place": (f"<ul>{M}<li></ul>{{A}}", [("A", BOTTOM)]),
    "in a script: no marker": (f"<script>{M}</script>{{A}}", [("A", BOTTOM)]),
    "in a template: no place": (f"<template>{M}</template>{{A}}", [("A", BOTTOM)]),
    "in an item": (f"<ul><li>{M}{{A}}x</ul>", [("A", BOTTOM)]),
    "with spaces: no marker": ("<!-- notices -->x{A}", [("A", BOTTOM)]),
    "longer: no marker": ("<!--notices-x-->x{A}", [("A", BOTTOM)]),
    "unfinished: no marker": ("<!--notices -->x{A}", [("A", BOTTOM)]),
}


@pytest.mark.parametrize(("marked", "wanted"), MARKERS.values(), ids=MARKERS)
def test_markers(marked, wanted):
    """A template's marker is filled with what is wanted there, or stays as it is."""
    out, _ = run(D + emptied(marked), *(notice(text, *places) for text, *places in wanted))
    assert out == D + filled(marked)


def test_a_marker_in_the_head_is_left():
    """A marker before the body is no place: a notice there would begin the body."""
    page = f"<!doctype html><head>{M}<title>x</title></head><body>"
    out, _ = run(page, notice("A", TOP))
    assert out == page + "<aside>A</aside>"


def test_a_marker_claims_by_the_insertion_s_own_names():
    """An insertion may be claimed by names that none of its places has."""
    out, report = run(f"{D}x{marker('hero')}y", notice("A", BOTTOM, names=["hero"]))
    assert out == f"{D}x{marker('hero')}<aside>A</aside>y"
    assert report.placed == (Placed(0, "marker"),)


@pytest.mark.parametrize("name", ["", "a b", "a--b", "é", "-->"])
def test_names_that_no_marker_can_have(name):
    """A marker's name cannot end its comment."""
    with pytest.raises(ValueError, match="cannot name a marker"):
        marker(name)


HIDE = Feature("hide")
WARN = Feature("warn", lambda seen: f"<span lang={seen.language}>W</span>".encode())
W = "<span lang=ru>W</span>"

FEATURES = {
    "hidden": (
        '<div data-notices-feature="share" class=x>',
        '<div hidden inert data-notices-feature="share" class=x>',
    ),
    "hidden, unquoted": ("<a data-notices-feature=share>", "<a hidden inert data-notices-feature=share>"),
    "hidden, upper case": ("<DIV DATA-NOTICES-FEATURE=share />", "<DIV hidden inert DATA-NOTICES-FEATURE=share />"),
    "hidden in an item": ("<ul><li data-notices-feature=share>", "<ul><li hidden inert data-notices-feature=share>"),
    "hidden in a run": (
        "<div><p>x</p><p data-notices-feature=share>y</p></div>",
        "<div><p>x</p><p hidden inert data-notices-feature=share>y</p></div>",
    ),
    "hidden twice": (
        "<i data-notices-feature=share></i><b data-notices-feature=share></b>",
        "<i hidden inert data-notices-feature=share></i><b hidden inert data-notices-feature=share></b>",
    ),
    "hidden in a template": (
        "<template><p data-notices-feature=share></template>",
        "<template><p hidden inert data-notices-feature=share></template>",
    ),
    "another feature": ("<p data-notices-feature=print>", "<p data-notices-feature=print>"),
    "another attribute": ("<p data-notices-features=share>", "<p data-notices-features=share>"),
    "in a script": ("<script>'<p data-notices-feature=share>'</script>",) * 2,
    "in an attribute": ("<p title='data-notices-feature=share'>",) * 2,
    "warned": ("x<form data-notices-feature=comment>", f"x{W}<form data-notices-feature=comment>"),
    "warned in a paragraph": ("<p>x<b data-notices-feature=comment>", f"<p>x{W}<b data-notices-feature=comment>"),
    "warned in an item": ("<ul><li data-notices-feature=comment>x", f"<ul><li data-notices-feature=comment>{W}x"),
    "warned in a cell": (
        "<table><tr><td data-notices-feature=comment>x",
        f"<table><tr><td data-notices-feature=comment>{W}x",
    ),
    "not warned in a row": ("<table><tr data-notices-feature=comment><td>",) * 2,
    "not warned in a template": ("<template><p data-notices-feature=comment></template>",) * 2,
    "hide wins": (
        "<p data-notices-feature='comment share'>",
        "<p hidden inert data-notices-feature='comment share'>",
    ),
}


@pytest.mark.parametrize(("page", "expected"), FEATURES.values(), ids=FEATURES)
def test_features(page, expected):
    """Marked page parts are hidden in their start tag, or preceded by the warning."""
    out, report = run(D + page, share=HIDE, comment=WARN)
    assert out == D + expected
    assert sum(report.features.values()) == (len(expected) > len(page)) + page.count("<b data-notices-feature=share>")


def test_features_and_notices_in_one_pass():
    """A notice, a warning and a hidden part may meet at one tag."""
    page = "<div class=x data-notices-feature='comment'>y</div><p data-notices-feature=share>z"
    out, report = run(D + page, notice("A", Place("before", ".x")), notice("B", BOTTOM), share=HIDE, comment=WARN)
    assert out == (
        f"{D}<aside>A</aside>{W}<div class=x data-notices-feature='comment'>y</div>"
        "<p hidden inert data-notices-feature=share>z<aside>B</aside>"
    )
    assert report.features == {"comment": 1, "share": 1}


def test_each_place_asks_for_its_fragment_once():
    """The factory is asked once for each place, in page order, also where a place turned out to be none."""
    asked = []

    def fragment(_):
        asked.append(len(asked))
        return b'<aside><a href="/">%d</a></aside>' % asked[-1]

    page = f"{D}<a href=x><article></article></a>y".encode()
    injector = Injector(Edits((Insertion((TOP, AFTER), fragment),)))
    out = injector.feed(page) + injector.finish()
    assert asked == [0, 1]
    assert out.index(b">0<") < out.index(b"</a>y") < out.index(b">1<")


def test_no_edits_pass_everything():
    """Without edits every chunk is handed on as it is."""
    injector = Injector(Edits())
    chunk = b"<!doctype"
    assert injector.feed(chunk) is chunk
    assert injector.finish() == b""
