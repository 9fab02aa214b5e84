"""What the middleware knows of page and visitor: stated facts, host and path, and the address behind proxies."""

from __future__ import annotations

import logging

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix

from notices.decision import Decision
from notices.wsgi import NoticesMiddleware
from notices.wsgi.visit import Visit
from tests.sites import GERMAN, PAGE, RULES, RUSSIAN, App, ask, checked, counts, request, rule, service, wrapped

HTML = [("Content-Type", "text/html; charset=utf-8")]
#: A rule for one fact alone.
TAGGED = RULES.replace("{except: {tags: [harmless]}}", "{tags: [war]}")


def test_a_visit_that_is_printed_tells_no_address():
    """A traceback with what it held, as error reporters keep them, holds no reader's address."""
    assert repr(Visit.of({"REMOTE_ADDR": "192.0.2.77"})) == "Visit()"


@pytest.mark.parametrize(
    ("app", "shown"),
    [
        pytest.param(App(), False, id="nothing stated"),
        pytest.param(App(facts={"tags": ["war"]}), True, id="environ"),
        pytest.param(App(facts={"tags": "war"}), True, id="one tag as a text"),
        pytest.param(App(headers=[("Notices-Page", "tags=war")]), True, id="header, a token"),
        pytest.param(App(headers=[("notices-page", 'tags=("war" peace)')]), True, id="header, a list"),
        pytest.param(
            App(facts={"tags": ["war"]}, headers=[("Notices-Page", "tags=peace")]), False, id="the header is later"
        ),
        pytest.param(
            App(facts={"tags": ["war"]}, headers=[("Notices-Page", "surface=home")]), True, id="both together"
        ),
    ],
)
def test_facts_reach_the_rules(tmp_path, app, shown):
    """A rule for a tag shows on pages that state it, in any of the ways."""
    answer = checked(wrapped(tmp_path, app, TAGGED))
    assert (b"<aside" in answer.body) is shown
    assert answer["Notices-Page"] is None


def test_facts_count_until_the_response_starts(tmp_path):
    """Also those that an app states after its start_response, before its first bytes."""

    def app(environ, start_response):
        start_response("200 OK", HTML)
        environ["notices.page"] = {"tags": ["war"]}
        return [PAGE]

    assert b"<aside" in checked(wrapped(tmp_path, app, TAGGED)).body


@pytest.mark.parametrize("assign", [True, False], ids=["assigned", "updated"])
def test_late_facts_are_logged(tmp_path, caplog, assign):
    """They change nothing, and somebody must hear of that; once."""

    def app(environ, start_response):
        start_response("200 OK", HTML)
        environ["notices.page"] = {}

        def body():
            yield PAGE
            if assign:
                environ["notices.page"] = {"tags": ["war"]}
            else:
                environ["notices.page"].update(tags=["war"])
                environ["notices.page"].setdefault("skip", True)
                environ["notices.page"]["surface"] = "home"

        return body()

    middleware = wrapped(tmp_path, app)
    with caplog.at_level(logging.ERROR, "notices"):
        checked(middleware)
        checked(middleware)
    assert [record.message for record in caplog.records] == [
        (
            "notices: late-facts failed, the page was served: "
            "a page states facts after its response has started; they are ignored"
        )
    ]
    assert counts(middleware, "notices_failures")["late-facts"] >= 2


@pytest.mark.parametrize(
    ("app", "cause"),
    [
        pytest.param(
            App(headers=[("Notices-Page", "tags=(")]),
            "all of Notices-Page, which is no RFC 9651 dictionary such as 'surface=article, tags=(war)'",
            id="malformed header",
        ),
        pytest.param(
            App(facts={"surface": "frontpage"}),
            "surface: it takes one of article, home, section, search, form, comments",
            id="no surface",
        ),
        pytest.param(App(facts={"publisher": "secret-name"}), "publisher not declared", id="undeclared publisher"),
        pytest.param(
            App(facts={"language": "Secretish"}), "language: it takes a BCP 47 tag such as ru or pt-BR", id="no tag"
        ),
        pytest.param(
            App(facts={"published": "secret"}),
            "published: it takes a date or an instant such as 2026-11-22T12:00:00Z",
            id="no date",
        ),
        pytest.param(
            App(facts={"secret": 1}),
            "one of a name that is none; they are tags, section, mentions, publisher, surface, language, published, "
            "skip",
            id="unknown fact",
        ),
        pytest.param(App(facts=["secret"]), "all of environ['notices.page'], which is no mapping", id="no mapping"),
    ],
)
def test_facts_of_no_use_are_dropped_and_counted(tmp_path, caplog, app, cause):
    """The page is served by the rest; the log names the fact and what it takes, never what it was."""
    middleware = wrapped(tmp_path, app)
    with caplog.at_level(logging.ERROR, "notices"):
        assert b"<aside" in checked(middleware).body
    assert counts(middleware, "notices_failures") == {"page-facts": 1}
    assert [record.message.partition("is dropped: ")[2] for record in caplog.records] == [cause]
    assert "secret" not in caplog.text.lower()


