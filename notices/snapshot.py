"""Everything that one request needs of the rules and the location data, taken once and never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import datetime

    from .decision import Decision
    from .gazetteer import Gazetteer
    from .geo.database import Database
    from .geo.locate import Locator
    from .index import Index
    from .ruleset import Ruleset


class Snapshot(Struct, frozen=True, kw_only=True):
    """Rules and location data that belong together; ``loaded_at`` is the aware instant at which the rules went live.

    ``safe_default`` is what is shown where a decision fails: the notices of an unknown visitor on a plain page
    (spec: service, section 3). It is made ahead, so that it does not depend on what failed.
    """

    ruleset: Ruleset
    index: Index
    gazetteer: Gazetteer
    locator: Locator
    databases: tuple[Database, ...]
    digest: str
    loaded_at: datetime
    safe_default: Decision
