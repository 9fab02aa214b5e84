"""Entity tags with the variant in them, judged by written-out values and by Werkzeug's parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_etags

from notices.http import etags

OPAQUE = st.text(st.characters(min_codepoint=0x23, max_codepoint=0x7E), max_size=12)
VARIANTS = st.text("0123456789abcdef", min_size=8, max_size=8)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        pytest.param('"x"', '"x;n=1a2b3c4d"', id="strong"),
        pytest.param('W/"x"', 'W/"x;n=1a2b3c4d"', id="weak stays weak"),
        pytest.param('""', '";n=1a2b3c4d"', id="empty"),
        pytest.param("x", "x;n=1a2b3c4d", id="unquoted stays unquoted"),
        pytest.param('"x:br"', '"x:br;n=1a2b3c4d"', id="behind a compressor inside"),
    ],
)
def test_variant_goes_into_the_tag(tag, expected):
    """The final tag of a page is the app's with the variant as a suffix."""
    assert etags.with_variant(tag, "1a2b3c4d") == expected


@pytest.mark.parametrize(
    ("tag", "without"),
    [
        pytest.param('"x;n=1a2b3c4d"', '"x"', id="plain"),
        pytest.param('W/"x;n=1a2b3c4d"', 'W/"x"', id="weak"),
        pytest.param('"x;n=1a2b3c4d-gzip"', '"x-gzip"', id="Apache compressed outside"),
        pytest.param('"x;n=1a2b3c4d:br"', '"x:br"', id="Flask-Compress outside"),
        pytest.param('"x:gzip;n=1a2b3c4d"', '"x:gzip"', id="compressed inside"),
        pytest.param("x;n=1a2b3c4d", "x", id="unquoted"),
    ],
)
def test_suffix_is_recognised_and_cut(tag, without):
    """Our suffix is seen wherever it can stand, and nothing but it is cut."""
    assert etags.carries_variant(tag)
    assert etags.without_variant(tag) == without


@pytest.mark.parametrize(
    "tag",
    ['"x"', '"x;n=1a2b3c4"', '"x;n=1A2B3C4D"', '"x;n=1a2b3c4d5"', '";n=1a2b3c4d;x"', '"x;n=1a2b3c4d-zip"', "*", '""'],
)
def test_foreign_tags_are_not_ours(tag):
    """A tag that merely resembles ours passes as it is."""
    assert not etags.carries_variant(tag)
    assert etags.without_variant(tag) == tag


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param('"a;n=00000000", W/"b;n=1a2b3c4d" ,"c"', '"a", W/"b" ,"c"', id="list keeps its spaces"),
        pytest.param("*", "*", id="any"),
        pytest.param('"a,b;n=1a2b3c4d"', '"a,b"', id="comma inside a tag"),
    ],
)
def test_if_match_loses_the_suffix_only(value, expected):
    """What else stands in If-Match is not touched."""
    assert etags.cut_variants(value) == expected


@pytest.mark.parametrize(
    ("final", "candidates", "held"),
    [
        pytest.param('"x;n=1a2b3c4d"', '"x;n=1a2b3c4d"', True, id="same"),
        pytest.param('W/"x;n=1a2b3c4d"', '"x;n=1a2b3c4d"', True, id="weak comparison"),
        pytest.param('"x;n=1a2b3c4d"', '"a", W/"x;n=1a2b3c4d-gzip"', True, id="a compressor's mark does not count"),
        pytest.param('"x;n=1a2b3c4d"', '"x"', False, id="the app's own tag does not do"),
        pytest.param('"x;n=1a2b3c4d"', '"x;n=00000000"', False, id="another variant"),
        pytest.param('"x;n=1a2b3c4d"', '"y;n=1a2b3c4d"', False, id="another page"),
        pytest.param('"x-gzip"', '"x"', False, id="foreign marks do count"),
        pytest.param('"x"', "", False, id="nothing held"),
    ],
)
def test_weak_comparison(final, candidates, held):
    """A client holds the page where one of its tags is the final one."""
    assert etags.matches(final, etags.split_tags(candidates)) is held


@given(st.lists(st.tuples(st.booleans(), OPAQUE), max_size=5), VARIANTS)
def test_lists_read_as_werkzeug_reads_them(tags, variant):
    """With suffixes on and off again, a list of tags means what an independent parser says it meant."""
    written = [f'{"W/" if weak else ""}"{opaque}"' for weak, opaque in tags]
    suffixed = ", ".join(etags.with_variant(tag, variant) for tag in written)
    assert etags.cut_variants(suffixed) == ", ".join(written)
    judge = parse_etags(suffixed)
    assert set(etags.split_tags(suffixed)) == {
        *(f'"{tag}"' for tag in judge.as_set()),
        *(f'W/"{tag}"' for tag in judge._weak),
    }


@given(st.text(max_size=60))
def test_nothing_that_a_client_sends_raises(value):
    """Any header value is read."""
    etags.cut_variants(value)
    assert etags.matches('"x;n=1a2b3c4d"', etags.split_tags(value)) in (True, False)
