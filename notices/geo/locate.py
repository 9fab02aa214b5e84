"""The locator: what all sources say about one visitor becomes one location (spec: service 2, rules 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from notices.errors import QuestionError
from notices.location import Location
from notices.region import WORLD, nearest_region

from .address import is_public, read_address, unwrap
from .claim import ANONYMISING
from .forwarding import client_address, is_trusted
from .headers import geo_claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from notices.gazetteer import Gazetteer
    from notices.settings import Settings

    from .address import Address
    from .claim import Claim, Network
    from .database import Database

    Header = Callable[[str], str | None]

_FORWARDING = ("X-Forwarded-For", "Forwarded")
_UNKNOWN = "unknown"
_WORDS = (_UNKNOWN, *ANONYMISING)
_CODE = re.compile(r"([A-Za-z]{2})(?:-([A-Za-z0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source said and what became of it; never an address.

    ``source`` is ``header`` or ``database``, ``name`` the preset or file; ``claim`` what it said, None for nothing;
    ``candidates`` the regions this means; ``believed`` whether it went into the location, ``reason`` why or why not.
    """

    source: str
    name: str
    claim: Claim | None
    candidates: tuple[str, ...]
    believed: bool
    reason: str


class Locator:
    """Locates visitors by the site's settings; holds no state of any request."""

    def __init__(self, settings: Settings, databases: Sequence[Database], gazetteer: Gazetteer) -> None:
        self._settings = settings
        self._databases = tuple(databases)
        self._gazetteer = gazetteer

    @property
    def databases(self) -> tuple[Database, ...]:
        """The databases asked, in order."""
        return self._databases

    @property
    def failures(self) -> int:
        """How many look-ups in the databases failed in this process."""
        return sum(database.failures for database in self._databases)

    def locate(self, peer: str, header: Header) -> Location:
        """Where the visitor of a request may be.

        *peer* is the socket's peer as the server gives it (empty for a unix socket), *header* gives the value of a
        request header by name, None for one that is absent.
        """
        reports = tuple(self._asked(peer, header))
        return _conclude(reports, self._counted(reports))

    def locate_address(self, text: str) -> Location:
        """Where an address that somebody asks about may be; only the databases are asked.

        :raises QuestionError: when *text* is no address; the message does not repeat it.
        """
        reports = tuple(self._in_databases(_stated_address(text)))
        return _conclude(reports, self._counted(reports))

    def trace(self, peer: str, header: Header) -> tuple[SourceReport, ...]:
        """What every source said about the visitor of a request, and whether it was believed."""
        return self._judged(tuple(self._asked(peer, header)))

    def trace_address(self, text: str) -> tuple[SourceReport, ...]:
        """What every database says about an address, as :meth:`trace`.

        :raises QuestionError: when *text* is no address; the message does not repeat it.
        """
        return self._judged(tuple(self._in_databases(_stated_address(text))))

    def forwarding_ignored(self, peer: str, header: Header) -> bool:
        """Whether the request carries a forwarding header that is not believed because its peer is not trusted."""
        return not self._trusts(peer) and any(header(name) is not None for name in _FORWARDING)

    def _trusts(self, peer: str) -> bool:
        return is_trusted(peer, self._settings.trusted_proxies)

    def _asked(self, peer: str, header: Header) -> Iterator[SourceReport]:
        """The sources in the site's order, each with what it says, not yet judged against the others."""
        for source in self._settings.location:
            if source == "header":
                yield from self._in_headers(peer, header)
            else:
                form = self._settings.forwarded_header
                value = header(form) if self._trusts(peer) else None
                yield from self._in_databases(client_address(peer, value, form, self._settings.trusted_proxies))

    def _in_headers(self, peer: str, header: Header) -> Iterator[SourceReport]:
        form = self._settings.geo_header
        if form is None:
            return
        name = form if isinstance(form, str) else "mapping"
        if not self._trusts(peer):
            yield SourceReport("header", name, None, (WORLD,), False, "the request does not come from a trusted proxy")
            return
        yield self._report("header", name, geo_claim(form, header))

    def _in_databases(self, address: Address | None) -> Iterator[SourceReport]:
        for database in self._databases:
            name = database.info.file
            if address is None:
                yield SourceReport("database", name, None, (WORLD,), False, "the visitor's address is not known")
            elif not is_public(address):
                yield SourceReport("database", name, None, (WORLD,), False, "the address is private or reserved")
            else:
                yield self._report("database", name, database.look_up(address))

    def _report(self, source: str, name: str, claim: Claim | None) -> SourceReport:
        if claim is None:
            return SourceReport(source, name, None, (WORLD,), False, "it says nothing about this visitor")
        candidates = self._gazetteer.resolve(claim.country, claim.codes, claim.names)
        if candidates == (WORLD,) and claim.network is None:
            return SourceReport(source, name, claim, candidates, False, "it names no region that is known")
        return SourceReport(source, name, claim, candidates, False, "")

    def _judged(self, reports: Sequence[SourceReport]) -> tuple[SourceReport, ...]:
        counted, network = self._counted(reports), _anonymising(reports)
        return tuple(_judge(report, network, counts=report in counted) for report in reports)

    def _counted(self, reports: Sequence[SourceReport]) -> tuple[SourceReport, ...]:
        """The reports whose regions make the location: the first that names one, or all where they are united."""
        answers = tuple(report for report in reports if report.candidates != (WORLD,))
        return answers if self._settings.unite else answers[:1]


