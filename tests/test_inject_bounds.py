"""What the injector holds, and how much it does: bounded and linear also on hostile pages in tiny chunks."""

from __future__ import annotations

import sys
import tracemalloc
from itertools import pairwise

import pytest

from notices.inject import Edits, Injector, Insertion, Missed
from notices.inject.runs import flow_run
from notices.inject.scanner import Scanner
from notices.ruleset import Place
from tests.pages import page as whole_page

N = b"<aside>N</aside>"
KIB = 1024
LIMIT = 64 * KIB


def injector_at(*places):
    return Injector(Edits((Insertion(places or (Place("top"),), lambda _: N),)))


HOSTILE = {
    "reference of zeros": lambda n: b"<head></head>&#" + b"0" * n,
    "opening after opening": lambda n: b"<body>" + b"<a" * (n // 2),
    "openings before the body": lambda n: b"<a" * (n // 2),
    "unclosed attribute": lambda n: b"<body><a href='" + b"x" * n,
    "unclosed attribute before the body": lambda n: b"<body class='" + b"x" * n,
    "attributes without end": lambda n: b"<div " + b"a b=c d " * (n // 8),
    "unclosed comment": lambda n: b"<!--" + b"- " * (n // 2),
    "hyphens": lambda n: b"<!--" + b"-" * n,
    "unclosed script": lambda n: b"<script><!--" + b"<script</script" * (n // 15),
    "ends of no script": lambda n: b"<script>" + b"</scrip" * (n // 7),
    "unclosed title": lambda n: b"<title>" + b"</titl" * (n // 6),
    "unclosed doctype": lambda n: b"<!doctype " + b"x" * n,
    "long name": lambda n: b"<body><" + b"x" * n,
    "nested blocks": lambda n: b"<body>" + b"<div>" * (n // 5),
    "nested templates": lambda n: b"<template>" * (n // 10),
    "unclosed paragraphs": lambda n: b"<body>" + b"<p>x" * (n // 4),
    "long unclosed sections": lambda n: b"<body>" + (b"<div>" + b"x <i>y</i> " * 40) * (n // 405),
    "formatting left open": lambda n: b"<body>" + b"".join(b"<p><b x=%d>y" % i for i in range(n // 14)),
    "less-thans": lambda n: b"<body>" + b"< " * (n // 2),
    "equals and quotes": lambda n: b"<body><a " + b"=\"='" * (n // 4),
    "end of body again and again": lambda n: b"<body>" + b"</body> " * (n // 8),
    "needles everywhere": lambda n: b"<body>" + b"article x <i>x</i>" * (n // 18),
}
PLACE = Place("before", ".x,.never,article")


@pytest.mark.parametrize(
    ("start", "unit", "end"),
    [
        ("<ul>", "<li>x", "</ul>"),
        ("<p>", "<a>y</a><br>", "</p>"),
        ("<a>", "<img>", "</a>"),
        ("<button>", "<span>", "</button>"),
        ("<svg>", "<g/>", "</svg>"),
        ("<div>", "<p>x</p>", "</div>"),
        ("<script>", "<a", "</script>"),
        ("<script><!--", "<a", "</script>"),
        ("<style>", "<a", "</style>"),
        ("<noscript>", "<a", "</noscript>"),
        ("<!--", "- ", "-->"),
    ],
)
def test_a_run_keeps_little_to_go_back_to(start, unit, end):
    """However much stands in one element, a match takes little memory; what is more is read token by token."""
    run, page = flow_run(frozenset()), (start + unit * 20_000 + end).encode()
    run.match(page)
    tracemalloc.start()
    try:
        run.match(page)
        assert tracemalloc.get_traced_memory()[1] < 400_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_held_bytes_are_bounded(make, size):
    """Never more than 64 KiB and a chunk are held, and no byte is lost."""
    page = make(KIB * (80 if size < 64 else 256))
    injector = injector_at(Place("top"), PLACE)
    out = []
    for at in range(0, len(page), size):
        out.append(injector.feed(page[at : at + size]))
        assert injector.held <= LIMIT
    out.append(injector.finish())
    assert b"".join(out).replace(N, b"") == page


@pytest.mark.parametrize("size", [1, 7, 64])
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_work_is_linear(make, size, monkeypatch):
    """No byte is read more than a few times, and twice the page takes no more than about twice the turns."""
    read = Scanner._read
    counts = []

    def counting(scanner, data, at):
        counts[-1] += len(data) - at
        return read(scanner, data, at)

    monkeypatch.setattr(Scanner, "_read", counting)
    turns = []
    for kibibytes in (6, 12):
        page = make(kibibytes * KIB)
        counts.append(0)
        turns.append(_calls(page, size))
        assert counts[-1] <= 24 * len(page)
    assert turns[1] <= 2.6 * turns[0] + 2000


def _calls(page, size):
    """How many functions, Python's and C's, are called for *page*."""
    injector = injector_at(Place("top"), PLACE)
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        for at in range(0, len(page), size):
            injector.feed(page[at : at + size])
        injector.finish()
    finally:
        sys.setprofile(before)
    return calls


#: Hostile pages of a mebibyte, with the sizes of their chunks: all in 64 bytes, those that hold most in 7 and in 1.
HOLDING = (
    *("reference of zeros", "opening after opening", "unclosed attribute", "unclosed attribute before the body"),
    *("unclosed comment", "unclosed script", "unclosed doctype", "long name"),
)
MEBIBYTES = [*((name, 64) for name in HOSTILE), *((name, size) for size in (7, 1) for name in HOLDING)]


def cut(page, size):
    """The page in chunks of *size*; in single bytes where most is held, at its start and its end, else in 64."""
    edges = [0, len(page)] if size > 1 else [0, 80 * KIB, len(page) - 16 * KIB, len(page)]
    for start, end in pairwise(edges):
        step = size if size > 1 or start != 80 * KIB else 64
        yield from (page[at : min(at + step, end)] for at in range(start, end, step))


@pytest.mark.parametrize(("name", "size"), MEBIBYTES, ids=lambda value: str(value))
def test_a_mebibyte(name, size, monkeypatch):
    """A mebibyte of anything is read and copied a few times in all, in whatever chunks, and 64 KiB held at most."""
    page = HOSTILE[name](KIB * KIB)
    read, send, work = Scanner._read, Injector._send, 0

    def reading(scanner, data, at):
        nonlocal work
        work += len(data) - at
        return read(scanner, data, at)

    def sending(injector, limit):
        nonlocal work
        work += injector.held if limit > injector._sent else 0
        return send(injector, limit)

    monkeypatch.setattr(Scanner, "_read", reading)
    monkeypatch.setattr(Injector, "_send", sending)
    injector = injector_at(Place("top"), PLACE)
    feed, most, sent = injector.feed, 0, []
    for chunk in cut(page, size):
        piece = feed(chunk)
        if piece:
            sent.append(piece)
        most = max(most, injector._held_size)
    sent.append(injector.finish())
    assert most <= LIMIT
    assert work <= 24 * len(page)
    assert b"".join(sent).replace(N, b"") == page


def test_little_is_held_of_realistic_pages():
    """At 1 KiB chunks at most 4 KiB are held in 95 of 100 pages, and the first byte leaves with the first chunk."""
    peaks = []
    for seed in range(100):
        page = whole_page(seed, least=20_000, most=40_000).encode()
        injector = injector_at(Place("top"), Place("after", "article"), Place("bottom"))
        assert injector.feed(page[:KIB])
        peak = 0
        for at in range(KIB, len(page), KIB):
            injector.feed(page[at : at + KIB])
            peak = max(peak, injector.held)
        injector.finish()
        peaks.append(peak)
    assert sorted(peaks)[94] <= 4 * KIB


def test_an_image_in_an_attribute_does_not_lose_the_notice():
    """A tag longer than what may be held streams on, and places after it are still found."""
    image = b"<img src='data:image/png;base64," + b"A" * (100 * KIB) + b"'>"
    page = b"<!doctype html><body><article>" + image + b"</article>x</body>"
    injector = injector_at(Place("after", "article"))
    out = b"".join(injector.feed(page[i : i + 4096]) for i in range(0, len(page), 4096)) + injector.finish()
    assert out == page.replace(b"</article>", b"</article>" + N)


def test_a_long_tag_that_implies_the_body():
    """The notice goes out before a long tag that implies the body, and after a long body tag."""
    for page, expected in (
        (b"<div class='%s'>x", N + b"<div class='%s'>x"),
        (b"<body class='%s'>x", b"<body class='%s'>" + N + b"x"),
        (b"<link href='%s'><p>x", b"<link href='%s'>" + N + b"<p>x"),
    ):
        long = b"A" * (70 * KIB)
        injector = injector_at()
        data = page % long
        out = b"".join(injector.feed(data[i : i + 500]) for i in range(0, len(data), 500)) + injector.finish()
        assert out == expected % long


def test_a_long_target_falls_back():
    """Before a target whose tag cannot be held there is no place any more; the notice is moved, not lost."""
    page = b"<!doctype html><body><article class='" + b"A" * (70 * KIB) + b"'>x</article></body>"
    injector = injector_at(Place("before", "article"))
    out = b"".join(injector.feed(page[i : i + 500]) for i in range(0, len(page), 500)) + injector.finish()
    assert out == page.replace(b"</body>", N + b"</body>")


def test_a_page_that_ends_in_a_long_tag():
    """A page that ends inside a tag whose beginning is gone has no place, and says so."""
    page = b"<!doctype html><body>x<p class='" + b"A" * (70 * KIB)
    injector = injector_at(Place("bottom"))
    out = b"".join(injector.feed(page[i : i + 500]) for i in range(0, len(page), 500)) + injector.finish()
    assert out == page
    assert injector.report.missed is Missed.LIMIT


def test_a_page_that_nests_too_deep_gets_its_notice_at_the_end():
    """What nests deeper than browsers follow has the notice at the end of the file, or none inside a text."""
    for tail, expected in (
        (b"x</body>", b"x</body>" + N),
        (b"<script>", b"<script>"),
        (b"<style></style>", b"<style></style>" + N),
    ):
        page = b"<!doctype html><body>" + b"<div>" * 2000
        injector = injector_at(Place("after", "article"))
        assert injector.feed(page + tail) + injector.finish() == page + expected
