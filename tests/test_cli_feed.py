"""``notices feed``: the feed on standard output, what became of it on the other, and an exit code."""

from __future__ import annotations

import io
import sys

import pytest

from notices.cli import main
from notices.feeds import annotate
from tests.feeds import ATOM, FEEDS, NOON, RSS, RULES, decider
from tests.small_rules import write_rules

AT = NOON.isoformat()


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A working directory with the rules of feeds in ./rules, and a feed of each kind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NOTICES_RULES", raising=False)
    write_rules(tmp_path / "rules", RULES)
    for name, feed in FEEDS.items():
        (tmp_path / name).write_text(feed, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("options", "expected", "told"),
    [
        ([], decider(), "3 items: 2 with notices, 0 left out"),
        (["--region", "GB"], decider("GB"), "3 items: 0 with notices, 1 left out"),
        (["--region", "RU", "--tag", "advert"], decider("RU", tags=("advert",)), "3 items: 3 with notices, 0 left out"),
        (["--region", "DE"], decider("DE"), "3 items: 0 with notices, 0 left out"),
        (["--at", "2028-01-01"], decider("DE"), "3 items: 0 with notices, 0 left out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_it_writes_what_the_server_would_send(desk, capfdbinary, options, expected, told):
    """The same bytes as the function's, and a sentence beside them."""
    assert main(["feed", "rss", *(["--at", AT] if "--at" not in options else []), *options]) == 0
    out, err = capfdbinary.readouterr()
    assert out == annotate(RSS.encode(), expected).feed
    assert err.decode().strip() == told


def test_it_reads_standard_input(desk, capfdbinary, monkeypatch):
    """So that it stands in a pipe."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ATOM.encode())))
    assert main(["feed", "-", "--region", "RU", "--at", AT]) == 0
    assert capfdbinary.readouterr()[0] == annotate(ATOM.encode(), decider("RU")).feed


def test_what_cannot_be_read_is_written_as_it_is(desk, capfdbinary):
    """The pipe goes on with the old bytes, and the exit code says that nothing was done."""
    (desk / "broken").write_bytes(b"<rss><channel>")
    assert main(["feed", "broken"]) == 1
    out, err = capfdbinary.readouterr()
    why = "it is no well-formed XML or JSON, so that no place in it can be trusted"
    assert (out, err.decode().strip()) == (b"<rss><channel>", f"The feed is written as it is: malformed: {why}")


@pytest.mark.parametrize(
    "arguments", [["feed"], ["feed", "none"], ["feed", "rss", "--region", "QQ-1"], ["feed", "rss", "--at", "soon"]]
)
def test_a_wrong_call_exits_with_2(desk, capfdbinary, arguments):
    """Nothing is written to standard output."""
    assert main(arguments) == 2
    assert capfdbinary.readouterr()[0] == b""
