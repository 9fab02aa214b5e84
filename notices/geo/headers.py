"""Geo headers: what a content-delivery network or load balancer in front of the site says about the visitor."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .claim import Claim, Network, make_claim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Header = Callable[[str], str | None]

#: Longer values are no geo header's.
LONGEST = 4096
#: What comes after the hyphen of an ISO 3166-2 code is no longer.
LONGEST_CODE = 3
_COUNTRY = re.compile(r"[A-Za-z]{2}|[A-Za-z][0-9]|\?\??|\*\*|-|[A-Za-z]{4,8}")
_CODE = re.compile(r"[A-Za-z0-9]{1,6}|[A-Za-z]{2}[-_][A-Za-z0-9]{1,4}")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,()'’ʼ-]){1,79}")

#: What sources call a network -> what it is here. Fastly's ``client.geo.proxy_type`` and ``proxy_description`` are
#: among them; its ``transparent``, ``corporate`` and ``edu`` proxies stand where their users are and hide nothing.
_NETWORKS: Mapping[str, Network] = {
    "tor": "tor", "tor-exit": "tor", "tor-relay": "tor", "tor_exit_node": "tor",
    "vpn": "vpn", "anonymous-vpn": "vpn", "anonymous_vpn": "vpn",
    "proxy": "proxy", "anonymous": "proxy", "public": "proxy", "public-proxy": "proxy", "public_proxy": "proxy",
    "residential-proxy": "proxy", "residential_proxy": "proxy", "dns": "proxy", "1": "proxy", "true": "proxy",
    "yes": "proxy",
    "hosting": "hosting", "cloud": "hosting", "datacenter": "hosting", "hosting-provider": "hosting",
    "relay": "relay", "private-relay": "relay", "icloud-private-relay": "relay",
}  # fmt: skip


class Names(Struct, frozen=True):
    """Which headers hold the country, the subdivision and the kind of network."""

    country: str
    subdivision: str | None = None
    network: str | None = None


#: The presets that are plain headers. Fastly's and Google's names are chosen by the site in its own configuration;
#: these are the ones to choose: ``set req.http.X-Geo-Country = client.geo.country_code;`` (and so on) in VCL, and
#: ``X-Client-Region:{client_region}``, ``X-Client-Region-Subdivision:{client_region_subdivision}`` at Google's.
PRESETS: Mapping[str, Names] = {
    "cloudflare": Names("CF-IPCountry", "CF-Region-Code"),
    "cloudfront": Names("CloudFront-Viewer-Country", "CloudFront-Viewer-Country-Region"),
    "fastly": Names("X-Geo-Country", "X-Geo-Region", "X-Geo-Proxy"),
    "vercel": Names("X-Vercel-IP-Country", "X-Vercel-IP-Country-Region"),
    "google-lb": Names("X-Client-Region", "X-Client-Region-Subdivision"),
    "appengine": Names("X-AppEngine-Country", "X-AppEngine-Region"),
}
AKAMAI = "X-Akamai-Edgescape"
NETLIFY, NETLIFY_COUNTRY = "X-NF-Geo", "X-Country"


def geo_claim(form: str | Mapping[str, str], header: Header) -> Claim | None:
    """What the geo headers of one request say, or None where they say nothing.

    *form* is a preset's name or a mapping of ``country``, ``subdivision`` and ``network`` to header names; *header*
    gives a header's value by name. A value that is malformed says nothing.
    """
    if form == "akamai":
        return _edgescape(_value(header, AKAMAI))
    if form == "netlify":
        return _netlify(_value(header, NETLIFY)) or _claim(_value(header, NETLIFY_COUNTRY))
    names = PRESETS[form] if isinstance(form, str) else Names(**form)
    subdivision = _value(header, names.subdivision) if names.subdivision else ""
    network = _value(header, names.network) if names.network else ""
    return _claim(_value(header, names.country), subdivision, network=network)


def _value(header: Header, name: str) -> str:
    value = (header(name) or "").strip()
    return value if len(value) <= LONGEST else ""


def _claim(country: str, subdivision: str = "", *, name: str = "", network: str = "") -> Claim | None:
    """The claim of these texts; what has the form of neither code nor name is left out, so that no address gets in."""
    if not _COUNTRY.fullmatch(country):
        country = ""
    codes = (subdivision,) if _CODE.fullmatch(subdivision) else ()
    spelt = name or (subdivision if len(subdivision) > LONGEST_CODE else "")
    names = (spelt,) if _NAME.fullmatch(spelt) else ()
    return make_claim(country, codes, names, _NETWORKS.get(network.lower()))


def _edgescape(value: str) -> Claim | None:
    """Akamai's list ``georegion=263,country_code=UA,region_code=43,...``; the first of two same keys counts."""
    fields: dict[str, str] = {}
    for part in value.split(","):
        key, _, text = part.partition("=")
        fields.setdefault(key.strip().lower(), text.strip())
    return _claim(fields.get("country_code", ""), fields.get("region_code", ""))


def _netlify(value: str) -> Claim | None:
    """Netlify's JSON, in base64 or plain: ``{"country": {"code": ...}, "subdivision": {"code": ..., "name": ...}}``."""
    try:
        text = (
            value
            if value.startswith("{")
            else base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode()
        )
        geo = json.loads(text)
    except (binascii.Error, ValueError, RecursionError):
        return None
    country, subdivision = _part(geo, "country"), _part(geo, "subdivision")
    return _claim(_text(country, "code"), _text(subdivision, "code"), name=_text(subdivision, "name"))


def _part(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _text(value: Any, key: str) -> str:
    text = _part(value, key)
    return text.strip() if isinstance(text, str) else ""
