"""The one tree of errors, and the `Problem` that says where in the rules something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Level = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding about the rules; sorts by place.

    ``path`` is relative to the rules folder, ``line`` and ``column`` count from 1 (0: the file or folder as a whole),
    ``code`` is a stable kebab-case name, ``message`` says what is wrong with which value, ``fix`` what to write.
    """

    path: str
    line: int
    column: int
    level: Level
    code: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        """The parsable one-line form: ``path:line:column: level[code] message``."""
        advice = f"; {self.fix}" if self.fix else ""
        return f"{self.path}:{self.line}:{self.column}: {self.level}[{self.code}] {self.message}{advice}"


class NoticesError(Exception):
    """Base of all errors that this package raises."""


class SettingsError(NoticesError):
    """A setting is unknown, missing or has a value that cannot be used."""


class RulesetError(NoticesError):
    """The rules cannot be used; ``problems`` lists everything that was found, ``errors`` what must be mended."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(sorted(problems))
        self.errors: Sequence[Problem] = tuple(found for found in self.problems if found.level == "error")
        telling = self.errors or self.problems
        first = f"; first: {telling[0]}" if telling else ""
        super().__init__(f"{len(telling)} problem(s) in the rules{first}")


class RegionError(NoticesError, ValueError):
    """A text is no region code; ``nearest`` is the code that it most resembles, if any."""

    def __init__(self, text: str, nearest: str | None = None) -> None:
        hint = f"; did you mean {nearest}?" if nearest else ""
        super().__init__(f"{text!r} is no ISO 3166 code{hint}")
        self.text = text
        self.nearest = nearest


class DatabaseError(NoticesError):
    """A location database cannot be used: missing, truncated, of the wrong type, or not what its checksum says.

    ``passing`` where the same file may be read another time: the system refused, nothing was found wrong with it.
    """

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class UpdateError(NoticesError):
    """A location database could not be fetched or put in place; the one in use is untouched.

    The text names hosts and files, never an account, a key or the query of a URL. ``status`` is the HTTP status that
    was the reason, if one was.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class RevisionError(NoticesError):
    """A revision or a past instant cannot be answered from version control; the text says what was looked for."""


class PageError(NoticesError):
    """A page cannot be previewed: it is not on this machine, leads away from it, or cannot be read."""


class QuestionError(NoticesError, ValueError):
    """A look-up has a parameter that cannot be used; ``parameter`` names it, the text never repeats an address."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter
