"""The demonstration: its pages, editions, feed and bar, and that it keeps its readers' addresses to itself."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest
from selectolax.lexbor import LexborHTMLParser

from demo import create_app
from demo.newsroom import articles, editions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

ROOT = Path(__file__).parent.parent
ATOM = "{http://www.w3.org/2005/Atom}"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
REPORT = "/news/archive-bill"


def build(**config: Any) -> Flask:
    settings = {"NOTICES_STATE": None, "NOTICES_RELOAD": "off", "NOTICES_RULES": str(ROOT / "rules"), "TESTING": True}
    return create_app(**settings | config)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """The site without the bar, as it would be shipped."""
    return build(DEMO=False).test_client()


@pytest.fixture(scope="module")
def demo() -> FlaskClient:
    """The site with the bar."""
    return build(DEMO=True).test_client()


def parsed(client: FlaskClient, path: str, **options: Any) -> LexborHTMLParser:
    return LexborHTMLParser(client.get(path, **options).get_data(as_text=True))


@pytest.mark.parametrize(
    ("path", "language", "direction", "heading"),
    [
        pytest.param("/", "en", "ltr", "The Example Courier", id="home"),
        pytest.param("/ru/", "ru", "ltr", "Образцовый курьер", id="Russian home"),
        pytest.param("/uk/section/science", "uk", "ltr", "Наука", id="Ukrainian section"),
        pytest.param("/ar/", "ar", "rtl", "ساعي المثال", id="Arabic home"),
        pytest.param(REPORT, "en", "ltr", "Bill would hold newspaper archives to laws that did not exist yet", id="en"),
        pytest.param("/ru/news/nochnoy-poezd", "ru", "ltr", "Ночной поезд возвращается на побережье", id="ru"),
        pytest.param("/uk/news/pekarnia", "uk", "ltr", "Пекарня, що відчиняється о четвертій ранку", id="uk"),
        pytest.param("/ar/news/book-market", "ar", "rtl", "سوق الكتب المستعملة يفتح أبوابه ليلاً", id="ar"),
        pytest.param("/contact", "en", "ltr", "Write to the newsroom", id="form"),
        pytest.param("/ar/contact", "ar", "rtl", "اكتب إلى التحرير", id="Arabic form"),
        pytest.param("/search?q=tide", "en", "ltr", "Search the archive", id="search"),
    ],
)
def test_a_page_is_in_its_language(client, path, language, direction, heading):
    """Every page says its language and direction, in the document and in the header, and has one heading."""
    response = client.get(path)
    page = LexborHTMLParser(response.get_data(as_text=True))
    root = page.css_first("html").attributes
    assert response.status_code == 200
    assert (root["lang"], root["dir"]) == (language, direction)
    assert response.headers["Content-Language"] == language
    assert [node.text() for node in page.css("h1")] == [heading]


def test_each_edition_has_reports_with_enough_to_read():
    """The demonstration is a newspaper: ten reports in four languages, half of them long ones."""
    found = articles()
    assert {article.edition for article in found} == set(editions()) == {"en", "ru", "uk", "ar"}
    assert len(found) >= 6
    assert sum(len(article.words.split()) >= 250 for article in found) >= 5


def test_every_link_on_the_site_leads_somewhere(client):
    """A reader who follows any link from the front page finds a page, never an error."""
    seen, waiting = set(), {"/"}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        with client.get(path) as response:
            body, kind = response.get_data(), response.mimetype
        assert response.status_code == 200, path
        if kind == "text/html":
            page = LexborHTMLParser(body)
            links = {node.attributes["href"] for node in page.css("a[href], link[href]")}
            links |= {node.attributes["src"] for node in page.css("img")}
            targets = {urlsplit(urljoin(f"http://localhost{path}", link)) for link in links}
            waiting |= {parts.path for parts in targets if parts.netloc == "localhost"} - seen
    assert len(seen) > 40


@pytest.mark.parametrize("path", ["/", REPORT, "/ru/", "/ar/news/lighthouse", "/contact", "/search?q=x", "/nowhere"])
@pytest.mark.parametrize("bar", [True, False], ids=["with the bar", "without"])
def test_the_policy_holds_every_page(path, bar):
    """Pages load nothing from elsewhere, and hold no script and no inline style that the policy would stop."""
    client = build(DEMO=bar).test_client()
    response = client.get(path)
    page = LexborHTMLParser(response.get_data(as_text=True))
    assert response.headers["Content-Security-Policy"] == POLICY
    assert not page.css("script, style, [style], iframe, object, embed")
    loaded = [
        node.attributes.get("src") or node.attributes.get("href") for node in page.css("img, link[rel=stylesheet]")
    ]
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)


@pytest.mark.parametrize("prefix", ["", "/ru", "/uk", "/ar"], ids=["en", "ru", "uk", "ar"])
def test_the_feed_is_atom(client, prefix):
    """A feed reader gets RFC 4287: ids that differ, dates, authors, links that lead to the reports."""
    response = client.get(f"{prefix}/feed.xml")
    feed = ET.fromstring(response.data)
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    dates = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert response.mimetype == "application/atom+xml"
    assert feed.findtext(f"{ATOM}updated") == max(dates)
    assert len(set(ids)) == len(ids) >= 2
    for entry in entries:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert "<p>" in entry.findtext(f"{ATOM}content")
        link = urlsplit(entry.find(f"{ATOM}link").attrib["href"])
        assert client.get(link.path).status_code == 200


def test_the_feed_warns_whoever_reads_it(client):
    """Aggregators stand anywhere: each report has the founding rule's short text, after summary and content."""
    feed = ET.fromstring(client.get("/feed.xml", environ_overrides={"REMOTE_ADDR": "46.4.0.1"}).data)
    for entry in feed.findall(f"{ATOM}entry"):
        for name in ("summary", "content"):
            assert entry.findtext(f"{ATOM}{name}").find("If you are in Russia") > 0


