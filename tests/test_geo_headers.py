"""Geo headers of every preset are read as their providers write them, special values included."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.geo.claim import Claim
from notices.geo.headers import geo_claim
from notices.settings import GEO_PRESETS

MAPPING = {"country": "X-Land", "subdivision": "X-Part", "network": "X-Net"}
CRIMEA = Claim("UA", ("43",))


def netlify(value, *, plain=False):
    text = json.dumps(value)
    return text if plain else base64.b64encode(text.encode()).decode()


GEO = {
    "city": "Simferopol",
    "country": {"code": "UA", "name": "Ukraine"},
    "subdivision": {"code": "43", "name": "Krym"},
}
NAMED = Claim("UA", ("43",), ("Krym",))

CASES = [
    pytest.param("cloudflare", {"CF-IPCountry": "UA", "CF-Region-Code": "43"}, CRIMEA, id="cloudflare"),
    pytest.param("cloudflare", {"CF-IPCountry": "ua"}, Claim("UA"), id="lower case, no subdivision"),
    pytest.param("cloudflare", {"CF-IPCountry": "T1"}, Claim(network="tor"), id="cloudflare, Tor"),
    pytest.param("cloudflare", {"CF-IPCountry": "XX"}, None, id="cloudflare, unknown"),
    pytest.param("cloudflare", {"CF-IPCountry": "XX", "CF-Region-Code": "43"}, None, id="a part of nothing"),
    pytest.param("cloudflare", {"CF-Region-Code": "43"}, None, id="a part without a country"),
    pytest.param("cloudflare", {}, None, id="absent"),
    pytest.param(
        "cloudfront",
        {"CloudFront-Viewer-Country": "UA", "CloudFront-Viewer-Country-Region": "43"},
        CRIMEA,
        id="cloudfront",
    ),
    pytest.param("fastly", {"X-Geo-Country": "UA", "X-Geo-Region": "43", "X-Geo-Proxy": "?"}, CRIMEA, id="fastly"),
    pytest.param("fastly", {"X-Geo-Country": "**", "X-Geo-Region": "?"}, None, id="fastly, reserved address"),
    pytest.param(
        "fastly",
        {"X-Geo-Country": "DE", "X-Geo-Region": "NO REGION"},
        Claim("DE"),
        id="fastly, country without regions",
    ),
    pytest.param(
        "fastly",
        {"X-Geo-Country": "DE", "X-Geo-Proxy": "hosting"},
        Claim("DE", network="hosting"),
        id="fastly, hosting",
    ),
    pytest.param(
        "fastly", {"X-Geo-Country": "DE", "X-Geo-Proxy": "tor-exit"}, Claim("DE", network="tor"), id="fastly, Tor"
    ),
    pytest.param(
        "fastly",
        {"X-Geo-Country": "DE", "X-Geo-Proxy": "transparent"},
        Claim("DE"),
        id="fastly, proxy that hides nothing",
    ),
    pytest.param(
        "akamai",
        {"X-Akamai-Edgescape": "georegion=263,country_code=UA,region_code=43,city=SIMFEROPOL,lat=44.95"},
        CRIMEA,
        id="akamai",
    ),
    pytest.param("akamai", {"X-Akamai-Edgescape": "country_code=reserved"}, None, id="akamai, reserved address"),
    pytest.param("akamai", {"X-Akamai-Edgescape": "georegion=1, country_code=EU"}, None, id="akamai, only Europe"),
    pytest.param("akamai", {"X-Akamai-Edgescape": "garbage"}, None, id="akamai, garbage"),
    pytest.param("vercel", {"X-Vercel-IP-Country": "UA", "X-Vercel-IP-Country-Region": "43"}, CRIMEA, id="vercel"),
    pytest.param("netlify", {"X-NF-Geo": netlify(GEO)}, NAMED, id="netlify, base64"),
    pytest.param("netlify", {"X-NF-Geo": netlify(GEO, plain=True)}, NAMED, id="netlify, plain"),
    pytest.param("netlify", {"X-NF-Geo": netlify(GEO).rstrip("=")}, NAMED, id="netlify, base64 without padding"),
    pytest.param("netlify", {"X-Country": "UA"}, Claim("UA"), id="netlify, country only"),
    pytest.param("netlify", {"X-NF-Geo": netlify(GEO), "X-Country": "DE"}, NAMED, id="netlify, never mixed"),
    pytest.param("netlify", {"X-NF-Geo": "!!", "X-Country": "DE"}, Claim("DE"), id="netlify, broken base64"),
    pytest.param("netlify", {"X-NF-Geo": netlify([1]), "X-Country": "DE"}, Claim("DE"), id="netlify, no mapping"),
    pytest.param("netlify", {"X-NF-Geo": netlify({"country": "UA"})}, None, id="netlify, wrong shape"),
    pytest.param("netlify", {"X-NF-Geo": "[" * 4000}, None, id="netlify, deep nesting"),
    pytest.param(
        "google-lb",
        {"X-Client-Region": "UA", "X-Client-Region-Subdivision": "UA43"},
        Claim("UA", ("UA43",)),
        id="google-lb",
    ),
    pytest.param("google-lb", {"X-Client-Region": "", "X-Client-Region-Subdivision": ""}, None, id="google-lb, empty"),
    pytest.param("appengine", {"X-AppEngine-Country": "UA", "X-AppEngine-Region": "43"}, CRIMEA, id="appengine"),
    pytest.param(
        "appengine",
        {"X-AppEngine-Country": "US", "X-AppEngine-Region": "ca"},
        Claim("US", ("ca",)),
        id="appengine, lower",
    ),
    pytest.param("appengine", {"X-AppEngine-Country": "ZZ"}, None, id="appengine, unknown"),
    pytest.param(MAPPING, {"X-Land": "UA", "X-Part": "UA-43"}, Claim("UA", ("UA-43",)), id="mapping"),
    pytest.param(
        MAPPING, {"X-Land": "UA", "X-Part": "Crimea"}, Claim("UA", ("Crimea",), ("Crimea",)), id="mapping, name"
    ),
    pytest.param(
        MAPPING,
        {"X-Land": "UA", "X-Part": "Zaporiz’ka Oblast’"},
        Claim("UA", (), ("Zaporiz’ka Oblast’",)),
        id="mapping, name with apostrophes",
    ),
    pytest.param(MAPPING, {"X-Land": "DE", "X-Net": "VPN"}, Claim("DE", network="vpn"), id="mapping, network"),
    pytest.param(MAPPING, {"X-Net": "tor"}, Claim(network="tor"), id="mapping, network alone"),
    pytest.param(MAPPING, {"X-Land": "DE", "X-Net": "relay"}, Claim("DE", network="relay"), id="mapping, relay"),
    pytest.param(MAPPING, {"X-Land": "DE", "X-Net": "residential"}, Claim("DE"), id="mapping, other network"),
    pytest.param(
        {"country": "X-Land"}, {"X-Land": "UA", "X-Part": "43"}, Claim("UA"), id="mapping of the country alone"
    ),
]


@pytest.mark.parametrize(("form", "headers", "expected"), CASES)
def test_what_providers_send(form, headers, expected):
    """Each provider's headers become the claim that they make."""
    assert geo_claim(form, headers.get) == expected


