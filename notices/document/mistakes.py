"""What a YAML parser's complaint means to an editor, and what to write instead."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

_COLON = "put the text in quotes if the colon belongs to it, or check the indentation of this line and the one above"
_ESCAPE = "use single quotes, or double the '\\'"
_BLOCK = "start a new line after '|'"
_INDENT = "indent it like the lines that it belongs with, or look for a quote or bracket missing above it"

#: Complaint of either of PyYAML's parsers -> what is wrong, what to write.
_MEANINGS: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "a colon stands where no key can be", _COLON),
    ("cannot start any token", "a text cannot begin with {char!r}", "put the text in quotes"),
    ("parsing a flow sequence", "the list that opens in line {line} is not closed here", "write ',' or ']'"),
    ("parsing a flow mapping", "the mapping that opens in line {line} is not closed here", "write ',' or '}}'"),
    ("unknown escape character", "this escape has no meaning between double quotes", _ESCAPE),
    ("escape sequence", "this escape lacks its digits", _ESCAPE),
    ("'-' indicator|<block end>.*'\\?'", "this line does not continue the list above it", _INDENT),
    ("expected key|<block end>", "this does not continue what stands above it", _INDENT),
    ("simple key|expected ':'", "a key stands here without its colon", "write 'key: value'"),
    ("indentation indicators|comment or line break", "a text block begins on the next line", _BLOCK),
    ("document start", "something stands after the end of the document", "delete the line '...' or what follows"),
    ("directive", "a line that begins with '%' is a directive to YAML", "delete it, or put the text in quotes"),
    ("expected alphabetic|alias|anchor", "'*' and '&' begin names of anchors", "put the text in quotes"),
    ("tag", "'!' begins a tag, which means nothing here", "put the text in quotes"),
    ("node content", "a value is missing here", "write it, or close the bracket"),
)  # fmt: skip
_SMART = re.compile("[“”„‟«»‘’‚‛]")


#: A key whose colon is followed by its value without a blank, and a line without any colon.
_GLUED = re.compile(r"(?P<indent>\s*(?:- )?)(?P<key>[a-z][a-z0-9-]*):[^\s/]")
_KEYLESS = re.compile(r"(?P<indent>\s*)(?P<key>[^\s:#-][^\s:]*)(?:\s[^:]*)?")
#: Where YAML asks for a blank or a colon, another sign that looks like it; within a text all of them are letters.
_BLANKS = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_ODD = re.compile(rf" *(?:- +)?(?:(?:[\w-]+:)?(?P<blank>[{_BLANKS}])|[\w-]+(?P<colon>\uff1a))")
_CLOSERS = {"}": "'{'", "]": "'['", '"': "a quote", "'": "a quote"}


def explain_mistake(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str, str]:
    """Line and column (from 1), message and fix for a syntax error of *text*."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    written = lines[line - 1] if line <= len(lines) else ""
    complaint = f"{error.context or ''}: {error.problem or ''}"
    found = (
        _odd_sign(lines, line)
        or _line_above(complaint, lines, line)
        or _behind_its_end(complaint, written, line, column)
    )
    if found is not None:
        return found
    opened = error.context_mark.line + 1 if error.context_mark else line
    if "unexpected end of stream" in complaint and error.context_mark:
        return opened, error.context_mark.column + 1, "the quote that opens here is never closed", "close it"
    for pattern, meaning, fix in _MEANINGS:
        if re.search(pattern, complaint):
            message = meaning.format(line=opened, char=written[column - 1 : column])
            return line, column, message, _with_quotes(fix.replace("}}", "}"), written)
    return line, column, f"this is no YAML ({error.problem})", _with_quotes(_INDENT, written)


def _odd_sign(lines: list[str], line: int) -> tuple[int, int, str, str] | None:
    """A sign in this line or the one above that looks like one of YAML's and is none."""
    for number in (line, line - 1):
        odd = _ODD.match(lines[number - 1]) if 0 < number <= len(lines) else None
        if odd is not None:
            sign, usual = odd["blank"] or odd["colon"], "an ordinary blank" if odd["blank"] else "':' and a blank"
            name = f"{unicodedata.name(sign).lower()} (U+{ord(sign):04X})"
            return number, odd.end(), f"the sign {name} stands here, which is a letter to YAML", f"write {usual}"
    return None


def _line_above(complaint: str, lines: list[str], line: int) -> tuple[int, int, str, str] | None:
    """A parser complains of a key where it is the line above, as deep as this one, that is none."""
    if not re.search("mapping values are not allowed|simple key", complaint) or not 1 < line <= len(lines):
        return None
    above, depth = lines[line - 2], len(lines[line - 1]) - len(lines[line - 1].lstrip())
    glued = _GLUED.match(above)
    if glued and len(glued["indent"]) == depth:
        return line - 1, glued.end("key") + 1, "no blank stands after this colon", f"write '{glued['key']}: ...'"
    keyless = _KEYLESS.fullmatch(above)
    if keyless and len(keyless["indent"]) == depth:
        fix = f"write '{keyless['key']}: ...' if it is a key; a text's next line stands deeper than its key"
        return line - 1, depth + 1, "a line stands here without a key and its colon", fix
    return None


def _behind_its_end(complaint: str, written: str, line: int, column: int) -> tuple[int, int, str, str] | None:
    """A text begins with a bracket or quote, which closes before the text is over."""
    before = written[: column - 1].rstrip()
    opener = _CLOSERS.get(before[-1:])
    if opener is None or not re.search("parsing a (block|flow) mapping|parsing a flow sequence", complaint):
        return None
    whole = f"put the whole text in quotes: YAML ends one that begins with {opener} here"
    if written.lstrip()[:2] in ("-{", "-[", "-'", '-"'):
        return line, written.index("-") + 1, "no blank stands after this '-'", "write '- ' before what is in the list"
    if opener == "a quote":
        other = "double" if before[-1] == "'" else "single"
        whole = f"put {other} quotes around the whole text"
    fix = f"write ',' between two values, or {whole}" if "flow" in complaint else whole
    return line, column, f"something stands behind the {before[-1]!r} that closes the value", _with_quotes(fix, written)


def _with_quotes(fix: str, written: str) -> str:
    smart = _SMART.search(written)
    return f"{fix}; {smart[0]!r} is no quote for YAML, only '\"' and \"'\" are" if smart else fix
