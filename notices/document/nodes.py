"""YAML text as nodes that know their line and column; every scalar stays the text that the editor wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec
import yaml

from notices.errors import Problem
from notices.ruleset import Mark

from .mistakes import explain_mistake
from .text import UnreadableError, decode, find_tabs, mark_at, source_offset

#: Of a file that uses anchors, after every alias is replaced by what it names.
MAX_NODES = 10_000
MAX_DEPTH = 40

_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: An anchor and a tag before a scalar.
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")
#: Texts up to this length are kept once for a file.
_SHORT = 24
_YAML_ORG = "tag:yaml.org,2002:"


class _Placed(msgspec.Struct, frozen=True, gc=False):
    """Where a node stands; there are fifty to a rule, and only a problem asks for their marks.

    No node is in a circle, so that the collector need not walk them.
    """

    path: str
    line: int
    column: int

    @property
    def mark(self) -> Mark:
        """Where the node begins."""
        return Mark(*self.place)

    @property
    def place(self) -> tuple[str, int, int]:
        """The same as plain values, the first of every node's."""
        return self.path, self.line, self.column


class Scalar(_Placed, frozen=True, gc=False):
    """A text; ``raw`` is its source, quotes included, and ``quoted`` whether it has quotes or is a block."""

    text: str
    raw: str = ""
    quoted: bool = False

    def mark_within(self, line: int, column: int) -> Mark:
        """Where in the file the character stands that is at *line* and *column* (from 1) of the text."""
        above = self.text.split("\n")[: line - 1]
        offset = sum(len(one) + 1 for one in above) + column - 1
        return mark_at(self.mark, self.raw, source_offset(self.raw, self.quoted, self.text, offset))


class Listing(_Placed, frozen=True, gc=False):
    """A sequence of nodes."""

    items: tuple[Node, ...]


class Table(_Placed, frozen=True, gc=False):
    """A mapping, in the order written; the keys are unique."""

    entries: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Listing | Table


def scalar_in(node: Node, text: str) -> Scalar | None:
    """The first scalar, keys included, that says *text*."""
    if isinstance(node, Scalar):
        return node if node.text == text else None
    within = node.items if isinstance(node, Listing) else [part for entry in node.entries for part in entry]
    return next(filter(None, (scalar_in(part, text) for part in within)), None)


