"""Failures planted at every step: the page stays whole, the failure is counted and logged once, without values."""

from __future__ import annotations

import gzip
import logging

import pytest

from notices.http import forms
from notices.http.outcome import Step
from notices.page import Page
from notices.wsgi import current, debugging, deciding, editing, middleware, planning, withholding
from tests.planted import FOR_ALL, LOCATE, PLACES, SECRET, Planted, fail, site, without_notice
from tests.sites import PAGE, RULES, App, ask, checked, counts, request, rule


@pytest.mark.parametrize("cut", [None, 1, 40], ids=["whole", "in bytes", "in pieces"])
@pytest.mark.parametrize("place", PLACES)
def test_the_page_is_whole_and_the_failure_counted(tmp_path, monkeypatch, caplog, place, cut):
    """Never a 500, never a byte lost, whatever breaks; no address and no value in the log."""
    plant, step, shown = PLACES[place]
    page = PAGE.replace(b"<html>", b"<html lang=ru>")
    items = [page] if cut is None else (page[at : at + cut] for at in range(0, len(page), cut))
    made = site(tmp_path, App(items, headers=[("ETag", '"x"')]), FOR_ALL)
    plant(monkeypatch, made)
    with caplog.at_level(logging.INFO, "notices"):
        answer = ask(made)
    assert answer.status == 200
    assert without_notice(answer.body) == page
    if place != "scanner's end" or cut is None:
        assert (b"<aside" in answer.body) is (shown and not (cut is None and place == "scanner's end"))
    assert counts(made, "notices_failures").get(step, 0) >= 1
    assert "Planted" in caplog.text
    assert SECRET not in caplog.text
    assert "192.0.2" not in caplog.text


@pytest.mark.parametrize("place", ["fragment", "scanner", "style", "injector"])
def test_a_page_that_failed_is_never_taken_for_the_one_with_its_notice(tmp_path, monkeypatch, place):
    """Where the head has not gone, it says that nothing is shown and that nobody may keep it."""
    made = site(
        tmp_path,
        App(headers=[("ETag", '"x"'), ("Cache-Control", "public, max-age=60"), ("Content-Length", str(len(PAGE)))]),
        FOR_ALL,
    )
    PLACES[place][0](monkeypatch, made)
    answer = ask(made)
    assert answer.body == PAGE
    assert answer["ETag"] == '"x;n=00000000"'
    assert answer["Notices-Variant"] == "00000000"
    assert answer["Cache-Control"] == "max-age=0, private"
    assert answer["Content-Length"] == str(len(PAGE))
    assert counts(made, "notices_pages") == {"failed": 1}


def test_a_failed_decision_shows_what_the_unknown_are_shown(tmp_path, monkeypatch):
    """The safe default: all notices of an unknown visitor; it withholds nothing, and nobody keeps it."""
    withhold = {"coarse": "show", "contested": "show", "unknown": "show", "anonymous": "show"}
    rules = FOR_ALL + rule("order", kind="withhold", action="withhold", unsure=str(withhold).replace("'", ""))
    made = site(tmp_path, App(headers=[("Cache-Control", "max-age=60")]), rules)
    monkeypatch.setattr(deciding, "decide", fail)
    for region in ("DE", "RU", None):
        answer = ask(made, region=region)
        assert answer.status == 200
        assert answer.body.count(b"<aside") == 1
        assert answer["Cache-Control"] == "max-age=0, private"


def test_a_failed_location_is_an_unknown_one(tmp_path, monkeypatch):
    """What an unknown visitor gets on this very page, kept by nobody."""
    made = site(tmp_path, App(facts={"tags": ["harmless"]}), FOR_ALL)
    monkeypatch.setattr(LOCATE, fail)
    assert ask(made).body == PAGE
    made.app = App(headers=[("Cache-Control", "max-age=60")])
    answer = ask(made)
    assert answer.body.count(b"<aside") == 1
    assert answer["Cache-Control"] == "max-age=0, private"


