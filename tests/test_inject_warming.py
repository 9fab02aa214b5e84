"""What pages need is made ahead, and a page that comes before it is ready does not wait."""

from __future__ import annotations

import os

import pytest

from notices.expressions import late
from notices.inject import Edits, Feature, Injector, Insertion, opening, runs, warm
from notices.ruleset import BOTTOM, TOP, Place
from tests.endpoint import RULES, service_for, wait_for, write_rules
from tests.pages import STYLES
from tests.pages import page as whole_page

N = b"<aside>N</aside>"
ARTICLE, HEADING = Place("after", "article"), Place("before", "h1,p")
CALM = b"<!doctype html><body><p>x</p><article>y</article><form><select></form><div>z</div>"


@pytest.fixture(autouse=True)
def cold():
    """Each test begins and ends with nothing made."""
    runs._flow_run.cache_clear()
    runs._in_the_making.clear()
    yield
    runs._flow_run.cache_clear()
    runs._in_the_making.clear()


def made():
    return runs._flow_run.cache_info().misses


def put(page, *places, features=()):
    edits = Edits(
        tuple(Insertion((place,), lambda _: N) for place in places), {name: Feature("hide") for name in features}
    )
    injector = Injector(edits)
    return injector.feed(page) + injector.finish()


@pytest.mark.parametrize(
    "places",
    [(BOTTOM,), (ARTICLE,), (ARTICLE, TOP), (ARTICLE, HEADING), (ARTICLE, HEADING, BOTTOM)],
    ids=lambda places: " ".join(place.position for place in places),
)
def test_nothing_is_left_to_be_made_for_pages(places):
    """After the work no page of any publishing system, with any of the places, has an expression to wait for."""
    warm([(place,) for place in places])()
    before = made()
    for number, _ in enumerate(STYLES):
        page = whole_page(number, least=20_000, most=30_000).encode()
        for some in (places, *((place,) for place in places)):
            put(page, *some)
    for place in places:
        put(CALM, place)
    assert made() == before > 0


def test_what_a_page_begins_with_is_made_ahead_too(monkeypatch):
    """The expressions for the ways through a head are compiled by the work, not by the first page."""
    fresh = {name: late(getattr(opening, name).pattern) for name in ("_START", "_NEXT")}
    for name, expression in fresh.items():
        monkeypatch.setattr(opening, name, expression)
    work = warm([(TOP,)])
    assert not any("compiled" in vars(expression) for expression in fresh.values())
    work()
    assert all("compiled" in vars(expression) for expression in fresh.values())


def test_features_alone_need_something():
    """A site that only hides page parts gets what it needs too."""
    warm([], features=True)()
    before = made()
    put(CALM, features=["search"])
    assert made() == before > 0


def test_the_top_needs_nothing():
    """Where all notices stand at the top nothing is made."""
    warm([(TOP,), (TOP,)])()
    put(CALM, TOP)
    assert made() == 0


def test_many_places_make_a_bounded_number():
    """A ruleset with a hundred different targets makes no more than a few ahead."""
    warm([(Place("before", f"x-{number}"),) for number in range(100)])()
    assert 2 <= made() <= 12


def test_a_page_does_not_wait():
    """Until the work is done pages come out the same without it, and make nothing."""
    expected = put(CALM, ARTICLE)
    runs._flow_run.cache_clear()
    work = warm([(ARTICLE,)])
    assert put(CALM, ARTICLE) == expected
    assert made() == 0
    work()
    assert put(CALM, ARTICLE) == expected
    assert runs._in_the_making == set()


def test_work_that_fails_leaves_no_page_without(monkeypatch):
    """Where the work breaks off, pages make what they need themselves."""
    work = warm([(ARTICLE,)])
    with monkeypatch.context() as patch:
        patch.setattr(runs, "_flow_run", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            work()
    put(CALM, ARTICLE)
    assert made() > 0


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_makes_its_own():
    """A process forked while the work is under way does not count on a thread that stayed behind."""
    warm([(ARTICLE,)])
    child = os.fork()
    if child == 0:
        os._exit(len(runs._in_the_making))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_service_begins_when_rules_go_live(tmp_path):
    """The first request under rules starts the work for their places, and so does the first under edited rules."""
    folder = write_rules(tmp_path / "rules")
    service = service_for(folder)
    try:
        assert made() == 0
        for text, place in ((RULES, ARTICLE), (RULES.replace("[after-article]", "[{before: 'h1,p'}]"), HEADING)):
            write_rules(folder, text)
            while service.look():
                pass
            service.snapshot()
            wait_for(lambda: made() and not runs._in_the_making)
            before = made()
            put(CALM, place, features=["share"])
            assert made() == before
            service.snapshot()
            assert made() == before
    finally:
        service.close()
