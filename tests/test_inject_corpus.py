"""Every document of the html5lib corpus, judged by two parsers: the tree is the page's own, the notice in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from notices.inject import Edits, Injector, Insertion, Missed
from notices.ruleset import Place
from tests.trees import LINKED, NOTICE, lexbor_tree, notices, turbo_tree, without_notices

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared" / "data" / "html5lib-tree-construction"
OWN = HERE / "data" / "html5lib"
FOLDER = SHARED if SHARED.is_dir() else OWN
FILES = sorted(path.name for path in FOLDER.glob("*.dat"))

#: Pages whose ``noscript`` holds what ends differently with scripts (as text) and without (as markup): lexbor reads
#: without.  Readers' browsers read with, so the notice stands where those see it.
NO_SCRIPT = (
    "<noscript><!--",
    "<noscript><iframe></noscript>X",
)
#: Pages with nine and more blocks in an unclosed link: at the end of such a page no offset keeps a notice's own link
#: from moving blocks.
DEEP_LINKS = ("<div><a><b><div><div>", "<a><b><div id=1><div id=2><div id=3><div id=4>")

#: Pages in which an offset exists that a stream cannot know of, or that old browsers take otherwise.
MISSED_ALL_THE_SAME = {
    "<?": "older browsers keep an unfinished instruction as a comment, newer ones drop it",
    "FOO<!-- BAR --! >BAZ": "the comment has passed when the page ends in it",
    "FOO<!-- BAR --!\n>BAZ": "the comment has passed when the page ends in it",
    "FOO<!-- BAR --   >BAZ": "the comment has passed when the page ends in it",
    "FOO<!-- BAR -- <QUX> -- MUX -- >BAZ": "the comment has passed when the page ends in it",
}

FORMATTING = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)

PLACES = [
    pytest.param(Place("top"), id="top"),
    pytest.param(Place("bottom"), id="bottom"),
    pytest.param(Place("before", "div"), id="before-div"),
    pytest.param(Place("before", "p,table,[id]"), id="before-p"),
    pytest.param(Place("after", "div,p"), id="after-div"),
    pytest.param(Place("first-in", "div,td"), id="first-in-div"),
    pytest.param(Place("last-in", "div,li"), id="last-in-div"),
]


def documents(name):
    """The inputs of one file's document tests."""
    text = (FOLDER / name).read_bytes().decode("utf-8", "surrogateescape")
    for case in ("\n" + text).split("\n#data\n")[1:]:
        data, _, expected = ("\n" + case).partition("\n#errors\n")
        page = data[1:]
        if "#document-fragment" not in expected and _clean(page):
            yield page


def _clean(page):
    return not any("\ud800" <= character <= "\udfff" for character in page)


def run(page, place, fragment=NOTICE):
    injector = Injector(Edits((Insertion((place,), lambda _: fragment),)))
    return (injector.feed(page.encode()) + injector.finish()).decode(), injector.report


def test_the_corpus_is_there():
    """The selection in the repository is never empty, and the whole corpus holds more than a thousand documents."""
    count = sum(1 for name in FILES for _ in documents(name))
    assert count > (1000 if FOLDER == SHARED else 150)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FILES)
def test_the_tree_stays(name, place):
    """What a browser with scripts builds is the page's tree and the reported notices, no more and no less."""
    for page in documents(name):
        out, report = run(page, place)
        after = turbo_tree(out)
        assert len(notices(after)) == len(report.placed), page
        assert bool(report.placed) != bool(report.missed), page
        assert without_notices(after).lines() == turbo_tree(page).lines(), page


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FILES)
def test_a_second_parser_agrees(name, place):
    """A parser of another family, without scripts, builds the same but for the pages named above."""
    for page in documents(name):
        if any(freak in page for freak in NO_SCRIPT):
            continue
        out, report = run(page, place)
        after = lexbor_tree(out)
        assert len(notices(after)) == len(report.placed), page
        assert without_notices(after).lines() == lexbor_tree(page).lines(), page


@pytest.mark.parametrize("name", FILES)
def test_a_link_in_the_notice_does_not_move_blocks(name):
    """A notice that holds a link keeps out of links that are open, all pages but those named above."""
    for page in documents(name):
        if page.startswith(DEEP_LINKS):
            continue
        for place in (Place("before", "div"), Place("after", "div,p"), Place("bottom")):
            out, _ = run(page, place, LINKED)
            assert without_notices(turbo_tree(out)).lines() == turbo_tree(page).lines(), page


