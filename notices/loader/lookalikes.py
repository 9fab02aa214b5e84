"""Letters of other scripts that look like Latin ones, and quotes that word processors put in."""

from __future__ import annotations

import re
import unicodedata

#: The foreign letters, and below each the Latin letter that it looks like (Unicode's confusables, the common part).
_FOREIGN = "АВЕЅІЈКМНОРСТУХԌԚԜаеѕіјорсухԁԛԝһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυ‐‑‒–—−"
_LATIN = "ABESIJKMHOPCTYXGQWaesijopcyxdqwhlABEZHIKMNOPTYXaikvoptu------"
_LOOKS_LIKE = {ord(foreign): latin for foreign, latin in zip(_FOREIGN, _LATIN, strict=True)}
#: Cyrillic letters, and below each the Latin letter that sounds like it: who types a code in Cyrillic may mean either.
_SOUNDS_LIKE = str.maketrans("АБВГДЕЗИІКЛМНОПРСТУФХЦ", "ABVGDEZIIKLMNOPRSTUFHC")
SMART_QUOTES = "“”„‟«»‘’‚‛"
_QUOTED = re.compile(f"^[{SMART_QUOTES}].*[{SMART_QUOTES}]$", re.DOTALL)


def latinised(text: str) -> str:
    """*text* with every look-alike letter replaced, full-width forms folded, and typographic quotes around it cut."""
    seen = "".join(char for char in unicodedata.normalize("NFKC", text) if not _is_invisible(char))
    return seen.translate(_LOOKS_LIKE).strip(SMART_QUOTES + " ")


def readings(text: str) -> tuple[str, ...]:
    """The Latin codes that *text* can be read as: by what its letters look like, and by what they sound like."""
    return tuple(dict.fromkeys((latinised(text), latinised(text.upper().translate(_SOUNDS_LIKE)))))


def name_lookalikes(text: str) -> str | None:
    """Which letters of *text* only look Latin, or do not show at all, in words; None where there are none."""
    found = [
        f"{char!r} is {_name(char)} (U+{ord(char):04X})"
        for char in dict.fromkeys(text)
        if ord(char) in _LOOKS_LIKE or _is_invisible(char)
    ]
    return " and ".join(found) or None


def is_smart_quoted(text: str) -> bool:
    """Whether typographic quotes stand around *text*, which YAML takes for a part of it."""
    return bool(_QUOTED.match(text))


def _is_invisible(char: str) -> bool:
    """Whether *char* is a sign without a shape, such as a zero width space."""
    return unicodedata.category(char) == "Cf"


def _name(char: str) -> str:
    """The letter's name as an editor may know it: ``the Cyrillic letter A``."""
    if _is_invisible(char):
        return f"the invisible character {unicodedata.name(char, 'without a name').lower()}"
    words = unicodedata.name(char).replace("CAPITAL LETTER", "LETTER").replace("SMALL LETTER", "LETTER").split()
    if "LETTER" not in words:
        return f"the character {' '.join(words).lower()}"
    script, _, letter = " ".join(words).partition(" LETTER ")
    return f"the {script.title()} letter {letter.title()}"
