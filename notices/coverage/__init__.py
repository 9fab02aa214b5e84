"""Who is shown what, everywhere at once: a table by region, rule and cause, and the page that draws it."""

from __future__ import annotations

from .covering import cover as cover
from .page import render_page as render_page
from .values import Coverage as Coverage
from .values import Outcome as Outcome
from .values import PageKind as PageKind
from .values import Stretch as Stretch
