"""All settings in one frozen value, read from ``app.config``, the environment or keyword arguments."""

from __future__ import annotations

import difflib
import ipaddress
import json
import os
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from .errors import SettingsError
from .expressions import late

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Mode = Literal["on", "report", "off"]
Source = Literal["header", "database"]
StyleMode = Literal["auto", "inline", "link", "none"]
OnFailure = Literal["last-good", "refuse"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PREFIX = "NOTICES_"
GEO_PRESETS = ("cloudflare", "cloudfront", "fastly", "akamai", "vercel", "netlify", "google-lb", "appengine")
_TOKEN = late(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_PERIOD = late(r"(\d+(?:\.\d+)?)(ms|s|m)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the service behaves on one site; the README's table documents each field under its ``NOTICES_`` name.

    ``reload`` is in seconds, None for ``off``; ``geoip`` empty means the embedded database; ``location`` is the order
    of sources and ``unite`` whether all are united; ``cache_vary`` the header of ``CACHE=vary:<header>``.
    """

    rules: Path
    mode: Mode = "on"
    geoip: tuple[Path, ...] = ()
    location: tuple[Source, ...] = ("header", "database")
    unite: bool = False
    geo_header: str | Mapping[str, str] | None = None
    trusted_proxies: tuple[Network | Literal["unix"], ...] = ()
    forwarded_header: Literal["X-Forwarded-For", "Forwarded"] = "X-Forwarded-For"
    url_prefix: str | None = "/notices"
    reload: float | None = 2.0
    state: Path | None = None
    on_failure: OnFailure = "last-good"
    style: StyleMode = "auto"
    cache: Literal["private", "vary", "keep"] = "private"
    cache_vary: str | None = None
    preview: str | None = None
    cors: tuple[str, ...] = ()

    @classmethod
    def from_mapping(cls, config: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Self:
        """Read ``NOTICES_*`` keys from *config*, and from *environ* those that it lacks.

        :raises SettingsError: for an unknown key in *config*, a missing ``NOTICES_RULES`` or a value of no use.
        """
        given = {key: value for key, value in config.items() if key.startswith(PREFIX)}
        for key in given:
            if key not in KEYS:
                raise SettingsError(_unknown(key))
        for key, text in (environ or {}).items():
            if key in KEYS:
                given.setdefault(key, text)
            elif key.startswith(PREFIX):
                warnings.warn(_unknown(key), stacklevel=2)
        return cls._build(given)

    @classmethod
    def from_keywords(cls, environ: Mapping[str, str] | None = None, /, **keywords: Any) -> Self:
        """Read lower-case keyword arguments, the form that WSGI sites use.

        :raises SettingsError: as :meth:`from_mapping`.
        """
        return cls.from_mapping({f"{PREFIX}{name.upper()}": value for name, value in keywords.items()}, environ)

    @classmethod
    def _build(cls, given: Mapping[str, Any]) -> Self:
        if given.get("NOTICES_RULES") in (None, ""):
            raise SettingsError("NOTICES_RULES is not set; point it at a folder of YAML rules")
        values: dict[str, Any] = {} if "NOTICES_STATE" in given else {"state": default_state()}
        for key, value in given.items():
            try:
                values |= KEYS[key](value)
            except (ValueError, TypeError, RuntimeError) as error:
                shown = "not usable" if key == "NOTICES_PREVIEW" else repr(value)
                raise SettingsError(f"{key} is {shown}: {error}") from error
        settings = cls(**values)
        if settings.geo_header is not None and not settings.trusted_proxies:
            raise SettingsError(
                "NOTICES_GEO_HEADER is set without NOTICES_TRUSTED_PROXIES: anyone could send that header; "
                "list the proxies' networks (or 'unix') from which it is to be believed"
            )
        return settings


def default_state() -> Path | None:
    """The folder for the last good rules where the site names none: ``$XDG_STATE_HOME/notices`` or its default.

    None, with a warning, for a user without a home folder, as containers run programs.
    """
    base = os.environ.get("XDG_STATE_HOME")
    try:
        return (Path(base) if base else Path("~/.local/state").expanduser()) / "notices"
    except RuntimeError:
        advice = "this user has no home folder, so the last good rules are not kept; set NOTICES_STATE to a folder"
        warnings.warn(advice, stacklevel=2)
        return None


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key.upper(), KEYS, n=1, cutoff=0.0)
    return f"{key} is no setting of notices; the nearest is {near[0]}"


def _listed(value: Any) -> list[Any]:
    """A list as such, or the parts of a comma-separated text."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, Path):
        return [value]
    return list(value)


def _one_of(field: str, *choices: str) -> Callable[[Any], dict[str, Any]]:
    def parse(value: Any) -> dict[str, Any]:
        if value not in choices:
            near = difflib.get_close_matches(str(value), choices, n=1, cutoff=0.0)[0]
            raise ValueError(f"it must be one of {', '.join(choices)}; the nearest is {near}")
        return {field: value}

    return parse


def _path(value: Any) -> Path:
    path = Path(value)
    if "\0" in str(path):
        raise ValueError("a path holds no NUL character")
    return path


def _rules(value: Any) -> dict[str, Any]:
    return {"rules": _path(value)}


def _geoip(value: Any) -> dict[str, Any]:
    return {"geoip": tuple(_path(item) for item in _listed(value)) if value is not None else ()}


def _location(value: Any) -> dict[str, Any]:
    names = _listed(value)
    if names == ["all"]:
        return {"location": ("header", "database"), "unite": True}
    if not names or len(set(names)) < len(names) or not set(names) <= {"header", "database"}:
        raise ValueError("it must list 'header' and 'database' in the order to ask them, or be 'all'")
    return {"location": tuple(names), "unite": False}


def _geo_header(value: Any) -> dict[str, Any]:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = json.loads(value)
    if value is None or value == "":
        return {"geo_header": None}
    if isinstance(value, str):
        return _one_of("geo_header", *GEO_PRESETS)(value)
    headers = dict(value)
    if "country" not in headers or not set(headers) <= {"country", "subdivision", "network"}:
        raise ValueError("a mapping names the headers 'country' and, where there are any, 'subdivision' and 'network'")
    for name in headers.values():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise ValueError(f"{name!r} is no header name")
    return {"geo_header": headers}


def _trusted_proxies(value: Any) -> dict[str, Any]:
    items = [value] if isinstance(value, Network) else _listed(value or ())
    # As texts: a number would be taken for an address.
    return {"trusted_proxies": tuple("unix" if item == "unix" else _network(str(item)) for item in items)}


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        pass
    try:
        meant = f"write {ipaddress.ip_network(text, strict=False)} for all of that network"
    except ValueError:
        meant = "write such as 10.0.0.0/8, 2001:db8::/32 or unix"
    raise ValueError(f"{text!r} is no network; {meant}")


def _url_prefix(value: Any) -> dict[str, Any]:
    if value is None or value == "":
        return {"url_prefix": None}
    if not isinstance(value, str) or not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", value):
        raise ValueError("it must be a path such as '/notices', without a slash at its end, or None")
    return {"url_prefix": value}


def parse_period(value: str) -> float:
    """Read ``<number>ms``, ``<number>s`` or ``<number>m`` as seconds.

    :raises ValueError: for anything else, and for zero.
    """
    match = _PERIOD.fullmatch(value)
    if match is None or float(match[1]) <= 0:
        raise ValueError("it must be a period such as '500ms', '2s' or '1m', or 'off'")
    return float(match[1]) * _SECONDS[match[2]]


def _reload(value: Any) -> dict[str, Any]:
    return {"reload": None if value == "off" else parse_period(str(value))}


def _state(value: Any) -> dict[str, Any]:
    return {"state": _path(value).expanduser() if value not in (None, "", "none") else None}


def _cache(value: Any) -> dict[str, Any]:
    if isinstance(value, str) and value.startswith("vary:"):
        header = value.removeprefix("vary:").strip()
        if not _TOKEN.fullmatch(header):
            raise ValueError(f"{header!r} is no header name; write for example 'vary:Notices-Key'")
        return {"cache": "vary", "cache_vary": header}
    if value not in ("private", "keep"):
        raise ValueError("it must be 'private', 'keep' or 'vary:' and a header name")
    return {"cache": value}


def _preview(value: Any) -> dict[str, Any]:
    if value in (None, "", "off", False):
        return {"preview": None}
    if not isinstance(value, str) or len(value) < 16:
        raise ValueError("it must be a secret of at least 16 characters")
    return {"preview": value}


def _cors(value: Any) -> dict[str, Any]:
    origins = _listed(value or ())
    for origin in origins:
        if origin != "*" and not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin):
            raise ValueError(f"{origin!r} is no origin; write for example 'https://www.courier.example', or '*'")
    return {"cors": tuple(origins)}


#: Every ``NOTICES_`` key -> its parser, which gives the fields that the key sets.
KEYS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "NOTICES_RULES": _rules,
    "NOTICES_MODE": _one_of("mode", "on", "report", "off"),
    "NOTICES_GEOIP": _geoip,
    "NOTICES_LOCATION": _location,
    "NOTICES_GEO_HEADER": _geo_header,
    "NOTICES_TRUSTED_PROXIES": _trusted_proxies,
    "NOTICES_FORWARDED_HEADER": _one_of("forwarded_header", "X-Forwarded-For", "Forwarded"),
    "NOTICES_URL_PREFIX": _url_prefix,
    "NOTICES_RELOAD": _reload,
    "NOTICES_STATE": _state,
    "NOTICES_ON_FAILURE": _one_of("on_failure", "last-good", "refuse"),
    "NOTICES_STYLE": _one_of("style", "auto", "inline", "link", "none"),
    "NOTICES_CACHE": _cache,
    "NOTICES_PREVIEW": _preview,
    "NOTICES_CORS": _cors,
}