@pytest.mark.parametrize(
    ("path", "language", "says"),
    [
        pytest.param("/nowhere", "en", "This page is not here", id="en"),
        pytest.param("/ru/news/nowhere", "ru", "Такой страницы нет", id="ru"),
        pytest.param("/ar/section/nowhere", "ar", "هذه الصفحة غير موجودة", id="ar"),
        pytest.param("/uk/nowhere", "uk", "Такої сторінки немає", id="address of no edition's page"),
    ],
)
def test_a_missing_page_says_so_in_the_readers_edition(client, path, language, says):
    """Who mistypes an address gets a 404 in the language of the edition, in the site's frame."""
    response = client.get(path)
    page = LexborHTMLParser(response.get_data(as_text=True))
    assert response.status_code == 404
    assert page.css_first("html").attributes["lang"] == language
    assert page.css_first("h1").text() == says


def test_a_wrong_method_is_answered_with_those_allowed(client):
    """The frame around an error keeps the headers that HTTP demands of it."""
    response = client.delete("/contact")
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_the_tip_line_keeps_nothing(client):
    """A message is thanked for, not repeated; an empty one is asked for again."""
    full = client.post("/contact", data={"message": "The lower bridge, at night"})
    empty = client.post("/ru/contact", data={"message": "  "})
    assert full.status_code == 200
    assert "lower bridge" not in full.get_data(as_text=True)
    assert empty.status_code == 400
    assert "Сначала напишите сообщение." in empty.get_data(as_text=True)


def test_a_comment_is_thanked_for(client):
    """The comment form works without a script."""
    response = client.post(f"{REPORT}/comments", data={"text": "Well put"})
    assert response.status_code == 200
    assert "Well put" not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(
            "tide ferry", ["Small ports keep their own tide tables, and the ferry lines have noticed"], id="all words"
        ),
        pytest.param("nosuchword", [], id="nothing"),
        pytest.param("", [], id="no query"),
    ],
)
def test_the_search_finds_reports_with_all_words(client, query, found):
    """The search lists what holds every word, and nothing for no words."""
    page = parsed(client, "/search", query_string={"q": query})
    assert [node.text() for node in page.css(".teaser h2 a")] == found


