"""YAML text as nodes that know their line and column, and whatever is wrong with it as problems."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .nodes import Listing as Listing
    from .nodes import Node as Node
    from .nodes import Scalar as Scalar
    from .nodes import Table as Table
    from .nodes import read_document as read_document
    from .nodes import scalar_in as scalar_in
    from .packing import PackedNodes as PackedNodes

#: Bytes of the largest file of rules.
MAX_BYTES = 1024 * 1024
_MODULES = dict.fromkeys(("Listing", "Node", "Scalar", "Table", "read_document", "scalar_in"), ".nodes")
_MODULES["PackedNodes"] = ".packing"


def __getattr__(name: str) -> Any:
    """Fetch a name when it is first asked for (PEP 562): who needs the bounds of a file alone needs no parser."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name], __name__), name)
