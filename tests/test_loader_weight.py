"""What large folders weigh: nodes that wait are bytes, files are let go of, and equal values are one."""

from __future__ import annotations

import gc
import random
import sys
import tracemalloc
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.document import Listing, PackedNodes, Scalar, Table, read_document
from notices.loader import parse_documents
from tests.rules_text import SOUND, source

if TYPE_CHECKING:
    from notices.document.nodes import Node

HEAD = """\
defaults: {timezone: Europe/Prague, language: en, publisher: courier}
publishers:
  courier: {name: {en: The Courier}, hosts: [courier.example]}
"""
RULE = """\
  rule-{number:05}:
    title: Rule {number}
    kind: reader-safety
    status: active
    where: [{where}]
    when: {{from: 2024-0{month}-01}}
    pages: {{paths: [/section-{section}/**]}}
    show: {{at: [after-article], level: warning, languages: [page, en]}}
    text:
      en: "Readers of {{publisher}}: **notice {number}**. In this country sharing can be punished: {{law}}."
      ru: "Читателям {{publisher}}: **уведомление {number}**. В этой стране за репост могут наказать: {{law}}."
    law: ["Act {number}"]
    owner: desk
    review-by: 2099-02-01
"""


def folder(size: int, a_file: int = 25) -> dict[str, bytes]:
    chance, files = random.Random(size), {"defaults.yaml": HEAD.encode()}
    for first in range(0, size, a_file):
        rules = "".join(
            RULE.format(
                number=number,
                where=chance.choice(("RU", "DE, AT", "eu", "RU, russia-controlled-ukraine")),
                month=chance.randrange(1, 9),
                section=chance.randrange(30),
            )
            for number in range(first, min(first + a_file, size))
        )
        files[f"rules-{first:05}.yaml"] = f"rules:\n{rules}".encode()
    return files


def tables_alive() -> int:
    """How many mappings of YAML there are: each holds on to its class, and the collector does not know them."""
    return sys.getrefcount(Table)


class Watched(Mapping[str, bytes]):
    """Files that count, whenever one is read, the mappings of YAML that are alive."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.alive = files, []

    def __getitem__(self, path: str) -> bytes:
        self.alive.append(tables_alive())
        return self.files[path]

    def __iter__(self):
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def test_the_nodes_of_a_file_are_gone_when_the_next_but_one_is_read():
    """A folder of twenty files never holds the nodes of more than two of them."""
    files = Watched(folder(100, a_file=5))
    ruleset, problems = parse_documents(files)
    assert problems == ()
    assert len(ruleset.rules) == 100
    tables_of_a_file = 1 + 1 + 5 * 5  # the file, its rules, and each rule with when, pages, show and text
    before, read = files.alive[0], files.alive[-20:]
    assert max(read) <= before + 2 * tables_of_a_file + 20


def test_no_node_outlives_the_loading():
    """What is served holds values alone."""
    before = tables_alive()
    ruleset, _ = parse_documents(folder(10))
    gc.collect()
    assert len(ruleset.rules) == 10
    assert tables_alive() <= before


def test_a_rule_in_two_languages_weighs_less_than_its_source_five_times():
    """The memory of what is loaded grows by at most five bytes for one of YAML."""

    def weight(size: int) -> tuple[int, int]:
        files = folder(size)
        gc.collect()
        tracemalloc.start()
        try:
            ruleset, problems = parse_documents(files)
            gc.collect()
            held = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        assert problems == ()
        assert len(ruleset.rules) == size
        return held, sum(map(len, files.values()))

    parse_documents(folder(120))  # what is remembered of texts is bounded, and there already
    (small, source_of_small), (large, source_of_large) = weight(40), weight(120)
    assert large - small < 5 * (source_of_large - source_of_small)


SHARED = """\
  second:
    title: Another
    kind: reader-safety
    status: active
    where: {other}
    text: {{en: Hello}}
    owner: legal-desk
    review-by: 2027-01-01
