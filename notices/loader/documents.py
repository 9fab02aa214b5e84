"""All documents of a folder as one ruleset, or every problem that stands in the way."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from notices.document import Scalar, Table, read_document
from notices.location import Where
from notices.region import WORLD
from notices.ruleset import BOTTOM, Defaults, Ruleset, SetFacts

from .adoption import fetch, lay_over
from .built_in import built_in
from .cases import CASE_FILE
from .desk import Desk, EnoughError, suggest
from .events import EVENT
from .extents import extents
from .folder_parts import CONTESTED, DEFAULTS, LABELS, named_places
from .glance import entries_of
from .paths import PREFIX, is_test
from .precedence import check_cycles
from .publishers import read_publishers
from .regions import SET, Expression, SetDraft, resolve_sets
from .rules import RULE
from .sections import gather, read_named, read_or_none
from .shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from notices.document import Node
    from notices.errors import Problem
    from notices.ruleset import Label, Mark, Rule

    from .built_in import BuiltIn
    from .cases import Case
    from .sections import Named


def parse_documents(
    files: Mapping[str, bytes], base: BuiltIn | None = None, shelf: Shelf | None = None
) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """Read rules files (path -> bytes, those with cases left aside) into a ruleset.

    What the folder adopts and has not got comes from *shelf*, which remembers what was needed.

    Gives None where a problem is an error, and always every problem found, sorted by place.  The examples are not
    run, and the digest is not set: :mod:`notices.folder` does both.
    """
    return Reading(files, base or built_in(), shelf).finish()


class Reading:
    """One reading of all files; ``desk`` then knows every name that they declare."""

    def __init__(self, files: Mapping[str, bytes], base: BuiltIn, shelf: Shelf | None = None) -> None:
        self.desk = Desk(shelf=shelf or Shelf(files))
        self._base = base
        self.ruleset: Ruleset | None = None
        with suppress(EnoughError):
            self._gathered = gather(self.desk, self._documents(files))
            self.ruleset = self._read()

    def _documents(self, files: Mapping[str, bytes]) -> Iterator[Node]:
        """File by file, so that the nodes of one are gone when the next is read."""
        for path in sorted(path for path in files if not is_test(path) and not path.startswith(PREFIX)):
            document, problems = read_document(path, files[path])
            self.desk.problems.extend(problems)
            if document is not None:
                yield document

    def finish(self) -> tuple[Ruleset | None, tuple[Problem, ...]]:
        """The ruleset, None where there is an error, and all problems by place, each once."""
        problems = tuple(sorted(set(self.desk.problems)))
        return (None if any(one.level == "error" for one in problems) else self.ruleset), problems

    def _read(self) -> Ruleset:
        named = self._gathered.named
        adopted = fetch(self.desk, self._gathered)
        defaults = self._defaults(named["publishers"])
        publishers = read_publishers(self.desk, named["publishers"])
        sets, facts = self._sets(named["regions"])
        labels, contested = self._tables()
        self._events(named["events"])
        replaced = lay_over(self.desk, self._gathered, adopted)
        rules = self._rules(named["rules"])
        return Ruleset(
            rules=rules,
            sets=sets,
            set_facts=facts,
            publishers=publishers,
            labels=labels,
            contested=contested,
            defaults=defaults,
            adopted=frozenset(adopted),
            patterns=self._named_rules(replaced),
            extents=extents(self.desk, named["adopt"], adopted),
        )

    def _defaults(self, publishers: Named) -> Defaults:
        """Unite what all files say, each key once."""
        values: dict[str, Any] = {}
        marks: dict[str, Mark] = {}
        for node in self._gathered.others["defaults"]:
            fields = read_or_none(self.desk, DEFAULTS, node)
            if fields is None:
                _stand_in(values, marks, node, publishers)
                continue
            for key, value in fields.values.items():
                self._add_default(values, marks, key, value, fields.mark_of(key))
        publisher = values.get("publisher")
        if publisher is not None and publisher not in publishers.nodes:
            message = f"no publisher {publisher!r} is declared"
            self.desk.error(marks["publisher"], "unknown-publisher", message, suggest(publisher, publishers.nodes))
        self.desk.zone = values.get("timezone")
        self.desk.publisher = publisher
        self.desk.places = named_places(values.get("places", {}))
        return Defaults(
            timezone=self.desk.zone, language=values.get("language"), publisher=publisher, places=self.desk.places
        )

    def _add_default(self, values: dict[str, Any], marks: dict[str, Mark], key: str, value: Any, mark: Mark) -> None:
        repeated = sorted(set(values.get(key, ())) & set(value)) if key == "places" else [key] if key in values else []
        if repeated:
            first = marks[key]
            message = f"the default {', '.join(repeated)} is already in {first.path}:{first.line}"
            self.desk.error(mark, "duplicate-id", message, "delete one of the two")
            return
        values[key] = {**values.get(key, {}), **value} if key == "places" else value
        marks.setdefault(key, mark)

    def _sets(self, named: Named) -> tuple[dict[str, Where], dict[str, SetFacts]]:
        """The built-in sets and the folder's, which come before them where they have one name."""
        names = {*self._base.sets, *named.nodes}
        self.desk.sets = {name: Where((), (), name) for name in names}
        drafts = read_named(self.desk, named, SET, lambda draft, _name, _mark: draft)
        for name, key in named.keys.items():
            if name == WORLD:
                self.desk.error(
                    key.mark, "bad-name", f"{WORLD!r} is everywhere and cannot be a set", "choose another name"
                )
        # A set with a mistake in it stays empty here; the mistake keeps the folder from loading.
        blank = SetDraft(Expression(()), SetFacts(title=""))
        every = {**self._base.sets, **{name: drafts.get(name, blank) for name in named.nodes}}
        self.desk.sets = resolve_sets(self.desk, every)
        return dict(self.desk.sets), {name: draft.facts for name, draft in every.items()}

    def _tables(self) -> tuple[tuple[Label, ...], dict[str, frozenset[str]]]:
        labels = list(self._base.labels)
        for node in self._gathered.others["labels"]:
            labels.extend(read_or_none(self.desk, LABELS, node) or ())
        contested = dict(self._base.contested)
        for node in self._gathered.others["contested"]:
            for region, others in (read_or_none(self.desk, CONTESTED, node) or {}).items():
                contested[region] = contested.get(region, frozenset()) | frozenset(others)
        return tuple(labels), contested

    def _events(self, named: Named) -> None:
        self.desk.event_ids = frozenset(named.nodes)
        self.desk.events = read_named(self.desk, named, EVENT, lambda event, _name, _mark: event)

    def _rules(self, named: Named) -> dict[str, Rule]:
        self.desk.rule_ids = frozenset(named.nodes)
        rules = self._named_rules(named)
        check_cycles(self.desk, rules, named.nodes)
        return rules

    def _named_rules(self, named: Named) -> dict[str, Rule]:
        """The sound rules; only of those that supersede others is it kept how they are written."""
        found: dict[str, Rule] = {}
        for name, key in named.keys.items():
            rule = read_or_none(self.desk, RULE, named.nodes[name])
            if rule is not None:
                found[name] = replace(rule, id=name, mark=key.mark)
            if rule is None or not rule.supersedes:
                del named.nodes[name]
        return found


