"""The middleware itself: what of a request is held back, and who answers it."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from notices.api import Api
from notices.http.forms import Forms
from notices.http.heads import Headers, without
from notices.http.outcome import Outcome, Step
from notices.http.request import RequestPlan
from notices.http.response import PAGE_HEADER, unplanned
from notices.inject import Outlines
from notices.service import Service
from notices.settings import Settings

from .current import CURRENT, DECISION, Current
from .deciding import Decider, Narrowed
from .exchange import DONE, Exchange
from .failures import Failures
from .planning import Planner
from .statement import FACTS, LateFacts
from .visit import Visit, mount_point

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .exchange import Application, ExcInfo, StartResponse, Write

_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_IF_RANGE")


class NoticesMiddleware:
    """Puts notices into the pages of *app*, and answers the endpoint under ``URL_PREFIX``.

    Give a *service*, or the settings of one as keywords (``rules="rules/"``, ``cache="keep"``, ...); the environment's
    ``NOTICES_*`` fill what the keywords leave open.

    :raises SettingsError: for settings of no use. :raises RulesetError: for rules of no use.
    """

    def __init__(self, app: Application, service: Service | None = None, /, **settings: Any) -> None:
        if service is not None and settings:
            raise TypeError(f"give a service or settings, not both: {', '.join(sorted(settings))}")
        if service is None:
            service = Service(Settings.from_keywords(dict(os.environ), **settings))
        self.app = app
        self.service = service
        self._api = Api(service) if service.settings.url_prefix is not None else None
        self._failures = Failures(service.metrics)
        self._forms = Forms()
        self._outlines = Outlines(os.urandom(32))
        self._narrowed: Narrowed | None = None

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        if environ.get(DONE):
            self._failures.count(Outcome.ALREADY_DONE)
            return self.app(environ, start_response)
        if self._api is not None and self._api.handles(str(environ.get("PATH_INFO") or "")):
            return self._api(environ, start_response)
        if self.service.settings.mode == "off":
            return self.app(environ, partial(_without_page_header, start_response))
        try:
            exchange = self._prepare(environ, start_response)
        except Exception as error:  # noqa: BLE001  a page must not suffer
            self._failures.caught(Step.REQUEST, error)
            return self.app(environ, partial(_unplanned, start_response, self.service.settings))
        return exchange.run(self.app)

    def _prepare(self, environ: dict[str, Any], start_response: StartResponse) -> Exchange:
        """Everything up to the app: one snapshot, the visit as the server gave it, the request as the app gets it."""
        visit = Visit.of(environ)
        decider = Decider(self.service, self._narrow(), visit, self._failures)
        plan = visit.wishes.plan if self.service.settings.mode == "on" else RequestPlan()
        plan.apply(environ)
        if decider.preview is not None:
            for key in _CONDITIONS:
                environ.pop(key, None)
        conditions = () if decider.preview is not None else plan.conditions
        for key in (DECISION, FACTS) if isinstance(environ.get(FACTS), LateFacts) else ():
            del environ[key]
        current = environ[CURRENT] = Current(environ, decider, self._failures)
        settings, mount = self.service.settings, mount_point(environ)
        planner = Planner(settings, self._forms, self._outlines, decider, self._failures, conditions, mount)
        return Exchange(environ, start_response, planner, current, self._failures)

    def _narrow(self) -> Narrowed:
        """The present snapshot; one object for all requests that it answers."""
        snapshot = self.service.snapshot()
        narrowed = self._narrowed
        if narrowed is None or narrowed.snapshot is not snapshot:
            narrowed = self._narrowed = Narrowed(snapshot)
        return narrowed


def _without_page_header(
    start_response: StartResponse, status: str, headers: Headers, exc_info: ExcInfo | None = None
) -> Write:
    """The server's ``start_response``, for heads that pass but for what must never leave the server."""
    kept = without(headers, {PAGE_HEADER.lower()})
    return start_response(status, kept, *(() if exc_info is None else (exc_info,)))


def _unplanned(
    start_response: StartResponse, settings: Settings, status: str, headers: Headers, exc_info: ExcInfo | None = None
) -> Write:
    """The server's ``start_response``, for the pages of a request that could not be seen to."""
    return _without_page_header(start_response, status, unplanned(headers, settings), exc_info)
