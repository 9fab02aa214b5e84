"""The names that the HTML standard treats alike: which tags are text, which close a paragraph, where a block may stand.

Source: the HTML Living Standard, sections 13.2.4 to 13.2.6.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[bytes]:
    return frozenset(text.encode().split())


#: Start tags after which the tokenizer reads text to the matching end tag.  ``noscript``: scripting is on for readers.
RAW_TEXT = _names("script style title textarea xmp iframe noembed noframes noscript")

#: Start tags that may stand before the body without implying it.
HEAD_ONLY = _names("base basefont bgsound link meta title noscript noframes style script template")

VOID = _names("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")

HEADINGS = _names("h1 h2 h3 h4 h5 h6")

#: Start tags that close an open ``p`` and then only insert their element: to a ``p`` they do what ``aside`` does.
BLOCKS = _names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header"
    " hgroup main menu nav ol p search section summary ul"
)

#: Blocks whose end tag closes the nearest of their name in scope.
CLOSED_BY_NAME = (BLOCKS - {b"p"}) | _names("button listing pre")

FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")

MARKED = _names("applet marquee object")

IMPLIED_END = _names("dd dt li optgroup option p rb rp rt rtc")

TABLE_SECTIONS = _names("tbody tfoot thead")
CELLS = _names("td th")
TABLE_CONTEXT = TABLE_SECTIONS | _names("table tr template")
TABLE_PARTS = TABLE_SECTIONS | CELLS | _names("caption col colgroup tr")

#: Elements of MathML and SVG are kept with their namespace and a space before their name, which no tag can hold.
MATH_TEXT = frozenset((b"math mi", b"math mo", b"math mn", b"math ms", b"math mtext"))
SVG_HTML = frozenset((b"svg foreignobject", b"svg desc", b"svg title"))
_POINTS = MATH_TEXT | SVG_HTML | {b"math annotation-xml"}

SPECIAL = (
    BLOCKS
    | HEADINGS
    | MARKED
    | TABLE_PARTS
    | _names(
        "area base basefont bgsound body br button col dd dt embed form frame frameset head hr html iframe img input"
        " keygen li link listing meta noembed noframes noscript param plaintext pre script select source style table"
        " template textarea title track wbr xmp"
    )
    | _POINTS
)

SCOPE = _POINTS | _names("applet caption html table td th marquee object select template")
BUTTON_SCOPE = SCOPE | {b"button"}
LIST_SCOPE = SCOPE | {b"ol", b"ul"}
TABLE_SCOPE = _names("html table template")

#: Start tags that end foreign content.
BREAKOUT = _names(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta"
    " nobr ol p pre ruby s small span strong strike sub sup table tt u ul var"
)

#: Start tags after which a frameset can no longer replace the body.
NO_FRAMESET = MARKED | _names(
    "area br button embed hr iframe img keygen li dd dt listing pre select table textarea wbr xmp plaintext body"
)