def _stated_address(text: str) -> Address | None:
    """The address that a look-up asks about, None for one that says nothing.

    :raises QuestionError: when *text* is none.
    """
    address = read_address(text.strip())
    if address is None:
        raise QuestionError("ip", "ip is no IP address in a standard written form, such as 192.0.2.1 or 2001:db8::1")
    return unwrap(address)


def _conclude(reports: Sequence[SourceReport], counted: Sequence[SourceReport]) -> Location:
    """Unite what counts; a network that hides its users' places leaves nothing of it, unless a relay states them."""
    network = _anonymising(reports)
    if network is not None:
        return Location((WORLD,), network, _sources(report for report in reports if _network(report) in ANONYMISING))
    return Location.uniting((code for report in counted for code in report.candidates), source=_sources(counted))


def _anonymising(reports: Iterable[SourceReport]) -> Network | None:
    """The network that hides the visitor's place, the one that hides most of those named."""
    networks = {_network(report) for report in reports}
    return None if "relay" in networks else next((network for network in ANONYMISING if network in networks), None)


def _network(report: SourceReport) -> Network | None:
    return None if report.claim is None else report.claim.network


def _sources(reports: Iterable[SourceReport]) -> str:
    return "+".join(sorted({report.source for report in reports}, reverse=True)) or "none"


def _judge(report: SourceReport, network: Network | None, *, counts: bool) -> SourceReport:
    """Say whether *report* went into a location that is anonymous by *network* or not, and why."""
    if report.reason:
        return report
    own = _network(report)
    if network is not None and own in ANONYMISING:
        return replace(report, believed=True, reason=f"{own}: the network hides where its users are")
    if network is not None:
        return replace(report, reason=f"the visitor is anonymous ({network}), whatever else is said")
    if not counts:
        return replace(report, reason="a source before it has answered")
    reason = "a relay that states its user's region" if own == "relay" else "it names a region"
    return replace(report, believed=True, reason=reason)


def location_for(regions: Sequence[str], gazetteer: Gazetteer) -> Location:
    """The location that a look-up states: region codes, ``unknown``, or a kind of network (``tor``, ``vpn`` ...).

    Several are united like sources: ``unknown`` adds nothing, a network leaves nothing else. Codes are read like a
    source's, so that ``ua-43``, ``FR-971`` and a labelled ``RU-CR`` mean what they mean in a header.

    :raises QuestionError: for what is neither; the text is repeated only where it has the form of a code.
    """
    networks = {text.lower() for text in regions} & set(ANONYMISING)
    if networks:
        network = next(network for network in ANONYMISING if network in networks)
        return Location((WORLD,), network, "query")
    stated = (text for text in regions if text.lower() not in (_UNKNOWN, WORLD))
    return Location.uniting((code for text in stated for code in _stated_region(text, gazetteer)), source="query")


def _stated_region(text: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    match = _CODE.fullmatch(text)
    if match is None:
        raise QuestionError("region", f"region is no ISO 3166 code, and none of {', '.join(_WORDS)}")
    country, code = match[1], match[2]
    candidates = gazetteer.resolve(country, (code,) if code else ())
    if candidates == (WORLD,) or (code and candidates == gazetteer.resolve(country)):
        nearest = nearest_region(text)
        hint = f"; did you mean {nearest}?" if nearest else ""
        raise QuestionError("region", f"region {text!r} is no ISO 3166 code{hint}")
    return candidates
