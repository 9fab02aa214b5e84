"""How long does it take to put a notice into a page, and in how many pages is it right?

Run: ``python -m benchmarks bench_inject``. All ways get the same generated pages of 100 to 300 KB in one piece, and
one fragment of 1 KB. The figure is the median over the pages of the best of the rounds, in microseconds of processor
time. *Right* counts these pages, and the documents of the html5lib selection in ``tests/data`` without framesets: the
tree that a browser builds is the page's own and the notice stands once at its place, as turbohtml reads it. In some of
those documents (they end inside a comment, a title, a template) no way can be right. Rivals that are not installed are
left out, with a line that says so (they are the dependency group ``bench``). nginx's row, where it is installed, is the
mean time that ``sub_filter`` adds to its own for a page as a file. Two rows insert nothing: they say what scanning
costs without copying. Prints a table, then one line of JSON.
"""

from __future__ import annotations

import importlib.util
import json
import re
import statistics
import time
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from benchmarks.nginx import sub_filter
from notices.inject import insert
from notices.inject.opening import read_opening
from tests.pages import page as generated_page
from tests.trees import MARK, notices, turbo_tree, without_notices

#: Pages, rounds, and the nanoseconds from which one round is enough.
PAGES, ROUNDS, SLOW = 43, 7, 20_000_000
NOTICE = f'<aside {MARK}=""><p>{"Notice. " * 120}</p></aside>'.encode()
TEXT = NOTICE.decode()
CORPUS = Path(__file__).parent.parent / "tests" / "data" / "html5lib"
BODY = re.compile(rb"<body[^>]*>", re.IGNORECASE)


def ours(at):
    return lambda page: b"".join(insert((page,), NOTICE, at))


def find_and_copy(page):
    at = page.find(b">", page.find(b"<body")) + 1
    return page[:at] + NOTICE + page[at:]


def find_article_and_copy(page):
    at = page.find(b"<article")
    return page[:at] + NOTICE + page[at:]


def expression(page):
    found = BODY.search(page)
    at = found.end() if found else 0
    return page[:at] + NOTICE + page[at:]


def in_pieces(page):
    return b"".join(insert((page[at : at + 4096] for at in range(0, len(page), 4096)), NOTICE))


def parts(page):
    """What `find_and_copy` does, with one copy instead of two."""
    at, view = page.find(b">", page.find(b"<body")) + 1, memoryview(page)
    return b"".join((view[:at], NOTICE, view[at:]))


def find_alone(page):
    """No way of inserting: how long a search takes that goes as far as the body, past what only looks like it."""
    page.find(b'<body class="home page-')


def django_toolbar(page):
    """Decode, split at every end of body in any case, encode: as django-debug-toolbar does."""
    bits = re.split("</body>", page.decode("utf-8", "replace"), flags=re.IGNORECASE)
    if len(bits) < 2:
        return page
    bits[-2] += TEXT
    return "</body>".join(bits).encode()


def toolbar(page):
    """Decode, look for the last end of body in lower case, encode: as Flask-DebugToolbar does."""
    text = page.decode("utf-8", "replace")
    at = text.lower().rfind("</body>")
    return (text[:at] + TEXT + text[at:]).encode() if at >= 0 else page


def new_relic():
    from newrelic.api.html_insertion import insert_html_snippet

    return lambda page: insert_html_snippet(page, lambda: NOTICE) or page


def lol_html(selector, method):
    import lolhtml

    class First:
        def __init__(self):
            self.done = False

        def element(self, element):
            if not self.done:
                self.done = True
                getattr(element, method)(TEXT, lolhtml.ContentType.HTML)

    def run(page):
        out = bytearray()
        rewriter = lolhtml.HTMLRewriter(out.extend)
        rewriter.on(selector, First())
        rewriter.write(page)
        rewriter.end()
        return bytes(out)

    return run


def lexbor(page):
    parser = LexborHTMLParser(page.decode())
    parser.body.insert_child(LexborHTMLParser(TEXT).css_first("aside"))
    return parser.html.encode()


def lxml_html():
    from lxml import html

    def run(page):
        tree = html.document_fromstring(page.decode().encode(), parser=html.HTMLParser(encoding="utf-8"))
        tree.body.insert(0, html.fragment_fromstring(TEXT))
        return html.tostring(tree, doctype="<!DOCTYPE html>", encoding="utf-8")

    return run


def soup():
    from bs4 import BeautifulSoup

    def run(page):
        tree = BeautifulSoup(page, "html.parser")
        if tree.body is not None:
            tree.body.insert(0, BeautifulSoup(TEXT, "html.parser"))
        return tree.encode()

    return run


def first_in_body(notice):
    return notice.parent.name == "body" and notice.parent.children[0] is notice


