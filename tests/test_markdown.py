"""Promises of the Markdown of rules: what passes, what is a fault and where, and what readers get."""

from __future__ import annotations

import re

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.markdown import MISSING, check_markdown, render_markdown, slots_in
from notices.markdown_grammar import link_fault

SLOTS = {"publisher": "Example Courier", "law": "129-FZ"}


def codes(source: str) -> list[tuple[int, int, str]]:
    return [(fault.line, fault.column, fault.code) for fault in check_markdown(source)]


@pytest.mark.parametrize(
    ("source", "html", "plain"),
    [
        pytest.param("One.\n\nTwo.", "<p>One.</p><p>Two.</p>", "One.\n\nTwo.", id="paragraphs"),
        pytest.param("One\ntwo.", "<p>One two.</p>", "One two.", id="a line end is a space"),
        pytest.param("第一行\n第二行", "<p>第一行第二行</p>", "第一行第二行", id="but not between Chinese signs"),
        pytest.param("한국\n한국", "<p>한국 한국</p>", "한국 한국", id="Korean has spaces"),
        pytest.param(
            "*a* **b** ***c***",
            "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em></p>",
            "a b c",
            id="emphasis",
        ),
        pytest.param("- a\n- **b**", "<ul><li>a</li><li><strong>b</strong></li></ul>", "- a\n- b", id="list"),
        pytest.param("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b", id="numbered list"),
        pytest.param("7. a\n8. b", '<ol start="7"><li>a</li><li>b</li></ol>', "7. a\n8. b", id="list from seven"),
        pytest.param(
            "For:\n\n- a\n  - b\n- c",
            "<p>For:</p><ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
            "For:\n\n- a\n  - b\n- c",
            id="nested list",
        ),
        pytest.param(
            "- a\n\n  b\n\n- c", "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>", "- a\n  b\n- c", id="loose list"
        ),
        pytest.param(
            '[a & b](https://x.example/?p=1&q="2")',
            '<p><a href="https://x.example/?p=1&amp;q=%222%22" rel="noreferrer" referrerpolicy="no-referrer">'
            "a &amp; b</a></p>",
            "a & b",
            id="link",
        ),
        pytest.param("3 < 5 & \"x\" 'y'", "<p>3 &lt; 5 &amp; \"x\" 'y'</p>", "3 < 5 & \"x\" 'y'", id="signs"),
        pytest.param(r"\*a\* \{law\} \[b\]", "<p>*a* {law} [b]</p>", "*a* {law} [b]", id="escapes"),
        pytest.param(
            "By *{publisher}*: {law}",
            "<p>By <em>Example Courier</em>: 129-FZ</p>",
            "By Example Courier: 129-FZ",
            id="slots",
        ),
        pytest.param(
            "2 * 3 * 4, snake_case, [a], (b)",
            "<p>2 * 3 * 4, snake_case, [a], (b)</p>",
            "2 * 3 * 4, snake_case, [a], (b)",
            id="signs that are text",
        ),
    ],
)
def test_sound_text_is_rendered(source, html, plain):
    """A text of the language has no fault and reads as written, in HTML and plain."""
    assert check_markdown(source) == ()
    assert render_markdown(source, SLOTS) == (html, plain)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("a\n\n# b", [(3, 1, "heading")], id="heading"),
        pytest.param("a\n---", [(2, 1, "heading")], id="underlined heading"),
        pytest.param("a ![b](https://x.example/b.png)", [(1, 3, "image")], id="image"),
        pytest.param("a `b`", [(1, 3, "code")], id="code in a line"),
        pytest.param("a\n\n```\nb\n```", [(3, 1, "code")], id="fenced code"),
        pytest.param("a\n\n    b", [(3, 5, "code")], id="indented code"),
        pytest.param("> a", [(1, 1, "quote")], id="quote"),
        pytest.param("a\n\n***", [(3, 1, "rule")], id="rule"),
        pytest.param("|a|b|\n|-|-|\n|c|d|", [(1, 1, "table")], id="table"),
        pytest.param("a <b>c</b>", [(1, 3, "html"), (1, 7, "html")], id="tags"),
        pytest.param("<div>a</div>", [(1, 1, "html")], id="block of HTML"),
        pytest.param("a <!-- b -->", [(1, 3, "html")], id="comment"),
        pytest.param("a &nbsp;&#8203; b", [(1, 3, "entity"), (1, 9, "entity")], id="character references"),
        pytest.param("~~a~~", [(1, 1, "strikethrough")], id="strikethrough"),
        pytest.param("a  \nb", [(1, 4, "line-break")], id="break by spaces"),
        pytest.param("a\\\nb", [(1, 2, "line-break")], id="break by backslash"),
        pytest.param("[a]: https://x.example\n\n[a]", [(1, 1, "reference")], id="definition"),
        pytest.param("[a](javascript:alert(1))", [(1, 1, "link-scheme")], id="script"),
        pytest.param("[a](JaVaScRiPt&colon;x)", [(1, 1, "link-scheme")], id="script in disguise"),
        pytest.param("<data:text/html,x>", [(1, 1, "link-scheme")], id="autolink to data"),
        pytest.param("one\ntwo [a](http://x.example)", [(2, 5, "link-scheme")], id="unencrypted"),
        pytest.param("[a](/safety)", [(1, 1, "link-scheme")], id="relative"),
        pytest.param("[a](//x.example/)", [(1, 1, "link-scheme")], id="without scheme"),
        pytest.param("[a](https://u:p@x.example/)", [(1, 1, "link-address")], id="user in the address"),
        pytest.param("[a](https://)", [(1, 1, "link-address")], id="no host"),
        pytest.param("[a](https://x.example:99999/)", [(1, 1, "link-address")], id="no port"),
        pytest.param("[a](mailto:nobody)", [(1, 1, "link-address")], id="no mailbox"),
        pytest.param("[a](https://x.example 'b')", [(1, 1, "link-title")], id="title"),
        pytest.param("[](https://x.example)", [(1, 1, "link-label")], id="no label"),
        pytest.param("[<https://x.example>](https://y.example)", [(1, 1, "nested-link")], id="link in a link"),
        pytest.param("[a](https://x.example/{law})", [(1, 1, "slot-in-link")], id="slot in an address"),
        pytest.param("see [a](https://x y)", [(1, 7, "broken-link")], id="space in an address"),
        pytest.param("[a [b](c d) e](https://x.example)", [(1, 6, "broken-link")], id="broken link in a label"),
        pytest.param("**a", [(1, 1, "stray-emphasis")], id="never closed"),
        pytest.param("- a\n\n  b {c}", [(3, 5, "unknown-slot")], id="unknown slot in a list"),
        pytest.param("{{ publisher }}", [(1, 1, "template")], id="doubled braces"),
        pytest.param("a { b", [(1, 3, "stray-brace")], id="lone brace"),
        pytest.param("- a\n-", [(2, 1, "empty-item")], id="empty item"),
        pytest.param("- a\n  - b\n    - c\n      - d", [(4, 7, "deep-list")], id="deep list"),
        pytest.param("a\u202eb\u0007", [(1, 2, "hidden-character"), (1, 4, "hidden-character")], id="overrides"),
        pytest.param(" \n ", [(1, 1, "empty")], id="nothing"),
        pytest.param("# a\n\n`b`", [(1, 1, "heading"), (3, 1, "code")], id="several"),
    ],
)
def test_all_else_is_a_fault_with_its_place(source, expected):
    """Whatever is not of the language is named, with line and column, a message and a fix."""
    assert codes(source) == expected
    assert all(fault.message and fault.fix for fault in check_markdown(source))


