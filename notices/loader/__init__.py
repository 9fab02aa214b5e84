"""Documents -> a ruleset, or every problem that stands in the way (spec: rules)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .paths import is_test as is_test

if TYPE_CHECKING:
    from .cases import Case as Case
    from .documents import parse_documents as parse_documents
    from .documents import read_cases as read_cases

_HOME_OF = {"Case": "cases", "parse_documents": "documents", "read_cases": "documents"}


def __getattr__(name: str) -> Any:
    """Fetch a name when it is first asked for (PEP 562): who serves kept rules needs no parser."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME_OF[name]}", __name__), name)