SPECIAL = [
    ("XX", None), ("ZZ", None), ("??", None), ("?", None), ("**", None), ("-", None), ("", None), ("  ", None),
    ("EU", None), ("AP", None), ("A2", None), ("O1", None), ("reserved", None), ("unknown", None),
    ("T1", Claim(network="tor")), ("t1", Claim(network="tor")), ("A1", Claim(network="proxy")),
    ("UA", Claim("UA")), (" UA ", Claim("UA")),
    ("U", None), ("UKR", None), ("77.88.55.88", None), ("2a02:6b8::1", None), ("UA, RU", None), ("<b>", None),
]  # fmt: skip


COUNTRY_HEADERS = {
    "cloudflare": "CF-IPCountry",
    "cloudfront": "CloudFront-Viewer-Country",
    "fastly": "X-Geo-Country",
    "vercel": "X-Vercel-IP-Country",
    "netlify": "X-Country",
    "google-lb": "X-Client-Region",
    "appengine": "X-AppEngine-Country",
}


@pytest.mark.parametrize(("value", "expected"), SPECIAL, ids=[repr(value) for value, _ in SPECIAL])
@pytest.mark.parametrize("form", COUNTRY_HEADERS)
def test_special_values_mean_the_same_everywhere(form, value, expected):
    """Unknown, satellite, regions of many countries and garbage are no country; Tor and anonymous are networks."""
    assert geo_claim(form, {COUNTRY_HEADERS[form]: value}.get) == expected


@pytest.mark.parametrize(
    "subdivision", ["?", "??", "XX", "ZZ", "", "77.88.55.88", "2a02:6b8::1", "1" * 500, "4 3", "a;b"]
)
def test_a_subdivision_that_says_nothing_leaves_the_country(subdivision):
    """A useless second header does not spoil the first, and no address gets into a claim."""
    headers = {"CF-IPCountry": "UA", "CF-Region-Code": subdivision}
    assert geo_claim("cloudflare", headers.get) == Claim("UA")


def test_every_preset_of_the_settings_is_known():
    """No preset that a site may set fails on a request without headers."""
    assert [geo_claim(preset, lambda _: None) for preset in GEO_PRESETS] == [None] * len(GEO_PRESETS)


@settings(deadline=None)
@given(st.sampled_from([*GEO_PRESETS, "mapping"]), st.text(max_size=80))
def test_any_text_is_survived_and_keeps_no_address(form, text):
    """Whatever a header holds, nothing is raised, and what is taken over has the form of a code or name."""
    claim = geo_claim(MAPPING if form == "mapping" else form, lambda _: text)
    if claim is not None:
        for part in (claim.country or "", *claim.codes, *claim.names):
            assert ":" not in part
            assert not any(character.isdigit() for character in part) or "." not in part


def test_overlong_values_are_dropped():
    """A value of several kilobytes is no geo header's and is not parsed."""
    padded = netlify({**GEO, "padding": "x" * 5000})
    assert geo_claim("netlify", {"X-NF-Geo": padded}.get) is None
