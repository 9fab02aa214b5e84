"""The first child of body: every trap of the tokenizer and of the implied body, with the expected bytes written out."""

from __future__ import annotations

import pytest

from notices.inject import Edits, Injector, Insertion, Missed, insert
from notices.ruleset import Place

N = b"<aside>N</aside>"


def top(page, **keywords):
    whole = b"".join(insert([page], N, **keywords))
    assert b"".join(insert([page[i : i + 1] for i in range(len(page))], N, **keywords)) == whole
    return whole


def report_of(page, place="top"):
    injector = Injector(Edits((Insertion((Place(place),), lambda _: N),)))
    out = injector.feed(page) + injector.finish()
    return out, injector.report


#: ``|`` is where the notice belongs.
TRAPS = {
    "plain body": "<!doctype html><html><head></head><body>|x</body></html>",
    "attributes": "<body class=a data-x='>' title=\">\">|x",
    "upper case": "<HTML><BODY>|x",
    "line breaks in the tag": "<body\n\tclass\r\n=\f'a'\n>|x",
    "body in a comment": "<!-- <body> --><body>|x",
    "body in a script": "<script>'<body>'</script><body>|x",
    "body in JSON-LD": '<script type=\'application/ld+json\'>{"a":"<body>"}</script><body>|x',
    "body in a title": "<title><body></title><body>|x",
    "body in a style": "<style>/*<body>*/</style><body>|x",
    "body in noscript": "<head><noscript><body></noscript></head><body>|x",
    "body in a template": "<head><template><body><p></template></head><body>|x",
    "nested templates": "<template><template></template><body></template><body>|x",
    "body in an attribute": "<meta content='<body>'><body>|x",
    "another tag that begins so": "|<bodyx><body>x",
    "empty comment": "<!--><body>|x-->",
    "empty comment with a hyphen": "<!---><body>|x-->",
    "empty comment in the head": "<head><meta><!--><body>|x-->",
    "comment ended with a bang": "<!-- a --!><body>|x -->",
    "comment with hyphens": "<!-- a -- b -> <body> --><body>|x",
    "comment in a comment": "<!-- <!-- --><body>|x -->",
    "script with escape": "<script><!-- <script> </script> --></script><body>|x",
    "script with escape, once": "<script><!-- </script><body>|x",
    "script with an empty escape": "<script><!--><script></script><body>|x",
    "script double escape ended": "<script><!--<script></script></script><body>|x",
    "script is not closed by its slash": "<script/><body></script><body>|x",
    "end tag of another name": "<title></titlex><body></title><body>|x",
    "end tag with attributes": "<title></title a='>'><body>|x",
    "upper-case end tag": "<script></SCRIPT ><body>|x",
    "processing instruction": '<?php echo "<body>|" ?><body>x',
    "bogus comment": "<!x '<body>|'><body>",
    "end tag that is a comment": "</ x><body>|x",
    "no end tag at all": "</><body>|x",
    "doctype with a bracket": "<!doctype html public '><body>|x",
    "text implies": "<head></head> |x<body>",
    "tag implies": "<head><meta>|<div>x",
    "link and meta do not": "<meta><link><base><bgsound><basefont><body>|x",
    "image implies": "|<img><body>x",
    "end of body implies": "<head></head>|</body>x",
    "end of html implies": " |</html>",
    "break implies": "|</br>",
    "other end tags do not": "</p></div></script></table><body>|x",
    "end of head does not": "</head><body>|x",
    "noscript after the head implies": "<head></head>|<noscript></noscript>",
    "noframes does not": "<head></head><noframes><body></noframes><body>|x",
    "reference to a space": "<head></head>&#32;&#x0A;&Tab;&NewLine;&#9;|&#160;",
    "reference with zeros": "<head></head>&#00000032;|&#0000033;",
    "reference without semicolon": "<head></head>&#32<body>|",
    "reference that goes on": "<head></head>|&#321;<body>",
    "unfinished reference": "<head></head>|&#3",
    "vertical tab is no space": "|\x0b<body>",
    "a second mark is text": "\ufeff|\ufeff<body>",
    "a mark": "\ufeff<body>|x",
    "letter that grows in lower case": "<title>İİİ</title><body>|İ",
    "less-than is text": "|< body><body>",
    "lone less-than at the end": "<head></head>|<",
    "lone end at the end": "<head></head>|</",
    "empty": "|",
    "space only": " \n|",
    "head only": "<head><title>x</title></head>|",
    "unfinished tag": "<head></head>|<div class='a",
    "unfinished body": "<head></head>|<body class=",
    "frameset after text": "|x<frameset>",
    "frameset after a template in an implied body": "|<i><template></template><frameset>",
    "frameset after an image": "|<img><frameset>",
    "body in a template after the head": "<head></head><template><body></template>|x",
    "svg in a template": "<template><svg><title></template><body>|x",
    "quote in a name": "<meta a\"b='>'><body>|x",
    "equals first": '<meta ="><body>|x',
    "unquoted slash": "<link href=a/><body>|x",
    "CDATA is a comment in HTML": "<![CDATA[<body>|]]>",
}


