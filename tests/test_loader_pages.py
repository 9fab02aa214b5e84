"""Conditions on pages, placement, and the visitors and pages of examples, as editors write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notices.page import Page
from notices.ruleset import BOTTOM, BUILT_IN_PLACES, TOP, Display, PageCondition, Place, Window
from tests.rules_text import findings, load_rule, messages, source


def pages(written: str) -> PageCondition:
    return load_rule(source(f"    pages: {written}\n")).pages


CONDITIONS = [
    pytest.param(
        "{hosts: ['*.courier.example', courier.example], paths: [/, '/news/**', '/a/*/b']}",
        PageCondition(hosts=("*.courier.example", "courier.example"), paths=("/", "/news/**", "/a/*/b")),
        id="hosts and paths",
    ),
    pytest.param(
        "{tags: [2024, on], sections: world news, mentions: [A. N. Other]}",
        PageCondition(
            tags=frozenset({"2024", "on"}), sections=frozenset({"world news"}), mentions=frozenset({"A. N. Other"})
        ),
        id="words, one without brackets",
    ),
    pytest.param(
        "{publishers: courier, surfaces: [article, home], languages: [ru, '*']}",
        PageCondition(
            publishers=frozenset({"courier"}), surfaces=frozenset({"article", "home"}), languages=("ru", "*")
        ),
        id="publisher, surfaces and languages",
    ),
    pytest.param(
        "{published: {from: 2024-02-20, until: 2024-03-01T00:00Z}, signals: {sec-gpc: true}}",
        PageCondition(
            published=Window(datetime(2024, 2, 19, 21, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC), "Europe/Moscow"),
            gpc=True,
        ),
        id="dates and signals",
    ),
    pytest.param(
        "{tags: a, except: {tags: b, surfaces: form}}",
        PageCondition(
            tags=frozenset({"a"}),
            exclude=(PageCondition(tags=frozenset({"b"}), surfaces=frozenset({"form"})),),
        ),
        id="except, its keys together",
    ),
    pytest.param(
        "{except: [{tags: b}, {signals: {sec-gpc: false}}]}",
        PageCondition(exclude=(PageCondition(tags=frozenset({"b"})), PageCondition(gpc=False))),
        id="except any of two",
    ),
]


@pytest.mark.parametrize(("written", "expected"), CONDITIONS)
def test_conditions_are_what_they_say(written, expected):
    """Every fact has its key, and what is not named is not asked for."""
    assert pages(written) == expected


WRONG = [
    pytest.param("{}", (13, 12, "empty"), id="nothing"),
    pytest.param("{tags: []}", (13, 19, "empty"), id="no tag"),
    pytest.param("{except: {}}", (13, 21, "empty"), id="except everything"),
    pytest.param("{except: {except: {tags: a}}}", (13, 22, "unknown-key"), id="except in except"),
    pytest.param("{tag: a}", (13, 13, "unknown-key"), id="unknown fact"),
    pytest.param("{hosts: COURIER.example}", (13, 20, "bad-host"), id="upper case"),
    pytest.param("{hosts: 'courier.example:443'}", (13, 20, "bad-host"), id="port"),
    pytest.param("{hosts: 'https://courier.example/x'}", (13, 20, "bad-host"), id="address"),
    pytest.param("{hosts: bücher.example}", (13, 20, "bad-host"), id="umlaut"),
    pytest.param("{hosts: соuriеr.example}", (13, 20, "look-alike"), id="Cyrillic letters"),
    pytest.param("{hosts: '*.*.example'}", (13, 20, "bad-host"), id="two stars"),
    pytest.param("{hosts: '*'}", (13, 20, "bad-host"), id="a star alone"),
    pytest.param("{hosts: '//['}", (13, 20, "bad-host"), id="bracket"),
    pytest.param("{paths: news}", (13, 20, "bad-path"), id="no slash"),
    pytest.param("{paths: '/a**'}", (13, 20, "bad-path"), id="stars in a segment"),
    pytest.param("{paths: '/a?b=1'}", (13, 20, "bad-path"), id="query"),
    pytest.param("{paths: /%D0%B0}", (13, 20, "bad-path"), id="percent-encoded"),
    pytest.param("{publishers: nobody}", (13, 25, "unknown-publisher"), id="publisher"),
    pytest.param("{surfaces: artikle}", (13, 23, "unknown-value"), id="surface"),
    pytest.param("{languages: russian}", (13, 24, "bad-language"), id="language by name"),
    pytest.param("{signals: {dnt: true}}", (13, 23, "unknown-key"), id="another signal"),
    pytest.param("{signals: {sec-gpc: 1}}", (13, 32, "wrong-type"), id="one is not true"),
    pytest.param("{published: {from: 2024-31-01}}", (13, 31, "bad-date"), id="published"),
    pytest.param("{hosts: '*.courier.example'}", (13, 20, "host-itself"), id="hint: without the host itself"),
]


@pytest.mark.parametrize(("written", "expected"), WRONG)
def test_wrong_conditions_are_found_where_they_stand(written, expected):
    """Each mistake under ``pages`` is the problem at its node."""
    assert expected in findings(source(f"    pages: {written}\n"))


@pytest.mark.parametrize(
    ("host", "fix"),
    [
        pytest.param("https://Courier.example:8443/a", "write courier.example", id="address"),
        pytest.param("bücher.example", "write xn--bcher-kva.example", id="A-label"),
        pytest.param("straße.example", "write xn--strae-oqa.example", id="A-label of a letter that browsers keep"),
        pytest.param("COURIER.example.", "write courier.example", id="upper case and a dot"),
    ],
)
def test_a_wrong_host_comes_with_the_right_one(host, fix):
    """Where the host can be read out of what was written, the fix names it."""
    (message,) = messages(source(f"    pages: {{hosts: '{host}'}}\n"))
    assert message.endswith(f"; {fix}")


DISPLAYS = [
    pytest.param("{at: top}", Display(at=(TOP,)), id="one name"),
    pytest.param("{at: [bottom, top, bottom]}", Display(at=(BOTTOM, TOP)), id="names, once each"),
    pytest.param("{at: {before: 'h1, .title'}}", Display(at=(Place("before", "h1, .title"),)), id="before"),
    pytest.param(
        "{at: [{first-in: '#main'}, {last-in: 'section[data-x=y]'}, before-article]}",
        Display(
            at=(
                Place("first-in", "#main"),
                Place("last-in", "section[data-x=y]"),
                BUILT_IN_PLACES["before-article"],
            )
        ),
        id="a list of both",
    ),
    pytest.param(
        "{level: legal, scale: 2.0, first: true, collapsible: true, languages: [visitor, page, visitor, en]}",
        Display(level="legal", scale=2.0, first=True, collapsible=True, languages=("visitor", "page", "en")),
        id="form",
    ),
]


@pytest.mark.parametrize(("written", "expected"), DISPLAYS)
def test_displays_are_what_they_say(written, expected):
    """Places and form of a notice."""
    assert load_rule(source(f"    show: {written}\n")).display == expected


def example(visitor: str, page: str = "") -> str:
    tail = f", page: {page}" if page else ""
    return source(f"    examples:\n      - {{visitor: {visitor}, expect: shown{tail}}}\n")


@pytest.mark.parametrize(
    ("visitor", "candidates", "network", "languages"),
    [
        pytest.param("{region: DE}", ("DE",), None, (), id="one region"),
        pytest.param("{region: FR-GP}", ("GP",), None, (), id="alias"),
        pytest.param("{region: [UA-43, RU]}", ("UA-43", "RU"), None, (), id="candidates"),
        pytest.param("{region: [UA, UA-43]}", ("UA-43",), None, (), id="a finer region replaces its country"),
        pytest.param("{region: [world, DE]}", ("DE",), None, (), id="the world adds nothing"),
        pytest.param("{unknown: true}", ("world",), None, (), id="unknown"),
        pytest.param("{anonymous: vpn}", ("world",), "vpn", (), id="anonymous"),
        pytest.param("{region: BY, languages: [be, ru]}", ("BY",), None, ("be", "ru"), id="languages"),
    ],
)
def test_visitors_are_what_they_say(visitor, candidates, network, languages):
    """Candidates are united like those of sources; labels do not apply to codes."""
    (found,) = load_rule(example(visitor)).examples
    assert (found.candidates, found.network, found.visitor_languages) == (candidates, network, languages)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param("", Page(publisher="courier", gpc=False), id="none: the default publisher's"),
        pytest.param(
            "{url: 'https://WWW.Courier.example:8443/%D0%B0/b?c=d'}",
            Page(host="www.courier.example", path="/а/b", gpc=False),
            id="address",
        ),
        pytest.param("{url: 'https://courier.example'}", Page(host="courier.example", path="/", gpc=False), id="root"),
        pytest.param(
            "{tags: [a, b], section: news, mentions: [], publisher: courier, surface: form, language: uk}",
            Page(
                tags=frozenset({"a", "b"}),
                sections=frozenset({"news"}),
                mentions=frozenset(),
                publisher="courier",
                surface="form",
                language="uk",
                gpc=False,
            ),
            id="facts; an empty list is stated",
        ),
        pytest.param(
            "{published: 2024-02-20, signals: {sec-gpc: true}}",
            Page(published=datetime(2024, 2, 19, 21, tzinfo=UTC), gpc=True),
            id="date and signal",
        ),
    ],
)
def test_pages_are_what_they_say(page, expected):
    """A page states what is written, and nothing else."""
    (found,) = load_rule(example("{unknown: true}", page)).examples
    assert found.page == expected


@pytest.mark.parametrize(
    ("visitor", "page", "expected"),
    [
        pytest.param("{}", "", [(14, 19, "bad-visitor")], id="nobody"),
        pytest.param("{region: DE, unknown: true}", "", [(14, 19, "bad-visitor")], id="known and unknown"),
        pytest.param("{unknown: false}", "", [(14, 29, "bad-visitor")], id="not unknown"),
        pytest.param("{region: eu}", "", [(14, 28, "unknown-region")], id="a set is no region"),
        pytest.param("{anonymous: i2p}", "", [(14, 31, "unknown-value")], id="network"),
        pytest.param("{unknown: true}", "{url: /news}", [(14, 63, "bad-url")], id="path alone"),
        pytest.param("{unknown: true}", "{url: 'https://['}", [(14, 63, "bad-url")], id="no address"),
        pytest.param("{unknown: true}", "{publisher: x}", [(14, 69, "unknown-publisher")], id="publisher"),
        pytest.param("{unknown: true}", "{tag: x}", [(14, 58, "unknown-key")], id="fact"),
    ],
)
def test_wrong_examples_are_found_where_they_stand(visitor, page, expected):
    """Each mistake in an example is a problem at its node."""
    assert findings(example(visitor, page)) == expected
