"""Failures of ours in every form of answer: HEAD, packed, streamed, late, written; the page stays whole."""

from __future__ import annotations

import gzip

import pytest

from notices.wsgi import editing, writing
from tests.planted import FOR_ALL, PLACES, fail, site, without_notice
from tests.servers import HTML
from tests.sites import PAGE, RULES, App, ask, counts, rule

PACKED = gzip.compress(PAGE, mtime=0)
GZIP = ("Content-Encoding", "gzip")
#: What only a body reaches; a HEAD is answered before.
IN_BODIES = {
    "style",
    "injector",
    "fragment",
    "language",
    "scanner",
    "scanner's end",
    "outcome",
    "notice count",
    "counting",
}


def late(_, start_response):
    start_response("200 OK", [HTML, ("ETag", '"x"')])
    yield PAGE[:40]
    yield PAGE[40:]


def written(_, start_response):
    write = start_response("200 OK", [HTML, ("ETag", '"x"')])
    write(PAGE[:40])
    return [PAGE[40:]]


FORMS = {
    "packed": App([PACKED], headers=[GZIP]),
    "packed in pieces": App([PACKED[:30], PACKED[30:70], PACKED[70:]], headers=[GZIP]),
    "late": late,
    "written": written,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", PLACES)
def test_the_page_is_whole_in_every_form(tmp_path, monkeypatch, place, form):
    """Not a byte is lost, the failure is counted, and what does not hang on it is shown; also the safe default."""
    made = site(tmp_path, FORMS[form], FOR_ALL.replace("{en:", "{de: 'Es kann strafbar sein.', en:"))
    plant, step, shown = PLACES[place]
    plant(monkeypatch, made)
    answer = ask(made)
    page = gzip.decompress(answer.body) if form.startswith("packed") else answer.body
    assert answer.status == 200
    assert without_notice(page) == PAGE
    if place not in ("language", "scanner's end"):
        assert page.count(b"<aside") == shown
        assert counts(made, "notices_failures").get(step, 0) >= 1


@pytest.mark.parametrize("place", PLACES)
def test_head_is_answered(tmp_path, monkeypatch, place):
    """With the app's head; a failure that it meets is counted, and keeps caches from storing what it says."""
    app = App(headers=[("ETag", '"x"'), ("Cache-Control", "public, max-age=60")])
    made = site(tmp_path, app, FOR_ALL)
    plant, step, shown = PLACES[place]
    plant(monkeypatch, made)
    answer = ask(made, method="HEAD")
    assert (answer.status, answer["Content-Length"]) == (200, None)
    met = place not in IN_BODIES
    assert bool(counts(made, "notices_failures").get(step)) is met
    if met and not shown:
        assert answer["Cache-Control"] == "no-store"
    assert "public" not in answer["Cache-Control"]


def test_the_safe_default_is_shown_whatever_the_form(tmp_path, monkeypatch):
    """Where the decision fails everybody gets what an unknown visitor gets: here one of two notices, and no 451."""
    unsure = "{coarse: show, contested: show, unknown: show, anonymous: show}"
    rules = RULES + rule("known", unsure="show", text="{en: Default text.}")
    rules += rule("order", kind="withhold", action="withhold", unsure=unsure)
    for form, app in FORMS.items():
        made = site(tmp_path, app, rules)
        PLACES["decision"][0](monkeypatch, made)
        answer = ask(made, region="DE")
        page = gzip.decompress(answer.body) if form.startswith("packed") else answer.body
        assert (answer.status, page.count(b"<aside"), b"Default text." in page) == (200, 1, True)
        assert answer["Cache-Control"] == "private"


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "in pieces"])
def test_a_warning_that_fails_is_a_failed_page(tmp_path, monkeypatch, whole):
    """The button stands as it was; a page in one piece says that it is not what should be, and nobody keeps it."""
    rules = RULES + rule("parts", features="{share: warn}", text='{en: {body: "Long text.", short: "Short text."}}')
    page = PAGE.replace(b"Text.", b"<button data-notices-feature=share>Share</button>")
    items = [page] if whole else [page[:80], page[80:]]
    head = [("Cache-Control", "max-age=60")]
    with monkeypatch.context() as patch:
        patch.setattr(writing, "render_warning", fail)
        made = site(tmp_path, App(items, headers=head), rules)
        answer = ask(made)
    assert b"Short text." not in answer.body
    assert b"<button data-notices-feature=share>Share</button>" in answer.body
    assert answer["Cache-Control"] == ("max-age=0, private" if whole else "max-age=60, private")
    assert b"Short text." in ask(made).body
    assert counts(made, "notices_pages") == {"failed": 1, "shown": 1}


def test_the_apps_close_does_not_hang_on_our_counts(tmp_path, monkeypatch):
    """Its iterable is closed though what we do at the end fails."""
    app = App(iter([PAGE[:40], PAGE[40:]]))
    made = site(tmp_path, app, FOR_ALL)
    monkeypatch.setattr(editing.Editing, "outcome", fail)
    assert without_notice(ask(made).body) == PAGE
    assert app.closed == 1
