"""Settings: every key, from every place, and the clear error for each value of no use."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from notices.errors import SettingsError
from notices.settings import KEYS, Settings, default_state


def settings(**keys) -> Settings:
    return Settings.from_mapping(
        {"NOTICES_RULES": "rules/", **{f"NOTICES_{name}": value for name, value in keys.items()}}
    )


def test_defaults():
    """Only the rules are required; the rest is as the README's table says."""
    assert settings() == Settings(rules=Path("rules/"), state=default_state())


@pytest.mark.parametrize(
    ("name", "value", "fields"),
    [
        pytest.param("MODE", "report", {"mode": "report"}, id="mode"),
        pytest.param("GEOIP", "a.mmdb, b.mmdb", {"geoip": (Path("a.mmdb"), Path("b.mmdb"))}, id="geoip text"),
        pytest.param("GEOIP", Path("a.mmdb"), {"geoip": (Path("a.mmdb"),)}, id="geoip path"),
        pytest.param("GEOIP", None, {"geoip": ()}, id="geoip default"),
        pytest.param("LOCATION", "all", {"unite": True, "location": ("header", "database")}, id="all sources"),
        pytest.param("LOCATION", ["database"], {"location": ("database",), "unite": False}, id="one source"),
        pytest.param(
            "TRUSTED_PROXIES", "10.0.0.0/8, unix", {"trusted_proxies": (ip_network("10.0.0.0/8"), "unix")}, id="proxies"
        ),
        pytest.param("FORWARDED_HEADER", "Forwarded", {"forwarded_header": "Forwarded"}, id="forwarded"),
        pytest.param("URL_PREFIX", None, {"url_prefix": None}, id="no endpoint"),
        pytest.param("URL_PREFIX", "/legal/notices", {"url_prefix": "/legal/notices"}, id="deeper prefix"),
        pytest.param("RELOAD", "500ms", {"reload": 0.5}, id="milliseconds"),
        pytest.param("RELOAD", "1m", {"reload": 60.0}, id="minutes"),
        pytest.param("RELOAD", "off", {"reload": None}, id="no reload"),
        pytest.param("STATE", None, {"state": None}, id="no state"),
        pytest.param("ON_FAILURE", "refuse", {"on_failure": "refuse"}, id="refuse"),
        pytest.param("STYLE", "none", {"style": "none"}, id="style"),
        pytest.param("CACHE", "vary:Notices-Key", {"cache": "vary", "cache_vary": "Notices-Key"}, id="vary"),
        pytest.param("PREVIEW", "0123456789abcdef", {"preview": "0123456789abcdef"}, id="preview"),
        pytest.param("CORS", "https://a.example", {"cors": ("https://a.example",)}, id="cors"),
    ],
)
def test_values(name, value, fields):
    """Each key sets its fields, whether it comes as Python values or as text."""
    made = settings(**{name: value})
    assert {field: getattr(made, field) for field in fields} == fields


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        pytest.param("MODE", "onn", "the nearest is on", id="mode"),
        pytest.param("LOCATION", ["gps"], "'header' and 'database'", id="location"),
        pytest.param("LOCATION", ["header", "header"], "'header' and 'database'", id="location twice"),
        pytest.param("GEO_HEADER", "cloudflair", "the nearest is cloudflare", id="preset"),
        pytest.param("GEO_HEADER", {"subdivision": "X-S"}, "'country'", id="mapping without country"),
        pytest.param("GEO_HEADER", {"country": "X C"}, "no header name", id="header name"),
        pytest.param("TRUSTED_PROXIES", "10.0.0.1/8", "is no network; write 10.0.0.0/8 for all", id="network"),
        pytest.param("TRUSTED_PROXIES", ["10.0.0.0/33"], "is no network; write such as 10.0.0.0/8", id="no network"),
        pytest.param("FORWARDED_HEADER", "X-Real-IP", "X-Forwarded-For, Forwarded", id="forwarded"),
        pytest.param("URL_PREFIX", "notices/", "without a slash at its end", id="prefix"),
        pytest.param("RULES", "ru\0les", "no NUL character", id="a NUL in the rules' path"),
        pytest.param("GEOIP", ["a.mmdb", "b\0.mmdb"], "no NUL character", id="a NUL in a database's path"),
        pytest.param("STATE", Path("~/st\0ate"), "no NUL character", id="a NUL in the state's path"),
        pytest.param("RELOAD", "2", "'500ms', '2s' or '1m'", id="period without unit"),
        pytest.param("RELOAD", "0s", "'500ms', '2s' or '1m'", id="period of zero"),
        pytest.param("CACHE", "vary:", "no header name", id="vary nothing"),
        pytest.param("CACHE", "public", "'private', 'keep'", id="cache"),
        pytest.param("CORS", "example", "no origin", id="origin"),
    ],
)
def test_a_value_of_no_use_is_refused_with_what_to_write(name, value, message):
    """The error names the key, the value and what to write instead."""
    with pytest.raises(SettingsError, match=message) as caught:
        settings(**{name: value})
    assert f"NOTICES_{name} is {value!r}" in str(caught.value)


