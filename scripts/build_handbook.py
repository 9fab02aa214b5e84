"""Play the handbook for editors, and write below each of its commands what that command prints.

A block with a file's name writes that file; a ``diff`` block with one changes lines of it; an ``sh`` block is run, and
the ``text`` block after it is what a terminal shows. Run: ``python scripts/build_handbook.py``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HANDBOOK = Path(__file__).resolve().parent.parent / "docs" / "editors.md"
#: A fenced block: its language, the file that it is for, its lines.
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = re.compile(r"(^```sh\n.*?^```$)(\n\n```text\n.*?^```$)?", re.MULTILINE | re.DOTALL)
WHEN = "2026-11-23T12:00:00Z"


def apply_change(source: str, change: str) -> str:
    """*source* after a block of signed lines: those with ``-`` and without a sign stand there once, in one piece.

    :raises ValueError: where they do not.
    """
    lines = change.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if line[0] in "- ")
    after = "".join(f"{line[1:]}\n" for line in lines if line[0] in "+ ")
    if source.count(before) != 1:
        raise ValueError(f"stands {source.count(before)} times: {before!r}")
    return source.replace(before, after)


def run(command: str, folder: Path) -> str:
    """What a terminal shows for *command* in *folder*; nothing of this machine's configuration counts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NOTICES_", "GIT_"))}
    environ = kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder.parent),
        "XDG_STATE_HOME": str(folder.parent),
        "GIT_CONFIG_GLOBAL": str(folder.parent / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": WHEN,
        "GIT_COMMITTER_DATE": WHEN,
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.stdout.decode()


def play(text: str, folder: Path) -> list[str]:
    """Do in *folder* what the blocks of *text* say, one after the other; what each command prints."""
    config = "[user]\nname = An Editor\nemail = editor@my-paper.example\n[init]\ndefaultBranch = main\n"
    (folder.parent / "gitconfig").write_text(config, "utf-8")
    printed = []
    for language, name, body in BLOCK.findall(text):
        path = folder / name
        if language == "sh":
            printed.append(run(body, folder))
        elif name and language == "diff":
            path.write_text(apply_change(path.read_text("utf-8"), body), "utf-8")
        elif name:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, "utf-8")
    return printed


def played(text: str, folder: Path) -> str:
    """*text* with what its commands print in *folder*."""
    printed = iter(play(text, folder))

    def with_output(block: re.Match[str]) -> str:
        output = next(printed).rstrip()
        return block[1] + (f"\n\n```text\n{output}\n```" if output else "")

    return SHOWN.sub(with_output, text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        newsroom = Path(name) / "newsroom"
        newsroom.mkdir()
        HANDBOOK.write_text(played(HANDBOOK.read_text("utf-8"), newsroom), "utf-8")
    print("wrote docs/editors.md")
