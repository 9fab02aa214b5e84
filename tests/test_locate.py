"""The locator unites headers and databases into one location, and says what became of each statement."""

from __future__ import annotations

import gc
import ipaddress
from array import array
from pathlib import Path
from types import FunctionType, ModuleType

import geoip2.database
import maxminddb_rust
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.errors import QuestionError
from notices.gazetteer import Gazetteer
from notices.geo.address import is_public
from notices.geo.claim import Claim, make_claim
from notices.geo.database import Database, open_database
from notices.geo.evidence import Said, conclude, judge
from notices.geo.locate import Locator, location_for
from notices.location import Location
from notices.region import WORLD
from notices.ruleset import Label
from notices.settings import Settings

from .databases import maxmind, write_database

GAZETTEER = Gazetteer(
    (Label(frozenset({"RU", "UA"}), frozenset({"Crimea"}), frozenset({"CR", "43"}), "UA-43"),),
    {"UA-43": frozenset({"RU"})},
)
PROXY = ipaddress.ip_network("10.0.0.0/8")
NOWHERE = Location()

CITY = {
    "5.59.0.0/16": {"country": {"iso_code": "RU"}, "subdivisions": [{"names": {"en": "Crimea"}}]},
    "5.60.0.0/16": {"country": {"iso_code": "UA"}, "subdivisions": [{"iso_code": "30"}]},
    "5.61.0.0/16": {"country": {"iso_code": "DE"}},
    "5.62.0.0/16": {"country": {"iso_code": "QQ"}},
    "2a02:6b8::/32": {"country": {"iso_code": "RU"}},
    "10.9.0.0/16": {"country": {"iso_code": "DE"}},
}
FLAGS = {
    "5.61.7.0/24": {"is_anonymous": True, "is_tor_exit_node": True},
    "5.61.8.0/24": {"is_hosting_provider": True},
    "5.61.9.0/24": {"is_anonymous": True, "is_anonymous_vpn": True, "provider_name": "iCloud Private Relay"},
    "5.70.0.0/16": {"is_anonymous_vpn": True},
}


@pytest.fixture(scope="module")
def databases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("databases")
    return (
        open_database(write_database(folder / "city.mmdb", CITY)),
        open_database(write_database(folder / "flags.mmdb", FLAGS, kind="Test-Anonymous-Plus")),
    )


def locator(databases, **changes):
    defaults = {"rules": Path("rules"), "trusted_proxies": (PROXY, "unix"), "geo_header": "cloudflare"}
    return Locator(Settings(**(defaults | changes)), databases, GAZETTEER)


def headers(**values):
    """Headers by name: ``forwarded="..."`` is ``X-Forwarded-For``, ``country`` and ``region`` are Cloudflare's."""
    names = {"forwarded": "X-Forwarded-For", "country": "CF-IPCountry", "region": "CF-Region-Code", "rfc": "Forwarded"}
    return {names[key]: value for key, value in values.items()}.get