@pytest.mark.parametrize("marked", TRAPS.values(), ids=TRAPS)
def test_top(marked):
    """The notice is the first child of the body that browsers build."""
    page = marked.encode()
    assert top(page.replace(b"|", b"")) == page.replace(b"|", N)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param("<frameset><frame></frameset>", Missed.FRAMESET, id="frameset"),
        pytest.param("<head></head> <frameset>", Missed.FRAMESET, id="frameset after the head"),
        pytest.param("<div> <p> <frameset>", Missed.FRAMESET, id="frameset replaces an implied body"),
        pytest.param("<!-- x", Missed.COMMENT, id="comment"),
        pytest.param("<!-- x --", Missed.COMMENT, id="comment that nearly ends"),
        pytest.param("<!doctype", Missed.COMMENT, id="doctype"),
        pytest.param("<!", Missed.COMMENT, id="declaration"),
        pytest.param("<?php", Missed.COMMENT, id="processing instruction"),
        pytest.param("<title>x", Missed.TEXT, id="title"),
        pytest.param("<script>x</script", Missed.TEXT, id="script with an unfinished end"),
        pytest.param("<style>", Missed.TEXT, id="style"),
        pytest.param("<template><div>", Missed.TEMPLATE, id="template"),
    ],
)
def test_no_offset_is_right(page, reason):
    """Where no offset can be right the page passes unchanged, and the reason is told."""
    out, report = report_of(page.encode())
    assert out == page.encode()
    assert report.placed == ()
    assert report.missed is reason


def test_a_frameset_is_waited_for_a_kibibyte_and_no_longer():
    """After an implied body a frameset is waited for as long as 1 KiB of space and blocks, then the notice goes out."""
    near = b"<div>" + b" " * 900 + b"<frameset>"
    far = b"<div>" + b" " * 1100 + b"<frameset>"
    assert top(near) == near
    assert top(far) == N + far


def test_pages_pass_as_the_same_objects():
    """A chunk in which nothing is to change is handed on as it is, before and after the place."""
    first, second, third = b"<!doctype html><head><title>x</title>", b"</head><body>", b"<p>x</p>"
    injector = Injector(Edits((Insertion((Place("top"),), lambda _: N),)))
    assert injector.feed(first) is first
    assert injector.feed(second) == second + N
    assert injector.feed(third) is third
    assert injector.finish() == b""


def test_the_fragment_learns_what_the_page_is():
    """The fragment's factory is told the page's language, and whether the page is a document at all."""
    seen = []
    for page in (b"<!doctype html><html lang='de-AT'><body>", b"<html xml:lang=fr><body>", b"<p>x", b"<body>"):
        injector = Injector(Edits((Insertion((Place("top"),), lambda s: seen.append((s.language, s.document)) or N),)))
        injector.feed(page)
        injector.finish()
    assert seen == [("de-AT", True), (None, True), (None, False), (None, True)]


def test_a_declined_fragment_leaves_the_page():
    """A factory that gives nothing declines, once and for all."""
    injector = Injector(Edits((Insertion((Place("top"), Place("bottom")), lambda _: b""),)))
    page = b"<div>x</div>"
    assert injector.feed(page) + injector.finish() == page
    assert injector.report.missed is Missed.DECLINED


