"""A rehearsed page is the page that a reader would get, and a rehearsal asks nobody but this machine."""

from __future__ import annotations

import http.client
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest

from notices.cli import main
from notices.errors import PageError
from notices.rehearsal import Stage, Visitor, open_origin, serve
from notices.settings import Settings
from tests.databases import write_database
from tests.repository import commit

RULES = """
defaults: {timezone: UTC, language: en, publisher: courier}
publishers:
  courier: {name: {en: The Courier}, hosts: [courier.example]}
rules:
  warning:
    title: Warning
    kind: reader-safety
    status: active
    where: [RU]
    unsure: {unknown: hide}
    when: {from: 2026-01-01}
    show: {at: [after-article], languages: [visitor]}
    text: {en: Sharing may be punished., ru: За репост могут наказать.}
    owner: desk
    review-by: 2027-01-01
  election:
    title: Election
    kind: courtesy
    status: active
    where: [FR]
    pages: {hosts: [courier.example], paths: [/news/**], tags: [vote], surfaces: [article]}
    text: {en: Polls are closed on Sunday.}
    owner: desk
    review-by: 2027-01-01
  court:
    title: A court order
    kind: withhold
    status: active
    where: [DE]
    unsure: hide
    pages: {paths: [/news/secret]}
    owner: desk
    review-by: 2027-01-01
"""
PAGE = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>T</title><link rel=stylesheet href=style.css></head>"
    "<body><article><p>Щ text</p></article><a href=other.html>other</a></body></html>"
).encode()
AT = "2026-06-01"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with rules and pages, which is the present one; nothing of the real environment counts."""
    for name in ("NOTICES_RULES", "NOTICES_STYLE", "NOTICES_MODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NOTICES_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.yaml").write_text(RULES, "utf-8")
    site = tmp_path / "site"
    site.mkdir()
    (site / "page.html").write_bytes(PAGE)
    (site / "other.html").write_bytes(PAGE)
    (site / "style.css").write_text("p { color: red }")
    (site / ".secret").write_text("hidden")
    (tmp_path / "outside.txt").write_text("outside")
    return tmp_path


class _Site(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.server.pages.get(self.path, (404, {"Content-Type": "text/html"}, PAGE))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def running(server):
    """The server at work in a thread."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


@pytest.fixture
def site():
    """A site on this machine: its pages can be set, what it was asked can be read."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    server.asked = []
    server.pages = {
        "/news/1": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE),
        "/news/secret": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE),
        "/style.css": (200, {"Content-Type": "text/css"}, b"p {}"),
        "/old": (302, {"Location": "/news/1"}, b""),
        "/away": (302, {"Location": "http://example.org/"}, b""),
        "/round": (302, {"Location": "/round"}, b""),
        "/packed": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, b"\x1f\x8b"),
        "/stated": (200, {"Content-Type": "text/html", "Notices-Page": "tags=(vote), surface=home"}, PAGE),
    }
    with running(server):
        yield server


def run(capsysbinary, *args):
    """Exit code, page and what was said of it."""
    code = main(["preview", *args])
    out, err = capsysbinary.readouterr()
    return code, out, err.decode()


def added(out, page=PAGE):
    """What follows the article in *out*, whose other bytes must be those of *page*."""
    head, place, tail = page.partition(b"</article>")
    assert out.startswith(head + place)
    assert out.endswith(tail)
    return out[len(head + place) : len(out) - len(tail)]


def test_a_file_is_written_with_the_visitors_notice(folder, capsysbinary):
    """The notice stands at its place, in the visitor's language; the rest of the page is as it was."""
    code, out, err = run(capsysbinary, "site/page.html", "--region", "RU", "--language", "ru", "--at", AT)
    assert code == 0
    assert err == "RU, reads ru: shown: warning\n"
    notice = added(out)
    assert notice.startswith(b"<aside ")
    assert notice.endswith(b"</aside>")
    assert "".join(f"&#{ord(c)};" for c in "репост").encode() in notice


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(("--region", "DE"), "DE: no notice for this visitor\n", id="another country"),
        pytest.param((), "unknown: no notice for this visitor\n", id="nobody knows where"),
        pytest.param(("--region", "RU", "--at", "2025-12-31"), "RU: no notice for this visitor\n", id="too early"),
    ],
)
def test_a_page_without_a_notice_is_written_byte_for_byte(folder, capsysbinary, options, said):
    """Whom no rule concerns gets the file itself."""
    assert run(capsysbinary, "site/page.html", "--at", AT, *options) == (0, PAGE, said)


