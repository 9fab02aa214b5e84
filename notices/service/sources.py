"""Where rules and location data come from while serving: each source keeps what was last good, and says what fails."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from notices.compiled import KeptFindings, find_compiled, keep_compiled
from notices.errors import DatabaseError, Problem, RulesetError, SettingsError
from notices.geo.database import Database, open_database
from notices.index import Index, build_index
from notices.loader.paths import pack_folder
from notices.watch import Settling, look_at_files, look_at_folder

from .unfinished import PATIENCE, unfinished

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from notices.folder import Loaded
    from notices.settings import OnFailure
    from notices.state import State
    from notices.watch import Look

#: What became of an edit.
Outcome = Literal["live", "refused"]
_log = logging.getLogger("notices")


def _look(folder: Path) -> Look:
    """What the folder looks like, and the pack that it may adopt rules of: a new package is an edit as well."""
    return (*look_at_folder(folder), *look_at_folder(pack_folder()))


def load_folder(folder: Path) -> Loaded:
    """Read the rules folder; a start with rules that were read before comes without the parser."""
    from notices.folder.load import load_folder as load

    return load(folder)


class Failure(Struct, frozen=True):
    """A load that was refused at ``at``, with its ``problems``; ``resolved_at`` is None while it still stands."""

    at: datetime
    problems: tuple[Problem, ...]
    resolved_at: datetime | None = None

    @property
    def standing(self) -> bool:
        """Whether what is on the disk is still not what is served."""
        return self.resolved_at is None


def _told(failure: Failure | None, problems: tuple[Problem, ...]) -> bool:
    """Whether the very same still stands: what the system refuses is tried again and again, and told once."""
    return failure is not None and failure.standing and failure.problems == problems


class RulesSource:
    """The rules folder: ``loaded`` and its ``index`` are live, ``failure`` is the last load that was refused and
    ``kept`` says whether what is live comes from ``STATE`` instead of the folder.

    :raises RulesetError: at the start, when the folder cannot be used and nothing may stand in for it.
    """

    def __init__(self, folder: Path, state: State, on_failure: OnFailure, at: datetime) -> None:
        self._folder = folder
        self._live = _look(folder)
        self._settling = Settling(self._live)
        self._waited: tuple[Look | None, int] = None, 0
        self.failure: Failure | None = None
        self.kept = False
        before = self._read_before(state)
        self._read_anew = before is None
        found = before or self._load()
        if isinstance(found, RulesetError):
            self._refuse(found.errors, at)
            found = self._stand_in(found, state, on_failure)
        self.loaded, self.index = found
        self._log_warnings()

    @property
    def moving(self) -> bool:
        """Whether an edit was seen that the next look has to confirm."""
        return self._settling.moving

    def look(self, at: datetime) -> Outcome | None:
        """Look at the folder; None where no edit stands still there. A folder that cannot be used changes nothing."""
        look = _look(self._folder)
        if not self._settling.changed(look):
            return None
        # No name here for what is found: an error's traceback leads back here, and the circle would keep it all.
        return self._judge(look, self._load(), at)

    def _judge(self, look: Look, found: tuple[Loaded, Index] | RulesetError, at: datetime) -> Outcome | None:
        """Take over what was *found*, or refuse it."""
        # An edit that goes on while it is read is not judged: the looks to come will see it stand still.
        if _look(self._folder) != look:
            return None
        if isinstance(found, RulesetError):
            return self._refuse(found.errors, at)
        if self._awaits_more(look, found[0]):
            return None
        self._live = look
        return self._accept(*found, at)

    def _awaits_more(self, look: Look, loaded: Loaded) -> bool:
        """Whether what was seen looks half written, and has not stood still for so long that it must be meant."""
        cut = unfinished(self._folder, self._live, self.loaded.files, look, loaded.files)
        times = 1 + (self._waited[1] if self._waited[0] == look else 0)
        if not cut or times >= PATIENCE:
            return False
        if times == 1:
            _log.warning("notices: %s looks half written; it is live when it has stood still for longer", cut[0])
        self._waited = look, times
        self._settling.doubt()
        return True

    def _load(self) -> tuple[Loaded, Index] | RulesetError:
        try:
            loaded = load_folder(self._folder)
            return loaded, build_index(loaded.ruleset)
        except RulesetError as error:
            return error
        except Exception as error:  # noqa: BLE001  a fault of ours in new rules must leave the old ones live
            refused = RulesetError([Problem("", 0, 0, "error", "internal", type(error).__name__)])
            refused.__cause__ = error
            return refused

    def _read_before(self, state: State) -> tuple[Loaded, Index] | None:
        """The folder's rules as another start has read them."""
        with suppress(Exception):  # a fault of ours over them: they are read anew
            loaded = find_compiled(state.folder, self._folder)
            return None if loaded is None else (loaded, build_index(loaded.ruleset))
        return None

    def keep(self, state: State) -> None:
        """Spare the next start what this one has read."""
        if self._read_anew and not self.kept:
            keep_compiled(state.folder, self.loaded)

    def _accept(self, loaded: Loaded, index: Index, at: datetime) -> Outcome | None:
        if self.failure is not None and self.failure.standing:
            self.failure = replace(self.failure, resolved_at=at)
        self.kept = False
        if loaded.ruleset.digest == self.loaded.ruleset.digest:
            return None
        _log.info("notices: rules %s are live, after %s", loaded.ruleset.digest, self.loaded.ruleset.digest)
        self.loaded, self.index = loaded, index
        self._log_warnings()
        return "live"

    def _refuse(self, problems: Sequence[Problem], at: datetime) -> Outcome | None:
        if any(problem.code == "unreadable" for problem in problems):
            self._settling.doubt()
            if _told(self.failure, tuple(problems)):
                return None
        self.failure = Failure(at, tuple(problems))
        # Positions and codes only: a message may quote a confidential rule.
        places = "\n".join(f"  {p.path}:{p.line}:{p.column}: {p.level}[{p.code}]" for p in problems)
        _log.error("notices: the rules are refused; `notices check` says more:\n%s", places)
        return "refused"

    def _stand_in(self, error: RulesetError, state: State, on_failure: OnFailure) -> tuple[Loaded, Index]:
        """The last good rules, where they may and can stand in for the folder's."""
        kept = state.last_good() if on_failure == "last-good" else None
        if kept is None:
            raise error
        from notices.folder.load import load_files

        try:
            loaded = load_files(kept.files)
            index = build_index(loaded.ruleset)
        except Exception:  # noqa: BLE001  whatever is wrong with them, the folder's own error is what to tell
            _log.error("notices: the kept rules cannot be used either")
            raise error from error.__cause__
        if loaded.ruleset.digest != kept.digest:
            _log.error("notices: the kept rules are damaged and are not used")
            raise error
        self.kept = True
        _log.error("notices: serving the last good rules, %s", kept.digest)
        return loaded, index

    def _log_warnings(self) -> None:
        count = sum(problem.level == "warning" for problem in self.loaded.warnings)
        if count:
            _log.warning("notices: %d warning(s) in the rules; `notices check` has them", count)


