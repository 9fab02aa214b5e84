"""Rules of the pack that a folder adopts: what they need is fetched, and the folder's few lines are laid over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.document import Listing, Scalar, Table, read_document

from .adopting import ADOPTION
from .desk import suggest
from .sections import Named, read_or_none
from .shelf import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notices.document import Node

    from .desk import Desk
    from .record import Fields
    from .sections import Gathered

#: What a site says for itself: the pack's own values of these never count.
_OWN = frozenset({"status", "owner", "review-by", "examples", "stances"})
#: Keys of an adoption that are no keys of a rule.
_NOT_OF_RULE = frozenset({"publishers", "stance"})


def fetch(desk: Desk, gathered: Gathered) -> None:
    """Add to *gathered* what its adoptions need of the pack: rules with their region sets, and publishers."""
    adopted, rules = gathered.named["adopt"], gathered.named["rules"]
    for id_, key in list(adopted.keys.items()):
        if id_ in rules.keys:
            continue
        found = desk.shelf.rule(id_)
        if found is not None:
            document, problems = read_document(*found)
            desk.problems.extend(problems)
            _take(gathered, "regions", document)
            _take(gathered, "rules", document, {id_})
        if id_ not in rules.keys:
            known = {*rules.keys, *desk.shelf.rules}
            message = f"neither the folder nor the pack has a rule {id_!r}"
            desk.error(key.mark, "unknown-rule", message, suggest(id_, known))
            adopted.drop(id_)
    _fetch_publishers(desk, gathered)
    _fetch_events(desk, gathered)


def _take(gathered: Gathered, section: str, document: Node | None, names: Iterable[str] | None = None) -> None:
    """Add the entries of one section of a pack's file, those *names* alone; what the folder has itself stays."""
    named = gathered.named[section]
    for key, value in _entries(_value(document, section)):
        if key.text not in named.keys and (names is None or key.text in names):
            named.keys[key.text], named.nodes[key.text] = key, value


def _fetch_publishers(desk: Desk, gathered: Gathered) -> None:
    """Add the pack's publishers that are named, with what they are part of, and what is part of them."""
    named = gathered.named["publishers"]
    adopted = gathered.named["adopt"].nodes
    patterns = [gathered.named["rules"].nodes[id_] for id_ in adopted]
    wanted = {text for node in adopted.values() for text in _texts(_value(node, "publishers"))}
    wanted |= {text for node in named.nodes.values() for text in _texts(_value(node, "part-of"))}
    wanted -= named.keys.keys()
    mentioning = any(_value(_value(pattern, "pages"), "mentioned-statuses") for pattern in patterns)
    if not wanted and not mentioning:
        return
    found = desk.shelf.publishers()
    document, problems = read_document(*found) if found else (None, ())
    desk.problems.extend(problems)
    parents = {
        key.text: set(_texts(_value(value, "part-of"))) for key, value in _entries(_value(document, "publishers"))
    }
    _take(gathered, "publishers", document, parents if mentioning else _family(wanted, parents))


def _fetch_events(desk: Desk, gathered: Gathered) -> None:
    """Add the pack's events that periods are told by and the folder has not got."""
    for node in (*gathered.named["rules"].nodes.values(), *gathered.named["adopt"].nodes.values()):
        when = _value(node, "when")
        for period in when.items if isinstance(when, Listing) else (when,):
            for id_ in _texts(_value(period, "event")):
                found = None if id_ in gathered.named["events"].keys else desk.shelf.events(id_)
                if found is not None:
                    document, problems = read_document(*found)
                    desk.problems.extend(problems)
                    _take(gathered, "events", document, {id_})


def _family(wanted: set[str], parents: dict[str, set[str]]) -> set[str]:
    """*wanted* with all above and below them, as *parents* tells."""
    found = set(wanted)
    while True:
        more = {above for name in found for above in parents.get(name, ())}
        more |= {name for name, above in parents.items() if above & found}
        if more <= found:
            return found
        found |= more


def lay_over(desk: Desk, gathered: Gathered) -> Named:
    """Put adopted rules in the place of the pack's; gives the pack's own that stand in the folder, as written."""
    rules, patterns = gathered.named["rules"], Named()
    for id_, node in gathered.named["adopt"].nodes.items():
        key, pattern = gathered.named["adopt"].keys[id_], rules.nodes[id_]
        fields = read_or_none(desk, ADOPTION, node)
        if fields is None or not isinstance(pattern, Table):
            continue
        if any(_texts(_value(pattern, "status"), "active")):
            message = f"the rule {id_!r} is active by itself, and adopted as well"
            desk.error(key.mark, "duplicate-id", message, "write 'status: draft' in the rule, or do not adopt it")
            continue
        if not pattern.mark.path.startswith(PREFIX):
            patterns.keys[id_], patterns.nodes[id_] = rules.keys[id_], pattern
        rules.keys[id_], rules.nodes[id_] = key, _merged(desk, gathered, fields, key, pattern)
    return patterns