def test_out_writes_the_file_and_never_over_the_page(folder, capsysbinary):
    """``--out`` names another file; the page itself is refused."""
    assert run(capsysbinary, "site/page.html", "--region", "RU", "--at", AT, "--out", "seen.html")[:2] == (0, b"")
    assert b"Sharing may be punished" in (folder / "seen.html").read_bytes()
    code, _, err = run(capsysbinary, "site/page.html", "--region", "RU", "--out", "site/page.html")
    assert code == 2
    assert "names the page itself" in err
    assert (folder / "site" / "page.html").read_bytes() == PAGE
    code, _, err = run(capsysbinary, "site/page.html", "--out", "no/such/folder.html")
    assert code == 1
    assert "cannot be written" in err


FACTS = ("--url", "https://courier.example/news/7", "--tag", "vote", "--surface", "article", "--region", "FR")


@pytest.mark.parametrize("left_out", [None, "--url", "--tag", "--surface"])
def test_the_pages_facts_are_those_that_are_named(folder, capsysbinary, left_out):
    """Host, path, tag and surface decide together; each one alone is missed."""
    pairs = [FACTS[i : i + 2] for i in range(0, len(FACTS), 2)]
    options = [word for pair in pairs if pair[0] != left_out for word in pair]
    _, out, err = run(capsysbinary, "site/page.html", *options)
    assert (b"Polls are closed" in out) == (left_out is None)
    assert ("shown: election" in err) == (left_out is None)


def test_a_withheld_page_is_the_one_that_answers_451(folder, capsysbinary):
    """Nothing of the page itself is in it."""
    code, out, err = run(capsysbinary, "site/page.html", "--url", "/news/secret", "--region", "DE")
    assert code == 0
    assert b"text</p>" not in out
    assert b"<!doctype html>" in out.lower()
    assert err == "DE: withheld by court\n"


def test_a_piece_of_a_page_says_why_nothing_is_shown(folder, capsysbinary):
    """What has no html, head or body is left as it is, and the reason is told."""
    (folder / "piece.html").write_bytes(b"<p>hello")
    _, out, err = run(capsysbinary, "piece.html", "--region", "RU", "--at", AT)
    assert out == b"<p>hello"
    assert err == (
        "RU: left as it is, since it is a piece of a page: no doctype, html, head or body; it would show warning\n"
    )


@pytest.mark.parametrize(
    ("page", "why"),
    [
        pytest.param("https://courier.example/", "over http only", id="https"),
        pytest.param("ftp://localhost/", "over http only", id="ftp"),
        pytest.param("file:///etc/passwd", "over http only", id="file"),
        pytest.param("http://courier.example/", "this machine only", id="another host"),
        pytest.param("http://10.0.0.1/", "this machine only", id="a private address"),
        pytest.param("http://0.0.0.0/", "this machine only", id="no address"),
        pytest.param("http://localhost.example.org/", "this machine only", id="a name that begins alike"),
        pytest.param("http://me@localhost/", "this machine only", id="with a user"),
        pytest.param("http://127.0.0.1@example.org/", "this machine only", id="a user like an address"),
        pytest.param("http://localhost:99999/", "cannot be read", id="no port"),
        pytest.param("http://[::1/", "cannot be read", id="no bracket"),
        pytest.param("missing.html", "no file", id="no file"),
        pytest.param("site", "no file", id="a folder"),
    ],
)
def test_what_is_not_on_this_machine_is_refused(folder, capsysbinary, page, why):
    """With a clear message, exit code 2, and without asking anybody."""
    code, out, err = run(capsysbinary, page, "--region", "RU")
    assert (code, out) == (2, b"")
    assert why in err


@pytest.mark.parametrize("option", [("--region", "ZZ"), ("--at", "soon"), ("--publisher", "nobody"), ("--url", "x")])
def test_wrong_options_are_named(folder, capsysbinary, option):
    """Each mistake names its option."""
    code, _, err = run(capsysbinary, "site/page.html", *option)
    assert code == 2
    assert option[0] in err


@pytest.mark.parametrize(
    ("ip", "said"),
    [
        pytest.param("77.88.8.8", "UA-43 or RU, reads ru: shown: warning\n", id="a label with two readings"),
        pytest.param("9.9.9.9", "DE, reads ru: no notice for this visitor\n", id="another country"),
        pytest.param("192.0.2.1", "unknown, reads ru: no notice for this visitor\n", id="not in the databases"),
        pytest.param("185.220.101.1", "tor, reads ru: shown: warning\n", id="a network that hides the place"),
    ],
)
def test_an_address_is_looked_up_and_not_repeated(folder, capsysbinary, ip, said):
    """The visitor is where the databases put the address, which stands neither in the page nor in what is said."""
    crimea = {"country": {"iso_code": "RU"}, "subdivisions": [{"iso_code": "CR", "names": {"en": "Crimea"}}]}
    city = write_database(folder / "city.mmdb", {"77.88.8.0/24": crimea, "9.9.9.0/24": {"country": {"iso_code": "DE"}}})
    networks = write_database(
        folder / "networks.mmdb",
        {"185.220.101.0/24": {"is_anonymous": True, "is_tor_exit_node": True}},
        kind="Test-Anonymous-IP",
    )
    options = ("--geoip", str(city), "--geoip", str(networks), "--language", "ru", "--at", AT, "--ip", ip)
    code, out, err = run(capsysbinary, "site/page.html", *options)
    assert (code, err) == (0, said)
    assert ip.encode() not in out
    assert run(capsysbinary, "site/page.html", *options, "--region", "RU")[0] == 2