def test_nearest_slot_is_offered():
    """A misspelt slot is named and the nearest one offered."""
    (fault,) = check_markdown("{publsher}")
    assert "{publsher}" in fault.message
    assert fault.fix == "did you mean {publisher}?"


@pytest.mark.parametrize(
    "href",
    ["https://x.example", "https://x.example:8443/a?b#c", "https://[2001:db8::1]/", "mailto:tips@x.example?subject=a",
     "http://abcdefghijklmnop.onion/a", "https://xn--80ak6aa92e.example/"],
)  # fmt: skip
def test_allowed_addresses_are_no_fault(href):
    """Web addresses, mailboxes and unencrypted onion services may be linked."""
    assert link_fault(href) is None


def test_host_that_only_looks_like_an_onion_is_a_fault():
    """The word onion earlier in a host does not excuse an unencrypted link."""
    assert link_fault("http://x.onion.example/") is not None


def test_slots_are_listed_once_and_only_known_ones():
    """The slots of a text are its known ones, wherever they stand; escaped braces are text."""
    assert slots_in("{law} [{law} {publisher}](https://x.example) {other}") == {"law", "publisher"}
    assert slots_in(r"\{law\}") == frozenset()


@pytest.mark.parametrize(
    ("source", "faults", "slots"),
    [
        pytest.param("Sound, by {law} of {publisher}.", [], {"law", "publisher"}, id="sound"),
        pytest.param("Sound, without any.", [], set(), id="without slots"),
        pytest.param("# {law}", [(1, 1, "heading")], {"law"}, id="faulty"),
    ],
)
def test_asking_again_changes_no_answer(source, faults, slots):
    """What is remembered of a text is what is found in it, also where it is faulty, and whichever is asked first."""
    source = f"{source} "  # no other test asks about it
    assert slots_in(source) == slots
    for _ in range(2):
        assert codes(source) == faults
        assert slots_in(source) == slots


