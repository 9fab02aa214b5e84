"""The site's pages: each says what it is (its facts), so that rules can tell an article from a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from notices import annotate_feed, describe_page

from . import newsroom

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from notices.feeds import FeedItem


def install(app: Flask) -> None:
    """Add the pages to *app*: the default edition at the root, each other one under its language tag."""
    others = ", ".join(tag for tag in newsroom.editions() if tag != newsroom.DEFAULT_EDITION)
    routes: tuple[tuple[str, Callable[..., Response], list[str]], ...] = (
        ("/", home, ["GET"]),
        ("/section/<name>", section, ["GET"]),
        ("/news/<slug>", article, ["GET"]),
        ("/news/<slug>/comments", comment, ["POST"]),
        ("/search", search, ["GET"]),
        ("/contact", contact, ["GET", "POST"]),
        ("/feed.xml", feed, ["GET"]),
    )
    for path, view, methods in routes:
        defaults = {"edition": newsroom.DEFAULT_EDITION}
        app.add_url_rule(path, view_func=view, methods=methods, defaults=defaults)
        app.add_url_rule(f"/<any({others}):edition>{path}", view_func=view, methods=methods)
    app.url_value_preprocessor(_drop_edition)
    app.register_error_handler(HTTPException, _error_page)


def edition() -> newsroom.Edition:
    """The edition that the address begins with, also for addresses of no page; without any, the default one."""
    editions = newsroom.editions()
    return editions.get(request.path.split("/")[1], editions[newsroom.DEFAULT_EDITION])


def _drop_edition(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Spare the views an argument that :func:`edition` gives them."""
    if values:
        values.pop("edition", None)


def _page(template: str, status: int = 200, **values: Any) -> Response:
    describe_page(language=edition().tag)
    response = make_response(render_template(template, **values), status)
    response.content_language.add(edition().tag)
    return response


def home() -> Response:
    """Show the front page of the edition: its newest report large, the others below."""
    describe_page(surface="home", tags=[])
    lead, *rest = newsroom.in_edition(edition().tag)
    elsewhere = [a for a in newsroom.articles() if a.edition != edition().tag]
    return _page("home.html", lead=lead, rest=rest, elsewhere=elsewhere[:6])


def section(name: str) -> Response:
    """Show the reports of one section."""
    if name not in edition().sections:
        abort(404)
    describe_page(surface="section", section=name, tags=[])
    return _page("section.html", name=name, found=[a for a in newsroom.in_edition(edition().tag) if a.section == name])


def _article(slug: str) -> newsroom.Article:
    return newsroom.find(edition().tag, slug) or abort(404)


def article(slug: str) -> Response:
    """Show one report, with what readers wrote to it."""
    report = _article(slug)
    describe_page(surface="article", section=report.section, tags=report.tags, published=report.published)
    more = [other for other in newsroom.in_edition(edition().tag) if other.slug != slug]
    return _page("article.html", article=report, more=more[:3])


def comment(slug: str) -> Response:
    """Thank for a comment, which the demonstration does not keep."""
    report = _article(slug)
    describe_page(surface="comments", section=report.section, tags=report.tags)
    return _page("thanks.html", back=report)


def search() -> Response:
    """Show the reports that hold all words asked for."""
    query = request.args.get("q", "").strip()[:200]
    describe_page(surface="search", tags=[])
    return _page("search.html", query=query, found=newsroom.search(edition().tag, query))


def contact() -> Response:
    """Show the tip line; thank for a message, which the demonstration does not keep."""
    describe_page(surface="form", tags=[])
    if request.method == "GET":
        return _page("contact.html")
    if not request.form.get("message", "").strip():
        return _page("contact.html", 400, missing=True)
    return _page("thanks.html", back=None)


def feed() -> Response:
    """Serve the edition's reports as an Atom feed (RFC 4287), each with the notices of readers from anywhere."""
    found = newsroom.in_edition(edition().tag)

    def facts(item: FeedItem) -> dict[str, Any]:
        report = found[item.position]
        return {"section": report.section, "tags": report.tags}

    annotated = annotate_feed(render_template("feed.xml", found=found), facts=facts)
    response = Response(annotated.feed, mimetype="application/atom+xml")
    response.expires = annotated.until
    return response


def _error_page(error: HTTPException) -> Response:
    response = _page("error.html", error.code or 500, error=error)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers.set(name, value)
    return response