def _merged(desk: Desk, gathered: Gathered, fields: Fields, key: Scalar, pattern: Table) -> Table:
    entries = {name.text: (name, value) for name, value in pattern.entries if name.text not in _OWN}
    entries |= _stance(desk, fields, key, pattern)
    text = (
        _joined(entries["text"][1], fields.nodes["text"]) if {"text"} <= entries.keys() & fields.nodes.keys() else None
    )
    entries |= {name: (fields.keys[name], fields.nodes[name]) for name in fields.nodes if name not in _NOT_OF_RULE}
    if text is not None:
        entries["text"] = (fields.keys["text"], text)
    entries["pages"] = (
        Scalar("pages", key.mark),
        _narrowed(entries["pages"][1] if "pages" in entries else None, fields),
    )
    if "supersedes" in entries:
        entries["supersedes"] = (Scalar("supersedes", key.mark), _known(desk, gathered, entries["supersedes"][1]))
    entries["status"] = (Scalar("status", key.mark), _status(desk, fields, key, pattern))
    return Table(tuple(entries.values()), fields.mark)


def _status(desk: Desk, fields: Fields, key: Scalar, pattern: Table) -> Node:
    """What the adoption says, else active; a rule of low confidence stays a draft, with an error."""
    status = fields.nodes.get("status", Scalar("active", key.mark))
    if fields.get("status", "active") == "active" and any(_texts(_value(pattern, "confidence"), "low")):
        message = f"the pack marks {key.text!r} with low confidence: it may not be active"
        fix = "write 'status: draft' until its facts are confirmed"
        desk.error(fields.mark_of("status") if "status" in fields else key.mark, "low-confidence", message, fix)
        return Scalar("draft", key.mark)
    return status


def _stance(desk: Desk, fields: Fields, key: Scalar, pattern: Table) -> dict[str, tuple[Scalar, Node]]:
    """The keys of the stance that the adoption takes."""
    taken = fields.get("stance")
    if taken is None:
        return {}
    stances = {name.text: value for name, value in _entries(_value(pattern, "stances"))}
    if taken not in stances:
        message = f"the rule {key.text!r} has no stance {taken!r}"
        fix = suggest(taken, stances)
        if taken == "decline":
            fix = "to decline is to adopt nothing: delete these lines"
        desk.error(fields.mark_of("stance"), "unknown-stance", message, fix)
    return {name.text: (name, value) for name, value in _entries(stances.get(taken))}


def _joined(texts: Node, own: Node) -> Node:
    """The pack's texts with the site's in the place of those in the same language; dated ones are replaced as one."""
    if not isinstance(texts, Table) or not isinstance(own, Table):
        return own
    written = {tag.text.lower(): (tag, value) for tag, value in (*texts.entries, *own.entries)}
    return Table(tuple(written.values()), own.mark)


def _narrowed(pages: Node | None, fields: Fields) -> Table:
    """The pack rule's pages, of the adopting publishers alone."""
    others = ((name, value) for name, value in _entries(pages) if name.text != "publishers")
    return Table(((fields.keys["publishers"], fields.nodes["publishers"]), *others), fields.mark)


def _known(desk: Desk, gathered: Gathered, supersedes: Node) -> Node:
    """Without rules of the pack that the folder has not got."""
    rules = gathered.named["rules"].keys
    items = supersedes.items if isinstance(supersedes, Listing) else (supersedes,)
    kept = tuple(
        one for one in items if not isinstance(one, Scalar) or one.text in rules or one.text not in desk.shelf.rules
    )
    return Listing(kept, supersedes.mark)


def _entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Table) else ()


def _value(node: Node | None, key: str) -> Node | None:
    return next((value for name, value in _entries(node) if name.text == key), None)


def _texts(node: Node | None, only: str | None = None) -> Iterator[str]:
    """The text of a scalar, or of each in a list; of those the ones that say *only*."""
    for one in node.items if isinstance(node, Listing) else (node,):
        if isinstance(one, Scalar) and only in (None, one.text):
            yield one.text