def read_cases(
    files: Mapping[str, bytes], ruleset: Ruleset | None = None
) -> tuple[tuple[tuple[Case, datetime], ...], tuple[Problem, ...]]:
    """The cases of all ``*_test.yaml`` files, each with the instant of its question, and every problem in those files.

    The names that cases use are those of *ruleset*; without one the rules files among *files* are read for them, and
    their problems are not repeated.
    """
    desk = Reading(files, built_in()).desk if ruleset is None else _desk_of(ruleset)
    desk.problems.clear()
    cases: list[tuple[Case, datetime]] = []
    for path in sorted(filter(is_test, files)):
        document, problems = read_document(path, files[path])
        desk.problems.extend(problems)
        if document is not None:
            with suppress(EnoughError):
                cases.extend(read_or_none(desk, CASE_FILE, document) or ())
    return tuple(cases), tuple(sorted(set(desk.problems)))


def _desk_of(ruleset: Ruleset) -> Desk:
    """A desk that knows what one knows after *ruleset* was read."""
    return Desk(
        zone=ruleset.defaults.timezone,
        publisher=ruleset.defaults.publisher,
        publishers=frozenset(ruleset.publishers),
        places=ruleset.defaults.places,
        sets=ruleset.sets,
        rule_ids=frozenset(ruleset.rules),
        declared=ruleset.publishers,
    )


def _stand_in(values: dict[str, Any], marks: dict[str, Mark], node: Node, publishers: Named) -> None:
    """Set what defaults with a mistake in them declare, or may: no rule that relies on them is to blame."""
    if not isinstance(node, Table):
        values.setdefault("timezone", "UTC")
        for name in list(publishers.nodes)[:1]:
            values.setdefault("publisher", name)
            marks.setdefault("publisher", node.mark)
    for key, value in entries_of(node):
        if key.text == "timezone":
            values.setdefault("timezone", "UTC")
        elif key.text == "publisher" and isinstance(value, Scalar):
            values.setdefault("publisher", value.text)
            marks.setdefault("publisher", value.mark)
        elif key.text == "places" and isinstance(value, Table):
            values["places"] = {name.text: BOTTOM for name, _ in value.entries} | values.get("places", {})
