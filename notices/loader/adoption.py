"""Rules of the pack that a folder adopts: what they need is fetched, and the folder's few lines are laid over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.document import Listing, Scalar, Table, read_document

from .adopting import ADOPTION
from .desk import suggest
from .glance import entries_of, events_in, texts_of, value_of
from .sections import Named, read_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from notices.document import Node

    from .desk import Desk
    from .record import Fields
    from .sections import Gathered

#: What a site says for itself: the pack's own values of these never count.
_OWN = frozenset({"status", "owner", "review-by", "examples", "stances", "needs"})
#: Keys of an adoption that take the place of none of the rule's: 'pages' joins what the pack asks.
_NOT_OF_RULE = frozenset({"publishers", "stance", "rule", "pages"})


def fetch(desk: Desk, gathered: Gathered) -> dict[str, Table]:
    """The pack's rule that each adoption means, by the adoption's id; what those need is added to *gathered*.

    A rule comes from the folder itself where it is there, else from the pack, with its region sets, publishers and
    events.
    """
    found: dict[str, Table] = {}
    for id_, key in gathered.named["adopt"].keys.items():
        meant = _meant(gathered, id_)
        name = meant.text if meant else id_
        pattern = gathered.named["rules"].nodes.get(name) or _from_pack(desk, gathered, name)
        if isinstance(pattern, Table):
            found[id_] = pattern
        elif pattern is None:
            message = f"neither the folder nor the pack has a rule {name!r}"
            fix = suggest(name, {*gathered.named["rules"].keys, *desk.shelf.rules})
            desk.error((meant or key).mark, "unknown-rule", message, fix)
    _fetch_publishers(desk, gathered, found)
    _fetch_events(desk, gathered, found)
    return found


def _meant(gathered: Gathered, id_: str) -> Scalar | None:
    """The name of the pack's rule where an adoption has another id than that."""
    rule = value_of(gathered.named["adopt"].nodes[id_], "rule")
    return rule if isinstance(rule, Scalar) else None


def _from_pack(desk: Desk, gathered: Gathered, name: str) -> Node | None:
    file = desk.shelf.rule(name)
    if file is None:
        return None
    document, problems = read_document(*file)
    desk.problems.extend(problems)
    _take(gathered, "regions", document)
    return value_of(value_of(document, "rules"), name)


def _take(gathered: Gathered, section: str, document: Node | None, names: Iterable[str] | None = None) -> None:
    """Add the entries of one section of a pack's file, those *names* alone; what the folder has itself stays."""
    named = gathered.named[section]
    for key, value in entries_of(value_of(document, section)):
        if key.text not in named.keys and (names is None or key.text in names):
            named.keys[key.text], named.nodes[key.text] = key, value


def _fetch_publishers(desk: Desk, gathered: Gathered, patterns: Mapping[str, Table]) -> None:
    """Add the pack's publishers that are named, with what they are part of, and what is part of them."""
    named = gathered.named["publishers"]
    adopted = gathered.named["adopt"].nodes
    wanted = {text for node in adopted.values() for text in texts_of(value_of(node, "publishers"))}
    wanted |= {text for node in named.nodes.values() for text in texts_of(value_of(node, "part-of"))}
    if adopted:
        wanted |= set(_named_publishers(gathered))
    wanted -= named.keys.keys()
    mentioning = any(value_of(value_of(pattern, "pages"), "mentioned-statuses") for pattern in patterns.values())
    if not wanted and not mentioning:
        return
    found = desk.shelf.publishers()
    document, problems = read_document(*found) if found else (None, ())
    desk.problems.extend(problems)
    parents = {
        key.text: set(texts_of(value_of(value, "part-of")))
        for key, value in entries_of(value_of(document, "publishers"))
    }
    _take(gathered, "publishers", document, parents if mentioning else _family(wanted, parents))


def _named_publishers(gathered: Gathered) -> Iterator[str]:
    """The publishers that the folder names besides: for its own rules' pages, for what adoptions ask, as default."""
    for defaults in gathered.others["defaults"]:
        yield from texts_of(value_of(defaults, "publisher"))
    yield from gathered.publishers


