"""Write the page that a reader gets for one that a law withholds (HTTP 451, RFC 7725).

A whole page, neutral and accessible, in the reader's language: no script, nothing from elsewhere, one inline style
that :data:`WITHHELD_CSP` allows by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import html
from pathlib import Path
from typing import TYPE_CHECKING

from .language import direction
from .markdown import link_attributes
from .sheet import minify
from .words import choose_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .notice import Notice

_STYLE = minify(Path(__file__).with_name("static").joinpath("withheld.css").read_text("ascii"))
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode("ascii")).digest()).decode("ascii")
#: The policy to send with the page: its own style and nothing else.
WITHHELD_CSP = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def withheld_page(
    languages: Sequence[str],
    *,
    title: str | None = None,
    law: Sequence[str] | None = None,
    texts: Sequence[Notice] = (),
    link: tuple[str, str] | None = None,
) -> bytes:
    """Write the whole page in ASCII, for readers of *languages*, most wanted first.

    *texts* are the rule's own, by language; without any a neutral sentence stands in, and so it does for *title*, which
    is a text's, never the rule's. *law* is named where it is given: leave it out for a confidential rule. *link* is an
    address and its label.
    """
    tag, words = choose_words([text.language for text in texts] or languages)
    shown = _escape(title or next((text.title for text in texts if text.title), None) or words.withheld_title)
    parts = (
        [f"<h1>{shown}</h1>", *map(_text, texts)]
        if texts
        else [f"<h1>{shown}</h1>", f"<p>{_escape(words.withheld)}</p>"]
    )
    if law:
        parts.append(f'<p class="basis">{_escape(words.basis)}: <span dir="auto">{_escape("; ".join(law))}</span></p>')
    if link is not None:
        parts.append(f"<p><a {link_attributes(link[0])}>{_escape(link[1])}</a></p>")
    page = (
        f'<!DOCTYPE html>\n<html lang="{tag}" dir="{direction(tag)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="robots" content="noindex">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{shown}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + '\n<p class="code" lang="en">HTTP 451</p>\n</main>\n</body>\n</html>\n'
    )
    return page.encode("ascii", "xmlcharrefreplace")


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _text(notice: Notice) -> str:
    more = ""
    if notice.href is not None:
        more = f"<p><a {link_attributes(notice.href)}>{_escape(notice.label or notice.href)}</a></p>"
    return f'<div lang="{html.escape(notice.language)}" dir="{notice.direction}">{notice.body}{more}</div>'
