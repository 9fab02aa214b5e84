"""Cache-Control, Vary and Expires of pages that differ by visitor and by instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from werkzeug.datastructures import ResponseCacheControl
from werkzeug.http import parse_cache_control_header

from notices.http.caching import Sharing, plan_caching

NOW = datetime(2026, 11, 22, 23, 50, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
PRIVATE = Sharing(now=NOW)
VARYING = Sharing(now=NOW, mode="vary", vary_header="Notices-Key")


def planned(headers, sharing):
    """The headers after the plan, names in lower case."""
    return {name.lower(): value for name, value in plan_caching(list(headers.items()), sharing)}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param({}, "private", id="nothing stated"),
        pytest.param({"Cache-Control": "public, max-age=60"}, "max-age=60, private", id="public"),
        pytest.param({"Cache-Control": "max-age=60, s-maxage=600"}, "max-age=60, private", id="shared time"),
        pytest.param({"Cache-Control": "private"}, "private", id="private already"),
        pytest.param({"Cache-Control": 'private="Set-Cookie"'}, "private", id="private for one header only"),
        pytest.param({"Cache-Control": "no-store"}, "no-store, private", id="never stored"),
        pytest.param({"cache-control": "PUBLIC, Immutable"}, "Immutable, private", id="any case"),
        pytest.param({"Cache-Control": 'ext="a, b", public'}, 'ext="a, b", private', id="comma in quotes"),
    ],
)
def test_private_keeps_shared_caches_out(stated, expected):
    """Where another visitor could get another decision, only the reader's own cache may keep the page."""
    assert planned(stated, PRIVATE)["cache-control"] == expected


@pytest.mark.parametrize(
    "name",
    [
        "Surrogate-Control",
        "X-Accel-Expires",
        "CDN-Cache-Control",
        "Cloudflare-CDN-Cache-Control",
        "vercel-cdn-cache-control",
        "Edge-Control",
    ],
)
def test_private_drops_what_speaks_to_cdns(name):
    """A CDN's own header would override ``private``."""
    assert name.lower() not in planned({name: "max-age=60"}, PRIVATE)


def test_a_page_that_is_the_same_for_all_stays_public():
    """Nothing changes where nobody could get another decision."""
    headers = {"Cache-Control": "public, max-age=60", "Surrogate-Control": "max-age=60"}
    for sharing in (PRIVATE, VARYING):
        kept = plan_caching(list(headers.items()), replace(sharing, others_differ=False))
        assert kept == list(headers.items())


def test_keep_changes_nothing():
    """``CACHE=keep`` leaves it to the site."""
    headers = [("Cache-Control", "public, max-age=6000"), ("Vary", "Cookie")]
    sharing = Sharing(now=NOW, mode="keep", until=NOW, varies=frozenset({"Sec-GPC"}))
    assert plan_caching(headers, sharing) == headers


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param({}, "Notices-Key", id="none"),
        pytest.param({"Vary": "Cookie"}, "Cookie, Notices-Key", id="one more"),
        pytest.param({"Vary": "notices-key"}, "notices-key", id="there already"),
        pytest.param({"Vary": "*"}, "*", id="everything"),
    ],
)
def test_vary_gains_the_header(stated, expected):
    """``CACHE=vary:Notices-Key`` lets shared caches keep one copy for each key, and stays public."""
    result = planned({**stated, "Cache-Control": "public, s-maxage=60"}, VARYING)
    assert result["vary"] == expected
    assert result["cache-control"] == "public, s-maxage=60"


@pytest.mark.parametrize("sharing", [PRIVATE, VARYING], ids=["private", "vary"])
def test_vary_gains_what_rules_read(sharing):
    """A rule that reads a request header makes the page vary by it, in both modes."""
    result = planned({"Vary": "Cookie"}, replace(sharing, varies=frozenset({"Sec-GPC", "Accept-Language"})))
    assert [name.strip() for name in result["vary"].split(",")][-2:] == ["Accept-Language", "Sec-GPC"]


