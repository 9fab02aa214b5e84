"""Bodies that lay out their children themselves, grids and rows, with the notice as the first (spec: service, 4)."""

from __future__ import annotations

import pytest

from tests.browser import browser as browser
from tests.browser import visit as visit
from tests.foreign_pages import GRID_BODIES, ROW_BODIES
from tests.fragments import is_on_top, make_notice, put

BOXES = "all => all.map(e => { const b = e.getBoundingClientRect(); return [b.top, b.bottom, b.left, b.width]; })"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("skeleton", GRID_BODIES.values(), ids=GRID_BODIES.keys())
def test_a_grid_keeps_its_rows(visit, skeleton, width):
    """The notice has a row of its own above all others, and each part of the page the row and width that it had."""
    parts = "body > :is(header, nav, main, footer)"
    size = {"width": width, "height": 900}
    bare = visit(skeleton.replace("{notice}", ""), viewport=size).locator(parts).evaluate_all(BOXES)
    page = visit(put(skeleton, make_notice()), viewport=size)
    (notice,) = page.locator("aside.lawtext").evaluate_all(BOXES)
    boxes = page.locator(parts).evaluate_all(BOXES)
    header, nav, _, footer = boxes
    assert 0 <= notice[0] < notice[1] <= header[0]
    assert [box[2:] for box in boxes] == [box[2:] for box in bare]
    for small, was in ((header, bare[0]), (footer, bare[3])):
        assert small[1] - small[0] == pytest.approx(was[1] - was[0], abs=1)
    assert nav[0] >= header[1]
    assert page.evaluate("shifts") == 0


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("skeleton", ROW_BODIES.values(), ids=ROW_BODIES.keys())
def test_a_row_of_columns_leaves_the_notice_whole(visit, skeleton, width):
    """It is seen from its first letter on, wide enough to read, no taller than its text, and the page stays beside."""
    page = visit(put(skeleton, make_notice()), viewport={"width": width, "height": 900})
    ((top, bottom, left, wide),) = page.locator("aside.lawtext").evaluate_all(BOXES)
    assert left >= 0
    assert 190 <= wide <= width - left
    assert 0 <= top < bottom < 400
    assert is_on_top(page, ".lawtext-body p")
    if width == 1280:
        assert page.locator("main").bounding_box()["width"] >= 190
        assert page.evaluate("document.documentElement.scrollWidth") == 1280
