"""Letters that only look Latin, in hosts wherever they stand."""

from __future__ import annotations

import pytest

from tests.lints import lint, messages, rule

# The letter о in these hosts is Cyrillic.
FAKE = "cоurier.example"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(rule(text=f'{{en: "See [this](https://{FAKE}/a)."}}'), "a.yaml:10:36", id="a link in a text"),
        pytest.param(rule(text=f'{{en: "See [*this*](https://{FAKE})."}}'), "a.yaml:10:38", id="marked up"),
        pytest.param(rule(text=f'{{en: {{body: x, short: "[x](https://{FAKE})"}}}}'), "a.yaml:10:46", id="short text"),
        pytest.param(rule() + f"    pages: {{hosts: [{FAKE}]}}\n", "a.yaml:13:21", id="hosts of pages"),
        pytest.param(
            rule() + f"    link: {{href: 'https://{FAKE}', label: {{en: x}}}}\n", "a.yaml:13:18", id="the rule's link"
        ),
        pytest.param(
            rule() + f"    examples: [{{visitor: {{region: RU}}, page: {{url: 'https://{FAKE}/'}}, expect: shown}}]\n",
            "a.yaml:13:52",
            id="a page's address",
        ),
    ],
)
def test_a_host_that_only_looks_latin_is_an_error(text, place):
    """The link or host is not the one that is read."""
    found = lint(text)
    assert [one for one in found if one[1] == "error[look-alike]"] == [(place, "error[look-alike]")]
    assert "U+043E" in messages(text)[0]
    assert "courier.example" in messages(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{en: "See [this](https://courier.example/a)."}', id="ASCII"),
        pytest.param('{en: "See [оое](https://courier.example/оое)."}', id="the link's words and path"),
        pytest.param('{en: "See [this](https://газета.example)."}', id="a name in another script"),
        pytest.param('{en: "See [this](https://bücher.example)."}', id="a name with other letters"),
    ],
)
def test_other_hosts_are_not_reported(text):
    """Names that are written in another script on purpose, and anything but the host."""
    assert [code for _, code in lint(rule(text=text)) if "look-alike" in code] == []


def test_a_name_in_another_script_is_told_its_a_label():
    """Hosts stand as A-labels; the advice is not a name that nobody means."""
    text = rule() + "    pages: {hosts: [газета.example]}\n"
    assert lint(text) == [("a.yaml:13:21", "error[bad-host]")]
    assert messages(text)[0].endswith("write xn--80aahjj1e.example")