ORDERED = [
    pytest.param("5.60.1.1", {}, Location(("UA-30",), source="database"), id="a direct visitor"),
    pytest.param("5.60.1.1", {"country": "DE"}, Location(("UA-30",), source="database"), id="a stranger's geo header"),
    pytest.param("5.60.1.1", {"forwarded": "5.61.1.1"}, Location(("UA-30",), source="database"), id="a stranger's hop"),
    pytest.param("10.1.1.1", {"forwarded": "5.60.1.1"}, Location(("UA-30",), source="database"), id="behind a proxy"),
    pytest.param("", {"forwarded": "5.60.1.1"}, Location(("UA-30",), source="database"), id="behind a unix socket"),
    pytest.param(
        "10.1.1.1",
        {"forwarded": "5.60.1.1", "country": "DE"},
        Location(("DE",), source="header"),
        id="the header decides",
    ),
    pytest.param(
        "10.1.1.1",
        {"forwarded": "5.60.1.1", "country": "XX"},
        Location(("UA-30",), source="database"),
        id="unknown header",
    ),
    pytest.param(
        "10.1.1.1",
        {"forwarded": "5.60.1.1", "country": "QQ"},
        Location(("UA-30",), source="database"),
        id="a header that names no region",
    ),
    pytest.param(
        "10.1.1.1",
        {"forwarded": "5.60.1.1", "country": "UA"},
        Location(("UA",), source="header"),
        id="country and subdivision are of one source",
    ),
    pytest.param(
        "10.1.1.1",
        {"country": "RU", "region": "CR"},
        Location(("UA-43", "RU"), source="header"),
        id="a labelled header",
    ),
    pytest.param("5.59.1.1", {}, Location(("UA-43", "RU"), source="database"), id="a labelled record"),
    pytest.param("2a02:6b8::1", {}, Location(("RU",), source="database"), id="IPv6"),
    pytest.param("::ffff:5.61.1.1", {}, Location(("DE",), source="database"), id="IPv4-mapped"),
    pytest.param("64:ff9b::5.61.1.1", {}, Location(("DE",), source="database"), id="NAT64"),
    pytest.param("5.62.1.1", {}, NOWHERE, id="a record that names no region"),
    pytest.param("9.9.9.9", {}, NOWHERE, id="not in the database"),
    pytest.param("10.9.1.1", {}, NOWHERE, id="a proxy is no visitor"),
    pytest.param("192.168.1.1", {}, NOWHERE, id="private"),
    pytest.param("2002:53d:101::1", {}, NOWHERE, id="6to4"),
    pytest.param("nonsense", {}, NOWHERE, id="no address"),
    pytest.param("10.1.1.1", {"forwarded": "5.61.1.1, nonsense"}, NOWHERE, id="a broken hop"),
    pytest.param("10.1.1.1", {"rfc": "for=5.61.1.1"}, NOWHERE, id="the other forwarding header"),
    pytest.param("5.61.7.1", {}, Location((WORLD,), "tor", "database"), id="Tor by a second database"),
    pytest.param("5.61.8.1", {}, Location((WORLD,), "hosting", "database"), id="hosting"),
    pytest.param("5.70.1.1", {}, Location((WORLD,), "vpn", "database"), id="a network without a place"),
    pytest.param("5.61.9.1", {}, Location(("DE",), source="database"), id="a relay states its user's region"),
    pytest.param(
        "10.1.1.1",
        {"forwarded": "5.61.1.1", "country": "T1"},
        Location((WORLD,), "tor", "header"),
        id="Tor by the header",
    ),
    pytest.param(
        "10.1.1.1",
        {"forwarded": "5.61.8.1", "country": "UA"},
        Location((WORLD,), "hosting", "database"),
        id="a network counts also after the header has decided",
    ),
    pytest.param(
        "10.1.1.1",
        {"forwarded": "5.61.8.1", "country": "T1"},
        Location((WORLD,), "tor", "header+database"),
        id="the network that hides most",
    ),
]


@pytest.mark.parametrize(("peer", "given_headers", "expected"), ORDERED)
def test_the_first_source_that_answers_decides(databases, peer, given_headers, expected):
    """Headers of trusted proxies first, then the databases; anonymity wins over every place."""
    assert locator(databases).locate(peer, headers(**given_headers)) == expected


SETTINGS = [
    pytest.param({"location": ("database", "header")}, Location(("UA-30",), source="database"), id="database first"),
    pytest.param({"location": ("header",)}, Location(("RU",), source="header"), id="header only"),
    pytest.param({"location": ("database",)}, Location(("UA-30",), source="database"), id="database only"),
    pytest.param({"unite": True}, Location(("RU", "UA-30"), source="header+database"), id="united"),
    pytest.param({"geo_header": None}, Location(("UA-30",), source="database"), id="no geo header"),
    pytest.param({"trusted_proxies": ()}, NOWHERE, id="nobody is trusted"),
    pytest.param({"forwarded_header": "Forwarded"}, Location(("RU",), source="header"), id="the header still stands"),
    pytest.param(
        {"forwarded_header": "Forwarded", "location": ("database",)},
        Location(("DE",), source="database"),
        id="RFC 7239",
    ),
    pytest.param(
        {"geo_header": {"country": "X-Land"}}, Location(("UA-30",), source="database"), id="other header names"
    ),
]


@pytest.mark.parametrize(("changes", "expected"), SETTINGS)
def test_settings_choose_the_sources(databases, changes, expected):
    """One request, located as each setting says."""
    request = headers(forwarded="5.60.1.1", country="RU", rfc="for=5.61.1.1")
    assert locator(databases, **changes).locate("10.1.1.1", request) == expected


