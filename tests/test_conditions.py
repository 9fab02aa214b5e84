"""Pages against conditions: hosts, paths, facts, what is missing, and classes of pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.conditions import (
    Finding,
    PageClasses,
    examine,
    host_matches,
    is_plain,
    path_matches,
    publisher_of,
    worlds,
)
from notices.conditions.patterns import HostPatterns, PathPatterns
from notices.page import Page
from notices.ruleset import Defaults, PageCondition, Publisher, Ruleset
from tests import generate, judge
from tests.build import day, pages, window


@pytest.mark.parametrize(
    ("pattern", "host", "met"),
    [
        pytest.param("courier.example", "courier.example", True, id="itself"),
        pytest.param("courier.example", "www.courier.example", False, id="exact is not below"),
        pytest.param("*.courier.example", "www.courier.example", True, id="below"),
        pytest.param("*.courier.example", "a.b.courier.example", True, id="far below"),
        pytest.param("*.courier.example", "courier.example", False, id="star is not itself"),
        pytest.param("*.courier.example", "mycourier.example", False, id="a dot must stand between"),
        pytest.param("*.courier.example", "courier.example.evil.test", False, id="the end counts"),
        pytest.param("*.courier.example", "a." * 5000 + "courier.example", False, id="longer than any name"),
    ],
)
def test_hosts(pattern, host, met):
    """``*.x`` is every host below x and not x itself."""
    assert host_matches(pattern, host) is met


def test_the_closest_host_pattern_comes_first():
    """Of two publishers' patterns the closer one decides."""
    patterns = HostPatterns(["*.example", "*.courier.example", "ru.courier.example"])
    assert patterns.matching("ru.courier.example") == ("ru.courier.example", "*.courier.example", "*.example")


@pytest.mark.parametrize(
    ("pattern", "path", "met"),
    [
        pytest.param("/news/**", "/news", True, id="itself"),
        pytest.param("/news/**", "/news/", True, id="with a slash"),
        pytest.param("/news/**", "/news/2026/11/x", True, id="far below"),
        pytest.param("/news/**", "/newsroom", False, id="a segment, not a beginning"),
        pytest.param("/news/**", "/", False, id="not above"),
        pytest.param("/**", "/", True, id="everything"),
        pytest.param("/**", "/a/b", True, id="everything below"),
        pytest.param("/", "/", True, id="the front page"),
        pytest.param("/", "/a", False, id="the front page alone"),
        pytest.param("/news/*", "/news/1", True, id="one segment"),
        pytest.param("/news/*", "/news/1/2", False, id="star stays inside a segment"),
        pytest.param("/news/*", "/news", False, id="a segment must be there"),
        pytest.param("/*-election", "/ru-election", True, id="star at the beginning"),
        pytest.param("/e*n", "/election", True, id="star in the middle"),
        pytest.param("/e*n", "/en", True, id="star may be nothing"),
        pytest.param("/e*e", "/e", False, id="beginning and end do not overlap"),
        pytest.param("/*a*b*", "/xaybz", True, id="several stars"),
        pytest.param("/*a*b*", "/xbyaz", False, id="several stars in order"),
        pytest.param("/*/comments", "/x/comments", True, id="star as a segment"),
        pytest.param("/a/**/z", "/a/z", True, id="deep in the middle is nothing"),
        pytest.param("/a/**/z", "/a/b/c/z", True, id="deep in the middle is several"),
        pytest.param("/a/**/z", "/a/b/zz", False, id="deep in the middle, wrong end"),
        pytest.param("/новости/**", "/новости/1", True, id="decoded letters"),
        pytest.param("/a.b", "/axb", False, id="a dot is a dot"),
    ],
)
def test_paths(pattern, path, met):
    """``/news/**`` is /news and all below; ``*`` stays inside a segment."""
    assert path_matches(pattern, path) is met


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text("ab/*", max_size=6).map(lambda text: f"/{text}"), max_size=4),
    st.text("ab/", max_size=8).map(lambda text: f"/{text}"),
)
def test_paths_agree_with_a_regular_expression(patterns, path):
    """All patterns asked at once give what each gives as a regular expression."""
    plain = [pattern for pattern in patterns if not re.search(r"\*\*(?!$)|[^/]\*\*$", pattern)]
    found = PathPatterns(plain).matching(path)
    assert set(found) == {pattern for pattern in plain if judge.path_met(pattern, path)}
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("path", "met"),
    [
        pytest.param("/", {"/**", "/"}, id="front page"),
        pytest.param("/news", {"/**", "/news", "/news/**"}, id="at a pattern"),
        pytest.param("/news/", {"/**", "/news/**"}, id="a last slash begins a segment"),
        pytest.param("/news/world", {"/**", "/news/**", "/news/world"}, id="at a deeper one"),
        pytest.param("/news/world/1", {"/**", "/news/**"}, id="below what has no stars"),
        pytest.param("/news/local/city/1", {"/**", "/news/**", "/news/local/city/**"}, id="below a deeper one"),
        pytest.param("/news/local", {"/**", "/news/**"}, id="on the way to a deeper one"),
        pytest.param("/newsletter", {"/**"}, id="only begins alike"),
        pytest.param("/other/news", {"/**"}, id="elsewhere"),
        pytest.param("//news", {"/**"}, id="an empty segment first"),
        pytest.param("", {"/**", "/"}, id="empty"),
        pytest.param("news/world", {"/**", "/news/**", "/news/world"}, id="without the first slash"),
    ],
)
def test_plain_paths_are_all_found(path, met):
    """Of many patterns whose only star is at the end, a path meets its own and those above it."""
    patterns = PathPatterns(["/**", "/", "/news", "/news/**", "/news/world", "/news/local/city/**"])
    assert set(patterns.matching(path)) == met