def test_a_query_is_written_as_text(client):
    """What somebody searches for cannot become markup."""
    page = parsed(client, "/search", query_string={"q": '"><script>alert(1)</script>'})
    assert not page.css("script")
    assert page.css_first("input[name=q]").attributes["value"] == '"><script>alert(1)</script>'


def test_the_bar_is_there_in_demo_mode_only(client, demo):
    """A site that is shipped has neither the bar nor its address."""
    assert parsed(demo, "/").css_first(".demo select[name=region]") is not None
    assert parsed(client, "/").css_first(".demo") is None
    assert client.get("/demo/visit?page=/&region=RU").status_code == 404


def visit(demo: FlaskClient, page: str, region: str, language: str = "") -> str:
    response = demo.get("/demo/visit", query_string={"page": page, "region": region, "language": language})
    assert response.status_code == 303
    return str(response.headers["Location"])


def test_the_bar_leads_to_the_page_as_the_chosen_visitor(demo):
    """The bar's link keeps the page, shows the choice, and is kept by the links of the page."""
    address = visit(demo, REPORT, "RU", "uk")
    page = parsed(demo, address)
    assert urlsplit(address).path == REPORT
    assert page.css_first("select[name=region] [selected]").attributes["value"] == "RU"
    assert page.css_first("select[name=language] [selected]").attributes["value"] == "uk"
    assert page.css_first(".sections a").attributes["href"].startswith("/?notices-as=")
    assert visit(demo, REPORT, "") == REPORT


@pytest.mark.parametrize(
    "page",
    [
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "",
        "/static/courier.css",
        "/nowhere",
        "javascript:alert(1)",
    ],
)
def test_the_bar_leads_nowhere_else(demo, page):
    """Nobody can use the bar to send a reader to another site."""
    assert demo.get("/demo/visit", query_string={"page": page, "region": "RU", "language": ""}).status_code == 400


def test_the_bar_offers_no_other_visitors(demo):
    """A region or language that the bar does not offer is refused."""
    assert demo.get("/demo/visit?page=/&region=XX&language=").status_code == 400
    assert demo.get("/demo/visit?page=/&region=RU&language=zz").status_code == 400


def asides(demo: FlaskClient, address: str) -> list[str]:
    return [node.attributes["lang"] for node in parsed(demo, address).css("aside[data-notices-variant]")]


@pytest.mark.parametrize(
    ("region", "shown"),
    [
        pytest.param("RU", ["en", "ru"], id="Russia"),
        pytest.param("UA-43", ["en", "ru"], id="Crimea"),
        pytest.param("UA-14", ["en", "ru"], id="Donetsk region, in part"),
        pytest.param("UA", ["en", "ru"], id="only Ukraine is known"),
        pytest.param("BY", ["en"], id="Belarus, whose warning is another"),
        pytest.param("unknown", ["en", "ru", "en"], id="unknown: both"),
        pytest.param("tor", ["en", "ru", "en"], id="Tor: both"),
        pytest.param("UA-30", [], id="Kyiv"),
        pytest.param("DE", [], id="Germany"),
    ],
)
@pytest.mark.parametrize("path", ["/", REPORT], ids=["home", "article"])
def test_the_founding_notice_is_shown_where_it_holds(demo, path, region, shown):
    """The publisher's warning stands, in the page's language and in Russian, for those whom it may concern."""
    assert asides(demo, visit(demo, path, region)) == shown


def blocks(page: LexborHTMLParser) -> list[str]:
    """The parts of a page's main column, without comments."""
    return [node.tag for node in page.css_first("main").iter() if not node.tag.startswith("-")]