def test_each_cause_is_logged_once_and_each_failure_counted(tmp_path, monkeypatch, caplog):
    """A broken part must not flood the log, and must be seen in the counts."""
    made = site(tmp_path)
    monkeypatch.setattr(deciding, "decide", fail)
    with caplog.at_level(logging.INFO, "notices"):
        for _ in range(5):
            ask(made)
    assert counts(made, "notices_failures") == {"decision": 5}
    assert len(caplog.records) == 1


def test_a_scanner_that_fails_in_the_middle_loses_nothing(tmp_path, monkeypatch):
    """What it held goes out before what comes next, at every byte at which it may fail."""
    page = PAGE.replace(b"<p>Text.</p>", b"<p data-x='" + b"y" * 30 + b"'>Text.</p>")
    real = planning.Injector.feed
    made = site(tmp_path)
    for limit in range(len(page)):
        calls = []

        def feed(self, chunk, calls=calls, limit=limit):
            calls.append(chunk)
            if len(calls) > limit:
                raise Planted
            return real(self, chunk)

        monkeypatch.setattr(planning.Injector, "feed", feed)
        made.app = App(page[at : at + 1] for at in range(len(page)))
        assert without_notice(ask(made).body) == page


def test_a_packed_page_whose_scanner_fails_is_whole(tmp_path, monkeypatch):
    """The coding goes on though the editor has given up."""
    packed = gzip.compress(PAGE * 50)
    made = site(tmp_path, App([packed[:60], packed[60:]], headers=[("Content-Encoding", "gzip")]))
    monkeypatch.setattr(planning.Injector, "feed", fail)
    assert gzip.decompress(ask(made).body) == PAGE * 50


@pytest.mark.parametrize("part", ["feed", "finish"])
def test_a_recoder_that_fails_passes_the_page(tmp_path, monkeypatch, part):
    """A page in one piece goes out as it came, and says so."""
    packed = gzip.compress(PAGE)
    made = site(tmp_path, App([packed], headers=[("Content-Encoding", "gzip"), ("ETag", '"x"')]))
    monkeypatch.setattr(editing.Recoder, part, fail)
    answer = ask(made)
    assert (answer.body, answer["ETag"]) == (packed, '"x;n=00000000"')
    assert counts(made, "notices_failures") == {"coding": 1}


def test_a_head_that_fails_twice_is_the_apps(tmp_path, monkeypatch):
    """Where not even the head of a failed page can be planned, the app's goes out."""
    made = site(tmp_path, App(headers=[("ETag", '"x"')]))
    real, calls = planning.plan_head, []

    def once(*args):
        calls.append(args)
        return real(*args) if len(calls) == 1 else fail()

    monkeypatch.setattr(forms, "plan_head", once)
    monkeypatch.setattr(planning, "plan_head", once)
    monkeypatch.setattr(planning.Injector, "feed", fail)
    answer = ask(made)
    assert (answer.status, answer.body, answer["ETag"], answer["Cache-Control"]) == (200, PAGE, '"x"', "no-store")


@pytest.mark.parametrize(
    ("place", "settings", "media", "kept"),
    [
        pytest.param("planning", {}, "text/html", "no-store", id="head"),
        pytest.param("middleware", {}, "text/html; charset=utf-8", "no-store", id="request"),
        pytest.param("planning", {}, "image/png", "public, max-age=60", id="no page"),
        pytest.param("planning", {"cache": "keep"}, "text/html", "public, max-age=60", id="the site's own caching"),
        pytest.param("planning", {"mode": "report"}, "text/html", "public, max-age=60", id="report"),
        pytest.param("middleware", {"mode": "report"}, "text/html", "public, max-age=60", id="report, request"),
    ],
)
def test_a_page_that_could_not_be_seen_to_is_kept_by_nobody(tmp_path, monkeypatch, place, settings, media, kept):
    """A page that may lack its notice must not be given to readers after the failure is over."""
    caching = [("Cache-Control", "public, max-age=60"), ("Surrogate-Control", "max-age=60")]
    made = site(tmp_path, App(headers=caching, content_type=media), FOR_ALL, **settings)
    monkeypatch.setattr(*{"planning": (planning, "read_statement"), "middleware": (middleware, "Decider")}[place], fail)
    answer = ask(made)
    assert (answer.status, answer.body, answer["Cache-Control"]) == (200, PAGE, kept)
    assert (answer["Surrogate-Control"] is None) is (kept == "no-store")


