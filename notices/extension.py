"""Notices in a Flask application: wraps its ``wsgi_app`` and reads its configuration (spec: service, section 1)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from flask import current_app, request
from markupsafe import Markup

from .api import Api
from .engine import decide
from .errors import SettingsError
from .index import build_index
from .inject import marker
from .location import Location
from .page import Page
from .ruleset import Ruleset
from .service import Service
from .settings import Settings
from .wsgi import NoticesMiddleware
from .wsgi.current import CURRENT
from .wsgi.statement import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from flask import Flask
    from werkzeug.routing import Rule, RuleFactory

    from .decision import Decision
    from .feeds import Annotated
    from .surfaces import LinkPreview, Newsletter
    from .syndication import Facts

KEY = "notices"


class Notices:
    """Shows the notices of a rules folder in the pages of a Flask application.

    ``Notices(app)``, or ``Notices().init_app(app)`` in an application factory; several applications may share one
    object, which keeps nothing of them: the :class:`notices.service.Service` is in ``app.extensions["notices"]``.
    """

    def __init__(self, app: Flask | None = None) -> None:
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Read ``NOTICES_*`` from ``app.config``, then from the environment, load the rules and wrap *app*.

        :raises RuntimeError: when *app* has its notices already.
        :raises SettingsError: for a setting of no use, or when a route of *app*, now or later, has a path of ours.
        :raises RulesetError: for rules of no use, where no last good ones stand in.
        """
        if KEY in app.extensions:
            raise RuntimeError("notices is already set up on this app; call init_app once")
        service = Service(Settings.from_mapping(app.config, os.environ))
        _keep_clear(app, Api(service).paths)
        app.extensions[KEY] = service
        app.wsgi_app = NoticesMiddleware(app.wsgi_app, service)  # type: ignore[method-assign]  # as Flask documents it
        app.add_template_global(_marker, "notices")


def describe_page(
    *,
    tags: Iterable[str] | None = None,
    publisher: str | None = None,
    surface: str | None = None,
    section: str | Iterable[str] | None = None,
    mentions: Iterable[str] | None = None,
    published: date | str | None = None,
    language: str | None = None,
    skip: bool | None = None,
) -> None:
    """State facts of the page that the present request is answered with; what is left out stays as it was.

    May be called several times, and counts until the response starts; later calls are logged and change nothing.
    *published* is a date, an instant or either in ISO 8601; ``skip=True`` leaves the page alone.
    """
    given = {
        "tags": tags,
        "publisher": publisher,
        "surface": surface,
        "section": section,
        "mentions": mentions,
        "published": published,
        "language": language,
        "skip": skip,
    }
    stated = {name: value for name, value in given.items() if value is not None}
    facts = request.environ.setdefault(FACTS, {})
    if not isinstance(facts, dict):
        facts = request.environ[FACTS] = dict(facts)
    # Once the response has started, the middleware's own mapping stands there, which notes what comes too late.
    facts.update(stated)


def current() -> Decision:
    """The decision for the present request: that of its response once this starts, before it the one by the facts
    that are stated so far. Where the middleware does not see the request (``MODE=off``), it shows nothing.
    """
    decide_now = request.environ.get(CURRENT)
    if decide_now is None:
        return decide(build_index(Ruleset(rules={})), Location(), Page(), at=service_of(current_app).now())
    decision: Decision = decide_now()
    return decision


def annotate_feed(
    feed: bytes | str, *, region: Sequence[str] = (), facts: Facts | None = None, media_type: str | None = None
) -> Annotated:
    """Put this site's notices into *feed* (RSS, Atom or JSON Feed), and take out the items that a rule withholds.

    Who reads a feed is not known, so it is decided for a reader of unknown location, or for one in *region*, given as
    a look-up takes it. *facts* states more of an item in the names of :func:`describe_page`; ``{"skip": True}`` leaves
    it alone. *media_type* is the response's ``Content-Type``, where its charset is not the one that the feed declares.

    :raises QuestionError: for a region that is none.
    """
    from .syndication import annotate_feed as annotate  # sites without feeds need not load it

    service = service_of(current_app)
    if isinstance(feed, str):  # whatever it declares, Flask sends it in UTF-8
        return annotate(service, feed.encode(), region=region, facts=facts, media_type="text/xml; charset=utf-8")
    return annotate(service, feed, region=region, facts=facts, media_type=media_type)


def newsletter(url: str, *, region: Sequence[str] = (), **facts: Any) -> Newsletter:
    """The notices of the article at *url* for a newsletter, as HTML for mail and as plain text.

    *region* is where its readers are, by their subscription; *facts* are those of :func:`describe_page`.

    :raises QuestionError: for an address, a region or facts of no use.
    """
    from .syndication import stated_page, write_newsletter

    service = service_of(current_app)
    return write_newsletter(service, stated_page(service, url, facts), region=region)


def link_preview(url: str, description: str = "", *, limit: int = 200, **facts: Any) -> LinkPreview:
    """What the article at *url* says of itself where its link is shared: its notices, then its own *description*.

    *facts* are those of :func:`describe_page`.

    :raises QuestionError: for an address or facts of no use.
    """
    from .syndication import stated_page, write_preview

    service = service_of(current_app)
    return write_preview(service, stated_page(service, url, facts), limit=limit, description=description)


def _marker(name: str | None = None) -> Markup:
    """What ``{{ notices() }}`` and ``{{ notices("after-article") }}`` write: where notices are to stand."""
    return Markup(marker(name))  # noqa: S704  a constant comment


def _keep_clear(app: Flask, paths: tuple[str, ...]) -> None:
    """Let no route of *app* have one of *paths*, which we answer: neither those that it has nor those to come.

    Routes are mostly added after the extensions, so the map of addresses is watched while it grows.
    """
    add = app.url_map.add

    def add_if_clear(factory: RuleFactory) -> None:
        _refuse_ours(factory.get_rules(app.url_map), paths)
        add(factory)

    _refuse_ours(app.url_map.iter_rules(), paths)
    app.url_map.add = add_if_clear  # type: ignore[method-assign,assignment]  # werkzeug has no hook for this


def _refuse_ours(rules: Iterable[Rule], paths: tuple[str, ...]) -> None:
    for rule in rules:
        if rule.rule in paths:
            raise SettingsError(
                f"the route {rule.rule!r} of endpoint {rule.endpoint!r} is answered by notices; "
                "move it, or set NOTICES_URL_PREFIX"
            )


def service_of(app: Any) -> Service:
    """The service of a Flask application.

    :raises SettingsError: where it has none.
    """
    service = app.extensions.get(KEY)
    if not isinstance(service, Service):
        raise SettingsError("this app has no notices; call Notices(app) first")
    return service
