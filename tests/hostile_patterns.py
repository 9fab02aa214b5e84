"""Every regular expression of the package against strings that are made to keep it busy; run as a process.

``python -m tests.hostile_patterns`` prints one JSON object: how many patterns were tried with how many strings, and
those that were still at work after the seconds of processor time (not of the clock) that are allowed to each string.
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import signal
import sys
from itertools import product
from pathlib import Path
from re import _constants as kinds
from re import _parser as parser

from notices.expressions import LateExpression

LENGTH = 30_000
#: Processor seconds for one string: a pattern in linear time takes less than a thousandth, one in quadratic time more.
ALLOWED = 0.3
CATEGORIES = {kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_WORD: "a"}
#: Patterns that no name leads to (they stand in tables) -> how their modules call them, each at one place only.
IN_TABLES = {"notices.inject.runs": ("match",), "notices.loader.scalars": ("fullmatch",)}
#: Modules whose patterns read nothing but a file of the package's own.
OWN = {"notices/sheet.py"}
#: What a string may end with, so that a match that came far fails at last.
ENDS = ("", "\0", "\n", ">")
REPEATS = (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT)
METHODS = {
    **dict.fromkeys(("match", "fullmatch"), ("match", "fullmatch")),
    **dict.fromkeys(("search", "findall", "finditer", "sub", "subn", "split"), ("findall",)),
}


def used():
    """Module and name of a pattern in the package's source -> the methods that are called on it there."""
    found = {}
    for path in Path("notices").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=call) if call in METHODS:
                    module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
                    found.setdefault((module, name), set()).update(METHODS[call])
    return found


def named():
    """Pattern -> modules of the package and the names under which they hold it."""
    found = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("notices"):
            for key, value in vars(module).items():
                if isinstance(value, LateExpression):
                    value = value.compiled
                if isinstance(value, re.Pattern):
                    found.setdefault(value, set()).add((name, key))
    return found


def compiled():
    """Everything that the package compiles while it is imported, or is to compile late -> the module that does it."""
    found, compile_, init, waiting = {}, re.compile, LateExpression.__init__, []

    def recording(pattern, flags=0):
        made = compile_(pattern, flags)
        module = sys._getframe(1).f_globals.get("__name__", "")
        if module.startswith("notices"):
            found[made] = module
        return made

    def recording_late(self, *given):
        init(self, *given)
        waiting.append((self, sys._getframe(2).f_globals["__name__"]))

    re.compile, LateExpression.__init__ = recording, recording_late
    try:
        import notices

        for module in pkgutil.walk_packages(notices.__path__, "notices."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    finally:
        re.compile, LateExpression.__init__ = compile_, init
    return found | {one.compiled: module for one, module in waiting}


def written():
    """The patterns that stand in calls such as ``re.sub(r"...", ...)`` -> where, and the methods."""
    found = {}
    for path in Path("notices").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="re"), attr=name), args=[ast.Constant(value=str(text)), *_]
                ) if name not in ("compile", "escape"):
                    flags = [ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg == "flags"]
                    found[re.compile(text, eval(flags[0]) if flags else 0)] = path.as_posix(), METHODS[name]
    return found


def letters(items, ignore=frozenset()):
    """Some characters that a set of the parser's holds."""
    held, refused = [], set()
    negated = bool(items) and items[0][0] is kinds.NEGATE
    for kind, value in items:
        if kind is kinds.LITERAL:
            held.append(chr(value))
        elif kind is kinds.RANGE:
            held += [chr(value[0]), chr(value[1])]
        elif kind is kinds.CATEGORY:
            held.append(CATEGORIES.get(value, "x"))
    if not negated:
        return held
    refused = set(held)
    return [one for one in "a1 -=;:,/\\<\"'\n" if one not in refused and not (" " in refused and one.isspace())]


def samples(items, most=3):
    """A few short strings that *items* of the parser's may match."""
    found = [""]
    for item in items:
        found = [before + one for before, one in product(found, _samples(*item))][:most]
    return found


def _samples(kind, value):
    if kind is kinds.LITERAL:
        return [chr(value)]
    if kind is kinds.NOT_LITERAL:
        return ["a" if value != ord("a") else "b"]
    if kind is kinds.ANY:
        return ["a", " "]
    if kind is kinds.IN:
        return letters(value) or ["x"]
    if kind is kinds.BRANCH:
        return [one for branch in value[1] for one in samples(branch)]
    if kind is kinds.SUBPATTERN:
        return samples(value[3])
    if kind is kinds.ATOMIC_GROUP:
        return samples(value)
    if kind in REPEATS:
        return [one * max(value[0], 1) for one in samples(value[2])] + ([""] if value[0] == 0 else [])
    return [""]


def pumps(items, before=""):
    """For each repetition in *items*: what stands before it, and what can be repeated in it."""
    for kind, value in items:
        if kind in REPEATS:
            for body in samples(value[2], 4):
                yield before, body
            yield from pumps(value[2], before)
        for inner in _inner(kind, value):
            yield from pumps(inner, before)
        before += _samples(kind, value)[0]


def _inner(kind, value):
    if kind is kinds.BRANCH:
        return value[1]
    if kind is kinds.SUBPATTERN:
        return [value[3]]
    if kind is kinds.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in (kinds.ASSERT, kinds.ASSERT_NOT) else []


def hostile(pattern, length):
    """Strings of about *length* characters for *pattern*, each named by what it is made of."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    tree = parser.parse(text, pattern.flags & ~re.LOCALE & ~re.UNICODE if isinstance(pattern.pattern, bytes) else 0)
    found = {}
    for before, body in dict.fromkeys(pumps(tree)):
        for unit in {body, before + body} - {""}:
            for end in ENDS:
                found[before[:20], unit[:20], end] = before + unit * (length // len(unit)) + end
    for unit in {one for one in samples(tree, 4) if one}:
        found["", unit[:20], "cut"] = (unit * (length // len(unit) + 1))[: length - 1]
        found["", unit[:-1][:20], "unended"] = unit[:-1] * (length // max(len(unit) - 1, 1))
    return found


class Late(Exception):
    """The allowed time is over."""


def late(*_):
    raise Late


def tried(pattern, methods, length):
    """How many strings were tried, and what was too slow: method, what the string is made of."""
    count, slow = 0, []
    for made, text in hostile(pattern, length).items():
        given = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
        for method in methods:
            count += 1
            signal.setitimer(signal.ITIMER_VIRTUAL, ALLOWED)
            try:
                getattr(pattern, method)(given)
            except Late:
                slow.append([method, *made])
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if slow:
                return count, slow
    return count, slow


def main():
    signal.signal(signal.SIGVTALRM, late)
    patterns = {pattern: (where, ()) for pattern, where in compiled().items()} | written()
    patterns = {pattern: found for pattern, found in patterns.items() if found[0] not in OWN}
    names, calls = named(), used()
    told = {"patterns": len(patterns), "strings": 0, "slow": {}}
    for pattern, (where, methods) in patterns.items():
        known = {method for name in names.get(pattern, ()) for method in calls.get(name, ())}
        count, slow = tried(pattern, methods or sorted(known) or IN_TABLES.get(where, ("findall",)), LENGTH)
        told["strings"] += count
        if slow:
            told["slow"][f"{where} {pattern.pattern!r}"] = slow
            print(where, repr(pattern.pattern)[:160], slow, file=sys.stderr, flush=True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
