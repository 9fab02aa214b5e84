"""What editors get wrong, one mistake after the other: each is told with its place, the value and the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notices.cli import main
from notices.folder import examine_files
from notices.lint import find_errors, find_warnings
from tests.lints import NOW

if TYPE_CHECKING:
    from notices.errors import Problem

SOUND = """\
defaults: {timezone: Europe/Moscow, language: en, publisher: my-paper}
publishers:
  my-paper: {name: {en: My Paper}, hosts: [my-paper.example]}
rules:
  r1:
    title: T
    kind: reader-safety
    status: active
    where: [RU]
    text:
      en: "If you are in Russia, take care."
    owner: desk
    review-by: 2027-02-01
"""
TEXT = '"If you are in Russia, take care."'
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)


def problems(text: str | bytes) -> list[Problem]:
    """All that is said of one file, hints left out."""
    loaded, found = examine_files({"r.yaml": text.encode() if isinstance(text, str) else text})
    lints: tuple[Problem, ...] = ()
    if loaded is not None:
        lints = (*find_errors(loaded.ruleset, loaded.files), *find_warnings(loaded.ruleset, loaded.files, NOW))
    return sorted(one for one in {*found, *lints} if one.level != "hint")


def planted(old: str, new: str) -> str:
    """The sound file with one mistake."""
    assert SOUND.count(old) == 1
    return SOUND.replace(old, new)


def row(line: str, *, after: str = "    owner: desk\n") -> str:
    """The sound file with one more line in its rule, line 13."""
    return planted(after, f"{after}    {line}\n")


#: The file, where the problem stands, its code, and words of the message and of the fix.
MISTAKES = [
    pytest.param(planted("[RU]", "[no]"), 9, 13, "unknown-region", "'no' is no region", "'NO'", id="Norway in small"),
    pytest.param(planted("    kind", "\tkind"), 7, 1, "tab", "a tab", "write spaces", id="a tab before a key"),
    pytest.param(planted("kind: r", "kind:\tr"), 7, 10, "tab", "a tab", "write spaces", id="a tab behind a colon"),
    pytest.param(planted("[RU]", "[RУ]"), 9, 13, "look-alike", "Cyrillic letter U", "'RU'", id="a Cyrillic code"),
    pytest.param(
        planted("[my-paper", "[my-pаper"),
        3,
        44,
        "look-alike",
        "Cyrillic letter A",
        "'my-paper.example'",
        id="Cyrillic host",
    ),
    pytest.param(planted("status:", "stаtus:"), 8, 5, "look-alike", "Cyrillic letter A", "'status'", id="Cyrillic key"),
    pytest.param(
        planted("take care.", "[see](https://gооgle.com)."),
        *(11, 48, "look-alike", "in the link to 'gооgle.com'", "'google.com'"),
        id="a Cyrillic link",
    ),
    pytest.param(planted("[RU]", "[“RU”]"), 9, 13, "smart-quotes", "around 'RU'", '"RU"', id="smart quotes"),
    pytest.param(
        planted(TEXT, "“If you are in Russia: take care.”"),
        *(11, 32, "syntax", "a colon stands where no key can be", "'“' is no quote for YAML"),
        id="smart quotes around a colon",
    ),
    pytest.param(
        planted("2027-02-01", "2027-02-30"),
        13,
        16,
        "bad-date",
        "'2027-02-30' does not exist",
        "2027-02-28",
        id="no such day",
    ),
    pytest.param(planted("2027-02-01", "01.02.2027"), 13, 16, "bad-date", "no date", "2027-02-01", id="a German date"),
    pytest.param(
        planted("2027-02-01", "02/01/2027"), 13, 16, "bad-date", "no date", "2027-01-02 or 2027-02-01", id="either date"
    ),
    pytest.param(
        row("when: {from: 2026-06-31}"), 13, 18, "bad-date", "does not exist", "2026-06-30", id="the 31st of June"
    ),
    pytest.param(
        row("when: {from: 2026-12-02T24:00}"), 13, 18, "bad-date", "does not exist", "00:00 of the next", id="24:00"
    ),
    pytest.param(
        row("when: {from: 2026-03-29T02:30, timezone: Europe/Berlin}"),
        *(13, 18, "clock-change", "2026-03-29 01:30 +0100 holds, which shows longer", "write the offset"),
        id="a time that a clock change skips",
    ),
    pytest.param(
        row("when: {from: 2026-12-02, until: 2026-12-01}"),
        13,
        37,
        "empty-window",
        "not after 'from'",
        "swap",
        id="backwards",
    ),
    pytest.param(row("when: {from: 2026-12-02, to: 2026-12-05}"), 13, 30, "unknown-key", "'to'", "'until'", id="to"),
    pytest.param(
        planted("rules:", "regions:\n  a: {include: [b]}\n  b: {include: [a]}\nrules:"),
        *(6, 17, "set-cycle", "a -> b -> a", "take one of these names out"),
        id="sets that hold each other",
    ),
    pytest.param(
        BOMB, 4, 45, "too-many-nodes", "more than 10,000 nodes", "write the values out", id="a billion laughs"
    ),
    pytest.param(SOUND + "#" * 10_000_000, 1, 1, "too-large", "larger than 1 MiB", "split it", id="ten megabytes"),
    pytest.param(
        SOUND.encode().replace(b": T\n", b": T\xff\n"),
        6,
        13,
        "not-utf8",
        "0xFF",
        "save the file as UTF-8",
        id="no UTF-8",
    ),
    pytest.param(SOUND.encode("utf-16"), 1, 1, "not-utf8", "UTF-16", "save it as UTF-8", id="UTF-16"),
    pytest.param(
        planted("take care.", "[x](javascript:alert)."),
        *(11, 34, "link-scheme", "'javascript:alert'", "write https://... or mailto:..."),
        id="a link with javascript",
    ),
    pytest.param(planted("take care.", "<b>x."), 11, 34, "html", "raw HTML", "Markdown", id="raw HTML"),
    pytest.param(
        planted("take care.", "{publihser}."), 11, 34, "unknown-slot", "{publihser}", "{publisher}", id="no such slot"
    ),
    pytest.param(
        row("show: {languages: [page, ru]}"),
        13,
        30,
        "missing-text",
        "'ru'",
        "write the text in 'ru'",
        id="no text in ru",
    ),
    pytest.param(
        planted("[RU]", "RU, BY"), 9, 12, "unknown-region", "'RU, BY'", "[RU, BY]", id="a list without brackets"
    ),
    pytest.param(
        planted("[RU]", "[Czech Republic]"), 9, 13, "unknown-region", "no region", "'CZ'", id="an official name"
    ),
    pytest.param(planted("[RU]", "[Россия]"), 9, 13, "unknown-region", "no region", "'RU'", id="a Russian name"),
    pytest.param(planted("[RU]", "[Südkorea]"), 9, 13, "unknown-region", "no region", "'KR'", id="a German name"),
    pytest.param(planted("[RU]", "[UK]"), 9, 13, "unknown-region", "no region", "'GB'", id="UK"),
    pytest.param(planted("[RU]", "[EU]"), 9, 13, "unknown-region", "no region", "'eu'", id="EU"),
    pytest.param(
        planted("[RU]", "[R\u200bU]"), 9, 13, "look-alike", "zero width space", "'RU'", id="an invisible character"
    ),
    pytest.param(
        planted("kind: r", "kind:\u00a0r"),
        7,
        10,
        "syntax",
        "no-break space (U+00A0)",
        "ordinary blank",
        id="a hard space",
    ),
    pytest.param(
        planted("    kind", "\u00a0   kind"),
        7,
        1,
        "syntax",
        "no-break space (U+00A0)",
        "ordinary blank",
        id="hard indentation",
    ),
    pytest.param(
        planted("kind: r", "kind：r"), 7, 9, "syntax", "fullwidth colon", "':' and a blank", id="a wide colon"
    ),
    pytest.param(planted("kind: r", "kind:r"), 7, 9, "syntax", "no blank", "'kind: ...'", id="no blank behind a colon"),
    pytest.param(planted('care."', "care."), 11, 11, "syntax", "opens here", "close it", id="a quote left open"),
    pytest.param(planted("[RU]", "[RU"), 10, 9, "syntax", "opens in line 9", "']'", id="a bracket left open"),
    pytest.param(
        planted("    kind", "   kind"), 7, 4, "syntax", "does not continue", "indent it", id="wrong indentation"
    ),
    pytest.param(
        planted(TEXT, "{publisher} x"), 11, 23, "syntax", "'}'", "put the whole text in quotes", id="a bare slot"
    ),
    pytest.param(planted(TEXT, "*x* y"), 11, 13, "syntax", "anchors", "put the text in quotes", id="a bare star"),
    pytest.param(
        planted("    title: T\n", "    <<: {title: T}\n"),
        6,
        5,
        "unknown-key",
        "the merge key '<<'",
        "write the keys out",
        id="merge",
    ),
    pytest.param(
        planted("{en: My", "{<<: {ru: X}, en: My"),
        3,
        21,
        "unknown-key",
        "'<<'",
        "write the keys out",
        id="merged names",
    ),
    pytest.param(row("owner: desk"), 13, 5, "duplicate-key", "first in line 12", "delete one", id="a key twice"),
    pytest.param(
        planted("reader-safety", "reader-safty"), 7, 11, "unknown-value", "no kind", "'reader-safety'", id="kind"
    ),
    pytest.param(
        planted("Europe/Moscow", "Moscow"), 1, 22, "unknown-timezone", "no time zone", "'Europe/Moscow'", id="zone"
    ),
    pytest.param(
        row("pages: {publishers: [my-papr]}"), 13, 26, "unknown-publisher", "'my-papr'", "'my-paper'", id="publisher"
    ),
    pytest.param(
        row("pages: {paths: [news/**]}"), 13, 21, "bad-path", "'/'", "'/news/**'", id="a path without a slash"
    ),
    pytest.param(
        row('pages: {hosts: ["https://a.example/"]}'),
        13,
        21,
        "bad-host",
        "no host",
        "a.example",
        id="an address for a host",
    ),
    pytest.param(row("priority: high"), 13, 15, "wrong-type", "'high'", "write digits", id="a priority in words"),
    pytest.param(row("show: {first: yes}"), 13, 19, "wrong-type", "'yes'", "true or false", id="yes for true"),
    pytest.param(row("supersedes: [r2]"), 13, 18, "unknown-rule", "'r2'", "r1", id="a rule that is not there"),
    pytest.param(row("action: withhold"), 13, 13, "bad-action", "cannot withhold", "kind: withhold", id="withhold"),
    pytest.param(
        row("confidence: low"), 13, 17, "low-confidence", "low confidence", "status: draft", id="low and active"
    ),
    pytest.param(planted("    owner: desk\n", ""), 6, 5, "missing-key", "lacks 'owner'", "who answers", id="no owner"),
    pytest.param(planted("r1:", "My Rule:"), 5, 3, "bad-name", "'My Rule'", "'my-rule'", id="an id with a blank"),
    pytest.param(
        planted('en: "If', 'english: "If'), 11, 7, "bad-language", "'english'", "'en'", id="a language's name"
    ),
    pytest.param(planted("take care.", "`x`"), 11, 34, "code", "backticks", "quotation marks", id="code"),
    pytest.param(planted(TEXT, '"# X"'), 11, 12, "heading", "a heading", "`title`", id="a heading"),
    pytest.param(
        planted("[RU]", "[us-gpc-states]"),
        9,
        13,
        "unconfirmed-set",
        "low confidence",
        "confirm",
        id="a set from memory",
    ),
    pytest.param(planted("[RU]", "[US-PR]"), 9, 13, "alias", "second code of 'PR'", "write PR", id="a second code"),
    pytest.param(
        row("examples: [{visitor: {region: DE}, expect: shown}]"),
        *(13, 16, "example-failed", "hidden on 1 Feb 2027, 03:00:00 Europe/Moscow, not shown", "correct the rule"),
        id="an example that fails",
    ),
    pytest.param(
        row('link: {href: "/privacy", label: {en: More}}'),
        13,
        18,
        "bad-link",
        "'/privacy' does not lead",
        "such as https://my-paper.example/privacy",
        id="a path for a link",
    ),
    pytest.param(
        row('link: {href: "privacy.html", label: {en: More}}'),
        13,
        18,
        "bad-link",
        "does not lead",
        "such as https://my-paper.example/privacy.html",
        id="a file for a link",
    ),
    pytest.param(
        row('link: {href: "my-paper.example/x", label: {en: More}}'),
        13,
        18,
        "bad-link",
        "does not lead",
        "write https://my-paper.example/x",
        id="a link without its beginning",
    ),
    pytest.param(
        row('link: {href: "http://my-paper.example/x", label: {en: More}}'),
        13,
        18,
        "bad-link",
        "is not encrypted",
        "write https://my-paper.example/x",
        id="a link that is not encrypted",
    ),
    pytest.param(
        row('link: {href: "javascript:alert(1)", label: {en: More}}'),
        13,
        18,
        "bad-link",
        "does not lead",
        "such as https://my-paper.example/safety",
        id="a link with a script",
    ),
    pytest.param(
        row("link: https://my-paper.example/x"),
        13,
        11,
        "wrong-type",
        "a link",
        "{href: https://my-paper.example/x, label: ...}",
        id="a bare link",
    ),
    pytest.param(
        row("when: 2026-12-01"), 13, 11, "wrong-type", "a period", "write {from: 2026-12-01}", id="a bare date"
    ),
    pytest.param(
        row("sources: https://my-paper.example/x"),
        13,
        14,
        "wrong-type",
        "a list of sources",
        "write a list: [{url: https://my-paper.example/x}]",
        id="a bare source",
    ),
    pytest.param(
        planted("{name: {en: My Paper}", "{name: My Paper"),
        3,
        20,
        "wrong-type",
        "names",
        "write {en: My Paper}",
        id="a name without its language",
    ),
    pytest.param(
        planted("{timezone: Europe/Moscow, language: en, publisher: my-paper}", "Europe/Moscow").replace(
            "    text:\n", '    when: {from: 2026-12-01}\n    text:\n      de: "{publisher}"\n'
        ),
        1,
        11,
        "wrong-type",
        "defaults",
        "{timezone: ..., language: ...}",
        id="defaults that are one value",
    ),
    pytest.param(row("show: top"), 13, 11, "wrong-type", "show", "write {at: top}", id="a bare place"),
    pytest.param(
        row("pages: article"), 13, 12, "wrong-type", "pages", "write {surfaces: article}", id="a bare surface"
    ),
    pytest.param(row("pages: /news/x"), 13, 12, "wrong-type", "pages", "write {paths: /news/x}", id="a bare path"),
    pytest.param(
        row("pages: my.example"), 13, 12, "wrong-type", "pages", "write {hosts: my.example}", id="a bare host"
    ),
    pytest.param(row("pages: war, peace"), 13, 12, "wrong-type", "pages", 'write {tags: "war, peace"}', id="bare tags"),
    pytest.param(
        row("examples: [{visitor: RU, expect: shown}]"),
        13,
        26,
        "wrong-type",
        "a visitor",
        "write {region: RU}",
        id="a bare visitor",
    ),
    pytest.param(
        SOUND + "regions:\n  mine: [RU, BY]\n",
        15,
        9,
        "wrong-type",
        "a region set",
        "write {include: [RU, BY]}",
        id="a bare list for a set",
    ),
    pytest.param(
        row("when: {from: 1 December 2026}"), 13, 18, "bad-date", "is no date", "write 2026-12-01", id="1 December"
    ),
    pytest.param(row("when: {from: 'Dec 1, 2026'}"), 13, 18, "bad-date", "is no date", "write 2026-12-01", id="Dec 1"),
    pytest.param(row("when: {from: 1 Smarch 2026}"), 13, 18, "bad-date", "is no date", "2026-02-28", id="no month"),
    pytest.param(
        planted("[RU]", "[false]"), 9, 13, "unknown-region", "'false'", "'NO'", id="Norway as a tool leaves it"
    ),
    pytest.param(planted("[RU]", "[Europe]"), 9, 13, "unknown-region", "'Europe'", "'eu'", id="a continent"),
    pytest.param(planted("[RU]", "[USA]"), 9, 13, "unknown-region", "'USA'", "'US'", id="USA"),
    pytest.param(
        planted("[RU]", "{any: [RU], not: [RU-MOW]}"), 9, 24, "unknown-key", "'not'", "'except'", id="not for except"
    ),
    pytest.param(
        planted("[RU]", "{include: [RU]}"), 9, 13, "unknown-key", "'include'", "did you mean 'any'", id="include"
    ),
    pytest.param(planted("[RU]", "all"), 9, 12, "unknown-region", "'all'", "did you mean 'world'", id="all"),
    pytest.param(planted("[RU]", '"*"'), 9, 12, "unknown-region", "'*'", "did you mean 'world'", id="a star for all"),
    pytest.param(
        row("examples: [{region: RU, expect: shown}]"),
        13,
        17,
        "unknown-key",
        "'region'",
        "did you mean 'visitor'",
        id="a region without its visitor",
    ),
    pytest.param(
        row("unsure: {country: show}"), 13, 14, "unknown-key", "'country'", "did you mean 'coarse'", id="coarse"
    ),
    pytest.param(row("unsure: {tor: show}"), 13, 14, "unknown-key", "'tor'", "'anonymous'", id="tor"),
    pytest.param(row("pages: {paths: [/news**]}"), 13, 21, "bad-path", "only a part", "'/news/**'", id="two stars"),
    pytest.param(
        planted("    review-by: 2027-02-01\n", ""),
        *(6, 5, "missing-key", "lacks 'review-by'", "add such as 'review-by: 2027-02-01'"),
        id="no review",
    ),
    pytest.param(
        row("pages: {tags: [war]}\n    examples: [{visitor: {region: RU}, expect: shown}]"),
        *(14, 16, "example-failed", "tag not stated", "page: {tags: [politics]}"),
        id="an example without the page's facts",
    ),
    pytest.param(SOUND.replace("rules:\n", ""), 6, 5, "unknown-key", "'kind'", "a key of a rule", id="no rules:"),
]


@pytest.mark.parametrize(("text", "line", "column", "code", "words", "fix"), MISTAKES)
def test_a_mistake_is_told_with_place_value_and_fix(text, line, column, code, words, fix):
    """One problem at the place of the mistake; but for a forgotten section, nothing else is said."""
    found = problems(text)
    told = [one for one in found if (one.line, one.column, one.code) == (line, column, code)]
    assert len(told) == 1, [str(one) for one in found]
    assert words in told[0].message
    assert fix in told[0].fix
    assert len(found) == 1 or words == "'kind'"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SOUND, id="as it is"),
        pytest.param(planted("[RU]", "[NO]"), id="Norway"),
        pytest.param(b"\xef\xbb\xbf" + SOUND.encode(), id="with a byte order mark"),
        pytest.param(SOUND.replace("\n", "\r\n"), id="with the line ends of Windows"),
        pytest.param(planted("take care.", "attention\u00a0: c’est « ça »."), id="French spacing in a text"),
        pytest.param(planted("title: T", "title: Внимание"), id="a Cyrillic title"),
        pytest.param(planted("title: T", 'title: "<<"'), id="a merge key in quotes as a value"),
    ],
)
def test_what_is_right_is_not_blamed(text):
    """Nothing is said of a sound file, whatever editor it was saved by."""
    assert problems(text) == []


def test_a_quoted_merge_key_is_an_unknown_key():
    """In quotes it is a word like any other."""
    found = problems(row('"<<": x'))
    assert [(one.line, one.column, one.message) for one in found] == [(13, 5, "a rule has no key '<<'")]


def test_many_mistakes_are_told_at_once(tmp_path, capsys):
    """All of them, sorted by place, with the line and a caret below each."""
    text = planted("reader-safety", "reader-safty").replace("[RU]", "[RUS]").replace("2027-02-01", "2027-02-30")
    (tmp_path / "r.yaml").write_text(text, "utf-8")
    assert main(["check", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0].rpartition("r.yaml:")[2] for line in lines[::4]] == ["7:11", "9:13", "13:16"]
    assert lines[1:3] == ["    7 |     kind: reader-safty", "      |           ^"]
