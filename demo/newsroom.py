"""The articles and the editions, read once from the files beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

HERE = Path(__file__).parent
DEFAULT_EDITION = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One report; ``body`` is HTML, ``words`` its source in lower case for the search."""

    slug: str
    edition: str
    title: str
    deck: str
    section: str
    tags: tuple[str, ...]
    author: str
    published: datetime
    image: str
    image_alt: str
    caption: str
    body: Markup
    words: str
    comments: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One language of the site: its direction, and the words around its articles."""

    tag: str
    name: str
    nameplate: str
    direction: str
    motto: str
    months: tuple[str, ...]
    sections: Mapping[str, str]
    words: Mapping[str, str]

    def date(self, moment: datetime) -> str:
        """The day of *moment* in words."""
        return f"{moment.day} {self.months[moment.month - 1]} {moment.year}"


@cache
def editions() -> Mapping[str, Edition]:
    """Language tag -> edition, in the order of the language switch."""
    data = yaml.safe_load((HERE / "editions.yaml").read_text("utf-8"))
    return {tag: Edition(tag, **values | {"months": tuple(values["months"])}) for tag, values in data.items()}


@cache
def articles() -> tuple[Article, ...]:
    """All articles of all editions, newest first."""
    return tuple(sorted(_read_articles(), key=lambda article: article.published, reverse=True))


def in_edition(tag: str) -> tuple[Article, ...]:
    """The articles of one edition, newest first."""
    return tuple(article for article in articles() if article.edition == tag)


def find(tag: str, slug: str) -> Article | None:
    """The article of that edition and name, if there is one."""
    return next((article for article in in_edition(tag) if article.slug == slug), None)


def search(tag: str, query: str) -> tuple[Article, ...]:
    """The articles of one edition that hold every word of *query*."""
    wanted = query.casefold().split()
    return tuple(article for article in in_edition(tag) if wanted and all(word in article.words for word in wanted))


def _read_articles() -> Iterator[Article]:
    markdown = MarkdownIt("commonmark")
    for path in sorted((HERE / "articles").glob("*/*.md")):
        _, head, source = path.read_text("utf-8").split("---\n", 2)
        facts: dict[str, Any] = yaml.safe_load(head)
        comments, tags = tuple(facts.pop("comments", ())), tuple(facts.pop("tags"))
        yield Article(
            slug=path.stem,
            edition=path.parent.name,
            body=Markup(markdown.render(source)),  # noqa: S704 - the newsroom's own files
            words=f"{facts['title']} {facts['deck']} {source}".casefold(),
            comments=comments,
            tags=tags,
            **facts,
        )
