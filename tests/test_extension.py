"""A Flask site gets its notices by one line, states what its pages are, and is told at the start what cannot work."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
from flask import Blueprint, Flask, Response, render_template_string, stream_with_context
from werkzeug.middleware.proxy_fix import ProxyFix

import notices
from notices import Notices, current, describe_page
from notices.errors import RulesetError, SettingsError
from notices.extension import service_of
from notices.service import Service
from tests.endpoint import GERMAN, MARKED, OTHER_TEXT, RULES, RUSSIAN, write_rules

PAGE = "<!doctype html><html lang=en><head><title>t</title></head><body><article>Text</article></body></html>"
HTML = {"Accept": "text/html"}
CONFIG = {"NOTICES_STATE": None, "NOTICES_RELOAD": "off"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in ("NOTICES_RULES", "NOTICES_STATE", "NOTICES_MODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state-home"))


@pytest.fixture
def folder(tmp_path):
    return write_rules(tmp_path / "rules")


@pytest.fixture
def make_app(folder):
    """Make a site with one page, ``/news``, and its notices."""

    def make(init=True, **config):
        app = Flask(__name__)
        app.testing = True
        app.config.update({**CONFIG, "NOTICES_RULES": folder, **{f"NOTICES_{key}": config[key] for key in config}})
        app.add_url_rule("/news", "news", lambda: PAGE)
        if init:
            Notices(app)
        return app

    return make


def get(app, path="/news", peer=RUSSIAN, **headers):
    return app.test_client().get(path, headers={**HTML, **headers}, environ_overrides={"REMOTE_ADDR": peer})


def test_one_line_shows_the_notices(make_app):
    """Readers in Russia get the warning after the article, readers in Germany the page as it was."""
    app = make_app()
    warned, plain = get(app), get(app, peer=GERMAN)
    assert MARKED in warned.text
    assert warned.text.index("</article>") < warned.text.index("<aside") < warned.text.index("</body>")
    assert plain.text == PAGE


def test_a_factory_gives_the_app_later(make_app):
    """``Notices()`` now and ``init_app`` later is the same, and one object serves many apps without keeping any."""
    extension = Notices()
    one, two = make_app(init=False), make_app(init=False)
    extension.init_app(one)
    extension.init_app(two)
    assert one.extensions["notices"] is not two.extensions["notices"]
    assert vars(extension) == {}
    assert MARKED in get(one).text
    assert MARKED in get(two).text


def test_the_state_is_in_the_apps_extensions(make_app):
    """What belongs to an app is with the app."""
    app = make_app()
    assert isinstance(app.extensions["notices"], Service)
    assert service_of(app) is app.extensions["notices"]
    with pytest.raises(SettingsError, match=r"Notices\(app\)"):
        service_of(Flask("bare"))


def test_setting_up_twice_is_an_error(make_app):
    """Two lines that do the same are a mistake, told at the start; the app stays wrapped once."""
    app = make_app()
    with pytest.raises(RuntimeError, match="call init_app once"):
        Notices(app)
    assert get(app).text.count("<aside") == get(make_app()).text.count("<aside")


def test_the_endpoint_is_served_under_the_prefix(make_app):
    """The look-up answers beside the site's own pages, and public notices stay the site's."""
    app = make_app()
    app.add_url_rule("/notices/weddings", "weddings", lambda: "A wedding.")
    reply = get(app, "/notices/lookup?region=RU").json
    assert [notice["rule"] for notice in reply["notices"]][:1] == ["ru-warning"]
    assert get(app, "/notices/weddings").text == "A wedding."
    assert get(app, "/notices/births").status_code == 404


@pytest.mark.parametrize("path", ["/notices/lookup", "/notices/key", "/notices/health"])
@pytest.mark.parametrize("how", ["before", "after", "blueprint"])
def test_a_route_on_one_of_our_paths_is_an_error_at_the_start(make_app, path, how):
    """Whenever a site adds it, the clash is told where it is made, with both ways out."""
    app = make_app(init=False)

    def add():
        if how == "blueprint":
            blueprint = Blueprint("own", __name__, url_prefix="/notices")
            blueprint.add_url_rule(path.removeprefix("/notices"), "view", lambda: "")
            app.register_blueprint(blueprint)
        else:
            app.add_url_rule(path, "view", lambda: "")

    def start():
        if how == "before":
            add()
            Notices(app)
        else:
            Notices(app)
            add()

    with pytest.raises(SettingsError, match="NOTICES_URL_PREFIX") as caught:
        start()
    assert repr(path) in str(caught.value)


@pytest.mark.parametrize(
    ("prefix", "path"),
    [
        pytest.param("/notices", "/notices", id="the prefix itself"),
        pytest.param("/notices", "/notices/<name>", id="a pattern that covers it"),
        pytest.param("/notices", "/notices/lookup/more", id="below it"),
        pytest.param("/legal", "/notices/lookup", id="another prefix"),
        pytest.param(None, "/notices/lookup", id="no endpoint"),
    ],
)
def test_other_routes_are_the_sites(make_app, prefix, path):
    """Only the exact paths are taken."""
    app = make_app(URL_PREFIX=prefix)
    app.add_url_rule(path, "own", lambda name="": f"own {name}")
    assert get(app, path.replace("<name>", "weddings")).text.startswith("own")


class TestSettings:
    """Where settings come from."""

    def test_the_environment_fills_what_the_configuration_lacks(self, make_app, monkeypatch, folder, tmp_path):
        """``app.config`` wins, the environment fills in."""
        other = write_rules(tmp_path / "other", OTHER_TEXT)
        monkeypatch.setenv("NOTICES_RULES", str(other))
        monkeypatch.setenv("NOTICES_MODE", "report")
        app = make_app()
        assert service_of(app).settings.rules == folder
        assert service_of(app).settings.mode == "report"
        bare = Flask("bare")
        bare.config.update(CONFIG)
        Notices(bare)
        assert service_of(bare).settings.rules == other

    def test_an_unknown_key_is_an_error(self, make_app):
        """A misspelt setting is told with the nearest one."""
        with pytest.raises(SettingsError, match=r"NOTICES_RELOED .*NOTICES_RELOAD"):
            make_app(RELOED="2s")

    def test_an_unknown_variable_is_a_warning(self, make_app, monkeypatch):
        """The environment may be shared with others, so it only warns."""
        monkeypatch.setenv("NOTICES_RELOED", "2s")
        with pytest.warns(UserWarning, match="NOTICES_RELOAD"):
            make_app()

    def test_missing_rules_are_an_error(self):
        """The one setting that is required is asked for by name."""
        with pytest.raises(SettingsError, match="NOTICES_RULES is not set"):
            Notices(Flask("bare"))

    def test_broken_rules_are_an_error_at_the_start(self, make_app, folder):
        """All that is wrong is told before the first request."""
        write_rules(folder, RULES.replace("kind: courtesy", "kind: curtsy"))
        with pytest.raises(RulesetError, match=r"rules\.yaml:\d+:\d+: error"):
            make_app()

    def test_what_failed_at_the_start_leaves_the_app_as_it_was(self, make_app, folder):
        """After the mistake is put right the same app can be set up."""
        app = make_app(init=False)
        write_rules(folder, "rules: [")
        with pytest.raises(RulesetError):
            Notices(app)
        write_rules(folder)
        Notices(app)
        assert MARKED in get(app).text


class TestDescribePage:
    """What a site states of its pages."""

    @pytest.fixture
    def app(self, make_app):
        return make_app()

    def shown(self, app, peer=GERMAN):
        return get(app, "/page", peer).text != PAGE

    @pytest.mark.parametrize(
        ("facts", "shown"),
        [
            pytest.param([{"tags": ["gambling"]}], True, id="a tag that a rule asks for"),
            pytest.param([{"tags": ["politics"]}], False, id="another tag"),
            pytest.param([{"tags": ["gambling"], "skip": True}], False, id="left alone"),
            pytest.param([{"tags": ["gambling"]}, {"section": "news"}], True, id="facts add up"),
            pytest.param([{"tags": ["gambling"]}, {"tags": ["politics"]}], False, id="the later word counts"),
            pytest.param([{"tags": ["gambling"], "surface": "no such"}], True, id="a wrong fact is dropped alone"),
        ],
    )
    def test_facts_decide(self, app, facts, shown):
        """A rule for tagged pages shows on those that are stated to be tagged."""

        def view():
            for stated in facts:
                describe_page(**stated)
            return PAGE

        app.add_url_rule("/page", "page", view)
        assert self.shown(app) is shown

    def test_a_mapping_in_the_environ_is_added_to(self, app):
        """What a middleware of the site has stated stays."""
        inner = app.wsgi_app.app

        def outer(environ, start_response):
            environ["notices.page"] = {"tags": ("gambling",)}
            return inner(environ, start_response)

        app.wsgi_app.app = outer

        def view():
            describe_page(section="news")
            return PAGE

        app.add_url_rule("/page", "page", view)
        assert self.shown(app) is True

    def test_facts_may_come_after_the_view(self, app):
        """Until the response starts there is time: an ``after_request`` function may still state facts."""
        app.add_url_rule("/page", "page", lambda: PAGE)

        @app.after_request
        def state(response):
            describe_page(tags=["gambling"])
            return response

        assert self.shown(app) is True

    def test_facts_that_come_too_late_are_logged(self, app, caplog):
        """Once the response streams, its notices are decided; a fact then does nothing and is told."""

        def view():
            def parts():
                yield PAGE[:40]
                describe_page(tags=["gambling"])
                yield PAGE[40:]

            return Response(stream_with_context(parts()), mimetype="text/html")

        app.add_url_rule("/page", "page", view)
        with caplog.at_level(logging.WARNING, "notices"):
            assert self.shown(app) is False
        assert "after its response has started" in caplog.text

    def test_unknown_facts_are_a_mistake_in_the_code(self, app):
        """A misspelt fact is a ``TypeError`` where it is written."""
        with app.test_request_context("/page"), pytest.raises(TypeError):
            describe_page(tag=["gambling"])


class TestCurrent:
    """The decision in the hands of the site's own code."""

    def test_it_is_the_decision_by_what_is_stated_so_far(self, make_app):
        """A JSON view serves the notices itself, by the facts of the page that it speaks of."""
        app = make_app()

        @app.get("/api/page")
        def page():
            before = [notice["rule"] for notice in current().as_dict()["notices"]]
            describe_page(tags=["gambling"])
            return {"before": before, "decision": current().as_dict()}

        reply = get(app, "/api/page", GERMAN).json
        assert reply["before"] == []
        assert [notice["rule"] for notice in reply["decision"]["notices"]] == ["de-tagged"]
        assert reply["decision"]["location"]["candidates"] == ["DE"]
        assert GERMAN not in str(reply)

    def test_after_the_start_it_is_the_responses_decision(self, make_app):
        """A streamed page is told the decision that it is made by."""
        app, seen = make_app(), []

        @app.get("/page")
        def page():
            def parts():
                yield PAGE[:40]
                seen.append(current())
                yield PAGE[40:]

            return Response(stream_with_context(parts()), mimetype="text/html")

        response = get(app, "/page")
        assert MARKED in response.text
        assert [notice.rule for notice in seen[0].notices][:1] == ["ru-warning"]
        assert seen[0].variant == response.headers["Notices-Variant"]

    def test_switched_off_it_shows_nothing_and_breaks_nothing(self, make_app):
        """``MODE=off`` leaves views that ask in order."""
        app = make_app(MODE="off")
        app.add_url_rule("/api/page", "page", lambda: current().as_dict())
        reply = get(app, "/api/page").json
        assert (reply["action"], reply["notices"], reply["variant"]) == ("none", [], "00000000")


