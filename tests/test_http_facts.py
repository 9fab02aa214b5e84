"""Facts of a page as sites state them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.http.facts import read_facts, read_header

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("tags=news", {"tags": "news"}, id="a token"),
        pytest.param('tags=("news")', {"tags": ["news"]}, id="a list of one"),
        pytest.param(
            'tags=(news "the war"), surface=article', {"tags": ["news", "the war"], "surface": "article"}, id="more"
        ),
        pytest.param("skip", {"skip": True}, id="a bare key is true"),
        pytest.param("skip=?0", {"skip": False}, id="false"),
        pytest.param('mentions=(%"f%c3%bc")', {"mentions": ["fü"]}, id="display string"),
        pytest.param("published=@1700000000", {"published": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)}, id="date"),
        pytest.param("tags=news;x=1", {"tags": "news"}, id="parameters are not ours"),
        pytest.param("", {}, id="empty"),
    ],
)
def test_the_header_is_a_dictionary(value, expected):
    """``Notices-Page`` is an RFC 9651 dictionary."""
    stated = read_header([value])
    assert (dict(stated.facts), stated.faults) == (expected, ())


@pytest.mark.parametrize("value", ['tags=("a"', "Tags=a", "tags=a,,b", "ё", "tags=\xe9", '"tags"'])
def test_a_malformed_header_is_dropped_whole(value):
    """What cannot be read is named as a fault; nothing of it is guessed."""
    assert read_header([value]).faults == ("header",)
    assert read_header([value]).facts == {}


def test_two_headers_are_one_dictionary():
    """As RFC 9651 says of lines of one name."""
    assert read_header(["tags=news", "surface=home"]).facts == {"tags": "news", "surface": "home"}


def test_facts_are_read():
    """Every fact of the contract, in the form that pages take."""
    stated = {
        "tags": ["politics", "war"],
        "section": "world",
        "mentions": ("acme",),
        "publisher": "example-courier",
        "surface": "article",
        "language": "pt-BR",
        "published": date(2026, 11, 22),
        "skip": True,
    }
    read = read_facts(stated, MOSCOW)
    assert read.faults == ()
    assert read.facts == {
        "tags": frozenset({"politics", "war"}),
        "sections": frozenset({"world"}),
        "mentions": frozenset({"acme"}),
        "publisher": "example-courier",
        "surface": "article",
        "language": "pt-BR",
        "published": datetime(2026, 11, 21, 21, tzinfo=UTC),
        "skip": True,
    }


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param("2026-11-22", datetime(2026, 11, 21, 21, tzinfo=UTC), id="a day begins in the zone"),
        pytest.param("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC), id="an instant"),
        pytest.param(datetime(2026, 11, 22, 10), datetime(2026, 11, 22, 7, tzinfo=UTC), id="a time without an offset"),  # noqa: DTZ001
    ],
)
def test_publication_dates(published, expected):
    """Days and local times are the zone's."""
    assert read_facts({"published": published}, MOSCOW).facts["published"] == expected


def test_an_empty_list_is_stated():
    """None is not stated; nothing at all is."""
    assert read_facts({"tags": [], "mentions": None}).facts == {"tags": frozenset()}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tags", 5), ("tags", [5]), ("tags", b"news"), ("tags", {"a": 1}), ("publisher", ["a"]), ("publisher", ""),
        ("surface", "frontpage"), ("surface", []), ("language", "not a tag"), ("language", 5), ("published", "x"),
        ("published", 5), ("skip", "yes"), ("skip", 1),
    ],
)  # fmt: skip
def test_a_fact_of_no_use_is_dropped_alone(name, value):
    """The others count; the fault names the fact, never its value."""
    read = read_facts({name: value, "mentions": ["a"]})
    assert read.faults == (name,)
    assert read.facts == {"mentions": frozenset({"a"})}


def test_a_list_that_fails_while_it_is_read_is_dropped_alone():
    """Tags that an ORM fetches late may fail in its own way; the page's other facts still count."""

    def detached():
        yield "news"
        raise RuntimeError("the session is closed")

    stated = read_facts({"tags": detached(), "section": "news"})
    assert (dict(stated.facts), stated.faults) == ({"sections": frozenset({"news"})}, ("tags",))


def test_an_unknown_fact_is_a_fault():
    """A misspelt name must not pass in silence; what stands there is not repeated."""
    assert read_facts({"tag": ["a"]}).faults == ("unknown",)


@given(
    st.dictionaries(
        st.sampled_from(["tags", "section", "published", "skip", "language", "surface", "x"]),
        st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text()), st.binary(), st.dates()),
    )
)
def test_nothing_that_a_site_states_raises(stated):
    """Any mapping is read."""
    read_facts(stated, MOSCOW)


@given(st.text(max_size=50))
def test_no_header_raises(value):
    """Any header is read."""
    read_header([value])
