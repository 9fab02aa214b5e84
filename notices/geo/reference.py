"""The whole record of an address as ``geoip2`` reads it: the reference for MaxMind's shapes, for explanations only.

Too slow to serve with, and its models repeat the address; what they repeat is taken out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from .address import Address

#: The end of a MaxMind database's type -> the method of ``geoip2.database.Reader`` that reads it.
_METHODS = {
    "-City": "city",
    "-Country": "country",
    "-Enterprise": "enterprise",
    "-Anonymous-IP": "anonymous_ip",
    "-Anonymous-Plus": "anonymous_plus",
}
_ADDRESSES = ("ip_address", "network")


def method_for(kind: str) -> str | None:
    """How ``geoip2`` reads a database of the type *kind*; None for a shape that is not MaxMind's."""
    if not kind.startswith(("GeoIP2-", "GeoLite2-", "GeoIP-")):
        return None
    return next((method for end, method in _METHODS.items() if kind.endswith(end)), None)


def reference_record(path: Path, method: str, address: Address) -> dict[str, Any] | None:
    """The record that *method* gives for *address*, without the address; None where the database has none.

    The file is read into memory and by Python code alone: the C reader can be crashed by a damaged file.
    """
    import geoip2.database
    import geoip2.errors
    import maxminddb

    with geoip2.database.Reader(path, mode=maxminddb.MODE_MEMORY) as reader:
        try:
            record: dict[str, Any] = getattr(reader, method)(str(address)).to_dict()
        except geoip2.errors.AddressNotFoundError:
            return None
    return _without_address(record)


def _without_address(record: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in record.items() if key not in _ADDRESSES}
    if isinstance(kept.get("traits"), dict):
        kept["traits"] = {key: value for key, value in kept["traits"].items() if key not in _ADDRESSES}
    return {key: value for key, value in kept.items() if value != {}}