UNITED = [
    pytest.param(
        {"country": "UA", "forwarded": "5.60.1.1"}, ("UA-30",), "header+database", id="the finer one replaces"
    ),
    pytest.param({"country": "RU", "forwarded": "5.59.1.1"}, ("RU", "UA-43"), "header+database", id="contested"),
    pytest.param({"country": "XX", "forwarded": "5.60.1.1"}, ("UA-30",), "database", id="unknown adds nothing"),
    pytest.param({"country": "DE", "forwarded": "nonsense"}, ("DE",), "header", id="no address"),
    pytest.param({}, (WORLD,), "none", id="nothing at all"),
]


@pytest.mark.parametrize(("given_headers", "candidates", "source"), UNITED)
def test_all_unites_the_sources(databases, given_headers, candidates, source):
    """With ``LOCATION=all`` every source counts."""
    found = locator(databases, unite=True).locate("10.1.1.1", headers(**given_headers))
    assert (found.candidates, found.source, found.network) == (candidates, source, None)


def test_two_databases_with_countries_are_two_sources(tmp_path):
    """The first file that answers decides; united, both count."""
    first = open_database(write_database(tmp_path / "v4.mmdb", {"5.60.0.0/16": {"country_code": "UA"}}, ip_version=4))
    both = {"5.60.0.0/16": {"country_code": "RU"}, "2a02:6b8::/32": {"country_code": "RU"}}
    second = open_database(write_database(tmp_path / "v6.mmdb", both))
    ordered = locator((first, second))
    assert ordered.locate("5.60.1.1", headers()).candidates == ("UA",)
    assert ordered.locate("2a02:6b8::1", headers()).candidates == ("RU",)
    assert locator((first, second), unite=True).locate("5.60.1.1", headers()).candidates == ("UA", "RU")


def test_addresses_that_somebody_asks_about(databases):
    """A look-up by address asks the databases, whatever the order of sources is."""
    asked = locator(databases, location=("header",))
    assert asked.locate_address("5.60.1.1") == Location(("UA-30",), source="database")
    assert asked.locate_address(" 5.61.7.1 ") == Location((WORLD,), "tor", "database")
    assert asked.locate_address("fe80::1%eth0") == NOWHERE
    assert asked.locate_address("2002:53d:101::1") == NOWHERE


@pytest.mark.parametrize(
    "text", ["0121.2.69.160", "5.60.1", "1359103392", "example.org", "", "5.60.1.1:80", "5.60.1.1,5"]
)
def test_what_is_no_address_is_a_question_error_without_it(databases, text):
    """The error names the parameter and never repeats what was sent."""
    with pytest.raises(QuestionError) as caught:
        locator(databases).locate_address(text)
    assert caught.value.parameter == "ip"
    assert not text or text not in str(caught.value)
    with pytest.raises(QuestionError):
        locator(databases).trace_address(text)


def lines(reports):
    return [(report.source, report.name, report.candidates, report.believed, report.reason) for report in reports]


def test_trace_says_why_each_source_counts_or_not(databases):
    """Every source is listed with what it means and why it was believed or not."""
    asked = locator(databases)
    assert lines(asked.trace("10.1.1.1", headers(forwarded="5.60.1.1", country="RU"))) == [
        ("header", "cloudflare", ("RU",), True, "it names a region"),
        ("database", "city.mmdb", ("UA-30",), False, "a source before it has answered"),
        ("database", "flags.mmdb", (WORLD,), False, "it says nothing about this visitor"),
    ]
    assert lines(asked.trace("5.61.7.1", headers(country="RU"))) == [
        ("header", "cloudflare", (WORLD,), False, "the request does not come from a trusted proxy"),
        ("database", "city.mmdb", ("DE",), False, "the visitor is anonymous (tor)"),
        ("database", "flags.mmdb", (WORLD,), True, "the network hides where its users are"),
    ]
    assert [line[3:] for line in lines(asked.trace("5.61.9.1", headers()))] == [
        (False, "the request does not come from a trusted proxy"),
        (True, "it names a region"),
        (True, "a relay that states its user's region: not anonymous"),
    ]
    assert [line[4] for line in lines(asked.trace("10.1.1.1", headers(country="QQ")))] == [
        "it names no region that is known",
        "the visitor's address is not known",
        "the visitor's address is not known",
    ]
    assert [line[4] for line in lines(asked.trace_address("192.168.1.1"))] == ["the address is private or reserved"] * 2


