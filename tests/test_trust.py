"""Who is trusted says where a visitor is, by the one header that the site named; nobody else changes anything."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notices.settings import GEO_PRESETS
from notices.wsgi import NoticesMiddleware
from tests.databases import write_database
from tests.sites import App, ask, request, rule, service

PROXY, STRANGER, READER = "10.1.1.1", "5.60.1.1", "5.61.1.1"
#: The database puts the stranger into Kyiv and the reader into Bavaria; headers name other countries only.
DATABASE = {
    "5.60.0.0/16": {"country": {"iso_code": "UA"}, "subdivisions": [{"iso_code": "30"}]},
    "5.61.0.0/16": {"country": {"iso_code": "DE"}, "subdivisions": [{"iso_code": "BY"}]},
}
#: The headers that each preset reads, by the providers' own documents.
READ = {
    "cloudflare": ("CF-IPCountry", "CF-Region-Code"),
    "cloudfront": ("CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Region"),
    "fastly": ("X-Geo-Country", "X-Geo-Region", "X-Geo-Proxy"),
    "akamai": ("X-Akamai-Edgescape",),
    "vercel": ("X-Vercel-IP-Country", "X-Vercel-IP-Country-Region"),
    "netlify": ("X-NF-Geo", "X-Country"),
    "google-lb": ("X-Client-Region", "X-Client-Region-Subdivision"),
    "appengine": ("X-AppEngine-Country", "X-AppEngine-Region"),
}
CLAIMING = (
    "X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Forwarded",
    "Forwarded-For", "X-Cluster-Client-IP", "Fastly-Client-IP", "X-Original-Forwarded-For", "Client-IP", "Via",
    "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Notices-Key", "X-GeoIP-Country", "Fly-Region",
)  # fmt: skip
HEADERS = (*CLAIMING, *dict.fromkeys(name for names in READ.values() for name in names))
PLACES = ("RU", "US", "KZ", "FR", "T1", "XX", "A2", "", "ru", "US-CA")
PARTS = ("CA", "TX", "43", "IDF", "30", "BY", "", "XX")
GEO = base64.b64encode(json.dumps({"country": {"code": "US"}, "subdivision": {"code": "TX"}}).encode()).decode()
RULES = """
defaults: {timezone: UTC, language: en}
rules:
""" + "".join(
    rule(f"in-{place.lower()}", where=f"[{place}]", unsure="hide")
    for place in ("UA-30", "DE-BY", "RU", "US-CA", "US-TX", "US", "KZ", "FR-IDF", "FR", "UA-43", "DE-BE")
)

values = st.one_of(
    st.sampled_from((*PLACES, *PARTS, "UA-43", "8.8.8.8", "5.61.9.9, 10.1.1.1", 'for="5.61.9.9"', "for=5.61.9.9")),
    st.sampled_from(("country_code=US,region_code=CA", "region_code=TX, country_code=US", GEO, "RU,US", "US, US")),
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=40),
    st.sampled_from(("x" * 5000, "US" * 3000, ", ".join(["5.61.9.9"] * 500))),
)
#: Headers as a server hands them on: names in any order, doubles joined by a comma.
sent = st.dictionaries(st.sampled_from(HEADERS), st.lists(values, min_size=1, max_size=2).map(",".join), max_size=10)


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """A site for each preset, with a database, behind one trusted network."""
    found = {}
    for preset in (*GEO_PRESETS, "all", "forwarded"):
        folder = tmp_path_factory.mktemp("trust")
        changes = {"all": {"geo_header": "cloudflare", "location": "all"}, "forwarded": {"geo_header": "cloudflare"}}
        changes["forwarded"]["forwarded_header"] = "Forwarded"
        more = {"geo_header": preset, **changes.get(preset, {}), "trusted_proxies": ["10.0.0.0/8"]}
        more["geoip"] = write_database(folder / "city.mmdb", DATABASE)
        found[preset] = NoticesMiddleware(App(), service(folder, RULES, **more))
    return found


def answer(site, peer, headers):
    """What the page shows, and where the endpoint thinks its caller is."""
    named = {name.upper().replace("-", "_"): value for name, value in headers.items()}
    page = ask(site, request(region=None, peer=peer, **named))
    told = json.loads(ask(site, request("/notices/lookup", region=None, peer=peer, **named)).body)
    return page.status, page.body, page["Notices-Variant"], told["location"], told["variant"]


def plainly(preset, headers):
    """Country and subdivision as the preset's headers state them where they are plain; None where they are not.

    Written by the providers' documents, for the values above, and shares nothing with the package.
    """
    stated = [headers.get(name, "").strip() for name in READ[preset]]
    if preset == "akamai":
        fields = dict(part.strip().split("=") for part in stated[0].split(",") if part.count("=") == 1)
        stated = [fields.get("country_code", ""), fields.get("region_code", "")]
    if preset == "netlify":
        stated = ["US", "TX"] if stated[0] == GEO else [stated[1], ""] if not stated[0] else ["?", "?"]
    country, part = stated[0].upper(), stated[1].upper()
    plain = country in ("RU", "US", "KZ", "FR") and (preset != "fastly" or not stated[2])
    known = {("US", "CA"): "US-CA", ("US", "TX"): "US-TX", ("FR", "IDF"): "FR-IDF"}
    if not plain or (part and (country, part) not in known):
        return None
    return known.get((country, part), country)


@settings(deadline=None, max_examples=120)
@given(st.sampled_from([*GEO_PRESETS, "all", "forwarded"]), sent)
@example("cloudflare", {"CF-IPCountry": "RU", "X-Forwarded-For": "5.61.9.9"})
@example("netlify", {"X-NF-Geo": GEO, "Forwarded": "for=5.61.9.9"})
def test_a_stranger_changes_nothing(sites, preset, headers):
    """From a peer that is not trusted no header changes page, variant or location, whatever it holds."""
    assert answer(sites[preset], STRANGER, headers) == answer(sites[preset], STRANGER, {})


@settings(deadline=None, max_examples=160)
@given(st.sampled_from(GEO_PRESETS), sent)
@example("cloudflare", {"CF-IPCountry": "RU", "X-Country": "US", "X-Forwarded-For": READER})
@example("vercel", {"X-Vercel-IP-Country": "US", "X-Vercel-IP-Country-Region": "CA", "CF-Region-Code": "TX"})
@example("akamai", {"X-Akamai-Edgescape": "region_code=TX, country_code=US"})
@example("netlify", {"X-NF-Geo": GEO, "X-Country": "RU"})
def test_a_proxy_is_believed_what_the_preset_names(sites, preset, headers):
    """From a trusted peer only the preset's headers and the one forwarding header count, and they say what they say."""
    kept = {name: value for name, value in headers.items() if name in (*READ[preset], "X-Forwarded-For")}
    found = answer(sites[preset], PROXY, headers)
    assert found == answer(sites[preset], PROXY, kept)
    expected = plainly(preset, headers)
    if expected is not None:
        assert found[3] == {"candidates": [expected], "certainty": found[3]["certainty"], "source": "header"}


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(GEO_PRESETS), st.sampled_from(PLACES), st.sampled_from(PARTS), st.booleans())
@example("cloudflare", "DE", "", True)
@example("cloudflare", "", "CA", True)
@example("cloudflare", "UA", "BY", False)
def test_country_and_subdivision_are_of_one_source(sites, preset, country, part, first):
    """A header's country never meets a database's subdivision, nor the other way round, united or in order."""
    names = READ[preset]
    stated = {names[0]: f"country_code={country},region_code={part}" if preset == "akamai" else country}
    stated |= {names[1]: part} if len(names) > 1 and preset != "netlify" else {}
    site = sites[preset] if first or preset != "cloudflare" else sites["all"]
    found = set(answer(site, PROXY, {**stated, "X-Forwarded-For": READER})[3]["candidates"])
    by_header = set(answer(site, PROXY, stated)[3]["candidates"])
    by_database = set(answer(site, READER, {})[3]["candidates"])
    assert by_database == {"DE-BY"}
    if site is sites["all"]:
        assert found in (by_header | by_database, by_database, {"world"})
    else:
        assert found in (by_header, by_database)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(["10.2.2.2", READER, STRANGER, "unknown", "x", "10.9.9.9"]), max_size=4), st.booleans())
def test_only_the_named_forwarding_header_tells_the_visitor(sites, hops, other):
    """The rightmost hop that is no proxy is the visitor; the header that was not named is not read at all."""
    visitor = next((hop for hop in reversed(hops) if not hop.startswith("10.")), None)
    places = {READER: ["DE-BY"], STRANGER: ["UA-30"]}
    expected = places.get(visitor, ["world"])
    plain, tagged = ", ".join(hops), ", ".join(f"for={hop}" for hop in hops)
    for preset, named in (("cloudflare", "X-Forwarded-For"), ("forwarded", "Forwarded")):
        both = {"X-Forwarded-For": plain, "Forwarded": tagged} if hops else {}
        forged = {"X-Forwarded-For": READER, "Forwarded": f"for={READER}"}
        headers = {**(forged if other else {}), named: both.get(named, "")}
        assert answer(sites[preset], PROXY, headers)[3]["candidates"] == expected
