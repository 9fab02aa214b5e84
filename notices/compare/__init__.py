"""Compare two rulesets: exactly who gains, loses or sees changed which notice; see :mod:`notices.compare.comparing`."""

from __future__ import annotations

from .comparing import compare as compare
from .sentences import sentence as sentence
from .values import Change as Change
from .values import Comparison as Comparison
from .values import Difference as Difference
from .values import Effect as Effect
from .values import PageGroup as PageGroup
from .values import PageTest as PageTest
from .values import Period as Period
from .values import Purge as Purge
from .values import Relabelling as Relabelling
from .values import Visitors as Visitors
