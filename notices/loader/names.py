"""Hosts and paths: what patterns may say, and what a page's address is in the same terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from notices.page_url import in_a_labels

from .lookalikes import latinised
from .scalars import WORD_TYPES, reject_text
from .shape import Leaf

if TYPE_CHECKING:
    from notices.document import Scalar

    from .desk import Desk

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$)(?:\*\.)?(?:{_LABEL}\.)*{_LABEL}")


def ascii_host(text: str) -> str | None:
    """A host in A-labels, lower case, without port; None where *text* has none."""
    host = text.strip().rstrip(".")
    try:
        host = host.lower() if host.isascii() else in_a_labels(host)
    except UnicodeError:
        return None
    return host if _HOST.fullmatch(host) else None


def _host(desk: Desk, node: Scalar) -> str:
    text = node.text
    if _HOST.fullmatch(text):
        return text
    fix = "write it like courier.example, or *.courier.example for every host below it"
    bare = re.split("[/?#:]", text.rpartition("//")[2].rpartition("@")[2])[0]
    found = None if _only_looks_ascii(bare) else ascii_host(bare)
    if found:
        raise desk.reject(
            node.mark,
            "bad-host",
            f"{text!r} is no host alone, in lower case and ASCII",
            f"write {found}",
        )
    raise reject_text(desk, node, "bad-host", f"{text!r} is no host", fix)


def _only_looks_ascii(host: str) -> bool:
    """Whether letters that look Latin stand in for Latin ones; a name wholly in another script is a name."""
    return not host.isascii() and latinised(host).isascii()


def _path(desk: Desk, node: Scalar) -> str:
    text = node.text
    if not text.startswith("/"):
        fix = f"write '/{text}'" if "://" not in text else "write the path alone, the host under 'hosts'"
        raise reject_text(desk, node, "bad-path", f"the path {text!r} does not begin with '/'", fix)
    if any(char.isspace() or char in "?#" for char in text):
        raise desk.reject(node.mark, "bad-path", f"a blank, '?' or '#' stands in {text!r}", "write the path alone")
    if any("**" in part and part != "**" for part in text.split("/")):
        fix = "'**' stands alone between slashes, as in '/news/**' for all below /news; within a segment write '*'"
        raise desk.reject(node.mark, "bad-path", f"'**' is only a part of a segment in {text!r}", fix)
    if unquote(text) != text:
        raise desk.reject(node.mark, "bad-path", f"{text!r} is percent-encoded", f"write {unquote(text)!r}")
    return text


HOST = Leaf(
    _host, "a host such as courier.example", {"type": WORD_TYPES, "pattern": rf"^(\*\.)?({_LABEL}\.)*{_LABEL}$"}
)
PATH = Leaf(_path, "a path that begins with '/'", {"type": "string", "pattern": "^/[^\\s?#]*$"})


def _address(desk: Desk, node: Scalar) -> tuple[str, str]:
    try:
        parts = urlsplit(node.text)
        host = None if _only_looks_ascii(parts.hostname or "") else ascii_host(parts.hostname or "")
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or "*" in host:
        fix = "write it whole, such as https://courier.example/news/1"
        raise reject_text(desk, node, "bad-url", f"{node.text!r} is no page's address", fix)
    return host, unquote(parts.path) or "/"


#: A page's address as its host and path.
ADDRESS = Leaf(_address, "a page's address", {"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"})
