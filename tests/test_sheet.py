"""Promises of the style sheet: small, closed, named by content, and of enough contrast by the WCAG formula."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from notices.sheet import STYLE_SHEET, STYLE_SHEET_NAME, minify


def test_sheet_is_small_ascii_and_closed():
    """The sheet is bounded, loads nothing, ends no element, and reaches only what is ours."""
    text = STYLE_SHEET.decode("ascii")
    assert len(text) < 6144
    assert not re.search(r"url\(|@import|@font-face|expression|<|\\", text)
    for selectors in re.findall(r"(?:^|[{}])([^{}@]+)\{", text):
        assert all(selector.strip().startswith((".lawtext", "@")) for selector in selectors.split(",")), selectors
    assert text.count("{") == text.count("}")


def test_sheet_name_follows_its_content():
    """The name of the file carries a hash, so that it may be cached for good."""
    assert re.fullmatch(r"lawtext-[0-9a-f]{12}\.css", STYLE_SHEET_NAME)


def test_minify_keeps_meaning():
    """Only comments and idle space go: words stay apart, strings and calculations whole."""
    css = (
        "/* x */a b > c , d:hover { margin : 0  auto ; top: calc(1em + 2px) ; }\n\n@media (width > 1px) { p { x: y } }"
    )
    assert minify(css) == "a b > c,d:hover{margin :0 auto;top:calc(1em + 2px)}@media (width > 1px){p{x:y}}"


# The WCAG formula (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), written out from the recommendation.
def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(part: str) -> dict[str, dict[str, str]]:
    """The named colours of each level as the cascade leaves them in *part* of the sheet (light if not said)."""
    source = files("notices").joinpath("static/notices.css").read_text("ascii")
    light, _, rest = source.partition("@media (prefers-color-scheme: dark)")
    dark = rest.partition("@media (forced-colors")[0]
    levels = {}
    for level in ("", "-warning", "-legal"):
        found: dict[str, str] = {}
        for text in (light,) if part == "light" else (light, dark):
            for name in dict.fromkeys(("", level)):
                for block in re.findall(
                    rf"^ *\.lawtext{name}:not\(#_\):not\(#_\) \{{(.*?)\}}", text, re.DOTALL | re.MULTILINE
                ):
                    found |= dict(re.findall(r"--lawtext-(\w+): (#[0-9a-f]{3,6});", block))
        levels[level or "-info"] = found
    return levels


def test_contrast_formula_is_the_known_one():
    """The formula gives the textbook's values: black on white 21, this grey 4.54."""
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("level", ["-info", "-warning", "-legal"])
def test_contrast_is_enough(scheme, level):
    """Text has at least 7:1 (WCAG AAA), links and signs 4.5:1, rules and folds 3:1, in light and dark."""
    shades = colours(scheme)[level]
    assert set(shades) == {"paper", "ink", "sign", "hair", "anchor"}
    assert contrast(shades["ink"], shades["paper"]) >= 7
    assert contrast(shades["anchor"], shades["paper"]) >= 4.5
    assert contrast(shades["sign"], shades["paper"]) >= 4.5
    assert contrast(shades["hair"], shades["paper"]) >= 3
