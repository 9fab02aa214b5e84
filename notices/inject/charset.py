"""Charsets: a page's bytes as bytes in which tags are ASCII, offset for offset, and a fragment as the page's bytes.

Source: the Encoding Standard.  In UTF-8, windows-125x, KOI8, Shift_JIS, GBK, GB18030, Big5 and EUC an ASCII letter,
``<`` or ``>`` always is what it seems wherever a tag can begin, so they pass as they are.  UTF-16 is read by code
unit, ISO-2022-JP with its two-byte text masked.  A byte order mark beats the header.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from functools import lru_cache
from typing import Protocol

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))
_UTF_16 = {
    **dict.fromkeys(
        ("utf-16", "utf-16le", "ucs-2", "iso-10646-ucs-2", "csunicode", "unicode", "unicodefeff"), "utf-16le"
    ),
    **dict.fromkeys(("utf-16be", "unicodefffe"), "utf-16be"),
}
_REPLACEMENT = frozenset(
    ("replacement", "csiso2022kr", "hz-gb-2312", "iso-2022-cn", "iso-2022-cn-ext", "iso-2022-kr"),
)
#: Labels that browsers read as a wider charset than their name says (Encoding Standard, 4.2).
_WIDER = {
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "l1", "ascii", "us-ascii"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620", "windows-874"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "chinese"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean", "windows-949"), "cp949"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
}
_KNOWN = re.compile(r"cp(?:125\d|866|874|932|949)|koi8-[ru]|iso8859-\d+|gb18030|big5hkscs|euc_jp")
_ISO_2022_JP = frozenset(("iso-2022-jp", "csiso2022jp"))


class Coding(Protocol):
    """One charset: ``unit`` bytes of the page are one byte of the mask, of whose text ``reading`` is the codec."""

    unit: int
    reading: str

    def mask(self, chunk: bytes) -> bytes:
        """What the scanner reads instead of *chunk*; a unit that is cut comes with the next."""

    def encode(self, fragment: bytes, offset: int, /) -> bytes:
        """The ASCII *fragment* in the page's charset, to stand at *offset* of the mask."""


class AsciiCoding:
    """All charsets in which ASCII is ASCII."""

    __slots__ = ("reading",)
    unit = 1

    def __init__(self, reading: str = "utf-8") -> None:
        self.reading = reading

    def mask(self, chunk: bytes) -> bytes:
        """The chunk as it is."""
        return chunk

    def encode(self, fragment: bytes, _offset: int) -> bytes:
        """The fragment as it is."""
        return fragment


def _high(error: UnicodeError) -> tuple[bytes, int]:
    """Give one high byte for each UTF-16 code unit that is no Latin-1 character."""
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end]
    return b"\x80" * sum(2 if character > "\uffff" else 1 for character in text), error.end


codecs.register_error("notices.high", _high)


class Utf16Coding:
    """UTF-16 of either byte order (``utf-16le``, ``utf-16be``), by code unit."""

    unit = 2
    reading = "latin-1"

    def __init__(self, name: str) -> None:
        self._name = name
        self._odd = b""

    def mask(self, chunk: bytes) -> bytes:
        """One byte for each code unit: itself up to U+00FF, a high byte for the rest."""
        data = self._odd + chunk
        whole = len(data) & ~1
        self._odd = data[whole:]
        return data[:whole].decode(self._name, "surrogatepass").encode("latin-1", "notices.high")

    def encode(self, fragment: bytes, _offset: int) -> bytes:
        """The fragment in the page's byte order."""
        return fragment.decode("ascii").encode(self._name)


_TO_ASCII = b"\x1b(B"
#: Escape sequence -> (how the text after it is masked: not at all or as high bytes).
_ESCAPES = {_TO_ASCII: False, b"\x1b(J": False, b"\x1b(I": True, b"\x1b$@": True, b"\x1b$B": True}


class Iso2022JpCoding:
    """ISO-2022-JP: text between its escapes is masked, the fragment stands in ASCII."""

    unit = 1
    reading = "latin-1"

    def __init__(self) -> None:
        self._escape = _TO_ASCII
        self._pending = b""
        self._offset = 0
        self._starts = [0]
        self._modes = [_TO_ASCII]

    def mask(self, chunk: bytes) -> bytes:
        """The chunk with two-byte text and its escapes as high bytes, an escape that changes nothing as space."""
        data = self._pending + chunk
        self._pending = b""
        parts = []
        at = 0
        while True:
            found = data.find(b"\x1b", at)
            parts.append(self._masked(data[at : found if found >= 0 else len(data)]))
            if found < 0:
                break
            escape = data[found : found + 3]
            if len(escape) < 3:
                self._pending = escape
                break
            at = found + self._shift(escape, parts)
        return b"".join(parts)

    def _masked(self, text: bytes) -> bytes:
        self._offset += len(text)
        return b"\x80" * len(text) if _ESCAPES[self._escape] else text

    def _shift(self, escape: bytes, parts: list[bytes]) -> int:
        """Take an escape; gives its length, 1 where it is none."""
        if escape not in _ESCAPES:
            parts.append(b"\x80")
            self._offset += 1
            return 1
        silent = not _ESCAPES[escape] and not _ESCAPES[self._escape]
        parts.append(b"   " if silent else b"\x80\x80\x80")
        self._escape = escape
        self._offset += 3
        self._starts.append(self._offset)
        self._modes.append(escape)
        return 3

    def encode(self, fragment: bytes, offset: int) -> bytes:
        """The fragment, between escapes to ASCII and back where the page is in another mode at *offset*."""
        mode = self._modes[bisect_right(self._starts, offset) - 1]
        return fragment if mode == _TO_ASCII else _TO_ASCII + fragment + mode


def coding_for(start: bytes, charset: str | None) -> tuple[Coding | None, int] | None:
    """The coding of a page that begins with *start* under the header's *charset*, and its byte order mark's length.

    None where more bytes are needed to tell; the coding is None where browsers refuse to decode.
    """
    for mark, name in _BOMS:
        if start.startswith(mark):
            return (Utf16Coding(name) if name in _UTF_16 else AsciiCoding()), len(mark)
        if mark.startswith(start):
            return None
    return _by_label((charset or "").strip("\t\n\f\r ").lower()), 0


def _by_label(label: str) -> Coding | None:
    if label in _REPLACEMENT:
        return None
    if label in _UTF_16:
        return Utf16Coding(_UTF_16[label])
    return Iso2022JpCoding() if label in _ISO_2022_JP else AsciiCoding(_codec(label))


@lru_cache(maxsize=64)
def _codec(label: str) -> str:
    """Python's codec for a label of one of the Encoding Standard's charsets; UTF-8 for any other."""
    label = _WIDER.get(label, label)
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return "utf-8"
    return name if _KNOWN.fullmatch(name) else "utf-8"