def test_a_past_page_is_replayed(folder, capsysbinary):
    """The rules that stood then, at that instant, whatever the folder holds now; no copy of them is left."""
    commit(folder, "2026-02-01T12:00:00Z")
    (folder / "rules" / "rules.yaml").write_text("rules: {broken", "utf-8")
    options = ("site/page.html", "--region", "RU", "--as-of")
    before = set(Path(tempfile.gettempdir()).glob("notices-*"))
    code, out, err = run(capsysbinary, *options, "2026-02-02")
    assert (code, err) == (0, "RU: shown: warning\n")
    assert b"Sharing may be punished" in added(out)
    assert run(capsysbinary, *options, "2026-02-02", "--at", "2025-12-31")[2] == "RU: no notice for this visitor\n"
    code, _, err = run(capsysbinary, *options, "2026-01-31")
    assert code == 1
    assert "the first commit is of 2026-02-01" in err
    assert set(Path(tempfile.gettempdir()).glob("notices-*")) <= before


def address(site, path):
    return f"http://127.0.0.1:{site.server_port}{path}"


def test_a_site_on_this_machine_is_asked_as_the_visitor(folder, site, capsysbinary):
    """Redirects within it are followed; the site sees the visitor's languages and signal."""
    where = address(site, "/old")
    code, out, err = run(capsysbinary, where, "--region", "RU", "--language", "ru", "--sec-gpc", "--at", AT)
    assert code == 0, err
    assert added(out).startswith(b"<aside ")
    assert [path for path, _ in site.asked] == ["/old", "/news/1"]
    headers = site.asked[0][1]
    assert (headers["Accept-Language"], headers["Sec-GPC"]) == ("ru", "1")
    assert headers["Host"] == f"127.0.0.1:{site.server_port}"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        pytest.param("/away", "redirects to http://example.org", id="redirect elsewhere"),
        pytest.param("/round", "in circles", id="redirect in circles"),
        pytest.param("/packed", "compresses", id="compressed"),
    ],
)
def test_a_site_that_leads_away_is_not_followed(folder, site, capsysbinary, path, why):
    """Exit code 1 and the reason."""
    code, out, err = run(capsysbinary, address(site, path), "--region", "RU")
    assert (code, out) == (1, b"")
    assert why in err


def test_a_site_that_does_not_answer_is_told(folder, site, capsysbinary):
    """A port on which nobody listens gives one line, no traceback."""
    site.server_close()
    code, _, err = run(capsysbinary, address(site, "/news/1"))
    assert code == 1
    assert err.startswith("Error: http://127.0.0.1:")
    assert "does not answer" in err


def test_a_named_machine_is_believed_by_its_address_only(site, monkeypatch):
    """A name that is given another machine's address is not asked, whatever the name."""
    origin = open_origin(f"http://localhost:{site.server_port}/news/1")
    monkeypatch.setattr("socket.socket.getpeername", lambda _: ("192.0.2.7", 80))
    with pytest.raises(PageError, match="is not this machine"):
        origin.get("/news/1", {})
    assert site.asked == []


def test_what_the_site_states_yields_to_the_options(folder, site, capsysbinary):
    """``Notices-Page`` gives the tag, the option the surface."""
    options = ("--url", "https://courier.example/news/7", "--region", "FR")
    assert b"Polls" not in run(capsysbinary, address(site, "/stated"), *options)[1]
    assert b"Polls" in run(capsysbinary, address(site, "/stated"), *options, "--surface", "article")[1]


def test_nothing_is_kept(folder, capsysbinary):
    """A rehearsal leaves no state behind."""
    run(capsysbinary, "site/page.html", "--region", "RU")
    assert not (folder / "state").exists()


@pytest.fixture
def rehearse(folder):
    """A function that serves a page's rehearsal and gives one to ask it with: path -> status, headers, body."""
    stops = []

    def start(page, **visitor):
        stage = Stage(open_origin(page), Settings(rules=folder / "rules", reload=None))
        running_ = running(serve(stage, Visitor(**visitor), 0))
        server = running_.__enter__()
        stops.append((running_, stage))

        def ask(path, **headers):
            connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            answer = response.status, response.headers, response.read()
            connection.close()
            return answer

        return ask

    yield start
    for running_, stage in stops:
        running_.__exit__(None, None, None)
        stage.close()


