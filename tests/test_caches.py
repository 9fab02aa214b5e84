"""Real caches in front of the middleware: nginx and Varnish with the configurations of ``docs/``."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import waitress.server

from notices.wsgi import NoticesMiddleware
from tests.frontends import FRONTENDS
from tests.servers import Client, serving
from tests.sites import NOON, PAGE, RULES, rule, service

HTML = ("Content-Type", "text/html; charset=utf-8")


class Publisher:
    """A site whose pages may be kept by everybody for an hour; counts how often it is asked."""

    def __init__(self):
        self.asked = 0
        self.headers = [("Cache-Control", "public, max-age=3600"), ("ETag", '"x"')]

    def __call__(self, environ, start_response):
        self.asked += 1
        start_response("200 OK", [HTML, ("Content-Length", str(len(PAGE))), *self.headers])
        return [PAGE]


class Newsroom:
    """A cache, the site behind it, and the hands on its clock and its rules."""

    def __init__(self, folder, rules, cache):
        self.now = NOON
        self.app = Publisher()
        self.rules = folder / "rules" / "site.yaml"
        self.service = service(folder, rules, cache=cache, clock=lambda: self.now)
        self.middleware = NoticesMiddleware(self.app, self.service)
        self.client = None

    def ask(self, path="/news/1", region="RU", **headers):
        """Status, whether the notice stands, and the headers; a body is the page and at most the notice."""
        status, head, body = self.client.ask(path, region=region, **headers)
        if status == 200:
            start, _, end = body.partition(b"<aside")
            assert start + end.partition(b"</aside>")[2] == PAGE
        return status, b"<aside" in body, head


@contextlib.contextmanager
def newsroom(kind, rules=RULES, cache="vary:Notices-Key"):
    program, frontend = FRONTENDS[kind]
    if program is None:
        pytest.skip(f"{kind} is not installed")
    # Short: the paths of sockets below it are limited to about 100 characters.
    with tempfile.TemporaryDirectory(prefix="n") as name:
        folder = Path(name)
        made = Newsroom(folder, rules, cache)
        server = waitress.server.create_server(made.middleware, host="127.0.0.1", port=0, threads=4)
        stop = partial(server.trigger.pull_trigger, server.close)
        with serving(server.run, stop), frontend(folder, server.effective_port) as port:
            made.client = Client(port, folder)
            yield made
        server.task_dispatcher.shutdown()


@pytest.fixture(params=sorted(FRONTENDS))
def kind(request):
    return request.param


@pytest.mark.parametrize("cache", ["vary:Notices-Key", "private", "keep"])
def test_visitors_never_get_each_others_page(kind, cache):
    """In every mode, in any order, with 304s: who should see the notice does, and nobody else."""
    with newsroom(kind, cache=cache) as made:
        tags = {}
        for region in ("RU", "DE", "FR", "RU", "DE", "RU"):
            status, shown, head = made.ask(region=region)
            assert (status, shown) == (200, region == "RU")
            tags[region] = head["ETag"]
        assert tags["RU"] != tags["DE"] == tags["FR"]
        for region, other in (("RU", "DE"), ("DE", "RU")):
            assert made.ask(region=region, If_None_Match=tags[region])[0] == 304
            status, shown, _ = made.ask(region=region, If_None_Match=tags[other])
            assert (status, shown) == (200, region == "RU")


def test_a_cache_holds_one_copy_for_each_key(kind):
    """Not one for each country: two keys, two questions to the application, whatever clients claim."""
    with newsroom(kind) as made:
        for region in ("RU", "DE", "FR", "BR", "RU", "JP", "DE", "UA"):
            assert made.ask(region=region)[1] is (region == "RU")
        assert made.app.asked == 2
        for region in ("RU", "DE"):
            assert made.ask(region=region, Notices_Key="11111111")[1] is (region == "RU")


def test_private_pages_are_never_shared(kind):
    """With ``CACHE=private`` every reader is answered by the application."""
    with newsroom(kind, cache="private") as made:
        for _ in range(3):
            made.ask()
        assert made.app.asked == 3


def test_pages_that_are_the_same_for_all_are_shared(kind):
    """A page on which no rule can act is kept as the site says, in the strictest mode too."""
    with newsroom(kind, RULES.replace("{except: {tags: [harmless]}}", "{paths: ['/war/**']}"), "private") as made:
        for region in ("RU", "DE", "RU", "DE"):
            assert not made.ask(region=region)[1]
        assert made.app.asked == 2


def test_a_window_that_opens_reaches_readers_at_once(kind):
    """The copy from before the window is no answer once it is open."""
    rules = RULES.replace("text:", "when: {from: 2026-11-23}\n    text:")
    with newsroom(kind, rules) as made:
        for _ in range(2):
            status, shown, head = made.ask()
            assert (status, shown, head["Cache-Control"]) == (200, False, "public, max-age=3600")
        asked = made.app.asked
        made.now = NOON + timedelta(hours=12)
        assert made.ask()[1]
        assert made.app.asked == asked + 1


def test_a_page_is_not_kept_beyond_its_window(kind):
    """Its time to live is cut: also a cache that does not ask for keys must ask for the page again."""
    rules = RULES.replace("text:", "when: {from: 2026-11-23}\n    text:")
    with newsroom(kind, rules) as made:
        made.now = NOON + timedelta(hours=12, seconds=-1)
        assert made.ask()[2]["Cache-Control"] == "public, max-age=1"
        deadline = time.monotonic() + 20
        while made.app.asked == 1 and time.monotonic() < deadline:
            time.sleep(0.2)
            made.ask()
        assert made.app.asked == 2


def test_a_rule_change_reaches_readers_at_once(kind):
    """The key is over what is shown: a changed text has another, an unrelated rule changes none."""
    with newsroom(kind) as made:
        tag = made.ask()[2]["ETag"]
        made.ask(region="DE")
        made.rules.write_text(RULES.replace("an offence", "a crime"), "utf-8")
        while made.service.look():
            pass
        status, shown, head = made.ask(If_None_Match=tag)
        assert (status, shown) == (200, True)
        assert head["ETag"] != tag
        asked = made.app.asked
        made.ask(region="DE")
        assert made.app.asked == asked


def test_what_one_reader_holds_is_no_page_for_others(kind):
    """A 304 from the application, for a page that the cache has not yet, is not kept in the page's place."""
    with newsroom(kind) as made:
        tag = made.ask("/news/1")[2]["ETag"]
        assert made.ask("/news/2", If_None_Match=tag)[0] == 304
        assert made.ask("/news/2")[:2] == (200, True)
        asked = made.app.asked
        assert made.ask("/news/2")[:2] == (200, True)
        assert made.app.asked == asked


