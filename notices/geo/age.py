"""How old location data may be: from when on it is stale (spec: service, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

#: Days after which location data is stale.
STALE_AFTER = 60


def age_in_days(built: datetime, now: datetime) -> int:
    """Days from the day of *built* to that of *now*; negative for data from the future."""
    return (now.date() - built.date()).days


def is_stale(built: datetime, now: datetime) -> bool:
    """Whether data of *built* is too old to rely on at *now*."""
    return age_in_days(built, now) > STALE_AFTER
