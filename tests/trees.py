"""What two independent parsers build from a page, as plain values; the judges of every test of the injector."""

from __future__ import annotations

from dataclasses import dataclass, field

import turbohtml
from selectolax.lexbor import LexborHTMLParser

#: The notice of the tests: found again in a tree by its attribute.
MARK = "data-test-notice"
NOTICE = b'<aside data-test-notice=""><p>Notice</p></aside>'
LINKED = b'<aside data-test-notice=""><p>Notice <a href="/x">more</a></p></aside>'


@dataclass(eq=False)
class Node:
    """An element, or with a name that begins with ``#`` a text, comment, doctype or document."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None

    def add(self, child: Node) -> Node:
        child.parent = self
        self.children.append(child)
        return child

    def walk(self):
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(reversed(node.children))

    @property
    def elements(self) -> list[Node]:
        return [child for child in self.children if not child.name.startswith("#")]

    @property
    def ancestors(self) -> list[str]:
        found, node = [], self.parent
        while node is not None:
            found.append(node.name)
            node = node.parent
        return found

    def lines(self) -> list[str]:
        """The tree as indented lines, neighbouring texts as one."""
        out: list[str] = []
        todo: list[tuple[int, Node]] = [(0, self)]
        while todo:
            depth, node = todo.pop()
            if node.name == "#text" and out and out[-1].startswith("\x00" * depth + "#text "):
                out[-1] += node.text
                continue
            attributes = " ".join(f"{k}={v!r}" for k, v in sorted(node.attributes.items()))
            out.append("\x00" * depth + f"{node.name} {attributes}{node.text}")
            todo.extend((depth + 1, child) for child in reversed(node.children))
        return out


def turbo_tree(page: str, *, scripting: bool = True) -> Node:
    """The tree of turbohtml; with *scripting*, what a reader's browser builds."""
    document = turbohtml.parse(page, scripting=scripting, positions=False, allow_declarative_shadow_roots=False)
    root = Node("#document")
    todo = [(root, child) for child in reversed(list(document.children))]
    while todo:
        parent, raw = todo.pop()
        node = parent.add(_turbo_node(raw))
        todo.extend((node, child) for child in reversed(list(getattr(raw, "children", ()))))
    return root


def _turbo_node(raw) -> Node:
    kind = type(raw).__name__
    if kind == "Text":
        return Node("#text", text=raw.data)
    if kind == "DocumentFragment":
        return Node("#content")
    if kind != "Element":
        return Node(f"#{kind.lower()}", text=str(getattr(raw, "data", "") or ""))
    attributes = {k: " ".join(v) if isinstance(v, list) else v or "" for k, v in raw.attrs.items()}
    space = raw.namespace.name.lower()
    return Node(raw.tag if space == "html" else f"{space}:{raw.tag}", attributes)


def lexbor_tree(page: str) -> Node:
    """The tree of lexbor, which parses as for a reader without scripts."""
    root = Node("#document")
    todo = [(root, LexborHTMLParser(page).root)]
    while todo:
        parent, raw = todo.pop()
        following = []
        while raw is not None:
            node = parent.add(_lexbor_node(raw))
            if raw.child is not None:
                following.append((node, raw.child))
            raw = raw.next
        todo.extend(following)
    return root


def _lexbor_node(raw) -> Node:
    if raw.tag == "-text":
        return Node("#text", text=raw.text_content)
    if raw.tag == "-comment":
        return Node("#comment", text=raw.comment_content or "")
    return Node(raw.tag, {k: v or "" for k, v in raw.attributes.items()})


def notices(tree: Node) -> list[Node]:
    return [node for node in tree.walk() if MARK in node.attributes]


def without_notices(tree: Node) -> Node:
    """Take the notices out of *tree*, in place."""
    for node in notices(tree):
        assert node.parent is not None
        node.parent.children.remove(node)
    return tree
