"""A ruleset in the form that questions need; see :mod:`notices.index.index`."""

from __future__ import annotations

from .bits import bits_of as bits_of
from .calendar import is_open as is_open
from .calendar import version_of as version_of
from .elsewhere import headers_read as headers_read
from .elsewhere import regions_differ as regions_differ
from .index import Index as Index
from .index import Verdict as Verdict
from .index import build_index as build_index
from .memo import Memo as Memo
from .stacking import Displaced as Displaced
from .standing import Standing as Standing
from .territory import View as View
from .wording import NO_VARIANT as NO_VARIANT
from .wording import Readers as Readers
from .wording import Shown as Shown
from .wording import digest_of as digest_of