class TestTemplates:
    """Where templates say that notices are to stand."""

    TEMPLATE = (
        "<!doctype html><html><body>{{ notices() }}<article>T</article><p>{{ notices('after-article') }}</body></html>"
    )

    def test_markers_are_the_same_for_everybody(self, make_app):
        """A cached view or fragment holds a constant, not somebody's notice."""
        app = make_app()
        with app.test_request_context("/"):
            assert render_template_string(self.TEMPLATE).count("<!--notices") == 2
            assert render_template_string("{{ notices() }}") == "<!--notices-->"
            assert render_template_string("{{ notices('after-article') }}") == "<!--notices:after-article-->"

    def test_a_marker_is_filled_or_left(self, make_app):
        """The notice stands at the marker that names its place, and who gets none gets the marker as it was."""
        app = make_app()
        app.add_url_rule("/page", "page", lambda: render_template_string(self.TEMPLATE))
        warned, plain = get(app, "/page").text, get(app, "/page", GERMAN).text
        assert warned.count("<aside") >= 1
        assert "<!--notices:after-article-->" in plain
        assert "<aside" not in plain

    def test_a_name_of_no_use_is_an_error_in_the_template(self, make_app):
        """What cannot stand in a comment is refused where it is written."""
        with make_app().test_request_context("/"), pytest.raises(ValueError, match="cannot name a marker"):
            render_template_string("{{ notices('--><script>') }}")


