"""The endpoint: questions in, answers out (spec: service, section 5)."""

from __future__ import annotations

from .app import Api as Api
