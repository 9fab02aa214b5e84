"""The question of a look-up is validated by the model that documents it, and no value ever comes back in an error."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.api.asked import read_instant
from notices.api.question import FIELDS, MOST_PAIRS, MOST_VALUES, Question, question_from_json, question_from_query
from notices.errors import QuestionError

NAMES = [
    "ip", "region", "language", "page-language", "url", "tag", "section", "mention", "published", "publisher",
    "surface", "sec-gpc", "at", "explain",
]  # fmt: skip


def test_the_parameters_are_those_of_the_contract():
    """The names stand in the specification, and sites build on them."""
    assert list(FIELDS) == NAMES


def test_a_query_becomes_a_question():
    """Every parameter arrives where it belongs; repeats make lists, in their order."""
    query = (
        "ip=192.0.2.1&region=UA-43&region=RU&language=uk&language=ru&page-language=be&url=https%3A%2F%2Fa.example%2Fb"
        "&tag=x&tag=y&section=news&mention=m&published=2026-11-22&publisher=p&surface=article&sec-gpc=1"
        "&at=2026-11-22T12:00:00Z&explain=1"
    )
    assert question_from_query(query) == Question(
        ip="192.0.2.1",
        region=("UA-43", "RU"),
        language=("uk", "ru"),
        page_language="be",
        url="https://a.example/b",
        tag=("x", "y"),
        section=("news",),
        mention=("m",),
        published="2026-11-22",
        publisher="p",
        surface="article",
        sec_gpc="1",
        at="2026-11-22T12:00:00Z",
        explain="1",
    )


def test_a_query_that_nobody_encoded_is_read_as_utf8():
    """Some clients and servers pass raw bytes on, which WSGI shows as Latin-1; the fact must not get lost in that."""
    raw = "tag=политика&mention=m".encode().decode("latin-1")
    assert question_from_query(raw) == Question(tag=("политика",), mention=("m",))


def test_a_question_that_is_printed_tells_no_value():
    """Whoever logs a question, or a traceback with what it held, logs no address."""
    shown = f"{Question(ip='192.0.2.77', region=('UA-43',))!r} {Question(ip='192.0.2.77')}"
    assert shown == "Question(ip, region) Question(ip)"


def test_an_empty_query_asks_for_the_caller():
    """Nothing stated is nothing known."""
    assert question_from_query("") == Question()


@pytest.mark.parametrize(
    ("raw", "question"),
    [
        pytest.param(b'{"region": ["UA"], "sec-gpc": true}', Question(region=("UA",), sec_gpc=True), id="lists"),
        pytest.param(b'{"region": "UA", "explain": 1}', Question(region="UA", explain=1), id="one value as it is"),
        pytest.param(b'{"tag": []}', Question(tag=()), id="an empty list is stated"),
        pytest.param(b'{"page-language": null}', Question(), id="null is not stated"),
        pytest.param(b"{}", Question(), id="nothing"),
    ],
)
def test_json_becomes_a_question(raw, question):
    """A batch's questions have the same names, with repeats as lists."""
    assert question_from_json(msgspec.Raw(raw)) == question


