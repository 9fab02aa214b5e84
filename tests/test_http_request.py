"""What of a request does not reach the app."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from notices.http.request import _WISHES, environ_key, plan_request, read_wishes, strike_codings
from notices.language import parse_accept_language

HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


def plan(method="GET", **headers):
    given_headers = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return plan_request(method, lambda name: given_headers.get(name.lower()))


@pytest.mark.parametrize(
    ("headers", "asks"),
    [
        pytest.param({"Accept": HTML}, True, id="a browser"),
        pytest.param({"Accept": "TEXT/HTML;level=1"}, True, id="any case, parameters"),
        pytest.param({"Accept": "text/html;q=0"}, False, id="refused"),
        pytest.param({"Accept": "text/html;q=abc"}, False, id="quality of no use"),
        pytest.param({"Accept": "*/*"}, False, id="anything"),
        pytest.param({"Accept": "text/*"}, False, id="any text"),
        pytest.param({"Accept": "application/json"}, False, id="data"),
        pytest.param({}, False, id="nothing said"),
        pytest.param({"If_None_Match": '"x;n=1a2b3c4d"'}, True, id="our suffix"),
        pytest.param({"If_None_Match": '"y", W/"x;n=1a2b3c4d-gzip"'}, True, id="our suffix in a list, compressed"),
        pytest.param({"If_Range": '"x;n=1a2b3c4d"'}, True, id="our suffix on a range"),
        pytest.param({"If_None_Match": '"x"'}, False, id="a foreign tag"),
    ],
)
def test_which_requests_ask_for_a_page(headers, asks):
    """A request asks for a page, which is never given in part, where Accept names HTML or a tag carries our suffix."""
    assert ("Range" in plan(**headers, Range="bytes=0-1").changes) is asks


def test_a_page_request_loses_its_conditions():
    """The app always gives the whole page; we keep the tags for a 304 of our own."""
    made = plan(
        Accept=HTML,
        If_None_Match='"a", W/"b"',
        If_Modified_Since="Mon, 01 Jan 2024 00:00:00 GMT",
        Range="bytes=0-1",
        If_Range='"a"',
    )
    assert made.conditions == ('"a"', 'W/"b"')
    assert made.changes == {"If-None-Match": None, "If-Modified-Since": None, "Range": None, "If-Range": None}


def test_star_is_the_apps():
    """``If-None-Match: *`` goes to the app and earns no 304 of ours."""
    made = plan(Accept=HTML, If_None_Match="*", Range="bytes=0-1")
    assert made.conditions == ()
    assert made.changes == {"Range": None}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_keep_their_conditions(method):
    """Only GET and HEAD ask for pages."""
    made = plan(method, Accept=HTML, If_None_Match='"x"', Range="bytes=0-1", Accept_Encoding="br")
    assert (made.changes, made.conditions) == ({}, ())


def test_requests_for_anything_else_pass_untouched():
    """A range of a video, a conditional script: not ours."""
    assert plan(Accept="*/*", If_None_Match='"x"', Range="bytes=0-1", Accept_Encoding="br").changes == {}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_if_match_is_cut_for_every_method(method):
    """An editor that saves what it read sends our tag; the app knows its own."""
    assert plan(method, If_Match='"x;n=1a2b3c4d", "y"').changes["If-Match"] == '"x", "y"'


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        pytest.param("gzip, deflate, br, zstd", "gzip, deflate", id="a browser"),
        pytest.param("gzip, deflate", "gzip, deflate", id="nothing to strike"),
        pytest.param("br", "", id="only one that cannot be unpacked"),
        pytest.param("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip;q=0.8", id="any, where gzip is named"),
        pytest.param("*", "gzip", id="any alone"),
        pytest.param("br, *;q=0.5", "gzip;q=0.5", id="any keeps its quality"),
        pytest.param("gzip;q=0, *;q=0.5", "gzip;q=0", id="any, gzip refused"),
        pytest.param("br, *;q=0", "br, *;q=0", id="nothing else would do"),
        pytest.param("br, identity;q=0", "br, identity;q=0", id="plain refused too"),
        pytest.param("br, gzip, identity;q=0", "gzip, identity;q=0", id="plain refused, gzip left"),
        pytest.param("BR, GZip", "GZip", id="any case"),
        pytest.param("", "", id="empty"),
    ],
)
def test_codings_that_cannot_be_unpacked_are_struck(accepted, expected):
    """The app is asked for what can be changed; never for no compression at all."""
    assert strike_codings(accepted) == expected


ITEM = st.tuples(
    st.sampled_from(["gzip", "br", "zstd", "deflate", "identity", "*", "compress", "x-gzip"]),
    st.sampled_from(["", ";q=0", ";q=0.5", ";q=1", "; q=0.001"]),
)


@given(st.lists(ITEM, max_size=5, unique_by=lambda item: item[0]))
def test_striking_adds_no_wish(items):
    """By an independent parser: what is left was asked for, and gzip is never wished for more than it was."""
    before = ", ".join(f"{name}{quality}" for name, quality in items)
    after = strike_codings(before)
    old, new = parse_accept_header(before, Accept), parse_accept_header(after, Accept)
    if after != before:
        assert {name for name, _ in new} <= {"gzip", "x-gzip", "deflate", "identity", "*"}
    assert new.quality("gzip") <= old.quality("gzip")
    assert new.quality("deflate") <= old.quality("deflate")


USUAL = [
    HTML,
    "*/*",
    "",
    "gzip, br",
    "br;q=1, *",
    "text/html;q=0",
    "identity;q=0, zstd",
    "1",
    "es-419,es;q=0.9",
    "iframe",
]
NAMES = ("Accept", "Accept-Encoding", "Accept-Language", "Sec-GPC", "Sec-Fetch-Dest")
CONDITIONS = ("If-None-Match", "If-Modified-Since", "Range", "If-Range", "If-Match")
wishes = st.one_of(st.none(), st.sampled_from(USUAL), st.text())


def environ(method, **headers):
    """An environ with a method and the headers that are not None."""
    stated = {environ_key(name): value for name, value in headers.items() if value is not None}
    return {"REQUEST_METHOD": method, **stated}


@example(method="GET", stated=dict.fromkeys(NAMES, HTML), conditions={"Range": "bytes=0-"})
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "get"]),
    stated=st.fixed_dictionaries(dict.fromkeys(NAMES, wishes)),
    conditions=st.dictionaries(st.sampled_from(CONDITIONS), st.sampled_from(['"a"', '"a-n1a2b3c4d"', "bytes=0-", "*"])),
)
def test_wishes_are_read_once_and_as_anew(method, stated, conditions):
    """What is remembered of a request is what reading it anew would give, with conditions and without."""
    for headers in (stated, {**stated, **conditions}, stated):
        found = read_wishes(environ(method, **headers))
        assert found.plan == plan_request(method, headers.get)
        assert found.languages == parse_accept_language(headers["Accept-Language"] or "")
        assert found.gpc == ((headers["Sec-GPC"] or "").strip() == "1")
        assert found.framed == ((headers["Sec-Fetch-Dest"] or "").strip().lower() == "iframe")


def test_of_requests_nothing_but_wishes_is_remembered():
    """A reader may write an address into any header, and any number of different ones."""
    usual = {"Accept": HTML, "Accept-Encoding": "gzip", "Accept-Language": "en", "Sec-GPC": "1", "Sec-Fetch-Dest": "x"}
    for number in range(200):
        for name in NAMES:
            for address in (f"192.0.2.{number}", f"en;v={number}.0.2.77", f"2001:db8::{number:x}", f"a-{number:x}::2"):
                read_wishes(environ("GET", **{**usual, name: address}))
        read_wishes(environ(f"M{number}", **usual))
        read_wishes(environ("GET", **{**usual, "Accept-Language": f"es-{number}"}))
    kept = [*_WISHES._younger, *_WISHES._older]
    assert len(kept) > 100
    assert not any("0.2" in str(text) or ":" in str(text) for key in kept for text in key)
    assert not any(str(method).startswith("M") for method, *_ in kept)  # None: other tests leave it away
    assert len(kept) <= 1024
