"""A page's address is split as the standard library splits it, but for differences that are named here.

``urllib.parse.urlsplit`` is the independent judge; our own splitter stands beside it because that one remembers URLs.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notices.errors import QuestionError
from notices.page_url import host_and_path, host_and_path_in_text

REFUSED = "refused"
#: What ``urlsplit`` takes away before it looks (WHATWG's way with white space): we take a URL as it is written, and
#: refuse or keep it. A browser never sends such a one, so nothing is to be repaired.
STRIPPED = re.compile(r"[\t\r\n]|^[\x00-\x20]+")
HOST = re.compile(r"[a-z0-9._-]+")
IPV6 = re.compile(r"[0-9a-f.]*:[0-9a-f:.]+")


def ours(url):
    try:
        return host_and_path(url)
    except QuestionError:
        return REFUSED


def judged(url):
    """What the standard library's reading of *url* comes to: host and path, a path alone, or no page address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return REFUSED
    path = unquote(parts.path) or "/"
    if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
        return None, path
    if parts.scheme not in ("http", "https") or not host:
        return REFUSED
    ascii_host = in_a_labels(host.rstrip("."))
    form = IPV6 if "[" in parts.netloc else HOST
    return (ascii_host, path) if ascii_host and form.fullmatch(ascii_host) else REFUSED


def in_a_labels(host):
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def differs_by_design(url):
    """Why the two may differ over *url*, None where they may not."""
    if STRIPPED.search(url):
        return "the standard library repairs white space"
    if re.match(r"(?i:https?:)[^?#]*\\", url):
        return "the standard library knows no backslash; browsers read a slash"
    authority = re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//([^/?#]*)", url)
    if authority and ("[" in authority[1] or "]" in authority[1]):
        return "brackets are only read around a whole host, and the standard library's reading changed by version"
    if authority and not authority[1].isascii():
        return "the standard library refuses what NFKC makes a delimiter; ours asks IDNA, which maps it first"
    return None


SCHEMES = st.sampled_from(["http:", "https:", "HTTPS:", "ftp:", "javascript:", "", "1x:", "a+b:", ":", "h ttp:"])
USERS = st.sampled_from(["", "", "", "u@", "u:p@", "a@b@", "@", ":@"])
HOSTS = st.sampled_from(
    ["courier.example", "Courier.Example.", "a_b.example", "xn--80ak6aa92e.example", "127.0.0.1", "", ".", "a..b",
     "пример.example", "a b", "a%20b", "x" * 64 + ".example", "a\\b", "a,b", "ſ.example", "a／b.example", "[::1]",
     "[fe80::1%25eth0]", "[v1.x]", "[", "::1", "0x7f.1"]
)  # fmt: skip
PORTS = st.sampled_from(["", "", ":", ":80", ":99999", ":x", ":-1", ":8\u0660", "::"])
TAILS = st.lists(
    st.sampled_from(
        ["/", "/a", "/%2e%2e/", "/..", "?q=/x", "#f", "//", "/%zz", "/é", "/%D0%B9", ";p", "/%00", "\\", ":"]
    ),
    max_size=5,
).map("".join)
SLASHES = st.sampled_from(["//", "//", "//", "/", "", "///", "\\\\"])
SHAPED = st.tuples(SCHEMES, SLASHES, USERS, HOSTS, PORTS, TAILS).map("".join)
ANY = st.text("htps:/?#@[]%.\\ab0é\t \x00-_~;", max_size=30)


@settings(deadline=None, max_examples=1500)
@given(SHAPED | ANY)
@example("https://courier.example?x")
@example("http:courier.example/x")
@example("//courier.example/x")
@example("https://u:p@courier.example:80/a;b?c#d")
@example("https://courier.example:x/")
@example("/a//b")
@example("https:///x")
def test_an_address_is_split_as_the_standard_library_splits_it(url):
    """Host and path are the judge's, and what it calls no address is refused; but for the named differences."""
    if differs_by_design(url) is None:
        assert ours(url) == judged(url)


@settings(deadline=None, max_examples=300)
@given(SHAPED | ANY | st.text(max_size=40))
def test_no_address_fails_and_every_host_is_one(url):
    """Also where the two differ: a refusal, or a host in A-labels and a path that begins with a slash."""
    found = ours(url)
    if found != REFUSED:
        host, path = found
        assert path.startswith("/") or host is not None
        assert host is None or HOST.fullmatch(host) or IPV6.fullmatch(host)


@pytest.mark.parametrize(
    ("url", "expected", "judge"),
    [
        pytest.param(" https://a.example/", REFUSED, ("a.example", "/"), id="white space before"),
        pytest.param("ht\ntps://a.example/", REFUSED, ("a.example", "/"), id="a line end within"),
        pytest.param("https://a.example/ ", ("a.example", "/ "), ("a.example", "/ "), id="but none after"),
        pytest.param("https://[::1]/x", ("::1", "/x"), ("::1", "/x"), id="an IPv6 address"),
        pytest.param("https://a\u2100b.example/", REFUSED, REFUSED, id="a slash in disguise"),
    ],
)
def test_the_differences_are_those_that_are_meant(url, expected, judge):
    """Each kind of difference is written out, with what the judge says."""
    assert ours(url) == expected
    assert judged(url) == judge


