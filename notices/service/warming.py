"""Making ahead, beside the readers, what the first pages under new rules need."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from notices.inject import warm

if TYPE_CHECKING:
    from notices.ruleset import Ruleset


def warm_up(ruleset: Ruleset) -> None:
    """Begin to make what the places of *ruleset* need, in a thread that ends by itself."""
    shown = [rule for rule in ruleset.rules.values() if rule.action != "withhold"]
    work = warm({rule.display.at for rule in shown}, features=any(rule.features for rule in shown))
    try:
        threading.Thread(target=work, name="notices-warming", daemon=True).start()
    except RuntimeError:  # no more threads can be started here
        work()