"""


def test_rules_share_what_they_have_in_common():
    """Equal places, pages, periods and forms are one object; so rules of one desk cost little more than their texts."""
    common = {"pages": "{tags: [a, b]}", "show": "{at: [top], level: legal}", "when": "{from: 2024-02-20}"}
    lines = "".join(f"    {key}: {value}\n" for key, value in common.items())
    ruleset, problems = parse_documents(
        {"a.yaml": (SOUND + lines + SHARED.format(other="RU") + lines.replace("[a, b]", "[b, a]")).encode()}
    )
    assert problems == ()
    first, second = ruleset.rules.values()
    for name in ("where", "pages", "display", "windows", "unsure", "features", "law", "review_by"):
        assert getattr(first, name) is getattr(second, name), name
    assert first.texts is not second.texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("[RU]", "[UA]", id="region"),
        pytest.param("[RU, UA]", "{any: [RU], except: [UA]}", id="exception"),
        pytest.param("[crimea]", "[UA-43, UA-40]", id="a set and what is in it"),
        pytest.param("[UA-14]", "[{code: UA-14, part: true}]", id="part"),
        pytest.param("[UA-14]", "[{code: UA-14, from: 2024-01-01}]", id="date"),
    ],
)
def test_places_that_differ_are_not_shared(one, other):
    """What is shared is equal in everything that a rule can say of a place."""
    ruleset, problems = parse_documents({"a.yaml": (source(where=one) + SHARED.format(other=other)).encode()})
    assert [problem for problem in problems if problem.level == "error"] == []
    first, second = ruleset.rules.values()
    assert first.where != second.where


WRITTEN = """\
plain: a word
quoted: "with \\t an escape"
single: 'it''s'
block: |
  two
  lines
list: [NO, on, [deep, {er: 1}], {}]
"ключ": 😀
empty:
anchored: &a {x: [1, 2]}
alias: *a
"""


def test_a_packed_node_comes_back_as_it_was():
    """Texts, sources, quotes and places are all there, of every kind of node."""
    node, problems = read_document("a/b.yaml", WRITTEN.encode())
    assert problems == ()
    assert isinstance(node, Table)
    packed = PackedNodes()
    packed["whole"] = node
    for key, value in node.entries:
        packed[key.text] = value
    assert packed["whole"] == node
    assert [packed[key.text] for key, _ in node.entries] == [value for _, value in node.entries]
    assert list(packed) == ["whole", *(key.text for key, _ in node.entries)]
    quoted = packed["quoted"]
    assert isinstance(quoted, Scalar)
    assert (quoted.text, quoted.raw, quoted.quoted) == ("with \t an escape", '"with \\t an escape"', True)
    assert (quoted.mark.path, quoted.mark.line, quoted.mark.column) == ("a/b.yaml", 2, 9)


def test_packed_nodes_are_a_mapping():
    """They can be looked for, replaced and forgotten by name."""
    packed = PackedNodes()
    packed["a"] = Scalar("a.yaml", 1, 2, "text")
    assert "a" in packed
    assert packed.get("b") is None
    packed["a"] = Listing("b.yaml", 3, 4, ())
    assert packed["a"] == Listing("b.yaml", 3, 4, ())
    del packed["a"]
    assert len(packed) == 0
    with pytest.raises(KeyError):
        packed["a"]


places = st.tuples(st.sampled_from(["a.yaml", "b.yaml"]), st.integers(1, 10**6), st.integers(1, 10**4))
texts = st.text(st.characters(exclude_categories=[]), max_size=100)
scalars = st.builds(lambda place, *rest: Scalar(*place, *rest), places, texts, texts, st.booleans())
nodes: st.SearchStrategy[Node] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.builds(lambda place, items: Listing(*place, tuple(items)), places, st.lists(inner, max_size=4)),
        st.builds(
            lambda place, entries: Table(*place, tuple(entries)),
            places,
            st.lists(st.tuples(scalars, inner), max_size=4),
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=80)
@given(node=nodes)
def test_any_node_comes_back_as_it_was(node):
    """Whatever a text holds, lone surrogates too, and whichever files the parts of a node are from."""
    packed = PackedNodes()
    packed["a"] = node
    assert packed["a"] == node


def test_a_circle_is_found_where_it_is_written():
    """What is kept of rules that supersede others is enough to say where, in a file that was let go of."""
    first = SOUND + "    supersedes: [second]\n"
    second = "rules:\n" + SHARED.format(other="RU") + "    supersedes: [first]\n"
    _, problems = parse_documents({"a.yaml": first.encode(), "b.yaml": second.encode()})
    assert [(one.path, one.line, one.column, one.code) for one in problems] == [("a.yaml", 13, 18, "supersedes-cycle")]