def test_several_vary_headers_become_one():
    """Names that stand in two headers are kept."""
    assert plan_caching(
        [("Vary", "Cookie"), ("X-Other", "1"), ("vary", "Origin")], replace(VARYING, others_differ=True)
    ) == [
        ("Vary", "Cookie, Origin, Notices-Key"),
        ("X-Other", "1"),
    ]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param("max-age=3600", "max-age=600", id="max-age"),
        pytest.param("max-age=60", "max-age=60", id="short enough"),
        pytest.param("s-maxage=3600, max-age=60", "s-maxage=600, max-age=60", id="s-maxage"),
        pytest.param('max-age="3600"', "max-age=600", id="quoted"),
        pytest.param(
            "max-age=60, stale-while-revalidate=600",
            "max-age=60, stale-while-revalidate=540",
            id="stale adds to max-age",
        ),
        pytest.param("max-age=900, stale-if-error=60", "max-age=600", id="no time left for stale"),
        pytest.param("stale-while-revalidate=9000", "stale-while-revalidate=600", id="stale alone"),
        pytest.param("max-age=x", "max-age=x", id="no number is no time"),
        pytest.param("no-cache, no-store", "no-cache, no-store", id="nothing to cut"),
    ],
)
def test_times_to_live_end_with_the_decision(stated, expected):
    """A page stored at 23:50 must not miss a window that opens at midnight."""
    assert planned({"Cache-Control": stated}, replace(VARYING, until=MIDNIGHT))["cache-control"] == expected


@pytest.mark.parametrize(
    ("name", "stated", "expected"),
    [
        pytest.param("Expires", "Mon, 23 Nov 2026 12:00:00 GMT", "Mon, 23 Nov 2026 00:00:00 GMT", id="Expires"),
        pytest.param("Expires", "Sun, 22 Nov 2026 23:55:00 GMT", "Sun, 22 Nov 2026 23:55:00 GMT", id="Expires earlier"),
        pytest.param("Expires", "0", "0", id="Expires over"),
        pytest.param(
            "Surrogate-Control", "max-age=3600+60, content=x", "max-age=600+0, content=x", id="Surrogate-Control"
        ),
        pytest.param("Surrogate-Control", "max-age=60+3600", "max-age=60+540", id="Surrogate-Control stale"),
        pytest.param(
            "Surrogate-Control",
            "max-age=3600, stale-while-revalidate=60",
            "max-age=600, stale-while-revalidate=0",
            id="Surrogate-Control stale directive",
        ),
        pytest.param(
            "Surrogate-Control",
            "max-age=500, stale-if-error=3600, stale-while-revalidate=60",
            "max-age=500, stale-if-error=100, stale-while-revalidate=60",
            id="Surrogate-Control stale directives within what is left",
        ),
        pytest.param(
            "Surrogate-Control", "stale-if-error=60", "stale-if-error=0", id="Surrogate-Control stale without an age"
        ),
        pytest.param("CDN-Cache-Control", "max-age=3600", "max-age=600", id="CDN-Cache-Control"),
        pytest.param("Edge-Control", "!no-store, max-age=1d", "!no-store, max-age=600", id="Edge-Control"),
        pytest.param("Edge-Control", "cache-maxage=9m, dca=noop", "cache-maxage=9m, dca=noop", id="Edge-Control less"),
        pytest.param("Edge-Control", "downstream-ttl=601", "downstream-ttl=600", id="Edge-Control downstream"),
        pytest.param("X-Accel-Expires", "3600", "600", id="X-Accel-Expires"),
        pytest.param("X-Accel-Expires", "@1999999999", "@1795392000", id="X-Accel-Expires instant"),
        pytest.param("X-Accel-Expires", "off", "off", id="X-Accel-Expires off"),
    ],
)
def test_other_times_end_too(name, stated, expected):
    """Wherever a shared cache may read a time to live, it ends with the decision."""
    assert planned({name: stated}, replace(VARYING, until=MIDNIGHT))[name.lower()] == expected