def last_in_body(notice):
    return notice.parent.name == "body" and notice.parent.elements[-1] is notice


def next_to_article(step):
    def check(notice):
        siblings = notice.parent.elements
        return siblings[siblings.index(notice) + step].attributes.get("id") == "post-1"

    return check


#: name, how to make it, the package it needs, what is right, whether the corpus counts too.
WAYS = [
    ("bytes.find + copy, top (the floor)", lambda: find_and_copy, None, first_in_body, True),
    ("the same with one copy", lambda: parts, None, first_in_body, True),
    ("bytes.find as far as the body, no copy", lambda: find_alone, None, None, False),
    ("notices.inject, its scan of the head", lambda: read_opening, None, None, False),
    ("notices.inject, top", lambda: ours("top"), None, first_in_body, True),
    ("notices.inject, top, in 4 KiB chunks", lambda: in_pieces, None, first_in_body, True),
    ("regex <body[^>]*>", lambda: expression, None, first_in_body, True),
    ("New Relic insert_html_snippet", new_relic, "newrelic", first_in_body, True),
    ("lol_html binding, body", lambda: lol_html("body", "prepend"), "lolhtml", first_in_body, True),
    ("Flask-DebugToolbar's way, </body>", lambda: toolbar, None, last_in_body, True),
    ("django-debug-toolbar's way, </body>", lambda: django_toolbar, None, last_in_body, True),
    ("lexbor parse + serialise", lambda: lexbor, None, None, True),
    ("lxml parse + serialise", lxml_html, "lxml", first_in_body, True),
    ("bs4 html.parser parse + serialise", soup, "bs4", first_in_body, True),
    ("bytes.find + copy, article", lambda: find_article_and_copy, None, next_to_article(1), False),
    ("notices.inject, before article", lambda: ours({"before": "article"}), None, next_to_article(1), False),
    ("notices.inject, after article", lambda: ours({"after": "article"}), None, next_to_article(-1), False),
    ("notices.inject, before #post-1", lambda: ours({"before": "#post-1"}), None, next_to_article(1), False),
    ("notices.inject, bottom", lambda: ours("bottom"), None, last_in_body, True),
    ("lol_html binding, before article", lambda: lol_html("article", "before"), "lolhtml", next_to_article(1), False),
]


def corpus():
    found = []
    for path in sorted(CORPUS.glob("*.dat")):
        for case in ("\n" + path.read_bytes().decode("utf-8", "surrogateescape")).split("\n#data\n")[1:]:
            data, _, expected = ("\n" + case).partition("\n#errors\n")
            if "#document-fragment" not in expected and "<frameset" not in data:
                found.append(data[1:].encode("utf-8", "surrogateescape"))
    return found


def is_right(way, page, check):
    try:
        text = page.decode()
        tree = turbo_tree(way(page).decode())
        found = notices(tree)
        if len(found) != 1 or (check is not None and not check(found[0])):
            return False
        return without_notices(tree).lines() == turbo_tree(text).lines()
    except Exception:
        return False


def cost(way, page):
    best = float("inf")
    for turn in range(ROUNDS):
        if turn and best > SLOW:
            break
        start = time.process_time_ns()
        way(page)
        best = min(best, time.process_time_ns() - start)
    return best / 1000


def main():
    pages = [generated_page(seed).encode() for seed in range(PAGES)]
    documents = corpus()
    rows = []
    for name, make, package, check, with_corpus in WAYS:
        if package is not None and importlib.util.find_spec(package) is None:
            print(f"{name} is left out: {package} is not installed")
            continue
        way = make()
        way(pages[0])
        right = None if way in (find_alone, read_opening) else sum(is_right(way, page, check) for page in pages)
        of_corpus = sum(is_right(way, page, check) for page in documents) if with_corpus else None
        rows.append((name, statistics.median(cost(way, page) for page in pages), right, of_corpus))
    with sub_filter(NOTICE) as nginx:
        if nginx is None:
            print("nginx sub_filter is left out: nginx is not installed")
        else:
            right = [sum(is_right(nginx, page, last_in_body) for page in group) for group in (pages, documents)]
            rows.append(("nginx sub_filter, </body>", nginx.cost(pages), *right))
    print(f"{'way':40} {'us':>9} {'right pages':>12} {'right corpus':>13}")
    for name, took, right, of_corpus in rows:
        share = "" if of_corpus is None else f"{of_corpus}/{len(documents)}"
        of_pages = "" if right is None else f"{right}/{len(pages)}"
        print(f"{name:40} {took:9.0f} {of_pages:>12} {share:>13}")
    print(
        json.dumps(
            {"bench": "inject", "us": {n: round(t, 1) for n, t, _, _ in rows}, "right": {n: r for n, _, r, _ in rows}}
        )
    )


if __name__ == "__main__":
    main()
