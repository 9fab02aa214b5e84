"""What each location database says about an address: its claim, what that means, and its whole record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notices.decision import write_instant
from notices.geo.address import read_address, unwrap

if TYPE_CHECKING:
    from notices.geo.claim import Claim
    from notices.geo.database import Database
    from notices.geo.evidence import SourceReport
    from notices.geo.locate import Locator


def ask_databases(locator: Locator, ip: str) -> list[dict[str, Any]]:
    """One JSON object a database, in the order in which they are asked; the address itself is in none.

    :raises QuestionError: when *ip* is no address.
    """
    reports = locator.trace_address(ip)
    stated = read_address(ip.strip())
    address = None if stated is None else unwrap(stated)
    return [
        _found(database, report, None if address is None else database.record(address))
        for database, report in zip(locator.databases, reports, strict=True)
    ]


def _found(database: Database, report: SourceReport, record: Any) -> dict[str, Any]:
    return {
        "database": database.info.file,
        "type": database.info.type,
        "built": write_instant(database.info.built),
        "claim": None if report.claim is None else _claim_as_dict(report.claim),
        "candidates": list(report.candidates),
        "believed": report.believed,
        "reason": report.reason,
        "record": record,
    }


def _claim_as_dict(claim: Claim) -> dict[str, Any]:
    return {
        "country": claim.country,
        "codes": list(claim.codes),
        "names": list(claim.names),
        "network": claim.network,
    }


def claim_in_words(claim: dict[str, Any] | None) -> str:
    """A claim as :func:`ask_databases` gives it, on one line."""
    if claim is None:
        return "nothing"
    parts = [f"country {claim['country']}"] if claim["country"] else []
    parts += [f"subdivision {' / '.join(claim[what])}" for what in ("codes", "names") if claim[what]]
    return ", ".join(parts + ([f"network {claim['network']}"] if claim["network"] else []))
