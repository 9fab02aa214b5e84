"""Evidence: how what the sources said about one visitor becomes one location, and what became of each statement.

Nothing here has seen an address (spec: rules, section 4 "Uniting sources").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from notices.location import Location
from notices.region import WORLD

from .claim import ANONYMISING, Claim, Network

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notices.gazetteer import Gazetteer


class Said(NamedTuple):
    """What one source said: ``claim`` None for nothing, ``hindrance`` why it could not be asked."""

    source: str
    name: str
    claim: Claim | None
    hindrance: str | None = None


class SourceReport(Struct, frozen=True):
    """What one source said and what became of it; never an address.

    ``source`` is ``header`` or ``database``, ``name`` the preset or file; ``claim`` what it said, None for nothing;
    ``candidates`` the regions this means; ``believed`` whether it went into the location, ``reason`` why or why not.
    """

    source: str
    name: str
    claim: Claim | None
    candidates: tuple[str, ...] = (WORLD,)
    believed: bool = False
    reason: str = ""

    @property
    def network(self) -> Network | None:
        """The kind of network that the source named."""
        return None if self.claim is None else self.claim.network


def conclude(said: Sequence[Said], gazetteer: Gazetteer, *, unite: bool) -> Location:
    """The location that follows: of the first source that names a region, or with *unite* of all of them.

    A network that hides where its users are leaves ``world`` alone, unless a relay that states their region is named.
    """
    reports = tuple(_report(statement, gazetteer) for statement in said)
    network = _anonymising(reports)
    if network is not None:
        return Location((WORLD,), network, _sources(report for report in reports if report.network in ANONYMISING))
    counted = _counted(reports, unite=unite)
    return Location.uniting((code for report in counted for code in report.candidates), source=_sources(counted))


def judge(said: Sequence[Said], gazetteer: Gazetteer, *, unite: bool) -> tuple[SourceReport, ...]:
    """What became of each statement in :func:`conclude`, with the reason in words."""
    reports = tuple(_report(statement, gazetteer) for statement in said)
    counted, network = _counted(reports, unite=unite), _anonymising(reports)
    return tuple(_judged(report, network, counts=report in counted) for report in reports)


def _report(said: Said, gazetteer: Gazetteer) -> SourceReport:
    source, name, claim, hindrance = said
    if claim is None:
        return SourceReport(source, name, None, reason=hindrance or "it says nothing about this visitor")
    candidates = gazetteer.resolve(claim.country, claim.codes, claim.names)
    known = candidates != (WORLD,) or claim.network is not None
    return SourceReport(source, name, claim, candidates, reason="" if known else "it names no region that is known")


def _counted(reports: Sequence[SourceReport], *, unite: bool) -> tuple[SourceReport, ...]:
    """The reports whose regions make the location."""
    answers = tuple(report for report in reports if report.candidates != (WORLD,))
    return answers if unite else answers[:1]


def _anonymising(reports: Iterable[SourceReport]) -> Network | None:
    """The network that hides the visitor's place, the one that hides most of those named."""
    networks = {report.network for report in reports}
    return None if "relay" in networks else next((network for network in ANONYMISING if network in networks), None)


def _sources(reports: Iterable[SourceReport]) -> str:
    """``header``, ``database``, ``header+database`` or ``none``."""
    return "+".join(sorted({report.source for report in reports}, reverse=True)) or "none"


def _judged(report: SourceReport, network: Network | None, *, counts: bool) -> SourceReport:
    """Say whether *report* went into a location that is anonymous by *network* or not, and why."""
    if report.reason:
        return report
    if network is not None:
        hides = report.network in ANONYMISING
        reason = "the network hides where its users are" if hides else f"the visitor is anonymous ({network})"
        return replace(report, believed=hides, reason=reason)
    if report.network == "relay":
        return replace(report, believed=True, reason="a relay that states its user's region: not anonymous")
    if counts:
        return replace(report, believed=True, reason="it names a region")
    if report.candidates == (WORLD,):
        return replace(report, reason="a relay states its user's region, so the visitor is not anonymous")
    return replace(report, reason="a source before it has answered")
