"""Feeds: RSS, Atom and JSON Feed as bytes in, the same bytes with the notices of each item out; no IO, no clock."""

from __future__ import annotations

from .annotate import annotate as annotate
from .item import Annotated as Annotated
from .item import FeedItem as FeedItem
from .item import Reason as Reason