def test_neither_trace_nor_location_holds_an_address(databases):
    """Nothing that leaves the locator has the visitor's address in it, in any form."""
    asked = locator(databases)
    request = headers(forwarded="5.60.77.99", country="5.60.77.99", region="5.60.77.99")
    told = repr((asked.trace("10.1.1.1", request), asked.locate("10.1.1.1", request), asked, vars(asked)))
    assert "77.99" not in told
    assert "5.60" not in told


@pytest.mark.parametrize(
    ("peer", "given_headers", "expected"),
    [
        pytest.param("5.60.1.1", {"forwarded": "9.9.9.9"}, True, id="X-Forwarded-For from a stranger"),
        pytest.param("5.60.1.1", {"rfc": "for=9.9.9.9"}, True, id="Forwarded from a stranger"),
        pytest.param("5.60.1.1", {"country": "DE"}, False, id="no forwarding header"),
        pytest.param("10.1.1.1", {"forwarded": "9.9.9.9"}, False, id="from a trusted proxy"),
        pytest.param("", {"forwarded": "9.9.9.9"}, False, id="from a trusted socket"),
    ],
)
def test_forwarding_headers_of_strangers_are_noticed(databases, peer, given_headers, expected):
    """Health can say that a proxy in front is not among the trusted ones."""
    assert locator(databases).forwarding_ignored(peer, headers(**given_headers)) is expected


class OneRecord:
    """A tree in which every address has one and the same record."""

    count, skipped, table = 1, 32, (17,)
    spread = 1 << 10

    def record(self, number):
        return 17


class Failing:
    """A reader whose every look-up fails."""

    def get_path(self, address, path):
        raise RuntimeError(f"no record for {address}")


def test_a_failing_database_is_unknown_and_counted(databases):
    """A database that fails leaves the visitor unknown, the next source is asked, and the count shows it."""
    good = databases[0]
    broken = Database(Failing(), good.info, good._shape)
    assert locator((broken,)).locate("5.60.1.1", headers()) == NOWHERE
    both = locator((broken, good))
    assert both.locate("5.60.1.1", headers()) == Location(("UA-30",), source="database")
    assert both.failures == 2


def test_a_failed_look_up_is_not_remembered(databases):
    """An address of a known record that could not be read is asked for again, and counted again."""
    good = databases[0]
    reader = Failing()
    broken = Database(reader, good.info, good._shape, tree=OneRecord())
    asked = locator((broken,))
    assert [asked.locate("5.60.1.1", headers()) for _ in range(3)] == [NOWHERE] * 3
    assert asked.failures == 3
    reader.get_path = good._reader.get_path
    assert asked.locate("5.60.1.1", headers()) == Location(("UA-30",), source="database")


ADDRESSES = st.sampled_from(
    (
        *("5.59.1.1", "5.60.1.1", "5.60.9.9", "5.61.1.1", "5.61.7.1", "5.61.8.1", "5.61.9.1", "5.62.1.1", "5.70.1.1"),
        *("9.9.9.9", "10.1.1.1", "10.9.1.1", "192.168.1.1", "192.0.2.1", "192.0.3.1", "", "unix", "::1", "nonsense"),
        *("2a02:6b8::1", "::ffff:5.61.1.1", "2002:53d:101::1", "05.61.1.1", "5.61.1.1 ", "5.61.1.1:80"),
    )
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "forwarded": st.lists(ADDRESSES, min_size=1, max_size=3).map(", ".join),
        "country": st.sampled_from(["UA", "RU", "XX", "T1", "QQ", "DE"]),
        "region": st.sampled_from(["43", "CR", "30"]),
        "rfc": ADDRESSES.map('for="{}"'.format),
    },
)
LOOPBACK = ipaddress.ip_network("::1/128")
PUBLIC_PROXY = ipaddress.ip_network("5.60.0.0/16")
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "location": st.sampled_from([("database", "header"), ("header",), ("database",)]),
        "unite": st.booleans(),
        "geo_header": st.sampled_from([None, "cloudflare"]),
        "trusted_proxies": st.sampled_from([(), (PROXY,), ("unix",), (LOOPBACK, PROXY), (PUBLIC_PROXY, PROXY)]),
        "forwarded_header": st.sampled_from(["X-Forwarded-For", "Forwarded"]),
    },
)


