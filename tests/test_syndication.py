"""A site's feeds, newsletters and previews by its live rules: no failure of ours breaks one, and nobody is located."""

from __future__ import annotations

import json
import subprocess
import sys

import feedparser
import pytest
from flask import Flask, Response

import notices
from notices import Notices, annotate_feed, link_preview, newsletter
from notices.errors import QuestionError
from notices.extension import service_of
from tests.feeds import EN, JSON, LABEL, NOON, RSS, RU, RULES
from tests.small_rules import write_rules

CONFIG = {"NOTICES_STATE": None, "NOTICES_RELOAD": "off"}


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Make a site with the rules of feeds; in its context, so that its functions can be called."""
    monkeypatch.delenv("NOTICES_MODE", raising=False)
    contexts = []

    def make(**config):
        app = Flask(__name__)
        app.config.update({**CONFIG, "NOTICES_RULES": write_rules(tmp_path / "rules", RULES), **config})
        Notices(app)
        service_of(app).now = lambda: NOON
        contexts.append(app.app_context())
        contexts[-1].push()
        return app

    yield make
    for context in reversed(contexts):
        context.pop()


def counted(app, family):
    """The counts of one metric, by label."""
    text = service_of(app).metrics.exposition("")[0].decode()
    lines = [line for line in text.splitlines() if line.startswith(f"{family}_total{{")]
    return {line.split('"')[1]: float(line.split()[-1]) for line in lines}


def test_a_view_serves_its_feed_with_notices(site):
    """Whoever fetches it, from wherever, gets the warning for unknown readers, and nothing else."""
    app = site()
    app.add_url_rule("/feed.xml", "feed", lambda: Response(annotate_feed(RSS).feed, mimetype="application/rss+xml"))
    answers = [
        app.test_client().get("/feed.xml", environ_overrides={"REMOTE_ADDR": peer}).data
        for peer in ("77.88.8.8", "46.4.0.1")
    ]
    assert answers[0] == answers[1]
    found = feedparser.parse(answers[0], sanitize_html=False)
    assert not found.bozo
    assert [entry.summary.endswith("punished.</p>") for entry in found.entries] == [True, True, False]
    assert counted(app, "notices_feeds") == {"changed": 2}


def test_a_region_may_be_known(site):
    """A feed for subscribers of one country is decided for these."""
    site()
    assert annotate_feed(RSS, region=["GB"]).omitted[0].title == "Secret"
    assert annotate_feed(RSS, region="DE").feed == RSS.encode()
    with pytest.raises(QuestionError, match="no ISO 3166 code"):
        annotate_feed(RSS, region=["EN-GLAND"])


def test_the_site_may_state_more_of_an_item(site):
    """Tags, language and publisher as for a page; what is skipped is left alone."""
    site()
    stated = {"1": {"tags": ["advert"], "language": "ru"}, "2": {"skip": True}, "3": None}
    result = annotate_feed(RSS, facts=lambda item: stated[item.id] or {})
    entries = feedparser.parse(result.feed, sanitize_html=False).entries
    assert LABEL in entries[0].summary
    assert RU in entries[0].summary
    assert entries[1].summary == "About it"
    assert [item.id for item in result.noticed] == ["1"]


@pytest.mark.parametrize(
    "facts",
    [
        lambda item: {"publisher": "nobody", "published": "soon", "colour": "red"},
        lambda item: 1 / 0,
        lambda item: "tags",
        lambda item: None,
    ],
    ids=["of no use", "raises", "no mapping", "none"],
)
def test_facts_of_no_use_are_dropped_and_counted(site, facts, caplog):
    """The item keeps the facts that it states itself, and its warning; the log says so once for a feed."""
    app = site()
    result = annotate_feed(RSS, facts=facts)
    assert len(result.noticed) == 2
    assert counted(app, "notices_failures")["page-facts"] >= 3
    assert len({record.message for record in caplog.records}) == len(caplog.records) > 0


def test_a_decision_that_fails_gives_the_safe_default(site, monkeypatch, caplog):
    """The feed passes with what an unknown reader gets on a plain page; no text of the error is logged."""
    app = site()

    def broken(*_):
        raise RuntimeError("77.88.8.8")

    monkeypatch.setattr("notices.syndication.decide", broken)
    result = annotate_feed(RSS)
    assert result.omitted == ()
    assert counted(app, "notices_failures") == {"decision": 3.0}
    assert [record.message for record in caplog.records] == [
        "notices: decision failed, the feed was served: RuntimeError"
    ]


def test_a_failure_of_ours_costs_no_feed(site, monkeypatch, caplog):
    """Whatever breaks while writing, the site's own bytes are served, and the failure is counted."""
    app = site()

    def broken(*_, **__):
        raise RuntimeError("77.88.8.8")

    monkeypatch.setattr("notices.syndication.annotate", broken)
    result = annotate_feed(RSS)
    assert (result.feed, result.reason) == (RSS.encode(), "failed")
    assert counted(app, "notices_feeds") == {"failed": 1.0}
    assert counted(app, "notices_failures") == {"feed": 1.0}
    assert "77.88" not in caplog.text


