"""The text of one rules file: its bytes decoded, its invisible characters found, and offsets as line and column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notices.errors import Problem
from notices.ruleset import Mark

from . import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What YAML 1.1 does not allow in a file (its section 5.1).
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|\r\n|.)", re.DOTALL)
_LINE_END = re.compile(r" *(?:[\n\r]|\Z)")


class UnreadableError(Exception):
    """A file that cannot be read any further; ``problem`` says why.  It never leaves this package."""

    def __init__(self, mark: Mark, code: str, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.problem = Problem(mark.path, mark.line, mark.column, "error", code, message, fix)


def mark_at(start: Mark, source: str, offset: int) -> Mark:
    """The place of the character at *offset* of *source*, which itself begins at *start*."""
    before = source[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    column = len(before[-1]) + (start.column if len(before) == 1 else 1)
    return Mark(start.path, start.line + len(before) - 1, column)


def decode(path: str, data: bytes) -> str:
    """The text of a rules file, without a byte order mark.

    :raises UnreadableError: ``too-large``, ``not-utf8`` or ``control-character``.
    """
    start = Mark(path, 1, 1)
    if len(data) > MAX_BYTES:
        fix = "split it into several files"
        raise UnreadableError(start, "too-large", "the file is larger than 1 MiB (1,048,576 bytes)", fix)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableError(start, "not-utf8", "the file is written in UTF-16", "save it as UTF-8")
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        raise UnreadableError(
            mark_at(start, before, len(before)), "not-utf8", message, "save the file as UTF-8"
        ) from None
    found = _UNPRINTABLE.search(text)
    if found:
        message = f"the invisible control character U+{ord(found[0]):04X} stands here"
        raise UnreadableError(mark_at(start, text, found.start()), "control-character", message, "delete it")
    return text


def find_tabs(path: str, text: str) -> Iterator[Problem]:
    """One problem for all tab characters of a file, at the first."""
    first = text.find("\t")
    if first < 0:
        return
    mark = mark_at(Mark(path, 1, 1), text, first)
    others = sum("\t" in line for line in text.split("\n")) - 1
    more = f" and on {others} more line{'s' if others > 1 else ''}" if others else ""
    message = f"a tab character stands here{more}"
    yield Problem(
        path, mark.line, mark.column, "error", "tab", message, "write spaces: YAML is indented with them only"
    )


def source_offset(raw: str, quoted: bool, text: str, offset: int) -> int:
    """Where in the source *raw* of a scalar the character stands that is at *offset* of its *text*.

    Walks both side by side; what differs is white space, escapes, and the quotes or the header of a block.
    """
    escapes = quoted and raw[0] == '"'
    here = 0
    if quoted:
        here = raw.find("\n") + 1 if raw[0] in "|>" else 1
    for char in text[:offset]:
        here = _after_escaped(raw, here, char) if escapes else _after(raw, here, char, quoted)
    if escapes:
        here = _continued(raw, here)
    return here if text[offset : offset + 1].isspace() else _blank_end(raw, here)


def _after_escaped(raw: str, here: int, char: str) -> int:
    here = _continued(raw, here)
    match = _ESCAPE.match(raw, here)
    if match is None and not char.isspace():
        here = _continued(raw, _blank_end(raw, here))
        match = _ESCAPE.match(raw, here)
    return match.end() if match else _after(raw, here, char, quoted=True)


def _continued(raw: str, here: int) -> int:
    """Past the backslashes at line ends, which join lines without a blank."""
    while raw[here : here + 1] == "\\" and raw[here + 1 : here + 2] in ("\n", "\r"):
        here = _blank_end(raw, here + 1)
    return here


def _after(raw: str, here: int, char: str, quoted: bool) -> int:
    if char == "\n":
        found = raw.find("\n", here)
        return found + 1 if found >= 0 else here
    if char.isspace():
        return here + 1 if _is_kept(raw, here) else _blank_end(raw, here)
    found = raw.find(char, _blank_end(raw, here))
    if found < 0:
        return here
    return found + (2 if char == "'" and quoted and raw[0] == "'" else 1)


def _is_kept(raw: str, here: int) -> bool:
    """Whether a blank stands here that is in the text as well: none that a line break swallows."""
    return raw[here : here + 1] == " " and not _LINE_END.match(raw, here)


def _blank_end(raw: str, here: int) -> int:
    while raw[here : here + 1] in (" ", "\n", "\r"):
        here += 1
    return here
