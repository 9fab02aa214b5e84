"""Where a script ends: HTML standard, 13.2.5.15 to 13.2.5.31, with both kinds of escape."""

from __future__ import annotations

import re

_PLAIN = re.compile(rb"<!--|</script(?=[\t\n\f\r />])", re.IGNORECASE)
_ESCAPED = re.compile(rb"-->|</script(?=[\t\n\f\r />])|<script(?=[\t\n\f\r />])", re.IGNORECASE)
_DOUBLE = re.compile(rb"-->|</script(?=[\t\n\f\r />])", re.IGNORECASE)
_LONGEST = len(b"</script")


class ScriptText:
    """The text of one script, as it comes."""

    def __init__(self) -> None:
        self._pattern = _PLAIN

    def reset(self) -> None:
        """Begin another script."""
        self._pattern = _PLAIN

    def end(self, data: bytes, at: int) -> int:
        """Where the script's end tag stands in *data*, or ``~offset`` of what must be seen again with more bytes."""
        while found := self._pattern.search(data, at):
            token = found[0][:3].lower()
            at = found.end()
            if token == b"-->":
                self._pattern = _PLAIN
            elif token == b"<!-":
                self._pattern = _ESCAPED
                at -= 2  # the opening's own hyphens can close it: <!-->
            elif token == b"<sc":
                self._pattern = _DOUBLE
            elif self._pattern is _DOUBLE:
                self._pattern = _ESCAPED
            else:
                return found.start()
        return ~max(at, len(data) - _LONGEST)