def test_a_failing_factory_loses_no_byte():
    """After a factory has raised, `release` gives what is held and the rest passes."""

    def fail(_):
        raise LookupError("planted")

    injector = Injector(Edits((Insertion((Place("top"),), fail),)))
    out = injector.feed(b"<head><tit")
    with pytest.raises(LookupError):
        injector.feed(b"le></title><body>x")
    assert out + injector.release() == b"<head><title></title><body>x"
    assert injector.feed(b"y") == b"y"
    assert injector.finish() == b""


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("middle", "'middle' is no place"),
        ("", "'' is no place"),
        ({"near": "p"}, "'near' is no position"),
        ({}, "one position"),
        ({"before": "p", "after": "p"}, "one position, not 2"),
        ({"top": "p"}, "'top' takes no selector; write at='top'"),
        ({5: "p"}, "5 is no position"),
        ({"before": ""}, "a selector is missing"),
        ({"before": "p > a"}, "combines"),
        ({"before": "li"}, "cannot be a place"),
    ],
)
def test_a_place_that_is_none_is_refused_at_once(at, message):
    """`insert` refuses a place before the first chunk is asked for."""
    with pytest.raises(ValueError, match=message):
        insert([b""], N, at)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(([b""], N, None), "a place must be a str or a mapping.*not NoneType", id="no place"),
        pytest.param(([b""], N, 5), "not int", id="number"),
        pytest.param(([b""], N, ["top"]), "not list", id="list"),
        pytest.param(([b""], N, b"top"), "not bytes", id="place as bytes"),
        pytest.param(([b""], N, {"before": None}), "the selector of 'before' must be a str.*NoneType", id="none"),
        pytest.param(([b""], N, {"after": 5}), "the selector of 'after' must be a str.*int", id="numeric selector"),
        pytest.param(([b""], N, {"first-in": ["p"]}), "not list", id="list of selectors"),
        pytest.param(([b""], "<aside>"), "the fragment must be bytes, not str", id="text as a fragment"),
        pytest.param(([b""], memoryview(N)), "the fragment must be bytes, not memoryview", id="view as a fragment"),
        pytest.param(([b""], None), "the fragment must be bytes, not NoneType", id="no fragment"),
        pytest.param((b"<p>", N), "iterable of bytes, not bytes; put a whole page into a list", id="bare page"),
        pytest.param(("<p>", N), "iterable of bytes, not str", id="bare text"),
        pytest.param((None, N), "iterable of bytes, not NoneType", id="no chunks"),
    ],
)
def test_arguments_of_other_types_are_refused_at_once(arguments, message):
    """`insert` refuses an argument of another type before the first chunk is asked for."""
    with pytest.raises(TypeError, match=message):
        insert(*arguments)


def test_a_charset_of_another_type_is_refused_at_once():
    """`insert` takes the header's charset as text."""
    with pytest.raises(TypeError, match="charset must be a str or None, not bytes"):
        insert([b""], N, charset=b"utf-8")


def test_a_chunk_of_another_type_is_refused():
    """A chunk that is no bytes is told by its type, when it comes."""
    given = insert([b"<body>", "x"], N)
    assert next(given) == b"<body>" + N
    with pytest.raises(TypeError, match="a chunk must be bytes, not str"):
        next(given)


@pytest.mark.parametrize(
    "fragment",
    [
        b"",
        b"text",
        b"\n<aside>",
        b"<!-- c --><aside>",
        b"</aside>",
        b"<style>x</style><aside>",
        b"<script></script>",
        b"<link>",
        b"<META>",
        b"<template>",
        b"<noscript>",
        b"<body>",
        b"<html>",
        b"<frameset>",
        b"<td>x</td>",
        b"<aside",
    ],
)
def test_a_fragment_must_begin_the_body(fragment):
    """`insert` refuses a fragment whose beginning would land in the head or vanish."""
    with pytest.raises(ValueError, match="the fragment must begin with a"):
        insert([b""], fragment)


def test_a_fragment_must_be_ascii():
    """`insert` refuses a fragment that would be read differently in different charsets."""
    with pytest.raises(ValueError, match="ASCII"):
        insert([b""], "<aside>é</aside>".encode())