@given(CHANGES, st.lists(st.tuples(ADDRESSES, REQUESTS), min_size=1, max_size=6), st.sampled_from([1, 2]))
@settings(deadline=None)
def test_what_is_remembered_by_record_is_what_is_found_anew(databases, changes, requests, count):
    """By the tree, the second time too, a visitor is where a locator without trees and memory finds them."""
    used = databases[:count]
    plain = [Database(one._reader, one.info, one._shape) for one in used]
    asked = locator(used, **changes)
    for peer, given_headers in requests * 2:
        expected = locator(plain, **changes)
        request = headers(**given_headers)
        assert asked.locate(peer, request) == expected.locate(peer, request)
        try:
            found = expected.locate_address(peer)
        except QuestionError:
            continue
        assert asked.locate_address(peer) == found


def test_every_address_of_the_city_file_is_where_geoip2_says():
    """All networks of MaxMind's test file, through the locator, first and second time."""
    path = maxmind("GeoIP2-City-Test.mmdb")
    asked = Locator(Settings(rules=Path("rules")), [open_database(path)], GAZETTEER)
    with geoip2.database.Reader(path) as reader, maxminddb_rust.open_database(path) as lister:
        networks = [network for network, _ in lister]
        for network in networks * 2:
            answer = reader.city(network.network_address)
            parts = tuple(part.iso_code for part in answer.subdivisions if part.iso_code)
            claim = make_claim(answer.country.iso_code, parts) if is_public(network.network_address) else None
            expected = conclude([Said("database", "", claim)], GAZETTEER, unite=False)
            assert asked.locate_address(str(network.network_address)) == expected
    assert len(asked._located) > 10


def test_what_is_remembered_holds_no_address(databases):
    """No number, bytes or text of a visitor's address is reachable from the locator after it has answered."""
    asked = locator(databases[:1], geo_header=None)
    for text in ("5.60.77.99", "5.61.7.1"):
        assert asked.locate(text, headers()).candidates
        asked.locate_address(text)
    address = ipaddress.ip_address("5.60.77.99")
    forms = {int(address), address.packed, str(address), address, int(address) >> 8, address.packed[:3]}
    claims = [cell.cell_contents for cell in asked._claim.__closure__]
    assert any(isinstance(one, array) and any(one) for one in claims)  # that it is this which remembers
    seen, rest = set(), [asked._located, asked._proxies, *claims, asked._concluded, asked._gazetteer]
    while rest:
        one = rest.pop()
        if id(one) in seen or isinstance(one, type | ModuleType | FunctionType):
            continue
        seen.add(id(one))
        assert not (isinstance(one, int | bytes | str | ipaddress.IPv4Address) and one in forms)
        if isinstance(one, array) and one.typecode == "Q":  # by record: the number of one, and that of its claim
            assert forms.isdisjoint(form for word in one for form in (word >> 16, word & 0xFFFF) if word)
        rest += gc.get_referents(one)
    assert len(asked._located) == 2


STATED = [
    pytest.param(["UA-43"], Location(("UA-43",), source="query"), id="code"),
    pytest.param(["ua-43"], Location(("UA-43",), source="query"), id="lower case"),
    pytest.param(["UA"], Location(("UA",), source="query"), id="country"),
    pytest.param(["UA", "UA-43"], Location(("UA-43",), source="query"), id="the finer one replaces"),
    pytest.param(["UA", "RU"], Location(("UA", "RU"), source="query"), id="several"),
    pytest.param(["FR-971"], Location(("GP",), source="query"), id="alias"),
    pytest.param(["RU-CR"], Location(("UA-43", "RU"), source="query"), id="label"),
    pytest.param(["UA-5"], Location(("UA-05",), source="query"), id="zero added"),
    pytest.param(["GB-KEN"], Location(("GB-KEN",), source="query"), id="second level"),
    pytest.param(["unknown"], Location(source="query"), id="unknown"),
    pytest.param(["unknown", "DE"], Location(("DE",), source="query"), id="unknown adds nothing"),
    pytest.param(["world"], Location(source="query"), id="world"),
    pytest.param([], Location(source="query"), id="nothing"),
    pytest.param(["tor"], Location((WORLD,), "tor", "query"), id="Tor"),
    pytest.param(["VPN"], Location((WORLD,), "vpn", "query"), id="VPN in upper case"),
    pytest.param(["hosting", "DE"], Location((WORLD,), "hosting", "query"), id="a network leaves nothing else"),
    pytest.param(["vpn", "tor"], Location((WORLD,), "tor", "query"), id="the one that hides most"),
]