@pytest.mark.parametrize(
    "stated", [{"a"}, {"a", "b"}, {"a", "x"}, {"x"}, set()], ids=lambda tags: "".join(sorted(tags)) or "none"
)
def test_unknown_values_are_no_part_of_a_class(stated):
    """Pages are of one class where they share what rules ask for, whatever else they state."""
    rules = PageCondition(tags=frozenset("ab"), sections=frozenset("ab"), mentions=frozenset("ab"))
    classes = PageClasses([rules], {}, None)
    facts = frozenset(stated)
    found = classes.reduce(Page(tags=facts, sections=facts, mentions=facts))
    known = facts - {"x"}
    assert (found.tags, found.sections, found.mentions) == (known, known, known)
    assert found == classes.reduce(Page(tags=facts | {"y"}, sections=facts | {"z"}, mentions=facts | {"x"}))
    assert classes.tagged(facts) == known


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("/*a*a*a*a*a*a*a*a*b", "/" + "a" * 20_000), ("/**/a/**/a/**/a/**/b", "/a" * 5_000)],
    ids=["stars in a segment", "deep stars"],
)
def test_hostile_paths_are_answered(pattern, path):
    """No path makes a pattern try again and again: with backtracking this test would not end."""
    assert not path_matches(pattern, path)


FACTS = Page(
    host="courier.example",
    path="/news/1",
    tags=frozenset({"politics"}),
    sections=frozenset({"world"}),
    publisher="courier",
    mentions=frozenset({"org"}),
    surface="article",
    language="ru-RU",
    published=day("2026-11-01"),
    gpc=True,
)
MET = {
    "hosts": ["courier.example"],
    "paths": ["/news/**"],
    "tags": ["sport", "politics"],
    "sections": ["world"],
    "publishers": ["courier"],
    "mentions": ["org"],
    "surfaces": ["article", "home"],
    "languages": ["ru"],
    "published": window("2026-11-01", None),
    "gpc": True,
}
NOT_MET = {
    "hosts": (["other.example", "third.example"], "host is not other.example or third.example"),
    "paths": (["/blog/**"], "path is not /blog/**"),
    "tags": (["gambling"], "tag gambling missing"),
    "sections": (["sport"], "section sport missing"),
    "publishers": (["other"], "publisher is courier, not other"),
    "mentions": (["nobody"], "mention nobody missing"),
    "surfaces": (["home", "form"], "surface is article, not form or home"),
    "languages": (["uk"], "page language is ru-RU, not uk"),
    "published": (window("2026-11-02", None), "published 2026-11-01, not from 2026-11-02"),
    "gpc": (False, "sec-gpc is sent"),
}
NOUNS = {
    "hosts": "host",
    "paths": "path",
    "tags": "tag",
    "sections": "section",
    "publishers": "publisher",
    "mentions": "mention",
    "surfaces": "surface",
    "languages": "page language",
    "published": "publication date",
    "gpc": "sec-gpc",
}


@pytest.mark.parametrize("fact", MET)
def test_a_stated_fact_meets(fact):
    """Any value within a fact is enough."""
    assert examine(pages(**{fact: MET[fact]}), FACTS, "courier").met


@pytest.mark.parametrize("fact", NOT_MET)
def test_a_wrong_fact_is_a_near_miss_in_words(fact):
    """An editor reads which fact is not met, and what was asked."""
    asked, words = NOT_MET[fact]
    assert examine(pages(**{fact: asked}), FACTS, "courier") == Finding(wrong=(words,))