def test_the_publisher_is_the_stated_one_else_the_hosts(tmp_path):
    """One that is not declared counts as not stated."""
    rules = RULES.replace("{except: {tags: [harmless]}}", "{publishers: [herald]}")
    stated = App(facts={"publisher": "herald"})
    assert b"<aside" in checked(wrapped(tmp_path, stated, rules)).body
    assert b"<aside" not in checked(wrapped(tmp_path, App(), rules)).body
    assert b"<aside" in checked(wrapped(tmp_path, App(), rules), host="herald.example").body
    undeclared = App(facts={"publisher": "nobody"})
    assert b"<aside" in checked(wrapped(tmp_path, undeclared, rules), host="herald.example").body


@pytest.mark.parametrize(
    ("pages", "environ", "shown"),
    [
        pytest.param("{hosts: [courier.example]}", {"HTTP_HOST": "Courier.Example:8080"}, True, id="case and port"),
        pytest.param("{hosts: [courier.example]}", {"HTTP_HOST": "courier.example."}, True, id="final dot"),
        pytest.param(
            "{hosts: [courier.example]}", {"HTTP_HOST": "evil.example/courier.example"}, False, id="no host at all"
        ),
        pytest.param(
            "{hosts: [xn--e1afmkfd.example]}",
            {"HTTP_HOST": "пример.example".encode().decode("latin-1")},
            True,
            id="A-labels",
        ),
        pytest.param(
            "{hosts: [courier.example]}",
            {"HTTP_X_FORWARDED_HOST": "courier.example", "HTTP_HOST": "a.example"},
            False,
            id="X-Forwarded-Host is not believed",
        ),
        pytest.param("{hosts: [localhost]}", {"HTTP_HOST": "", "SERVER_NAME": "localhost"}, True, id="HTTP/1.0"),
        pytest.param("{paths: ['/news/**']}", {"PATH_INFO": "/news/1"}, True, id="path"),
        pytest.param("{paths: ['/news/**']}", {"SCRIPT_NAME": "/news", "PATH_INFO": "/1"}, True, id="mount point"),
        pytest.param(
            "{paths: ['/новости/**']}", {"PATH_INFO": "/новости/1".encode().decode("latin-1")}, True, id="UTF-8"
        ),
        pytest.param("{signals: {sec-gpc: true}}", {"HTTP_SEC_GPC": "1"}, True, id="signal"),
        pytest.param("{signals: {sec-gpc: true}}", {"HTTP_SEC_GPC": "0"}, False, id="no signal"),
        pytest.param("{languages: [ru]}", {}, False, id="language not stated"),
    ],
)
def test_host_path_and_signals_come_from_the_request(tmp_path, pages, environ, shown):
    """In the form that rules are written in."""
    rules = RULES.replace("{except: {tags: [harmless]}}", pages)
    assert (b"<aside" in ask(wrapped(tmp_path, App(), rules), {**request(), **environ}).body) is shown


def test_the_language_fact_is_stated_or_the_heads(tmp_path):
    """Content-Language states it; a tag in the stream does not."""
    rules = RULES.replace("{except: {tags: [harmless]}}", "{languages: [ru]}")
    page = PAGE.replace(b"<html>", b"<html lang=ru>")
    assert b"<aside" in checked(wrapped(tmp_path, App(headers=[("Content-Language", "ru-RU")]), rules)).body
    assert b"<aside" in checked(wrapped(tmp_path, App(facts={"language": "ru"}), rules)).body
    assert b"<aside" not in checked(wrapped(tmp_path, App([page]), rules)).body


