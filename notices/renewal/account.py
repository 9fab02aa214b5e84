"""An account with a publisher of databases, from the environment; its key appears in no text."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from notices.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The first name is ours to propose, the second is that of MaxMind's own program.
ID_NAMES = ("MAXMIND_ACCOUNT_ID", "GEOIPUPDATE_ACCOUNT_ID")
KEY_NAMES = ("MAXMIND_LICENSE_KEY", "GEOIPUPDATE_LICENSE_KEY")
_MAX_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks; neither value is in the repr."""

    number: str = field(repr=False)
    key: str = field(repr=False)

    def authorization(self) -> str:
        """The value of ``Authorization`` (RFC 7617)."""
        return "Basic " + b64encode(f"{self.number}:{self.key}".encode()).decode("ascii")


def account_from(environ: Mapping[str, str]) -> Account:
    """The account that *environ* states, by value or by the path of a file (``..._FILE``) with the value.

    :raises SettingsError: where a value is missing or its file cannot be read; the text repeats no value.
    """
    return Account(_stated(environ, ID_NAMES), _stated(environ, KEY_NAMES))


def _stated(environ: Mapping[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        value = environ.get(name, "") or _from_file(environ, f"{name}_FILE")
        if value.strip():
            return value.strip()
    raise SettingsError(f"{names[0]} is not set; this database needs an account: set it, or {names[0]}_FILE")


def _from_file(environ: Mapping[str, str], name: str) -> str:
    if not environ.get(name):
        return ""
    try:
        with Path(environ[name]).open(encoding="utf-8") as file:
            return file.read(_MAX_BYTES)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{name}: the file cannot be read: {type(error).__name__}") from None
