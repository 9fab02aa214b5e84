"""A rules folder as a ruleset that is right in itself: its files read, its examples run, its digest taken."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .files import read_folder as read_folder
from .loaded import Loaded as Loaded

if TYPE_CHECKING:
    from .load import examine_files as examine_files
    from .load import load_files as load_files
    from .load import load_folder as load_folder

_LOADING = frozenset({"examine_files", "load_files", "load_folder"})


def __getattr__(name: str) -> Any:
    """Fetch what loads when it is first asked for (PEP 562): who serves kept rules needs no parser."""
    if name not in _LOADING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(".load", __name__), name)
