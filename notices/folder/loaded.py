"""What a load gives: a ruleset that may be served, what was found beside errors, and the files it came from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from msgspec import Struct

from notices.loader.paths import is_test

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.errors import Problem
    from notices.ruleset import Ruleset


class Loaded(Struct, frozen=True):
    """A ruleset with what was found beside errors (warnings and hints), and the files it came from by path."""

    ruleset: Ruleset
    warnings: tuple[Problem, ...]
    files: Mapping[str, bytes]


def digest_of(files: Mapping[str, bytes]) -> str:
    """``sha256:`` and the sum over names, lengths and bytes of the rules files; cases do not change what is shown."""
    total = hashlib.sha256()
    for path in sorted(path for path in files if not is_test(path)):
        name = path.encode()
        total.update(b"%d:%s%d:" % (len(name), name, len(files[path])))
        total.update(files[path])
    return f"sha256:{total.hexdigest()}"
