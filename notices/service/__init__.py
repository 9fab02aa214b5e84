"""The running service: what is live, where it comes from, and how it is replaced while requests go on."""

from __future__ import annotations

from .service import Service as Service
from .service import utc_now as utc_now
