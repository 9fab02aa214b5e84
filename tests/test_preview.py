"""Preview links show a page as another visitor, only to those who were given one, and only for a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import URLSafeSerializer

from notices.preview import LONGEST_TOKEN, Preview, read_preview, sign_preview

SECRET = "a secret of the newsroom"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PREVIEW = Preview(
    regions=("UA-43", "RU"),
    languages=("uk", "ru"),
    at=datetime(2026, 12, 1, 0, 0, 30, tzinfo=UTC),
    expires=NOW + timedelta(hours=1),
)


#: What does not pack into a short token.
NOISE = [f"{number * 2654435761 % 2**32:08x}" for number in range(600)]


@pytest.mark.parametrize(
    "preview",
    [
        pytest.param(PREVIEW, id="all facts"),
        pytest.param(Preview(regions=("unknown",), expires=NOW + timedelta(seconds=1)), id="region alone"),
    ],
)
def test_a_token_reads_back_as_the_preview_that_was_signed(preview):
    """What a link was made for is what it shows, every fact of it."""
    assert read_preview(SECRET, sign_preview(SECRET, preview), NOW) == preview


def test_a_token_is_dead_from_its_expiry_on():
    """A link works until the very instant of its expiry and no longer."""
    token = sign_preview(SECRET, PREVIEW)
    assert read_preview(SECRET, token, PREVIEW.expires - timedelta(microseconds=1)) == PREVIEW
    assert read_preview(SECRET, token, PREVIEW.expires) is None


def test_a_token_signed_with_another_secret_is_refused():
    """Nobody without the secret makes a link."""
    assert read_preview(SECRET, sign_preview("another secret altogether", PREVIEW), NOW) is None


def test_every_changed_character_of_a_token_is_noticed():
    """A link cannot be edited into another visitor's."""
    token = sign_preview(SECRET, PREVIEW)
    for place, letter in enumerate(token):
        forged = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        got = read_preview(SECRET, forged, NOW)
        # The last character of a base64 part may hold unused bits: then the token still says the same.
        assert got is None or got == PREVIEW


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param(".", id="only a dot"),
        pytest.param("RU", id="a plain region"),
        pytest.param("\N{CYRILLIC SMALL LETTER A}.b", id="not ascii"),
        pytest.param("a" * (LONGEST_TOKEN + 1), id="too long"),
        pytest.param(
            URLSafeSerializer(SECRET, salt="notices-preview").dumps({"r": NOISE, "l": [], "a": None, "e": 4e9}),
            id="too long, and well signed",
        ),
        pytest.param(
            URLSafeSerializer(SECRET).dumps({"r": ["RU"], "l": [], "a": None, "e": 4e9}), id="signed for no purpose"
        ),
        pytest.param(
            URLSafeSerializer(SECRET, salt="session").dumps({"r": ["RU"], "l": [], "a": None, "e": 4e9}),
            id="signed for another purpose",
        ),
        pytest.param(URLSafeSerializer(SECRET, salt="notices-preview").dumps({"r": 5}), id="right key, wrong facts"),
        pytest.param(
            URLSafeSerializer(SECRET, salt="notices-preview").dumps({"r": ["RU"], "l": [], "a": None, "e": 1e300}),
            id="an instant that no clock shows",
        ),
    ],
)
def test_what_is_no_token_is_refused_quietly(token):
    """A mangled or hostile parameter shows the page as ever, and raises nothing."""
    assert read_preview(SECRET, token, NOW) is None


def test_a_preview_cannot_be_changed_after_it_was_made():
    """Values between rooms are frozen."""
    with pytest.raises(AttributeError, match="immutable"):
        PREVIEW.regions = ("DE",)
