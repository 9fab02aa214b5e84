"""Whether a style may stand in a page, by its Content-Security-Policy."""

from __future__ import annotations

import pytest

from notices.http.csp import has_nonce, style_policy


@pytest.mark.parametrize(
    ("values", "enforced", "nonce"),
    [
        pytest.param([], False, None, id="no policy"),
        pytest.param([" "], False, None, id="an empty one"),
        pytest.param(["style-src 'nonce-abc'"], True, "abc", id="a nonce for styles"),
        pytest.param(["default-src 'nonce-abc'"], True, "abc", id="default governs styles"),
        pytest.param(["script-src 'nonce-abc'; style-src 'self'"], True, None, id="a nonce for scripts"),
        pytest.param(["default-src 'nonce-abc'; style-src 'self'"], True, None, id="style-src overrides default"),
        pytest.param(["style-src 'nonce-a'; style-src-elem 'nonce-b'"], True, "b", id="style-src-elem overrides"),
        pytest.param(["style-src 'self'; style-src 'nonce-abc'"], True, None, id="the first directive counts"),
        pytest.param(["style-src 'nonce-abc'", "style-src 'self'"], True, None, id="a second header refuses it"),
        pytest.param(["style-src 'nonce-abc', style-src 'self'"], True, None, id="a second policy refuses it"),
        pytest.param(["style-src 'nonce-a' 'nonce-b', default-src 'nonce-b'"], True, "b", id="what all allow"),
        pytest.param(["style-src 'nonce-abc'", "frame-ancestors 'self'"], True, "abc", id="one leaves styles alone"),
        pytest.param(["frame-ancestors 'self'"], True, None, id="only leaves styles alone"),
        pytest.param(["STYLE-SRC 'NONCE-aBc+/=='"], True, "aBc+/==", id="keywords in any case"),
        pytest.param(["style-src 'nonce-a\"><script>'"], True, None, id="no nonce of the grammar"),
        pytest.param(["style-src\t'nonce-abc'"], True, "abc", id="any space"),
    ],
)
def test_style_policy(values, enforced, nonce):
    """The nonce is used only where every policy that governs styles allows it."""
    policy = style_policy(values)
    assert (policy.enforced, policy.nonce) == (enforced, nonce)


def test_a_policy_with_any_nonce_belongs_to_its_body():
    """Also a nonce for scripts changes with every answer."""
    assert has_nonce("script-src 'nonce-abc'")
    assert not has_nonce("script-src 'self'")