def test_asking_for_the_decision_never_costs_a_view(tmp_path, monkeypatch):
    """What an app gets in place of a decision that failed is the safe default."""

    def app(environ, start_response):
        body = str(len(environ["notices.current"]().notices)).encode()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [body]

    made = site(tmp_path, app, FOR_ALL)
    monkeypatch.setattr(current, "read_statement", fail)
    assert ask(made).body == b"1"
    assert counts(made, "notices_failures") == {"page-facts": 1}


def test_what_is_withheld_stays_withheld_when_its_page_fails(tmp_path, monkeypatch):
    """A failure of ours must not give out what a court has ordered to keep."""
    rules = RULES + rule(
        "order",
        kind="withhold",
        action="withhold",
        unsure="{coarse: show, contested: show, unknown: hide, anonymous: hide}",
    )
    made = site(tmp_path, App([b"forbidden"]), rules)
    monkeypatch.setattr(withholding, "withheld_page", fail)
    answer = ask(made)
    assert (answer.status, b"forbidden" in answer.body) == (451, False)
    assert counts(made, "notices_failures") == {"withheld-page": 1}


def test_rules_that_cannot_be_narrowed_still_act(tmp_path, monkeypatch):
    """What a frame or a file needs of the rules may fail alone; then all rules count."""
    made = site(tmp_path)
    monkeypatch.setattr(deciding, "build_index", fail)
    assert ask(made).body.count(b"<aside") == 1
    assert counts(made, "notices_failures") == {}
    rules = RULES + rule(
        "order",
        kind="withhold",
        action="withhold",
        unsure="{coarse: show, contested: show, unknown: hide, anonymous: hide}",
    )
    made = site(tmp_path, App([b"{}"], content_type="application/json"), rules)
    assert ask(made).status == 451
    assert ask(made, region="DE").body == b"{}"
    assert counts(made, "notices_failures")["decision"] >= 1


def test_the_apps_own_errors_are_its_own(tmp_path):
    """What the app raises reaches the server as without us, and is not counted as ours."""

    def broken(environ, start_response):
        raise Planted

    made = site(tmp_path, broken)
    with pytest.raises(Planted):
        ask(made)
    assert counts(made, "notices_failures") == {}


def test_a_debug_header_that_fails_costs_no_preview(tmp_path, monkeypatch):
    """The page comes with its outcome alone."""
    monkeypatch.setattr(debugging, "explain", fail)
    made = site(tmp_path, preview="0123456789abcdef")
    decider = made._prepare(request(), lambda *_: None)._planner.decider
    assert debugging.why(decider, Page(path="/news/1"), planning.Outcome.NONE, made._failures) == "page;outcome=none"
    assert counts(made, "notices_failures") == {"preview": 1}


def test_steps_are_a_fixed_list():
    """The labels of a metric never hold what a client sent."""
    assert {step.value for step in Step} == {
        "request", "location", "decision", "page-facts", "late-facts", "fragment", "head", "scanner", "coding",
        "withheld-page", "preview", "count",
    }  # fmt: skip


def test_validated_on_both_sides_while_failing(tmp_path, monkeypatch):
    """Also a failing middleware keeps to PEP 3333."""
    made = site(tmp_path)
    monkeypatch.setattr(planning.Injector, "feed", fail)
    assert checked(made).body == PAGE