def test_an_expired_copy_is_asked_for_by_its_own_tag(kind):
    """Whatever tag the reader sends: a 304 renews the copy, and each reader gets what is right for that one."""
    with newsroom(kind) as made:
        made.app.headers[0] = ("Cache-Control", "public, max-age=1")
        tag = made.ask()[2]["ETag"]
        other = made.ask(region="DE")[2]["ETag"]
        for held, expected in ((other, 200), (tag, 304)):
            asked = made.app.asked
            deadline = time.monotonic() + 20
            while made.app.asked == asked and time.monotonic() < deadline:
                time.sleep(0.3)
                status, shown, _ = made.ask(If_None_Match=held)
                assert (status, shown) == (expected, expected == 200)
            assert made.app.asked > asked


@pytest.mark.parametrize("stated", [[], [("Cache-Control", "max-age=60")]], ids=["no time", "a time, but private"])
def test_readers_of_a_page_that_nobody_may_keep_do_not_wait_for_each_other(kind, stated):
    """Two readers are with the application at once."""
    with newsroom(kind, cache="private") as made:
        made.app.headers = stated
        made.ask()
        together = threading.Barrier(2, timeout=3)
        app = made.middleware.app

        def patient(environ, start_response):
            together.wait()
            return app(environ, start_response)

        made.middleware.app = patient
        with ThreadPoolExecutor(2) as readers:
            answers = list(readers.map(lambda _: made.ask(), range(2)))
        assert [answer[:2] for answer in answers] == [(200, True)] * 2


def test_withheld_files_stay_withheld(kind):
    """A reader elsewhere who was first does not open the cache for the others."""
    unsure = "{coarse: show, contested: show, unknown: hide, anonymous: hide}"
    with newsroom(kind, RULES + rule("order", kind="withhold", action="withhold", unsure=unsure)) as made:
        for region, expected in (("DE", 200), ("RU", 451), ("DE", 200), ("RU", 451)):
            assert made.ask(region=region)[0] == expected


class Failing:
    """An endpoint that cannot give keys."""

    def handles(self, path):
        return path == "/notices/key"

    def __call__(self, environ, start_response):
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
        return [b"no key"]


@pytest.mark.parametrize("broken", [None, Failing()], ids=["not there", "failing"])
def test_a_key_that_cannot_be_had_costs_no_page(kind, broken):
    """The page then comes from the application, and nobody else gets that copy."""
    with newsroom(kind) as made:
        api, made.middleware._api = made.middleware._api, broken
        for region in ("RU", "DE", "RU"):
            assert made.ask(region=region)[:2] == (200, region == "RU")
        made.middleware._api = api
        for region in ("RU", "DE"):
            assert made.ask(region=region)[:2] == (200, region == "RU")
