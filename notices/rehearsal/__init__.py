"""Rehearsals: a page of this machine as a visitor would get it, through the very middleware that serves readers."""

from __future__ import annotations

from .origin import Origin as Origin
from .origin import open_origin as open_origin
from .server import serve as serve
from .stage import Address as Address
from .stage import Rendition as Rendition
from .stage import Stage as Stage
from .stage import Visitor as Visitor
