"""What the app states of its page while it works, and the end of that when the response starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from notices.http.facts import fault_in_words, read_facts, read_header
from notices.http.media import first_language
from notices.http.outcome import Step
from notices.page import Page

if TYPE_CHECKING:
    from notices.ruleset import Ruleset

    from .failures import Failures
    from .visit import Visit

#: The environ key under which an app states facts of its page.
FACTS = "notices.page"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def read_statement(stated: Any, headers: list[str], ruleset: Ruleset, failures: Failures) -> Mapping[str, Any]:
    """The facts of the environ's *stated* and of the ``Notices-Page`` *headers*, which come later and win.

    What cannot be read is dropped and counted, as is a publisher that the rules do not declare.
    """
    if stated is None and not headers:
        return _NOTHING
    zone = ruleset.defaults.timezone
    header = read_header(headers)
    mapping = stated if isinstance(stated, Mapping) else {}
    read = read_facts({**mapping, **header.facts}, UTC if zone is None else ZoneInfo(zone))
    faults = [*header.faults, *read.faults, *(() if stated is mapping or stated is None else ("environ",))]
    facts = dict(read.facts)
    if facts.get("publisher") not in (None, *ruleset.publishers):
        del facts["publisher"]
        faults.append("publisher not declared")
    for fault in faults:
        failures.note(Step.FACTS, f"a page states a fact that is dropped: {fault_in_words(fault)}")
    return facts


def page_of(visit: Visit, facts: Mapping[str, Any], content_language: str | None) -> Page:
    """The page of *visit* with the *facts* stated and the language that its response's head names."""
    if not facts and content_language is None:
        return Page(host=visit.host, path=visit.path, gpc=visit.gpc)
    known = {name: value for name, value in facts.items() if name != "skip"}
    known.setdefault("language", first_language(content_language))
    return Page(host=visit.host, path=visit.path, gpc=visit.gpc, **known)


class LateFacts(dict[str, Any]):
    """Stands in the environ once the response has started: what is stated now is noted, since it does nothing."""

    def __init__(self, stated: Any, failures: Failures) -> None:
        super().__init__(stated if isinstance(stated, dict) else {})
        self._failures = failures

    def note(self) -> None:
        """Note that facts came too late."""
        self._failures.note(Step.LATE_FACTS, "a page states facts after its response has started; they are ignored")

    def __setitem__(self, name: str, value: Any) -> None:
        self.note()
        super().__setitem__(name, value)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """As a dict's, but noted."""
        self.note()
        super().update(*args, **kwargs)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """As a dict's, but noted."""
        self.note()
        return super().setdefault(name, default)
