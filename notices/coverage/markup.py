"""Write HTML: escaped text, elements with attributes."""

from __future__ import annotations

from html import escape


def element(name: str, content: str = "", **attributes: str | int | bool | None) -> str:
    """An element around *content*, which is HTML; ``class_`` is ``class``, and ``_`` in names is ``-``."""
    parts = "".join(_attribute(key, value) for key, value in attributes.items())
    return f"<{name}{parts}>{content}</{name}>"


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def text(words: str) -> str:
    """*words* as HTML."""
    return escape(words, quote=False)