class DatabaseSource:
    """One database file: ``database`` is what answers (None: nothing does), ``failure`` the last refused file.

    :raises SettingsError: at the start, when the file cannot be used and *on_failure* is ``refuse``.
    """

    def __init__(self, path: Path, on_failure: OnFailure, at: datetime, state: State) -> None:
        self._path = path
        self._findings = KeptFindings(state.folder, path)
        self._settling = Settling(look_at_files((path,)))
        self.failure: Failure | None = None
        self.database: Database | None = None
        found = self._open()
        if isinstance(found, Database):
            self.database = found
        elif on_failure == "refuse":
            raise SettingsError(f"NOTICES_GEOIP: {found}") from found
        else:
            self._refuse(found, at)

    @property
    def moving(self) -> bool:
        """Whether a new file was seen that the next look has to confirm."""
        return self._settling.moving

    def look(self, at: datetime) -> Outcome | None:
        """Look at the file; None where no new one stands still there. A file that cannot be used changes nothing."""
        look = look_at_files((self._path,))
        if not self._settling.changed(look):
            return None
        # No name here for what is found: an error's traceback leads back here, and the circle would keep it all.
        return self._judge(look, self._open(), at)

    def _judge(self, look: Look, found: Database | DatabaseError, at: datetime) -> Outcome | None:
        """Take over what was *found*, or refuse it."""
        # A file that goes on changing while it is read is not judged: the looks to come will see it stand still.
        if look_at_files((self._path,)) != look:
            return None
        if isinstance(found, DatabaseError):
            return self._refuse(found, at)
        if self.failure is not None and self.failure.standing:
            self.failure = replace(self.failure, resolved_at=at)
        _log.info("notices: a new database answers: %s", self._path.name)
        self.database = found
        return "live"

    def _open(self) -> Database | DatabaseError:
        try:
            return open_database(self._path, self._findings)
        except DatabaseError as error:
            return error
        except (KeyboardInterrupt, SystemExit):
            raise
        # A fault of ours, or a panic in the Rust reader, over a new file must leave the old one answering.
        except BaseException as error:  # noqa: BLE001
            refused = DatabaseError(f"{self._path.name}: cannot be opened ({type(error).__name__})")
            refused.__cause__ = error
            return refused

    def _refuse(self, error: DatabaseError, at: datetime) -> Outcome | None:
        problems = (Problem(self._path.name, 0, 0, "error", "database", str(error)),)
        if error.passing:
            self._settling.doubt()
            if _told(self.failure, problems):
                return None
        self.failure = Failure(at, problems)
        serves = "the last good one stays" if self.database else "visitors' locations are unknown to it"
        # Its text alone: a handler may keep what it is given, and an error's traceback holds the file's bytes.
        _log.error("notices: a location database is refused, %s: %s", serves, problems[0].message)
        return "refused"
