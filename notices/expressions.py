"""Regular expressions that are compiled when they are first used: a start compiles none that no page of it may need."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, AnyStr, cast


class LateExpression:
    """Stands for the expression *pattern* and has its methods; ``compiled`` is the expression itself."""

    def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
        self._given = pattern, flags

    @cached_property
    def compiled(self) -> re.Pattern[Any]:
        """The compiled expression."""
        return re.compile(*self._given)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        # Kept here, a method is found from then on as fast as any attribute.
        found = self.__dict__[name] = getattr(self.compiled, name)
        return found


def late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` gives, compiled at its first use; for what few pages need, or what can be made ahead."""
    return cast("re.Pattern[AnyStr]", LateExpression(pattern, flags))