@pytest.mark.parametrize("name", FILES)
def test_top_is_the_first_child_of_body(name):
    """At the top, nothing of the body stands before the notice."""
    for page in documents(name):
        out, report = run(page, Place("top"))
        for notice in notices(turbo_tree(out)) if report.placed else ():
            assert notice.parent.name == "body", page
            assert notice.parent.children[0] is notice, page


@pytest.mark.parametrize("name", FILES)
def test_nothing_but_space_follows_the_bottom(name):
    """At the bottom no element follows, but for a table before which browsers put what is left open in it."""
    for page in documents(name):
        out, report = run(page, Place("bottom"))
        if not report.placed:
            continue
        nodes = list(turbo_tree(out).walk())
        [notice] = [node for node in nodes if "data-test-notice" in node.attributes]
        inside = set(map(id, notice.walk()))
        after = [node.name for node in nodes[nodes.index(notice) :] if id(node) not in inside]
        assert after == [] or "table" in after or all(name.startswith("#") for name in after), page


@pytest.mark.parametrize("place", ["top", "bottom"])
@pytest.mark.parametrize("name", FILES)
def test_where_nothing_is_inserted_no_offset_is_right(name, place):
    """Each page without a notice is one where no offset of all would do, but for those named above."""
    for page in documents(name):
        _, report = run(page, Place(place))
        if report.missed is not None and page not in MISSED_ALL_THE_SAME:
            tree = turbo_tree(page).lines()
            good = [at for at in range(len(page) + 1) if _is_right(page, at, place, tree)]
            assert good == [], (page, report.missed)


def _is_right(page, at, place, tree):
    """Whether a notice at the offset stands first or last in the body and the rest of the tree stays."""
    after = turbo_tree(page[:at] + NOTICE.decode() + page[at:])
    found = notices(after)
    if len(found) != 1 or not _counts(found[0]):
        return False
    [notice] = found
    nodes = list(after.walk())
    if place == "top":
        stands = notice.parent.name == "body" and notice.parent.children[0] is notice
    else:
        stands = all(node.name.startswith("#") for node in nodes[nodes.index(notice) + sum(1 for _ in notice.walk()) :])
    return stands and without_notices(after).lines() == tree


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param("<title>X", Missed.TEXT, id="title"),
        pytest.param("<!doctype html><textarea>X", Missed.TEXT, id="textarea"),
        pytest.param("<plaintext>X", Missed.TEXT, id="plaintext"),
        pytest.param("<p>X<!-- Y", Missed.COMMENT, id="comment"),
        pytest.param("<template><p>X", Missed.TEMPLATE, id="template"),
        pytest.param("<select><option>X", Missed.SELECT, id="select"),
        pytest.param("<svg><g>X", Missed.FOREIGN, id="SVG"),
        pytest.param("<math><mi>X", Missed.FOREIGN, id="MathML"),
        pytest.param("<frameset></frameset>", Missed.FRAMESET, id="frameset"),
    ],
)
def test_the_reasons_for_which_nothing_is_inserted(page, reason):
    """What the end of a page stands in, where no notice can, is told by name."""
    out, report = run(page, Place("bottom"))
    assert out == page
    assert report.missed is reason


@pytest.mark.parametrize("position", ["before", "after", "first-in", "last-in"])
@pytest.mark.parametrize("name", FILES)
def test_the_place_is_that_of_the_first_target(name, position):
    """A notice that did not fall back stands at the first ``div`` that counts."""
    for page in documents(name):
        out, report = run(page, Place(position, "div"))
        if not report.placed or report.placed[0].fallback:
            continue
        nodes = list(turbo_tree(out).walk())
        [notice] = [node for node in nodes if "data-test-notice" in node.attributes]
        target = next(node for node in nodes if node.name == "div" and _counts(node))
        assert _stands(position, nodes, notice, target), page


def _stands(position, nodes, notice, target):
    """Whether the notice stands there in document order: browsers move what an outer link ends inside of."""
    at = nodes.index(notice)
    if position == "before":
        after = nodes[at + sum(1 for _ in notice.walk()) :]
        return next(node for node in after if node.name not in FORMATTING) is target
    inside = list(target.walk())
    if position == "after":
        return nodes[at - 1] in inside and notice not in inside
    if position == "first-in":
        return all(node.name in FORMATTING for node in nodes[nodes.index(target) + 1 : at])
    return target.elements[-1] is notice


def _counts(node):
    return not {"template", "#content", "select", "svg:svg", "mathml:math"}.intersection(node.ancestors)