def test_a_bad_secret_is_not_repeated():
    """An error about the preview secret does not print it into a log."""
    with pytest.raises(SettingsError) as caught:
        settings(PREVIEW="short")
    assert "short" not in str(caught.value).replace("NOTICES_PREVIEW", "")
    assert caught.value.__cause__ is not None
    assert "'short'" not in str(caught.value.__cause__)


def test_rules_are_required():
    """Without rules there is nothing to do, and the error says what to set."""
    with pytest.raises(SettingsError, match="NOTICES_RULES is not set; point it at a folder"):
        Settings.from_mapping({})


def test_an_unknown_key_names_the_nearest():
    """A misspelt key in the site's configuration stops the start."""
    with pytest.raises(SettingsError, match="NOTICES_RELOD is no setting of notices; the nearest is NOTICES_RELOAD"):
        settings(RELOD="1s")


def test_a_key_in_the_wrong_case_names_the_right_one():
    """What was meant is plain, and the error says it."""
    with pytest.raises(SettingsError, match="NOTICES_rules is no setting of notices; the nearest is NOTICES_RULES"):
        Settings.from_mapping({"NOTICES_RULES": "r", "NOTICES_rules": "x"})


def test_an_unknown_key_in_the_environment_only_warns():
    """The environment may hold what another program left there."""
    with pytest.warns(UserWarning, match="NOTICES_RELOD is no setting"):
        made = Settings.from_mapping({"NOTICES_RULES": "r"}, {"NOTICES_RELOD": "1s"})
    assert made.reload == 2.0


def test_the_environment_fills_what_the_site_lacks():
    """What the site's configuration says, stands; the environment adds the rest."""
    made = Settings.from_mapping({"NOTICES_RULES": "site"}, {"NOTICES_RULES": "environment", "NOTICES_MODE": "off"})
    assert (made.rules, made.mode) == (Path("site"), "off")


def test_keywords_are_the_same_names_in_lower_case():
    """WSGI sites write rules=..., mode=...."""
    assert Settings.from_keywords(rules="rules/", mode="off") == settings(MODE="off")


def test_a_geo_header_needs_trusted_proxies():
    """Anyone could send the header: believing it from everyone is an error at start."""
    with pytest.raises(SettingsError, match="NOTICES_GEO_HEADER is set without NOTICES_TRUSTED_PROXIES"):
        settings(GEO_HEADER="cloudflare")
    made = settings(GEO_HEADER='{"country": "X-Country"}', TRUSTED_PROXIES=["unix"])
    assert made.geo_header == {"country": "X-Country"}


def test_other_keys_of_the_site_are_none_of_ours():
    """Flask's own configuration passes by."""
    assert Settings.from_mapping({"NOTICES_RULES": "r", "SECRET_KEY": "x", "DEBUG": True}).mode == "on"


def test_every_setting_has_a_key():
    """No field can only be set from Python."""
    assert len(KEYS) == 15


@pytest.fixture
def homeless(monkeypatch):
    """A user that nobody knows, as containers have them."""

    def nowhere(path):
        if str(path).startswith("~"):
            raise RuntimeError("Could not determine home directory.")
        return path

    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr(Path, "expanduser", nowhere)


def test_a_user_without_a_home_keeps_nothing_and_is_told(homeless):
    """A container's start does not fail for want of a home folder, and says what is missed."""
    with pytest.warns(UserWarning, match="no home folder.*set NOTICES_STATE"):
        made = Settings.from_mapping({"NOTICES_RULES": "r"})
    assert made.state is None


def test_a_user_without_a_home_can_name_a_folder(homeless, tmp_path):
    """With a folder of the site's own, nobody asks for a home."""
    assert settings(STATE=str(tmp_path)).state == tmp_path
    with pytest.raises(SettingsError, match="NOTICES_STATE is '~/kept': Could not determine home"):
        settings(STATE="~/kept")


def test_proxies_are_written_as_texts_or_networks():
    """One network alone is itself, not its addresses; a number is none."""
    network = ip_network("10.0.0.0/8")
    assert settings(TRUSTED_PROXIES=network).trusted_proxies == (network,)
    assert settings(TRUSTED_PROXIES=[network, "unix"]).trusted_proxies == (network, "unix")
    with pytest.raises(SettingsError, match="'5' is no network; write such as"):
        settings(TRUSTED_PROXIES=[5])