def read_document(path: str, data: bytes, *, parser: Any = _FASTEST) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read one file's bytes; None where there is nothing in it, or where it cannot be read at all.

    *path* is for the marks; *parser* is a PyYAML loader class.  Problems: ``too-large``, ``not-utf8``,
    ``control-character``, ``empty-file``, ``tab``, ``syntax``, ``several-documents``, ``duplicate-key``,
    ``too-many-nodes``, ``too-deep``, ``recursive-anchor``, ``yaml-tag``.
    """
    try:
        text = decode(path, data)
    except UnreadableError as error:
        return None, (error.problem,)
    if not text.strip():
        # A file that a program cut to nothing, or has not filled yet, must not take live rules away.
        fix = "write rules into it, or delete it"
        return None, (Problem(path, 1, 1, "error", "empty-file", "there is nothing in this file", fix),)
    tabs = tuple(find_tabs(path, text))
    # A space keeps every column where it was, so that the rest of the file can be checked as well.
    builder = _Builder(path, text.replace("\t", " "))
    try:
        return builder.build(parser), (*tabs, *builder.problems)
    except UnreadableError as error:
        # Behind a tab, the parser's complaint is most likely about the tab.
        return None, tabs if tabs and error.problem.code == "syntax" else (*tabs, *builder.problems, error.problem)


@dataclass(slots=True)
class _Open:
    """A collection that the parser is inside of; ``size`` counts its nodes, aliases replaced."""

    line: int
    column: int
    table: bool
    anchor: str | None
    nodes: list[Node]
    size: int = 1


class _Builder:
    """Builds nodes from parse events, without recursion, and stops before an alias blows up."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.texts: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.root: Node | None = None
        self.documents = 0
        self.size = 0
        self.last_alias: Mark | None = None

    def build(self, parser: Any) -> Node | None:
        try:
            for event in yaml.parse(self.text, Loader=parser):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            line, column, message, fix = explain_mistake(error, self.text)
            raise UnreadableError(Mark(self.path, line, column), "syntax", message, fix) from None
        except yaml.YAMLError as error:
            raise UnreadableError(Mark(self.path, 1, 1), "syntax", f"this is no YAML ({error})") from None
        return self.root

    def _take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._start(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end()
            case yaml.DocumentStartEvent():
                self._document(event)

    def _mark(self, event: Any) -> Mark:
        return Mark(self.path, event.start_mark.line + 1, event.start_mark.column + 1)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            message = "a second document begins here, and a rules file holds one"
            raise UnreadableError(
                self._mark(event), "several-documents", message, "delete the line '---' or use two files"
            )

    def _check_tag(self, event: Any, usual: str) -> None:
        if event.tag not in (None, "!", _YAML_ORG + usual):
            message = f"the YAML tag {event.tag!r} means nothing here"
            raise UnreadableError(self._mark(event), "yaml-tag", message, "delete it: a value's key says what it is")

    def _scalar(self, event: Any) -> None:
        self._check_tag(event, "str")
        raw = self.text[event.start_mark.index : event.end_mark.index]
        # Keys, codes and words are written again and again, and most scalars as they read: one text stands for all.
        text = self.texts.setdefault(event.value, event.value) if len(event.value) <= _SHORT else event.value
        raw = text if raw == text else raw
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        properties = _PROPERTIES.match(raw) if event.anchor or event.tag else None
        if properties:
            mark, raw = mark_at(self._mark(event), raw, properties.end()), raw[properties.end() :]
            line, column = mark.line, mark.column
        self._add(Scalar(self.path, line, column, text, raw, bool(event.style)), event.anchor, 1)
        self._count(1)

    def _alias(self, event: Any) -> None:
        mark, name = self._mark(event), event.anchor
        if any(one.anchor == name for one in self.open):
            raise UnreadableError(
                mark, "recursive-anchor", f"*{name} stands inside of &{name} itself", "write the value out"
            )
        if name not in self.anchors:
            fix = f"write &{name} before the value to repeat, or put the text in quotes"
            raise UnreadableError(mark, "syntax", f"no anchor &{name} stands above *{name}", fix)
        node, size = self.anchors[name]
        self.last_alias = mark
        self._add(node, None, size)
        self._count(size)

    def _start(self, event: Any) -> None:
        table = isinstance(event, yaml.MappingStartEvent)
        self._check_tag(event, "map" if table else "seq")
        mark = self._mark(event)
        if len(self.open) >= MAX_DEPTH:
            message = f"lists and mappings stand more than {MAX_DEPTH} deep in each other"
            raise UnreadableError(mark, "too-deep", message, "look for brackets that are not closed")
        self.open.append(_Open(mark.line, mark.column, table, event.anchor, []))
        self._count(1)

    def _end(self) -> None:
        done = self.open.pop()
        place = self.path, done.line, done.column
        node = Table(*place, self._entries(done)) if done.table else Listing(*place, tuple(done.nodes))
        self._add(node, done.anchor, done.size)

    def _entries(self, done: _Open) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        merged: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(done.nodes[::2], done.nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                fix = "write a word before the colon; a text in braces or brackets goes in quotes"
                raise UnreadableError(key.mark, "syntax", "a list or mapping stands where a key belongs", fix)
            if key.text == "<<" and not key.quoted:
                self.problems.append(_merged(key))
                # What it would merge is read as if written out, so that no key is called missing because of it.
                merged |= {one[0].text: one for one in (value.entries if isinstance(value, Table) else ())}
            elif key.text in entries:
                self.problems.append(_duplicate(key, entries[key.text][0]))
            else:
                entries[key.text] = key, value
        return tuple((merged | entries).values())

    def _add(self, node: Node, anchor: str | None, size: int) -> None:
        if anchor:
            self.anchors[anchor] = node, size
        if self.open:
            self.open[-1].nodes.append(node)
            self.open[-1].size += size
        else:
            self.root = node

    def _count(self, nodes: int) -> None:
        self.size += nodes
        if self.last_alias and self.size > MAX_NODES:
            message = f"with its anchors repeated, this file has more than {MAX_NODES:,} nodes"
            raise UnreadableError(self.last_alias, "too-many-nodes", message, "write the values out or split the file")


def _merged(key: Scalar) -> Problem:
    mark, message = key.mark, "the merge key '<<' is not part of the rule language"
    return Problem(mark.path, mark.line, mark.column, "error", "unknown-key", message, "write the keys out")


def _duplicate(key: Scalar, first: Scalar) -> Problem:
    message = f"the key {key.text!r} stands twice, first in line {first.mark.line}"
    return Problem(
        key.mark.path, key.mark.line, key.mark.column, "error", "duplicate-key", message, "delete one of the two"
    )
