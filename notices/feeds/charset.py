"""The bytes of an XML feed as UTF-8 and back, in the charset that RFC 7303 finds: mark, media type, declaration."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from .item import Reason
from .slot import FeedError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml\s[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
_PARAMETER = re.compile(r""";\s*charset\s*=\s*["']?([A-Za-z][A-Za-z0-9._:-]{0,40})""", re.IGNORECASE)
#: Names that feeds give to charsets which their bytes go beyond.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_KNOWN = re.compile(
    r"utf-8|utf-16(?:-le|-be)?|ascii|iso8859-\d+|cp(?:125\d|437|850|852|855|866|874|932|949)|koi8-[rtu]"
    r"|mac-(?:cyrillic|roman)|gb18030|big5hkscs|euc_jp"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A feed as ``data`` in UTF-8, and how it was written."""

    data: bytes
    mark: bytes
    codec: str

    def encode(self, data: bytes) -> bytes:
        """Write changed *data* as the feed was written; new characters that its charset lacks as references."""
        return self.mark + (data if self.codec == "utf-8" else data.decode().encode(self.codec, "xmlcharrefreplace"))


def decode_xml(feed: bytes, media_type: str | None) -> Decoded:
    """Decode *feed*, of which the response's ``Content-Type`` may say the charset.

    :raises FeedError: where the bytes cannot be read, and written again as they were.
    """
    mark, codec = next(((mark, codec) for mark, codec in _MARKS if feed.startswith(mark)), (b"", ""))
    body = feed[len(mark) :]
    codec = codec or _stated_codec(body, media_type)
    try:
        text = body.decode(codec)
        data = text.encode()
        if codec != "utf-8" and text.encode(codec) != body:
            raise FeedError(Reason.ENCODING)
    except UnicodeError:
        raise FeedError(Reason.ENCODING) from None
    return Decoded(data, mark, codec)


def decode_json(feed: bytes) -> Decoded:
    """Decode *feed* as JSON is written (RFC 8259, section 8.1).

    :raises FeedError: where it is not UTF-8.
    """
    mark = codecs.BOM_UTF8 if feed.startswith(codecs.BOM_UTF8) else b""
    return Decoded(feed[len(mark) :], mark, "utf-8")


def _stated_codec(body: bytes, media_type: str | None) -> str:
    parameter = _PARAMETER.search(media_type or "")
    if parameter is not None:
        return _codec(parameter[1], body)
    if body[:2] in (b"<\0", b"\0<"):
        return _codec("utf-16", body)
    declared = _DECLARED.match(body)
    return "utf-8" if declared is None else _codec(declared[1].decode("ascii"), body)


def _codec(label: str, body: bytes) -> str:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        raise FeedError(Reason.ENCODING) from None
    if name == "utf-16":
        name = "utf-16-be" if body[:1] == b"\0" else "utf-16-le"
    name = _WIDER.get(name, name)
    if not _KNOWN.fullmatch(name):
        raise FeedError(Reason.ENCODING)
    return name
