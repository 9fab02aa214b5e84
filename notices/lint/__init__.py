"""What is wrong or odd in a ruleset that loads: errors that keep it from being served, and warnings for its editors.

Pure; the instant that some warnings ask for is an argument (spec: rules, section 10).
"""

from __future__ import annotations

from .lints import find_errors as find_errors
from .lints import find_warnings as find_warnings