def test_stale_time_counts_from_expires():
    """Without max-age the page is fresh until Expires, and stale time adds to that."""
    headers = {"Expires": "Sun, 22 Nov 2026 23:55:00 GMT", "Cache-Control": "stale-while-revalidate=600"}
    assert planned(headers, replace(VARYING, until=MIDNIGHT))["cache-control"] == "stale-while-revalidate=300"


@pytest.mark.parametrize(
    ("modified", "headers", "expected"),
    [
        pytest.param(timedelta(days=30), {}, "max-age=600", id="an old page would outlive the change"),
        pytest.param(timedelta(hours=1), {}, "max-age=360", id="a tenth of its age"),
        pytest.param(timedelta(minutes=5), {}, None, id="a young one would not"),
        pytest.param(timedelta(days=30), {"Cache-Control": "no-cache"}, "no-cache", id="always asked again"),
        pytest.param(timedelta(days=30), {"Expires": "0"}, None, id="over already"),
    ],
)
def test_a_cache_is_not_left_to_guess(modified, headers, expected):
    """A page that states no time to live gets one where a cache's guess could outlive the decision."""
    stated = {"Last-Modified": format_datetime(NOW - modified, usegmt=True), **headers}
    assert planned(stated, replace(VARYING, until=MIDNIGHT)).get("cache-control") == expected


def test_a_failed_page_is_kept_by_nobody():
    """An answer that ends now has no time to live at all."""
    result = planned({"Cache-Control": "max-age=60, stale-if-error=60"}, replace(VARYING, until=NOW))
    assert result["cache-control"] == "max-age=0"


DIRECTIVE = st.one_of(
    st.sampled_from(["public", "private", "no-cache", "no-transform", "immutable", "must-revalidate"]).map(
        lambda name: (name, None)
    ),
    st.tuples(
        st.sampled_from(["max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"]), st.integers(0, 10**7)
    ),
)


@given(st.lists(DIRECTIVE, max_size=5, unique_by=lambda item: item[0]), st.integers(-5, 10**6), st.booleans())
def test_no_copy_outlives_the_decision(directives, left, private):
    """By an independent parser: freshness and stale time together end with the decision, the rest stays."""
    text = ", ".join(name if value is None else f"{name}={value}" for name, value in directives)
    sharing = replace(PRIVATE if private else VARYING, until=NOW + timedelta(seconds=left))
    result = planned({"Cache-Control": text}, sharing)
    before = parse_cache_control_header(text, cls=ResponseCacheControl)
    after = parse_cache_control_header(result.get("cache-control"), cls=ResponseCacheControl)
    left = max(left, 0)
    fresh = max(after.max_age or 0, after.s_maxage or 0)
    for stale in ("stale-while-revalidate", "stale-if-error"):
        assert fresh + int(after.get(stale) or 0) <= left
        assert int(after.get(stale) or 0) <= int(before.get(stale) or 0)
    assert (after.max_age is None) == (before.max_age is None)
    for name in ("no-cache", "no-transform", "immutable", "must-revalidate"):
        assert (name in after) == (name in before)
    assert ("public" in after) == ("public" in before and not private)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=30))
def test_no_header_value_raises(control, expires, modified):
    """Whatever an app states, the plan is made."""
    headers = [
        ("Cache-Control", control),
        ("Expires", expires),
        ("Last-Modified", modified),
        ("Surrogate-Control", control),
        ("Edge-Control", control),
        ("X-Accel-Expires", expires),
    ]
    assert plan_caching(headers, replace(VARYING, until=MIDNIGHT))
    assert plan_caching(headers, replace(PRIVATE, until=MIDNIGHT))