def test_slot_without_a_value_does_not_fail():
    """A publisher that nobody knows leaves an ellipsis: the notice is shown."""
    assert render_markdown("By {publisher}.", {}) == (f"<p>By {MISSING}.</p>", f"By {MISSING}.")


@pytest.mark.parametrize("value", ["*x*", "<b>x</b>", "[x](javascript:y)", "{law}", "&lt;", "a\n\nb"])
def test_slot_values_are_text(value):
    """What fills a slot is never Markdown, HTML or another slot."""
    html, plain = render_markdown("{publisher}", {"publisher": value, "law": "no"})
    shown = " ".join(value.split())
    assert plain == shown
    assert html == f"<p>{shown.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</p>"


def test_text_with_faults_is_given_as_written():
    """Rendering a faulty text acts on nothing in it and loses nothing of it."""
    html, plain = render_markdown("a <script>x</script>\n\n[b](javascript:c)", SLOTS)
    assert html == "<p>a &lt;script&gt;x&lt;/script&gt;</p><p>[b](javascript:c)</p>"
    assert plain == "a <script>x</script>\n\n[b](javascript:c)"


# What an independent sanitiser may keep: nothing else can be in what we render.
ALLOWED = {
    "tags": {"p", "em", "strong", "a", "ul", "ol", "li"},
    "attributes": {"a": {"href", "rel", "referrerpolicy"}, "ol": {"start"}},
    "url_schemes": {"https", "mailto", "http"},
    "link_rel": None,
}
PIECES = st.sampled_from(
    [
        "a",
        "b c",
        " ",
        "\n",
        "\n\n",
        "*",
        "**",
        "_",
        "[",
        "]",
        "(",
        ")",
        "](",
        "https://x.example",
        "mailto:a@b.example",
        "javascript:x",
        "<",
        ">",
        "<b>",
        "</p>",
        "&amp;",
        "&",
        "- ",
        "1. ",
        "  ",
        "    ",
        "#",
        "`",
        "```",
        "> ",
        "---",
        "|",
        "{law}",
        "{",
        "}",
        "{{",
        "\\",
        "!",
        "~~",
        "\t",
        "<https://x.example>",
        "'",
        '"',
        "я",
        "中",
    ]
)
SOURCES = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40)


@settings(max_examples=400, deadline=None)
@given(SOURCES, st.text(max_size=8))
def test_rendering_never_holds_more_than_the_language(source, value):
    """For any source and slots an independent sanitiser finds nothing to take out of the HTML."""
    html, _ = render_markdown(source, {"publisher": value, "law": value})
    # Only tags are compared: a parser has its own mind on line ends, NUL and no-break spaces in text.
    assert re.findall("<[^>]*>", nh3.clean(html, **ALLOWED)) == re.findall("<[^>]*>", html)


@settings(max_examples=400, deadline=None)
@given(SOURCES)
def test_faults_lie_within_the_source(source):
    """Every fault has a line and a column that the source has, and the answer is the same each time."""
    lines = re.split("\r\n|\r|\n", source)
    for fault in check_markdown(source):
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= max(len(lines[fault.line - 1]), 0) + 1


@settings(max_examples=300, deadline=None)
@given(SOURCES)
def test_sound_text_loses_no_word(source):
    """Of a text without faults every letter reaches the reader, in HTML and in plain."""
    if check_markdown(source):
        return
    html, plain = render_markdown(source, SLOTS)
    spoken = [sign for sign in re.sub(r"\]\([^)]*\)|<[^>]*>|\{law\}", "", source) if sign.isalpha()]
    for text in (re.sub("<[^>]*>", "", html).replace("&amp;", "").replace("&lt;", "").replace("&gt;", ""), plain):
        left = iter(text)
        assert all(sign in left for sign in spoken)


def test_deep_nesting_is_bounded():
    """A thousand nested lists, quotes or brackets end in faults, not in a crash."""
    for source in (
        "- " * 1000 + "a",
        "> " * 1000 + "a",
        "[" * 1000 + "a",
        "*a " * 1000,
        "".join(f"{'  ' * n}- a\n" for n in range(60)),
    ):
        assert isinstance(check_markdown(source), tuple)
        assert render_markdown(source, SLOTS).plain
