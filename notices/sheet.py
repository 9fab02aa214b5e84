"""Hold the style sheet of the notices: small enough to stand in a page, named by its content where it is linked."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path


def minify(css: str) -> str:
    """Take comments and idle space out of *css*; what stands between two words of a selector or value stays."""
    bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", " ", css, flags=re.DOTALL))
    tight = re.sub(r"\s*([{};,])\s*", r"\1", bare)
    return re.sub(r":\s+", ":", tight).replace(";}", "}").strip()


#: The rules as one line of ASCII, for a ``<style>`` in the page: no ``<`` in it, so nothing can end the element.
STYLE_TEXT = minify(Path(__file__).with_name("static").joinpath("notices.css").read_text("ascii"))
#: The same, as the file that pages link where their policy forbids inline styles.
STYLE_SHEET = STYLE_TEXT.encode("ascii")
#: A name that changes with the content, so that the file can be cached for good.
STYLE_SHEET_NAME = f"lawtext-{hashlib.sha256(STYLE_SHEET).hexdigest()[:12]}.css"