@pytest.mark.parametrize("url", ["https://[a.example]/x", "https://[]/", "https://[::1]x/", "https://x[::1]/"])
def test_brackets_hold_an_ipv6_address_and_nothing_else(url):
    """A name in brackets is no host, though the oldest Pythons read it as one (RFC 3986, section 3.2.2)."""
    assert ours(url) == REFUSED


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://courier.example\\@evil.example/x", ("courier.example", "/@evil.example/x"), id="a host"),
        pytest.param("https://courier.example\\news\\1?a\\b", ("courier.example", "/news/1"), id="a path"),
        pytest.param("HTTPS:\\\\courier.example/news", ("courier.example", "/news"), id="what begins the host"),
        pytest.param("https://courier.example/a%5Cb", ("courier.example", "/a\\b"), id="but no encoded one"),
        pytest.param("https://courier.example/?q=\\@evil.example", ("courier.example", "/"), id="nor one of a query"),
        pytest.param("/a\\b", (None, "/a\\b"), id="nor one of a bare path"),
    ],
)
def test_a_backslash_is_read_as_browsers_read_it(url, expected):
    """It is a slash (WHATWG URL, section 4.4), so that nobody hides the host that a browser would ask."""
    assert host_and_path(url) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\n  https://courier.example/a\n", ("courier.example", "/a"), id="a line of its own"),
        pytest.param("https://courier\n.example/a", ("courier.example", "/a"), id="a line broken"),
        pytest.param("https://u:p@Courier.Example.:8443/a", ("courier.example", "/a"), id="user, port and dot"),
        pytest.param("https://пример.example/й", ("xn--e1afmkfd.example", "/й"), id="letters of a language"),
        pytest.param("https://[2001:DB8::1]:80/a", ("2001:db8::1", "/a"), id="IPv6"),
        pytest.param("/news/1", (None, "/news/1"), id="a bare path"),
        pytest.param("courier.example/a", (None, None), id="no scheme"),
        pytest.param("https:///a", (None, None), id="no host"),
        pytest.param("https://..:80/a", (None, None), id="dots alone"),
        pytest.param("tag:courier.example,2026:1", (None, None), id="no page"),
        pytest.param("https://[courier.example]/a", (None, None), id="a name in brackets"),
        pytest.param("", (None, None), id="empty"),
        pytest.param(None, (None, None), id="nothing"),
    ],
)
def test_what_a_site_writes_down_is_read_or_states_nothing(text, expected):
    """Feeds and newsletters are laid out by people and templates: an address of no use must not cost a notice."""
    assert host_and_path_in_text(text) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        pytest.param("faß.de", "xn--fa-hia.de", id="sharp s"),
        pytest.param("STRAẞE.example", "xn--strae-oqa.example", id="its capital"),
        pytest.param("βόλος.com", "xn--nxasmm1c.com", id="final sigma"),
        pytest.param("ΒΌΛΟΣ.com", "xn--nxasmq6b.com", id="a capital sigma is no final one"),
        pytest.param("نامه\u200cای.com", "xn--mgba3gch31f060k.com", id="a joiner that the script needs"),
        pytest.param("exa\u200cmple.com", "example.com", id="a joiner that was pasted"),
        pytest.param("Größe.München.de", "xn--gre-6ka8i.xn--mnchen-3ya.de", id="label by label"),
        pytest.param("straße。example", "xn--strae-oqa.example", id="an ideographic full stop"),
        pytest.param("fass.de", "fass.de", id="another host"),
    ],
)
def test_hosts_are_those_that_browsers_ask(host, expected):
    """Names with letters that IDNA once replaced are names of their own (the tables of UTS #46, nontransitional)."""
    assert host_and_path(f"https://{host}/x") == (expected, "/x")


def test_a_label_that_is_too_long_is_no_host():
    """Of sharp s as of any other letter."""
    assert ours(f"https://{'ß' * 60}.de/") == REFUSED


@pytest.mark.parametrize("url", ["https://192.0.2.7:x/", "https://192.0.2.7%/x y\\", "ftp://192.0.2.7/"])
def test_no_address_is_kept_or_repeated(url):
    """An address may stand in a URL: neither the standard library's cache nor a refusal has it."""
    before = urlsplit.cache_info().misses
    answer = None
    try:
        host_and_path(url)
    except QuestionError as error:
        answer = str(error)
    assert urlsplit.cache_info().misses == before
    assert "192" not in str(answer)


def test_the_judge_is_the_standard_library():
    """The judge stands on ``urlsplit``, of which nothing is ours."""
    assert urlsplit("https://a.example/b?c#d") == SplitResult("https", "a.example", "/b", "c", "d")