def test_the_notice_follows_the_article(demo):
    """It stands right after the article, before the readers' comments."""
    page = parsed(demo, visit(demo, REPORT, "RU"))
    assert blocks(page) == ["article", "aside", "aside", "section", "section"]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [("/", "div", "section"), ("/contact", "p", "span"), ("/section/science", "div", None)],
    ids=["home", "form", "section"],
)
def test_the_notice_stands_where_the_template_says(demo, path, before, after):
    """At the template's marker; before a form, with the short warning between the two; inside the column."""
    page = parsed(demo, visit(demo, path, "RU"))
    tags = blocks(page)
    first = tags.index("aside")
    assert tags[first : first + 2] == ["aside", "aside"]
    assert tags[first - 1] == before
    assert (tags[first + 2 :] or [None])[0] == after


@pytest.mark.parametrize(
    ("path", "language"),
    [("/ru/news/arkhiv-gazet", ["ru"]), ("/uk/news/pekarnia", ["uk", "ru"]), ("/ar/news/lighthouse", ["ar", "ru"])],
    ids=["ru", "uk", "ar"],
)
def test_the_notice_is_in_the_language_of_the_page(demo, path, language):
    """A reader finds the warning in the language of what they read, then in Russian, and never twice the same."""
    assert asides(demo, visit(demo, path, "RU")) == language


def test_sharing_is_hidden_where_it_is_punished(demo):
    """The share links are out of reach for a reader in Russia, and there for one in Germany."""
    russia = parsed(demo, visit(demo, REPORT, "RU")).css_first("[data-notices-feature=share]")
    germany = parsed(demo, visit(demo, REPORT, "DE")).css_first("[data-notices-feature=share]")
    assert {"hidden", "inert"} <= set(russia.attributes)
    assert not {"hidden", "inert"} & set(germany.attributes)


def test_the_panel_gives_every_rules_reason(demo):
    """Beside the page stands what was decided: place, certainty, variant, and why each rule did or did not act."""
    page = parsed(demo, visit(demo, REPORT, "UA-30"))
    facts = dict(zip((n.text() for n in page.css(".demo dt")), (n.text() for n in page.css(".demo dd")), strict=True))
    rows = {row.css_first("th").text(): [cell.text() for cell in row.css("td")] for row in page.css(".demo tbody tr")}
    assert facts["Location"] == "UA-30, from query"
    assert facts["Certainty"] == "known"
    assert facts["Variant"] == "00000000"
    assert rows["ru-undesirable"][0] == "hidden"
    assert rows["ru-undesirable"][1].startswith("REGION ")


def test_a_forged_link_shows_nothing_else(demo, client):
    """A link that this site did not sign is a plain link; without the bar, every one is."""
    assert asides(demo, f"{REPORT}?notices-as=forged") == asides(demo, REPORT)
    said = parsed(demo, f"{REPORT}?notices-as=forged").css_first(".demo summary").text()
    assert "This link has expired; you see the page as yourself" in said
    assert asides(client, visit(demo, REPORT, "DE")) == asides(client, REPORT) == ["en", "ru", "en"]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(params=["python app.py", "flask run"])
def served(request, tmp_path) -> Iterator[tuple[str, Path]]:
    """The demonstration as people start it, and the file of what it writes."""
    port, log = str(free_port()), tmp_path / "log"
    command = ["app.py"] if request.param == "python app.py" else ["-m", "flask", "--app", "app", "run", "--port", port]
    environment = {**os.environ, "PORT": port, "NOTICES_STATE": str(tmp_path / "state"), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(10)


def answer(address: str) -> bytes:
    for _ in range(100):
        try:
            with urlopen(address, timeout=5) as response:
                return bytes(response.read())
        except ConnectionError:
            time.sleep(0.1)
        except OSError as error:
            if not isinstance(getattr(error, "reason", None), ConnectionError):
                raise
            time.sleep(0.1)
    raise AssertionError("the demonstration does not answer")


def test_nothing_that_is_looked_up_is_logged(served):
    """The demonstration's log holds neither the address of a reader nor one that was asked about."""
    address, log = served
    assert b"ru-undesirable" in answer(f"{address}/notices/lookup?ip=77.88.8.8")
    assert b"The Example Courier" in answer(f"{address}/")
    written = log.read_text("utf-8")
    assert "77.88.8.8" not in written
    assert not re.search(r"127\.0\.0\.1(?!:\d)", written)
