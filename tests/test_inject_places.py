"""Before, after, first in, last in and the bottom: the expected bytes written out, the fallback where "
"nothing is sure."""

from __future__ import annotations

import pytest

from notices.inject import insert

N = b"<aside>N</aside>"
D = "<!doctype html><body>"


def put(page, at, fragment=N):
    whole = b"".join(insert([page], fragment, at))
    assert b"".join(insert([page[i : i + 1] for i in range(len(page))], fragment, at)) == whole
    return whole


def check(marked, at, fragment=N):
    page = marked.encode()
    assert put(page.replace(b"|", b""), at, fragment) == page.replace(b"|", fragment)


BEFORE = {
    "block": ("article", "<div>|<article>x</article></div>"),
    "first of two": ("article", "|<article></article><article></article>"),
    "implies the body": ("article", "|<article>x"),
    "class": (".story", '<div>|<section class="a story"></section></div>'),
    "id on any type": ("#main", "<p>x</p>|<div id=main></div>"),
    "attribute": ("[itemprop=articleBody]", "|<div itemprop='articleBody'></div>"),
    "attribute name in upper case": ("[data-x]", "|<div DATA-X></div>"),
    "tag in upper case": ("article", "<DIV>|<ARTICLE></ARTICLE></DIV>"),
    "closes the paragraph as its target does": ("article", "<p>x|<article></article>"),
    "in a list item": (".x", "<ul><li>|<div class=x></div></ul>"),
    "in a cell": (".x", "<table><tr><td>|<div class=x></div></table>"),
    "phrase in a block": (".x", "<div>|<span class=x></span></div>"),
    "phrase in a paragraph: bottom": (".x", "<p><span class=x></span></p>|"),
    "phrase in an open paragraph: bottom": (".x", "<p>t<b>u</b> <img class=x>|"),
    "heading in a heading: bottom": (".x", "<h1><div class=x></div></h1>|"),
    "child of a list: bottom": (".x", "<ul><div class=x></div></ul>|"),
    "item by class: bottom": (".x", "<ul><li class=x></li></ul>|"),
    "row by class: bottom": (".x", "<table><tr class=x><td></table>|"),
    "in a table: bottom": (".x", "<table><div class=x></div></table>|"),
    "in a button: bottom": (".x", "<button><div class=x></div></button>|"),
    "not in a template": ("article", "<template><article></article></template>|<article></article>"),
    "not in a noscript": ("article", "<p>x</p><noscript><article></article></noscript>|<article></article>"),
    "not in svg": (".x", "<svg><g class=x></g><foreignObject><div class=x></div></foreignObject></svg>|<div class=x>"),
    "not in math": (".x", "<math><mi class=x></mi></math>|<div class=x></div>"),
    "not in a select": (".x", "<select><option class=x></select>|<div class=x></div>"),
    "not in a script": ("article", "<p></p><script>'<article>'</script>|<article></article>"),
    "not in a comment": ("article", "<p></p><!-- <article> -->|<article></article>"),
    "not in an attribute": ("article", "<p title='<article>'></p>|<article></article>"),
    "not in a textarea": ("article", "<textarea><article></textarea>|<article></article>"),
    "not an end tag": ("article", "<p></p></article>|<article></article>"),
    "not a longer name": ("article", "<articles></articles>|<article>"),
    "none: bottom": ("article", "<p>x</p>|"),
    "after a run of whole constructs": (".x", "<div><p>a <b>b</b></p><ul><li>c</li></ul></div>|<div class=x></div>"),
    "in a run of whole constructs": (".x", "<div><p>a</p>|<div class=x>c</div></div>"),
    "word in text and links": (".x", "<p>x <a href=x.html>x</a></p>|<div class=x></div>"),
    "empty comment in a run": (".x", "<div><p>a</p><!-->|<div class=x></div>--></div>"),
    "form in a form is none": ("form#b", "<form id=a><div><form id=b></div></form>|"),
}