def test_the_peer_is_the_servers_whichever_way_the_site_is_wrapped(make_app):
    """``ProxyFix`` inside or outside of the notices gives the same answer."""
    inside = make_app(init=False, TRUSTED_PROXIES=["10.0.0.0/8"])
    inside.wsgi_app = ProxyFix(inside.wsgi_app)
    Notices(inside)
    outside = make_app(TRUSTED_PROXIES=["10.0.0.0/8"])
    outside.wsgi_app = ProxyFix(outside.wsgi_app)
    for app in (inside, outside):
        for path in ("/news", "/notices/lookup"):
            assert MARKED in get(app, path, "10.0.0.1", **{"X-Forwarded-For": RUSSIAN}).text
            assert MARKED not in get(app, path, "10.0.0.1", **{"X-Forwarded-For": GERMAN}).text
            assert MARKED not in get(app, path, GERMAN, **{"X-Forwarded-For": RUSSIAN}).text


class TestShopWindow:
    """What ``import notices`` gives, and what it costs."""

    @pytest.mark.parametrize("name", [name for name in notices.__all__ if name != "__version__"])
    def test_every_name_is_there(self, name):
        """Each name of the front leads to its thing, in a fresh process too."""
        assert getattr(notices, name) is not None
        done = subprocess.run([sys.executable, "-c", f"from notices import {name}"], timeout=60, check=False)
        assert done.returncode == 0

    def test_an_unknown_name_is_an_attribute_error(self):
        """A misspelt import says so."""
        with pytest.raises(AttributeError, match="has no attribute 'Notice'"):
            _ = notices.Notice
        assert set(notices.__all__) <= set(dir(notices))

    @pytest.mark.parametrize(
        "code",
        [
            pytest.param("import notices", id="the package"),
            pytest.param("import notices.inject", id="the scanner"),
            pytest.param("from notices import decide, load_folder", id="the engine"),
            pytest.param("from notices.wsgi import NoticesMiddleware", id="the middleware"),
        ],
    )
    def test_flask_is_not_imported_for_those_who_have_none(self, code):
        """A Django site, the command line and the core pay nothing for Flask."""
        found = subprocess.run(
            [sys.executable, "-c", f"{code}\nimport sys; print('flask' in sys.modules or 'werkzeug' in sys.modules)"],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        assert found.stdout == "False\n"
