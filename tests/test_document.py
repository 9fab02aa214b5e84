"""YAML as nodes: what stands where, and every way in which a file can be unreadable."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.document import Listing, Scalar, Table, read_document, scalar_in

PARSERS = [pytest.param(yaml.CSafeLoader, id="C parser"), pytest.param(yaml.SafeLoader, id="Python parser")]


def found(data: bytes | str, **options) -> list[tuple[int, int, str]]:
    source = data.encode() if isinstance(data, str) else data
    _, problems = read_document("a.yaml", source, **options)
    return [(problem.line, problem.column, problem.code) for problem in problems]


def test_scalars_stay_the_text_that_was_written():
    """The Norway problem is closed: no word, number or date is typed before its key is known."""
    node, problems = read_document("a.yaml", b"[NO, on, yes, 2024-02-20, 0x10, 1_000, ~, null, '43', 043, 12:30:45]")
    assert problems == ()
    assert isinstance(node, Listing)
    texts = ["NO", "on", "yes", "2024-02-20", "0x10", "1_000", "~", "null", "43", "043", "12:30:45"]
    assert [item.text for item in node.items] == texts


@pytest.mark.parametrize("parser", PARSERS)
def test_nodes_know_line_and_column(parser):
    """Lines and columns count characters from 1, also after Cyrillic, emoji, CRLF and a byte order mark."""
    source = "\ufeffприклад: 😀\r\nlist:\r\n  - {a: b, c: &x d}\r\n  - *x\r\n".encode()
    node, problems = read_document("a.yaml", source, parser=parser)
    assert problems == ()
    marks = {}

    def walk(one):
        if isinstance(one, Scalar):
            marks.setdefault(one.text, (one.mark.line, one.mark.column))
        for part in one.items if isinstance(one, Listing) else ():
            walk(part)
        for key, value in one.entries if isinstance(one, Table) else ():
            walk(key)
            walk(value)

    walk(node)
    assert marks == {
        "приклад": (1, 1),
        "😀": (1, 10),
        "list": (2, 1),
        "a": (3, 6),
        "b": (3, 9),
        "c": (3, 12),
        "d": (3, 18),
    }


UNREADABLE = [
    pytest.param(b"a: 1\nb: \xff\n", [(2, 4, "not-utf8")], id="byte that is not UTF-8"),
    pytest.param("текст: ".encode() + b"\xe9t\xe9", [(1, 8, "not-utf8")], id="Latin-1 after Cyrillic"),
    pytest.param("a: б".encode("utf-16"), [(1, 1, "not-utf8")], id="UTF-16"),
    pytest.param(b"a: 1\nbb: x\x07y\n", [(2, 6, "control-character")], id="control character"),
    pytest.param(b"a: \x00", [(1, 4, "control-character")], id="NUL"),
    pytest.param(b"a: 1\nb:\n\tc: 2\n\td: 3\n", [(3, 1, "tab")], id="tabs in two lines are one problem"),
    pytest.param(b"a: x\ty\nb: 1\nb: 2\n", [(1, 5, "tab"), (3, 1, "duplicate-key")], id="what is wrong after a tab"),
    pytest.param(b"a: 1\nb: 2\na: 3\n", [(3, 1, "duplicate-key")], id="a key twice"),
    pytest.param(b"a: {b: 1, 'b': 2}", [(1, 11, "duplicate-key")], id="a key twice, once in quotes"),
    pytest.param(b"a: 1\n---\nb: 2\n", [(2, 1, "several-documents")], id="two documents"),
    pytest.param(b"a: [1, 2\nb: 3\n", [(2, 2, "syntax")], id="a list that is not closed"),
    pytest.param(b"a: 'x\n", [(1, 4, "syntax")], id="a quote that is not closed"),
    pytest.param(b"a: b: c\n", [(1, 5, "syntax")], id="two colons"),
    pytest.param("text: “a: b”".encode(), [(1, 9, "syntax")], id="smart quotes around a colon"),
    pytest.param(b"a: @x\n", [(1, 4, "syntax")], id="a text that begins with @"),
    pytest.param(b"a: *x\n", [(1, 4, "syntax")], id="an alias without its anchor"),
    pytest.param(b"a: &x [1, *x]\n", [(1, 11, "recursive-anchor")], id="an anchor that holds itself"),
    pytest.param(b"{[a, b]: c}\n", [(1, 2, "syntax")], id="a list as a key"),
    pytest.param(b"a: !!python/object/apply:os.system [ls]\n", [(1, 4, "yaml-tag")], id="a Python object"),
    pytest.param(b"a: !!int 3\n", [(1, 4, "yaml-tag")], id="a tag on a number"),
    pytest.param(b"a: " + b"[" * 60 + b"]" * 60, [(1, 43, "too-deep")], id="sixty brackets"),
    pytest.param(b"#" * (1024 * 1024 + 1), [(1, 1, "too-large")], id="one byte over a mebibyte"),
]


@pytest.mark.parametrize(("source", "expected"), UNREADABLE)
def test_what_cannot_be_read_has_a_place_and_a_code(source, expected):
    """Each way in which a file is no readable YAML is one problem where it begins."""
    assert found(source) == expected


@pytest.mark.parametrize(("source", "expected"), UNREADABLE)
def test_both_parsers_find_the_same(source, expected):
    """Without the C extension, places and codes stay what they are."""
    assert found(source, parser=yaml.SafeLoader) == expected


@pytest.mark.parametrize(
    ("source", "words", "fix"),
    [
        pytest.param("a: b: c", "a colon stands where no key can be", "put the text in quotes", id="colon"),
        pytest.param(
            "title: “a: b”", "a colon stands where no key can be", "'“' is no quote for YAML", id="smart quote"
        ),
        pytest.param(
            "a:\n  - [x\nb: 1", "the list that opens in line 2 is not closed here", "write ',' or ']'", id="list"
        ),
        pytest.param(
            "a: {x: 1\nb: 1", "the mapping that opens in line 1 is not closed here", "write ',' or '}'", id="mapping"
        ),
        pytest.param("a: %x", "a text cannot begin with '%'", "put the text in quotes", id="percent"),
        pytest.param('a: "\\q"', "this escape has no meaning between double quotes", "use single quotes", id="escape"),
        pytest.param("a: 1\n  b: 2", "a colon stands where no key can be", "check the indentation", id="indentation"),
        pytest.param("a:\n  - b\n  c: d", "this line does not continue the list above it", "indent it", id="list end"),
        pytest.param(
            "a: 'it's'",
            'something stands behind the "\'" that closes the value',
            "put double quotes around",
            id="apostrophe",
        ),
        pytest.param(
            "a: {publisher} is bad",
            "something stands behind the '}' that closes the value",
            "put the whole text in quotes: YAML ends one that begins with '{' here",
            id="a text that begins with a slot",
        ),
        pytest.param(
            'a: {x: "1" y: "2"}', "something stands behind", "write ',' between two values, or", id="no comma"
        ),
        pytest.param("a: |x", "a text block begins on the next line", "start a new line", id="block"),
    ],
)
def test_syntax_errors_speak_to_editors(source, words, fix):
    """A syntax error says what is wrong and what to write, not what the parser was doing."""
    _, problems = read_document("a.yaml", source.encode())
    assert [problem.code for problem in problems] == ["syntax"]
    assert words in problems[0].message
    assert fix in problems[0].fix


@pytest.mark.parametrize(
    ("source", "place", "fix"),
    [
        pytest.param("a:\n  where:[RU]\n  text: x\n", (2, 8), "write 'where: ...'", id="a list without its blank"),
        pytest.param("a:\n  b: c\n  where:RU\n  text: x\n", (3, 8), "write 'where: ...'", id="a code without it"),
        pytest.param("a:\n  where [RU]\n  text: x\n", (2, 3), "write 'where: ...' if it is a key", id="no colon"),
        pytest.param("a:\n  -{x: {y: 1}, z: 2}\n", (2, 3), "write '- ' before", id="a list's item without its blank"),
        pytest.param("a:\n  en: One\n  two.\n  ru: x\n", (3, 3), "stands deeper than its key", id="next line"),
    ],
)
@pytest.mark.parametrize("parser", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)], ids=["py", "c"])
def test_a_line_that_is_no_key_is_named_itself(source, place, fix, parser):
    """Of a colon that is missing or glued to its value its own line is told, not the sound one below."""
    _, (problem,) = read_document("a.yaml", source.encode(), parser=parser)
    assert (problem.line, problem.column) == place
    assert fix in problem.fix


def test_a_tab_names_how_many_lines_have_one():
    """An editor who replaces one tab knows whether there are more."""
    _, problems = read_document("a.yaml", b"a:\n\tb: 1\n\tc: 2\n\td: 3\n")
    message = "a.yaml:2:1: error[tab] a tab character stands here and on 2 more lines"
    assert [str(problem).partition(";")[0] for problem in problems] == [message]


def billion_laughs() -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(lines)


def test_anchors_that_blow_up_are_refused_where_they_do():
    """A few lines whose aliases stand for a billion nodes stop at the alias that goes over ten thousand."""
    assert found(billion_laughs()) == [(4, 45, "too-many-nodes")]


def test_aliases_up_to_ten_thousand_nodes_are_fine():
    """The limit counts nodes after expansion: mapping, keys and all; 9,999 pass and 10,001 do not."""
    item = "x, " * 97
    base = f"base: &b [{item}x]\n"  # root, key, list and 98 items
    fits = base + "more: [" + ", ".join(["*b"] * 100) + "]\n"  # 101 + 2 + 100 * 99 = 10,003
    assert found(fits) == [(2, 404, "too-many-nodes")]
    assert found(base + "more: [" + ", ".join(["*b"] * 99) + "]\n") == []


def test_a_long_file_without_anchors_may_have_more_nodes():
    """The limit is against anchors; a plain file is bounded by its size."""
    assert found("[" + "x, " * 20_000 + "x]") == []


def test_a_file_of_comments_alone_is_no_mistake():
    """What an editor has taken out by hand is out."""
    assert read_document("a.yaml", b"# nothing yet\n") == (None, ())


@pytest.mark.parametrize("data", [b"", b"\n \n"], ids=["no bytes", "white space"])
def test_a_file_cut_to_nothing_is_a_mistake(data):
    """A half-written file must not take its rules from the live set."""
    (problem,) = read_document("a.yaml", data)[1]
    assert str(problem) == (
        "a.yaml:1:1: error[empty-file] there is nothing in this file; write rules into it, or delete it"
    )


POSITIONS = [
    pytest.param("k: plain text", 1, 7, (1, 10), id="plain"),
    pytest.param("k: 'it''s <b>'", 1, 6, (1, 11), id="single quotes with an escaped one"),
    pytest.param('k: "a\\u0441b\\n<b>"', 2, 1, (1, 15), id="double quotes with escapes"),
    pytest.param("k: |\n  first\n  second <b>\n", 2, 8, (3, 10), id="literal block"),
    pytest.param("k: >-\n  one\n  two <b>\n", 1, 9, (3, 7), id="folded block"),
    pytest.param("k: >\n  one\n\n  two <b>\n", 2, 5, (4, 7), id="folded block with a paragraph"),
    pytest.param("k:\n  one\n  two <b>\n", 1, 9, (3, 7), id="plain over two lines"),
    pytest.param("k: 'one\n\n  two <b>'\n", 2, 5, (3, 7), id="quoted over lines"),
    pytest.param("k: &anchor <b>", 1, 1, (1, 12), id="after an anchor"),
    pytest.param("k: |\r\n  first\r\n  <b>\r\n", 2, 1, (3, 3), id="CRLF"),
    pytest.param("k: |2-\n   x\n  <b>", 2, 1, (3, 3), id="block with indicators"),
]


@pytest.mark.parametrize(("source", "line", "column", "expected"), POSITIONS)
def test_places_within_a_text_are_places_in_the_file(source, line, column, expected):
    """A fault inside of a text is shown where the editor sees it, whatever style the text is written in."""
    node, _ = read_document("a.yaml", source.encode())
    mark = node.entries[0][1].mark_within(line, column)
    assert (mark.line, mark.column) == expected


@given(
    words=st.lists(st.text("abcdefgж<", min_size=1, max_size=5), min_size=1, max_size=6),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    width=st.integers(8, 40),
)
@settings(max_examples=150, deadline=None)
def test_every_character_is_found_again(words, style, width):
    """For any style of writing, the character at a place in the text is the character at its place in the file."""
    text = " ".join(words)
    source = yaml.safe_dump({"k": text}, default_style=style, width=width, allow_unicode=True)
    node, problems = read_document("a.yaml", source.encode())
    assert problems == ()
    scalar = node.entries[0][1]
    lines = source.split("\n")
    for offset, char in enumerate(scalar.text):
        if not char.isspace():
            before = scalar.text[:offset].split("\n")
            mark = scalar.mark_within(len(before), len(before[-1]) + 1)
            assert lines[mark.line - 1][mark.column - 1] == char


def test_scalars_are_found_by_their_text():
    """Keys count, the first in order wins, and there may be none."""
    node, _ = read_document("a.yaml", b"a: [x, {y: z}]\nb: z\n")
    assert (scalar_in(node, "z").mark.line, scalar_in(node, "z").mark.column) == (1, 12)
    assert scalar_in(node, "y").mark.column == 9
    assert scalar_in(node, "nothing") is None


def spelled(node):
    """Texts with their places; the two parsers place what is empty differently."""
    if isinstance(node, Scalar):
        return (node.text, node.quoted, (node.mark.line, node.mark.column) if node.text else None)
    if isinstance(node, Listing):
        return [spelled(item) for item in node.items]
    return [(spelled(key), spelled(value)) for key, value in node.entries]


SOUP = st.lists(
    st.sampled_from(
        [
            "a",
            ": ",
            "- ",
            "\n",
            "  ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "'",
            '"',
            "&x ",
            "*x",
            "|",
            ">",
            "#",
            "!",
            "%",
            "?",
            "“",
            "\t",
            "---\n",
            "<<",
        ]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(st.binary(max_size=200), SOUP.map(str.encode)))
@settings(max_examples=250, deadline=None)
def test_any_bytes_give_nodes_or_problems(data):
    """Whatever is in a file, reading it ends in nodes or in problems with a place, by either parser."""
    node, problems = read_document("a.yaml", data)
    assert all(problem.line >= 1 and problem.column >= 1 and problem.message for problem in problems)
    other, _ = read_document("a.yaml", data, parser=yaml.SafeLoader)
    if node is not None and other is not None:
        assert spelled(node) == spelled(other)
