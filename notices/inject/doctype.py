"""Whether a doctype puts a page into quirks mode, where a table may stand in a paragraph: HTML standard, 13.2.6.4.1."""

from __future__ import annotations

import re

_DOCTYPE = re.compile(
    rb"""<!doctype[\t\n\f\r ]*+([^\t\n\f\r >]++)[\t\n\f\r ]*+
    (?>(?:(?:
    (public)[\t\n\f\r ]*+(?:"([^">]*+)"|'([^'>]*+)')|(system))
    [\t\n\f\r ]*+(?>(?:"([^">]*+)"|'([^'>]*+)')?))?)[^>]*+>""",
    re.IGNORECASE | re.VERBOSE,
)
_KEYWORD = re.compile(rb"<!doctype[\t\n\f\r ]*+[^\t\n\f\r >]++[\t\n\f\r ]++[^\t\n\f\r >]", re.IGNORECASE)
_EXACT = frozenset((b"-//w3o//dtd w3 html strict 3.0//en//", b"-/w3c/dtd html 4.0 transitional/en", b"html"))
_SYSTEM = b"http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd"
_PREFIXES = (
    b"+//silmaril//dtd html pro v0r11 19970101//",
    b"-//as//dtd html 3.0 aswedit + extensions//",
    b"-//advasoft ltd//dtd html 3.0 aswedit + extensions//",
    b"-//ietf//dtd html ",
    b"-//ietf//dtd html//",
    b"-//metrius//dtd metrius presentational//",
    b"-//microsoft//dtd internet explorer ",
    b"-//netscape comm. corp.//dtd html//",
    b"-//netscape comm. corp.//dtd strict html//",
    b"-//o'reilly and associates//dtd html ",
    b"-//sq//dtd html 2.0 hotmetal + extensions//",
    b"-//softquad software//dtd hotmetal pro 6.0::19990601::extensions to html 4.0//",
    b"-//softquad//dtd hotmetal pro 4.0::19971010::extensions to html 4.0//",
    b"-//spyglass//dtd html 2.0 extended//",
    b"-//sun microsystems corp.//dtd hotjava ",
    b"-//w3c//dtd html 3 1995-03-24//",
    b"-//w3c//dtd html 3.2",
    b"-//w3c//dtd html 4.0 frameset//",
    b"-//w3c//dtd html 4.0 transitional//",
    b"-//w3c//dtd html experimental ",
    b"-//w3c//dtd w3 html//",
    b"-//w3o//dtd w3 html 3.0//",
    b"-//webtechs//dtd mozilla html",
)
_WITHOUT_SYSTEM = (b"-//w3c//dtd html 4.01 frameset//", b"-//w3c//dtd html 4.01 transitional//")


def is_quirky(text: bytes) -> bool:
    """Whether the doctype *text* (all of it, ``<!`` to ``>``) means quirks mode."""
    found = _DOCTYPE.match(text)
    if found is None or found[1].lower() != b"html":
        return True
    if not found[2] and not found[5]:
        return _KEYWORD.match(text) is not None
    public = (found[3] or found[4] or b"").lower()
    system = found[6] if found[6] is not None else found[7]
    if public in _EXACT or public.startswith(_PREFIXES) or (found[5] and system is None):
        return True
    return (system or b"").lower() == _SYSTEM or (system is None and public.startswith(_WITHOUT_SYSTEM))
