"""What the paths of rules files say: which hold cases, which are the pack's, and where the pack lies."""

from __future__ import annotations

from pathlib import Path

TEST_SUFFIXES = ("_test.yaml", "_test.yml")
#: What paths of the pack's files begin with, in problems and among the files of a folder.
PREFIX = "built-in/pack/"
_PACKAGE = Path(__file__).parent.parent


def is_test(path: str) -> bool:
    """Whether a file holds cases and no rules."""
    return path.endswith(TEST_SUFFIXES)


def pack_folder() -> Path:
    """Where the pack lies: in the package, or beside it in a checkout."""
    inside = _PACKAGE / "pack"
    return inside if inside.is_dir() else _PACKAGE.parent / "rules" / "pack"
