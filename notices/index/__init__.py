"""A ruleset in the form that questions need; see :mod:`notices.index.index`."""

from __future__ import annotations

from .bits import bits_of as bits_of
from .calendar import boundaries_of as boundaries_of
from .calendar import is_open as is_open
from .calendar import version_of as version_of
from .contents import NO_VARIANT as NO_VARIANT
from .contents import digest_of as digest_of
from .elsewhere import headers_read as headers_read
from .elsewhere import regions_differ as regions_differ
from .index import Index as Index
from .index import build_index as build_index
from .shown import Readers as Readers
from .shown import Scene as Scene
from .shown import Shown as Shown
from .stacking import Displaced as Displaced
from .standing import Standing as Standing
from .territory import Ground as Ground
from .territory import View as View
from .territory import told_apart as told_apart
from .territory import unites as unites
from .verdict import Content as Content
from .verdict import Verdict as Verdict