@pytest.mark.parametrize(("regions", "expected"), STATED)
def test_locations_stated_in_a_look_up(regions, expected):
    """``region=`` takes codes, ``unknown`` and networks, several united like sources."""
    assert location_for(regions, GAZETTEER) == expected


WORDS = "unknown, tor, vpn, proxy, hosting"
WRONG = [
    pytest.param("UA-99", "'UA-99' is no ISO 3166 code; did you mean UA-59?", id="unknown part"),
    pytest.param("UK-XYZ", "'UK-XYZ' is no ISO 3166 code", id="unknown part of a reserved code"),
    pytest.param("Crimea", f"it is no ISO 3166 code such as UA or UA-43, and none of {WORDS}", id="a name"),
    pytest.param("5.60.1.1", f"it is no ISO 3166 code such as UA or UA-43, and none of {WORDS}", id="an address"),
    pytest.param(
        "ukr",
        f"it is no ISO 3166 code such as UA or UA-43, and none of {WORDS}; did you mean UA?",
        id="a code of three letters",
    ),
    pytest.param("", f"it is no ISO 3166 code such as UA or UA-43, and none of {WORDS}", id="empty"),
]


def test_three_letters_that_are_no_code_either_are_like_none():
    """Only what ISO or a language calls a place is proposed."""
    with pytest.raises(QuestionError) as caught:
        location_for(["qqq"], GAZETTEER)
    assert str(caught.value).endswith(WORDS)


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_what_is_no_region_is_a_question_error(text, message):
    """The error names the parameter, the value where it looks like a code, and the nearest one."""
    with pytest.raises(QuestionError) as caught:
        location_for(["DE", text], GAZETTEER)
    assert caught.value.parameter == "region"
    assert str(caught.value).startswith(message)


claims = st.builds(
    Claim,
    st.sampled_from([None, "UA", "RU", "DE", "QQ"]),
    st.sampled_from([(), ("43",), ("30",), ("CR",)]),
    st.just(()),
    st.sampled_from([None, "tor", "vpn", "proxy", "hosting", "relay"]),
)
statements = st.builds(Said, st.sampled_from(["header", "database"]), st.just("x"), st.none() | claims)


@settings(deadline=None)
@given(st.lists(statements, max_size=5), st.booleans())
def test_location_and_trace_tell_one_story(said, unite):
    """The location is exactly what the believed reports make, and its source names exactly them."""
    location = conclude(said, GAZETTEER, unite=unite)
    reports = judge(said, GAZETTEER, unite=unite)
    believed = [report for report in reports if report.believed]
    assert [report.claim for report in reports] == [statement.claim for statement in said]
    assert all(report.reason for report in reports)
    networks = {report.network for report in reports} - {None}
    if networks and "relay" not in networks:
        assert location.candidates == (WORLD,)
        assert location.network == min(networks, key=["tor", "vpn", "proxy", "hosting"].index)
        assert all(report.network for report in believed)
        assert set(location.source.split("+")) == {report.source for report in believed}
    else:
        assert location.network is None
        named = {code for report in believed for code in report.candidates} - {WORLD}
        assert set(location.candidates) <= named | {WORLD}
        assert (location.candidates == (WORLD,)) == all(report.candidates == (WORLD,) for report in reports)


def test_maxmind_s_files_together():
    """A City and an Anonymous-IP database of MaxMind's: place and network of one visitor."""
    asked = locator(
        [open_database(maxmind(name)) for name in ("GeoIP2-City-Test.mmdb", "GeoIP2-Anonymous-IP-Test.mmdb")]
    )
    assert asked.locate("2.125.160.216", headers()) == Location(("GB-WBK",), source="database")
    assert asked.locate("81.2.69.160", headers()) == Location((WORLD,), "tor", "database")
    assert asked.locate("71.160.223.1", headers()) == Location((WORLD,), "hosting", "database")


def test_an_enterprise_file_names_crimea():
    """MaxMind's Enterprise test file holds an address in UA-43."""
    asked = locator([open_database(maxmind("GeoIP2-Enterprise-Test.mmdb"))])
    assert asked.locate("1.231.232.1", headers()) == Location(("UA-43",), source="database")
