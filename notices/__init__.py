"""Shows readers the legal warnings that hold where they are."""

from __future__ import annotations

__version__ = "0.1.0"