@pytest.mark.parametrize("fact", MET)
def test_a_missing_fact_does_not_match_and_is_named(fact):
    """What nobody states never matches, and the answer says what was missing."""
    assert examine(pages(**{fact: MET[fact]}), Page(), None) == Finding(missing=(f"{NOUNS[fact]} not stated",))


@pytest.mark.parametrize("fact", MET)
def test_a_missing_fact_never_excepts(fact):
    """A page of which a fact is not known is not excepted by it."""
    condition = PageCondition(exclude=(pages(**{fact: MET[fact]}),))
    assert examine(condition, Page(), None).met
    assert not examine(condition, FACTS, "courier").met


def test_all_facts_of_a_condition_must_be_met():
    """Facts are taken together, values within one are not."""
    finding = examine(pages(tags=["politics"], surfaces=["home"], languages=["uk"]), FACTS, "courier")
    assert finding.wrong == ("surface is article, not home", "page language is ru-RU, not uk")


def test_an_exception_needs_all_its_keys_and_a_list_any_of_its_members():
    """``except`` reads like ``pages``; several mappings mean any of them."""
    both = PageCondition(exclude=(pages(tags=["politics"], surfaces=["home"]),))
    either = PageCondition(exclude=(pages(tags=["politics"]), pages(surfaces=["home"])))
    assert examine(both, FACTS, "courier").met
    assert examine(either, FACTS, "courier").wrong == ("excepted by tag politics",)


def test_an_empty_list_is_stated():
    """A page with no tags lacks the tag; one that says nothing lacks the fact."""
    assert examine(pages(tags=["x"]), Page(tags=frozenset()), None) == Finding(wrong=("tag x missing",))


def test_hosts_and_paths_of_requests_are_not_repeated():
    """A path may hold anything, a visitor's address too: near misses name what was asked only."""
    page = Page(host="192.0.2.7", path="/192.0.2.8")
    finding = examine(pages(hosts=["a.example"], paths=["/a"]), page, None)
    assert "192.0.2" not in repr(finding)


PUBLISHERS = {
    "courier": Publisher("courier", {"en": "Courier"}, ("courier.example", "*.courier.example")),
    "ru": Publisher("ru", {"en": "Ru"}, ("ru.courier.example",)),
}


@pytest.mark.parametrize(
    ("page", "publisher"),
    [
        pytest.param(Page(publisher="ru", host="courier.example"), "ru", id="stated before the host"),
        pytest.param(Page(host="courier.example"), "courier", id="by host"),
        pytest.param(Page(host="www.courier.example"), "courier", id="by a pattern"),
        pytest.param(Page(host="ru.courier.example"), "ru", id="by the closer pattern"),
        pytest.param(Page(host="else.example"), "ru", id="the default"),
        pytest.param(Page(), "ru", id="nothing stated"),
    ],
)
def test_who_publishes(page, publisher):
    """The stated one, else the host's, else the default."""
    assert publisher_of(page, PUBLISHERS, "ru") == publisher
    assert PageClasses([], PUBLISHERS, "ru").publisher(page) == publisher


def test_pages_that_no_rule_tells_apart_are_one_class():
    """Tags, hosts and paths that no rule speaks of do not multiply the classes."""
    classes = PageClasses([pages(tags=["a"], paths=["/news/**"])], {}, None)
    one = classes.reduce(Page(path="/news/1", tags=frozenset({"a", "b"}), host="x.example", language="en"))
    other = classes.reduce(Page(path="/news/2/3", tags=frozenset({"a"}), surface="form", gpc=True))
    assert one == other
    assert hash(one) == hash(other)
    assert one != classes.reduce(Page(path="/blog/1", tags=frozenset({"a"})))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(generate.conditions(dated=True), max_size=6),
    generate.publishers(),
    generate.pages,
    st.sampled_from([None, "courier"]),
    generate.instants,
)
def test_a_class_meets_what_its_page_meets(drawn, publishers, page, default, at):
    """The masks, the examination and the judge are of one mind about every condition, as it is at the instant."""
    rules = Ruleset(rules={}, publishers=publishers, defaults=Defaults(publisher=default))
    conditions = [generate.resolved(generate.one_fact(one), publishers) for one in drawn]
    classes = PageClasses([one.settled(at) for one in conditions], rules.publishers, default)
    mask = classes.met(classes.reduce(page))
    publisher = publisher_of(page, rules.publishers, default)
    for number, condition in enumerate(conditions):
        verdict = judge.page_verdict(condition, page, rules, at)
        finding = examine(condition, page, publisher, at)
        assert bool(mask >> number & 1) == finding.met == (verdict == "met")
        assert bool(finding.wrong) == (verdict == "wrong")
    assert mask >> len(conditions) == 0


