"""A git repository of rules for tests: commits with dates of their own, whatever git's settings here."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = {"GIT_AUTHOR_NAME": "N", "GIT_AUTHOR_EMAIL": "n@n.example", "GIT_CONFIG_GLOBAL": os.devnull,
          "GIT_COMMITTER_NAME": "N", "GIT_COMMITTER_EMAIL": "n@n.example", "GIT_CONFIG_SYSTEM": os.devnull}  # fmt: skip


def git(folder: Path, *arguments: str, date: str = "2026-01-01T00:00:00Z") -> str:
    """Run git in *folder*; commits are of *date*."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    dated = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], env=inherited | NOBODY | dated, check=True, capture_output=True
    )
    return done.stdout.decode()


def commit(folder: Path, date: str) -> None:
    """Commit everything in *folder*, which is made a repository where it is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "rules", "--allow-empty", date=date)