def _fetch_events(desk: Desk, gathered: Gathered, patterns: Mapping[str, Table]) -> None:
    """Add the pack's events that periods are told by and the folder has not got."""
    told = dict.fromkeys(id_ for pattern in patterns.values() for id_ in events_in(pattern))
    for id_ in (*gathered.events, *told):
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


def lay_over(desk: Desk, gathered: Gathered, patterns: Mapping[str, Table]) -> Named:
    """Put adopted rules among the rules; gives those of the folder in whose place they stand, as written."""
    rules, replaced = gathered.named["rules"], Named()
    for id_, pattern in patterns.items():
        key = gathered.named["adopt"].keys[id_]
        fields = read_or_none(desk, ADOPTION, gathered.named["adopt"].nodes[id_])
        if _clashes(desk, key, rules.nodes.get(id_), pattern) or fields is None:
            continue
        if id_ in rules.nodes:
            replaced.keys[id_], replaced.nodes[id_] = rules.keys[id_], pattern
        rules.keys[id_], rules.nodes[id_] = key, _merged(desk, gathered, fields, key, pattern)
    return replaced


def _clashes(desk: Desk, key: Scalar, there: Node | None, pattern: Table) -> bool:
    """Whether the folder has a rule of the adoption's id that is another one, or that acts by itself."""
    if there is None:
        return False
    if there != pattern:  # a place is part of a node: equal ones are one
        message = f"the folder has a rule {key.text!r}, and adopts another one under its id"
        desk.error(key.mark, "duplicate-id", message, "give one of the two another name")
        return True
    if any(texts_of(value_of(pattern, "status"), "active")):
        message = f"the rule {key.text!r} is active by itself, and adopted as well"
        desk.error(key.mark, "duplicate-id", message, "write 'status: draft' in the rule, or do not adopt it")
        return True
    return False


def _merged(desk: Desk, gathered: Gathered, fields: Fields, key: Scalar, pattern: Table) -> Table:
    entries = {name.text: (name, value) for name, value in pattern.entries if name.text not in _OWN}
    entries |= _stance(desk, fields, key, pattern)
    words = _worded(entries, fields)
    entries |= {name: (fields.keys[name], fields.nodes[name]) for name in fields.nodes if name not in _NOT_OF_RULE}
    entries |= words
    if isinstance(sums := entries.get("sha256", (key, None))[1], Table) and not sums.entries:
        del entries["sha256"]  # it guarded words that the site has replaced
    entries["pages"] = (
        Scalar(*key.place, "pages"),
        _narrowed(desk, entries["pages"][1] if "pages" in entries else None, fields),
    )
    if "supersedes" in entries:
        entries["supersedes"] = (Scalar(*key.place, "supersedes"), _known(desk, gathered, entries["supersedes"][1]))
    entries["status"] = (Scalar(*key.place, "status"), _status(desk, fields, key, pattern))
    return Table(*fields.place, tuple(entries.values()))


def _status(desk: Desk, fields: Fields, key: Scalar, pattern: Table) -> Node:
    """What the adoption says, else active; a rule of low confidence stays a draft, with an error."""
    status = fields.nodes.get("status", Scalar(*key.place, "active"))
    if fields.get("status", "active") == "active" and any(texts_of(value_of(pattern, "confidence"), "low")):
        message = f"the pack marks {key.text!r} with low confidence: it may not be active"
        fix = "write 'status: draft' until its facts are confirmed"
        desk.error(fields.mark_of("status") if "status" in fields else key.mark, "low-confidence", message, fix)
        return Scalar(*key.place, "draft")
    missing = [need for need in texts_of(value_of(pattern, "needs")) if fields.lacks(need)]
    if missing and fields.get("status", "active") == "active":
        message = f"what is adopted lacks {', '.join(map(repr, missing))}, which only you can write"
        desk.error(key.mark, "missing-key", message, "write it here, or 'status: draft' until then")
    return status


