"""Every charset of the specification: the page reads as before, with the notice in place, however it is cut."""

from __future__ import annotations

import codecs

import pytest

from notices.inject import Edits, Injector, Insertion, Missed
from notices.ruleset import Place

N = "<aside>N &#1071;</aside>"

LATIN = (
    "<!doctype html><html><head><title>Café <body></title></head><body class='a>b'><p>é</p><article>ü</article>x</body>"
)
RUSSIAN = "<!doctype html><head><title>Суд <body></title></head><body><p>Я читаю</p><article>ё</article>ы</body>"
JAPANESE = "<!doctype html><head><title>表示 <body></title></head><body><p>ソ能予表</p><article>暴十</article>ー</body>"
CHINESE = "<!doctype html><head><title>許功蓋 <body></title></head><body><p>囧珮</p><article>育</article>功</body>"

CASES = [
    pytest.param("utf-8", LATIN + "𝒳", "utf-8", id="UTF-8"),
    pytest.param("utf-8-sig", LATIN, None, id="UTF-8 with mark"),
    pytest.param("windows-1251", RUSSIAN, "windows-1251", id="windows-1251"),
    pytest.param("koi8-r", RUSSIAN, "koi8-r", id="KOI8-R"),
    pytest.param("shift_jis", JAPANESE, "shift_jis", id="Shift_JIS"),
    pytest.param("gb18030", CHINESE + "𝒳é", "gb18030", id="GB18030"),
    pytest.param("gbk", CHINESE, "gbk", id="GBK"),
    pytest.param("big5", CHINESE.replace("囧珮", "珮"), "big5", id="Big5"),
    pytest.param("euc-jp", JAPANESE, "euc-jp", id="EUC-JP"),
    pytest.param("euc-kr", LATIN.replace("é", "한").replace("ü", "글"), "euc-kr", id="EUC-KR"),
    pytest.param("iso2022_jp", JAPANESE, "iso-2022-jp", id="ISO-2022-JP"),
    pytest.param("utf-16-le", JAPANESE + "𝒳", "utf-16", id="UTF-16 by header"),
    pytest.param("utf-16-le", LATIN + "𝒳", "UTF-16LE", id="UTF-16LE by header"),
    pytest.param("utf-16-be", RUSSIAN + "𝒳", "utf-16be", id="UTF-16BE by header"),
]
PLACES = {
    "top": (Place("top"), "<body>", ""),
    "before": (Place("before", "article"), "", "<article>"),
    "after": (Place("after", "article"), "</article>", ""),
    "bottom": (Place("bottom"), "", "</body>"),
}


def run(data, place, charset, size):
    injector = Injector(Edits((Insertion((place,), lambda _: N.encode()),)), charset=charset)
    out = b"".join(injector.feed(data[i : i + size]) for i in range(0, len(data), size))
    return out + injector.finish(), injector.report


def expected(text, place):
    _, before, after = PLACES[place]
    head, middle, tail = text.rpartition(before or after)
    if place == "top":
        head, middle, tail = text.partition("</head>")
        tag, bracket, rest = tail.partition("'>" if "a>b" in text else ">")
        return head + middle + tag + bracket + N + rest
    if place == "bottom" and tail:
        return text + N
    return head + middle + N + tail if before else head + N + middle + tail


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100_000])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("codec", "text", "label"), CASES)
def test_charset(codec, text, label, place, size):
    """Decoded, the page is what it was, with the notice in place and every character of it readable."""
    out, report = run(text.encode(codec), PLACES[place][0], label, size)
    assert out.decode(codec) == expected(text, place)
    assert len(report.placed) == 1


@pytest.mark.parametrize("size", [1, 2, 3, 100_000])
@pytest.mark.parametrize(
    ("mark", "codec", "label"),
    [
        pytest.param(codecs.BOM_UTF16_LE, "utf-16-le", None, id="little endian, no header"),
        pytest.param(codecs.BOM_UTF16_BE, "utf-16-be", None, id="big endian, no header"),
        pytest.param(codecs.BOM_UTF16_BE, "utf-16-be", "utf-16le", id="mark beats the header's order"),
        pytest.param(codecs.BOM_UTF16_LE, "utf-16-le", "utf-8", id="mark beats the header"),
        pytest.param(codecs.BOM_UTF8, "utf-8", "utf-16", id="mark of UTF-8 beats UTF-16"),
        pytest.param(codecs.BOM_UTF8, "utf-8", "iso-2022-kr", id="mark beats what cannot be decoded"),
    ],
)
def test_byte_order_marks(mark, codec, label, size):
    """A byte order mark decides, stays first, and is no text."""
    out, _ = run(mark + RUSSIAN.encode(codec), Place("top"), label, size)
    assert out == mark + expected(RUSSIAN, "top").encode(codec)


@pytest.mark.parametrize("label", ["iso-2022-kr", "hz-gb-2312", " ISO-2022-CN ", "replacement", "csiso2022kr"])
def test_charsets_that_browsers_refuse(label):
    """What browsers show as one replacement character passes as it is, and the reason is told."""
    page = LATIN.encode()
    out, report = run(page, Place("top"), label, 5)
    assert out == page
    assert report.missed is Missed.CHARSET


def test_meta_utf_16_means_utf_8():
    """A page that is ASCII enough to be read cannot be UTF-16, whatever its meta element says."""
    page = b"<!doctype html><meta charset=utf-16><body>x"
    assert run(page, Place("top"), None, 3)[0] == page.replace(b"<body>", b"<body>" + N.encode())


def test_an_unknown_label_is_ignored():
    """A label that browsers do not know changes nothing."""
    assert run(b"<body>x", Place("top"), "x-unknown", 3)[0] == b"<body>" + N.encode() + b"x"


def test_a_page_in_half_width_text_to_the_end():
    """Where an ISO-2022-JP page ends in another mode, the notice is escaped to ASCII and back."""
    page = b"<body>\x1b$B%F"
    out, _ = run(page, Place("bottom"), "iso-2022-jp", 1)
    assert out == page + b"\x1b(B" + N.encode() + b"\x1b$B"


def test_japanese_bytes_that_look_like_tags():
    """Two-byte text in ISO-2022-JP may hold the bytes of tags; they are none."""
    page = b"<body>\x1b$B<a<b>c</\x1b(B<article>x"
    out, _ = run(page, Place("before", "article"), "iso-2022-jp", 1)
    assert out == b"<body>\x1b$B<a<b>c</\x1b(B" + N.encode() + b"<article>x"


def test_an_odd_byte_at_the_end_of_utf_16():
    """A page that breaks off within a code unit loses no byte."""
    page = "<body>x".encode("utf-16-le") + b"\x41"
    out, _ = run(page, Place("top"), "utf-16le", 1)
    assert out == ("<body>" + N + "x").encode("utf-16-le") + b"\x41"
