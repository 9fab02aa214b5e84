"""Draw the maps as SVG, each place with the fill of its notices, and places without an outline as lists of tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.region import WORLD, children, contains, parents, region_names

from .fills import swatch
from .maps import load_map
from .markup import element, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .fills import Fill
    from .maps import Drawing
    from .values import Coverage

_UKRAINE = "UA"


class Painter:
    """Paints places by the *shown* fill of each class of readers."""

    def __init__(self, readers_of: Mapping[str, int], shown: Sequence[Fill]) -> None:
        self._readers_of = readers_of
        self._shown = shown

    def svg(self, drawing: Drawing, title: str, name: str) -> str:
        """The map, an image with a title; what it shows stands in the table too."""
        outlines = "".join(self._path(code, path) for code, path in drawing.places.items())
        marks = "".join(self._mark(code, *point) for code, point in drawing.marks.items())
        beyond = f'<path class="open" d="{drawing.open}"/>' if drawing.open else ""
        return element(
            "svg", f'<title id="{name}-title">{text(title)}</title>{outlines}{beyond}{marks}',
            id=name, class_="map", viewBox=f"0 0 {drawing.width:g} {drawing.height:g}", role="img",
            aria_labelledby=f"{name}-title",
        )  # fmt: skip

    def _path(self, code: str, path: str) -> str:
        return element("path", self._title(code), d=path, **self._paint(code))

    def _mark(self, code: str, x: float, y: float) -> str:
        return element("circle", self._title(code), cx=f"{x:g}", cy=f"{y:g}", r=3, **self._paint(code))

    def _paint(self, code: str) -> dict[str, str | int | bool | None]:
        readers = self._readers_of[code]
        return {"class_": f"f{self._shown[readers].number}", "data_c": readers, "data_n": name_of(code)}

    def _title(self, code: str) -> str:
        return f"<title>{text(name_of(code))}: {text(self._shown[self._readers_of[code]].label)}</title>"

    def tiles(self, codes: Iterable[str]) -> str:
        """A list of places, each with a swatch of its fill."""
        return element("ul", "".join(map(self._tile, codes)), class_="tiles")

    def _tile(self, code: str) -> str:
        readers = self._readers_of[code]
        fill = self._shown[readers]
        words = element("span", f" – {text(fill.label)}", class_="visually-hidden", data_l=readers)
        return element("li", swatch(fill.number, readers) + text(name_of(code)) + words)


def name_of(code: str) -> str:
    """``UA-43 Avtonomna Respublika Krym``."""
    return f"{code} {region_names()[code]}"


def figures(coverage: Coverage, painter: Painter) -> Iterator[tuple[str, str, str]]:
    """The id, title and HTML of each figure: the world, Ukraine, other countries that rules tell apart inside."""
    world = load_map("world")
    undrawn = [code for code, parent in parents().items() if parent == WORLD and code not in world.codes]
    caption = element(
        "figcaption",
        "A country has the fill of readers of whom no more than the country is known. Equal Earth projection; "
        "borders by the region codes of ISO 3166, disputed places too. Grey without outline: no code. Not drawn:",
    )
    svg = painter.svg(world, "World map of the notice shown in each country; the table below says the same", "world")
    yield "map-world", "The world", f'<div class="stage">{svg}</div>' + caption + painter.tiles(undrawn)
    apart = told_apart(coverage)
    ukraine = load_map("ukraine")
    title = "Map of the notice shown in each region of Ukraine; the table below says the same"
    caption = element(
        "figcaption",
        "Regions as ISO 3166-2 codes them, Crimea (UA-43) and Sevastopol (UA-40, the point) as regions of Ukraine. "
        "Where a part of a region belongs to a rule's regions, the whole region is a maybe.",
    )
    regions = sorted(code for code in parents() if contains(_UKRAINE, code))
    drawn = f'<div class="stage">{painter.svg(ukraine, title, "ukraine")}</div>{caption}'
    yield "map-UA", "Ukraine, region by region", drawn + painter.tiles([_UKRAINE, *regions])
    for country in apart:
        if country != _UKRAINE:
            codes = [country, *sorted(code for code in parents() if contains(country, code))]
            yield f"map-{country}", f"{region_names()[country]}, part by part", painter.tiles(codes)


def told_apart(coverage: Coverage) -> list[str]:
    """The countries in which some rule tells places apart."""
    return [
        country
        for country in children()[WORLD]
        if any(coverage.readers_of[code] != coverage.readers_of[country] for code in _inside(country))
    ]


def _inside(region: str) -> Iterator[str]:
    for code in children().get(region, ()):
        yield code
        yield from _inside(code)