def test_an_exception_may_have_exceptions():
    """They are taken one within the other."""
    inner = PageCondition(tags=frozenset("a"), exclude=(pages(tags=["b"]),))
    condition = PageCondition(exclude=(inner,))
    classes = PageClasses([condition], {}, None)
    for tags, met in (("", True), ("a", False), ("ab", True), ("b", True)):
        page = Page(tags=frozenset(tags))
        assert examine(condition, page, None).met is met
        assert bool(classes.met(classes.reduce(page))) is met


def test_an_exception_that_asks_for_nothing_excepts_nothing():
    """An empty exception must not silence a rule everywhere."""
    condition = PageCondition(exclude=(PageCondition(),))
    classes = PageClasses([condition], {}, None)
    assert examine(condition, Page(), None).met
    assert classes.met(classes.reduce(Page())) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(generate.conditions(), min_size=1, max_size=4),
    st.lists(generate.pages, min_size=1, max_size=30),
    st.sampled_from([None, "courier"]),
)
def test_every_page_is_of_a_listed_world(conditions, some, default):
    """No page meets a combination of conditions that the enumeration does not list."""
    listed = worlds(conditions, generate.PUBLISHERS, default, most=100_000)
    classes = PageClasses(conditions, generate.PUBLISHERS, default)
    assert {classes.met(classes.reduce(page)) for page in some} <= listed


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        pytest.param([pages(tags=["a"]), pages(tags=["a", "b"])], {0b00, 0b10, 0b11}, id="one within the other"),
        pytest.param([pages(tags=["a"]), pages(tags=["b"])], {0, 1, 2, 3}, id="tags go together"),
        pytest.param([pages(surfaces=["home"]), pages(surfaces=["form"])], {0, 1, 2}, id="surfaces do not"),
        pytest.param([pages(paths=["/a/**"]), pages(paths=["/a/b"])], {0, 1, 3}, id="a path below another"),
        pytest.param([pages(hosts=["*.x.example"]), pages(hosts=["x.example"])], {0, 1, 2}, id="below is not itself"),
        pytest.param([pages(languages=["ru"]), pages(languages=["ru-RU"])], {0, 1, 3}, id="ranges"),
        pytest.param([pages(gpc=True), pages(gpc=False)], {0, 1, 2}, id="a signal"),
        pytest.param([PageCondition(exclude=(pages(tags=["a"]),))], {0, 1}, id="an exception"),
        pytest.param([PageCondition(tags=frozenset("a"), exclude=(pages(tags=["a"]),))], {0}, id="never met"),
        pytest.param([pages(hosts=["ru.courier.example"]), pages(publishers=["ru"])], {0, 1, 2, 3}, id="may be stated"),
        pytest.param(
            [pages(published=window("2026-01-01", "2026-02-01")), pages(published=window("2026-01-15", None))],
            {0, 1, 2, 3},
            id="periods that overlap",
        ),
        pytest.param(
            [pages(published=window("2026-01-01", "2026-02-01")), pages(published=window("2026-02-01", None))],
            {0, 1, 2},
            id="periods that meet",
        ),
    ],
)
def test_the_worlds_of_conditions(conditions, expected):
    """Exactly the combinations that some page can meet."""
    assert worlds(conditions, PUBLISHERS, "courier", most=1000) == expected


def test_a_host_settles_the_publisher_that_is_not_stated():
    """With one publisher for all, no page is without."""
    alone = {"a": Publisher("a", {"en": "A"})}
    assert worlds([pages(publishers=["a"])], alone, "a", most=10) == {1}
    assert worlds([pages(publishers=["a"])], alone, None, most=10) == {0, 1}


def test_too_many_worlds_are_given_up():
    """The search is bounded."""
    many = [pages(tags=[f"t{number}"]) for number in range(20)]
    assert worlds(many, {}, None, most=1000) is None


@settings(max_examples=80, deadline=None)
@given(generate.conditions())
def test_a_plain_condition_can_be_met(condition):
    """What is called plain at a glance is met on some page."""
    if is_plain(condition):
        assert 1 in worlds([condition], generate.PUBLISHERS, None, most=1000)


@pytest.mark.parametrize("tags", [["a"], ("a",), {"a"}, iter("a")], ids=["list", "tuple", "set", "iterator"])
def test_any_collection_of_facts_will_do(tags):
    """Who states a page from Python may give a list; it equals the same page with a set."""
    assert Page(tags=tags, sections=["s"], mentions=[]) == Page(
        tags=frozenset({"a"}), sections=frozenset({"s"}), mentions=frozenset()
    )


def test_one_text_is_no_collection_of_facts():
    """``tags="war"`` would be the tags w, a and r."""
    with pytest.raises(TypeError, match=r"tags are a collection of texts, not one text: write \['war'\]"):
        Page(tags="war")
