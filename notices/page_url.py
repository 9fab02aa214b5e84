"""The host and path of a page's address, as a browser that opens it would ask for them (RFC 3986, WHATWG URL).

``urllib.parse.urlsplit`` would do for most, but it keeps the last URLs that it was asked about in a cache of the
process, and in one may stand an address.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from .errors import QuestionError

_NO_ADDRESS = "it must be an http or https address, or a path that begins with /"
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f.]*:[0-9a-f:.]+")
#: An address in which nothing needs decoding: most are, and reading one costs a tenth.
_PLAIN = re.compile(r"https?://([a-z0-9_-]{1,63}(?>(?:\.[a-z0-9_-]{1,63})*))((?>(?:/[A-Za-z0-9_.~-]+)*)/?)")
#: RFC 3986, appendix B, without what begins at the question mark.
_PARTS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*+):)?(?://([^/?#]*+))?([^?#]*+)")
_AUTHORITY = re.compile(r"(?>(?:[^@]*@)*)(?:\[([^\[\]]++)\]|([^:\[\]]*+))(?::.*)?", re.DOTALL)
#: What lays a text out around an address, and what within one, but is no part of it.
_AROUND = "".join(map(chr, range(0x21)))
_WITHIN = re.compile(r"[\t\r\n]")
#: Sharp s, final sigma, and joiners between letters of a script that needs them.
_KEPT = re.compile("([\u00df\u03c2]|(?<=[^\\x00-\\x7f])[\u200c\u200d](?=[^\\x00-\\x7f]))")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LONGEST_LABEL = 63
_WEB = re.compile(r"https?:", re.IGNORECASE)


def host_and_path(url: str | None) -> tuple[str | None, str | None]:
    """The facts that *url* states: host in A-labels without port, and the decoded path; a bare path states no host.

    Who is named before the host, the port and dots at its end say nothing of the page. A backslash is a slash, as
    browsers read it (WHATWG URL, section 4.4; RFC 3986 has none), so that no host is hidden behind one.

    :raises QuestionError: for what is neither an http or https address with a host nor a path; it repeats nothing.
    """
    if url is None:
        return None, None
    if url[:1] == "/" != url[1:2] and "%" not in url and "?" not in url and "#" not in url:
        return None, url  # a path as it is
    plain = _PLAIN.fullmatch(url)
    if plain is not None:
        return plain[1], plain[2] or "/"
    scheme, authority, stated = _PARTS.match(_with_slashes(url)).groups()  # type: ignore[union-attr]  # parts may lack
    path = unquote(stated) or "/"
    if scheme is None and not authority and stated.startswith("/"):
        return None, path
    host = _host(authority or "")
    if (scheme or "").lower() in ("http", "https") and _HOST.fullmatch(host):
        return host, path
    raise QuestionError("url", _NO_ADDRESS)


def host_and_path_in_text(text: str | None) -> tuple[str | None, str | None]:
    """The same of an address as a site writes it down: line ends and blanks around it go, as browsers drop them.

    None for what it does not state, also where it is no page's address: what a site says elsewhere still counts.
    """
    try:
        return host_and_path(text and _WITHIN.sub("", text.strip(_AROUND)))
    except QuestionError:
        return None, None


def _with_slashes(url: str) -> str:
    """*url* with slashes for the backslashes of an address; a bare path is a server's, and stands as it is."""
    if "\\" not in url or not _WEB.match(url):
        return url
    found = re.search("[?#]", url)
    end = found.start() if found else len(url)
    return url[:end].replace("\\", "/") + url[end:]


def _host(authority: str) -> str:
    """The host of ``user@host:port`` in A-labels, without its final dot; empty for what holds none."""
    found = _AUTHORITY.fullmatch(authority)
    if found is None or (found[1] is not None and ":" not in found[1]):  # brackets are for IPv6 (RFC 3986, 3.2.2)
        return ""
    try:
        return in_a_labels((found[1] or found[2]).rstrip("."))
    except UnicodeError:
        return ""


def in_a_labels(host: str) -> str:
    """*host* in lower case and A-labels, as browsers ask for it: ``straße.example`` is not ``strasse.example``.

    Python's own codec is of 2003, when letters that words end with or differ by were still replaced. Those that names
    have had since stay (UTS #46, section 7, deviations); all else is as the codec has it.

    :raises UnicodeError: for what is no host.
    """
    host = host.replace("\u1e9e", "\u00df")  # the capital of the sharp s
    if _KEPT.search(host) is None:
        return host.encode("idna").decode("ascii").lower()
    return ".".join(_a_label(label) for label in _DOTS.split(host))


def _a_label(label: str) -> str:
    if _KEPT.search(label) is None:
        return label.encode("idna").decode("ascii").lower()
    from encodings.idna import nameprep  # with tables of its own, which hardly any process needs

    parts = _KEPT.split(label)
    prepared = "".join(part if number % 2 else nameprep(part) for number, part in enumerate(parts))
    found = f"xn--{prepared.encode('punycode').decode('ascii')}"
    if len(found) > _LONGEST_LABEL:
        raise UnicodeError("label too long")
    return found
