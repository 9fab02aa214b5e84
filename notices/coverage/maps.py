"""Hold the outlines of the world and of Ukraine, by ISO 3166 code, with what their licences ask to be said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map of ``width`` by ``height`` units: SVG path data by code, and points of places too small to see.

    ``open`` outlines what lies in no region of ISO 3166.
    """

    width: float
    height: float
    places: Mapping[str, str]
    marks: Mapping[str, tuple[float, float]]
    open: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Every place that is drawn, as an outline or a mark."""
        return tuple(sorted({*self.places, *self.marks}))


@cache
def load_map(name: str) -> Drawing:
    """The map ``world`` or ``ukraine``, as ``scripts/build_maps.py`` wrote it."""
    found = json.loads(_text(f"{name}.json"))
    marks = {code: (float(x), float(y)) for code, (x, y) in found["marks"].items()}
    return Drawing(found["width"], found["height"], found["places"], marks, found["open"])


@cache
def world_licence() -> str:
    """Source and licence of the world's outlines, which every copy must carry."""
    return _text("world.LICENSE.txt")


def _text(name: str) -> str:
    return files("notices").joinpath("data", "maps", name).read_text("utf-8")
