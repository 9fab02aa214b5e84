"""Notices in any WSGI application: ``NoticesMiddleware(app, rules="rules/")`` (spec: service, sections 1 and 3).

In the environ, ``notices.page`` takes the facts that the app states of its page, ``notices.current`` is a callable that
gives the decision by the facts stated so far, and ``notices.decision`` is the decision that the response is made by.
"""

from __future__ import annotations

from .middleware import NoticesMiddleware as NoticesMiddleware
