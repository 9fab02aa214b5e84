"""Hosts in links of texts whose letters only look Latin: the link leads elsewhere than its reader sees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notices.loader.lookalikes import latinised, name_lookalikes

from .finding import Finding
from .texts import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notices.ruleset import Ruleset

_HOST = re.compile(r"(?:\]\(\s*<?|<)https?://(?P<host>[^\s/?#()<>]+)", re.IGNORECASE)


def find_lookalike_hosts(ruleset: Ruleset) -> Iterator[Finding]:
    """Every link in a text to a host that is ASCII but for look-alike letters; names in other scripts pass."""
    for text in texts_of(ruleset):
        for match in _HOST.finditer(text.content):
            host = match["host"]
            alike = name_lookalikes(host)
            if alike and latinised(host).isascii():
                message = f"in the link to {host!r}, {alike}"
                fix = f"write {latinised(host)!r} in Latin letters"
                yield Finding(text.spot_at(match.start("host")), "error", "look-alike", message, fix)