@pytest.mark.parametrize(("selector", "marked"), BEFORE.values(), ids=BEFORE)
def test_before(selector, marked):
    """The notice stands right before the first target, or at the bottom where none may have it."""
    check(D + marked, {"before": selector})


AFTER = {
    "block": ("article", "<article>x</article>|<p>y"),
    "by depth": ("div.x", "<div class=x><div><div></div></div></div>|<div></div>"),
    "same name inside": ("article", "<article><article></article>b</article>|"),
    "paragraphs left open": ("article", "<article><p>x<p>y</article>|<p>z"),
    "items left open": ("article", "<article><ul><li>x<li>y</ul></article>|z"),
    "stray inline ends do not matter": ("article", "<article><p>x</span></b></p></a></article>|z"),
    "unclosed blocks inside": ("article", "<article><div><section>x</article>|z"),
    "closed by its parent: bottom": ("article", "<section><article>x</section>y|"),
    "closed by its parent, then by itself: bottom": ("article", "<div><article>x</div></article>y|"),
    "never closed: bottom": ("article", "<article>x|"),
    "its end tag in a cell is none": ("article", "<article><table><tr><td></article></table></article>|z"),
    "end tag in a script": ("article", "<article><script>'</article>'</script></article>|z"),
    "end tag in an svg": ("article", "<article><svg><g></g></svg></article>|z"),
    "heading": ("h1", "<div><h1>x</h1>|<p>y</div>"),
    "heading closed by another": ("h1", "<div><h1>x</h2>|<p>y</div>"),
    "paragraph": ("p", "<div><p>x</p>|<p>y</div>"),
    "paragraph without an end: bottom": ("p", "<div><p>x<p>y</div>|"),
    "table": ("table", "<table><tr><td>x</table>|y"),
    "void": ("hr", "<p>x<hr>|y"),
    "void in a paragraph: bottom": ("img", "<p>x<img>y</p>|"),
    "list": ("ul", "<ul><li><ul><li>x</ul></ul>|y"),
    "form removed from the middle: bottom": ("form", "<form><div></form></div>y|"),
    "form in a table, which holds nothing: bottom": ("form", "<table><form><tr><td>x</form></table>y|"),
    "body ends first: bottom": ("article", "<article>x|</body>"),
    "formatting left open": ("article", "<article><b>x</article>|y"),
    "formatting from outside": ("article", "<b><article>x</b>y</article>|z"),
}


@pytest.mark.parametrize(("selector", "marked"), AFTER.values(), ids=AFTER)
def test_after(selector, marked):
    """The notice stands right after the target's own end, or at the bottom where that cannot be known."""
    check(D + marked, {"after": selector})


INSIDE = {
    "first in": ("first-in", "article", "<article class=x>|<p>y</article>"),
    "first in an item": ("first-in", "li", "<ul><li>|x</ul>"),
    "first in a cell": ("first-in", "td", "<table><tr><td>|x</table>"),
    "first in the body": ("first-in", "body", None),
    "first in a list by class: bottom": ("first-in", ".x", "<ul class=x><li></ul>|"),
    "first in a paragraph by class: bottom": ("first-in", ".x", "<p class=x>y</p>|"),
    "first in a custom element": ("first-in", "my-card", "<div><my-card>|x</my-card></div>"),
    "first in a custom element in a paragraph: bottom": ("first-in", "my-card", "<p><my-card>x</my-card></p>|"),
    "last in": ("last-in", "article", "<article><p>x</p>|</article>y"),
    "last in, paragraph left open": ("last-in", "article", "<article><p>x|</article>y"),
    "last in, block left open: bottom": ("last-in", "article", "<article><div>x</article>y|"),
    "last in, phrase left open: bottom": ("last-in", "article", "<article><p><span>x</article>y|"),
    "last in, closed by its parent: bottom": ("last-in", "article", "<div><article>x</div>y|"),
    "last in a cell": ("last-in", "td", "<table><tr><td>x|</td></table>"),
    "last in a cell without an end: bottom": ("last-in", "td", "<table><tr><td>x<td>y</table>|"),
    "last in a form in a table, which holds nothing: bottom": ("last-in", "form", "<table><form></table>y|"),
    "last in an item": ("last-in", "li", "<ul><li><p>x</p>|</li></ul>"),
}


