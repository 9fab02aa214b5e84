"""What strangers write in heads and queries, read as independent readers read it: languages and instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from notices.api.asked import read_instant
from notices.errors import QuestionError
from notices.language import parse_accept_language

MOST_WISHES = 12
TAGS = st.sampled_from(["ru", "RU", "uk-UA", "en-US", "zh-Hant-TW", "sr-Latn", "de-CH-1996", "en-GB", "ar", "pt-br"])
WEIGHTS = st.sampled_from(["", ";q=1", ";q=0", ";q=0.5", "; q=0.8", ";q=0.001", ";q=1.000", ";q=0.", ";Q=0.3"])
WISHES = st.lists(st.tuples(st.one_of(TAGS, st.just("*")), WEIGHTS).map("".join), max_size=20)
PIECES = st.sampled_from(
    ["ru", "*", ";", ";q=", "0.5", "1", ",", " ", "\t", "-", "x-77-88", "77.88.8.8", "e" * 9, "\u0130", "\x00", "="]
)


@settings(deadline=None, max_examples=400)
@given(WISHES, st.sampled_from([",", ", ", " ,"]))
def test_languages_are_read_as_werkzeug_reads_them(wishes, between):
    """The same tags in the same order, without what is refused, stands for any, or was named before."""
    judged = parse_accept_header(between.join(wishes), LanguageAccept)
    expected = {}
    for tag, weight in judged:
        if tag != "*" and weight > 0:
            expected.setdefault(tag.lower(), tag)
    assert parse_accept_language(between.join(wishes)) == tuple(expected.values())[:MOST_WISHES]


@settings(deadline=None, max_examples=400)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=80))
@example("ru;q=" + "9" * 5000)
@example("," * 100_000)
@example("ru," * 5_000)
def test_no_list_of_languages_fails(header):
    """Whatever is sent, at most a dozen tags come out, each of them written there."""
    found = parse_accept_language(header)
    assert len(found) <= MOST_WISHES
    assert all(tag in header for tag in found)
    assert len({tag.lower() for tag in found}) == len(found)


OFFSETS = st.sampled_from(
    ["Z", "z", "+00:00", "-00:00", "+03:00", "-09:30", "+14:00", "+25:00", "+0300", "+03", "", " 03:00", "+03:00:01"]
)
SECONDS = st.sampled_from(["", ":00", ":59", ":60", ":00.5", ":00.123456", ":00.123456789", ":00,5", ":"])
INSTANTS = st.tuples(
    st.sampled_from(
        ["2026-11-22", "2024-02-29", "2025-02-29", "0001-01-01", "9999-12-31", "20261122", "2026-W47-7", "2026-1-2", ""]
    ),
    st.sampled_from(["T", "t", " ", "_", ""]),
    st.sampled_from(["00:00", "12:00", "23:59", "24:00", "2:00", "12", "1200"]),
    SECONDS,
    OFFSETS,
).map("".join)


def read(text):
    try:
        return read_instant("at", text, UTC)
    except QuestionError:
        return None


def judged(text):
    """As msgspec reads RFC 3339; None for what it refuses, or reads without an offset."""
    try:
        found = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        return None
    return None if found.tzinfo is None else found


@settings(deadline=None, max_examples=800)
@given(INSTANTS | st.text("0123456789-:TZ+. ", max_size=30) | st.text(max_size=30))
@example("2026-11-22T12:00:00+23:59")
@example("0001-01-01T00:00:00+14:00")
@example("2026-11-22t12:00:00z")
def test_instants_are_read_as_an_rfc_3339_reader_reads_them(text):
    """What that reader takes is taken for the same instant; beyond it other ISO 8601 forms with an offset are taken."""
    found, expected = read(text), judged(text)
    if expected is not None and not beyond_the_years(expected):
        assert found is not None
        # Digits beyond microseconds are cut here and rounded there.
        assert abs(found - expected) <= timedelta(microseconds=1)
    elif found is not None:
        assert found.tzinfo is UTC
        assert len(text) == len("2026-11-22") or text[-1] in "Zz" or set(text[-9:]) & set("+- ")


def beyond_the_years(instant):
    try:
        instant.astimezone(UTC)
    except OverflowError:
        return True
    return False


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("20261122T120000Z", datetime(2026, 11, 22, 12, tzinfo=UTC), id="the basic form"),
        pytest.param("2026-W47-7T12:00Z", datetime(2026, 11, 22, 12, tzinfo=UTC), id="a day of a week"),
        pytest.param("2026-11-22T24:00:00Z", None, id="the end of a day"),
        pytest.param("2026-11-22T12:00:60Z", None, id="a leap second"),
    ],
)
def test_where_the_two_readers_differ(text, instant):
    """ISO 8601 is wider than RFC 3339; what is read of it is written out."""
    assert read(text) == instant
    assert judged(text) is None
