"""A page that is whole in one piece: the edits are those of a page that streams, with less to look for."""

from __future__ import annotations

import pytest

from notices.inject import Edits, Feature, Injector, Insertion
from notices.ruleset import Place

NOTICE, WARNING = b"<aside>N</aside>", b"<span>W</span>"
FEATURES = {"share": Feature("hide"), "comment": Feature("warn", lambda _: WARNING)}
HEAD = b"<!DOCTYPE html><html><head><title>T</title></head><body>"
ARTICLE = HEAD + b"<article><p>A</p></article>"
PLACES = [(Place("top"),), (Place("after", "article"),), (Place("bottom"),)]


def edited(page, places, *, whole, charset=None):
    injector = Injector(Edits((Insertion(places, lambda _: NOTICE),), FEATURES), charset=charset)
    body = injector.edit(page) if whole else injector.feed(page) + injector.finish()
    return body, injector.report.placed, dict(injector.report.features)


@pytest.mark.parametrize("places", PLACES, ids=lambda places: places[0].position)
@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"", id="no feature"),
        pytest.param(b'<p data-notices-feature="share">S</p><p>B</p>', id="one"),
        pytest.param(b"<p>B</p><div DATA-Notices-FEATURE=comment>C</div><p>D</p>", id="in any case"),
        pytest.param(
            b'<p data-notices-feature=share>S</p><!-- data-notices-feature="share" --><p>', id="and a comment"
        ),
        pytest.param(b"<script>'data-notices-feature=share'</script><p>B</p>", id="in a script only"),
        pytest.param(b'<p data-notices-feature="other">B</p>', id="another name"),
        pytest.param(b'<p data-notices-feature="share">S</p><p data-notices-feature="comment"', id="unfinished"),
    ],
)
def test_a_whole_page_is_edited_as_one_that_streams(places, rest):
    """Wherever the last feature stands, or none: the same bytes, places and counts."""
    page = ARTICLE + rest + b"</body></html>"
    assert edited(page, places, whole=True) == edited(page, places, whole=False)


def test_a_feature_after_the_notice_is_found():
    """What is looked for ends at the last feature, not before it."""
    page = ARTICLE + b'<p data-notices-feature="share">S</p></body>'
    body, _, counts = edited(page, PLACES[1], whole=True)
    assert body == ARTICLE + NOTICE + b'<p hidden inert data-notices-feature="share">S</p></body>'
    assert counts == {"share": 1}


def test_features_of_a_page_in_utf_16_are_found():
    """The name is looked for in the page's own charset."""
    page = (ARTICLE + b'<p data-notices-feature="share">S</p></body>').decode().encode("utf-16-le")
    whole = edited(page, PLACES[1], whole=True, charset="utf-16le")
    assert whole == edited(page, PLACES[1], whole=False, charset="utf-16le")
    assert whole[2] == {"share": 1}