@pytest.mark.parametrize(("position", "selector", "marked"), INSIDE.values(), ids=INSIDE)
def test_inside(position, selector, marked):
    """The notice is the target's first or last child, or stands at the bottom."""
    check("<!doctype html><body>|x" if marked is None else D + marked, {position: selector})


BOTTOM = {
    "before the end tag": "x|</body></html>",
    "space and comments may follow": "x|</body>\n<!-- cached -->\n</html>\n<!-- x -->",
    "two end tags": "x|</body></body></html>",
    "no end tag": "x|",
    "end of html alone": "x</html>\n|",
    "text follows": "x</body> y |",
    "script follows": "x</body><script></script></html>|",
    "end tag of another element follows": "x</body></div></html>|",
    "paragraph left open": "<p>x</body>\n|",
    "paragraph left open, stray end": "<p>x</span></body>\n|",
    "paragraph closed by its parent": "<div><p>x</div>|</body>\n",
    "link left open": "<a>x</body>\n|",
    "end tag in a script": "<script>'</body>'</script>x|</body>",
    "end tag in a template": "<template></body></template>x|</body>",
    "end tag in a cell is none": "<table><tr><td>x</body></table>y|",
    "unfinished tag": "x|<div class=",
    "4 KiB follow": "x|</body>" + " " * 4096,
    "more than 4 KiB follow": "x</body>" + " " * 4097 + "|",
}


@pytest.mark.parametrize("marked", BOTTOM.values(), ids=BOTTOM)
def test_bottom(marked):
    """The notice stands before ``</body>`` where that is exact, else at the end of the file."""
    check(D + marked, "bottom")


LINK = b'<aside><p>N <a href="/x">more</a></p></aside>'


@pytest.mark.parametrize(
    ("at", "marked"),
    [
        pytest.param({"before": "article"}, "<a href=y><article></article></a>z|", id="before, in a link"),
        pytest.param({"after": "article"}, "<a href=y><article></article></a>z|", id="after, in a link"),
        pytest.param({"after": "article"}, "<article></article>|<a href=y>z</a>", id="after, link follows"),
        pytest.param({"before": "article"}, "<a href=y>z</a>|<article></article>", id="before, link is closed"),
    ],
)
def test_a_notice_with_a_link_keeps_out_of_links(at, marked):
    """A notice that holds a link would end a link around it, so it falls back."""
    check(D + marked, at, LINK)


def test_a_notice_without_a_link_may_stand_in_one():
    """Without a link of its own a notice may stand in a link around blocks."""
    check(D + "<a href=y>|<article></article></a>", {"before": "article"})


def test_a_link_left_open_at_the_end_does_not_cost_the_notice():
    """Where a page leaves a link open to its end, a notice with a link of its own stands there and ends that link."""
    check(D + "<a href=y><div>x|", "bottom", LINK)
    check(D + "<a href=y><div>x</a>z</div>|</body>", "bottom", LINK)


QUIRKY = (
    "",
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 3.2//EN">',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">',
    "<!DOCTYPE HTML SYSTEM>",
    "<!DOCTYPE other>",
)
STRICT = (
    "<!doctype html>",
    "<!DOCTYPE HTML SYSTEM 'about:legacy-compat'>",
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">',
)


@pytest.mark.parametrize("doctype", QUIRKY)
def test_in_quirks_mode_a_table_stays_in_a_paragraph(doctype):
    """Where a table does not close the paragraph around it, no block may stand after it."""
    check(f"{doctype}<body><p>x<table><tr><td>y</table>z|", {"after": "table"})


@pytest.mark.parametrize("doctype", STRICT)
def test_in_no_other_mode_a_table_stays_in_a_paragraph(doctype):
    """Where a table closes the paragraph around it, a block may stand after it."""
    check(f"{doctype}<body><p>x<table><tr><td>y</table>|z", {"after": "table"})