def _stance(desk: Desk, fields: Fields, key: Scalar, pattern: Table) -> dict[str, tuple[Scalar, Node]]:
    """The keys of the stance that the adoption takes."""
    taken = fields.get("stance")
    if taken is None:
        return {}
    stances = {name.text: value for name, value in entries_of(value_of(pattern, "stances"))}
    if taken not in stances:
        message = f"the rule {key.text!r} has no stance {taken!r}"
        fix = suggest(taken, stances)
        if taken == "decline":
            fix = "to decline is to adopt nothing: delete these lines"
        desk.error(fields.mark_of("stance"), "unknown-stance", message, fix)
    return {name.text: (name, value) for name, value in entries_of(stances.get(taken))}


def _worded(pack: Mapping[str, tuple[Scalar, Node]], fields: Fields) -> dict[str, tuple[Scalar, Node]]:
    """The texts of both, the sums that guard them, and the languages that wait for a reader still."""
    found = {}
    text = fields.nodes.get("text")
    if text is not None and "text" in pack:
        found["text"] = (fields.keys["text"], _joined(pack["text"][1], text))
    if "sha256" in pack:
        key, sums = pack["sha256"]
        sums = _joined(_without(sums, text), fields.nodes.get("sha256", Table(*sums.place, ())))
        found["sha256"] = (fields.keys.get("sha256", key), sums)
    if "unread" in pack and "unread" not in fields and "text" in pack:
        key, tags = pack["unread"]
        found["unread"] = (key, _still_unread(tags, found.get("text", pack["text"])[1], text))
    return found


def _without(sums: Node, own: Node | None) -> Node:
    """The pack's sums without those of texts that the site writes itself: they guard other words."""
    written = {tag.text.lower() for tag, _ in entries_of(own)}
    return Table(*sums.place, tuple(one for one in entries_of(sums) if one[0].text.lower() not in written))


def _joined(texts: Node, own: Node) -> Node:
    """The pack's texts with the site's in the place of those in the same language; dated ones are replaced as one."""
    if not isinstance(texts, Table) or not isinstance(own, Table):
        return own
    written = {tag.text.lower(): (tag, value) for tag, value in (*texts.entries, *own.entries)}
    return Table(*own.place, tuple(written.values()))


def _still_unread(unread: Node, texts: Node, own: Node | None) -> Node:
    """The pack's languages that wait for a reader, of those in which there is a text still, and not the site's own."""
    if isinstance(texts, Listing) and own is None:
        return unread
    waiting = {tag.text.lower() for tag, _ in entries_of(texts)} - {tag.text.lower() for tag, _ in entries_of(own)}
    items = unread.items if isinstance(unread, Listing) else (unread,)
    kept = tuple(one for one in items if isinstance(one, Scalar) and one.text.lower() in waiting)
    return Listing(*unread.place, kept)


def _narrowed(desk: Desk, pages: Node | None, fields: Fields) -> Table:
    """The pack rule's pages, of the adopting publishers alone, and what the adoption asks of pages besides."""
    for name, _ in entries_of(fields.nodes.get("pages")):
        if name.text == "publishers":
            message = "an adoption names its publishers beside 'pages', not in it"
            desk.error(name.mark, "unknown-key", message, "move them to the adoption's own 'publishers'")
    facts = {name.text: (name, value) for name, value in (*entries_of(pages), *entries_of(fields.nodes.get("pages")))}
    facts["publishers"] = (fields.keys["publishers"], fields.nodes["publishers"])
    return Table(*fields.place, tuple(facts.values()))


def _known(desk: Desk, gathered: Gathered, supersedes: Node) -> Node:
    """Without rules of the pack that the folder has not got."""
    rules = gathered.named["rules"].keys
    items = supersedes.items if isinstance(supersedes, Listing) else (supersedes,)
    kept = tuple(
        one for one in items if not isinstance(one, Scalar) or one.text in rules or one.text not in desk.shelf.rules
    )
    return Listing(*supersedes.place, kept)
