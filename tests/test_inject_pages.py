"""A hundred whole pages of 100 to 300 KB, as publishing systems write them, judged by two parsers."""

from __future__ import annotations

import pytest

from notices.inject import Edits, Feature, Injector, Insertion
from notices.ruleset import Place
from tests.pages import CYRILLIC, LOREM, STYLES, page
from tests.trees import LINKED, NOTICE, lexbor_tree, notices, turbo_tree, without_notices

PLACES = (
    Place("top"),
    Place("before", "article"),
    Place("after", "article"),
    Place("first-in", ".entry-content"),
    Place("bottom"),
)


def run(data, size, edits, charset=None):
    injector = Injector(edits, charset=charset)
    out = b"".join(injector.feed(data[i : i + size]) for i in range(0, len(data), size)) + injector.finish()
    return out, injector.report


@pytest.mark.parametrize("seed", range(100))
def test_whole_pages(seed):
    """The tree stays, and the notice stands where its place says, in every template and charset of the generator."""
    place = PLACES[seed % len(PLACES)]
    text = page(seed, words=CYRILLIC if seed % 3 == 0 else LOREM)
    codec = "windows-1251" if seed % 6 == 0 else "utf-8"
    data = text.encode(codec)
    assert 100_000 <= len(text.encode()) <= 310_000
    fragment = NOTICE if seed % 2 else LINKED
    injector_edits = Edits((Insertion((place,), lambda _: fragment),))
    out, report = run(data, len(data), injector_edits)
    assert run(data, 4096, injector_edits)[0] == out
    assert [placed.fallback for placed in report.placed] == [False]
    after = turbo_tree(out.decode(codec))
    _check_place(after, place)
    assert without_notices(after).lines() == turbo_tree(text).lines()
    second = lexbor_tree(out.decode(codec))
    assert len(notices(second)) == 1
    assert without_notices(second).lines() == lexbor_tree(text).lines()


def _check_place(tree, place):
    [notice] = notices(tree)
    siblings = notice.parent.elements
    at = siblings.index(notice)
    if place.position == "top":
        assert notice.parent.name == "body"
        assert notice.parent.children[0] is notice
    elif place.position == "bottom":
        assert notice.parent.name == "body"
        assert siblings[-1] is notice
    elif place.position == "first-in":
        assert notice.parent.attributes["class"] == "entry-content"
        assert at == 0
    else:
        assert siblings[at + (1 if place.position == "before" else -1)].attributes.get("id") == "post-1"


@pytest.mark.parametrize("style", STYLES)
def test_all_edits_at_once(style):
    """Notices at every place and hidden parts in one pass, in single kibibytes."""
    text = page(STYLES.index(style)).replace("<form action", "<form data-notices-feature=search action", 1)
    edits = Edits(tuple(Insertion((place,), lambda _: NOTICE) for place in PLACES), {"search": Feature("hide")})
    out, report = run(text.encode(), 1024, edits)
    assert [placed.position for placed in report.placed] == ["top", "before", "first-in", "after", "bottom"]
    assert report.language == "en-GB"
    assert out.count(b"<form hidden inert data-notices-feature=search") == 1
    unhidden = out.decode().replace("<form hidden inert ", "<form ")
    assert without_notices(turbo_tree(unhidden)).lines() == turbo_tree(text).lines()


def test_pages_are_the_same_for_a_seed():
    """The generator is deterministic, and its pages differ."""
    assert page(5) == page(5)
    assert page(5) != page(6)


JAPANESE = ["表示", "ソ能", "予", "暴十", "カタカナ", "ひらがな", "news", "東京"]
CHINESE = ["新闻", "育", "功", "读者", "法院", "city"]
CHARSETS = {
    "UTF-8 with mark": ("utf-8-sig", None, CYRILLIC),
    "windows-1251": ("windows-1251", "windows-1251", CYRILLIC),
    "KOI8-R": ("koi8-r", "koi8-r", CYRILLIC),
    "Shift_JIS": ("shift_jis", "shift_jis", JAPANESE),
    "EUC-JP": ("euc-jp", "euc-jp", JAPANESE),
    "ISO-2022-JP": ("iso2022_jp", "iso-2022-jp", JAPANESE),
    "GB18030": ("gb18030", "gb18030", CHINESE),
    "Big5": ("big5", "big5", ["新聞", "育", "許功蓋", "city"]),
    "EUC-KR": ("euc-kr", "euc-kr", ["한국", "신문", "글", "city"]),
    "UTF-16 by mark, little endian": ("utf-16-le", None, CYRILLIC),
    "UTF-16 by mark, big endian": ("utf-16-be", None, JAPANESE),
    "UTF-16LE by header": ("utf-16-le", "utf-16le", JAPANESE),
    "UTF-16BE by header": ("utf-16-be", "utf-16be", CYRILLIC),
}


@pytest.mark.parametrize("size", [1 << 20, 4093])
@pytest.mark.parametrize(("codec", "label", "words"), CHARSETS.values(), ids=CHARSETS)
def test_whole_pages_in_every_charset(codec, label, words, size):
    """In every charset the whole page reads as before, with the notices at their places, whole and in pieces."""
    text = page(len(codec) + len(words), words=words)
    mark = "\ufeff" if label is None and codec.startswith("utf-16") else ""
    edits = Edits(tuple(Insertion((place,), lambda _: NOTICE) for place in PLACES))
    out, report = run((mark + text).encode(codec), size, edits, label)
    assert [(placed.position, placed.fallback) for placed in report.placed] == [
        (position, False) for position in ("top", "before", "first-in", "after", "bottom")
    ]
    after = turbo_tree(out.decode(codec).removeprefix(mark))
    assert len(notices(after)) == len(PLACES)
    assert without_notices(after).lines() == turbo_tree(text).lines()