@pytest.mark.parametrize(
    ("query", "parameter", "advice"),
    [
        pytest.param("regoin=UA", "regoin", "the nearest is region", id="a misspelt name"),
        pytest.param("Region=UA", "Region", "the nearest is region", id="upper case"),
        pytest.param("sec_gpc=1", "sec_gpc", "the nearest is sec-gpc", id="underscore"),
        pytest.param("ip=192.0.2.1&ip=192.0.2.2", "ip", "more than once", id="two addresses"),
        pytest.param("at=x&at=y", "at", "more than once", id="two instants"),
        pytest.param("surface=artcle", "surface", "article, home, section", id="no surface"),
        pytest.param("sec-gpc=yes", "sec-gpc", "1 or 0", id="no flag"),
        pytest.param("explain", "explain", "1 or 0", id="a flag without a value"),
        pytest.param("region=", "region", "ISO 3166", id="an empty value"),
        pytest.param("tag=" + "a" * 257, "tag", "1 to 256 characters", id="a long value"),
        pytest.param("url=" + "a" * 8193, "url", "8192", id="a long address"),
        pytest.param("&".join(["tag=a"] * (MOST_VALUES + 1)), "tag", str(MOST_VALUES), id="many values"),
        pytest.param("&".join(["tag=a"] * (MOST_PAIRS + 1)), "query", str(MOST_PAIRS), id="many parameters"),
        pytest.param("tag=%ff", "query", "UTF-8", id="no UTF-8"),
    ],
)
def test_what_cannot_be_used_is_named_with_the_way_out(query, parameter, advice):
    """An error names the parameter and what to write."""
    with pytest.raises(QuestionError) as caught:
        question_from_query(query)
    assert caught.value.parameter == parameter
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "parameter"),
    [
        pytest.param(b'{"ip": 5}', "ip", id="a number for a text"),
        pytest.param(b'{"region": ["UA", 5]}', "region", id="a number in a list"),
        pytest.param(b'{"sec-gpc": 2}', "sec-gpc", id="another number"),
        pytest.param(b'{"regoin": "UA"}', "regoin", id="a misspelt name"),
        pytest.param(b'{"surface": ["article"]}', "surface", id="a list for a text"),
        pytest.param(b'["UA"]', "questions", id="no object"),
        pytest.param(b"5", "questions", id="a number"),
    ],
)
def test_json_of_no_use_is_named_too(raw, parameter):
    """One shape of error for both ways of asking."""
    with pytest.raises(QuestionError) as caught:
        question_from_json(msgspec.Raw(raw))
    assert caught.value.parameter == parameter


SECRETS = ["203.0.113.77", "2001:db8::7777", "::ffff:203.0.113.77"]


@pytest.mark.parametrize("name", [*NAMES, "203.0.113.77", "2001:db8::7777", "ipp"])
@pytest.mark.parametrize("value", SECRETS)
def test_no_error_repeats_a_value(name, value):
    """An address that somebody puts in the wrong place does not come back, even as a name."""
    raw = msgspec.Raw(msgspec.json.encode({name: {"a": [value]}}))
    for read, given_question in ((question_from_query, f"{name}={value}&{name}={value}"), (question_from_json, raw)):
        try:
            read(given_question)
        except QuestionError as error:
            assert not any(secret in f"{error} {error.parameter} {error!r}" for secret in SECRETS)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from([*NAMES, "other"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3), max_leaves=5,
)))  # fmt: skip
def test_any_json_object_is_a_question_or_an_error(facts):
    """Nothing but a question or our own error comes of whatever is sent."""
    try:
        question = question_from_json(msgspec.Raw(msgspec.json.encode(facts)))
    except QuestionError:
        return
    assert isinstance(question, Question)
    assert "other" not in facts


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("2026-11-22T12:00:00Z", datetime(2026, 11, 22, 12, tzinfo=UTC), id="UTC"),
        pytest.param("2026-11-22T12:00:00.25+03:00", datetime(2026, 11, 22, 9, 0, 0, 250_000, UTC), id="with offset"),
        pytest.param("2026-11-22T12:00:00 03:00", datetime(2026, 11, 22, 9, tzinfo=UTC), id="a plus become a space"),
        pytest.param("2026-11-22", datetime(2026, 11, 21, 21, tzinfo=UTC), id="a date in its zone"),
    ],
)
def test_instants_are_read_as_written(text, instant):
    """The instant is the one written, in UTC."""
    assert read_instant("at", text, ZoneInfo("Europe/Moscow")) == instant


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-11-22T12:00:00", id="no offset"),
        pytest.param("2026-13-01", id="no such month"),
        pytest.param("22.11.2026", id="another order"),
        pytest.param("tomorrow", id="a word"),
        pytest.param("1763812800", id="a number"),
        pytest.param("0001-01-01", id="before all years in UTC"),
    ],
)
def test_what_is_no_instant_is_an_error(text):
    """A time of day without a zone could be any of a day's instants, and is asked for."""
    with pytest.raises(QuestionError) as caught:
        read_instant("at", text, ZoneInfo("Europe/Moscow"))
    assert caught.value.parameter == "at"
    assert "2026-11-22T12:00:00Z" in str(caught.value)