@pytest.mark.parametrize(
    ("feed", "outcome"),
    [("no feed", "malformed"), (RSS.replace("news/", "x/"), "none"), (JSON, "changed")],
    ids=["malformed", "none", "changed"],
)
def test_what_became_of_feeds_is_counted(site, feed, outcome):
    """One count a feed, by the reason's name."""
    app = site()
    result = annotate_feed(feed)
    annotate_feed(result.feed)
    assert counted(app, "notices_feeds") == (
        {"changed": 1.0, "already-done": 1.0} if outcome == "changed" else {outcome: 2.0}
    )


def test_the_mode_holds_for_feeds(site):
    """``report`` changes no byte and counts, ``off`` does nothing."""
    app = site(NOTICES_MODE="report")
    result = annotate_feed(RSS)
    assert (result.feed, result.noticed, result.omitted) == (RSS.encode(), (), ())
    assert counted(app, "notices_feeds") == {"reported": 1.0}
    off = site(NOTICES_MODE="off")
    assert annotate_feed(RSS).feed == RSS.encode()
    assert counted(off, "notices_feeds") == {}


def test_a_text_is_sent_in_utf_8_whatever_it_declares(site):
    """A template's text has no bytes yet; Flask sends it in UTF-8."""
    site()
    text = RSS.replace("utf-8", "windows-1251").replace("News", "Новости")
    result = annotate_feed(text)
    assert result.reason is None
    assert "Новости" in result.feed.decode()


def test_newsletters_and_previews_of_a_page(site):
    """By the address of the article and the facts that the site states."""
    site()
    url = "https://courier.example/news/1"
    assert "The long text." in newsletter(url, region=["RU"], language="en").text
    assert newsletter(url, region=["DE"]).text == ""
    assert "The long text." in newsletter(url).text
    assert newsletter("https://courier.example/news/secret", region=["GB"]).withheld
    assert link_preview(url, "Own words.").description == f"{EN} Own words."
    assert link_preview(url, "Own words.", limit=40).description == "If you are in Russia, sharing & liking…"
    assert link_preview(url, tags=["advert"]).description == f"{EN} {LABEL}"


@pytest.mark.parametrize(
    ("arguments", "parameter", "message"),
    [
        ({"url": "/news/1"}, "url", "whole http or https address"),
        ({"url": "mailto:a@b.example"}, "url", "whole http or https address"),
        ({"url": "https://courier.example/", "publisher": "nobody"}, "publisher", "'publisher' is of no use: 'nobody'"),
        (
            {"url": "https://courier.example/", "surface": "moon"},
            "surface",
            "of no use: 'moon'; it takes one of article, ",
        ),
        ({"url": "https://courier.example/", "tagz": ["a"]}, "tagz", "'tagz' is no fact of a page; facts are tags, "),
        ({"url": "https://courier.example/", "region": ["XX-1"]}, "region", "'XX-1' is no ISO 3166 code"),
    ],
)
def test_a_mistake_in_a_call_is_told(site, arguments, parameter, message):
    """What the site's own code gets wrong is an error that names the parameter and says what is wrong."""
    site()
    with pytest.raises(QuestionError, match=message) as caught:
        newsletter(**arguments)
    assert caught.value.parameter == parameter


def test_sites_without_feeds_do_not_load_them():
    """Neither feeds nor mail are imported before they are asked for."""
    source = (
        "import sys, notices, json; from notices import Notices, annotate_feed, newsletter, link_preview;"
        "print(json.dumps([name for name in sys.modules if name.startswith('notices.') and"
        " name.split('.')[1] in ('feeds', 'surfaces', 'syndication')]))"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
    assert {"annotate_feed", "newsletter", "link_preview"} <= set(dir(notices))
