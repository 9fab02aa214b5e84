"""Shows readers the legal warnings that hold where they are."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .engine import decide as decide
    from .engine import explain as explain
    from .errors import DatabaseError as DatabaseError
    from .errors import NoticesError as NoticesError
    from .errors import Problem as Problem
    from .errors import QuestionError as QuestionError
    from .errors import RegionError as RegionError
    from .errors import RulesetError as RulesetError
    from .errors import SettingsError as SettingsError
    from .extension import Notices as Notices
    from .extension import annotate_feed as annotate_feed
    from .extension import current as current
    from .extension import describe_page as describe_page
    from .extension import link_preview as link_preview
    from .extension import newsletter as newsletter
    from .folder import load_folder as load_folder
    from .index import build_index as build_index
    from .inject import insert as insert
    from .location import Location as Location
    from .page import Page as Page
    from .wsgi import NoticesMiddleware as NoticesMiddleware

__version__ = "0.1.0"

_HOMES = {
    "engine": ("decide", "explain"),
    "errors": (
        "DatabaseError",
        "NoticesError",
        "Problem",
        "QuestionError",
        "RegionError",
        "RulesetError",
        "SettingsError",
    ),
    "extension": ("Notices", "annotate_feed", "current", "describe_page", "link_preview", "newsletter"),
    "folder": ("load_folder",),
    "index": ("build_index",),
    "inject": ("insert",),
    "location": ("Location",),
    "page": ("Page",),
    "wsgi": ("NoticesMiddleware",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
__all__ = ["__version__", *_HOME_OF]


def __getattr__(name: str) -> Any:
    """Fetch a name when it is first asked for (PEP 562): who needs the core alone must not pay for Flask."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME_OF[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