@pytest.mark.parametrize("inside", [True, False], ids=["ProxyFix around us", "ProxyFix in the app"])
@pytest.mark.parametrize(
    ("peer", "forwarded", "shown"),
    [
        pytest.param("127.0.0.1", RUSSIAN, True, id="a trusted proxy names a Russian address"),
        pytest.param("127.0.0.1", GERMAN, False, id="a trusted proxy names a German address"),
        pytest.param(RUSSIAN, GERMAN, True, id="an untrusted peer is not believed"),
        pytest.param("127.0.0.1", "not an address", False, id="one that does not parse is unknown"),
    ],
)
def test_the_order_of_wrapping_does_not_change_the_visitor(tmp_path, inside, peer, forwarded, shown):
    """Where ProxyFix has replaced the peer, its record of the original is read."""
    made = service(tmp_path, geo_header=None)
    app = App()
    proxied = ProxyFix(NoticesMiddleware(app, made)) if inside else NoticesMiddleware(ProxyFix(app), made)
    answer = ask(proxied, peer=peer, region=None, x_forwarded_for=forwarded)
    assert (b"<aside" in answer.body) is shown
    assert app.environ["REMOTE_ADDR"] == forwarded


def test_what_the_server_did_not_say_is_not_learnt_from_a_proxy():
    """A server without a peer or a host leaves both unknown, whatever ProxyFix has put in their place."""
    seen = []
    app = ProxyFix(lambda environ, start: seen.append(Visit.of(environ)) or [], x_host=1)
    environ = request(x_forwarded_for=RUSSIAN, x_forwarded_host="courier.example")
    del environ["REMOTE_ADDR"], environ["HTTP_HOST"]
    app({**environ, "SERVER_NAME": "inner.example"}, lambda *_: None)
    assert (seen[0].peer, seen[0].host) == ("", "inner.example")


@pytest.mark.parametrize("inside", [True, False], ids=["ProxyFix around us", "ProxyFix in the app"])
@pytest.mark.parametrize("mount", ["", "/mounted"])
def test_the_order_of_wrapping_does_not_change_the_page(tmp_path, inside, mount):
    """Host and path too are those that the server gave, with what was mounted below."""
    rules = RULES.replace("{except: {tags: [harmless]}}", f"{{hosts: [inner.example], paths: ['{mount}/news/*']}}")
    made = service(tmp_path, rules)

    def mounted(app):
        def at_mount(environ, start_response):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + mount
            return app(environ, start_response)

        return at_mount

    def fixed(app):
        return ProxyFix(app, x_host=1, x_prefix=1)

    app = fixed(mounted(NoticesMiddleware(App(), made))) if inside else mounted(NoticesMiddleware(fixed(App()), made))
    answer = ask(app, host="inner.example", x_forwarded_host="outer.example", x_forwarded_prefix="/prefix")
    assert b"<aside" in answer.body


def test_the_decision_is_there_before_and_after(tmp_path):
    """Before the response by what is stated so far; then the one that the response is made by."""
    seen = []

    def app(environ, start_response):
        seen.append(environ["notices.current"]())
        environ["notices.page"] = {"tags": ["war"]}
        seen.append(environ["notices.current"]())
        assert "notices.decision" not in environ
        start_response("200 OK", HTML)

        def body():
            seen.append(environ["notices.decision"])
            seen.append(environ["notices.current"]())
            yield PAGE

        return body()

    answer = checked(wrapped(tmp_path, app, TAGGED))
    assert [decision.action for decision in seen] == ["none", "notice", "notice", "notice"]
    assert all(isinstance(decision, Decision) for decision in seen)
    assert seen[2] is seen[3]
    assert seen[2].as_dict()["variant"] == answer["Notices-Variant"]
    assert seen[2].as_dict()["location"]["candidates"] == ["RU"]


def test_one_snapshot_for_the_whole_request(tmp_path):
    """Rules that change while the app works do not change this answer."""
    made = service(tmp_path)
    middleware = NoticesMiddleware(App(), made)

    def app(environ, start_response):
        (tmp_path / "rules" / "site.yaml").write_text(RULES.replace("an offence", "a crime"), "utf-8")
        made.look()
        made.look()
        start_response("200 OK", HTML)
        return [PAGE]

    middleware.app = app
    assert b"an offence" in ask(middleware).body
    middleware.app = App()
    assert b"a crime" in ask(middleware).body


def test_a_rule_of_another_region_by_subdivision(tmp_path):
    """Country and subdivision reach the rules together."""
    rules = RULES + rule("sevastopol", where="[UA-40]")
    assert b"Text of sevastopol." in checked(wrapped(tmp_path, App(), rules), region="UA-40").body
    assert b"Text of sevastopol." not in checked(wrapped(tmp_path, App(), rules), region="UA-30").body
