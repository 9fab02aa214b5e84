"""Where a script ends: HTML standard, 13.2.5.15 to 13.2.5.31, with both kinds of escape."""

from __future__ import annotations

from notices.expressions import late

#: Written so that each begins with one byte, or one of two, which the search looks for first.
_END = rb"/[sS][cC][rR][iI][pP][tT](?=[\t\n\f\r />])"
_BEGIN = rb"[sS][cC][rR][iI][pP][tT](?=[\t\n\f\r />])"
_PLAIN = late(rb"<(?:!--|" + _END + rb")")
_ESCAPED = late(rb"-->|<(?:" + _END + rb"|" + _BEGIN + rb")")
_DOUBLE = late(rb"-->|<" + _END)
_LONGEST = len(b"</script")


class ScriptText:
    """The text of one script, as it comes."""

    __slots__ = ("_pattern",)

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


def script_end(data: bytes, at: int) -> int:
    """Where the end tag of the script stands whose text begins at *at*; negative if it is not there."""
    return ScriptText().end(data, at)