def test_a_served_file_has_its_bar_and_its_neighbours(rehearse):
    """The page comes with the notice and the bar, the style sheet as it is."""
    ask = rehearse("site/page.html", regions=("RU",), languages=("ru",))
    status, headers, body = ask("/page.html")
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "text/html", "no-store")
    assert body.index(b'<aside class="lawtext') < body.index(b'<aside class="notices-rehearsal"')
    assert b"shown: warning" in body
    assert b"http://" not in body.partition(b'<aside class="notices-rehearsal"')[2]
    assert ask("/style.css")[1:][0]["Content-Type"] == "text/css"
    assert ask("/style.css")[2] == b"p { color: red }"


def test_the_switch_changes_the_visitor_on_all_pages(rehearse):
    """A choice is taken once and then holds; one that cannot be understood changes nothing and is told."""
    ask = rehearse("site/page.html", regions=("DE",))
    assert b"no notice for this visitor" in ask("/page.html")[2]
    chosen = urlencode({"notices-region": "UA-43, RU", "notices-language": "ru", "q": "1"})
    status, headers, _ = ask(f"/page.html?{chosen}")
    assert (status, headers["Location"]) == (303, "/page.html?q=1")
    for path in ("/page.html", "/other.html"):
        body = ask(path)[2]
        assert b"shown: warning" in body
        assert b'value="UA-43, RU"' in body
    assert ask("/page.html?notices-region=Atlantis")[0] == 303
    body = ask("/page.html")[2]
    assert b"Not understood: " in body
    assert b'value="UA-43, RU"' in body
    assert ask("/page.html?notices-region=DE&notices-language=no%20such%20tag!")[0] == 303
    assert b"each language must be a tag" in ask("/page.html")[2]


@pytest.mark.parametrize(
    "path", ["/../outside.txt", "/%2e%2e/outside.txt", "/.secret", "//etc/passwd", "/", "/no.html"]
)
def test_files_beyond_the_pages_folder_are_not_served(rehearse, path):
    """Nor hidden ones."""
    status, _, body = rehearse("site/page.html")(path)
    assert status == 404
    assert b"outside" not in body
    assert b"hidden" not in body


def test_a_link_out_of_the_folder_is_not_followed(folder, rehearse):
    """A symbolic link counts as what it points to."""
    (folder / "site" / "link.txt").symlink_to(folder / "outside.txt")
    assert rehearse("site/page.html")("/link.txt")[0] == 404


def test_another_sites_name_for_this_address_is_refused(rehearse):
    """A page elsewhere cannot read the rehearsal by giving 127.0.0.1 a name of its own."""
    ask = rehearse("site/page.html")
    assert ask("/page.html", Host="evil.example")[0] == 403
    assert ask("/page.html", Host="localhost")[0] == 200


def test_the_bar_never_leads_to_another_site(rehearse):
    """A path with two slashes stays a path."""
    _, headers, _ = rehearse("site/page.html")("//evil.example/?notices-region=RU")
    assert headers["Location"] == "/evil.example/"


def test_a_served_site_keeps_its_links_and_says_what_it_refuses(rehearse, site):
    """Other pages of the site come through too; a redirect away is told, not followed."""
    ask = rehearse(address(site, "/news/1"), regions=("RU",))
    assert b"notices-rehearsal" in ask("/news/1")[2]
    assert ask("/style.css")[2] == b"p {}"
    status, headers, _ = ask("/old")
    assert (status, headers["Location"]) == (303, "/news/1")
    status, _, body = ask("/away")
    assert status == 502
    assert b"does not follow" in body
    assert ask("/missing")[0] == 404


def test_a_withheld_page_keeps_the_bar(rehearse, site):
    """So that the editor can choose another visitor."""
    status, _, body = rehearse(address(site, "/news/secret"), regions=("DE",))("/news/secret")
    assert status == 451
    assert b"notices-rehearsal" in body
    assert b"withheld by court" in body


def test_the_bar_is_plain_ascii_and_escapes(rehearse):
    """It reads the same in every charset, and what was typed cannot break out of it."""
    ask = rehearse("site/page.html", regions=("RU",), languages=())
    bar = ask("/page.html")[2].partition(b'<aside class="notices-rehearsal"')[2]
    assert bar.isascii()
    assert b'<option value="FR">France</option>' in bar
    assert b'<option value="ru">' in bar


def test_a_taken_port_is_told(folder, site, capsysbinary):
    """One line with the port."""
    code, _, err = run(capsysbinary, "site/page.html", "--serve", "--port", str(site.server_port))
    assert code == 1
    assert f"port {site.server_port} of 127.0.0.1 cannot be used" in err


def test_serving_writes_no_file(folder, capsysbinary):
    """``--serve`` and ``--out`` exclude each other."""
    assert run(capsysbinary, "site/page.html", "--serve", "--out", "x.html")[0] == 2
